"""Work done for actions: when, in which grid, by how many people, how much. There is nowhere to write an opinion."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Uuid, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message, NotThere
from survey.store.outreach_actions import OutreachActionRow
from survey.store.outreach_plans import OutreachPlanRow
from survey.store.tables import Base


class OutreachWorkRow(Base):
    """Never changed, only made void: triggers refuse the rest."""

    __tablename__ = "outreach_work"
    __table_args__ = (
        CheckConstraint("people >= 1", name="people"),
        CheckConstraint("quantity >= 0", name="quantity"),
    )

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("outreach_actions.id"), index=True)
    grid: Mapped[str]
    day: Mapped[date]
    people: Mapped[int]
    quantity: Mapped[int]
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column("recorded_by")
    voided_by: Mapped[str | None]


@dataclass(frozen=True, kw_only=True)
class Work:
    """``grid``: "" for the whole area of the action. ``people``: how many. ``quantity``: in the action's unit."""

    id: UUID  # chosen by the form, so that sending it twice counts once
    action_id: int
    grid: str
    day: date
    people: int
    quantity: int
    at: datetime
    by: str
    voided_by: str | None = None

    @property
    def voided(self) -> bool:
        return self.voided_by is not None


def add_work(session: Session, work: Work) -> bool:
    """Whether it is new: the same work sent again changes nothing. Raises :class:`Conflict` for other content."""
    known = session.get(OutreachWorkRow, work.id)
    if known is not None:
        same = ("action_id", "grid", "day", "people", "quantity", "by")
        if all(getattr(known, name) == getattr(work, name) for name in same):
            return False
        raise Conflict(Message(N_("这条工作记录已经保存过，内容不同：请作废原来的，再记一条")))
    session.add(
        OutreachWorkRow(
            id=work.id,
            action_id=work.action_id,
            grid=work.grid,
            day=work.day,
            people=work.people,
            quantity=work.quantity,
            at=work.at,
            by=work.by,
        )
    )
    session.flush()
    return True


def get_work(session: Session, work_id: UUID) -> Work:
    """Raises :class:`NotThere`."""
    return _work(_get_row(session, work_id))


def void_work(session: Session, work_id: UUID, *, by: str) -> None:
    """It no longer counts, and stays readable. Raises :class:`NotThere`; :class:`Conflict` when it is void already."""
    row = _get_row(session, work_id)
    if row.voided_by is not None:
        raise Conflict(Message(N_("这条工作记录已经作废")))
    row.voided_by = by
    session.flush()


def list_work(session: Session, action_id: int) -> tuple[Work, ...]:
    """The newest day first; void records are among them."""
    query = select(OutreachWorkRow).where(OutreachWorkRow.action_id == action_id)
    return tuple(map(_work, session.scalars(query.order_by(OutreachWorkRow.day.desc(), OutreachWorkRow.at.desc()))))


def done_quantities(
    session: Session, wave_id: int, *, before: date | None = None, recorded_by: datetime | None = None
) -> dict[int, int]:
    """Action -> quantity done, of the wave's plan; actions without work are left out.

    ``before``: on earlier days alone; ``recorded_by``: what was on record by then.
    """
    work, action, plan = OutreachWorkRow, OutreachActionRow, OutreachPlanRow
    query = (
        select(work.action_id, func.sum(work.quantity))
        .join(action, action.id == work.action_id)
        .join(plan, plan.id == action.plan_id)
        .where(plan.wave_id == wave_id, work.voided_by.is_(None))
        .group_by(work.action_id)
        .order_by(work.action_id)
    )
    if before is not None:
        query = query.where(work.day < before)
    if recorded_by is not None:
        query = query.where(work.at <= recorded_by)
    return {row[0]: int(row[1]) for row in session.execute(query)}


def _get_row(session: Session, work_id: UUID) -> OutreachWorkRow:
    row = session.get(OutreachWorkRow, work_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotThere(Message(N_("没有这条工作记录")))
    return row


def _work(row: OutreachWorkRow) -> Work:
    return Work(
        id=row.id,
        action_id=row.action_id,
        grid=row.grid,
        day=row.day,
        people=row.people,
        quantity=row.quantity,
        at=row.at,
        by=row.by,
        voided_by=row.voided_by,
    )
