"""The invented frames: offices' tables that come in by the usual steps, the same ones for the same seed."""

from collections import Counter

import pytest

from survey.demo.city import SCALES, Size, read_city
from survey.demo.homes import FrameTables, adults_in, street_frame, town_frame, village_frame
from survey.sampling.samples import drawable
from survey.units import UnitKind, UnitStatus

DWELLINGS, GRIDS = 28_453, 105


@pytest.fixture(scope="module")
def street() -> FrameTables:
    city = read_city()
    return street_frame(city, city.communities, 1)


@pytest.mark.slow
def test_the_sub_district_has_its_communities_grids_and_dwellings(street: FrameTables) -> None:
    assert len(read_city().communities) == SCALES[Size.FULL].communities == 16
    assert drawable(Counter(unit.status for unit in street.units)) == DWELLINGS
    assert len({unit.grid for unit in street.units}) == GRIDS
    homes = Counter(unit.area for unit in street.units if unit.status is not UnitStatus.COMMERCIAL)
    assert all(homes[place.code] >= place.dwellings for place in read_city().communities)


@pytest.mark.slow
def test_the_areas_tell_how_many_adults_live_there(street: FrameTables) -> None:
    told = {area.code: area.population for area in street.areas if area.code in street.adults}
    assert told == street.adults
    lived_in = [unit for unit in street.units if unit.status not in (UnitStatus.COMMERCIAL, UnitStatus.DEMOLISHED)]
    assert sum(map(adults_in, lived_in)) == sum(street.adults.values())


def test_the_township_has_villages_of_households_and_communities_of_dwellings() -> None:
    city = read_city()
    villages, towns = village_frame(city, city.villages, 1), town_frame(city, city.town_communities, 1)
    assert (len(villages.adults), villages.kind) == (11, UnitKind.VILLAGE_HOUSEHOLD)
    assert (len(towns.adults), towns.kind) == (9, UnitKind.DWELLING)
    assert {unit.grid for unit in (*villages.units, *towns.units)} == {""}


def test_the_same_seed_gives_the_same_homes() -> None:
    city = read_city()
    few = city.communities[:1]
    assert street_frame(city, few, 1).units == street_frame(city, few, 1).units != street_frame(city, few, 2).units
