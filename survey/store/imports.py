"""Files of answers that were imported, and what was not understood in them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.store.tables import Base, Json


class ImportRow(Base):
    __tablename__ = "imports"

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), index=True)
    file_digest: Mapped[str]
    columns_digest: Mapped[str]
    design: Mapped[str | None]
    rows: Mapped[int] = mapped_column("row_count")
    report: Mapped[dict[str, Any]] = mapped_column(Json)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column("imported_by")


@dataclass(frozen=True, kw_only=True)
class ImportRecord:
    id: int
    wave_id: int
    file_digest: str  # SHA-256 of the file of answers
    columns_digest: str  # SHA-256 of the column map
    design: str | None  # "assumed-srs", or None: non-probability
    rows: int
    report: dict[str, Any]
    at: datetime
    by: str


def add_import(
    session: Session,
    *,
    wave_id: int,
    file_digest: str,
    columns_digest: str,
    design: str | None,
    rows: int,
    report: Mapping[str, Any],
    at: datetime,
    by: str,
) -> int:
    """The id of the recorded import; its responses come with :func:`survey.store.responses.add_responses`."""
    row = ImportRow(
        wave_id=wave_id,
        file_digest=file_digest,
        columns_digest=columns_digest,
        design=design,
        rows=rows,
        report=dict(report),
        at=at,
        by=by,
    )
    session.add(row)
    session.flush()
    return row.id


def list_imports(session: Session, wave_id: int) -> tuple[ImportRecord, ...]:
    """The wave's imports, the oldest first."""
    query = select(ImportRow).where(ImportRow.wave_id == wave_id).order_by(ImportRow.id)
    return tuple(
        ImportRecord(
            id=row.id,
            wave_id=row.wave_id,
            file_digest=row.file_digest,
            columns_digest=row.columns_digest,
            design=row.design,
            rows=row.rows,
            report=row.report,
            at=row.at,
            by=row.by,
        )
        for row in session.scalars(query)
    )
