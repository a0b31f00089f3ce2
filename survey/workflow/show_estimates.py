"""Show a statistician the estimates of a wave: what the standing run holds, of one rate or of one level of areas."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from analysis.publication import PublishedEstimate
from questionnaires.definition import Indicator, Questionnaire
from questionnaires.loading import from_document
from survey.areas import RANK, Area, Level
from survey.casework.group_rates import GroupRates, read_group_rates
from survey.casework.shown_comparison import read_comparison
from survey.casework.weight_states import uses_standing_weights
from survey.keys import KeyRing
from survey.messages import N_, Message, NotThere
from survey.reports.comparison import Comparison
from survey.roles import SEES_UNPUBLISHED, Role, Scope
from survey.runs import EstimateRun
from survey.store import areas, estimates, instruments, responses, selected_estimates, waves
from survey.store.waves import WaveRecord
from survey.waves import WaveState


@dataclass(frozen=True, kw_only=True)
class EstimatedRun:
    """``indicators``: those the run has estimates of, in the order of the questionnaire. ``sees_whole`` false: the
    reader is limited to areas. ``newer``: answers that came in after the run; ``reweighed``: a version of weights was
    frozen after it.
    """

    wave: WaveRecord
    questionnaire: Questionnaire
    run: EstimateRun
    frame: tuple[Area, ...]
    indicators: tuple[Indicator, ...]
    sees_whole: bool
    newer: int
    reweighed: bool


@dataclass(frozen=True, kw_only=True)
class EstimatesView:
    """``estimated`` ``None``: the wave is not estimated yet. ``levels``: of areas that have estimates, from the top.
    ``estimates``: of the rate asked for (all rates: ``indicator`` ``None``), on the level asked for, within reach.
    """

    wave: WaveRecord
    estimated: EstimatedRun | None
    levels: tuple[Level, ...] = ()
    indicator: Indicator | None = None
    level: Level | None = None
    estimates: tuple[PublishedEstimate, ...] = ()
    comparison: Comparison | None = None


def find_estimated(
    session: Session, wave_id: int, *, role: Role, scope: Scope
) -> tuple[WaveRecord, EstimatedRun | None]:
    """The wave and its standing run, if it has one.

    Raises :class:`NotThere` for a wave that does not exist, for another role, and for one out of reach.
    """
    unknown = NotThere(Message(N_("没有编号为 {id} 的轮次。"), {"id": wave_id}))
    if role not in SEES_UNPUBLISHED or not scope.sees_wave(wave_id):
        raise unknown
    wave = waves.get_wave(session, wave_id)
    frame = areas.get_frame(session, wave.frame_id).areas
    parents = {area.code: area.parent for area in frame}
    if not any(scope.sees_area(area.code, parents) for area in frame):
        raise unknown
    run = estimates.standing_run(session, wave_id)
    if run is None:
        return wave, None
    questionnaire = from_document(instruments.get_instrument(session, wave.instrument_id).document)
    known = set(selected_estimates.list_indicators(session, run.id))
    return wave, EstimatedRun(
        wave=wave,
        questionnaire=questionnaire,
        run=run,
        frame=frame,
        indicators=tuple(indicator for indicator in questionnaire.indicators if indicator.code in known),
        sees_whole=scope.sees_area(None, parents),
        newer=responses.count_responses(session, wave_id) - run.responses - run.open_responses,
        reweighed=wave.state is not WaveState.PUBLISHED and not uses_standing_weights(session, run),
    )


def show_estimates(
    session: Session,
    wave_id: int,
    *,
    role: Role,
    scope: Scope,
    indicator: str | None = None,
    level: Level | None = None,
    whole: bool = False,
    compared: bool = False,
) -> EstimatesView:
    """The estimates of one rate or of all, on one level or on all; or of the ``whole`` alone.

    ``compared``: with the wave before, too. Raises :class:`NotThere` as :func:`find_estimated`, and for a rate or a
    level that the run does not have.
    """
    wave, found = find_estimated(session, wave_id, role=role, scope=scope)
    if found is None:
        return EstimatesView(wave=wave, estimated=None)
    chosen = _chosen(found.indicators, indicator)
    known = estimates.list_estimated_areas(session, found.run.id)
    by_code = {area.code: area for area in found.frame}
    levels = sorted({by_code[code].level for code in known if code in by_code}, key=_downwards)
    if level is not None and level not in levels:
        raise NotThere(Message(N_("这次估计没有这一级的地区：请从列表里选择。")))
    rows = selected_estimates.select_estimates(
        session,
        found.run.id,
        indicators=[chosen.code] if chosen else (),
        whole=whole,
    )
    return EstimatesView(
        wave=wave,
        estimated=found,
        levels=tuple(levels),
        indicator=chosen,
        level=level,
        estimates=_within(rows, by_code, scope, level),
        comparison=read_comparison(session, found.run.id, None) if compared and found.sees_whole else None,
    )


def _chosen(indicators: Sequence[Indicator], code: str | None) -> Indicator | None:
    if code is None:
        return None
    chosen = next((indicator for indicator in indicators if indicator.code == code), None)
    if chosen is None:
        raise NotThere(Message(N_("这次估计没有代码为“{got}”的指标：请从列表里选择。"), {"got": code[:40]}))
    return chosen


def _downwards(level: Level) -> tuple[int, str]:
    return RANK[level], level.value


def _within(
    rows: Sequence[PublishedEstimate], areas_by_code: dict[str, Area], scope: Scope, level: Level | None
) -> tuple[PublishedEstimate, ...]:
    parents = {code: area.parent for code, area in areas_by_code.items()}

    def wanted(code: str | None) -> bool:
        if not scope.sees_area(code, parents):
            return False
        return level is None or (code in areas_by_code and areas_by_code[code].level is level)

    seen = {code: wanted(code) for code in {row.area for row in rows}}
    return tuple(row for row in rows if seen[row.area])


def show_groups(session: Session, keys: KeyRing, found: EstimatedRun, *, indicators: Collection[str]) -> GroupRates:
    """The rates named, by every grouping that can be told, of the answers as they stand.

    Raises :class:`~survey.messages.Failure` when the key of an open wave is not to be read.
    """
    return read_group_rates(session, keys, found.wave, indicators=indicators)
