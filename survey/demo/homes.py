"""Invented homes of the city, as the tables that offices keep, the same ones for the same seed."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np

from survey.areas import Area
from survey.demo.city import City, Place
from survey.files.spreadsheets import read_rows
from survey.units import Unit, UnitKind, UnitStatus
from survey.workflow.import_frame import read_areas
from survey.workflow.import_units import read_unit_file

_DWELLINGS = (
    "区划代码", "社区名称", "网格编号", "小区名称", "楼栋号", "单元号", "楼层", "房号", "房屋状态", "常住人口数",
)  # fmt: skip
_HOUSEHOLDS = ("村代码", "村名称", "村民小组", "户号", "房屋状态", "常住人口数")
_AREAS = ("code", "name", "level", "parent", "population")
ENTRANCES, FLOORS, DOORS = 3, 6, 2
GROUPS = 8
_STATUS = ("自住", "出租", "空置", "")
_SHARES = np.cumsum((0.72, 0.17, 0.07))
#: Residents of a lived-in home, from one on.
_RESIDENTS = np.cumsum((0.14, 0.30, 0.28, 0.17, 0.07, 0.03))
_ADULTS = {1: 1, 2: 2, 3: 2, 4: 3, 5: 3, 6: 4, 7: 5}
_NUMBERS = "一二三四五六七八"
_SHOPS, _GONE = 0.12, 0.01


@dataclass(frozen=True, kw_only=True)
class FrameTables:
    """What an office hands in, read by the steps of a real frame. ``adults``: community -> eligible adults."""

    kind: UnitKind
    areas: tuple[Area, ...]
    units: tuple[Unit, ...]
    adults: Mapping[str, int]


def adults_in(unit: Unit) -> int:
    """Eligible adults of a home; where the office does not know who lives there, two do.

    >>> adults_in(Unit(serial=1, area="1", grid="", address={}, residents=4))
    3
    """
    return 0 if unit.status is UnitStatus.VACANT else _ADULTS[unit.residents or 2]


def street_frame(city: City, communities: Sequence[Place], seed: int) -> FrameTables:
    """The sub-district: dwellings in grids."""
    return _frame(UnitKind.DWELLING, city.city, city.street, communities, seed)


def village_frame(city: City, villages: Sequence[Place], seed: int) -> FrameTables:
    """The villages of the township: households."""
    return _frame(UnitKind.VILLAGE_HOUSEHOLD, city.city, city.township, villages, seed)


def town_frame(city: City, communities: Sequence[Place], seed: int) -> FrameTables:
    """The communities of the township: dwellings, and no grids."""
    return _frame(UnitKind.DWELLING, city.city, city.township, communities, seed)


def _frame(
    kind: UnitKind, city: tuple[str, str], above: tuple[str, str], places: Sequence[Place], seed: int
) -> FrameTables:
    areas = read_areas(read_rows(_areas_table(kind, city, above, places, {}).encode(), "areas.csv"))
    table = _households(places, seed) if kind is UnitKind.VILLAGE_HOUSEHOLD else _dwellings(places, seed)
    units = read_unit_file(read_rows(table.encode(), "units.csv"), kind=kind, areas=areas).units
    adults = dict.fromkeys((place.code for place in places), 0)
    for unit in units:
        if unit.status not in (UnitStatus.COMMERCIAL, UnitStatus.DEMOLISHED):
            adults[unit.area] += adults_in(unit)
    told = _areas_table(kind, city, above, places, adults)
    return FrameTables(kind=kind, areas=read_areas(read_rows(told.encode(), "areas.csv")), units=units, adults=adults)


def _areas_table(
    kind: UnitKind,
    city: tuple[str, str],
    above: tuple[str, str],
    places: Sequence[Place],
    adults: Mapping[str, int],
) -> str:
    level = "village" if kind is UnitKind.VILLAGE_HOUSEHOLD else "community"
    rows: list[tuple[object, ...]] = [(*city, "city", "", ""), (*above, "street", city[0], "")]
    for place in places:
        rows.append((place.code, place.name, level, above[0], adults.get(place.code, "")))
        rows += [
            (f"{place.code}{number:03}", f"{place.name}第{_NUMBERS[number - 1]}网格", "grid", place.code, "")
            for number in range(1, place.grids + 1)
        ]
    return _csv(_AREAS, rows)


def _dwellings(places: Sequence[Place], seed: int) -> str:
    """All dwellings and the shops between them."""
    return _csv(_DWELLINGS, (row for place in places for row in _dwellings_of(place, seed)))


def _dwellings_of(place: Place, seed: int) -> Iterator[tuple[object, ...]]:
    rng = np.random.default_rng([seed, int(place.code), 1])
    left, building = place.dwellings, 0
    while left:
        building += 1
        estate = place.estates[building % len(place.estates)]
        grid = f"{place.code}{1 + building % place.grids:03}" if place.grids else ""
        shops, gone = rng.random() < _SHOPS, rng.random() < _GONE
        doors = list(product(range(1, ENTRANCES + 1), range(1, FLOORS + 1), range(1, DOORS + 1)))
        for (entrance, floor, door), (status, residents) in zip(doors, _lived_in(rng, len(doors)), strict=True):
            use, people = ("已拆除", "") if gone else ("商铺", "") if shops and floor == 1 else (status, residents)
            if use not in ("已拆除", "商铺"):
                if not left:
                    return
                left -= 1
            room = f"{floor}0{door}"
            yield place.code, place.name, grid, estate, building, entrance, floor, room, use, people


def _households(places: Sequence[Place], seed: int) -> str:
    rows: list[tuple[object, ...]] = []
    for place in places:
        rng = np.random.default_rng([seed, int(place.code), 1])
        for number, (status, residents) in enumerate(_lived_in(rng, place.dwellings)):
            group = f"第{_NUMBERS[number * GROUPS // place.dwellings]}村民小组"
            rows.append((place.code, place.name, group, number + 1, status, residents))
    return _csv(_HOUSEHOLDS, rows)


def _lived_in(rng: np.random.Generator, count: int) -> list[tuple[str, object]]:
    """Status of each home as the office writes it, and its residents."""
    status = np.searchsorted(_SHARES, rng.random(count), side="right").tolist()
    residents = (1 + np.searchsorted(_RESIDENTS, rng.random(count), side="right")).tolist()
    return [(_STATUS[s], r if s < 2 else "") for s, r in zip(status, residents, strict=True)]


def _csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue()
