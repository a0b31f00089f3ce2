"""Edit outreach: change an action, cancel it and bring it back, remark on it; prices and names of action types."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from questionnaires.definition import Text
from survey.casework.outreach_completion import COMPLETION_FIELDS, read_completion, record_completion, take_back
from survey.casework.outreach_fields import one_problem, read_action, read_money, read_text
from survey.casework.outreach_reach import FoundAction, find_action, places_in
from survey.messages import N_, BadInput, Conflict, Message, NotThere
from survey.outreach import LONGEST_NAME, LONGEST_TEXT, ActionStatus, ActionType
from survey.reports.wording import BEIJING
from survey.roles import Scope
from survey.store import action_types, ledger_visits, outreach_actions, outreach_comments, outreach_work
from survey.store.outreach_actions import OutreachAction


def change_action(
    session: Session,
    action_id: int,
    texts: Mapping[str, str],
    *,
    revision: int,
    scope: Scope,
    at: datetime,
    by: str,
) -> OutreachAction:
    """Store what was typed into the fields that were sent: any of ``quantity status place start end leader owner
    department type unit_cost budget spent evidence result``.

    What was counted stays right: no other type once work is recorded, no other place than the whole area once homes
    are ticked. An action is done when work is on record, or with ``done_day done_quantity`` that put it there.

    Raises :class:`NotThere` out of reach; :class:`BadInput` with a problem for each field; :class:`Conflict` for a
    cancelled action, and when somebody else changed it since ``revision``.
    """
    found = find_action(session, action_id, scope=scope, whole=True)
    _require_standing(found.action)
    fields = {name: text for name, text in texts.items() if name not in COMPLETION_FIELDS}
    places = places_in(session, found.wave.frame_id, found.action.area)
    changes = read_action(fields, places, start=found.action.start, end=found.action.end)
    if changes.get("status") is ActionStatus.CANCELLED:
        raise one_problem("status", "cancelled", Message(N_("未开始、进行中或已完成；取消要单独确认")))
    _check_counted(session, found.action, changes)
    changes |= _prices(session, found, changes)
    done = read_completion(session, found, changes, texts, today=at.astimezone(BEIJING).date())
    after = outreach_actions.change_action(session, action_id, changes, revision=revision, at=at, by=by)
    if done:
        record_completion(session, found, done, at=at, by=by)
    take_back(session, found, changes, by=by)
    return after


def cancel_action(
    session: Session, action_id: int, *, revision: int, scope: Scope, at: datetime, by: str
) -> OutreachAction:
    """Raises as :func:`change_action`."""
    found = find_action(session, action_id, scope=scope, whole=True)
    _require_standing(found.action)
    changes = {"status": ActionStatus.CANCELLED}
    return outreach_actions.change_action(session, action_id, changes, revision=revision, at=at, by=by)


def restore_action(
    session: Session, action_id: int, *, revision: int, scope: Scope, at: datetime, by: str
) -> OutreachAction:
    """Back to what it was before it was cancelled. Raises as :func:`change_action`, or when it stands."""
    found = find_action(session, action_id, scope=scope, whole=True)
    if found.action.status is not ActionStatus.CANCELLED:
        raise Conflict(Message(N_("这项行动没有取消")))
    history = [change for change in outreach_actions.list_changes(session, action_id) if change.field == "status"]
    changes = {"status": ActionStatus(history[-1].before)}
    return outreach_actions.change_action(session, action_id, changes, revision=revision, at=at, by=by)


def comment(session: Session, action_id: int, text: str, *, scope: Scope, at: datetime, by: str) -> None:
    """Raises :class:`NotThere` out of reach, :class:`BadInput` for an empty, too long or personal text."""
    find_action(session, action_id, scope=scope)
    try:
        plain = read_text(text)
    except ValueError:
        expected = Message(N_("不超过{most}字，没有电话和证件号"), {"most": LONGEST_TEXT})
        raise one_problem("comment", text, expected) from None
    if not plain:
        raise one_problem("comment", "", Message(N_("评论的内容")))
    outreach_comments.add_comment(session, action_id, plain, at=at, by=by)


def change_type(session: Session, code: str, texts: Mapping[str, str], *, at: datetime, by: str) -> ActionType:
    """Store ``name_zh name_en unit_zh unit_en unit_cost`` of an action type. With ``local_price`` "yes" its price is
    the city's own; without, it is an assumption.

    Actions keep the price they were made with until the plan is made again. Raises :class:`NotThere`,
    :class:`BadInput`.
    """
    before = action_types.get_type(session, code)
    cost = _cost(texts.get("unit_cost", ""))
    words = {name: _words(name, texts.get(name, "")) for name in ("name_zh", "unit_zh")}
    words |= {
        "name_en": _words("name_en", texts.get("name_en") or before.name.en),
        "unit_en": _words("unit_en", texts.get("unit_en") or before.unit.en),
    }
    return action_types.change_type(
        session,
        code,
        name=Text(zh_Hans=words["name_zh"], en=words["name_en"]),
        unit=Text(zh_Hans=words["unit_zh"], en=words["unit_en"]),
        unit_cost_cny=cost,
        assumed=texts.get("local_price") != "yes",
        at=at,
        by=by,
    )


def _require_standing(action: OutreachAction) -> None:
    if action.status is ActionStatus.CANCELLED:
        raise Conflict(Message(N_("这项行动已取消：恢复以后才能修改")))


def _check_counted(session: Session, action: OutreachAction, changes: Mapping[str, object]) -> None:
    """Work is counted in the unit of the type, ticked homes are those of the place."""
    place, code = changes.get("place", action.place), changes.get("type_code", action.type_code)
    if place == action.place and code == action.type_code:
        return
    ticked = ledger_visits.coverage(session, action.id).units > 0
    if place != action.place and place and ticked:
        raise one_problem("place", str(place), Message(N_("整个社区：台账里已经登记了走访，不能再缩小或换地方")))
    if code != action.type_code and (ticked or not all(w.voided for w in outreach_work.list_work(session, action.id))):
        raise one_problem("type", str(code), Message(N_("原来的类型：已经记录了工作，数量按原来的单位计")))


def _prices(session: Session, found: FoundAction, changes: Mapping[str, object]) -> dict[str, object]:
    """What follows from another type or another price. Raises :class:`BadInput` for a type that does not fit."""
    following: dict[str, object] = {}
    code = changes.get("type_code", found.action.type_code)
    if code != found.action.type_code:
        try:
            wanted = action_types.get_type(session, str(code))
        except NotThere as error:
            raise BadInput(error.message) from None
        if found.action.kind not in wanted.kinds:
            raise one_problem("type", str(code), Message(N_("能回答这个问题的行动类型")))
        following |= {"unit_cost_cny": wanted.unit_cost_cny, "cost_assumed": wanted.assumed}
        # The full quantity was counted in the other type's unit.
        following["wanted"] = changes.get("quantity", found.action.quantity)
    if "unit_cost_cny" in changes and changes["unit_cost_cny"] != found.action.unit_cost_cny:
        following |= {"unit_cost_cny": changes["unit_cost_cny"], "cost_assumed": False}
    return following


def _cost(text: str) -> float:
    try:
        amount = read_money(text)
    except ValueError:
        amount = None
    if amount is None:
        raise one_problem("unit_cost", text, Message(N_("金额（元），不能是负数，最多两位小数")))
    return amount


def _words(column: str, text: str) -> str:
    expected = Message(N_("1到{most}字，没有电话和证件号"), {"most": LONGEST_NAME})
    try:
        plain = read_text(text, longest=LONGEST_NAME)
    except ValueError:
        raise one_problem(column, text, expected) from None
    if not plain or "\n" in plain:
        raise one_problem(column, text, expected)
    return plain
