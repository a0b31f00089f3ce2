"""Plans of sample sizes: what was asked for, and what it came to when it was saved. A plan never changes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Message, NotThere
from survey.store.tables import Base, Json


class SamplePlanRow(Base):
    """Append-only: triggers refuse to change or delete a row."""

    __tablename__ = "sample_plans"
    __table_args__ = (
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("completes >= 1", name="completes"),
        CheckConstraint("cases >= completes", name="cases"),
        CheckConstraint("cases_in_all >= 0 AND (frame_id IS NULL) = (cases_in_all IS NULL)", name="cases_in_all"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    frame_id: Mapped[int | None] = mapped_column(ForeignKey("frames.id"), index=True)
    request: Mapped[Any] = mapped_column(Json)
    completes: Mapped[int]
    cases: Mapped[int]
    cases_in_all: Mapped[int | None]
    saved_at: Mapped[datetime]
    saved_by: Mapped[str]


@dataclass(frozen=True, kw_only=True)
class SamplePlan:
    """``request``: as :func:`survey.casework.plan_requests.request_of` takes it; ``completes`` and ``cases``: of one
    community; ``cases_in_all``: of the communities of the frame, ``None`` without one.
    """

    id: int
    name: str
    frame_id: int | None
    request: Mapping[str, Any]
    completes: int
    cases: int
    cases_in_all: int | None
    saved_at: datetime
    saved_by: str


def add_sample_plan(
    session: Session,
    *,
    name: str,
    request: Mapping[str, Any],
    completes: int,
    cases: int,
    at: datetime,
    by: str,
    frame_id: int | None = None,
    cases_in_all: int | None = None,
) -> SamplePlan:
    row = SamplePlanRow(
        name=name,
        frame_id=frame_id,
        request=dict(request),
        completes=completes,
        cases=cases,
        cases_in_all=cases_in_all,
        saved_at=at,
        saved_by=by,
    )
    session.add(row)
    session.flush()
    return _plan(row)


def get_sample_plan(session: Session, plan_id: int) -> SamplePlan:
    """Raises :class:`NotThere`."""
    row = session.get(SamplePlanRow, plan_id)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的样本量方案"), {"id": plan_id}))
    return _plan(row)


def list_sample_plans(session: Session, ids: Collection[int] | None = None) -> tuple[SamplePlan, ...]:
    """The newest first; with ``ids`` only those of them that are there."""
    query = select(SamplePlanRow).order_by(SamplePlanRow.id.desc())
    if ids is not None:
        query = query.where(SamplePlanRow.id.in_(ids))
    return tuple(map(_plan, session.scalars(query)))


def _plan(row: SamplePlanRow) -> SamplePlan:
    return SamplePlan(
        id=row.id,
        name=row.name,
        frame_id=row.frame_id,
        request=row.request,
        completes=row.completes,
        cases=row.cases,
        cases_in_all=row.cases_in_all,
        saved_at=row.saved_at,
        saved_by=row.saved_by,
    )
