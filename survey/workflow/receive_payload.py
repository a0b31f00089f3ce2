"""Receive a visit or an interview: place it, or say why it waits for a supervisor; either way it is kept.

A well-formed payload is never refused for what it says. An interview is placed in a savepoint of the transaction that
writes the row of the inbox, so that whatever goes wrong there leaves the row, quarantined.

Whoever was asked, or would not be, gets a receipt for it: it follows from the payload's salt, so a device tells it at
the door without a connection. Nothing here takes an answer back: the canvasser would hold that, too.
"""

import hashlib
import logging
import traceback
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from survey.casework.door_checks import denies_count, is_other_household, is_right_adult, is_untimely, obstacle_to
from survey.casework.earlier_payloads import read_earlier
from survey.casework.placing import place_interview
from survey.casework.version_checks import checker_by
from survey.fieldwork.door_receipts import door_receipt
from survey.fieldwork.payloads import (
    InterviewPayload,
    Problems,
    VisitPayload,
    case_of,
    parse_interview,
    parse_visit,
    stamp,
    to_json,
)
from survey.fieldwork.quarantine import Reason, reason_message
from survey.fieldwork.recusal import Obstacle
from survey.fieldwork.resident_codes import receipt_hash
from survey.fieldwork.respondents import respondent_of
from survey.keys import KeyRing, Sealer
from survey.messages import N_, Conflict, Message
from survey.store import inbox
from survey.store.accounts import Account
from survey.store.cases import get_case
from survey.store.doors import Door, find_door
from survey.store.fielded_waves import find_fielded_wave
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState
from survey.store.receipts import add_receipt
from survey.store.wave_keys import open_sealer
from survey.waves import Mode, WaveState

logger = logging.getLogger("survey.fieldwork.payloads")

#: A wave is open for payloads from its draw on; before its start they wait.
_OPEN = (WaveState.DRAWN, WaveState.FIELDING)

Parsed = VisitPayload | InterviewPayload | Problems


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """``sha256``: of the bytes received, hex. ``new``: they came for the first time. ``code``: the 12 characters for
    the person at the door; ``None``: nobody was there to have them, or the wave is not open (any more).
    """

    id: UUID
    sha256: str
    state: PayloadState
    reason: Message | None
    new: bool
    code: str | None = None


class OtherBytes(Conflict):
    """The id is taken by other bytes, which stay as they are; ``receipt`` is theirs."""

    def __init__(self, message: Message, receipt: Receipt) -> None:
        super().__init__(message)
        self.receipt = receipt


@dataclass(frozen=True, kw_only=True)
class _Place:
    """Where a payload belongs: its door as far as it is known, and under whose key it is sealed.

    ``wave_id`` is ``None`` for the site's own key.
    """

    door: Door | None
    wave_id: int | None
    sealer: Sealer
    tag: str | None


def receive_payload(
    session: Session, keys: KeyRing, *, kind: PayloadKind, uuid: UUID, body: bytes, account: Account, at: datetime
) -> Receipt:
    """The receipt of ``body`` (a JSON object, see :mod:`survey.fieldwork.payloads`), the stored one if it came before.

    Raises ``BadInput`` when it is no JSON object, :class:`OtherBytes` when other bytes have the same ``uuid``, and
    ``Failure`` when the wave's key is not to be read: nothing is stored then.
    """
    sha256 = hashlib.sha256(body).hexdigest()
    stamped = _stamp(kind, body, account)
    parsed = _parse(kind, stamped)
    if (known := inbox.find(session, uuid)) is not None:
        return _stored(known, kind, sha256, parsed)
    place = _find_place(session, keys, case_of(body) if isinstance(parsed, tuple) else parsed.case, at)
    reason = _place_or_say_why(session, place, uuid, parsed, account, at)
    state = PayloadState.QUARANTINED if reason else PayloadState.PLACED
    # A visit is kept as its documented members alone; what cannot be read is kept as it came.
    kept = to_json(_sane(parsed, reason, at)) if isinstance(parsed, VisitPayload) else stamped
    inbox.add(
        session,
        InboxRecord(
            uuid=uuid,
            kind=kind,
            wave_id=place.wave_id,
            tag=place.tag,
            sha256=sha256,
            state=state,
            reason=reason or "",
            body=place.sealer.seal(kept, context=inbox.context(uuid)),
        ),
    )
    code = _code(place.wave_id, parsed)
    if code and place.wave_id is not None:
        add_receipt(session, place.wave_id, receipt_hash(code))
    return Receipt(id=uuid, sha256=sha256, state=state, reason=_say(reason or "", parsed), new=True, code=code)


def _stamp(kind: PayloadKind, body: bytes, account: Account) -> bytes:
    """What the server knows better than the sender: who sent it, and that a canvasser was at the door.

    (What came of an invitation's code is recorded by the site itself, never through here.)
    """
    if kind is PayloadKind.VISIT:
        return stamp(body, canvasser=account.id, mode=Mode.CAPI)
    return stamp(body, canvasser=account.id)


def _sane(visit: VisitPayload, reason: Reason | None, at: datetime) -> VisitPayload:
    """No visit was made after it arrived: a clock that is ahead gives way to the server's. So the time in which a visit
    may be taken back ends by the server's clock, which is stored nowhere else.
    """
    return replace(visit, at=min(visit.at, at)) if reason is not Reason.CLOCK else visit


def _parse(kind: PayloadKind, body: bytes) -> Parsed:
    return parse_visit(body) if kind is PayloadKind.VISIT else parse_interview(body)


def _stored(known: InboxRecord, kind: PayloadKind, sha256: str, parsed: Parsed) -> Receipt:
    same = known.kind is kind and known.sha256 == sha256
    reason = _say(known.reason, parsed) if same else reason_message(known.reason)
    code = _code(known.wave_id, parsed) if same else None
    receipt = Receipt(id=known.uuid, sha256=known.sha256, state=known.state, reason=reason, new=False, code=code)
    if not same:
        message = N_("编号 {id} 已经收到过另一份内容（SHA-256 {sha256}），没有改动；新的内容请用新的编号再交")
        raise OtherBytes(Message(message, {"id": known.uuid, "sha256": known.sha256}), receipt)
    return receipt


def _code(wave_id: int | None, parsed: Parsed) -> str | None:
    """The receipt of a payload that belongs to an open wave."""
    return door_receipt(parsed) if wave_id is not None and not isinstance(parsed, tuple) else None


def _say(reason: str, parsed: Parsed) -> Message | None:
    """The reason as the reader gets it; of an unreadable payload also which members are wrong."""
    message = reason_message(reason)
    if reason == Reason.UNREADABLE and isinstance(parsed, tuple) and message:
        names = ", ".join(problem.column for problem in parsed)
        return Message(N_("{reason}：{names}"), {"reason": message, "names": names})
    return message


def _find_place(session: Session, keys: KeyRing, case_id: UUID | None, at: datetime) -> _Place:
    case = get_case(session, case_id) if case_id else None
    door = find_door(session, case) if case else None
    wave_id = door.wave.id if door and door.wave.state in _OPEN else None
    known = door.key_id if door and wave_id else None
    sealer = keys.open(known) if known else open_sealer(session, keys, wave_id, at=at)
    return _Place(door=door, wave_id=wave_id, sealer=sealer, tag=sealer.tag(f"case:{case_id}") if case_id else None)


def _place_or_say_why(
    session: Session, place: _Place, uuid: UUID, parsed: Parsed, account: Account, at: datetime
) -> Reason | None:
    """``None``: it is in its place."""
    try:
        doubt = next(_doubts(session, place, parsed, account, at), None)
        if doubt or place.door is None or not isinstance(parsed, InterviewPayload):
            return doubt  # a visit is in its place where it is: in the log
        with session.begin_nested():
            return _put(session, place.door, place.sealer, uuid, parsed, at)
    except Exception as error:  # noqa: BLE001 - whatever it is, the payload stays
        # Neither the error's text nor the stack's values: they may quote answers.
        where = traceback.extract_tb(error.__traceback__)[-1]
        logger.error("a payload could not be placed: %s at %s:%d", type(error).__name__, where.filename, where.lineno)
        return Reason.NOT_PLACED


def _doubts(session: Session, place: _Place, parsed: Parsed, account: Account, at: datetime) -> Iterator[Reason]:
    """Why somebody should look at it before it counts, the gravest first."""
    door = place.door
    if door is None:
        yield Reason.UNKNOWN_CASE
        return
    if door.wave.state is not WaveState.FIELDING:
        yield Reason.NOT_STARTED if door.wave.state in _OPEN else Reason.CLOSED
    if isinstance(parsed, tuple):
        yield Reason.UNREADABLE
        return
    obstacle = obstacle_to(session, door.wave, door.case, account)
    if obstacle in (Obstacle.TIED, Obstacle.TIES_UNKNOWN):
        yield Reason.RECUSED
    if obstacle is Obstacle.OUT_OF_REACH or door.holder != account.id:
        yield Reason.NOT_ASSIGNED
    if is_untimely(door.wave, parsed, at=at):
        yield Reason.CLOCK
    if isinstance(parsed, InterviewPayload) and not _of_selected(session, place.sealer, door, parsed):
        yield Reason.NOT_SELECTED
    if isinstance(parsed, VisitPayload) and denies_count(session, place.sealer, door.case, parsed):
        yield Reason.COUNTED_BEFORE


def _of_selected(session: Session, sealer: Sealer, door: Door, interview: InterviewPayload) -> bool:
    return is_right_adult(session, sealer, respondent_of(door.design), door.seed, door.case, interview)


def _put(
    session: Session, door: Door, sealer: Sealer, uuid: UUID, interview: InterviewPayload, at: datetime
) -> Reason | None:
    earlier = read_earlier(session, sealer, door.wave.id, door.case.id)
    if is_other_household(session, sealer, door.case, interview, earlier):
        return Reason.NOT_SELECTED
    fielded = find_fielded_wave(session, door.wave.id)
    if fielded is None:
        return Reason.NOT_PLACED
    checked = checker_by(session, fielded.questionnaire, fielded.fingerprint).check(interview)
    return checked.doubt or place_interview(session, door.wave, door.case, uuid, interview, checked, earlier, at=at)
