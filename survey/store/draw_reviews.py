"""Reviews of draws: what was seen of frame and sample before somebody approved or rejected, and by whom."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.sampling.draw_review import Review, review_document, review_from_document
from survey.store.tables import Base, Json


class DrawReviewRow(Base):
    """Append-only: triggers refuse to change or delete a row."""

    __tablename__ = "draw_reviews"

    id: Mapped[int] = mapped_column(primary_key=True)
    draw_id: Mapped[int] = mapped_column(ForeignKey("draws.id"), index=True)
    document: Mapped[Any] = mapped_column(Json)
    reviewed_at: Mapped[datetime]
    reviewed_by: Mapped[str]


@dataclass(frozen=True, kw_only=True)
class DrawReview:
    id: int
    draw_id: int
    review: Review
    reviewed_at: datetime
    reviewed_by: str


def add_review(session: Session, draw_id: int, review: Review, *, at: datetime, by: str) -> int:
    row = DrawReviewRow(draw_id=draw_id, document=review_document(review), reviewed_at=at, reviewed_by=by)
    session.add(row)
    session.flush()
    return row.id


def latest_review(session: Session, draw_id: int, *, until: datetime | None = None) -> DrawReview | None:
    """``until``: of those kept by then, that moment included."""
    query = select(DrawReviewRow).where(DrawReviewRow.draw_id == draw_id)
    if until is not None:
        query = query.where(DrawReviewRow.reviewed_at <= until)
    row = session.scalars(query.order_by(DrawReviewRow.id.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    return DrawReview(
        id=row.id,
        draw_id=row.draw_id,
        review=review_from_document(row.document),
        reviewed_at=row.reviewed_at,
        reviewed_by=row.reviewed_by,
    )
