"""Delete answers that were withdrawn, with all that stands of them, and leave a count; and by what they are known again
when an older backup brings them back.
"""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from uuid import UUID

from sqlalchemy.orm import Session

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import NOBODY, InterviewPayload, LedBy, VisitPayload, parse_interview, to_json
from survey.fieldwork.quarantine import Reason
from survey.keys import KeyRing, Sealer
from survey.messages import Failure, Message
from survey.store import inbox
from survey.store.inbox import PayloadKind, PayloadState
from survey.store.wave_keys import KeyState, list_keys
from survey.store.withdrawals import Withdrawal, delete_answers
from survey.waves import Mode


def tag_mark(tag: str) -> str:
    """Of the row under which a code was found: the same in a backup of the same state of the wave."""
    return f"tag:{tag}"


def code_mark(hashed: str) -> str:
    """Of the code itself: in a backup from before the closing its row has another tag, and the wave's key opens it."""
    return f"code:{hashed}"


def read_sealers(session: Session, keys: KeyRing) -> tuple[Mapping[int | None, Sealer], tuple[Message, ...]]:
    """Of each wave whose key can be read (``None``: the site's own), and what is wrong with damaged ones."""
    sealers, unread = {}, []
    for key in list_keys(session):
        if key.state is not KeyState.MADE or not keys.holds(key.key_id):
            continue
        try:
            sealers[key.wave_id] = keys.open(key.key_id)
        except Failure as error:
            unread.append(error.message)
    return sealers, tuple(unread)


def delete_withdrawn(session: Session, sealer: Sealer | None, found: Withdrawal) -> None:
    """``sealer``: of the wave, while it is open."""
    kept = delete_answers(session, found)
    if sealer and found.uuid:
        _empty_payload(session, sealer, found.uuid, Outcome(kept) if kept else None)


def _empty_payload(session: Session, sealer: Sealer, uuid: UUID, outcome: Outcome | None) -> None:
    """Answers that were kept aside stand in the inbox too, while the wave is open, also once they were accepted.

    Those that wait are void without them. Of accepted ones stays what stays of any answer online: that the home
    answered, with the same ``outcome``.
    """
    record = inbox.find(session, uuid)
    if record is None or record.kind is not PayloadKind.INTERVIEW or record.body is None:
        return
    try:
        payload = parse_interview(sealer.unseal(record.body, context=inbox.context(uuid)))
    except Failure:
        return  # nobody else can read it either
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
