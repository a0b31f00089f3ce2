"""The digests of a frame: the same for the same areas and units, whatever the order of the rows they came in."""

import hashlib
import json
from collections.abc import Iterable, Sequence

from survey.areas import Area
from survey.units import Unit

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def areas_digest(areas: Iterable[Area]) -> str:
    """SHA-256 over the areas in the order of their codes."""
    lines = sorted(
        "\t".join((area.code, area.name, area.level, area.parent or "", str(area.population))) for area in areas
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def units_digest(units: Iterable[Unit]) -> str:
    """SHA-256 over the units by serial, one JSON line each: ``[serial,area,grid,address,status,residents]``.

    ``units`` come by serial, which is the canonical order of the addresses and not that of the file.
    """
    digest = hashlib.sha256()
    for unit in units:
        fields = [unit.serial, unit.area, unit.grid, dict(unit.address), unit.status, unit.residents]
        digest.update(_encode(fields).encode() + b"\n")
    return digest.hexdigest()


class UnitsDigest:
    """As :func:`units_digest`, of rows as they are stored, portion by portion: no object is made of each unit.

    >>> from survey.units import UnitStatus
    >>> digest = UnitsDigest()
    >>> digest.add([(1, "440983102001", "", "owned", None, '{"room":"101"}')])
    >>> digest.hexdigest() == units_digest(
    ...     [Unit(serial=1, area="440983102001", grid="", address={"room": "101"}, status=UnitStatus.OWNED)])
    True
    """

    def __init__(self) -> None:
        self._digest = hashlib.sha256()
        self._places: dict[tuple[str, str], str] = {}
        self._uses: dict[tuple[str, int | None], str] = {}

    def add(self, rows: Sequence[tuple[int, str, str, str, int | None, str]]) -> None:
        """``rows``: serial, area, grid, status, residents, address as canonical JSON; by serial."""
        places, uses = self._places, self._uses
        for place in {(row[1], row[2]) for row in rows} - places.keys():
            places[place] = f",{_encode(place[0])},{_encode(place[1])},"
        for use in {(row[3], row[4]) for row in rows} - uses.keys():
            uses[use] = f",{_encode(use[0])},{_encode(use[1])}]\n"
        lines = [
            f"[{serial}{places[area, grid]}{address}{uses[status, residents]}"
            for serial, area, grid, status, residents, address in rows
        ]
        self._digest.update("".join(lines).encode())

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


def frame_digest(areas: str, units: str) -> str:
    """What a draw commits to: the SHA-256 of both digests, a line each."""
    return hashlib.sha256(f"{areas}\n{units}\n".encode()).hexdigest()


def shown_digest(areas: str, units: str | None) -> str:
    """What stands for a frame wherever its digest is shown: of areas and units, or of areas where there are no more."""
    return areas if units is None else frame_digest(areas, units)
