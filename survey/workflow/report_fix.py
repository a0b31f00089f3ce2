"""Report a fix: the responsible department tells how far it is, what came of it and what it cost."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from survey.casework.outreach_fields import one_problem, read_action
from survey.casework.outreach_reach import Places, find_action
from survey.messages import N_, Conflict, Message, NotThere
from survey.outreach import ActionKind, ActionStatus
from survey.roles import Scope
from survey.store import outreach_actions
from survey.store.outreach_actions import OutreachAction

#: What a department may say; the rest is the officials' to change.
FIELDS = frozenset({"status", "result", "evidence", "spent"})
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
    """Store those of ``status result evidence spent`` that were sent.

    Raises :class:`NotThere` for what is no fix or out of reach, :class:`BadInput` with a problem for each field (a fix
    that is done has a result), :class:`Conflict` for a cancelled one and when somebody else changed it since
    ``revision``.
    """
    action = find_action(session, action_id, scope=scope, whole=True).action
    if action.kind is not ActionKind.FIX:
        raise NotThere(Message(N_("没有编号为 {id} 的整改事项"), {"id": action_id}))
    if action.status is ActionStatus.CANCELLED:
        raise Conflict(Message(N_("这项行动已取消：恢复以后才能修改")))
    changes = read_action({name: text for name, text in texts.items() if name in FIELDS}, _NOWHERE)
    status = changes.get("status", action.status)
    if status is ActionStatus.CANCELLED:
        raise one_problem("status", "cancelled", Message(N_("未开始、进行中或已完成；只有干部能取消")))
    if status is ActionStatus.DONE and not changes.get("result", action.result):
        raise one_problem("result", "", Message(N_("整改的结果：办了什么")))
    return outreach_actions.change_action(session, action_id, changes, revision=revision, at=at, by=by)
