"""Whether a supervisor may accept what waits: asked before a button offers it, and again when it is pressed."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.casework.door_checks import is_recused, is_right_adult, is_untimely
from survey.casework.earlier_payloads import read_earlier
from survey.casework.placing import has_answered
from survey.casework.version_checks import checker_of
from survey.fieldwork.interview_checks import NEVER_COUNTS, InterviewChecker
from survey.fieldwork.payloads import InterviewPayload, VisitPayload
from survey.fieldwork.quarantine import Reason
from survey.fieldwork.respondents import respondent_of
from survey.keys import Sealer
from survey.store.accounts import get_account
from survey.store.cases import Case
from survey.store.draws import get_draw
from survey.store.waves import WaveRecord, get_wave
from survey.waves import WaveState


def find_refusal(
    session: Session,
    sealer: Sealer,
    payload: VisitPayload | InterviewPayload,
    case: Case | None,
    *,
    wave_id: int | None,
    stored: str,
    at: datetime,
    checker: InterviewChecker | None = None,
) -> Reason | None:
    """Why nobody may accept this payload; ``None``: a supervisor may.

    ``wave_id``: whose key it is sealed with; ``stored``: why it waits; ``checker``: of that wave, where it is at hand.
    """
    if case is None:
        return Reason.UNKNOWN_CASE
    wave = get_wave(session, case.wave_id)
    if wave.state is not WaveState.FIELDING:
        return Reason.NOT_STARTED if wave.state is WaveState.DRAWN else Reason.CLOSED
    if wave_id != wave.id:
        return Reason.CLOSED
    sender = get_account(session, payload.canvasser) if payload.canvasser else None
    if sender is not None and is_recused(session, wave, case, sender):
        return Reason.RECUSED
    if isinstance(payload, VisitPayload):
        # Once more: waiting may have overtaken a clock that was ahead.
        return Reason.CLOCK if stored == Reason.CLOCK or is_untimely(wave, payload, at=at) else None
    draw = get_draw(session, case.draw_id)
    if not is_right_adult(session, sealer, respondent_of(draw.design), draw.seed, case, payload):
        return Reason.NOT_SELECTED
    return _unusable(session, sealer, wave, case, payload, checker or checker_of(session, wave))


def _unusable(
    session: Session,
    sealer: Sealer,
    wave: WaveRecord,
    case: Case,
    interview: InterviewPayload,
    checker: InterviewChecker,
) -> Reason | None:
    """A supervisor may overrule odd answers and another version (what is usable counts), never an unknown wording, and
    of one case only one interview counts.
    """
    checked = checker.check(interview)
    if checked.doubt in NEVER_COUNTS:
        return checked.doubt
    if checked.counts and has_answered(session, wave.id, read_earlier(session, sealer, wave.id, case.id)):
        return Reason.SECOND_INTERVIEW
    return None
