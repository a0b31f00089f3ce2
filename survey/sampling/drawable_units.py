"""The units of a frame that a draw may take, as columns: a draw of a large city makes no object of each dwelling."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import IntArray
from analysis.sampling.frame_arrays import FrameArrays
from survey.units import NOT_DRAWN

#: serial, area, grid, status, residents, address (canonical JSON).
UnitRow = tuple[int, str, str, str, int | None, str]


@dataclass(frozen=True, kw_only=True)
class DrawableUnits:
    """``serials`` (n,): of the rows of ``frame``, rising."""

    serials: IntArray
    frame: FrameArrays


class _Codes:
    """Codes numbered as they turn up."""

    def __init__(self) -> None:
        self.numbers: dict[str, int] = {}

    def of(self, codes: Sequence[str]) -> IntArray:
        numbers = self.numbers
        for code in dict.fromkeys(codes):
            numbers.setdefault(code, len(numbers))
        return np.fromiter(map(numbers.__getitem__, codes), np.int64, len(codes))


def gather_units(portions: Iterable[Sequence[UnitRow]], *, keys: bool = False) -> DrawableUnits:
    """The drawable ones of the rows, which come by serial. ``keys``: for permanent random numbers.

    A unit's key is ``area|grid|address``: the same in every frame that lists it there. Raises
    :class:`analysis.sampling.stage_errors.NothingToDrawError`.
    """
    communities, grids, names = _Codes(), _Codes(), list[bytes]()
    left_out = {status.value for status in NOT_DRAWN}
    parts: list[tuple[IntArray, ...]] = []
    for portion in portions:
        if not (rows := [row for row in portion if row[3] not in left_out]):
            continue
        serials, areas, inside, _, residents, addresses = zip(*rows, strict=True)
        people = np.fromiter([number or 0 for number in residents], np.int64, len(rows))
        serial = np.fromiter(serials, np.int64, len(rows))
        parts.append((serial, communities.of(areas), grids.of(inside), people))
        if keys:
            places = zip(areas, inside, addresses, strict=True)
            names += [f"{area}|{grid}|{address}".encode() for area, grid, address in places]
    empty = np.empty(0, np.int64)
    whole = [np.concatenate([empty, *column]) for column in zip(*parts, strict=True)] if parts else [empty] * 4
    codes, grid = _without_grid(grids, whole[2])
    frame = FrameArrays(
        communities=tuple(communities.numbers),
        community=whole[1],
        grids=codes,
        grid=grid,
        residents=whole[3],
        keys=names if keys else None,
    )
    return DrawableUnits(serials=whole[0], frame=frame)


def _without_grid(grids: _Codes, numbers: IntArray) -> tuple[tuple[str, ...], IntArray]:
    """The grids there are, and -1 for units without one."""
    codes = tuple(code for code in grids.numbers if code)
    place = {code: number for number, code in enumerate(codes)} | {"": -1}
    return codes, np.array([place[code] for code in grids.numbers] or [-1], np.int64)[numbers]
