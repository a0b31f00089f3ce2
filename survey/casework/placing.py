"""An interview takes its place: one response per case, without anything that leads back to the case."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Outcome
from survey.casework.door_checks import AHEAD
from survey.fieldwork.interview_checks import CheckedInterview, mode_of
from survey.fieldwork.payloads import InterviewPayload
from survey.fieldwork.quarantine import Reason
from survey.keys import Sealer
from survey.store.cases import Case
from survey.store.inbox import PayloadState
from survey.store.interviews import read_interviews
from survey.store.responses import NewResponse, add_response, answers_document, existing_uuids
from survey.store.visits import read_visits
from survey.store.waves import WaveRecord
from survey.waves import Mode

SHANGHAI = ZoneInfo("Asia/Shanghai")


def place_interview(
    session: Session,
    sealer: Sealer,
    wave: WaveRecord,
    case: Case,
    uuid: UUID,
    interview: InterviewPayload,
    checked: CheckedInterview,
    *,
    at: datetime,
) -> Reason | None:
    """Make the answers a response under the interview's ``uuid``; ``None`` when nothing speaks against it.

    Answers that do not count (broken off, outside the population) leave no response: their outcome counts.
    """
    if not checked.counts:
        return None
    if has_answered(session, sealer, wave.id, case.id):
        return Reason.SECOND_INTERVIEW
    response = NewResponse(
        uuid=uuid,
        area=case.area,
        mode=mode_of(interview),
        day=_day(interview.finished, wave, at),
        answers=answers_document(checked.answers),
        completeness=checked.completeness,
    )
    add_response(session, wave.id, response)
    return None


def has_answered(session: Session, sealer: Sealer, wave_id: int, case_id: UUID) -> bool:
    """Whether the case has a response already: from the door, or online by its invitation."""
    tag = sealer.tag(f"case:{case_id}")
    done = [one.uuid for one in read_interviews(session, sealer, wave_id, tag) if one.state is PayloadState.PLACED]
    if existing_uuids(session, wave_id, done):
        return True
    return any(
        visit.state is PayloadState.PLACED
        and visit.payload.mode is Mode.WEB_TOKEN
        and visit.payload.outcome in (Outcome.COMPLETE, Outcome.PARTIAL)
        for visit in read_visits(session, sealer, wave_id, tag)
    )


def _day(finished: datetime, wave: WaveRecord, at: datetime) -> date:
    """The day of the interview in Shanghai; a clock that shows no day of this wave gives way to the server's."""
    sane = wave.opened_at <= finished <= at + AHEAD
    return (finished if sane else at).astimezone(SHANGHAI).date()
