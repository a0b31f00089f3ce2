"""What canvassers' devices and pages sent in, sealed: nothing that came is ever thrown away for what it says.

A row tells no case, no account and no time. While its wave is open it is found by ``tag``, which only the holder of
the wave's key can compute; when the wave is closed, body and tag go, and uuid, SHA-256 and state stay as the receipt.
"""

import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    ForeignKey,
    Index,
    LargeBinary,
    Row,
    Uuid,
    bindparam,
    func,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import NullType

from survey.messages import N_, Message, NotThere
from survey.store.single_rows import insert_if_new, rows_changed
from survey.store.tables import Base, Choice, one_of

CHUNK = 500
#: Tags in one question; SQLite takes some thousands.
ASKED_AT_ONCE = 500


class PayloadKind(StrEnum):
    INTERVIEW = "interview"
    VISIT = "visit"


class PayloadState(StrEnum):
    RECEIVED = "received"
    PLACED = "placed"
    QUARANTINED = "quarantined"
    VOID = "void"


class InboxRow(Base):
    __tablename__ = "inbox"
    __table_args__ = (
        one_of("kind", PayloadKind),
        one_of("state", PayloadState),
        CheckConstraint("length(sha256) = 64", name="sha256"),
        CheckConstraint("length(tag) = 64", name="tag"),
        CheckConstraint("body IS NOT NULL OR tag IS NULL", name="dropped"),
        Index(None, "wave_id", "tag"),
        Index(None, "wave_id", "state", "kind"),
        {"sqlite_with_rowid": False},
    )

    uuid: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    kind: Mapped[PayloadKind] = mapped_column(Choice(PayloadKind))
    wave_id: Mapped[int | None] = mapped_column(ForeignKey("waves.id"))
    tag: Mapped[str | None]
    sha256: Mapped[str]
    state: Mapped[PayloadState] = mapped_column(Choice(PayloadState))
    reason: Mapped[str]
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


TABLE = InboxRow.metadata.tables["inbox"]
_ADD = insert_if_new(TABLE)
_FIND = select(TABLE).where(TABLE.c.uuid == bindparam("of"))
_OF_CASE = (
    select(TABLE).where(TABLE.c.wave_id == bindparam("wave"), TABLE.c.tag == bindparam("one")).order_by(TABLE.c.uuid)
)
_SET_STATE = (
    update(TABLE)
    .where(TABLE.c.uuid == bindparam("of"))
    .values(state=bindparam("to", type_=TABLE.c.state.type), reason=bindparam("why"))
)


@dataclass(frozen=True, kw_only=True)
class InboxRecord:
    uuid: UUID  # given by the client
    kind: PayloadKind
    wave_id: int | None  # None: it belongs to no open wave, and is sealed under the site's key
    tag: str | None  # sealer.tag("case:…")
    sha256: str  # of the bytes as they came, hex
    state: PayloadState
    reason: str  # why it is quarantined or void; "" otherwise
    body: bytes | None  # sealed with context(uuid); None: dropped when the wave was closed


def context(uuid: UUID | str) -> str:
    """What the body of a row is sealed with; ``uuid`` as text: with dashes."""
    return f"inbox:{uuid}"


def add(session: Session, record: InboxRecord) -> bool:
    """Keep what came; ``False`` when the uuid is there already, which stays as it is."""
    values = {
        "uuid": record.uuid,
        "kind": record.kind,
        "wave_id": record.wave_id,
        "tag": record.tag,
        "sha256": record.sha256,
        "state": record.state,
        "reason": record.reason,
        "body": record.body,
    }
    return bool(rows_changed(session, _ADD, values))


def find(session: Session, uuid: UUID) -> InboxRecord | None:
    row = session.execute(_FIND, {"of": uuid}).one_or_none()
    return _record(row) if row else None


def set_state(session: Session, uuid: UUID, *, state: PayloadState, reason: str) -> None:
    """Raises :class:`NotThere`."""
    done = rows_changed(session, _SET_STATE, {"of": uuid, "to": state, "why": reason})
    if not done:
        raise NotThere(Message(N_("没有收到过编号为 {id} 的记录"), {"id": uuid}))


def contents_digest(session: Session, wave_id: int) -> str:
    """SHA-256 hex over the wave's rows but their bodies, whose SHA-256 is among them: it tells any two contents of one
    database apart.
    """
    columns = [type_coerce(column, NullType) for column in TABLE.c if column.name != "body"]
    rows = session.execute(select(*columns).where(_of_wave(wave_id)).order_by(TABLE.c.uuid)).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()


def list_inbox(
    session: Session, wave_id: int | None, *, kind: PayloadKind | None = None, state: PayloadState | None = None
) -> Iterator[InboxRecord]:
    """The wave's rows by uuid, read in portions; ``None``: those that belong to no wave."""
    query = select(TABLE).where(_of_wave(wave_id)).order_by(TABLE.c.uuid)
    if kind is not None:
        query = query.where(TABLE.c.kind == kind)
    if state is not None:
        query = query.where(TABLE.c.state == state)
    with session.execute(query.execution_options(stream_results=True, yield_per=CHUNK)) as rows:
        yield from map(_record, rows)


def list_by_tag(
    session: Session, wave_id: int | None, tag: str, *, kind: PayloadKind | None = None
) -> tuple[InboxRecord, ...]:
    """What came of one case, by uuid."""
    if wave_id is None:
        return list_by_tags(session, None, [tag], kind=kind)
    found = map(_record, session.execute(_OF_CASE, {"wave": wave_id, "one": tag}))
    return tuple(record for record in found if kind is None or record.kind is kind)


def list_by_tags(
    session: Session, wave_id: int | None, tags: Collection[str], *, kind: PayloadKind | None = None
) -> tuple[InboxRecord, ...]:
    """What came of several cases, by uuid."""
    found: list[InboxRecord] = []
    rest = iter(sorted(tags))
    while asked := list(islice(rest, ASKED_AT_ONCE)):
        query = select(TABLE).where(_of_wave(wave_id), TABLE.c.tag.in_(asked))
        if kind is not None:
            query = query.where(TABLE.c.kind == kind)
        found += (_record(row) for row in session.execute(query))
    return tuple(sorted(found, key=lambda record: record.uuid))


def list_tags(session: Session, wave_id: int, *, kind: PayloadKind, state: PayloadState) -> frozenset[str]:
    """The tags of the cases that such rows of the wave belong to."""
    query = select(TABLE.c.tag).where(TABLE.c.wave_id == wave_id, TABLE.c.kind == kind, TABLE.c.state == state)
    return frozenset(tag for tag in session.scalars(query) if tag is not None)


def count_states(session: Session, wave_id: int | None) -> dict[tuple[PayloadKind, PayloadState], int]:
    """Combinations without any row are not there."""
    query = select(TABLE.c.kind, TABLE.c.state, func.count()).where(_of_wave(wave_id))
    return {(row[0], row[1]): row[2] for row in session.execute(query.group_by(TABLE.c.kind, TABLE.c.state))}


def count_reason(session: Session, reason: str) -> int:
    """Of all waves: what waits for this reason."""
    waits = (TABLE.c.state == PayloadState.QUARANTINED, TABLE.c.reason == reason)
    return session.scalar(select(func.count()).where(*waits)) or 0


def set_body(session: Session, uuid: UUID, kind: PayloadKind, body: bytes) -> None:
    """Put another sealed body in the place of what came, whose SHA-256 stays: the answers were withdrawn."""
    session.execute(update(TABLE).where(TABLE.c.uuid == uuid).values(kind=kind, body=body))


def drop_body(session: Session, uuid: UUID) -> None:
    """As :func:`drop_bodies`, of one row: for what is void and belongs to no wave that will ever be closed."""
    session.execute(update(TABLE).where(TABLE.c.uuid == uuid).values(body=None, tag=None, reason=""))


def drop_bodies(session: Session, wave_id: int) -> int:
    """Leave of the wave's rows only uuid, kind, SHA-256 and state, in no order that tells; how many there are.

    (What the disk still holds of the bodies, nobody opens once the key is destroyed.)
    """
    done = rows_changed(session, update(TABLE).where(TABLE.c.wave_id == wave_id).values(body=None, tag=None, reason=""))
    rewrite_in_key_order(session)
    return done


def rewrite_in_key_order(session: Session) -> None:
    """As :func:`survey.store.responses.rewrite_in_key_order`: the order in which payloads came is gone."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("UPDATE inbox SET state = state")
        connection.exec_driver_sql("CLUSTER inbox USING pk_inbox")


def _of_wave(wave_id: int | None) -> ColumnElement[bool]:
    return TABLE.c.wave_id.is_(None) if wave_id is None else TABLE.c.wave_id == wave_id


def _record(row: Row[Any]) -> InboxRecord:
    uuid, kind, wave_id, tag, sha256, state, reason, body = tuple(row)
    return InboxRecord(
        uuid=uuid, kind=kind, wave_id=wave_id, tag=tag, sha256=sha256, state=state, reason=reason, body=body
    )
