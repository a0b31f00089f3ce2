"""What the estimates need of a sample answer once its wave is closed: design and weight, under invented labels."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, Uuid, select, type_coerce
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import NullType

from survey.store.bulk import insert_rows
from survey.store.responses import ResponseRow
from survey.store.tables import Base

#: Probabilities over several stages are fractions of long numbers; SQLite's are long anyway.
_WIDE = BigInteger().with_variant(Integer(), "sqlite")


class ResponseFactorsRow(Base):
    __tablename__ = "response_factors"
    __table_args__ = (
        CheckConstraint("inclusion_n >= 1 AND inclusion_n <= inclusion_total", name="inclusion"),
        # A large household would stand out among its neighbours.
        CheckConstraint("adults >= 1 AND adults <= 4", name="adults"),
        {"sqlite_with_rowid": False},
    )

    uuid: Mapped[UUID] = mapped_column(Uuid, ForeignKey("responses.uuid"), primary_key=True)
    stratum: Mapped[str]
    psu: Mapped[int]
    canvasser: Mapped[str]
    inclusion_n: Mapped[int] = mapped_column(_WIDE)
    inclusion_total: Mapped[int] = mapped_column(_WIDE)
    adults: Mapped[int | None]


TABLE = ResponseFactorsRow.metadata.tables["response_factors"]
COLUMNS = ("uuid", "stratum", "psu", "canvasser", "inclusion_n", "inclusion_total", "adults")


@dataclass(frozen=True, kw_only=True)
class Factors:
    """The inclusion probability is ``inclusion_n / inclusion_total``, over all stages."""

    uuid: UUID  # of the response
    stratum: str  # the community, "*" where communities were drawn, or the community and a letter of chance
    psu: int  # a random label, the same for all answers of one
    canvasser: str  # a random label within the wave; "": nobody asked in person
    inclusion_n: int
    inclusion_total: int
    adults: int | None  # eligible ones, trimmed at 4; None: not known


def add_factors(session: Session, factors: Iterable[Factors]) -> int:
    """How many were stored; each once, for a response that is there."""
    rows = [
        (one.uuid.hex, one.stratum, one.psu, one.canvasser, one.inclusion_n, one.inclusion_total, one.adults)
        for one in sorted(factors, key=lambda one: one.uuid.int)  # in no order that tells anything
    ]
    if rows:
        insert_rows(session, TABLE, COLUMNS, rows)
    return len(rows)


def read_factors(session: Session, wave_id: int) -> dict[UUID, Factors]:
    """By the response's uuid; responses from outside the sample are not there."""
    query = select(TABLE).join(ResponseRow, ResponseRow.uuid == TABLE.c.uuid).where(ResponseRow.wave_id == wave_id)
    return {row[0]: Factors(**row._mapping) for row in session.execute(query.order_by(TABLE.c.uuid))}


def factors_digest(session: Session, wave_id: int) -> str:
    """SHA-256 hex over all that :func:`read_factors` reads: it tells any two contents of one database apart."""
    columns = [type_coerce(column, NullType) for column in TABLE.columns]  # as the driver gives them
    query = select(*columns).join(ResponseRow, ResponseRow.uuid == TABLE.c.uuid).where(ResponseRow.wave_id == wave_id)
    rows = session.execute(query.order_by(TABLE.c.uuid)).all()
    return hashlib.sha256(repr([tuple(row) for row in rows]).encode()).hexdigest()
