"""Units read by columns are those that are stored, whatever was done to them."""

from collections.abc import Sequence

import pytest
from sqlalchemy import text, update

from survey.sampling.drawable_units import by_column, gather_units
from survey.sampling.frame_digest import units_digest
from survey.store import unit_columns
from survey.store.database import Database
from survey.store.tables import canonical_json
from survey.store.unit_columns import read_columns
from survey.store.units import TABLE, add_units, read_units
from survey.units import Unit, UnitStatus

STATUSES = tuple(UnitStatus)


def homes(areas, numbers: Sequence[int]) -> list[Unit]:
    """Of all statuses, with and without grid and residents, in runs of unequal length."""
    return [
        Unit(
            serial=number,
            area=areas[0].code if number % 70 < 30 else areas[2].code,
            grid="" if number % 11 < 3 else f"{areas[0].code}00{number % 5}",
            address={"estate": "花园，甲\"区'\\", "room": f"{number}, {number % 7}"},
            status=STATUSES[number % len(STATUSES)],
            residents=None if number % 4 == 0 else number % 6,
        )
        for number in numbers
    ]


def check(database: Database, frame: int, expected: Sequence[Unit]) -> None:
    with database.reading() as session:
        assert tuple(read_units(session, frame)) == tuple(expected)
        read = read_columns(session, frame, keys=True)
    assert (read.count, read.digest) == (len(expected), units_digest(expected))
    rows = [
        (one.serial, one.area, one.grid, one.status.value, one.residents, canonical_json(one.address))
        for one in expected
    ]
    wanted = gather_units([by_column(rows)], keys=True)
    assert read.units.serials.tolist() == wanted.serials.tolist()
    found, by_rows = read.units.frame, wanted.frame
    assert (found.communities, found.grids, found.keys) == (by_rows.communities, by_rows.grids, by_rows.keys)
    assert found.community.tolist() == by_rows.community.tolist()
    assert found.grid.tolist() == by_rows.grid.tolist()
    assert found.residents.tolist() == by_rows.residents.tolist()
    held = {one.serial: one for one in expected}
    drawable = [held[serial] for serial in read.units.serials.tolist()]
    assert found.keys == [f"{one.area}|{one.grid}|{canonical_json(one.address)}".encode() for one in drawable]


def test_columns_are_the_units(database, build_example, units, areas, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unit_columns, "SQLITE_CHUNK", 100)
    frame = build_example(database).frame
    more = homes(areas, range(len(units) + 1, 360))
    with database.writing() as session:
        add_units(session, frame, more)
    check(database, frame, (*units, *more))


def test_serials_with_gaps(database, build_example, units, areas) -> None:
    frame = build_example(database).frame
    more = homes(areas, range(50, 400, 3))
    with database.writing() as session:
        add_units(session, frame, more)
    check(database, frame, (*units, *more))


@pytest.mark.parametrize("value", ["a,b", ",", "x\ny", "x\n"])
@pytest.mark.parametrize("column", ["grid", "address"])
def test_a_value_that_separates_others(database, example, column: str, value: str) -> None:
    with database.writing() as session:
        before = read_columns(session, example.frame, keys=False).digest
        session.execute(update(TABLE).where(TABLE.c.serial == 2).values({column: value}))
        read = read_columns(session, example.frame, keys=True)
        rows = session.execute(text("SELECT serial, area, grid, status, residents, address FROM units ORDER BY serial"))
        columns = by_column([tuple(row) for row in rows])
    assert read.digest != before
    assert read.units.frame.keys == gather_units([columns], keys=True).frame.keys


@pytest.mark.parametrize("value", ["x", "３", "2.5", "-1"])
def test_residents_that_are_no_number_change_the_digest(sqlite_database, build_example, value: str) -> None:
    frame = build_example(sqlite_database).frame
    with sqlite_database.writing() as session:
        before = read_columns(session, frame, keys=False).digest
        session.execute(text("PRAGMA ignore_check_constraints = ON"))
        session.execute(text("UPDATE units SET residents = :value WHERE serial = 2"), {"value": value})
        assert read_columns(session, frame, keys=False).digest != before
