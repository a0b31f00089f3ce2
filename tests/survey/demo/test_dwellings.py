"""The invented frame: an office's table that comes in by the usual step, the same one for the same seed."""

from collections import Counter

import pytest

from survey.areas import Level
from survey.demo.dwellings import ESTATES, demo_areas, demo_dwellings
from survey.files.spreadsheets import read_rows
from survey.samples import drawable
from survey.units import UnitKind, UnitStatus
from survey.workflow.import_frame import read_areas
from survey.workflow.import_units import read_unit_file


def test_every_community_has_some_hundred_dwellings_in_its_grids() -> None:
    dwellings = demo_dwellings(1)
    areas = read_areas(read_rows(demo_areas(dwellings).encode(), "areas.csv"))
    file = read_unit_file(read_rows(dwellings.encode(), "units.csv"), kind=UnitKind.DWELLING, areas=areas)
    counts = Counter(unit.area for unit in file.units)
    assert counts.keys() == ESTATES.keys() == {area.code for area in areas if area.level is Level.COMMUNITY}
    assert all(200 <= count <= 450 for count in counts.values()), counts
    assert {unit.grid for unit in file.units} == {area.code for area in areas if area.level is Level.GRID}
    statuses = Counter(unit.status for unit in file.units)
    assert 0 < statuses[UnitStatus.COMMERCIAL] < drawable(statuses) / 10
    assert not file.personal
    residents = sum(unit.residents or 0 for unit in file.units)
    assert sum(area.population or 0 for area in areas) == pytest.approx(0.8 * residents, abs=8)


def test_the_same_seed_gives_the_same_dwellings() -> None:
    assert demo_dwellings(1) == demo_dwellings(1) != demo_dwellings(2)
