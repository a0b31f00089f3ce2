"""The digests of a frame: the same for the same areas and units, whatever the order of the rows they came in."""

import hashlib
import json
from collections.abc import Iterable

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


def frame_digest(areas: str, units: str) -> str:
    """What a draw commits to: the SHA-256 of both digests, a line each."""
    return hashlib.sha256(f"{areas}\n{units}\n".encode()).hexdigest()


def shown_digest(areas: str, units: str | None) -> str:
    """What stands for a frame wherever its digest is shown: of areas and units, or of areas where there are no more."""
    return areas if units is None else frame_digest(areas, units)
