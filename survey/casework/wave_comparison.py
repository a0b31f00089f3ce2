"""The wave that another is compared with, and what changed: used when a wave is estimated and when it is published.

Two waves are compared where they asked the same in the same words (per rate), of the same people (population statement
and kind of unit; the communities that answered), in the same mix of modes. Not by the digest of the frame: a list of
dwellings brought up to date is still of the same population, and its digest changes with one mended address.
"""

import hashlib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from analysis.publication import Change, PublishedEstimate, Subset
from analysis.wave_changes import WaveSide, compare_waves
from questionnaires.definition import Questionnaire
from questionnaires.fingerprint import indicator_fingerprint
from questionnaires.loading import from_document
from questionnaires.wording import fill_questionnaire
from survey.areas import RANK, Level
from survey.reports.introductions import placeholders
from survey.reports.view import COACHING
from survey.runs import DRAWN, EstimateRun
from survey.store.areas import Frame, get_frame
from survey.store.estimates import load_estimates, standing_run
from survey.store.instruments import get_instrument
from survey.store.sample_modes import count_sample_modes
from survey.store.waves import WaveRecord, list_waves
from survey.waves import Mode, WaveState

AreaModes = Mapping[str, Mapping[Mode, int]]


@dataclass(frozen=True, kw_only=True)
class Earlier:
    """A published wave with the run it was published with, and that run's estimates."""

    wave: WaveRecord
    run: EstimateRun
    estimates: tuple[PublishedEstimate, ...]


@dataclass(frozen=True, kw_only=True)
class Compared:
    """What changed since the earlier wave: one change for each rate of each area."""

    earlier: Earlier
    changes: tuple[Change, ...]


def compare_with_earlier(
    session: Session,
    wave: WaveRecord,
    run: EstimateRun,
    estimates: Sequence[PublishedEstimate],
    modes: AreaModes | None = None,
) -> Compared | None:
    """The changes from the latest published earlier wave to ``run``; ``None`` where there is none to compare with.

    ``run`` need not be stored. ``modes``: area of the answers -> mode -> answers of the sample; a closed wave's are
    read from the store.
    """
    frame = get_frame(session, wave.frame_id)
    earlier = find_earlier(session, wave, _answering(frame, estimates))
    if earlier is None:
        return None
    if modes is None:
        modes = _modes(session, run)
    before_frame = get_frame(session, earlier.wave.frame_id)
    kinds = {frame.kind, before_frame.kind}
    same_kind = len(kinds) == 1 or None in kinds  # areas without units: the statement alone says who is meant
    sizes = _sizes(before_frame, frame)
    before = _Seen(earlier.wave, earlier.run, before_frame, earlier.estimates, _modes(session, earlier.run))
    now = _Seen(wave, run, frame, estimates, modes)
    tiers: dict[str | None, int] = {area.code: RANK[area.level] for area in frame.areas}
    changes = compare_waves(
        _side(session, before, sizes, same_kind=same_kind),
        _side(session, now, sizes, same_kind=same_kind),
        {**tiers, None: -1},
        level=run.level,
    )
    return Compared(earlier=earlier, changes=changes) if changes else None


def find_earlier(session: Session, wave: WaveRecord, answering: Collection[str]) -> Earlier | None:
    """The latest published earlier wave of the same instrument in which some of the same communities answered.

    Real waves are never held against invented ones. A non-probability batch stands apart: it is what is found only
    where there is nothing else, and then says why it is not compared.
    """
    apart: Earlier | None = None
    candidates = [other for other in list_waves(session) if _may_precede(other, wave)]
    for other in sorted(candidates, key=_order, reverse=True):
        run = standing_run(session, other.id)
        if run is None or (run.design is None and apart is not None):
            continue
        estimates = load_estimates(session, run.id)
        if not _answering(get_frame(session, other.frame_id), estimates) & set(answering):
            continue
        found = Earlier(wave=other, run=run, estimates=estimates)
        if run.design is not None:
            return found
        apart = found
    return apart


def _may_precede(other: WaveRecord, wave: WaveRecord) -> bool:
    return (
        other.state is WaveState.PUBLISHED
        and other.instrument_slug == wave.instrument_slug
        and other.details.fictitious == wave.details.fictitious
        and _order(other) < _order(wave)
    )


def _order(wave: WaveRecord) -> tuple[date, int]:
    """By the first day of fieldwork (a wave that has none yet is the last), then by number."""
    return wave.details.start or date.max, wave.id


@dataclass(frozen=True)
class _Seen:
    wave: WaveRecord
    run: EstimateRun
    frame: Frame
    estimates: Sequence[PublishedEstimate]
    modes: AreaModes


def _side(session: Session, seen: _Seen, sizes: Mapping[str, float], *, same_kind: bool) -> WaveSide:
    wave, parents = seen.wave, {area.code: area.parent for area in seen.frame.areas}
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    parts: defaultdict[str | None, dict[str, float]] = defaultdict(dict)
    for code in _answering(seen.frame, seen.estimates):
        for area in _upwards(code, parents):
            parts[area][code] = sizes[code]
    modes: defaultdict[str | None, Counter[str]] = defaultdict(Counter)
    for code, counts in seen.modes.items():
        for area in _upwards(code, parents):
            modes[area].update({str(mode): number for mode, number in counts.items()})
    modes[None] = Counter({str(mode): number for mode, number in seen.run.mode_counts.items()})
    kind = "" if same_kind else str(seen.frame.kind)
    return WaveSide(
        rows=seen.estimates,
        probability=seen.run.design is not None,
        population=population_digest(questionnaire, wave.details.population, kind),
        wordings=_wordings(questionnaire, wave),
        parts=parts,
        modes=modes,
    )


def population_digest(questionnaire: Questionnaire, statement: str, kind: str) -> str:
    """SHA-256 over who is meant: the instrument's statement, the wave's and the kind of unit; spaces and the width of
    characters do not matter.
    """
    statements = (questionnaire.population.zh_Hans, statement, kind)
    plain = ["".join(unicodedata.normalize("NFKC", each).split()) for each in statements]
    return hashlib.sha256("\n".join(plain).encode()).hexdigest()


def _wordings(questionnaire: Questionnaire, wave: WaveRecord) -> dict[str, str]:
    """Of every rate but the coaching rate: that is a warning, shown or withheld by rules of its own."""
    asked = fill_questionnaire(questionnaire, placeholders(questionnaire, wave.details))
    return {each.code: indicator_fingerprint(asked, each.code) for each in asked.indicators if each.code != COACHING}


def _modes(session: Session, run: EstimateRun) -> AreaModes:
    return count_sample_modes(session, run.wave_id, drawn=run.design == DRAWN)


def _answering(frame: Frame, estimates: Sequence[PublishedEstimate]) -> frozenset[str]:
    """The communities where somebody of the sample answered, and areas above that have none of them."""
    levels = {area.code: RANK[area.level] for area in frame.areas}
    parents = {area.code: area.parent for area in frame.areas}
    of_sample = {row.area for row in estimates if row.area is not None and row.subset is Subset.ALL}
    known = {code for code in of_sample if levels.get(code, RANK[Level.GRID]) <= RANK[Level.COMMUNITY]}
    return frozenset(known - {above for code in known for above in _upwards(code, parents) if above != code})


def _upwards(code: str, parents: Mapping[str, str | None]) -> list[str | None]:
    """The area, all above it, and the whole."""
    found: list[str | None] = []
    above: str | None = code
    while above is not None:
        found.append(above)
        above = parents.get(above)
    return [*found, None]


def _sizes(earlier: Frame, later: Frame) -> Mapping[str, float]:
    """Adults of each area, as the later frame knows them; 1 each where those of some community are not known."""
    codes = {area.code for frame in (earlier, later) for area in frame.areas}
    known = {area.code: area.population for frame in (earlier, later) for area in frame.areas if area.population}
    communities = {
        area.code for frame in (earlier, later) for area in frame.areas if RANK[area.level] == RANK[Level.COMMUNITY]
    }
    every = communities <= known.keys()
    return {code: float(known.get(code, 1)) if every else 1.0 for code in codes}
