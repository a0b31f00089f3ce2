"""What each making of a plan did, read off the histories of its actions: it changes them all at one moment."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.outreach import ActionStatus
from survey.store.outreach_actions import OutreachActionRow, OutreachChangeRow
from survey.store.outreach_plans import OutreachPlanRow, PlanMakingRow


@dataclass(frozen=True, kw_only=True)
class MakingEffect:
    """What a making that was not the first did. ``quantities``: action -> its quantity before and after."""

    added: tuple[int, ...]
    removed: tuple[int, ...]
    restored: tuple[int, ...]
    quantities: Mapping[int, tuple[int, int]]


def making_effect(session: Session, plan_id: int, at: datetime) -> MakingEffect:
    """Of the making at that moment."""
    change, action = OutreachChangeRow, OutreachActionRow
    query = (
        select(change.action_id, change.field, change.before, change.after)
        .join(action, action.id == change.action_id)
        .where(action.plan_id == plan_id, change.at == at, change.field.in_(("quantity", "status")))
        .order_by(change.id)
    )
    rows = session.execute(query).all()
    added = session.scalars(select(action.id).where(action.plan_id == plan_id, action.made_at == at))
    return MakingEffect(
        added=tuple(sorted(added)),
        removed=tuple(row[0] for row in rows if row[1] == "status" and row[3] == ActionStatus.CANCELLED),
        restored=tuple(row[0] for row in rows if row[1] == "status" and row[2] == ActionStatus.CANCELLED),
        quantities={row[0]: (int(row[2]), int(row[3])) for row in rows if row[1] == "quantity"},
    )


def quantities_by_hand(session: Session, wave_id: int) -> frozenset[int]:
    """The actions of the wave's plan whose quantity somebody typed last, and no making of the plan."""
    change, action, plan, making = OutreachChangeRow, OutreachActionRow, OutreachPlanRow, PlanMakingRow
    moments = select(making.made_at).join(plan, plan.id == making.plan_id).where(plan.wave_id == wave_id)
    query = (
        select(change.action_id, change.at)
        .join(action, action.id == change.action_id)
        .join(plan, plan.id == action.plan_id)
        .where(plan.wave_id == wave_id, change.field == "quantity")
        .order_by(change.id)
    )
    made = set(session.scalars(moments))
    last: dict[int, datetime] = {row[0]: row[1] for row in session.execute(query)}
    return frozenset(number for number, at in last.items() if at not in made)
