"""The certificate of a draw (抽样公证单): its facts from what is stored, and the PDF. No drawn unit is in it."""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable
from datetime import datetime
from fractions import Fraction

from sqlalchemy.orm import Session

from analysis.sampling.sample_design import SampleDesign, Size
from survey.areas import Level
from survey.casework.commitment_checks import text_digest
from survey.casework.draw_records import is_over, read_record, without_sample
from survey.casework.other_promises import find_other_promises
from survey.casework.team_records import promised_rules, rules_words
from survey.files.draw_record import CaseLine, DrawRecord
from survey.reports.draw_certificate import compose_certificate
from survey.reports.draw_certificate_facts import (
    CertificateFacts,
    CommitmentFacts,
    CommunityCount,
    NamedValue,
    RejectedDraw,
    Standing,
    TeamFacts,
    UsedValue,
)
from survey.reports.pdf import Pdf, render_pdf, replace_missing
from survey.reports.rendering import render_certificate_html
from survey.sampling.public_values import PublicValue
from survey.sampling.sample_designs import from_canonical
from survey.sampling.samples import drawable
from survey.store.draws import get_draw
from survey.store.replicate_releases import list_releases
from survey.store.team_draws import list_team_draws
from survey.store.units import count_units
from survey.store.waves import get_wave


def certify_draw(session: Session, draw_id: int, *, at: datetime) -> CertificateFacts:
    """What the certificate says. Secret, seed and salt of any draw are on it once the wave is closed, and so is which
    communities were drawn: it is made to hang on a wall. Raises ``NotThere``.
    """
    record = read_record(session, draw_id)
    wave = get_wave(session, record.wave)
    over, cases = is_over(wave), record.cases or ()
    design = from_canonical(record.design)
    units = {
        code: drawable(counts) for code, counts in count_units(session, get_draw(session, draw_id).frame_id).items()
    }
    released = {(one.area, one.replicate) for one in list_releases(session, draw_id)}
    told = record if over else without_sample(record)
    return CertificateFacts(
        wave_id=wave.id,
        wave_name=wave.name,
        fictitious=wave.details.fictitious,
        draw_id=draw_id,
        standing=Standing(record.state),
        public=record.public,
        seed_source=record.seed_source,
        design=design,
        design_digest=text_digest(record.design),
        frame_digest=record.frame_digest,
        areas_digest=record.frame.areas_digest,
        units_digest=record.frame.units_digest,
        units=record.frame.unit_count,
        drawable=sum(units.values()),
        digest=record.digest,
        method=record.method,
        main=sum(not case.replicate for case in cases),
        reserve=sum(bool(case.replicate) for case in cases),
        released=sum((case.area, case.replicate) in released for case in cases),
        communities=_communities(record, units, cases, released, over=over, told=_equal_by_design(design))
        if over or design.strata_are_communities
        else None,
        drawn_by=record.drawn_by,
        drawn_at=record.drawn_at,
        decided_by=record.decided_by,
        decided_at=record.decided_at,
        reason=record.reason,
        rejected=_rejected(record),
        others=find_other_promises(
            session,
            frame_id=get_draw(session, draw_id).frame_id,
            frame_digest=record.frame_digest,
            values=record.commitment.public_values if record.commitment else (),
            own=record.commitment.id if record.commitment else None,
        ),
        commitment=_commitment(told),
        value=_value(record.values[-1]) if record.values else None,
        seed=told.seed,
        salt=told.salt,
        made_at=at,
        teams=_teams(session, draw_id),
    )


def typeset(facts: CertificateFacts, language: str) -> Pdf:
    """Raises ``Failure`` where the machine has no typesetter."""
    html, _ = replace_missing(render_certificate_html(compose_certificate(facts, language=language)))
    return render_pdf(html)


def _communities(
    record: DrawRecord,
    units: dict[str, int],
    cases: Iterable[CaseLine],
    released: Container[tuple[str, int]],
    *,
    over: bool,
    told: bool,
) -> tuple[CommunityCount, ...]:
    """``told``: the probability of a community is told before the end, too, where it is the same for all."""
    numbers: Counter[tuple[str, bool]] = Counter()
    fielded: Counter[str] = Counter()
    chances: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for case in cases:
        numbers[case.area, bool(case.replicate)] += 1
        fielded[case.area] += (case.area, case.replicate) in released
        chances[case.area].add((case.inclusion_n, case.inclusion_total))
    found = []
    for area in record.frame.areas:
        if area.level in (Level.COMMUNITY, Level.VILLAGE):
            fractions = {Fraction(*pair) for pair in chances[area.code]}
            varies = len(fractions) > 1
            shown = fractions if over or (told and not varies) else set()
            found.append(
                CommunityCount(
                    code=area.code,
                    name=area.name,
                    units=units.get(area.code, 0),
                    main=numbers[area.code, False],
                    reserve=numbers[area.code, True],
                    released=fielded[area.code],
                    low=min(shown, default=None),
                    high=max(shown, default=None),
                    varies=varies,
                )
            )
    return tuple(found)


def _equal_by_design(design: SampleDesign) -> bool:
    """Whether a probability that is the same everywhere does not tell how large the drawn grids are: of one stage, or
    by the number of units, where size and share cancel.
    """
    return len(design.stages) == 1 or design.stages[0].size is Size.UNITS


def _commitment(record: DrawRecord) -> CommitmentFacts | None:
    commitment = record.commitment
    if commitment is None:
        return None
    return CommitmentFacts(
        id=commitment.id,
        at=commitment.committed_at,
        by=commitment.committed_by,
        secret_digest=commitment.secret_digest,
        values=tuple(
            NamedValue(name=one.name, not_before=one.not_before, spelling=one.spelling)
            for one in commitment.public_values
        ),
        secret=commitment.secret,
        earlier_digest=commitment.earlier_digest,
        method=commitment.method,
    )


def _teams(session: Session, draw_id: int) -> tuple[TeamFacts, ...]:
    draw = get_draw(session, draw_id)
    rules = rules_words(draw, promised_rules(draw))
    return tuple(
        TeamFacts(
            number=one.number, at=one.drawn_at, by=one.drawn_by, reason=one.reason, digest=one.digest, rules=rules
        )
        for one in reversed(list_team_draws(session, draw_id))
    )


def _value(value: PublicValue) -> UsedValue:
    return UsedValue(name=value.name, value=value.value, published_at=value.published_at, source=value.source)


def _rejected(record: DrawRecord) -> tuple[RejectedDraw, ...]:
    published = record.values[-1].published_at if record.values else None
    return tuple(
        RejectedDraw(
            id=one.draw,
            drawn_at=one.drawn_at,
            drawn_by=one.drawn_by,
            decided_at=one.decided_at or one.drawn_at,
            decided_by=one.decided_by or "",
            reason=one.reason,
            value=one.public_value_name or "",
            digest=one.digest,
            next_known=bool(published and one.decided_at and published < one.decided_at),
        )
        for one in record.rejected
    )
