"""What came of the cases once their wave is closed: counts per community, and no case."""

from collections.abc import Mapping

from sqlalchemy import CheckConstraint, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from analysis.fieldwork.dispositions import Disposition
from survey.store.tables import Base, Choice, one_of


class DispositionCountRow(Base):
    __tablename__ = "disposition_counts"
    __table_args__ = (one_of("disposition", Disposition), CheckConstraint("cases >= 1", name="cases"))

    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    disposition: Mapped[Disposition] = mapped_column(Choice(Disposition), primary_key=True)
    cases: Mapped[int]


class VisitCountRow(Base):
    __tablename__ = "visit_counts"
    __table_args__ = (CheckConstraint("visits >= 1", name="visits"),)

    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    visits: Mapped[int]


CASES = DispositionCountRow.metadata.tables["disposition_counts"]
VISITS = VisitCountRow.metadata.tables["visit_counts"]


def add_counts(session: Session, wave_id: int, counts: Mapping[tuple[str, Disposition], int]) -> None:
    """(area, disposition) -> cases; combinations without a case are not kept."""
    rows = [
        {"wave_id": wave_id, "area": area, "disposition": disposition, "cases": cases}
        for (area, disposition), cases in counts.items()
        if cases
    ]
    if rows:
        session.execute(CASES.insert(), rows)


def read_counts(session: Session, wave_id: int) -> dict[tuple[str, Disposition], int]:
    """(area, disposition) -> cases, by area and code; empty while the wave is open."""
    query = select(CASES.c.area, CASES.c.disposition, CASES.c.cases).where(CASES.c.wave_id == wave_id)
    return {(row[0], row[1]): row[2] for row in session.execute(query.order_by(CASES.c.area, CASES.c.disposition))}


def add_visit_counts(session: Session, wave_id: int, counts: Mapping[str, int]) -> None:
    """Area -> attempts at its cases; areas without any are not kept."""
    rows = [{"wave_id": wave_id, "area": area, "visits": visits} for area, visits in counts.items() if visits]
    if rows:
        session.execute(VISITS.insert(), rows)


def read_visit_counts(session: Session, wave_id: int) -> dict[str, int]:
    """Area -> attempts, by area; empty while the wave is open."""
    query = select(VISITS.c.area, VISITS.c.visits).where(VISITS.c.wave_id == wave_id).order_by(VISITS.c.area)
    return {row.area: row.visits for row in session.execute(query)}
