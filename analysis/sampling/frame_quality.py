"""Signs that a list of dwellings is not what it says: doubles, gaps in door numbers, sizes that do not fit.

They are signs, never proof: a house may have no fourth floor because nobody wants to live there.
"""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

#: A floor lacks a door when at least this many floors of its entrance have it; fewer tell nothing of a pattern.
FLOORS_ALIKE = 3
#: Persons to a household; outside, residents and units hardly count the same homes.
LEAST_PERSONS, MOST_PERSONS = 1.2, 6.0
_DIGITS = re.compile(r"\d+")


@dataclass(frozen=True, kw_only=True)
class ListedDoor:
    """``entrance``: all of the address above the floor. ``floor`` may be unsaid: then ``room`` says it (501: floor 5,
    door 1). ``key``: the address as written, what makes it different from any other.
    """

    area: str
    entrance: tuple[str, ...]
    floor: str
    room: str

    @property
    def key(self) -> tuple[str, ...]:
        return (self.area, *self.entrance, self.floor, self.room)


@dataclass(frozen=True, kw_only=True)
class Gap:
    """``missing``: door numbers that the other floors of the entrance lead one to expect, by floor and door."""

    area: str
    entrance: tuple[str, ...]
    missing: tuple[str, ...]


def likely_doubles(doors: Sequence[ListedDoor]) -> tuple[tuple[int, ...], ...]:
    """Positions of doors that are written differently and read the same, in groups of two or more.

    Read alike: full-width and half-width letters, blanks, leading zeros, capital letters, 号 室 栋 幢 单元 层 behind a
    number; a floor that is said beside a room's number and one that is in it alone (floor 5, room 501 or 1; room 501).

    >>> doors = [ListedDoor(area="1", entrance=("幸福里", building), floor="", room=room)
    ...          for building, room in (("3栋", "501"), ("３", "0501室"), ("3", "502"))]
    >>> likely_doubles(doors)
    ((0, 1),)
    """
    found: defaultdict[tuple[str, ...], list[int]] = defaultdict(list)
    for position, door in enumerate(doors):
        found[_as_read(door)].append(position)
    return tuple(tuple(group) for group in found.values() if len(group) > 1)


def door_gaps(doors: Iterable[ListedDoor]) -> tuple[Gap, ...]:
    """Doors that a floor lacks and at least :data:`FLOORS_ALIKE` other floors of the entrance have, and whole floors
    that lack between the lowest and the highest; by area and entrance. Rooms that are no plain number are passed over.

    >>> rooms = ["101", "102", "201", "301", "302", "401", "402", "601", "602"]
    >>> doors = [ListedDoor(area="1", entrance=("幸福里", "3"), floor="", room=room) for room in rooms]
    >>> door_gaps(doors)[0].missing
    ('202', '501', '502')
    """
    entrances: defaultdict[tuple[str, tuple[str, ...]], defaultdict[int, set[int]]] = defaultdict(
        lambda: defaultdict(set)
    )
    for door in doors:
        place = _place(door)
        if place is not None:
            entrances[door.area, door.entrance][place[0]].add(place[1])
    found = []
    for (area, entrance), floors in sorted(entrances.items()):
        missing = _missing(floors)
        if missing:
            found.append(Gap(area=area, entrance=entrance, missing=tuple(missing)))
    return tuple(found)


def serial_gaps(serials: Iterable[int]) -> tuple[tuple[int, int], ...]:
    """Runs of numbers (first, last) that lack between the lowest and the highest.

    >>> serial_gaps([1, 2, 5, 6, 8])
    ((3, 4), (7, 7))
    """
    known = sorted(set(serials))
    return tuple((low + 1, high - 1) for low, high in pairwise(known) if high > low + 1)


def unlikely_sizes(units: Mapping[str, int], persons: Mapping[str, int]) -> Mapping[str, float]:
    """Place -> persons to a unit, where that is below 1.2 or above 6; ``persons`` as an independent source counts.

    >>> unlikely_sizes({"A": 100, "B": 100, "C": 0}, {"A": 250, "B": 900, "C": 10})
    {'B': 9.0}
    """
    ratios = {place: persons[place] / count for place, count in units.items() if count and persons.get(place)}
    return {place: ratio for place, ratio in ratios.items() if not LEAST_PERSONS <= ratio <= MOST_PERSONS}


def _as_read(door: ListedDoor) -> tuple[str, ...]:
    *above, floor, room = map(_plain, door.key)
    place = _place(door)
    if place is not None and floor in ("", str(place[0])):
        floor, room = map(str, place)
    return (*above, floor, room)


def _missing(floors: Mapping[int, set[int]]) -> list[str]:
    alike = Counter(door for doors in floors.values() for door in doors)
    usual = sorted(door for door, count in alike.items() if count >= FLOORS_ALIKE)
    if len(floors) < FLOORS_ALIKE or not usual:
        return []
    return [
        f"{floor}{door:02d}"
        for floor in range(min(floors), max(floors) + 1)
        for door in usual
        if door not in floors.get(floor, set())
    ]


def _place(door: ListedDoor) -> tuple[int, int] | None:
    """Floor and door as numbers; the floor is in the room's number where nothing else says it."""
    room, floor = _plain(door.room), _plain(door.floor)
    if not room.isdecimal() or not room.isascii() or len(room) > 5:
        return None
    if len(room) >= 3:
        return int(room[:-2]), int(room[-2:])
    return (int(floor), int(room)) if floor.isdecimal() and floor.isascii() and len(floor) < 4 else None


def _plain(text: str) -> str:
    folded = "".join(unicodedata.normalize("NFKC", text).split()).lower()
    folded = re.sub(r"(?<=\d)(?:号楼|号|室|栋|幢|单元|层|楼)", "", folded)
    return _DIGITS.sub(lambda digits: digits[0].lstrip("0") or "0", folded)
