"""Report a fix: the responsible department tells how far it is, what came of it and what it cost."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from survey.casework.outreach_completion import read_completion, record_completion, take_back
from survey.casework.outreach_fields import one_problem, read_action
from survey.casework.outreach_reach import Places, find_action
from survey.messages import N_, Conflict, Message, NotThere
from survey.outreach import ActionKind, ActionStatus
from survey.reports.wording import BEIJING
from survey.roles import Scope
from survey.store import outreach_actions
from survey.store.outreach_actions import OutreachAction

#: What a department may say; the rest, and what evidence is to be kept, is the officials' to change.
FIELDS = frozenset({"status", "result", "spent"})
_NOWHERE = Places(homes=0, grids={}, estates={})


def report_fix(
    session: Session,
    action_id: int,
    texts: Mapping[str, str],
    *,
    revision: int,
    scope: Scope,
    at: datetime,
    by: str,
) -> OutreachAction:
    """Store those of ``status result spent`` that were sent. A fix that is done is put on record with ``done_day`` (the
    day of the report, where none is sent) and ``done_quantity`` (one, where none is sent).

    Raises :class:`NotThere` for what is no fix or out of reach, :class:`BadInput` with a problem for each field (a fix
    that is done has a result), :class:`Conflict` for a cancelled one and when somebody else changed it since
    ``revision``.
    """
    found = find_action(session, action_id, scope=scope, whole=True)
    action = found.action
    if action.kind is not ActionKind.FIX:
        raise NotThere(Message(N_("没有编号为 {id} 的整改事项"), {"id": action_id}))
    if action.status is ActionStatus.CANCELLED:
        raise Conflict(Message(N_("这项行动已取消：恢复以后才能修改")))
    changes = read_action({name: text for name, text in texts.items() if name in FIELDS}, _NOWHERE)
    if changes.get("status") is ActionStatus.CANCELLED:
        raise one_problem("status", "cancelled", Message(N_("未开始、进行中或已完成；只有干部能取消")))
    done = read_completion(session, found, changes, texts, today=at.astimezone(BEIJING).date())
    after = outreach_actions.change_action(session, action_id, changes, revision=revision, at=at, by=by)
    if done:
        record_completion(session, found, done, at=at, by=by)
    take_back(session, found, changes, by=by)
    return after
