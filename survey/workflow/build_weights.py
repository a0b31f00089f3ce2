"""Build a version of a closed wave's weights: look at it before it is frozen, and as often as wanted afterwards.

It is worked out first and put on record then, whole or not at all; see the two steps.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from questionnaires.definition import IndicatorSet
from questionnaires.loading import from_document
from survey.areas import RANK, Level
from survey.casework.case_designs import community_cases
from survey.casework.given_margins import Population, hold_against
from survey.casework.sample_answers import read_sample
from survey.casework.wave_sample import Asked, WaveSample, base_sample, wave_answers
from survey.casework.weight_building import BuiltWeights, ClosedSample, build_weights
from survey.casework.weight_look import look_at, moved_rates
from survey.casework.weight_states import require_over
from survey.files.margins_file import read_margins
from survey.files.spreadsheets import SheetRows
from survey.keys import KeyRing
from survey.messages import N_, BadInput, Conflict, Message
from survey.store.areas import get_frame
from survey.store.cases import list_cases
from survey.store.draws import Draw
from survey.store.fieldwork_counts import read_weights
from survey.store.instruments import get_instrument
from survey.store.response_digests import answers_digest
from survey.store.responses import read_responses
from survey.store.waves import WaveRecord, get_wave
from survey.store.weight_versions import NewWeightVersion, add_version
from survey.weights import GREATEST_TRIM, LEAST_TRIM, MovedRate, WeightFactors, WeightOptions, version_digest


@dataclass(frozen=True, kw_only=True)
class ComputedWeights:
    """A version that is not recorded yet, and every factor of every answer."""

    version: NewWeightVersion
    factors: list[WeightFactors]


def compute_weights(
    session: Session,
    keys: KeyRing,
    wave_id: int,
    *,
    margins: SheetRows,
    options: WeightOptions,
    at: datetime,
    by: str,
) -> ComputedWeights:
    """The weights of a wave that is closed and not yet published.

    Raises ``NotThere`` for an unknown wave; ``Conflict`` for one in another state, without a draw or with too few
    answers; ``BadInput`` for a file of margins that cannot be read, does not fit or cannot be met, and for a limit of
    trimming that is none.
    """
    _check_options(options)
    wave = get_wave(session, wave_id)
    draw = require_over(session, wave)
    closed = _read(session, keys, wave, draw)
    sample, asked = closed.sample, closed.asked
    read = read_margins(margins)
    given = hold_against(read.rows, _population(asked, sample), margins.name, read.problems)
    built = build_weights(sample, given, options, file=margins.name)
    factors, digest = built.factors(sample.answers), answers_digest(session, wave_id)
    version = NewWeightVersion(
        wave_id=wave_id,
        draw_id=draw.id,
        answers_digest=digest,
        plan=built.plan,
        look=look_at(built, sample.answers, _moved(asked, closed.base, built)),
        digest=version_digest(built.plan, factors, draw_digest=draw.digest, answers_digest=digest),
        built_at=at,
        built_by=by,
    )
    return ComputedWeights(version=version, factors=factors)


@dataclass(frozen=True, kw_only=True)
class _Closed:
    asked: Asked
    base: WaveSample
    sample: ClosedSample


def _read(session: Session, keys: KeyRing, wave: WaveRecord, draw: Draw) -> _Closed:
    frame = get_frame(session, wave.frame_id).areas
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    responses = list(read_responses(session, wave.id))
    answers = read_sample(session, keys, wave, responses)
    base = base_sample(session, draw, frame, responses, answers)
    if base.design is None:
        raise Conflict(Message(N_("轮次 {wave} 的样本没有答卷，不能做权重"), {"wave": wave.id}))
    sample = ClosedSample(
        answers=tuple(answers.values()),
        responses=base.responses,
        cases=community_cases(list_cases(session, draw.id)),
        frame=frame,
        outcomes=read_weights(session, wave.id),
    )
    asked = Asked(wave=wave, questionnaire=questionnaire, frame=frame, finest=RANK[Level.COMMUNITY])
    return _Closed(asked=asked, base=base, sample=sample)


def record_weights(session: Session, computed: ComputedWeights) -> int:
    """The id of the version, on record now. Raises ``Conflict`` where the wave is another one by now."""
    version = computed.version
    draw = require_over(session, get_wave(session, version.wave_id))
    if answers_digest(session, version.wave_id) != version.answers_digest or draw.id != version.draw_id:
        raise Conflict(Message(N_("计算权重时轮次 {wave} 变了，没有保存：请再做一次"), {"wave": version.wave_id}))
    return add_version(session, version, computed.factors)


def _check_options(options: WeightOptions) -> None:
    if not LEAST_TRIM <= options.trim <= GREATEST_TRIM:
        message = N_("截尾的上限 {got} 不能用：应为社区平均权重的 {least} 到 {greatest} 倍")
        places = {"got": f"{options.trim:g}", "least": LEAST_TRIM, "greatest": f"{GREATEST_TRIM:g}"}
        raise BadInput(Message(message, places))


def _population(asked: Asked, sample: ClosedSample) -> Population:
    return Population(
        questionnaire=asked.questionnaire,
        communities={area.code: area.name for area in asked.frame if RANK[area.level] == RANK[Level.COMMUNITY]},
        responses=sample.responses,
        drawn=any(community.chance != 1 for community in sample.cases.values()),
        fielded=frozenset(sample.cases),
    )


def _moved(asked: Asked, base: WaveSample, built: BuiltWeights) -> tuple[MovedRate, ...]:
    """The headline rates of the whole, by the base weights and by the new ones."""
    headline = {one.code for one in asked.questionnaire.indicators if one.set is IndicatorSet.HEADLINE}
    if base.design is None:
        return ()
    design = base.design.adjusted(weights=built.weighting.weights, adjustment=built.weighting)
    before, after = (
        replace(wave_answers(asked, one, headline), coaching=None) for one in (base, replace(base, design=design))
    )
    return moved_rates(before, after)
