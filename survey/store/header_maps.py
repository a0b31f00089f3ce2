"""What the headers of offices' files mean, told once and kept for the next file."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.tables import Base, Choice, one_of
from survey.units import UnitKind


class HeaderMapRow(Base):
    __tablename__ = "header_maps"
    __table_args__ = (one_of("kind", UnitKind),)

    kind: Mapped[UnitKind] = mapped_column(Choice(UnitKind), primary_key=True)
    header: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str]  # "": the column is dropped
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column("mapped_by")


def save_header(session: Session, *, kind: UnitKind, header: str, field: str, at: datetime, by: str) -> None:
    """From now on ``header`` in a file of ``kind`` is ``field`` (``""``: dropped), whatever was said before."""
    session.merge(HeaderMapRow(kind=kind, header=header, field=field, at=at, by=by))
    session.flush()


def read_headers(session: Session, *, kind: UnitKind) -> dict[str, str]:
    """Header -> field, by header."""
    query = select(HeaderMapRow).where(HeaderMapRow.kind == kind).order_by(HeaderMapRow.header)
    return {row.header: row.field for row in session.scalars(query)}
