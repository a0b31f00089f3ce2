"""Equal frames have equal digests; any change shows."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from survey.areas import Area, Level
from survey.sampling.frame_digest import areas_digest, frame_digest, units_digest
from survey.units import Unit, UnitStatus

AREAS = [
    Area(code="1", name="城", level=Level.CITY, parent=None, population=None),
    Area(code="11", name="东", level=Level.COMMUNITY, parent="1", population=10),
]
UNITS = [
    Unit(serial=1, area="11", grid="11001", address={"estate": "花园", "room": "101"}, residents=3),
    Unit(serial=2, area="11", grid="", address={"room": "102"}, status=UnitStatus.VACANT),
]
CHANGES: list[Callable[[Unit], Unit]] = [
    lambda unit: replace(unit, serial=9),
    lambda unit: replace(unit, area="12"),
    lambda unit: replace(unit, grid="11002"),
    lambda unit: replace(unit, address={"estate": "花园", "room": "103"}),
    lambda unit: replace(unit, address={"estate": "花园101"}),
    lambda unit: replace(unit, status=UnitStatus.DEMOLISHED),
    lambda unit: replace(unit, residents=None),
]


def test_the_order_of_rows_and_fields_does_not_matter() -> None:
    assert areas_digest(AREAS) == areas_digest(AREAS[::-1])
    turned = replace(UNITS[0], address={"room": "101", "estate": "花园"})
    assert units_digest(UNITS) == units_digest([turned, UNITS[1]])


@pytest.mark.parametrize("change", CHANGES)
def test_any_change_of_a_unit_shows(change: Callable[[Unit], Unit]) -> None:
    assert units_digest([change(UNITS[0]), UNITS[1]]) != units_digest(UNITS)


def test_a_unit_more_or_less_shows() -> None:
    assert len({units_digest(UNITS[:count]) for count in range(3)}) == 3


def test_any_change_of_an_area_shows() -> None:
    digests = {areas_digest(AREAS), areas_digest([AREAS[0], replace(AREAS[1], population=11)]), areas_digest(AREAS[:1])}
    assert len(digests) == 3


def test_areas_and_units_count_both() -> None:
    assert len({frame_digest("a", "b"), frame_digest("b", "a"), frame_digest("ab", "")}) == 3
