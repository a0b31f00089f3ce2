"""One outreach plan a wave: which estimates it rests on, with which budget it was made last, and each time before."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Message, NotThere
from survey.store.tables import Base
from survey.store.waves import WaveRow


class OutreachPlanRow(Base):
    """No plan goes away or to another wave: triggers refuse it."""

    __tablename__ = "outreach_plans"
    __table_args__ = (CheckConstraint("budget_cny >= 0", name="budget_cny"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), unique=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("estimate_runs.id"), index=True)
    budget_cny: Mapped[float | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


class PlanMakingRow(Base):
    """Append-only: triggers refuse to change or delete a row."""

    __tablename__ = "outreach_plan_makings"
    __table_args__ = (CheckConstraint("budget_cny >= 0", name="budget_cny"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("outreach_plans.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("estimate_runs.id"), index=True)
    budget_cny: Mapped[float | None]
    made_at: Mapped[datetime]
    made_by: Mapped[str]


@dataclass(frozen=True, kw_only=True)
class OutreachPlan:
    id: int
    wave_id: int
    run_id: int
    budget_cny: float | None  # None: no limit was given
    made_at: datetime  # the last time
    made_by: str


@dataclass(frozen=True, kw_only=True)
class PlanMaking:
    """One time that a plan was made."""

    run_id: int
    budget_cny: float | None  # None: no limit was given
    at: datetime
    by: str


def save_plan(
    session: Session, *, wave_id: int, run_id: int, budget_cny: float | None, at: datetime, by: str
) -> OutreachPlan:
    """The wave's plan, made now or made again; two who make it at once wait for each other."""
    session.get(WaveRow, wave_id, with_for_update=True)
    query = select(OutreachPlanRow).where(OutreachPlanRow.wave_id == wave_id)
    row = session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        row = OutreachPlanRow(wave_id=wave_id)
        session.add(row)
    row.run_id, row.budget_cny, row.made_at, row.made_by = run_id, budget_cny, at, by
    session.flush()
    session.add(PlanMakingRow(plan_id=row.id, run_id=run_id, budget_cny=budget_cny, made_at=at, made_by=by))
    session.flush()
    return _plan(row)


def find_plan(session: Session, wave_id: int) -> OutreachPlan | None:
    row = session.scalars(select(OutreachPlanRow).where(OutreachPlanRow.wave_id == wave_id)).one_or_none()
    return _plan(row) if row else None


def get_plan(session: Session, plan_id: int) -> OutreachPlan:
    """Raises :class:`NotThere`."""
    row = session.get(OutreachPlanRow, plan_id)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的宣传整改计划"), {"id": plan_id}))
    return _plan(row)


def list_makings(session: Session, plan_id: int) -> tuple[PlanMaking, ...]:
    """Each time the plan was made, the first one first."""
    query = select(PlanMakingRow).where(PlanMakingRow.plan_id == plan_id).order_by(PlanMakingRow.id)
    return tuple(
        PlanMaking(run_id=row.run_id, budget_cny=row.budget_cny, at=row.made_at, by=row.made_by)
        for row in session.scalars(query)
    )


def _plan(row: OutreachPlanRow) -> OutreachPlan:
    return OutreachPlan(
        id=row.id,
        wave_id=row.wave_id,
        run_id=row.run_id,
        budget_cny=row.budget_cny,
        made_at=row.made_at,
        made_by=row.made_by,
    )
