"""The units of a frame: what a draw draws from. Added once with their frame, tens of thousands at a time."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Select, func, select, type_coerce
from sqlalchemy.orm import Mapped, Session, mapped_column
from sqlalchemy.types import NullType

from survey.store.bulk import insert_rows
from survey.store.tables import Base, Choice, canonical_json, one_of
from survey.units import NOT_DRAWN, Unit, UnitStatus

CHUNK = 5_000
#: Numbers in one question; SQLite takes some thousands.
ASKED_AT_ONCE = 500


class UnitRow(Base):
    __tablename__ = "units"
    __table_args__ = (
        one_of("status", UnitStatus),
        CheckConstraint("serial >= 1", name="serial"),
        CheckConstraint("residents >= 0", name="residents"),
        ForeignKeyConstraint(["frame_id", "area"], ["areas.frame_id", "areas.code"], name="fk_units_area"),
        Index(None, "frame_id", "area", "status"),  # pages count by it
        {"sqlite_with_rowid": False},
    )

    frame_id: Mapped[int] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(primary_key=True)
    area: Mapped[str]
    grid: Mapped[str]
    address: Mapped[str]  # canonical JSON: text reads faster than a decoded column
    status: Mapped[UnitStatus] = mapped_column(Choice(UnitStatus))
    residents: Mapped[int | None]


TABLE = UnitRow.metadata.tables["units"]
COLUMNS = ("frame_id", "serial", "area", "grid", "address", "status", "residents")


@dataclass(frozen=True, kw_only=True)
class Residents:
    """``people`` in the ``told`` units of an area that say how many live there."""

    people: int
    told: int


@dataclass(frozen=True, kw_only=True)
class PlaceCounts:
    """The ``units`` of an area: grid -> units, by code; estate -> grid -> units, by name (grid "": without one)."""

    units: int
    grids: Mapping[str, int]
    estates: Mapping[str, Mapping[str, int]]


def add_units(session: Session, frame_id: int, units: Iterable[Unit]) -> int:
    """How many were stored; each area must be one of the frame's."""
    count = 0
    rest = iter(units)
    while chunk := list(islice(rest, CHUNK)):
        insert_rows(session, TABLE, COLUMNS, [_row(frame_id, unit) for unit in chunk])
        count += len(chunk)
    return count


def read_units(session: Session, frame_id: int) -> Iterator[Unit]:
    """All units of the frame by serial, read in portions."""
    query = _units(frame_id).order_by(TABLE.c.serial)
    result = session.execute(query.execution_options(stream_results=True, yield_per=CHUNK))
    for rows in result.partitions():
        yield from _decoded(rows)


def get_units(session: Session, frame_id: int, serials: Iterable[int]) -> dict[int, Unit]:
    """Serial -> unit, by serial; numbers the frame does not have are left out."""
    found: dict[int, Unit] = {}
    rest = iter(sorted(set(serials)))
    while chunk := list(islice(rest, ASKED_AT_ONCE)):
        rows = session.execute(_units(frame_id).where(TABLE.c.serial.in_(chunk)).order_by(TABLE.c.serial)).all()
        found.update((unit.serial, unit) for unit in _decoded(rows))
    return found


def count_units(session: Session, frame_id: int) -> dict[str, dict[UnitStatus, int]]:
    """Area code -> status -> units, by code; what there is none of is left out."""
    query = (
        select(TABLE.c.area, TABLE.c.status, func.count())
        .where(TABLE.c.frame_id == frame_id)
        .group_by(TABLE.c.area, TABLE.c.status)
        .order_by(TABLE.c.area, TABLE.c.status)
    )
    counts: dict[str, dict[UnitStatus, int]] = {}
    for area, status, count in session.execute(query):
        counts.setdefault(area, {})[status] = count
    return counts


def count_grids(session: Session, frame_id: int) -> dict[str, int]:
    """Area code -> different grids of its units, by code; areas whose units name no grid are left out."""
    query = (
        select(TABLE.c.area, func.count(TABLE.c.grid.distinct()))
        .where(TABLE.c.frame_id == frame_id, TABLE.c.grid != "")
        .group_by(TABLE.c.area)
        .order_by(TABLE.c.area)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def grid_sizes(session: Session, frame_id: int) -> dict[str, int]:
    """Grid -> its units, by code; units without a grid are left out."""
    query = (
        select(TABLE.c.grid, func.count())
        .where(TABLE.c.frame_id == frame_id, TABLE.c.grid != "")
        .group_by(TABLE.c.grid)
        .order_by(TABLE.c.grid)
    )
    return {row[0]: row[1] for row in session.execute(query)}


def count_places(session: Session, frame_id: int, area: str) -> PlaceCounts:
    """Where in an area people may live: demolished and commercial units are not counted."""
    names = TABLE.c
    query = select(names.grid, names.address).where(names.frame_id == frame_id, names.area == area)
    rows = session.execute(query.where(names.status.not_in(NOT_DRAWN))).all()
    counts: dict[str, Counter[str]] = {}
    for grid, address in rows:
        counts.setdefault(json.loads(address).get("estate", ""), Counter())[grid] += 1
    grids = sum(counts.values(), Counter[str]())
    return PlaceCounts(
        units=len(rows),
        grids={grid: grids[grid] for grid in sorted(grids) if grid},
        estates={name: dict(sorted(counts[name].items())) for name in sorted(counts) if name},
    )


def list_grid_units(session: Session, frame_id: int, area: str, grid: str) -> tuple[Unit, ...]:
    """The units of one grid of an area where people may live, by serial; ``grid`` "": those without a grid."""
    names = TABLE.c
    query = _units(frame_id).where(names.area == area, names.grid == grid)
    query = query.where(names.status.not_in(NOT_DRAWN))
    return tuple(_decoded(session.execute(query.order_by(names.serial))))


def count_residents(session: Session, frame_id: int) -> dict[str, Residents]:
    """Area code -> people of its units, by code."""
    query = (
        select(TABLE.c.area, func.coalesce(func.sum(TABLE.c.residents), 0), func.count(TABLE.c.residents))
        .where(TABLE.c.frame_id == frame_id)
        .group_by(TABLE.c.area)
        .order_by(TABLE.c.area)
    )
    return {row[0]: Residents(people=int(row[1]), told=row[2]) for row in session.execute(query)}


def _units(frame_id: int) -> Select[Any]:
    # The status as the driver gives it: SQLAlchemy's conversion takes longer than all the rest of a row.
    names = TABLE.c
    status = type_coerce(names.status, NullType)
    columns = (names.serial, names.area, names.grid, status, names.residents, names.address)
    return select(*columns).where(names.frame_id == frame_id)


def _decoded(rows: Iterable[Any]) -> Iterator[Unit]:
    held = list(rows)
    addresses: list[Mapping[str, str]] = json.loads("[" + ",".join([row[5] for row in held]) + "]")
    for (serial, area, grid, status, residents, _), address in zip(held, addresses, strict=True):
        yield Unit(serial=serial, area=area, grid=grid, address=address, status=UnitStatus(status), residents=residents)


def _row(frame_id: int, unit: Unit) -> tuple[Any, ...]:
    """In the order of :data:`COLUMNS`."""
    return (
        frame_id,
        unit.serial,
        unit.area,
        unit.grid,
        canonical_json(unit.address),
        unit.status.value,
        unit.residents,
    )
