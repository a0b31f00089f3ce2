"""Complaints and suggestions that people send of their own accord: a community, a day, a text; nothing of any answer.

There is no column for a wave, a questionnaire, a receipt or an account. Who wants to be answered may leave a way to be
reached, and only with consent of its own.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, Index, Uuid, column, delete, select, table
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message, NotThere
from survey.store.single_rows import insert_if_new, rows_changed
from survey.store.tables import Base, Choice, one_of

LONGEST_TEXT = 1000
LONGEST_CONTACT = 100


class SuggestionKind(StrEnum):
    COMPLAINT = "complaint"
    SUGGESTION = "suggestion"


class SuggestionRow(Base):
    __tablename__ = "suggestions"
    __table_args__ = (
        one_of("kind", SuggestionKind),
        CheckConstraint(f"length(text) BETWEEN 1 AND {LONGEST_TEXT}", name="text"),
        CheckConstraint(f"length(contact) <= {LONGEST_CONTACT}", name="contact"),
        Index(None, "area"),
        {"sqlite_with_rowid": False},
    )

    uuid: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    area: Mapped[str]
    day: Mapped[date] = mapped_column(Date)
    kind: Mapped[SuggestionKind] = mapped_column(Choice(SuggestionKind))
    text: Mapped[str]
    contact: Mapped[str]


TABLE = SuggestionRow.metadata.tables["suggestions"]
_ADD = insert_if_new(TABLE)
#: Named, not imported: :mod:`survey.store.suggestion_marks` refers to this table.
_MARKS = table("suggestion_marks", column("uuid"))


@dataclass(frozen=True, kw_only=True)
class Suggestion:
    uuid: UUID  # random; the form's, so that sent twice it is kept once
    area: str  # code of the community, chosen by the person
    day: date
    kind: SuggestionKind
    text: str
    contact: str  # "" without consent


def add_suggestion(session: Session, suggestion: Suggestion) -> bool:
    """``False`` when it is there already. Raises :class:`Conflict` for the uuid of another one."""
    if rows_changed(session, _ADD, vars(suggestion)):
        return True
    if session.scalar(select(TABLE.c.text).where(TABLE.c.uuid == suggestion.uuid)) != suggestion.text:
        raise Conflict(Message(N_("这张表已经交过一次，请重新打开再写")))
    return False


def list_suggestions(session: Session, areas: Collection[str] | None = None) -> tuple[Suggestion, ...]:
    """The newest day first, then by uuid. ``areas``: only of these communities; ``None``: of all."""
    query = select(TABLE).order_by(TABLE.c.day.desc(), TABLE.c.uuid)
    if areas is not None:
        query = query.where(TABLE.c.area.in_(sorted(areas)))
    return tuple(Suggestion(**row._mapping) for row in session.execute(query))


def get_suggestion(session: Session, uuid: UUID) -> Suggestion:
    """Raises :class:`NotThere`."""
    row = session.execute(select(TABLE).where(TABLE.c.uuid == uuid)).one_or_none()
    if row is None:
        raise NotThere(Message(N_("没有这条意见，或者已经过期删除。")))
    return Suggestion(**row._mapping)


def drop_suggestions_before(session: Session, day: date) -> int:
    """Delete what came before ``day``, with what was done about it; how many there were."""
    old = select(TABLE.c.uuid).where(TABLE.c.day < day)
    session.execute(delete(_MARKS).where(_MARKS.c.uuid.in_(old)))
    return rows_changed(session, delete(TABLE).where(TABLE.c.day < day))


def rewrite_in_key_order(session: Session) -> None:
    """As :func:`survey.store.responses.rewrite_in_key_order`: of one day nobody can tell which came first."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("UPDATE suggestions SET day = day")
        connection.exec_driver_sql("CLUSTER suggestions USING pk_suggestions")
