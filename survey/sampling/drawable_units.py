"""The units of a frame that a draw may take, as columns: a draw of a large city makes no object of each dwelling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np

from analysis.design import IntArray
from analysis.sampling.frame_arrays import FrameArrays
from survey.units import NOT_DRAWN

#: serial, area, grid, status, residents, address (canonical JSON).
UnitRow = tuple[int, str, str, str, int | None, str]
#: The same of many units, column by column; the addresses as bytes, which is how they are stored and digested.
UnitColumns = tuple[Sequence[int], Sequence[str], Sequence[str], Sequence[str], Sequence[int | None], Sequence[bytes]]
_LEFT_OUT = frozenset(status.value for status in NOT_DRAWN)


@dataclass(frozen=True, kw_only=True)
class DrawableUnits:
    """``serials`` (n,): of the rows of ``frame``, rising."""

    serials: IntArray
    frame: FrameArrays


class _Codes(dict[str, int]):
    """Codes numbered as they turn up."""

    def __missing__(self, code: str) -> int:
        self[code] = number = len(self)
        return number

    def of(self, codes: Sequence[str]) -> IntArray:
        return np.fromiter(map(self.__getitem__, codes), np.int64, len(codes))


def by_column(rows: Iterable[UnitRow]) -> UnitColumns:
    # Rows of six make six columns, which a type of zip cannot say.
    columns: Any = tuple(zip(*rows, strict=True)) or ((), (), (), (), (), ())
    return (*columns[:5], [address.encode() for address in columns[5]])


def gather_units(portions: Iterable[UnitColumns], *, keys: bool = False) -> DrawableUnits:
    """The drawable ones of the units, which come by serial. ``keys``: for permanent random numbers.

    A unit's key is ``area|grid|address``: the same in every frame that lists it there. Raises
    :class:`analysis.sampling.stage_errors.NothingToDrawError`.
    """
    communities, grids, names = _Codes(), _Codes(), list[bytes]()
    parts: list[tuple[IntArray, ...]] = []
    for portion in portions:
        serials, areas, inside, residents, addresses = _drawable(portion)
        people = np.fromiter([number or 0 for number in residents], np.int64, len(serials))
        serial = np.fromiter(serials, np.int64, len(serials))
        parts.append((serial, communities.of(areas), grids.of(inside), people))
        if keys:
            places = zip(areas, inside, addresses, strict=True)
            names += [f"{area}|{grid}|".encode() + address for area, grid, address in places]
    empty = np.empty(0, np.int64)
    whole = [np.concatenate([empty, *column]) for column in zip(*parts, strict=True)] if parts else [empty] * 4
    codes, grid = _without_grid(grids, whole[2])
    frame = FrameArrays(
        communities=tuple(communities),
        community=whole[1],
        grids=codes,
        grid=grid,
        residents=whole[3],
        keys=names if keys else None,
    )
    return DrawableUnits(serials=whole[0], frame=frame)


def _drawable(
    portion: UnitColumns,
) -> tuple[Sequence[int], Sequence[str], Sequence[str], Sequence[int | None], Sequence[bytes]]:
    serials, areas, grids, statuses, residents, addresses = portion
    if _LEFT_OUT.isdisjoint(statuses):
        return serials, areas, grids, residents, addresses
    kept = [status not in _LEFT_OUT for status in statuses]
    numbers, people = tuple(compress(serials, kept)), tuple(compress(residents, kept))
    return numbers, tuple(compress(areas, kept)), tuple(compress(grids, kept)), people, tuple(compress(addresses, kept))


def _without_grid(grids: _Codes, numbers: IntArray) -> tuple[tuple[str, ...], IntArray]:
    """The grids there are, and -1 for units without one."""
    codes = tuple(code for code in grids if code)
    place = {code: number for number, code in enumerate(codes)} | {"": -1}
    return codes, np.array([place[code] for code in grids] or [-1], np.int64)[numbers]
