"""One rate of a wave together with earlier waves that asked alike, over a stated period."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from analysis.estimation.pooling import FieldedWave, NotPooled, PoolingPeriod, rolling_period
from analysis.pooled_disclosure import suppress_pooled
from analysis.publication import PublishedEstimate
from analysis.wave_estimates import WaveAnswers, estimate_wave
from analysis.wave_pooling import pool_answers
from questionnaires.fingerprint import indicator_fingerprint
from questionnaires.loading import from_document
from questionnaires.wording import fill_questionnaire
from survey.areas import RANK, Level
from survey.casework.kept_results import kept_result
from survey.casework.wave_comparison import population_digest
from survey.casework.wave_sample import Asked, is_probability, read_wave_sample, wave_answers
from survey.keys import KeyRing
from survey.reports.introductions import placeholders
from survey.store.areas import get_frame
from survey.store.instruments import get_instrument
from survey.store.responses import read_responses
from survey.store.waves import WaveRecord, list_waves
from survey.waves import WaveState


@dataclass(frozen=True, kw_only=True)
class PooledWave:
    """``responses``: of its sample that the rate was put to, or not."""

    name: str
    first: date
    last: date
    responses: int


@dataclass(frozen=True, kw_only=True)
class PooledRates:
    """``period`` ``None``: the wave has no dates. ``waves``: those pooled, the oldest first; ``left_out``: name -> why.
    ``rows``: none where there is nothing to pool the wave with.
    """

    period: PoolingPeriod | None
    waves: tuple[PooledWave, ...] = ()
    left_out: tuple[tuple[str, NotPooled], ...] = ()
    rows: tuple[PublishedEstimate, ...] = ()


@dataclass(frozen=True, kw_only=True)
class _Candidate:
    wave: WaveRecord
    asked: Asked
    fielded: FieldedWave


def read_pooled_rates(session: Session, keys: KeyRing, wave: WaveRecord, indicator: str, *, days: int) -> PooledRates:
    """The rate over the waves of the same instrument whose interviews lie within ``days`` up to the wave's last day.

    Raises :class:`~survey.messages.Failure` when the key of an open wave is not to be read.
    """
    waves = _alike(session, wave)
    question = ("pooled", wave.id, indicator, days)
    return kept_result(session, keys, waves, question, lambda: _read(session, keys, wave, waves, indicator, days))


def _read(
    session: Session, keys: KeyRing, wave: WaveRecord, waves: Sequence[WaveRecord], indicator: str, days: int
) -> PooledRates:
    candidates = {each.fielded.wave: each for each in (_candidate(session, one, indicator) for one in waves) if each}
    latest = candidates.get(str(wave.id))
    if latest is None:
        return PooledRates(period=None)
    period = rolling_period([each.fielded for each in candidates.values()], days=days)
    left_out = dict(period.left_out)
    answers: dict[str, WaveAnswers] = {}
    for number in reversed(period.waves):  # the wave itself first: the others are about its areas
        found = _answers(session, keys, candidates[number], indicator)
        if found is None or not found.probability:
            left_out[number] = NotPooled.NON_PROBABILITY
        elif answers and not _areas_within(found, answers[str(wave.id)]):
            left_out[number] = NotPooled.POPULATION
        else:
            answers[number] = found
        if str(wave.id) not in answers:
            break
    used = [number for number in period.waves if number in answers]
    return PooledRates(
        period=period,
        waves=tuple(_told(candidates[number], answers[number]) for number in used),
        left_out=tuple((candidates[number].wave.name, reason) for number, reason in left_out.items()),
        rows=_pooled([answers[number] for number in used], indicator) if len(used) > 1 else (),
    )


def _alike(session: Session, wave: WaveRecord) -> list[WaveRecord]:
    """The wave and those before it with the same instrument and dates; invented ones never with real ones."""
    found = []
    last = wave.details.end
    for other in list_waves(session):
        details = other.details
        alike = other.instrument_slug == wave.instrument_slug and details.fictitious == wave.details.fictitious
        done = other.id == wave.id or other.state in (WaveState.CLOSED, WaveState.PUBLISHED)
        if not (alike and done and details.start and details.end and last) or details.end < details.start:
            continue
        if other.id != wave.id and (details.end, other.id) >= (last, wave.id):
            continue
        found.append(other)
    return found


def _candidate(session: Session, wave: WaveRecord, indicator: str) -> _Candidate | None:
    first, last = wave.details.start, wave.details.end
    if first is None or last is None:
        return None
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    frame = get_frame(session, wave.frame_id)
    put = fill_questionnaire(questionnaire, placeholders(questionnaire, wave.details))
    known = any(each.code == indicator for each in questionnaire.indicators)
    return _Candidate(
        wave=wave,
        asked=Asked(wave=wave, questionnaire=questionnaire, frame=frame.areas, finest=RANK[Level.COMMUNITY]),
        fielded=FieldedWave(
            wave=str(wave.id),
            first=first,
            last=last,
            wording=indicator_fingerprint(put, indicator) if known else "",
            population=population_digest(questionnaire, wave.details.population, str(frame.kind)),
            probability=is_probability(session, wave.id),
        ),
    )


def _answers(session: Session, keys: KeyRing, candidate: _Candidate, indicator: str) -> WaveAnswers | None:
    """``None`` without an answer to the rate."""
    asked = candidate.asked
    sample = read_wave_sample(session, keys, asked.wave, asked.frame, list(read_responses(session, asked.wave.id)))
    if not sample.responses:
        return None
    answers = wave_answers(asked, sample, [indicator])
    return answers if any(rate.code == indicator for rate in answers.rates) else None


def _areas_within(wave: WaveAnswers, latest: WaveAnswers) -> bool:
    return {wave.tree.codes[area] for area in set(wave.unit_areas.tolist())} <= set(latest.tree.codes)


def _told(candidate: _Candidate, answers: WaveAnswers) -> PooledWave:
    fielded = candidate.fielded
    return PooledWave(
        name=candidate.wave.name, first=fielded.first, last=fielded.last, responses=len(answers.unit_areas)
    )


def _pooled(waves: Sequence[WaveAnswers], indicator: str) -> tuple[PublishedEstimate, ...]:
    pooled = pool_answers(waves, [indicator])
    return estimate_wave(pooled, {indicator: suppress_pooled(waves, pooled, indicator)})
