"""Estimate a wave: read its answers, code them, estimate every rate in every area, and put the run on record.

A wave may hold a sample and, apart from it, answers that came through its open link. The sample of a drawn wave is what
came through its draw; that of a wave without one are its imported answers. Answers of the open link are estimated by
themselves: nothing of them enters a number of the sample.
"""

import hashlib
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
from sqlalchemy.orm import Session

from analysis.answers import AnswerState
from analysis.design import SurveyDesign
from analysis.publication import PublishedEstimate, Subset
from analysis.wave_estimates import Rate, WaveAnswers
from analysis.wave_estimates import estimate_wave as estimate_answers
from questionnaires.coding import code_responses
from questionnaires.definition import IndicatorSet, Questionnaire
from questionnaires.loading import from_document
from survey.area_trees import areas_with_answers, strata_of, tree_of, unit_areas
from survey.areas import RANK, Area, Level
from survey.casework.sample_answers import is_open_link, read_sample
from survey.casework.sample_weights import weigh_sample
from survey.casework.wave_comparison import Compared, compare_with_earlier
from survey.frame_digest import shown_digest
from survey.keys import KeyRing
from survey.messages import N_, Conflict, Message
from survey.runs import ASSUMED_SRS, DRAWN, EstimateRun, SampleFacts
from survey.store.areas import get_frame
from survey.store.cases import inclusion_by_area
from survey.store.changes import add_changes
from survey.store.draws import Draw, standing_draw
from survey.store.estimates import add_run, latest_run
from survey.store.imports import list_imports
from survey.store.instruments import get_instrument
from survey.store.responses import StoredResponse, answers_digest, read_responses
from survey.store.waves import WaveRecord, get_wave
from survey.waves import Mode

COACHING = "IND_COACHING"


@dataclass(frozen=True, kw_only=True)
class EstimatedWave:
    """The run's id, and its estimates: the whole first, then the areas of the wanted level in order of code; of the
    sample, then in the same order of the open link. ``compared``: with the wave before, all areas; ``None``: with none.
    """

    run: int
    estimates: tuple[PublishedEstimate, ...]
    compared: Compared | None


@dataclass(frozen=True, kw_only=True)
class Computed:
    """A run not recorded yet (its id is 0), all its estimates, those of the wanted level, and what changed."""

    run: EstimateRun
    estimates: tuple[PublishedEstimate, ...]
    at_level: tuple[PublishedEstimate, ...]
    compared: Compared | None


@dataclass(frozen=True, kw_only=True)
class _Sample:
    """``name`` and ``design`` ``None``: a non-probability sample, every answer of weight 1."""

    responses: Sequence[StoredResponse]
    name: str | None = None
    design: SurveyDesign | None = None
    facts: SampleFacts | None = None


@dataclass(frozen=True, kw_only=True)
class _Asked:
    """What all answers of a wave are read by."""

    wave: WaveRecord
    questionnaire: Questionnaire
    frame: tuple[Area, ...]
    finest: int  # rank of the level that is wanted


def estimate_wave(
    session: Session, keys: KeyRing, wave_id: int, *, by_level: Level, code_version: str, at: datetime, by: str
) -> EstimatedWave:
    """Compute and record in one transaction; see the two steps for callers who should not hold a place that long."""
    computed = compute_estimates(session, keys, wave_id, by_level=by_level, code_version=code_version, at=at, by=by)
    return record_estimates(session, computed)


def compute_estimates(
    session: Session, keys: KeyRing, wave_id: int, *, by_level: Level, code_version: str, at: datetime, by: str
) -> Computed:
    """The estimates of all levels down to communities (down to grids when grids are wanted).

    All levels are decided together, because what one level prints could give away what another hides.
    Raises ``NotThere`` for an unknown wave, ``Conflict`` when there are no answers, ``Failure`` when the key of an open
    drawn wave is not to be read.
    """
    wave = get_wave(session, wave_id)
    frame = get_frame(session, wave.frame_id)
    record = get_instrument(session, wave.instrument_id)
    responses = list(read_responses(session, wave_id))
    sample = _read_sample(session, keys, wave, frame.areas, responses)
    open_link = [response for response in responses if is_open_link(response)]
    if not sample.responses and not open_link:
        raise Conflict(Message(_none_yet(session, wave_id), {"wave": wave_id}))
    asked = _Asked(wave=wave, questionnaire=from_document(record.document), frame=frame.areas, finest=RANK[by_level])
    estimates = (*_estimate(asked, sample), *_estimate(asked, _Sample(responses=open_link), Subset.OPEN_LINK))
    digest = answers_digest(session, wave_id)
    run = EstimateRun(
        id=0,
        wave_id=wave_id,
        by_level=by_level,
        instrument_fingerprint=record.fingerprint,
        frame_digest=shown_digest(frame.digest, frame.units_digest),
        answers_digest=digest,
        responses=len(sample.responses),
        mode_counts=Counter(response.mode for response in sample.responses),
        design=sample.name,
        level=WaveAnswers.level,
        seed=hashlib.sha256(f"{wave_id} {digest} {record.fingerprint}".encode()).hexdigest(),
        code_version=code_version,
        at=at,
        by=by,
        sample=sample.facts,
        open_responses=len(open_link),
    )
    compared = compare_with_earlier(session, wave, run, estimates, _modes_by_area(sample.responses))
    at_level = _at_level(estimates, frame.areas, by_level)
    return Computed(run=run, estimates=estimates, at_level=at_level, compared=compared)


def record_estimates(session: Session, computed: Computed) -> EstimatedWave:
    """Put the run on record. Raises ``Conflict`` when answers came in while it was computed."""
    run = computed.run
    if answers_digest(session, run.wave_id) != run.answers_digest:
        message = N_("估计时轮次 {wave} 又有答卷进来，没有保存：请再运行一次")
        raise Conflict(Message(message, {"wave": run.wave_id}))
    number, compared = add_run(session, run, computed.estimates), computed.compared
    if compared is not None:
        add_changes(session, number, compared.earlier.run.id, compared.changes)
    return EstimatedWave(run=number, estimates=computed.at_level, compared=compared)


def is_estimated(session: Session, wave_id: int) -> bool:
    """Whether the newest run is of the answers as they stand."""
    run = latest_run(session, wave_id)
    return run is not None and run.answers_digest == answers_digest(session, wave_id)


def _none_yet(session: Session, wave_id: int) -> str:
    if standing_draw(session, wave_id) is not None:
        return N_("轮次 {wave} 还没有答卷：样本户还没有人答")
    return N_("轮次 {wave} 还没有答卷，先导入：survey response import")


def _read_sample(
    session: Session, keys: KeyRing, wave: WaveRecord, frame: Sequence[Area], responses: Sequence[StoredResponse]
) -> _Sample:
    """Of a drawn wave what came through the draw; else whatever did not come through the open link."""
    draw = standing_draw(session, wave.id)
    if draw is not None:
        return _drawn_sample(session, keys, wave, draw, frame, responses)
    sample = [response for response in responses if not is_open_link(response)]
    # One non-probability batch makes the whole non-probability.
    designs = {imported.design for imported in list_imports(session, wave.id)}
    return _Sample(responses=sample, name=ASSUMED_SRS if designs == {ASSUMED_SRS} else None)


def _drawn_sample(
    session: Session,
    keys: KeyRing,
    wave: WaveRecord,
    draw: Draw,
    frame: Sequence[Area],
    responses: Sequence[StoredResponse],
) -> _Sample:
    answers = read_sample(session, keys, wave, responses)
    if not answers:
        return _Sample(responses=())
    design, facts = weigh_sample(
        tuple(answers.values()),
        draw=draw,
        communities=inclusion_by_area(session, draw.id),
        populations={area.code: area.population for area in frame},
    )
    sample = [
        response._replace(area=answers[response.uuid].stratum) for response in responses if response.uuid in answers
    ]
    return _Sample(responses=sample, name=DRAWN, design=design, facts=facts)


def _estimate(asked: _Asked, sample: _Sample, subset: Subset = Subset.ALL) -> tuple[PublishedEstimate, ...]:
    if not sample.responses:
        return ()
    answers = _wave_answers(asked, sample)
    if subset is not Subset.ALL:  # nobody is to be told from those who were coached: these stand apart already
        answers = replace(answers, subset=subset, coaching=None)
    return estimate_answers(answers)


def _wave_answers(asked: _Asked, sample: _Sample) -> WaveAnswers:
    responses, indicators = sample.responses, asked.questionnaire.indicators
    codes = [response.area for response in responses]
    areas = areas_with_answers(asked.frame, set(codes), asked.finest)
    tree = tree_of(areas)
    of_units = unit_areas(areas, {area.code: area.parent for area in asked.frame}, codes)
    strata, pooling_tier = strata_of(tree, of_units)
    coded = code_responses(asked.questionnaire, indicators, [response.answers for response in responses])
    probability = sample.name is not None
    return WaveAnswers(
        rates=[
            Rate(
                code=indicator.code,
                states=coded.states[indicator.code],
                target=asked.wave.details.targets.get(indicator.code) if probability else None,
            )
            for indicator in indicators
            if (coded.states[indicator.code] != AnswerState.OUTSIDE).any()
        ],
        tree=tree,
        unit_areas=of_units,
        design=sample.design or SurveyDesign(weights=np.ones(len(responses)), strata=strata),
        probability=probability,
        pooling_tier=pooling_tier,
        coaching=COACHING,
        headline=frozenset(indicator.code for indicator in indicators if indicator.set is IndicatorSet.HEADLINE),
    )


def _modes_by_area(sample: Sequence[StoredResponse]) -> dict[str, Counter[Mode]]:
    found: defaultdict[str, Counter[Mode]] = defaultdict(Counter)
    for response in sample:
        found[response.area][response.mode] += 1
    return found


def _at_level(
    estimates: tuple[PublishedEstimate, ...], frame: Sequence[Area], level: Level
) -> tuple[PublishedEstimate, ...]:
    wanted = {None, *(area.code for area in frame if RANK[area.level] == RANK[level])}
    return tuple(estimate for estimate in estimates if estimate.area in wanted)
