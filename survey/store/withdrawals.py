"""What takes back answers that were given online: under which code which answers are, readable only with a key.

The person's code leads to their answers, or it could not delete them; so whoever gets hold of the code (people are
asked for pictures of their last screen) and of a database or a backup would find the answers. Therefore a row is found
by ``tag``, which only the holder of a key kept elsewhere can compute: the wave's own while it is open, which is
destroyed with the closing, and from then on the site's. Sealing the uuid under the code itself would not help: whoever
has the code opens that too, and when closing gives the answers new uuids nobody could seal them anew. A row leads to a
response, never to a case, and holds no time. Answers that are withdrawn leave a count by community and mode, and the
row without its uuid, so that asking again is answered alike.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    Uuid,
    bindparam,
    delete,
    func,
    select,
    text,
    update,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.keys import Sealer
from survey.store.response_factors import TABLE as FACTORS
from survey.store.responses import TABLE as RESPONSES
from survey.store.single_rows import save_row
from survey.store.tables import Base, Choice, one_of
from survey.store.weight_versions import TABLE as WEIGHTS
from survey.waves import Mode


class WithdrawalRow(Base):
    __tablename__ = "withdrawals"
    __table_args__ = (
        CheckConstraint("length(tag) = 64", name="tag"),
        Index(None, "wave_id"),
        Index(None, "uuid"),
        {"sqlite_with_rowid": False},
    )

    tag: Mapped[str] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"))
    uuid: Mapped[UUID | None] = mapped_column(Uuid)
    body: Mapped[bytes | None] = mapped_column(LargeBinary)


class WithdrawalCountRow(Base):
    __tablename__ = "withdrawal_counts"
    __table_args__ = (one_of("mode", Mode), CheckConstraint("answers >= 1", name="answers"))

    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    mode: Mapped[Mode] = mapped_column(Choice(Mode), primary_key=True)
    answers: Mapped[int]


TABLE = WithdrawalRow.metadata.tables["withdrawals"]
COUNTS = WithdrawalCountRow.metadata.tables["withdrawal_counts"]
_SAVE = save_row(TABLE, key="tag", same=("wave_id",), change=("uuid", "body"))
_COUNT = text(
    "INSERT INTO withdrawal_counts (wave_id, area, mode, answers) VALUES (:wave, :area, :mode, 1) "
    "ON CONFLICT (wave_id, area, mode) DO UPDATE SET answers = withdrawal_counts.answers + 1"
)
_EMPTY = update(TABLE).where(TABLE.c.tag == bindparam("of")).values(uuid=None)


@dataclass(frozen=True, kw_only=True)
class Withdrawal:
    """``uuid``: of the response, or of a payload that was kept aside; ``None``: there are no answers (any more)."""

    tag: str
    wave_id: int
    uuid: UUID | None


@dataclass(frozen=True, kw_only=True)
class Unlocked:
    """A withdrawal with its hash in the clear, on the way from one key to another."""

    hashed: str
    uuid: UUID | None


def tag_of(sealer: Sealer, hashed: str) -> str:
    """Where the row of a code is, under one key; ``hashed`` by
    :func:`~survey.fieldwork.resident_codes.withdrawal_hash`.
    """
    return sealer.tag(f"withdrawal:{hashed}")


def context(tag: str) -> str:
    """What the body of a row is sealed with."""
    return f"withdrawal:{tag}"


def add_withdrawal(session: Session, sealer: Sealer, wave_id: int, hashed: str, uuid: UUID | None) -> None:
    """Let the code with this hash take back the answers ``uuid``, in one statement; under the key of the open wave.

    Sealed beside it is the hash itself, so that the closing can put it under another key.
    """
    tag = tag_of(sealer, hashed)
    body = sealer.seal(bytes.fromhex(hashed), context=context(tag))
    session.execute(_SAVE, {"tag": tag, "wave_id": wave_id, "uuid": uuid, "body": body})


def find_withdrawal(session: Session, tags: Collection[str]) -> Withdrawal | None:
    """The row under one of the ``tags`` that a code has with the keys there are."""
    query = select(TABLE.c.tag, TABLE.c.wave_id, TABLE.c.uuid).where(TABLE.c.tag.in_(sorted(tags)))
    row = session.execute(query).one_or_none()
    return Withdrawal(tag=row.tag, wave_id=row.wave_id, uuid=row.uuid) if row else None


def list_standing(session: Session) -> tuple[tuple[Withdrawal, bytes | None], ...]:
    """All rows whose answers are there, each with its sealed body: of open waves."""
    query = select(TABLE.c.tag, TABLE.c.wave_id, TABLE.c.uuid, TABLE.c.body).where(TABLE.c.uuid.is_not(None))
    rows = session.execute(query.order_by(TABLE.c.tag))
    return tuple((Withdrawal(tag=row.tag, wave_id=row.wave_id, uuid=row.uuid), row.body) for row in rows)


def delete_answers(session: Session, found: Withdrawal) -> str | None:
    """Delete the response with all factors of its weights, count it, and leave the row without its uuid.

    How complete the response was; ``None``: of what was kept aside there is none.
    """
    columns = RESPONSES.c.area, RESPONSES.c.mode, RESPONSES.c.completeness
    query = select(*columns).where(RESPONSES.c.uuid == found.uuid)
    response = session.execute(query).one_or_none() if found.uuid else None
    if response:
        for table in (WEIGHTS, FACTORS, RESPONSES):
            session.execute(delete(table).where(table.c.uuid == found.uuid))
        session.execute(_COUNT, {"wave": found.wave_id, "area": response.area, "mode": response.mode.value})
    session.execute(_EMPTY, {"of": found.tag})
    return response.completeness if response else None


def unlock_withdrawals(session: Session, sealer: Sealer, wave_id: int) -> tuple[Unlocked, ...]:
    """Take the wave's rows out, to be put back with :func:`lock_withdrawals`."""
    query = select(TABLE.c.tag, TABLE.c.uuid, TABLE.c.body).where(TABLE.c.wave_id == wave_id).order_by(TABLE.c.tag)
    rows = session.execute(query).all()
    session.execute(delete(TABLE).where(TABLE.c.wave_id == wave_id))
    return tuple(
        Unlocked(hashed=sealer.unseal(row.body, context=context(row.tag)).hex(), uuid=row.uuid)
        for row in rows
        if row.body is not None
    )


def lock_withdrawals(
    session: Session, sealer: Sealer, wave_id: int, unlocked: Iterable[Unlocked], fresh: Mapping[UUID, UUID]
) -> None:
    """Put rows back under another key. ``fresh``: old uuid -> new one of each response; others have no answers now."""
    rows = [
        {"tag": tag_of(sealer, one.hashed), "wave_id": wave_id, "uuid": fresh.get(one.uuid) if one.uuid else None}
        for one in unlocked
    ]
    if rows:
        rows.sort(key=lambda row: str(row["tag"]))
        session.execute(TABLE.insert(), rows)


def has_withdrawals(session: Session, wave_id: int) -> bool:
    """Whether any code of the wave was given out."""
    return session.scalar(select(TABLE.c.tag).where(TABLE.c.wave_id == wave_id).limit(1)) is not None


def count_withdrawn(session: Session, wave_id: int) -> int:
    """Answers of the wave that were withdrawn."""
    return session.scalar(select(func.sum(COUNTS.c.answers)).where(COUNTS.c.wave_id == wave_id)) or 0


def count_all_withdrawn(session: Session) -> int:
    """Answers of all waves that were withdrawn."""
    return session.scalar(select(func.sum(COUNTS.c.answers))) or 0


def rewrite_in_key_order(session: Session) -> None:
    """As :func:`survey.store.responses.rewrite_in_key_order`; nothing of deleted factors stays in their tables."""
    connection = session.connection()
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("UPDATE withdrawals SET wave_id = wave_id")
        connection.exec_driver_sql("CLUSTER withdrawals USING pk_withdrawals")
        if session.scalar(select(COUNTS.c.wave_id).limit(1)) is not None:
            connection.exec_driver_sql("CLUSTER response_factors USING pk_response_factors")
            connection.exec_driver_sql("CLUSTER weight_factors USING pk_weight_factors")
