"""Responses: opinions with an area, a mode and a day, and nothing that leads to a person or a case.

The key is the client's random UUID. There is no sequence and no time of day: rows cannot be put back into the order
in which people answered, nor joined to the visits. (On SQLite the table has no hidden row number either.)
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKey, Index, Text, Uuid, func, insert, select, type_coerce
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Conflict, Message
from survey.store.tables import Base, Choice, canonical_json, one_of
from survey.waves import Mode

CHUNK = 5_000

Answer = int | list[int] | str | None


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


@dataclass(frozen=True, kw_only=True, slots=True)
class NewResponse:
    uuid: UUID
    area: str
    mode: Mode
    day: date | None
    answers: Mapping[str, Answer]
    completeness: str  # complete, partial or break_off
    digest: str  # SHA-256 hex of the answers' canonical JSON: answers_sha256(answers)


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredResponse:
    uuid: UUID
    area: str
    mode: Mode
    day: date | None
    answers: Mapping[str, Answer]


def answers_sha256(answers: Mapping[str, Answer]) -> str:
    """SHA-256 hex of the canonical JSON: the order in which items were answered does not matter.

    >>> answers_sha256({"q1": 1, "q2": [1, 3]}) == answers_sha256({"q2": [1, 3], "q1": 1})
    True
    """
    return hashlib.sha256(canonical_json(answers).encode()).hexdigest()


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
                    session.execute(insert(ResponseRow), rows)
            except IntegrityError as error:
                if taken := _taken(session, [response.uuid for response in chunk]):
                    raise _conflict(taken) from error
                raise
    return len(seen)


def existing_uuids(session: Session, wave_id: int, uuids: Iterable[UUID]) -> set[UUID]:
    """Those of ``uuids`` the wave already holds."""
    found: set[UUID] = set()
    rest = iter(uuids)
    while chunk := list(islice(rest, 500)):
        query = select(ResponseRow.uuid).where(ResponseRow.wave_id == wave_id, ResponseRow.uuid.in_(chunk))
        found.update(session.scalars(query))
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
    return dict(session.execute(query).tuples().all())


def read_responses(session: Session, wave_id: int) -> Iterator[StoredResponse]:
    """All responses of the wave, by UUID, read in portions."""
    modes = {mode.value: mode for mode in Mode}
    table = ResponseRow
    columns = (table.uuid, table.area, type_coerce(table.mode, Text), table.day, table.answers)
    for rows in _portions(session, wave_id, columns):
        # One call of the parser per portion: it keeps one string per item id instead of one per answer.
        documents = json.loads("[" + ",".join([row[4] for row in rows]) + "]")
        for (uuid, area, mode, day, _), answers in zip(rows, documents, strict=True):
            yield StoredResponse(uuid=uuid, area=area, mode=modes[mode], day=day, answers=answers)


def answers_digest(session: Session, wave_id: int) -> str:
    """SHA-256 hex over the lines ``uuid area digest``, sorted: the same for the same answers in any database."""
    digest = hashlib.sha256()
    for rows in _portions(session, wave_id, (ResponseRow.uuid, ResponseRow.area, ResponseRow.digest)):
        digest.update("".join([f"{uuid} {area} {answers}\n" for uuid, area, answers in rows]).encode())
    return digest.hexdigest()


def _portions(session: Session, wave_id: int, columns: tuple[Any, ...]) -> Iterator[Any]:
    query = select(*columns).where(ResponseRow.wave_id == wave_id).order_by(ResponseRow.uuid)
    result = session.execute(query.execution_options(stream_results=True, yield_per=CHUNK))
    return iter(result.partitions())


def _row(wave_id: int, import_id: int | None, response: NewResponse) -> dict[str, Any]:
    return {
        "uuid": response.uuid,
        "wave_id": wave_id,
        "import_id": import_id,
        "area": response.area,
        "mode": response.mode,
        "day": response.day,
        "completeness": response.completeness,
        "digest": response.digest,
        "answers": canonical_json(dict(response.answers)),
    }


def _refuse_repeats(chunk: list[NewResponse], seen: set[UUID]) -> None:
    repeated: set[UUID] = set()
    for response in chunk:
        if response.uuid in seen:
            repeated.add(response.uuid)
        seen.add(response.uuid)
    if repeated:
        raise _conflict(repeated)


def _taken(session: Session, uuids: list[UUID]) -> set[UUID]:
    found: set[UUID] = set()
    for start in range(0, len(uuids), 500):
        query = select(ResponseRow.uuid).where(ResponseRow.uuid.in_(uuids[start : start + 500]))
        found.update(session.scalars(query))
    return found


def _conflict(uuids: set[UUID]) -> Conflict:
    shown = ", ".join(sorted(str(uuid) for uuid in uuids)[:5])
    return Conflict(
        Message(N_("有 {count} 份答卷的编号重复，全部没有保存：{uuids}"), {"count": len(uuids), "uuids": shown})
    )
