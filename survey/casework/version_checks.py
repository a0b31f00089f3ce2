"""Interviews of a wave, checked by whichever version of its questionnaire was asked."""

from sqlalchemy.orm import Session

from questionnaires.definition import Questionnaire
from questionnaires.loading import from_document
from survey.fieldwork.interview_checks import InterviewChecker
from survey.store.instruments import find_wording, get_instrument
from survey.store.waves import WaveRecord


def checker_of(session: Session, wave: WaveRecord) -> InterviewChecker:
    instrument = get_instrument(session, wave.instrument_id)
    return checker_by(session, from_document(instrument.document), instrument.fingerprint)


def checker_by(session: Session, questionnaire: Questionnaire, fingerprint: str) -> InterviewChecker:
    """As :func:`checker_of` where the wave's questionnaire is read already. Other versions are read when one comes."""

    def find(asked: str) -> Questionnaire | None:
        found = find_wording(session, questionnaire.slug, asked)
        return None if found is None else from_document(found.document)

    return InterviewChecker(questionnaire, fingerprint, find)
