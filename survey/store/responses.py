"""Responses: opinions with an area, a mode and a day, and nothing that leads to a person or a case.

The key is the client's random UUID. There is no sequence and no time of day: rows cannot be put back into the order
in which people answered, nor joined to the visits. (On SQLite the table has no hidden row number either.)
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from sqlalchemy import (
    CheckConstraint,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Uuid,
    bindparam,
    func,
    select,
    type_coerce,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import NullType

from survey.messages import N_, Conflict, Message
from survey.store.bulk import broken_constraint, insert_rows
from survey.store.single_rows import insert_if_new, rows_changed
from survey.store.tables import Base, Choice, canonical_json, one_of
from survey.waves import SELF_CHOSEN, FilledBy, Mode

CHUNK = 2_000

Answer = int | Sequence[int] | str | None


class ResponseRow(Base):
    __tablename__ = "responses"
    __table_args__ = (
        one_of("mode", Mode),
        CheckConstraint("completeness IN ('complete', 'partial', 'break_off')", name="completeness"),
        CheckConstraint("length(digest) = 64", name="digest"),
        Index(None, "wave_id", "area"),
        {"sqlite_with_rowid": False},
    )

    uuid: Mapped[UUID] = mapped_column(Uuid, primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"))
    import_id: Mapped[int | None] = mapped_column(ForeignKey("imports.id"), index=True)
    area: Mapped[str]
    mode: Mapped[Mode] = mapped_column(Choice(Mode))
    day: Mapped[date | None] = mapped_column(Date)
    completeness: Mapped[str]
    digest: Mapped[str]
    answers: Mapped[str]  # canonical JSON: text reads faster than a decoded column
    signs: Mapped[int | None]  # of an answer by open link: analysis.integrity.open_answers.OpenSign
    filled_by: Mapped[FilledBy | None] = mapped_column(Choice(FilledBy))  # as said online; beside the answers, no item
    order_seed: Mapped[int | None]  # see questionnaires.option_orders; NULL: nothing was mixed


TABLE = ResponseRow.metadata.tables["responses"]
COLUMNS = tuple(TABLE.columns.keys())
_ADD_ONE = insert_if_new(TABLE)
_RENAME = update(TABLE).where(TABLE.columns.uuid == bindparam("of")).values(uuid=bindparam("to"))


class NewResponse(NamedTuple):
    """One of possibly hundreds of thousands: a tuple is made five times as fast as a frozen dataclass."""

    uuid: UUID
    area: str
    mode: Mode
    day: date | None
    answers: str  # answers_document(...): a hundred thousand of them wait in memory, and text is small
    completeness: str  # complete, partial or break_off
    signs: int | None = None  # only of an answer by open link that was watched
    filled_by: FilledBy | None = None  # only of an answer given online
    order_seed: int | None = None  # only where options were shown in mixed order


class StoredResponse(NamedTuple):
    uuid: UUID
    area: str
    mode: Mode
    day: date | None
    answers: Mapping[str, Answer]
    imported: bool  # from a file
    order_seed: int | None = None  # in which order options were shown: questionnaires.option_orders


def answers_document(answers: Mapping[str, Answer]) -> str:
    """Item id -> code, codes, text or ``None`` as canonical JSON: the order in which items came does not matter.

    >>> answers_document({"q2": (1, 3), "q1": 1})
    '{"q1":1,"q2":[1,3]}'
    """
    return canonical_json(answers)


def add_responses(session: Session, wave_id: int, import_id: int | None, responses: Iterable[NewResponse]) -> int:
    """How many were stored. A UUID twice, here or in any wave, stores none and raises :class:`Conflict`."""
    seen: set[UUID] = set()
    rest = iter(responses)
    with session.begin_nested():
        while chunk := list(islice(rest, CHUNK)):
            _refuse_repeats(chunk, seen)
            # By key: the order of the file does not show in the table, and pages fill in turn.
            chunk.sort(key=lambda response: response.uuid.int)
            rows = [_row(wave_id, import_id, response) for response in chunk]
            try:
                with session.begin_nested():
                    insert_rows(session, TABLE, COLUMNS, rows)
            except broken_constraint() as error:
                if taken := _taken(session, [response.uuid for response in chunk]):
                    raise _conflict(taken) from error
                raise
    return len(seen)


def add_response(session: Session, wave_id: int, response: NewResponse) -> None:
    """Store one answer that came by itself, in one statement. Raises :class:`Conflict` when its UUID is there."""
    values = dict(zip(COLUMNS, _row(wave_id, None, response), strict=True))
    values |= {"uuid": response.uuid, "mode": response.mode, "day": response.day, "filled_by": response.filled_by}
    if not rows_changed(session, _ADD_ONE, values):
        raise _conflict({response.uuid})


def rename_responses(session: Session, wave_id: int) -> dict[UUID, UUID]:
    """Give every answer that came to the site (from no file) a fresh random UUID; old UUID -> new one.

    The old ones are known outside: to the device or browser that sent them, in addresses and in their logs. Nothing
    may refer to the rows yet. The caller has them rewritten, see :func:`rewrite_in_key_order`.
    """
    query = select(TABLE.columns.uuid).where(TABLE.columns.wave_id == wave_id, TABLE.columns.import_id.is_(None))
    fresh = {uuid: uuid4() for uuid in session.scalars(query)}
    if fresh:
        session.execute(_RENAME, [{"of": old, "to": new} for old, new in fresh.items()])
    return fresh


def rewrite_in_key_order(session: Session) -> None:
    """Write the table anew by UUID and in one transaction, so that the order in which answers came is gone.

    On SQLite no row tells its place or transaction. On PostgreSQL (where each row names its transaction, as ``xmin``)
    readers of the table wait until this one ends.
    """
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("UPDATE responses SET digest = digest")
        connection.exec_driver_sql("CLUSTER responses USING pk_responses")


def existing_uuids(session: Session, wave_id: int, uuids: Iterable[UUID]) -> set[UUID]:
    """Those of ``uuids`` the wave already holds."""
    found: set[UUID] = set()
    rest = iter(uuids)
    while chunk := list(islice(rest, 500)):
        found.update(_taken(session, chunk, wave_id))
    return found


def count_responses(session: Session, wave_id: int) -> int:
    return session.scalar(select(func.count()).where(ResponseRow.wave_id == wave_id)) or 0


def count_by_area(session: Session, wave_id: int) -> dict[str, int]:
    """Area code -> responses, by code; areas without any are not there."""
    query = (
        select(ResponseRow.area, func.count())
        .where(ResponseRow.wave_id == wave_id)
        .group_by(ResponseRow.area)
        .order_by(ResponseRow.area)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def count_open_by_area(session: Session, wave_id: int) -> dict[str, int]:
    """Of :func:`count_by_area` those of the open link and of paper forms: they are no part of the sample."""
    query = (
        select(ResponseRow.area, func.count())
        .where(ResponseRow.wave_id == wave_id, ResponseRow.mode.in_(SELF_CHOSEN), ResponseRow.import_id.is_(None))
        .group_by(ResponseRow.area)
        .order_by(ResponseRow.area)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def count_open_link(session: Session, wave_id: int) -> int:
    """Answers of the open link and of paper forms: they are no part of the sample."""
    query = select(func.count()).where(
        ResponseRow.wave_id == wave_id, ResponseRow.mode.in_(SELF_CHOSEN), ResponseRow.import_id.is_(None)
    )
    return session.scalar(query) or 0


def read_responses(session: Session, wave_id: int) -> Iterator[StoredResponse]:
    """All responses of the wave, by UUID, read in portions."""
    modes = {mode.value: mode for mode in Mode}
    names = TABLE.columns
    columns = (
        *(undecoded(names.uuid), names.area, undecoded(names.mode), undecoded(names.day)),
        *(names.answers, names.import_id, names.order_seed),
    )
    for rows in in_portions(session, wave_id, columns):
        # One call of the parser per portion: it keeps one string per item id instead of one per answer.
        documents = json.loads("[" + ",".join([row[4] for row in rows]) + "]")
        for (uuid, area, mode, day, _, import_id, order_seed), answers in zip(rows, documents, strict=True):
            yield StoredResponse(
                uuid=UUID(int=int(uuid, 16)) if isinstance(uuid, str) else uuid,
                area=area,
                mode=modes[mode],
                day=date.fromisoformat(day) if isinstance(day, str) else day,
                answers=answers,
                imported=import_id is not None,
                order_seed=order_seed,
            )


def undecoded(column: ColumnElement[Any]) -> ColumnElement[Any]:
    """As the driver gives it: SQLAlchemy's conversions would double the time of reading."""
    return type_coerce(column, NullType)


def in_portions(session: Session, wave_id: int, columns: Sequence[ColumnElement[Any]]) -> Iterator[Any]:
    """The wave's rows by UUID, so many at once."""
    query = select(*columns).where(TABLE.columns.wave_id == wave_id).order_by(TABLE.columns.uuid)
    result = session.execute(query.execution_options(stream_results=True, yield_per=CHUNK))
    return iter(result.partitions())


def _row(wave_id: int, import_id: int | None, response: NewResponse) -> tuple[Any, ...]:
    """In the order of :data:`COLUMNS`; both databases read this writing of a UUID and of a day."""
    return (
        response.uuid.hex,
        wave_id,
        import_id,
        response.area,
        response.mode.value,
        response.day.isoformat() if response.day else None,
        response.completeness,
        hashlib.sha256(response.answers.encode()).hexdigest(),
        response.answers,
        response.signs,
        response.filled_by.value if response.filled_by else None,
        response.order_seed,
    )


def _refuse_repeats(chunk: list[NewResponse], seen: set[UUID]) -> None:
    repeated: set[UUID] = set()
    for response in chunk:
        if response.uuid in seen:
            repeated.add(response.uuid)
        seen.add(response.uuid)
    if repeated:
        raise _conflict(repeated)


def _taken(session: Session, uuids: Sequence[UUID], wave_id: int | None = None) -> set[UUID]:
    # The wave is compared here: in the query it would tempt SQLite into scanning the whole wave.
    query = select(TABLE.columns.uuid, TABLE.columns.wave_id).where(TABLE.columns.uuid.in_(uuids))
    return {uuid for uuid, wave in session.execute(query) if wave_id in (None, wave)}


def _conflict(uuids: set[UUID]) -> Conflict:
    shown = ", ".join(sorted(str(uuid) for uuid in uuids)[:5])
    return Conflict(
        Message(N_("有 {count} 份答卷的编号重复，全部没有保存：{uuids}"), {"count": len(uuids), "uuids": shown})
    )
