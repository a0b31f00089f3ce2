"""The digests of a frame: the same for the same areas and units, whatever the order of the rows they came in."""

import hashlib
import json
from collections.abc import Iterable
from itertools import chain
from typing import TYPE_CHECKING

from survey.areas import Area
from survey.units import Unit

if TYPE_CHECKING:
    from survey.sampling.drawable_units import UnitColumns

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
    """As :func:`units_digest`, of columns as they are stored, portion by portion: no object is made of each unit.

    >>> from survey.units import UnitStatus
    >>> digest = UnitsDigest()
    >>> digest.add(([1], ["440983102001"], [""], ["owned"], [None], [b'{"room":"101"}']))
    >>> digest.hexdigest() == units_digest(
    ...     [Unit(serial=1, area="440983102001", grid="", address={"room": "101"}, status=UnitStatus.OWNED)])
    True
    """

    def __init__(self) -> None:
        self.count = 0
        self._digest = hashlib.sha256()
        self._places, self._uses = _Written(",{},{},"), _Written(",{},{}]\n[")

    def add(self, columns: "UnitColumns") -> None:
        """By serial; addresses as canonical JSON in UTF-8."""
        serials, areas, grids, statuses, residents, addresses = columns
        if not serials:
            return
        # A line is [serial,area,grid,address,status,residents]; no step here is taken line by line in Python. Each
        # ends with the bracket of the next one, to have a piece less.
        lines = zip(
            ",".join(map(str, serials)).encode().split(b","),
            map(self._places.__getitem__, zip(areas, grids, strict=True)),
            addresses,
            map(self._uses.__getitem__, zip(statuses, residents, strict=True)),
            strict=True,
        )
        self._digest.update(b"[" + b"".join(chain.from_iterable(lines))[:-1])
        self.count += len(serials)

    def hexdigest(self) -> str:
        return self._digest.hexdigest()


class _Written(dict[tuple[object, object], bytes]):
    """Pairs of values that many units share, written as JSON once each."""

    def __init__(self, form: str) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, pair: tuple[object, object]) -> bytes:
        self[pair] = text = self._form.format(*map(_encode, pair)).encode()
        return text


def frame_digest(areas: str, units: str) -> str:
    """What a draw commits to: the SHA-256 of both digests, a line each."""
    return hashlib.sha256(f"{areas}\n{units}\n".encode()).hexdigest()


def shown_digest(areas: str, units: str | None) -> str:
    """What stands for a frame wherever its digest is shown: of areas and units, or of areas where there are no more."""
    return areas if units is None else frame_digest(areas, units)
