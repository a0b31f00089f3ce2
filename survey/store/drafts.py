"""Questionnaires that are not finished, sealed: found by their own random id or, at the door, by the case's tag."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, Row, Uuid, bindparam, delete, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message
from survey.store.single_rows import rows_changed, save_row
from survey.store.tables import Base, Choice, one_of


class DraftKind(StrEnum):
    RESIDENT = "resident"
    INTERVIEW = "interview"


class DraftRow(Base):
    __tablename__ = "drafts"
    __table_args__ = (
        one_of("kind", DraftKind),
        CheckConstraint("length(tag) = 64", name="tag"),
        Index(None, "wave_id", "tag"),
        {"sqlite_with_rowid": False},
    )

    uuid: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"))
    kind: Mapped[DraftKind] = mapped_column(Choice(DraftKind))
    tag: Mapped[str | None]
    body: Mapped[bytes] = mapped_column(LargeBinary)


TABLE = DraftRow.metadata.tables["drafts"]
_SAVE = save_row(TABLE, key="uuid", same=("wave_id", "kind"), change=("tag", "body"))
_OF_TAG = (
    select(TABLE).where(TABLE.c.wave_id == bindparam("wave"), TABLE.c.tag == bindparam("one")).order_by(TABLE.c.uuid)
)
_DELETE = delete(TABLE).where(TABLE.c.uuid == bindparam("of"))


@dataclass(frozen=True, kw_only=True)
class DraftRecord:
    uuid: UUID
    wave_id: int
    kind: DraftKind
    tag: str | None  # sealer.tag("case:…"); None: an answer by open link has no case
    body: bytes  # sealed with context(uuid)


def context(uuid: UUID) -> str:
    """What the body of a draft is sealed with."""
    return f"draft:{uuid}"


def save_draft(session: Session, draft: DraftRecord) -> None:
    """Keep the draft, in the place of the one with its uuid.

    Raises :class:`Conflict` when that one is of another wave or kind.
    """
    values = {
        "uuid": draft.uuid,
        "wave_id": draft.wave_id,
        "kind": draft.kind,
        "tag": draft.tag,
        "body": draft.body,
    }
    if not rows_changed(session, _SAVE, values):
        raise Conflict(Message(N_("编号 {id} 已经用于另一份未完成的问卷"), {"id": draft.uuid}))


def list_drafts_by_tag(session: Session, wave_id: int, tag: str) -> tuple[DraftRecord, ...]:
    """The drafts of one case, by uuid."""
    return tuple(_record(row) for row in session.execute(_OF_TAG, {"wave": wave_id, "one": tag}))


def tags_with_drafts(session: Session, wave_id: int, kind: DraftKind) -> frozenset[str]:
    """The tags of the wave's cases that have a draft of that kind."""
    query = select(TABLE.c.tag).where(TABLE.c.wave_id == wave_id, TABLE.c.kind == kind, TABLE.c.tag.is_not(None))
    return frozenset(session.scalars(query))


def delete_draft(session: Session, uuid: UUID) -> bool:
    """Whether it was there."""
    return bool(rows_changed(session, _DELETE, {"of": uuid}))


def count_drafts(session: Session, wave_id: int) -> int:
    return session.scalar(select(func.count()).where(TABLE.c.wave_id == wave_id)) or 0


def drop_drafts(session: Session, wave_id: int) -> int:
    """Delete all drafts of the wave; how many there were."""
    return rows_changed(session, delete(TABLE).where(TABLE.c.wave_id == wave_id))


def _record(row: Row[Any]) -> DraftRecord:
    uuid, wave_id, kind, tag, body = tuple(row)
    return DraftRecord(uuid=uuid, wave_id=wave_id, kind=kind, tag=tag, body=body)
