"""Reserves of a draw that were released: a replicate of a community whole, with its reason, and never taken back."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message
from survey.store.tables import Base


class ReplicateReleaseRow(Base):
    """Append-only: triggers refuse to change or delete a row."""

    __tablename__ = "replicate_releases"
    __table_args__ = (
        CheckConstraint("replicate >= 1", name="replicate"),
        CheckConstraint("reason <> ''", name="reason"),
        {"sqlite_with_rowid": False},
    )

    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    replicate: Mapped[int] = mapped_column(primary_key=True)
    reason: Mapped[str]
    released_at: Mapped[datetime]
    released_by: Mapped[str]


@dataclass(frozen=True, kw_only=True)
class Release:
    draw_id: int
    area: str  # code of the community
    replicate: int  # 1, 2, … in turn
    reason: str
    released_at: datetime
    released_by: str


def add_release(session: Session, release: Release) -> None:
    """Raises :class:`Conflict` unless it is the next replicate of the community."""
    released = session.scalars(
        select(ReplicateReleaseRow.replicate).where(
            ReplicateReleaseRow.draw_id == release.draw_id, ReplicateReleaseRow.area == release.area
        )
    ).all()
    if release.replicate != (following := len(released) + 1):
        message = N_("社区 {area} 下一个可以放出的备用组是第 {next} 组，不是第 {got} 组")
        raise Conflict(Message(message, {"area": release.area, "next": following, "got": release.replicate}))
    session.add(
        ReplicateReleaseRow(
            draw_id=release.draw_id,
            area=release.area,
            replicate=release.replicate,
            reason=release.reason,
            released_at=release.released_at,
            released_by=release.released_by,
        )
    )
    session.flush()


def list_releases(session: Session, draw_id: int) -> tuple[Release, ...]:
    """In the order of their time."""
    row = ReplicateReleaseRow
    query = select(row).where(row.draw_id == draw_id).order_by(row.released_at, row.area, row.replicate)
    return tuple(
        Release(
            draw_id=one.draw_id,
            area=one.area,
            replicate=one.replicate,
            reason=one.reason,
            released_at=one.released_at,
            released_by=one.released_by,
        )
        for one in session.scalars(query)
    )
