"""What people remark on actions: append-only, triggers refuse to change or delete a row."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.outreach_actions import get_action
from survey.store.tables import Base


class OutreachCommentRow(Base):
    """Append-only: triggers refuse to change or delete a row."""

    __tablename__ = "outreach_comments"

    id: Mapped[int] = mapped_column(primary_key=True)
    action_id: Mapped[int] = mapped_column(ForeignKey("outreach_actions.id"), index=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column("written_by")
    text: Mapped[str] = mapped_column("comment")


@dataclass(frozen=True, kw_only=True)
class OutreachComment:
    at: datetime
    by: str
    text: str


def add_comment(session: Session, action_id: int, text: str, *, at: datetime, by: str) -> None:
    """Raises :class:`NotThere`."""
    get_action(session, action_id)
    session.add(OutreachCommentRow(action_id=action_id, at=at, by=by, text=text))
    session.flush()


def list_comments(session: Session, action_id: int) -> tuple[OutreachComment, ...]:
    """In the order they were written."""
    query = select(OutreachCommentRow).where(OutreachCommentRow.action_id == action_id).order_by(OutreachCommentRow.id)
    return tuple(OutreachComment(at=row.at, by=row.by, text=row.text) for row in session.scalars(query))
