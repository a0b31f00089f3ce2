"""An interview takes its place: one response per case, without anything that leads back to the case."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Outcome
from survey.casework.door_checks import AHEAD
from survey.casework.earlier_payloads import EarlierPayloads
from survey.fieldwork.interview_checks import CheckedInterview, mode_of
from survey.fieldwork.payloads import NOBODY, InterviewPayload
from survey.fieldwork.quarantine import Reason
from survey.store.cases import Case
from survey.store.responses import NewResponse, add_response, answers_document, existing_uuids
from survey.store.waves import WaveRecord
from survey.waves import Mode

SHANGHAI = ZoneInfo("Asia/Shanghai")


def place_interview(
    session: Session,
    wave: WaveRecord,
    case: Case,
    uuid: UUID,
    interview: InterviewPayload,
    checked: CheckedInterview,
    earlier: EarlierPayloads,
    *,
    at: datetime,
) -> Reason | None:
    """Make the answers a response under the interview's ``uuid``; ``None`` when nothing speaks against it, as an
    ``earlier`` answer of the case does.

    Answers that do not count (broken off, outside the population) leave no response: their outcome counts.
    """
    if not checked.counts:
        return None
    if has_answered(session, wave.id, earlier):
        return Reason.SECOND_INTERVIEW
    response = NewResponse(
        uuid=uuid,
        area=case.area,
        mode=mode_of(interview),
        day=_day(interview.finished, wave, at),
        answers=answers_document(checked.answers),
        completeness=checked.completeness,
        order_seed=interview.order_seed,
        filled_by=interview.filled_by if interview.canvasser == NOBODY else None,
    )
    add_response(session, wave.id, response)
    return None


def has_answered(session: Session, wave_id: int, earlier: EarlierPayloads) -> bool:
    """Whether the case has a response already: from the door, or online by its invitation."""
    if existing_uuids(session, wave_id, earlier.interviews):
        return True
    return any(
        visit.mode is Mode.WEB_TOKEN and visit.outcome in (Outcome.COMPLETE, Outcome.PARTIAL)
        for visit in earlier.visits
    )


def _day(finished: datetime, wave: WaveRecord, at: datetime) -> date:
    """The day of the interview in Shanghai; a clock that shows no day of this wave gives way to the server's."""
    sane = wave.opened_at <= finished <= at + AHEAD
    return (finished if sane else at).astimezone(SHANGHAI).date()
