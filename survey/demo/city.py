"""The invented city as ``city.toml`` says, and how much of it an example holds."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True, kw_only=True)
class Place:
    """A community or village. ``dwellings``: homes that can be drawn; ``grids`` 0: it has none.

    ``rates``: indicator -> what is special here; ``moves``: from the second wave on. ``response`` ``None``: as most.
    ``coached``: share of adults who were told how to answer, and answer so.
    """

    code: str
    name: str
    dwellings: int
    estates: tuple[str, ...] = ()
    grids: int = 0
    response: float | None = None
    coached: float = 0.0
    rates: Mapping[str, float] = field(default_factory=dict)
    moves: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class City:
    """``areas``: code and name of the city, its street and its township."""

    city: tuple[str, str]
    street: tuple[str, str]
    township: tuple[str, str]
    communities: tuple[Place, ...]
    villages: tuple[Place, ...]
    town_communities: tuple[Place, ...]


class Size(StrEnum):
    SMALL = "small"
    FULL = "full"


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How many of each. ``homes``: share of a community's dwellings that there are. ``per_community``: drawn of them,
    ``in_field`` in the wave still in the field. ``patrol``: forms handed out and those that came back. ``fabricated``:
    interviews that were made up. ``most_doors``: visits that one action of outreach makes. ``reviewed``: whether the
    draw of the wave in the field was reviewed, which repeats it hundreds of times.
    """

    communities: int
    homes: float
    per_community: int
    in_field: int
    canvassers: int
    villages: int
    per_village: int
    town_communities: int
    patrol: tuple[int, int]
    fabricated: int
    most_doors: int
    reviewed: bool


SCALES: Mapping[Size, Scale] = {
    Size.SMALL: Scale(
        communities=6,
        homes=0.3,
        per_community=72,
        in_field=40,
        canvassers=6,
        villages=3,
        per_village=18,
        town_communities=0,
        patrol=(358, 328),
        fabricated=4,
        most_doors=200,
        reviewed=False,
    ),
    Size.FULL: Scale(
        communities=16,
        homes=1.0,
        per_community=100,
        in_field=100,
        canvassers=16,
        villages=11,
        per_village=30,
        town_communities=9,
        patrol=(3580, 3280),
        fabricated=8,
        most_doors=2500,
        reviewed=True,
    ),
}


@lru_cache(maxsize=1)
def read_city() -> City:
    """The city as the file has it; codes follow from the order."""
    with (FOLDER / "city.toml").open("rb") as file:
        raw = tomllib.load(file)
    street, township = raw["street"]["code"][:9], raw["township"]["code"][:9]
    return City(
        city=_area(raw["city"]),
        street=_area(raw["street"]),
        township=_area(raw["township"]),
        communities=tuple(_place(one, f"{street}{n:03}") for n, one in enumerate(raw["community"], 1)),
        villages=tuple(_place(one, f"{township}{200 + n:03}") for n, one in enumerate(raw["village"], 1)),
        town_communities=tuple(_place(one, f"{township}{n:03}") for n, one in enumerate(raw["town_community"], 1)),
    )


def places_of(places: tuple[Place, ...], count: int, homes: float = 1.0) -> tuple[Place, ...]:
    """The first ``count``, with that share of their homes."""
    return tuple(replace(place, dwellings=round(homes * place.dwellings)) for place in places[:count])


def _area(raw: Mapping[str, str]) -> tuple[str, str]:
    return raw["code"], raw["name"]


def _place(raw: Mapping[str, Any], code: str) -> Place:
    facts = {name: value for name, value in raw.items() if name not in ("households", "estates")}
    facts.setdefault("dwellings", raw.get("households"))
    return Place(code=code, estates=tuple(raw.get("estates", ())), **facts)
