"""Actions of outreach plans, and every change of them.

What asked for an action never changes and no action goes away; changes are append-only: triggers refuse anything else.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message, NotThere
from survey.outreach import ActionKind, ActionStatus, Finding
from survey.store.action_types import keep_type
from survey.store.outreach_plans import OutreachPlanRow
from survey.store.tables import Base, Choice, one_of
from survey.store.written_values import written

_NOT_NEGATIVE = ("wanted", "quantity", "unit_cost_cny", "residents", "budget_cny", "spent_cny")

#: What people may change; the rest is what asked for the action.
CHANGEABLE = (
    *("place", "type_code", "wanted", "quantity", "unit_cost_cny", "cost_assumed", "start", "end"),
    *("leader", "owner", "department", "budget_cny", "spent_cny", "evidence", "status", "result"),
)


class OutreachActionRow(Base):
    __tablename__ = "outreach_actions"
    __table_args__ = (
        one_of("kind", ActionKind),
        one_of("finding", Finding),
        one_of("status", ActionStatus),
        *(CheckConstraint(f"{name} >= 0", name=name) for name in _NOT_NEGATIVE),
        CheckConstraint("revision >= 1", name="revision"),
        CheckConstraint("ends >= starts", name="dates"),
        ForeignKeyConstraint(
            ["run_id", "estimate_position"],
            ["estimates.run_id", "estimates.position"],
            name="fk_outreach_actions_estimate",
        ),
        UniqueConstraint("plan_id", "run_id", "estimate_position", "kind"),
        Index(None, "run_id", "estimate_position"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("outreach_plans.id"))
    run_id: Mapped[int]
    estimate_position: Mapped[int]
    kind: Mapped[ActionKind] = mapped_column(Choice(ActionKind))
    finding: Mapped[Finding] = mapped_column(Choice(Finding))
    indicator: Mapped[str]
    area: Mapped[str]
    place: Mapped[str]
    type_code: Mapped[str] = mapped_column(ForeignKey("action_types.code"), index=True)
    wanted: Mapped[int]
    quantity: Mapped[int]
    unit_cost_cny: Mapped[float]
    cost_assumed: Mapped[bool]
    residents: Mapped[int | None]
    start: Mapped[date | None] = mapped_column("starts")
    end: Mapped[date | None] = mapped_column("ends")
    leader: Mapped[str]
    owner: Mapped[str]
    department: Mapped[str]
    budget_cny: Mapped[float | None]
    spent_cny: Mapped[float | None]
    evidence: Mapped[str]
    status: Mapped[ActionStatus] = mapped_column(Choice(ActionStatus))
    result: Mapped[str]
    edited: Mapped[bool]
    revision: Mapped[int]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class OutreachChangeRow(Base):
    """Append-only: triggers refuse to change or delete a row."""

    __tablename__ = "outreach_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("outreach_actions.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column("changed_by")
    field: Mapped[str]
    before: Mapped[str]
    after: Mapped[str]


@dataclass(frozen=True, kw_only=True)
class NewAction:
    """``wanted``: the full quantity; ``quantity``: what the budget reaches. ``residents``: how many people stand
    behind the problem, ``None`` where that cannot be told. ``area``: a community or village, never a dwelling.
    """

    run_id: int
    estimate_position: int
    kind: ActionKind
    finding: Finding
    indicator: str
    area: str
    type_code: str
    wanted: int
    quantity: int
    unit_cost_cny: float
    cost_assumed: bool
    residents: int | None
    department: str = ""
    evidence: str = ""


@dataclass(frozen=True, kw_only=True)
class OutreachAction(NewAction):
    """``place``: "" the whole area, else the code of a grid or the name of an estate. ``edited``: a person has changed
    something, so making the plan again leaves it alone. ``revision`` rises with every change.
    """

    id: int
    plan_id: int
    place: str
    start: date | None
    end: date | None
    leader: str
    owner: str
    budget_cny: float | None
    spent_cny: float | None
    status: ActionStatus
    result: str
    edited: bool
    revision: int
    made_at: datetime
    made_by: str

    @property
    def cost_cny(self) -> float:
        return round(self.quantity * self.unit_cost_cny, 2)


@dataclass(frozen=True, kw_only=True)
class OutreachChange:
    at: datetime
    by: str
    field: str
    before: str
    after: str


def add_actions(
    session: Session, plan_id: int, actions: Sequence[NewAction], *, at: datetime, by: str
) -> tuple[int, ...]:
    """The ids of the new actions, in their order; none of them is started."""
    for code in {action.type_code for action in actions}:
        keep_type(session, code)
    rows = [
        OutreachActionRow(
            **{field.name: getattr(action, field.name) for field in fields(NewAction)},
            plan_id=plan_id,
            place="",
            leader="",
            owner="",
            status=ActionStatus.NOT_STARTED,
            result="",
            edited=False,
            revision=1,
            made_at=at,
            made_by=by,
        )
        for action in actions
    ]
    session.add_all(rows)
    session.flush()
    return tuple(row.id for row in rows)


def get_action(session: Session, action_id: int) -> OutreachAction:
    """Raises :class:`NotThere`."""
    return _action(_get_row(session, action_id))


def list_actions(
    session: Session,
    wave_id: int,
    *,
    kinds: Collection[ActionKind] = (),
    statuses: Collection[ActionStatus] = (),
    areas: Collection[str] | None = (),
    department: str = "",
) -> tuple[OutreachAction, ...]:
    """The actions of the wave's plan in the order they were made; an empty filter lets everything through."""
    found = OutreachActionRow
    query = select(found).join(OutreachPlanRow, OutreachPlanRow.id == found.plan_id)
    query = query.where(OutreachPlanRow.wave_id == wave_id)
    if kinds:
        query = query.where(found.kind.in_(kinds))
    if statuses:
        query = query.where(found.status.in_(statuses))
    if areas:
        query = query.where(found.area.in_(areas))
    if department:
        query = query.where(found.department == department)
    return tuple(map(_action, session.scalars(query.order_by(found.id))))


def wave_of(session: Session, action: OutreachAction) -> int:
    """The wave whose estimates asked for the action."""
    return session.scalars(select(OutreachPlanRow.wave_id).where(OutreachPlanRow.id == action.plan_id)).one()


def change_action(
    session: Session,
    action_id: int,
    changes: Mapping[str, object],
    *,
    revision: int,
    at: datetime,
    by: str,
    edited: bool = True,
) -> OutreachAction:
    """The action after ``changes`` (field of :data:`CHANGEABLE` -> value), each written down; what is the same is no
    change. ``edited`` false: the plan was made again, nobody touched the action.

    Raises :class:`NotThere`; :class:`Conflict` when somebody else changed it since ``revision``, unless all is stored
    already as it was sent: then the same form came twice.
    """
    if unknown := changes.keys() - set(CHANGEABLE):
        raise ValueError(f"got {sorted(unknown)}, expected fields of CHANGEABLE")
    row = _get_row(session, action_id, lock=True)
    changes = {name: value for name, value in changes.items() if getattr(row, name) != value}
    if changes and row.revision != revision:
        raise Conflict(Message(N_("这项行动刚被别人修改过：请看过现在的内容，再改一次")))
    if "type_code" in changes:
        keep_type(session, str(changes["type_code"]))
    for name, value in changes.items():
        before, after = written(getattr(row, name)), written(value)
        setattr(row, name, value)
        session.add(OutreachChangeRow(action_id=action_id, at=at, by=by, field=name, before=before, after=after))
    if changes:
        row.revision += 1
        row.edited = row.edited or edited
    session.flush()
    return _action(row)


def list_changes(session: Session, action_id: int) -> tuple[OutreachChange, ...]:
    """In the order they were made."""
    query = select(OutreachChangeRow).where(OutreachChangeRow.action_id == action_id).order_by(OutreachChangeRow.id)
    return tuple(
        OutreachChange(at=row.at, by=row.by, field=row.field, before=row.before, after=row.after)
        for row in session.scalars(query)
    )


def _get_row(session: Session, action_id: int, *, lock: bool = False) -> OutreachActionRow:
    row = session.get(OutreachActionRow, action_id, with_for_update=lock, populate_existing=True)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的行动"), {"id": action_id}))
    return row


def _action(row: OutreachActionRow) -> OutreachAction:
    values: dict[str, Any] = {field.name: getattr(row, field.name) for field in fields(OutreachAction)}
    return OutreachAction(**values)
