"""What statistical models say of one wave: drivers of satisfaction, areas against the whole."""

from collections.abc import Collection, Sequence

from sqlalchemy.orm import Session

from analysis.drivers import Driver, estimate_drivers
from analysis.publication import PublishedEstimate
from analysis.wave_contrasts import Contrast, contrasts_with_whole
from analysis.wave_estimates import WaveAnswers
from questionnaires.loading import from_document
from survey.areas import RANK, Level
from survey.casework.kept_results import kept_result
from survey.casework.wave_sample import Asked, read_wave_sample, wave_answers
from survey.keys import KeyRing
from survey.store.areas import get_frame
from survey.store.instruments import get_instrument
from survey.store.responses import read_responses
from survey.store.waves import WaveRecord


def read_drivers(
    session: Session, keys: KeyRing, wave: WaveRecord, overall: str, services: Sequence[str]
) -> tuple[Driver, ...]:
    """What goes with the rate ``overall``, of the codes in ``services``; of a non-probability sample nothing is said.

    Raises :class:`~survey.messages.Failure` when the key of an open wave is not to be read.
    """
    question = ("drivers", overall, tuple(services))
    return kept_result(session, keys, [wave], question, lambda: _drivers(session, keys, wave, overall, services))


def _drivers(
    session: Session, keys: KeyRing, wave: WaveRecord, overall: str, services: Sequence[str]
) -> tuple[Driver, ...]:
    answers = _answers(session, keys, wave, {overall, *services})
    states = {rate.code: rate.states for rate in answers.rates} if answers else {}
    if answers is None or not answers.probability or overall not in states:
        return ()
    items = {code: states[code] for code in services if code in states and code != overall}
    return estimate_drivers(answers.design, overall=states[overall], items=items, level=answers.level)


def read_contrasts(
    session: Session, keys: KeyRing, wave: WaveRecord, rows: Sequence[PublishedEstimate]
) -> tuple[Contrast, ...]:
    """Each comparable area against the whole, on the level whose areas share a design; ``rows`` are of these answers.

    Raises :class:`~survey.messages.Failure` as :func:`read_drivers`.
    """
    question = ("contrasts", tuple(rows))
    return kept_result(session, keys, [wave], question, lambda: _contrasts(session, keys, wave, rows))


def _contrasts(
    session: Session, keys: KeyRing, wave: WaveRecord, rows: Sequence[PublishedEstimate]
) -> tuple[Contrast, ...]:
    answers = _answers(session, keys, wave, {row.indicator for row in rows})
    if answers is None or not answers.probability:
        return ()
    known = set(answers.tree.codes)
    seen = [row for row in rows if row.area is None or row.area in known]
    return contrasts_with_whole(answers, seen, answers.pooling_tier, level=answers.level)


def _answers(session: Session, keys: KeyRing, wave: WaveRecord, wanted: Collection[str]) -> WaveAnswers | None:
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    frame = get_frame(session, wave.frame_id).areas
    sample = read_wave_sample(session, keys, wave, frame, list(read_responses(session, wave.id)))
    if not sample.responses:
        return None
    asked = Asked(wave=wave, questionnaire=questionnaire, frame=frame, finest=RANK[Level.COMMUNITY])
    return wave_answers(asked, sample, wanted)
