"""Outreach after a published wave: planned from its estimates, done where the truth moved, begun elsewhere."""

from datetime import date, datetime, timedelta
from uuid import UUID

import numpy as np

from survey.demo.context import Making, StoredFrame
from survey.demo.people import DEPARTMENT, GRID_WORKER, GRID_WORKER_AREAS, OFFICIAL
from survey.outreach import DOOR_TO_DOOR, ActionKind, LedgerOutcome
from survey.roles import Scope
from survey.store.outreach_actions import OutreachAction, get_action, list_actions
from survey.units import Unit, UnitStatus
from survey.workflow.edit_outreach import cancel_action, change_action, comment
from survey.workflow.plan_outreach import plan_outreach
from survey.workflow.record_outreach_work import record_outreach_work
from survey.workflow.report_fix import report_fix
from survey.workflow.tick_unit import tick_unit

#: Yuan: so little that the plan reaches the end of it.
BUDGET = 60_000.0
#: The share of the work that is done of an action begun, and of its homes that are in the ledger: visits count each
#: time, homes once.
BEGUN, TICKED = 0.1, 0.5
FOUND = ((LedgerOutcome.REACHED, 0.66), (LedgerOutcome.NOBODY, 0.28), (LedgerOutcome.DO_NOT_DISTURB, 0.06))
LEADER, OWNER = "凌导（虚构）", "社区工作站（虚构）"
_RESULTS = {
    ActionKind.TELL: "按计划完成；台账只记日期和结果（演示）",
    ActionKind.FIX: "增加保洁班次，清理积存垃圾，更换破损垃圾桶（演示）",
    ActionKind.ASK: "已转给调查队安排（演示）",
}


def carry_out(making: Making, frame: StoredFrame, wave: int, *, at: datetime) -> None:
    """The plan of a wave after which another came: what moved the truth was done, the rest was not, or not in time."""
    session, places = making.session, {place.code: place for place in frame.places}
    plan_outreach(session, wave, budget=BUDGET, at=at, by=OFFICIAL)
    actions = [action for action in list_actions(session, wave) if action.quantity]
    done = [action for action in actions if action.indicator in places[action.area].moves]
    for action in done:
        _do(making, frame, action, at=at)
    rest = [action for action in actions if action not in done]
    for number, action in enumerate(rest):
        _leave(making, action, number, at=at)
    making.say(f"wave {wave}: outreach of {len(actions)} actions, {len(done)} done")


def begin(making: Making, frame: StoredFrame, wave: int, *, at: datetime) -> None:
    """The plan of the newest wave: where the grid worker goes, something was begun."""
    session = making.session
    plan_outreach(session, wave, budget=None, at=at, by=OFFICIAL)
    actions = list_actions(session, wave)
    fixes = [action for action in actions if action.kind is ActionKind.FIX]
    for number, action in enumerate(fixes[:4]):
        _leave(making, action, number % 2, at=at)
    ours = [one for one in actions if one.area in GRID_WORKER_AREAS and one.kind is ActionKind.TELL]
    for action in ours:
        first = (making.now - timedelta(days=3)).date()
        scheduled = _schedule(making, action, at=at, days=40)
        _record(making, frame, scheduled, first, share=BEGUN)
        if action.type_code in DOOR_TO_DOOR:
            _tick(making, frame, scheduled, first, BEGUN * TICKED, days=2)


def _do(making: Making, frame: StoredFrame, action: OutreachAction, *, at: datetime) -> None:
    """From its dates to its result."""
    action = _schedule(making, action, at=at, days=45)
    first = (at + timedelta(days=10)).date()
    over = at + timedelta(days=40)
    result = _RESULTS[action.kind]
    if action.kind is ActionKind.FIX:
        texts = {"status": "done", "result": result, "evidence": "整改前后照片、验收单", "spent": "4200"}
        session, revision = making.session, action.revision
        report_fix(session, action.id, texts, revision=revision, scope=Scope(), at=over, by=DEPARTMENT)
        return
    days = _record(making, frame, action, first, share=1.0)
    if action.type_code in DOOR_TO_DOOR:
        _tick(making, frame, action, first, TICKED, days=days)
    latest = get_action(making.session, action.id)
    texts = {"status": "done", "result": result}
    _change(making, latest, texts, at=over)


def _schedule(making: Making, action: OutreachAction, *, at: datetime, days: int) -> OutreachAction:
    """Dates and names, as an official fills them in."""
    start, end = at.date() + timedelta(days=7), at.date() + timedelta(days=days)
    texts = {"start": start.isoformat(), "end": end.isoformat(), "leader": LEADER, "owner": OWNER}
    if action.kind is ActionKind.FIX:
        texts["status"] = "in_progress"
    if action.type_code in DOOR_TO_DOOR:
        texts["quantity"] = str(min(action.quantity, making.scale.most_doors))
    return _change(making, action, texts, at=at + timedelta(days=1))


def _change(making: Making, action: OutreachAction, texts: dict[str, str], *, at: datetime) -> OutreachAction:
    revision = action.revision
    return change_action(making.session, action.id, texts, revision=revision, scope=Scope(), at=at, by=OFFICIAL)


def _record(making: Making, frame: StoredFrame, action: OutreachAction, first: date, *, share: float) -> int:
    """Work by grid, on several days, until ``share`` of the quantity is reached; on how many days."""
    place = next(place for place in frame.places if place.code == action.area)
    grids = [f"{place.code}{number:03}" for number in range(1, place.grids + 1)] or [""]
    total = max(1, round(share * action.quantity))
    parts = [total // len(grids) + (number < total % len(grids)) for number in range(len(grids))]
    rng = np.random.default_rng([making.seed, action.id, 9])
    for number, (grid, quantity) in enumerate(zip(grids, parts, strict=True)):
        if not quantity:
            continue
        day = first + timedelta(days=number if share == 1.0 else 0)
        at = datetime.combine(day, datetime.min.time(), making.now.tzinfo) + timedelta(hours=10)
        record_outreach_work(
            making.session,
            action.id,
            {"grid": grid, "day": day.isoformat(), "people": str(2 + number % 3), "quantity": str(quantity)},
            work_id=UUID(bytes=rng.bytes(16), version=4),
            scope=_reach(action),
            today=day,
            at=at,
            by=GRID_WORKER,
        )
    return sum(quantity > 0 for quantity in parts) if share == 1.0 else 1


def _tick(making: Making, frame: StoredFrame, action: OutreachAction, first: date, share: float, *, days: int) -> None:
    """The ledger of the first homes."""
    homes = [unit for unit in frame.units.values() if _is_home(unit, action.area)]
    count = min(len(homes), round(share * action.quantity))
    rng = np.random.default_rng([making.seed, action.id, 10])
    outcomes = rng.choice([outcome.value for outcome, _ in FOUND], size=count, p=[share for _, share in FOUND])
    for number, (unit, outcome) in enumerate(zip(homes, outcomes.tolist(), strict=False)):
        day = first + timedelta(days=number * days // count)
        tick_unit(
            making.session,
            action.id,
            unit.serial,
            outcome=outcome,
            day=day,
            scope=_reach(action),
            today=day,
            at=datetime.combine(day, datetime.min.time(), making.now.tzinfo) + timedelta(hours=10),
            by=GRID_WORKER,
        )


def _leave(making: Making, action: OutreachAction, number: int, *, at: datetime) -> None:
    """Begun and late, begun, given up with a remark, or not begun at all, in turn."""
    session, scope = making.session, Scope()
    if number % 4 == 0:
        scheduled = _schedule(making, action, at=at, days=30)
        if action.kind is ActionKind.FIX:
            text = {"status": "in_progress", "evidence": "施工方案（演示）"}
            when, revision = at + timedelta(days=12), scheduled.revision
            report_fix(session, action.id, text, revision=revision, scope=scope, at=when, by=DEPARTMENT)
    elif number % 4 == 1:
        _schedule(making, action, at=at, days=60)
        comment(session, action.id, "请先确认责任科室（演示）", scope=scope, at=at + timedelta(days=3), by=OFFICIAL)
    elif number % 4 == 2 and action.kind is ActionKind.ASK:
        cancel_action(session, action.id, revision=action.revision, scope=scope, at=at + timedelta(days=2), by=OFFICIAL)


def _reach(action: OutreachAction) -> Scope:
    return Scope(areas=frozenset({action.area}))


def _is_home(unit: Unit, area: str) -> bool:
    return unit.area == area and unit.status not in (UnitStatus.COMMERCIAL, UnitStatus.DEMOLISHED)
