"""Record a finished questionnaire of a resident, once: the answers, the end of its code, and what came of the visit.

All in the caller's transaction, which alone writes. The answers go into a plain row that leads to nobody; that the
dwelling has answered goes into the inbox, sealed, under the same uuid, as for an interview at the door.
"""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Outcome
from questionnaires.checking import CheckedAnswers, Completeness, check_answers
from questionnaires.screens import Walk, modules_for
from survey.casework.open_link_watch import Watched, watch_answer
from survey.casework.sample_answers import ADULTS_ITEM
from survey.fieldwork.payloads import NOBODY, Ended, InterviewPayload, LedBy, VisitPayload, to_json
from survey.fieldwork.quarantine import Reason
from survey.fieldwork.resident_codes import ResidentCodes, receipt_hash, withdrawal_hash
from survey.keys import Sealer
from survey.messages import N_, Conflict, Message
from survey.store import inbox
from survey.store.drafts import delete_draft
from survey.store.fielded_waves import FieldedWave
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState
from survey.store.invitations import spend
from survey.store.receipts import add_receipt
from survey.store.responses import Answer, NewResponse, add_response, answers_document
from survey.store.sheets import Ending, Entrance, Sheet, Standing
from survey.store.withdrawals import add_withdrawal
from survey.waves import FilledBy, Mode

SHANGHAI = ZoneInfo("Asia/Shanghai")
_OUTCOMES = {
    Completeness.COMPLETE: Outcome.COMPLETE,
    Completeness.PARTIAL: Outcome.PARTIAL,
    Completeness.BREAK_OFF: Outcome.BREAK_OFF,
}


@dataclass(frozen=True, kw_only=True)
class _Form:
    """What is handed in on an open sheet, checked."""

    sheet: Sheet
    wave: FieldedWave
    sealer: Sealer
    checked: CheckedAnswers
    at: datetime

    @property
    def is_enough(self) -> bool:
        """To be kept as a response."""
        return self.checked.completeness is not Completeness.BREAK_OFF


def record_response(
    session: Session,
    sheet: Sheet,
    answers: Mapping[str, Answer],
    *,
    at: datetime,
    codes: ResidentCodes | None = None,
    watched: Watched | None = None,
    filled_by: FilledBy | None = None,
) -> Ending:
    """What is to be said to the person. ``answers`` as in :func:`~survey.workflow.save_answers.save_answers`.

    ``codes``: what the person is shown at the end, good from now on; without them nothing of the kind is kept.
    ``filled_by``: whose hand it was. ``watched``: see :mod:`survey.casework.open_link_watch`.

    Whoever answered less than half leaves no response; the code is spent all the same. Whoever does not belong to the
    population leaves nothing at all: nobody counted the adults of the dwelling, so that the reader of a letter is not
    one of them says nothing of the others. The code stays good for them, and the dwelling is not closed.

    When the dwelling has answered already, at the door or with the same code, the answers are kept aside in the
    inbox, sealed, for a supervisor, and the code is spent: only what was begun by then can still come. Raises
    :class:`Conflict` for a sheet that is not open.
    """
    wave, sealer = sheet.wave, sheet.sealer
    if sheet.standing is not Standing.OPEN or wave is None or sealer is None:
        raise Conflict(Message(N_("这份问卷现在不能填写")))
    form = _Form(sheet=sheet, wave=wave, sealer=sealer, checked=_check(sheet.entrance, wave, answers), at=at)
    ending = _place(session, form, watched, filled_by)
    stored = ending is Ending.COMPLETE and form.is_enough
    if sheet.begun and not stored:  # the draft of what is stored goes with the storing itself
        delete_draft(session, sheet.entrance.uuid)
    _keep_receipt(session, sheet, codes)
    if codes and ending is not Ending.SCREENED:
        # Of too little to be kept there is nothing to delete, which the page does not tell apart.
        uuid = sheet.entrance.uuid if stored or ending is Ending.KEPT_ASIDE else None
        add_withdrawal(session, sealer, wave.id, withdrawal_hash(codes.withdrawal), uuid)
    return ending


def record_refusal(session: Session, sheet: Sheet, *, at: datetime, codes: ResidentCodes | None = None) -> None:
    """The person would rather not take part: what they had answered goes. The code stays good, they may think again.

    It enters the visit log of the dwelling once, however often it is said; without a dwelling nothing is stored but
    the receipt of ``codes``, which all get, so that nobody can demand one as proof of having answered.
    """
    wave, sealer, entrance = sheet.wave, sheet.sealer, sheet.entrance
    if sheet.standing is not Standing.OPEN or wave is None or sealer is None:
        return
    if sheet.begun:
        delete_draft(session, entrance.uuid)
    if sheet.case is not None:
        uuid = UUID(hex=sealer.tag(f"declined:{entrance.uuid}")[:32])
        _log_visit(session, wave.id, sealer, sheet.case, uuid, Outcome.REFUSED_PERSON, at)
    _keep_receipt(session, sheet, codes)


def _check(entrance: Entrance, wave: FieldedWave, answers: Mapping[str, Answer]) -> CheckedAnswers:
    """What of the answers lies on the person's own way."""
    questionnaire, modules = wave.questionnaire, modules_for(wave.questionnaire, entrance.uuid)
    given = Walk(questionnaire, mode=entrance.mode, modules=modules).on_route(answers)
    return check_answers(questionnaire, given, mode=entrance.mode, modules=modules)


def _keep_receipt(session: Session, sheet: Sheet, codes: ResidentCodes | None) -> None:
    if codes:
        add_receipt(session, sheet.entrance.wave_id, receipt_hash(codes.receipt))


def _place(session: Session, form: _Form, watched: Watched | None, filled_by: FilledBy | None) -> Ending:
    """What is stored of the answers, under their uuid."""
    sheet = form.sheet
    if form.checked.screened:
        return Ending.SCREENED
    if sheet.entrance.code_hash is not None and sheet.case is not None:
        home = _tag(form.sealer, sheet.case)
        if not spend(session, form.wave.id, sheet.entrance.code_hash, home=home):
            _keep_aside(session, form, sheet.case, filled_by)
            return Ending.KEPT_ASIDE
        outcome = _OUTCOMES[form.checked.completeness]
        _log_visit(session, form.wave.id, form.sealer, sheet.case, sheet.entrance.uuid, outcome, form.at)
    if form.is_enough:
        _add(session, form, watched, filled_by)
    return Ending.COMPLETE


def _add(session: Session, form: _Form, watched: Watched | None, filled_by: FilledBy | None) -> None:
    entrance, checked, wave_id, signs = form.sheet.entrance, form.checked, form.wave.id, None
    if watched and entrance.mode is Mode.WEB_OPEN:
        signs = int(watch_answer(session, watched, wave_id=wave_id, area=entrance.area, at=form.at))
    response = NewResponse(
        uuid=entrance.uuid,
        area=entrance.area,
        mode=entrance.mode,
        day=form.at.astimezone(SHANGHAI).date(),
        answers=answers_document(checked.answers),
        completeness=checked.completeness,
        signs=signs,
        filled_by=filled_by,
        order_seed=entrance.order_seed,
    )
    add_response(session, wave_id, response)


def _log_visit(
    session: Session, wave_id: int, sealer: Sealer, case: UUID, uuid: UUID, outcome: Outcome, at: datetime
) -> None:
    payload = VisitPayload(
        case=case,
        salt=secrets.token_hex(16),
        at=_day_only(at),
        outcome=outcome,
        occupied=True,
        led_by=LedBy.NOBODY,
        appointment=None,
        canvasser=NOBODY,
        mode=Mode.WEB_TOKEN,
    )
    _add_to_inbox(session, wave_id, sealer, uuid, payload, PayloadState.PLACED, "")


def _keep_aside(session: Session, form: _Form, case: UUID, filled_by: FilledBy | None) -> None:
    checked, day = form.checked, _day_only(form.at)
    adults = checked.answers.get(ADULTS_ITEM)
    payload = InterviewPayload(
        case=case,
        salt=secrets.token_hex(16),
        started=day,
        finished=day,
        instrument=form.wave.fingerprint,
        adults=adults if isinstance(adults, int) else 0,
        selected=0,
        present=(),
        led_by=LedBy.NOBODY,
        answers=checked.answers,
        elapsed={},
        ended=Ended.BREAK_OFF if checked.completeness is Completeness.BREAK_OFF else Ended.COMPLETE,
        canvasser=NOBODY,
        order_seed=form.sheet.entrance.order_seed,
        filled_by=filled_by,
    )
    quarantined, why = PayloadState.QUARANTINED, Reason.SECOND_INTERVIEW
    _add_to_inbox(session, form.wave.id, form.sealer, form.sheet.entrance.uuid, payload, quarantined, why)


def _add_to_inbox(
    session: Session,
    wave_id: int,
    sealer: Sealer,
    uuid: UUID,
    payload: VisitPayload | InterviewPayload,
    state: PayloadState,
    reason: str,
) -> None:
    body = to_json(payload)
    inbox.add(
        session,
        InboxRecord(
            uuid=uuid,
            kind=PayloadKind.VISIT if isinstance(payload, VisitPayload) else PayloadKind.INTERVIEW,
            wave_id=wave_id,
            tag=_tag(sealer, payload.case),
            sha256=hashlib.sha256(body).hexdigest(),
            state=state,
            reason=reason,
            body=sealer.seal(body, context=inbox.context(uuid)),
        ),
    )


def _tag(sealer: Sealer, case: UUID) -> str:
    """Of the case in the inbox."""
    return sealer.tag(f"case:{case}")


def _day_only(at: datetime) -> datetime:
    """Noon of the day in Shanghai: residents' times of day are not kept, not even sealed."""
    return datetime.combine(at.astimezone(SHANGHAI).date(), time(12), SHANGHAI)
