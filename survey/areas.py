"""Areas of a frame: the tree from city to grid."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    CITY = "city"
    COUNTY = "county"
    STREET = "street"
    ZONE = "zone"
    COMMUNITY = "community"
    VILLAGE = "village"
    GRID = "grid"


#: From the top down; a parent stands strictly higher. Community and village are one tier.
RANK = {
    Level.CITY: 0,
    Level.COUNTY: 1,
    Level.STREET: 2,
    Level.ZONE: 3,
    Level.COMMUNITY: 4,
    Level.VILLAGE: 4,
    Level.GRID: 5,
}


@dataclass(frozen=True, kw_only=True)
class Area:
    code: str  # 12 digits; a grid has 15
    name: str
    level: Level
    parent: str | None
    population: int | None  # eligible adults; None = not known
