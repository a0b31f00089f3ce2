"""What an office did about a suggestion: a day, who, and a note. Beside the text, which nobody changes."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Uuid, delete, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.single_rows import insert_if_new, rows_changed
from survey.store.tables import Base

LONGEST_NOTE = 300


class SuggestionMarkRow(Base):
    __tablename__ = "suggestion_marks"
    __table_args__ = (
        CheckConstraint(f"length(note) BETWEEN 1 AND {LONGEST_NOTE}", name="note"),
        {"sqlite_with_rowid": False},
    )

    uuid: Mapped[UUID] = mapped_column(Uuid, ForeignKey("suggestions.uuid"), primary_key=True)
    handled_on: Mapped[date] = mapped_column(Date)
    handled_by: Mapped[str]
    note: Mapped[str]


TABLE = SuggestionMarkRow.metadata.tables["suggestion_marks"]
_ADD = insert_if_new(TABLE)


@dataclass(frozen=True, kw_only=True)
class SuggestionMark:
    uuid: UUID  # of the suggestion
    handled_on: date
    handled_by: str  # name of the account
    note: str


def add_mark(session: Session, mark: SuggestionMark) -> bool:
    """``False`` when somebody marked it before."""
    return rows_changed(session, _ADD, vars(mark)) > 0


def list_marks(session: Session) -> dict[UUID, SuggestionMark]:
    """By the suggestion's uuid."""
    return {row.uuid: SuggestionMark(**row._mapping) for row in session.execute(select(TABLE))}


def drop_mark(session: Session, uuid: UUID) -> bool:
    """``False`` when there is none."""
    return rows_changed(session, delete(TABLE).where(TABLE.c.uuid == uuid)) > 0
