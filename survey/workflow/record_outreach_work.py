"""Record outreach work: when, in which grid, how many people, how much. Nothing anybody said."""

from collections.abc import Mapping
from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Session

from survey.casework.outreach_fields import read_count, read_day
from survey.casework.outreach_limits import wrong_amount, wrong_day
from survey.casework.outreach_periods import wave_that_counts
from survey.casework.outreach_reach import FoundAction, find_action, places_in, start_action
from survey.messages import N_, BadInput, Conflict, Message, NotAllowed, NotThere, Problem
from survey.outreach import ActionStatus, by_grid_workers
from survey.roles import Scope
from survey.store import outreach_work
from survey.store.outreach_work import Work

MOST_PEOPLE = 10_000


def record_outreach_work(
    session: Session,
    action_id: int,
    texts: Mapping[str, str],
    *,
    work_id: UUID,
    scope: Scope,
    today: date,
    at: datetime,
    by: str,
) -> Work:
    """Store ``grid day people quantity`` as typed; the same ``work_id`` again is the same work. The first work starts
    an action that was not started. More than was planned, or than so many people can do on a day, needs ``sure`` "yes".

    Raises :class:`NotThere` for an action or a grid out of reach, :class:`BadInput` with a problem for each field,
    :class:`Conflict` for a cancelled action and for one that others carry out: fixes are the departments', interviews
    the canvassers'.
    """
    found = find_action(session, action_id, scope=scope)
    require_standing(found)
    if not by_grid_workers(found.action.kind, found.action.type_code):
        raise Conflict(Message(N_("这项行动不由网格员做：整改由责任部门报告，补充访问由访员做。")))
    work = _read(session, found, texts, work_id=work_id, today=today, at=at, by=by)
    if outreach_work.add_work(session, work):
        start_action(session, found.action, at=at, by=by)
    return outreach_work.get_work(session, work_id)


def void_outreach_work(session: Session, action_id: int, work_id: UUID, *, scope: Scope, by: str) -> None:
    """It stays readable and no longer counts. Only who recorded it may make it void.

    Raises :class:`NotThere`, :class:`NotAllowed`, :class:`Conflict` when it is void already, and when a published wave
    has counted it: what was published does not change.
    """
    found = find_action(session, action_id, scope=scope)
    work = outreach_work.get_work(session, work_id)
    if work.action_id != action_id:
        raise NotThere(Message(N_("没有这条工作记录")))
    if work.by != by:
        raise NotAllowed(Message(N_("这条工作由“{name}”记录，只有记录的人才能作废"), {"name": work.by}))
    if not work.voided and (later := wave_that_counts(session, found.wave.id, work)) is not None:
        told = N_("这条工作已经计入发布的“{wave}”，不能再作废；记错了，请在行动的评论里写明")
        raise Conflict(Message(told, {"wave": later.name}))
    outreach_work.void_work(session, work_id, by=by)


def require_standing(found: FoundAction) -> None:
    if found.action.status is ActionStatus.CANCELLED:
        raise Conflict(Message(N_("这项行动已取消，不再记录工作")))


def _read(
    session: Session,
    found: FoundAction,
    texts: Mapping[str, str],
    *,
    work_id: UUID,
    today: date,
    at: datetime,
    by: str,
) -> Work:
    grid = texts.get("grid", "")
    area = found.action.area
    if not found.reach.sees_grid(grid, area):
        raise NotThere(Message(N_("没有这个网格，或者它不归您负责")))
    problems: list[Problem] = []

    def refuse(name: str, expected: Message) -> None:
        problems.append(Problem(where="", column=name, got=texts.get(name, "")[:40], expected=expected))

    if grid and grid not in places_in(session, found.wave.frame_id, area).grids:
        refuse("grid", Message(N_("这个社区的一个网格")))
    day, people, quantity = today, 0, 0
    try:
        day = read_day(texts.get("day", "")) or _missing()
        if wrong := wrong_day(day, found.wave, today):
            refuse("day", wrong)
    except ValueError:
        refuse("day", Message(N_("今天或以前的日期，例如 2026-05-01")))
    try:
        people = read_count(texts.get("people", ""), least=1)
        if people > MOST_PEOPLE:
            raise ValueError(people)
    except ValueError:
        refuse("people", Message(N_("1到{most}的整数"), {"most": MOST_PEOPLE}))
    try:
        quantity = read_count(texts.get("quantity", ""))
        others = [work for work in outreach_work.list_work(session, found.action.id) if work.id != work_id]
        sure = texts.get("sure") == "yes"
        # Without a readable number of people nothing can be said of each.
        per_day = people or quantity
        if wrong := wrong_amount(found.action, others, quantity=quantity, people=per_day, confirmed=sure):
            refuse("quantity", wrong)
    except ValueError:
        refuse("quantity", Message(N_("不小于0的整数")))
    if problems:
        raise BadInput(Message(N_("有 {count} 处不能保存"), {"count": len(problems)}), problems)
    return Work(
        id=work_id, action_id=found.action.id, grid=grid, day=day, people=people, quantity=quantity, at=at, by=by
    )


def _missing() -> date:
    raise ValueError
