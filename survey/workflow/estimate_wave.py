"""Estimate a wave: read its answers, code them, estimate every rate in every area, and put the run on record."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from analysis.answers import AnswerState
from analysis.areas import AreaTree
from analysis.design import IntArray, SurveyDesign
from analysis.publication import PublishedEstimate
from analysis.wave_estimates import Rate, WaveAnswers
from analysis.wave_estimates import estimate_wave as estimate_answers
from questionnaires.coding import code_responses
from questionnaires.definition import IndicatorSet, Questionnaire
from questionnaires.loading import from_document
from survey.areas import RANK, Area, Level
from survey.column_map import ASSUMED_SRS
from survey.messages import N_, Conflict, Message
from survey.runs import EstimateRun
from survey.store.areas import Frame, get_frame
from survey.store.estimates import add_run, latest_run
from survey.store.imports import list_imports
from survey.store.instruments import get_instrument
from survey.store.responses import StoredResponse, answers_digest, read_responses
from survey.store.waves import WaveRecord, get_wave

COACHING = "IND_COACHING"


@dataclass(frozen=True, kw_only=True)
class EstimatedWave:
    """The run's id, and its estimates: the whole first, then the areas of the wanted level in order of code."""

    run: int
    estimates: tuple[PublishedEstimate, ...]


@dataclass(frozen=True, kw_only=True)
class Computed:
    """A run not recorded yet (its id is 0), all its estimates, and those of the wanted level."""

    run: EstimateRun
    estimates: tuple[PublishedEstimate, ...]
    at_level: tuple[PublishedEstimate, ...]


def estimate_wave(
    session: Session, wave_id: int, *, by_level: Level, code_version: str, at: datetime, by: str
) -> EstimatedWave:
    """Compute and record in one transaction; see the two steps for callers who should not hold a place that long."""
    computed = compute_estimates(session, wave_id, by_level=by_level, code_version=code_version, at=at, by=by)
    return record_estimates(session, computed)


def compute_estimates(
    session: Session, wave_id: int, *, by_level: Level, code_version: str, at: datetime, by: str
) -> Computed:
    """The estimates of all levels down to communities (down to grids when grids are wanted).

    All levels are decided together, because what one level prints could give away what another hides.
    Raises ``NotThere`` for an unknown wave, ``Conflict`` when there are no answers.
    """
    wave = get_wave(session, wave_id)
    frame = get_frame(session, wave.frame_id)
    record = get_instrument(session, wave.instrument_id)
    responses = list(read_responses(session, wave_id))
    if not responses:
        raise Conflict(Message(N_("轮次 {wave} 还没有答卷，先导入：survey response import"), {"wave": wave_id}))
    design = _design(session, wave)
    areas = _areas_with_answers(frame, responses, RANK[by_level])
    estimates = estimate_answers(
        _wave_answers(wave, from_document(record.document), frame, areas, responses, probability=design is not None)
    )
    digest = answers_digest(session, wave_id)
    run = EstimateRun(
        id=0,
        wave_id=wave_id,
        by_level=by_level,
        instrument_fingerprint=record.fingerprint,
        frame_digest=frame.digest,
        answers_digest=digest,
        responses=len(responses),
        mode_counts=Counter(response.mode for response in responses),
        design=design,
        level=WaveAnswers.level,
        seed=hashlib.sha256(f"{wave_id} {digest} {record.fingerprint}".encode()).hexdigest(),
        code_version=code_version,
        at=at,
        by=by,
    )
    return Computed(run=run, estimates=estimates, at_level=_at_level(estimates, areas, by_level))


def record_estimates(session: Session, computed: Computed) -> EstimatedWave:
    """Put the run on record. Raises ``Conflict`` when answers came in while it was computed."""
    run = computed.run
    if answers_digest(session, run.wave_id) != run.answers_digest:
        message = N_("估计时轮次 {wave} 又有答卷进来，没有保存：请再运行一次")
        raise Conflict(Message(message, {"wave": run.wave_id}))
    return EstimatedWave(run=add_run(session, run, computed.estimates), estimates=computed.at_level)


def is_estimated(session: Session, wave_id: int) -> bool:
    """Whether the newest run is of the answers as they stand."""
    run = latest_run(session, wave_id)
    return run is not None and run.answers_digest == answers_digest(session, wave_id)


def _design(session: Session, wave: WaveRecord) -> str | None:
    """The design all imports of the wave agree on; one non-probability batch makes the whole non-probability."""
    designs = {imported.design for imported in list_imports(session, wave.id)}
    return ASSUMED_SRS if designs == {ASSUMED_SRS} else None


def _areas_with_answers(frame: Frame, responses: Sequence[StoredResponse], finest: int) -> tuple[Area, ...]:
    """The areas someone answered in, and all above them, parents first; none finer than communities and ``finest``."""
    by_code = {area.code: area for area in frame.areas}
    found: dict[str, Area] = {}
    for code in {response.area for response in responses}:
        area: Area | None = by_code[code]
        while area is not None:
            if RANK[area.level] <= max(finest, RANK[Level.COMMUNITY]):
                found[area.code] = area
            area = by_code[area.parent] if area.parent else None
    return tuple(sorted(found.values(), key=lambda area: (RANK[area.level], area.code)))


def _wave_answers(
    wave: WaveRecord,
    questionnaire: Questionnaire,
    frame: Frame,
    areas: tuple[Area, ...],
    responses: Sequence[StoredResponse],
    *,
    probability: bool,
) -> WaveAnswers:
    tree = _tree(areas)
    unit_areas = _unit_areas(frame, areas, responses)
    coded = code_responses(questionnaire, questionnaire.indicators, [response.answers for response in responses])
    strata, pooling_tier = _strata(tree, unit_areas)
    return WaveAnswers(
        rates=[
            Rate(
                code=indicator.code,
                states=coded.states[indicator.code],
                target=wave.details.targets.get(indicator.code) if probability else None,
            )
            for indicator in questionnaire.indicators
            if (coded.states[indicator.code] != AnswerState.OUTSIDE).any()
        ],
        tree=tree,
        unit_areas=unit_areas,
        design=SurveyDesign(weights=np.ones(len(responses)), strata=strata),
        probability=probability,
        pooling_tier=pooling_tier,
        coaching=COACHING,
        headline=frozenset(
            indicator.code for indicator in questionnaire.indicators if indicator.set is IndicatorSet.HEADLINE
        ),
    )


def _tree(areas: tuple[Area, ...]) -> AreaTree:
    index = {area.code: position for position, area in enumerate(areas)}
    return AreaTree(
        codes=tuple(index),
        parents=tuple(index[area.parent] if area.parent else None for area in areas),
        tiers=tuple(RANK[area.level] for area in areas),
        populations=tuple(area.population for area in areas),
    )


def _unit_areas(frame: Frame, areas: tuple[Area, ...], responses: Sequence[StoredResponse]) -> IntArray:
    """The index into ``areas`` of the finest of them each respondent lives in, (n,)."""
    index = {area.code: position for position, area in enumerate(areas)}
    parents = {area.code: area.parent for area in frame.areas}
    for code in {response.area for response in responses} - index.keys():
        above = parents[code]
        while above not in index:
            above = parents[above or ""]
        index[code] = index[above]
    return np.array([index[response.area] for response in responses], dtype=np.int64)


def _strata(tree: AreaTree, unit_areas: IntArray) -> tuple[IntArray, int]:
    """Stratum = community; answers known only to a larger area make it a stratum of its own.

    With it the tier whose areas share the design: the communities, or the finest there is above them.
    """
    communities = RANK[Level.COMMUNITY]
    tier = max((tier for tier in set(tree.tiers) if tier <= communities), default=communities)
    community = tree.ancestors_at(tier)[unit_areas]
    area = np.where(community >= 0, community, unit_areas)
    strata: IntArray = np.unique(area, return_inverse=True)[1].astype(np.int64)
    return strata, tier


def _at_level(
    estimates: tuple[PublishedEstimate, ...], areas: tuple[Area, ...], level: Level
) -> tuple[PublishedEstimate, ...]:
    wanted = {None, *(area.code for area in areas if RANK[area.level] == RANK[level])}
    return tuple(estimate for estimate in estimates if estimate.area in wanted)
