"""Draw the sample of a wave: by a design, from a seed that was given, made by the machine, or drawn in public."""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import uuid4

from sqlalchemy.orm import Session

from analysis.sampling.earlier_draws import EarlierDraws, earlier_of, earlier_text
from analysis.sampling.sample_design import AllocationRule, SampleDesign
from survey.areas import Area, Level
from survey.casework.draw_errors import refused_in_words
from survey.casework.drawing import ReadyFrame, find_earlier, read_ready_frame
from survey.casework.kept_promises import find_promised, refuse_other_draw
from survey.casework.public_draws import check_method, choose_value, seed_of
from survey.casework.series_checks import refuse_drawn_since, refuse_used_seed
from survey.messages import N_, BadInput, Conflict, Message
from survey.sampling.public_values import PublicValue
from survey.sampling.sample_designs import canonical, from_canonical, of_equal
from survey.sampling.samples import (
    METHOD,
    SALT_BYTES,
    Design,
    Selected,
    Selection,
    check_per_community,
    draw_digest,
    read_seed,
    select,
)
from survey.store.cases import NewCase, add_cases
from survey.store.draw_commitments import Commitment
from survey.store.draws import Lottery, add_draw, used_values
from survey.waves import SeedSource

DEFAULT_PER_COMMUNITY = 100
SEED_BYTES = 32
#: Below this many cases a community will hardly get a figure of its own.
FEW = 10
_BEYOND = 2**63


@dataclass(frozen=True, kw_only=True)
class CommunityDraw:
    """``units``: those that could be drawn. ``replicates``: cases of the main sample and of each reserve."""

    area: Area
    units: int
    replicates: tuple[int, ...]

    @property
    def cases(self) -> int:
        """With the reserves."""
        return sum(self.replicates)


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """``cases``: with the reserves; ``replicates``: of them in the main sample and in each reserve.

    ``commitment`` and ``value``: of a public draw. ``warnings``: communities without units, taken whole, or with few
    cases.
    """

    draw: int
    seed_source: SeedSource
    digest: str
    cases: int
    design: SampleDesign
    replicates: tuple[int, ...]
    communities: tuple[CommunityDraw, ...]  # in the order of the frame
    warnings: tuple[Message, ...]
    commitment: Commitment | None = None
    value: PublicValue | None = None

    @property
    def public(self) -> bool:
        return self.commitment is not None


@dataclass(frozen=True, kw_only=True)
class _Seed:
    """In hex digits, and where it came from."""

    hex: str
    source: SeedSource
    lottery: Lottery | None = None


def draw_sample(
    session: Session,
    wave_id: int,
    *,
    per_community: int | None = None,
    design: SampleDesign | None = None,
    seed: str | None,
    at: datetime,
    by: str,
) -> Drawn:
    """Propose a draw; another person approves it. ``seed``: 16 to 128 hex digits; ``None``: the machine makes one.

    Neither is a public draw (非公开抽签), and the record says which it was. ``design``, or else so many in every
    community.

    Raises ``BadInput`` for a seed or a design that cannot be used, and for a seed that a draw was made of before;
    :class:`Conflict` as :func:`survey.casework.drawing.read_ready_frame` and while a promised public draw is waited
    for. Nothing is drawn and nothing stored then.
    """
    source = SeedSource.MACHINE if seed is None else SeedSource.GIVEN
    used = _Seed(hex=read_seed(secrets.token_hex(SEED_BYTES) if seed is None else seed), source=source)
    if design is None:
        per_community = DEFAULT_PER_COMMUNITY if per_community is None else per_community
        check_per_community(per_community)
        design = of_equal(per_community)
    ready = read_ready_frame(session, wave_id, design)
    refuse_other_draw(session, wave_id)
    refuse_used_seed(session, ready, used.hex)
    earlier = find_earlier(session, ready, design, at=at)
    return _draw(session, ready, design, used, earlier, at=at, by=by)


def draw_in_public(
    session: Session,
    wave_id: int,
    *,
    values: Sequence[PublicValue],
    design: SampleDesign | None = None,
    at: datetime,
    by: str,
) -> Drawn:
    """Propose the draw that the wave's last commitment promised, with the next of its public values.

    ``design``: must be the committed one, if it is given. Raises :class:`Conflict` without a commitment, when all its
    values are used, when the frame or the method of drawing changed since, and when a draw came in between whose homes
    would have to rest; ``BadInput`` for another design and for ``values`` that are not what was promised
    (:func:`survey.casework.public_draws.choose_value`). Nothing is drawn and nothing stored then.
    """
    commitment = find_promised(session, wave_id, design)
    check_method(commitment, METHOD)
    used = used_values(session, commitment.id)
    value = choose_value(commitment, values, used=used, at=at)
    lottery = Lottery(
        commitment_id=commitment.id,
        name=value.name,
        value=value.value,
        published_at=value.published_at,
        source=value.source,
    )
    seed = _Seed(hex=seed_of(commitment, value), source=SeedSource.PUBLIC_VALUE, lottery=lottery)
    promised = from_canonical(commitment.design)
    ready = read_ready_frame(session, wave_id, promised)
    if ready.digest != commitment.frame_digest:
        message = N_("抽样框在公布以后被改动：第 {id} 号承诺的摘要是 {expected}，现在是 {got}。什么也没有抽")
        facts = {"id": commitment.id, "expected": commitment.frame_digest, "got": ready.digest}
        raise Conflict(Message(message, facts))
    refuse_drawn_since(session, ready, promised, commitment, at=at)
    earlier = earlier_of(commitment.earlier)
    return replace(_draw(session, ready, promised, seed, earlier, at=at, by=by), commitment=commitment, value=value)


def _draw(
    session: Session,
    ready: ReadyFrame,
    design: SampleDesign,
    seed: _Seed,
    earlier: EarlierDraws | None,
    *,
    at: datetime,
    by: str,
) -> Drawn:
    with refused_in_words(ready.frame.areas):
        selection = select(ready.units, design, seed=seed.hex, earlier=earlier)
    _check_fractions(selection)
    of = Design(
        frame_digest=ready.digest,
        method=METHOD,
        design=canonical(design),
        seed=seed.hex,
        earlier=earlier_text(earlier),
    )
    salt = secrets.token_bytes(SALT_BYTES)
    digest = draw_digest(of, selection.cases, salt=salt)
    draw_id = add_draw(
        session,
        wave_id=ready.wave.id,
        frame_id=ready.frame.id,
        frame_digest=of.frame_digest,
        method=of.method,
        per_community=equal_number(design),
        design=of.design,
        replicates=design.reserves.replicates if design.reserves else 0,
        windows=selection.windows,
        earlier=of.earlier,
        seed=of.seed,
        seed_source=seed.source,
        lottery=seed.lottery,
        salt=salt.hex(),
        digest=digest,
        cases=len(selection.cases),
        by=by,
        at=at,
    )
    add_cases(session, draw_id, [_case(one) for one in selection.cases])
    communities = _communities(ready.frame.areas, selection, design)
    return Drawn(
        draw=draw_id,
        seed_source=seed.source,
        digest=digest,
        cases=len(selection.cases),
        design=design,
        replicates=tuple(map(sum, zip(*[one.replicates for one in communities], strict=True))),
        communities=communities,
        warnings=warnings_of(communities, design),
    )


def equal_number(design: SampleDesign) -> int | None:
    """How many every community gives, where the design is nothing but that.

    >>> equal_number(of_equal(100))
    100
    """
    number = design.allocation.per_community if design.allocation else None
    return number if number is not None and design == of_equal(number) else None


def warnings_of(communities: Iterable[CommunityDraw], design: SampleDesign) -> tuple[Message, ...]:
    """What the one who draws and the one who approves should know of it.

    A community without a case is told where all were to give some.
    """
    everywhere = design.strata_are_communities
    equal = design.allocation is not None and design.allocation.rule is AllocationRule.EQUAL
    found = []
    for community in communities:
        facts = {"community": community.area.name, "units": community.units, "asked": community.cases}
        if not community.units and everywhere:
            found.append(Message(N_("{community}没有可以抽取的单元：本轮没有它的样本"), facts))
        elif community.units and equal and community.cases == community.units:
            wanted = design.allocation.per_community if design.allocation else None
            facts |= {"asked": community.cases if wanted is None else wanted}
            found.append(Message(N_("{community}只有 {units} 个单元，不多于要抽的 {asked} 个：全部抽中"), facts))
        elif community.units and community.cases == community.units:
            found.append(Message(N_("{community}的 {units} 个单元全部抽中"), facts))
        if 0 < community.replicates[0] < FEW:
            facts = {"community": community.area.name, "cases": community.replicates[0], "least": FEW}
            found.append(Message(N_("{community}只有 {cases} 个样本户，少于 {least} 个：不会有它自己的数字"), facts))
    return tuple(found)


def _communities(areas: Iterable[Area], selection: Selection, design: SampleDesign) -> tuple[CommunityDraw, ...]:
    parts: Mapping[tuple[str, int], int] = Counter((case.area, case.replicate) for case in selection.cases)
    numbers = range(1 + (design.reserves.replicates if design.reserves else 0))
    return tuple(
        CommunityDraw(
            area=area,
            units=selection.counts.get(area.code, (0, 0))[1],
            replicates=tuple(parts[area.code, number] for number in numbers),
        )
        for area in areas
        if area.level in (Level.COMMUNITY, Level.VILLAGE)
    )


def _check_fractions(selection: Selection) -> None:
    """The probability of the released part, drawn × released ÷ drawn cases, has to fit into 64 bits, too."""
    most = max((number for number, _ in selection.counts.values()), default=0)
    if any(case.inclusion_total * most >= _BEYOND for case in selection.cases):
        raise BadInput(Message(N_("入样概率要用 2^63 以上的整数才能写准：请减少阶段，或用较小的规模数字")))


def _case(selected: Selected) -> NewCase:
    """The id is random, not drawn: who knows the seed must not be able to work it out."""
    return NewCase(
        id=uuid4(),
        area=selected.area,
        grid=selected.grid,
        unit_serial=selected.unit_serial,
        inclusion_n=selected.inclusion_n,
        inclusion_total=selected.inclusion_total,
        replicate=selected.replicate,
        stratum=selected.stratum,
        psu=selected.psu,
        stages=selected.stages,
    )
