"""The answers of a wave as they are estimated: its sample with the design, and apart from it the open link.

The sample of a drawn wave is what came through its draw; that of a wave without one are its imported answers.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import numpy as np
from sqlalchemy.orm import Session

from analysis.answers import AnswerState
from analysis.design import SurveyDesign
from analysis.wave_estimates import Rate, WaveAnswers
from questionnaires.coding import code_responses
from questionnaires.definition import IndicatorSet, Questionnaire
from survey.area_trees import areas_with_answers, strata_of, tree_of, unit_areas
from survey.areas import Area
from survey.casework.case_designs import community_cases
from survey.casework.sample_answers import SampleAnswer, is_open_link, read_sample
from survey.casework.sample_weights import weigh_sample
from survey.casework.weight_building import KeptWeights, weighed_design
from survey.keys import KeyRing
from survey.messages import N_, Failure, Message
from survey.reports.view import COACHING
from survey.runs import ASSUMED_SRS, DRAWN, SampleFacts
from survey.store.cases import list_cases
from survey.store.draws import Draw, standing_draw
from survey.store.imports import list_imports
from survey.store.responses import StoredResponse
from survey.store.waves import WaveRecord
from survey.store.weight_versions import WeightVersion, read_version_factors, standing_version


@dataclass(frozen=True, kw_only=True)
class WaveSample:
    """``name`` and ``design`` ``None``: a non-probability sample, every answer of weight 1."""

    responses: Sequence[StoredResponse]
    name: str | None = None
    design: SurveyDesign | None = None
    facts: SampleFacts | None = None


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What all answers of a wave are read by."""

    wave: WaveRecord
    questionnaire: Questionnaire
    frame: tuple[Area, ...]
    finest: int  # rank of the level that is wanted


def read_wave_sample(
    session: Session, keys: KeyRing, wave: WaveRecord, frame: Sequence[Area], responses: Sequence[StoredResponse]
) -> WaveSample:
    """Of a drawn wave what came through the draw; else whatever did not come through the open link."""
    draw = standing_draw(session, wave.id)
    if draw is not None:
        return drawn_sample(session, draw, frame, responses, read_sample(session, keys, wave, responses))
    sample = [response for response in responses if not is_open_link(response)]
    return WaveSample(responses=sample, name=_imported_design(session, wave.id))


def is_probability(session: Session, wave_id: int) -> bool:
    """Whether the wave's sample is a draw, or is taken for one."""
    return standing_draw(session, wave_id) is not None or _imported_design(session, wave_id) is not None


def _imported_design(session: Session, wave_id: int) -> str | None:
    """One non-probability batch makes the whole non-probability."""
    designs = {imported.design for imported in list_imports(session, wave_id)}
    return ASSUMED_SRS if designs == {ASSUMED_SRS} else None


def drawn_sample(
    session: Session,
    draw: Draw,
    frame: Sequence[Area],
    responses: Sequence[StoredResponse],
    answers: Mapping[UUID, SampleAnswer],
) -> WaveSample:
    """What came through the draw: ``answers`` of the sample among the ``responses``, by UUID. Its weights are those of
    the version that was frozen last, or where there is none the base weights.

    Raises :class:`~survey.messages.Failure` for a version that is not of these answers.
    """
    sample = base_sample(session, draw, frame, responses, answers)
    version = standing_version(session, draw.wave_id)
    return sample if version is None else _weighed(session, sample, version, tuple(answers.values()))


def base_sample(
    session: Session,
    draw: Draw,
    frame: Sequence[Area],
    responses: Sequence[StoredResponse],
    answers: Mapping[UUID, SampleAnswer],
) -> WaveSample:
    """As :func:`drawn_sample`, with the base weights."""
    if not answers:
        return WaveSample(responses=())
    design, facts = weigh_sample(
        tuple(answers.values()),
        draw=draw,
        communities=community_cases(list_cases(session, draw.id)),
        populations={area.code: area.population for area in frame},
    )
    sample = [response._replace(area=answers[response.uuid].area) for response in responses if response.uuid in answers]
    return WaveSample(responses=sample, name=DRAWN, design=design, facts=facts)


def _weighed(
    session: Session, sample: WaveSample, version: WeightVersion, answers: Sequence[SampleAnswer]
) -> WaveSample:
    factors = read_version_factors(session, version.id)
    if sample.design is None or sample.facts is None:
        return sample
    if factors.keys() != {answer.uuid for answer in answers}:
        message = N_("权重版本 {id} 与轮次的答卷对不上：数据库可能被改过，请核对备份")
        raise Failure(Message(message, {"id": version.id}))
    plan = version.plan
    kept = KeptWeights(factors=factors, margins=plan.margins, trim=plan.options.trim)
    design = weighed_design(sample.design, answers, sample.responses, kept)
    facts = replace(
        sample.facts,
        weight_effect=round(version.look.kish, 9),
        largest_weight=round(float(design.weights.max() / design.weights.mean()), 9),
        weights_version=version.id,
        weights_version_digest=version.digest,
    )
    return replace(sample, design=design, facts=facts)


def wave_answers(asked: Asked, sample: WaveSample, wanted: Collection[str] | None = None) -> WaveAnswers:
    """The sample coded, for the rates ``wanted`` (``None``: all); there is at least one response."""
    responses, indicators = sample.responses, asked.questionnaire.indicators
    if wanted is not None:
        indicators = tuple(indicator for indicator in indicators if indicator.code in wanted)
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
