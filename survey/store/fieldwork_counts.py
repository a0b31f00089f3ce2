"""What a closed wave keeps of how its fieldwork went: sums over many homes, and neither a home nor a person.

Beside :mod:`survey.store.disposition_counts`: sums of weights per community and class of the rates, how many attempts
were in the evening or at a weekend, attempts by hour, and what was done on which days. No outcome stands beside an
hour, and none beside fewer than ten attempts of a day: whoever saw a canvasser at a door that day would know what came
of it. Nothing is kept of canvassers: with the assignments in an old backup, what came of somebody's cases together
tells what came of most of them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import CheckConstraint, Double, ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from analysis.fieldwork.dispositions import DispositionClass
from survey.store.tables import Base, Choice, one_of

#: Days with fewer attempts are kept together with their neighbours.
LEAST_ATTEMPTS = 10


class FieldworkCountRow(Base):
    __tablename__ = "fieldwork_counts"
    __table_args__ = tuple(
        CheckConstraint(f"{name} >= 0", name=name)
        for name in ("evening", "weekend", "under_three", "office_hours_only")
    )

    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    evening: Mapped[int]
    weekend: Mapped[int]
    under_three: Mapped[int]
    office_hours_only: Mapped[int]


class WeightedCountRow(Base):
    __tablename__ = "weighted_counts"
    __table_args__ = (one_of("member", DispositionClass), CheckConstraint("weight > 0", name="weight"))

    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), primary_key=True)
    area: Mapped[str] = mapped_column(primary_key=True)
    member: Mapped[DispositionClass] = mapped_column(Choice(DispositionClass), primary_key=True)
    weight: Mapped[float] = mapped_column(Double)


class AttemptDayRow(Base):
    __tablename__ = "attempt_days"
    __table_args__ = (
        CheckConstraint("last_day >= first_day", name="last_day"),
        CheckConstraint(f"attempts >= {LEAST_ATTEMPTS}", name="attempts"),
        CheckConstraint("contacts >= 0 AND contacts <= attempts", name="contacts"),
        CheckConstraint("completes >= 0", name="completes"),
    )

    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), primary_key=True)
    first_day: Mapped[date] = mapped_column(primary_key=True)
    last_day: Mapped[date]
    attempts: Mapped[int]
    contacts: Mapped[int]
    completes: Mapped[int]


class AttemptHourRow(Base):
    __tablename__ = "attempt_hours"
    __table_args__ = (
        CheckConstraint("weekday >= 0 AND weekday <= 6", name="weekday"),
        CheckConstraint("hour >= 0 AND hour <= 23", name="hour"),
        CheckConstraint("attempts >= 1", name="attempts"),
    )

    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    attempts: Mapped[int]


@dataclass(frozen=True, kw_only=True)
class AreaAttempts:
    """Of one community, see :class:`survey.casework.field_tables.Progress`."""

    evening: int
    weekend: int
    under_three: int
    office_hours_only: int


@dataclass(frozen=True, kw_only=True)
class DayCounts:
    first_day: date
    last_day: date
    attempts: int
    contacts: int
    completes: int


_TABLES = Base.metadata.tables
_COUNTS, _WEIGHTS = _TABLES["fieldwork_counts"], _TABLES["weighted_counts"]
_DAYS, _HOURS = _TABLES["attempt_days"], _TABLES["attempt_hours"]


def add_area_attempts(session: Session, wave_id: int, counts: Mapping[str, AreaAttempts]) -> None:
    rows = [{"wave_id": wave_id, "area": area, **vars(one)} for area, one in counts.items()]
    if rows:
        session.execute(_COUNTS.insert(), rows)


def read_area_attempts(session: Session, wave_id: int) -> dict[str, AreaAttempts]:
    """By area; empty while the wave is open, and for one that was closed before this was kept."""
    query = select(_COUNTS).where(_COUNTS.c.wave_id == wave_id).order_by(_COUNTS.c.area)
    return {
        row.area: AreaAttempts(
            evening=row.evening,
            weekend=row.weekend,
            under_three=row.under_three,
            office_hours_only=row.office_hours_only,
        )
        for row in session.execute(query)
    }


def add_weights(session: Session, wave_id: int, weights: Mapping[tuple[str, DispositionClass], float]) -> None:
    """(area, class) -> sum of 1 / probability over its cases; combinations without a case are not kept."""
    rows = [
        {"wave_id": wave_id, "area": area, "member": member, "weight": weight}
        for (area, member), weight in weights.items()
        if weight
    ]
    if rows:
        session.execute(_WEIGHTS.insert(), rows)


def read_weights(session: Session, wave_id: int) -> dict[tuple[str, DispositionClass], float]:
    """(area, class) -> sum of weights, by area; empty while the wave is open."""
    columns = _WEIGHTS.c
    query = select(columns.area, columns.member, columns.weight).where(columns.wave_id == wave_id)
    return {(row[0], row[1]): row[2] for row in session.execute(query.order_by(columns.area, columns.member))}


def add_days(session: Session, wave_id: int, days: Iterable[DayCounts]) -> None:
    rows = [{"wave_id": wave_id, **vars(day)} for day in days]
    if rows:
        session.execute(_DAYS.insert(), rows)


def read_days(session: Session, wave_id: int) -> tuple[DayCounts, ...]:
    """In their order; empty while the wave is open, and where there were too few attempts to keep any."""
    columns = [_DAYS.columns[name] for name in ("first_day", "last_day", "attempts", "contacts", "completes")]
    query = select(*columns).where(_DAYS.c.wave_id == wave_id).order_by(_DAYS.c.first_day)
    return tuple(DayCounts(**row._mapping) for row in session.execute(query))


def add_hours(session: Session, wave_id: int, hours: Sequence[Sequence[int]]) -> None:
    """7 weekdays from Monday x 24 hours."""
    rows = [
        {"wave_id": wave_id, "weekday": weekday, "hour": hour, "attempts": attempts}
        for weekday, row in enumerate(hours)
        for hour, attempts in enumerate(row)
        if attempts
    ]
    if rows:
        session.execute(_HOURS.insert(), rows)


def read_hours(session: Session, wave_id: int) -> tuple[tuple[int, ...], ...] | None:
    """7 weekdays from Monday x 24 hours; ``None`` where nothing is kept."""
    query = select(_HOURS.c.weekday, _HOURS.c.hour, _HOURS.c.attempts).where(_HOURS.c.wave_id == wave_id)
    cells = {(row[0], row[1]): row[2] for row in session.execute(query)}
    if not cells:
        return None
    return tuple(tuple(cells.get((weekday, hour), 0) for hour in range(24)) for weekday in range(7))
