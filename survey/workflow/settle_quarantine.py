"""Settle what waits in quarantine: a supervisor accepts a payload or makes it void, and says why.

Of several interviews of one case at most one enters the estimates: an answer that is placed stays, whoever comes later.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy.orm import Session

from survey.casework.acceptance import find_refusal
from survey.casework.counted_households import forget_count
from survey.casework.earlier_payloads import read_earlier
from survey.casework.placing import place_interview
from survey.casework.version_checks import checker_of
from survey.fieldwork.payloads import NOBODY, InterviewPayload, Problems, VisitPayload, parse_interview, parse_visit
from survey.fieldwork.quarantine import REASONS, Reason, seal_note
from survey.keys import KeyRing, Sealer
from survey.messages import N_, BadInput, Conflict, Message, NotThere
from survey.roles import Scope
from survey.store import inbox
from survey.store.areas import get_frame
from survey.store.cases import Case, get_case
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState
from survey.store.wave_keys import open_sealer
from survey.store.waves import get_wave

LONGEST_NOTE = 500


class Decision(StrEnum):
    ACCEPT = "accept"
    VOID = "void"


def settle_quarantine(
    session: Session,
    keys: KeyRing,
    uuid: UUID,
    *,
    decision: Decision,
    note: str,
    scope: Scope,
    at: datetime,
    wave_id: int | None = None,
) -> PayloadState:
    """The new state of the payload. ``note``: why, 1 to 500 characters, kept sealed until the wave is closed.

    An interview at the door whose selected adult was not eligible: accepted, nobody in the home is (4.70); void, the
    home is visited again and its adults are counted anew.

    ``wave_id``: of which wave it is said to be. Raises ``NotThere`` for a payload that is not there, of another wave or
    out of ``scope``, ``BadInput`` without a note, and
    ``Conflict`` when it is settled already or cannot be accepted.
    """
    record = inbox.find(session, uuid)
    sealer = open_sealer(session, keys, record.wave_id, at=at) if record and record.body is not None else None
    if record is None or sealer is None or wave_id not in (None, record.wave_id):
        raise _not_there(uuid)
    parsed = _read(record, sealer)
    case = None if isinstance(parsed, tuple) else get_case(session, parsed.case)
    _check_scope(session, record, case, scope)
    if record.state is not PayloadState.QUARANTINED:
        raise Conflict(Message(N_("这份记录已经裁定过，或者本来就不需要裁定")))
    if not 1 <= len(note.strip()) <= LONGEST_NOTE:
        message = N_("请写明理由（1 到 {most} 个字）；得到 {got} 个字")
        raise BadInput(Message(message, {"most": LONGEST_NOTE, "got": len(note.strip())}))
    if decision is Decision.ACCEPT:
        _accept(session, record, sealer, parsed, case, at)
    elif isinstance(parsed, InterviewPayload) and case is not None and _is_screened(session, case, parsed):
        # A list with somebody who is not eligible was wrong: the next visit counts anew.
        forget_count(session, sealer, case, parsed, note=note.strip())
    state = PayloadState.PLACED if decision is Decision.ACCEPT else PayloadState.VOID
    inbox.set_state(session, uuid, state=state, reason=seal_note(sealer, uuid, note.strip()))
    if record.wave_id is None:
        # The site's own key is never destroyed, so what it sealed goes at once.
        inbox.drop_body(session, uuid)
    return state


def _read(record: InboxRecord, sealer: Sealer) -> VisitPayload | InterviewPayload | Problems:
    body = sealer.unseal(record.body or b"", context=inbox.context(record.uuid))
    return parse_visit(body) if record.kind is PayloadKind.VISIT else parse_interview(body)


def _check_scope(session: Session, record: InboxRecord, case: Case | None, scope: Scope) -> None:
    """What belongs to no wave or no readable case is for those whose reach has no limit there."""
    if record.wave_id is not None and not scope.sees_wave(record.wave_id):
        raise _not_there(record.uuid)
    if record.wave_id is None and scope.waves:
        raise _not_there(record.uuid)
    if scope.areas:
        parents = _parents(session, case) if case else {}
        if not scope.sees_area(case.area if case else None, parents):
            raise _not_there(record.uuid)


def _parents(session: Session, case: Case) -> dict[str, str | None]:
    return {area.code: area.parent for area in get_frame(session, case.frame_id).areas}


def _accept(
    session: Session,
    record: InboxRecord,
    sealer: Sealer,
    parsed: VisitPayload | InterviewPayload | Problems,
    case: Case | None,
    at: datetime,
) -> None:
    if isinstance(parsed, tuple):
        raise _cannot(Reason.UNREADABLE)
    reason = find_refusal(session, sealer, parsed, case, wave_id=record.wave_id, stored=record.reason, at=at)
    if reason or case is None:
        raise _cannot(reason or Reason.UNKNOWN_CASE)
    if isinstance(parsed, InterviewPayload):
        wave = get_wave(session, case.wave_id)
        checked = checker_of(session, wave).check(parsed)
        earlier = read_earlier(session, sealer, wave.id, case.id)
        if reason := place_interview(session, wave, case, record.uuid, parsed, checked, earlier, at=at):
            raise _cannot(reason)


def _is_screened(session: Session, case: Case, interview: InterviewPayload) -> bool:
    """Whether somebody at the door was found not to be eligible."""
    checked = checker_of(session, get_wave(session, case.wave_id)).check(interview)
    return checked.screened and interview.canvasser != NOBODY


def _cannot(reason: Reason) -> Conflict:
    return Conflict(Message(N_("不能采用：{reason}。可以作废"), {"reason": REASONS[reason]}))


def _not_there(uuid: UUID) -> NotThere:
    return NotThere(Message(N_("没有收到过编号为 {id} 的记录"), {"id": uuid}))
