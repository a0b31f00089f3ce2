"""Tick a unit in the ledger of an action at the door: reached, nobody, or do not disturb; and take it back.

There is no field for what anybody said.
"""

from datetime import date, datetime

from sqlalchemy.orm import Session

from survey.casework.outreach_periods import first_day
from survey.casework.outreach_reach import FoundAction, find_action, start_action
from survey.messages import N_, BadInput, Conflict, Message, NotThere
from survey.outreach import DOOR_TO_DOOR, ActionStatus, LedgerOutcome
from survey.roles import Scope
from survey.store import ledger_visits
from survey.store.units import get_units
from survey.units import NOT_DRAWN, Unit


def tick_unit(
    session: Session,
    action_id: int,
    unit_serial: int,
    *,
    outcome: str,
    day: date,
    scope: Scope,
    today: date,
    at: datetime,
    by: str,
) -> None:
    """Note what the unit was found as; each counts once, as it was last found. The first note starts an action that
    was not started.

    Raises :class:`NotThere` for an action or a unit out of reach, :class:`BadInput` for another outcome, a day to
    come or one of long ago, :class:`Conflict` for a cancelled action or one that is not done at doors.
    """
    found, unit = _find(session, action_id, unit_serial, scope=scope)
    try:
        noted = LedgerOutcome(outcome)
    except ValueError:
        expected = N_("走访结果只有：见到人、无人、勿扰（收到“{got}”）")
        raise BadInput(Message(expected, {"got": outcome[:20]})) from None
    if day < (first := first_day(found.wave)):
        told = N_("日期 {got} 太早了：这个计划的走访最早在 {first}")
        raise BadInput(Message(told, {"got": str(day), "first": str(first)}))
    if day > today:
        raise BadInput(Message(N_("日期 {got} 还没有到：请填今天或以前的日期"), {"got": str(day)}))
    ledger_visits.tick(
        session,
        action_id=action_id,
        frame_id=found.wave.frame_id,
        unit_serial=unit.serial,
        outcome=noted,
        day=day,
        by=by,
    )
    start_action(session, found.action, at=at, by=by)


def untick_unit(session: Session, action_id: int, unit_serial: int, *, scope: Scope) -> None:
    """Take a note back; where there is none, nothing changes. Raises as :func:`tick_unit`."""
    found, unit = _find(session, action_id, unit_serial, scope=scope)
    ledger_visits.untick(session, action_id=action_id, frame_id=found.wave.frame_id, unit_serial=unit.serial)


def _find(session: Session, action_id: int, serial: int, *, scope: Scope) -> tuple[FoundAction, Unit]:
    found = find_action(session, action_id, scope=scope)
    if found.action.type_code not in DOOR_TO_DOOR:
        raise Conflict(Message(N_("这项行动不上门，没有走访台账")))
    if found.action.status is ActionStatus.CANCELLED:
        raise Conflict(Message(N_("这项行动已取消，不再登记走访")))
    unit = get_units(session, found.wave.frame_id, [serial]).get(serial)
    area = found.action.area
    if (
        unit is None
        or unit.area != area
        or unit.status in NOT_DRAWN
        or not found.reach.sees_grid(unit.grid, area)
        or not _lies_at(unit, found.action.place)
    ):
        raise NotThere(Message(N_("这项行动的范围里没有这一户，或者它不归您负责")))
    return found, unit


def _lies_at(unit: Unit, place: str) -> bool:
    return place in ("", unit.grid, unit.address.get("estate", ""))
