"""Withdraw a response: whoever has the code from the end of their questionnaire has their answers deleted.

At any time, also after the wave was closed or published: what is published stands, and whatever is computed from then
on is without them. The code of the letter stays spent and what came of the visit stays what it was, so nothing shows at
the dwelling. A count by community and mode remains.
"""

import secrets
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import NOBODY, InterviewPayload, LedBy, VisitPayload, parse_interview, to_json
from survey.fieldwork.quarantine import Reason
from survey.fieldwork.resident_codes import withdrawal_hash
from survey.keys import KeyRing, Sealer
from survey.messages import N_, Failure, Message
from survey.one_time_codes import read_code
from survey.store import inbox
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.wave_keys import KeyState, list_keys
from survey.store.withdrawals import delete_answers, find_withdrawal, tag_of
from survey.waves import Mode


def withdraw_response(session: Session, keys: KeyRing, typed: str) -> bool:
    """Whether ``typed`` is such a code; the answers are gone then, now or since an earlier time.

    Raises :class:`~survey.messages.Failure` when the code is not found and a key that could find it is not here.
    """
    code = read_code(typed)
    if code is None:
        return False
    hashed = withdrawal_hash(code)
    held = [key for key in list_keys(session) if key.state is KeyState.MADE]
    sealers = {key.wave_id: keys.open(key.key_id) for key in held if keys.holds(key.key_id)}
    found = find_withdrawal(session, [tag_of(sealer, hashed) for sealer in sealers.values()]) if sealers else None
    if found is None:
        if len(sealers) < len(held):
            raise Failure(Message(N_("找不到密钥，现在不能撤回；请检查 SURVEY_KEYS")))
        return False
    if found.uuid is not None:
        kept = delete_answers(session, found)
        if sealer := sealers.get(found.wave_id):
            _empty_payload(session, sealer, found.uuid, Outcome(kept) if kept else None)
    return True


def _empty_payload(session: Session, sealer: Sealer, uuid: UUID, outcome: Outcome | None) -> None:
    """Answers that were kept aside stand in the inbox too, while the wave is open, also once they were accepted.

    Those that wait are void without them. Of accepted ones stays what stays of any answer online: that the home
    answered, with the same ``outcome``.
    """
    record = inbox.find(session, uuid)
    if record is None or record.kind is not PayloadKind.INTERVIEW or record.body is None:
        return
    payload = parse_interview(sealer.unseal(record.body, context=inbox.context(uuid)))
    if not isinstance(payload, InterviewPayload):
        return
    placed = record.state is PayloadState.PLACED
    left = _answered(payload, outcome or Outcome.BREAK_OFF) if placed else replace(payload, answers={}, adults=0)
    kind = PayloadKind.VISIT if placed else PayloadKind.INTERVIEW
    inbox.set_body(session, uuid, kind, sealer.seal(to_json(left), context=inbox.context(uuid)))
    if record.state in (PayloadState.QUARANTINED, PayloadState.RECEIVED):
        inbox.set_state(session, uuid, state=PayloadState.VOID, reason=Reason.TAKEN_BACK)


def _answered(payload: InterviewPayload, outcome: Outcome) -> VisitPayload:
    return VisitPayload(
        case=payload.case,
        salt=secrets.token_hex(16),
        at=payload.finished,
        outcome=outcome,
        occupied=True,
        led_by=LedBy.NOBODY,
        appointment=None,
        canvasser=NOBODY,
        mode=Mode.WEB_TOKEN,
    )
