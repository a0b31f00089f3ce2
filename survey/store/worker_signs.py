"""When the worker was last seen: one row, written by itself every minute, read by those who wait for its work."""

from datetime import datetime

from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.tables import Base


class WorkerSignRow(Base):
    __tablename__ = "worker_signs"
    __table_args__ = (CheckConstraint("id = 1", name="id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    seen_at: Mapped[datetime]


def sign_life(session: Session, *, at: datetime) -> None:
    """Some worker lives at ``at``: several on one database are one sign."""
    session.merge(WorkerSignRow(id=1, seen_at=at))
    session.flush()


def last_sign(session: Session) -> datetime | None:
    """``None``: no worker ran yet."""
    return session.scalar(select(WorkerSignRow.seen_at))
