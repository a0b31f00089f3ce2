import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.store.bulk import broken_constraint
from survey.store.units import (
    CHUNK,
    Residents,
    add_units,
    count_grids,
    count_places,
    count_residents,
    count_units,
    get_units,
    grid_sizes,
    list_grid_units,
    read_units,
)
from survey.units import Unit, UnitStatus


def test_units_come_back_by_serial(database, example, units):
    with database.reading() as session:
        assert tuple(read_units(session, example.frame)) == units
        assert list(read_units(session, 99)) == []


def test_units_may_come_in_any_order_and_in_portions(database, build_example, at, areas):
    many = [
        Unit(serial=serial, area=areas[0].code, grid="", address={"room": f"室{serial}"})
        for serial in range(7, CHUNK + 20)
    ]
    frame = build_example(database).frame
    with database.writing() as session:
        assert add_units(session, frame, reversed(many)) == len(many)
    with database.reading() as session:
        assert list(read_units(session, frame))[6:] == many
        wanted = range(1, CHUNK + 40, 3)
        assert list(get_units(session, frame, wanted)) == [serial for serial in wanted if serial < CHUNK + 20]


def test_chosen_units(database, example, units):
    with database.reading() as session:
        assert get_units(session, example.frame, [5, 2, 2, 77]) == {2: units[1], 5: units[4]}
        assert get_units(session, example.frame, []) == {}


def test_counts_by_area(database, example, areas):
    east, west = areas[0].code, areas[2].code
    with database.reading() as session:
        assert count_units(session, example.frame) == {
            east: {UnitStatus.OWNED: 3, UnitStatus.VACANT: 1},
            west: {UnitStatus.OWNED: 2},
        }
        assert count_grids(session, example.frame) == {east: 2}
        assert (count_units(session, 99), count_grids(session, 99)) == ({}, {})


def test_sizes_of_grids_and_people_of_areas(database, example, units):
    people, told, sizes = {}, {}, {}
    for unit in units:
        people[unit.area] = people.get(unit.area, 0) + (unit.residents or 0)
        told[unit.area] = told.get(unit.area, 0) + (unit.residents is not None)
        if unit.grid:
            sizes[unit.grid] = sizes.get(unit.grid, 0) + 1
    with database.reading() as session:
        assert grid_sizes(session, example.frame) == sizes
        assert count_residents(session, example.frame) == {
            area: Residents(people=count, told=told[area]) for area, count in people.items()
        }
        assert (grid_sizes(session, 99), count_residents(session, 99)) == ({}, {})


@pytest.mark.parametrize(
    ("serial", "area", "residents"),
    [(1, None, None), (0, None, None), (7, "330106009999", None), (7, None, -1)],
    ids=["serial twice", "serial 0", "area of another frame", "fewer than nobody"],
)
def test_the_database_itself_refuses_what_cannot_be(database, example, areas, serial, area, residents):
    with database.writing() as session:
        unit = Unit(serial=serial, area=area or areas[0].code, grid="", address={}, residents=residents)
        with pytest.raises((DBAPIError, *broken_constraint())), session.begin_nested():
            add_units(session, example.frame, [unit])
    with database.reading() as session:
        assert len(list(read_units(session, example.frame))) == 6


def test_a_unit_has_one_of_the_statuses(database, example):
    with pytest.raises(DBAPIError, match="ck_units_status"), database.writing() as session:
        session.execute(text("UPDATE units SET status = 'haunted'"))


def test_places_and_homes_of_a_grid(database, example, units):
    with database.reading() as session:
        east = count_places(session, example.frame, units[0].area)
        assert (east.units, east.grids) == (4, {f"{units[0].area}000": 2, f"{units[0].area}001": 2})
        assert east.estates == {"幸福小区": {f"{units[0].area}000": 2, f"{units[0].area}001": 2}}
        west = count_places(session, example.frame, units[-1].area)
        assert (west.units, west.grids, west.estates) == (2, {}, {"幸福小区": {"": 2}})
        assert count_places(session, example.frame, "9").units == 0
        assert list_grid_units(session, example.frame, units[0].area, f"{units[0].area}001") == (units[0], units[2])
        assert [unit.serial for unit in list_grid_units(session, example.frame, units[-1].area, "")] == [5, 6]
