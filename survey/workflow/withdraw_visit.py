"""Withdraw a visit that was recorded by mistake, right after it: it stays on record as void."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from survey.fieldwork.quarantine import Reason
from survey.keys import KeyRing
from survey.messages import N_, Conflict, Message, NotThere
from survey.store import inbox
from survey.store.accounts import Account
from survey.store.cases import Case
from survey.store.inbox import PayloadState
from survey.store.visits import VisitRecord, read_visits
from survey.store.wave_keys import open_sealer

#: Later a mistake is for the supervisor.
WITHIN = timedelta(minutes=15)


def may_withdraw(visit: VisitRecord, account: Account, *, at: datetime) -> bool:
    """Whether ``account`` recorded it, and not longer than :data:`WITHIN` ago.

    On the site that is by the server's clock. A device says itself when it was, but never later than it arrived: a
    clock that is ahead wins no time, one that is behind loses some, and then it is for the supervisor.
    """
    if visit.state is PayloadState.VOID or visit.payload.canvasser != account.id:
        return False
    return visit.payload.at <= at <= visit.payload.at + WITHIN


def withdraw_visit(
    session: Session, keys: KeyRing, case: Case, visit_id: UUID, *, account: Account, at: datetime
) -> None:
    """Raises ``NotThere`` for a visit that is none of this case, ``Conflict`` for one that stands for good."""
    sealer = open_sealer(session, keys, case.wave_id, at=at)
    visits = read_visits(session, sealer, case.wave_id, sealer.tag(f"case:{case.id}"))
    visit = next((one for one in visits if one.uuid == visit_id), None)
    if visit is None:
        raise NotThere(Message(N_("这一户没有这条到访记录")))
    if visit.state is PayloadState.VOID:
        return
    if not may_withdraw(visit, account, at=at):
        minutes = int(WITHIN.total_seconds() // 60)
        raise Conflict(Message(N_("只能撤销自己在 {minutes} 分钟以内的记录；更早的请告诉督导"), {"minutes": minutes}))
    inbox.set_state(session, visit_id, state=PayloadState.VOID, reason=Reason.WITHDRAWN)
