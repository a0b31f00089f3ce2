"""Units that are alike in every characteristic, counted as one cell: raking a million units is raking their cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import IntArray
from analysis.weighting.margins import Margin

#: Up to so many cells of the full table are kept though they may be empty; above, only those that occur.
_FULL_TABLE = 1 << 16
_BLOCK = 1 << 15


@dataclass(frozen=True, kw_only=True)
class Cells:
    """``of_unit`` (n,): the cell of each unit, 0…C-1. ``groups``: for each margin the group of each cell, (C,)."""

    of_unit: IntArray
    groups: tuple[IntArray, ...]

    @property
    def count(self) -> int:
        return len(self.groups[0])


def cross(margins: Sequence[Margin]) -> Cells:
    """The cells of one margin or more.

    >>> sex = Margin(name="sex", codes=np.array([0, 1, 1]), totals=np.array([5.0, 5]))
    >>> age = Margin(name="age", codes=np.array([2, 0, 0]), totals=np.array([3.0, 3, 4]))
    >>> cells = cross([sex, age])
    >>> cells.of_unit.tolist(), [groups.tolist() for groups in cells.groups]
    ([2, 3, 3], [[0, 0, 0, 1, 1, 1], [0, 1, 2, 0, 1, 2]])
    """
    of_unit = np.zeros(len(margins[0].codes), dtype=np.int64)
    groups: list[IntArray] = [np.zeros(1, dtype=np.int64)]
    left = list(margins)
    while left:
        taken, count = _as_many_as_fit(left, len(groups[0]))
        _append(of_unit, taken)
        for margin in taken:
            width = len(margin.totals)
            groups = [np.repeat(known, width) for known in groups] + [np.tile(np.arange(width), len(groups[0]))]
        if count > _FULL_TABLE:
            of_unit, kept = _those_that_occur(of_unit, count)
            groups = [known[kept] for known in groups]
        left = left[len(taken) :]
    return Cells(of_unit=of_unit, groups=tuple(groups[1:]))


def _as_many_as_fit(margins: list[Margin], count: int) -> tuple[list[Margin], int]:
    """The next margins until the table is too large to be kept in full, and how many cells it then has."""
    taken = []
    for margin in margins:
        taken.append(margin)
        count *= len(margin.totals)
        if count > _FULL_TABLE:
            break
    return taken, count


def _append(of_unit: IntArray, margins: list[Margin]) -> None:
    """The numbers of the cells with further margins, in place, block by block so that a block stays in the cache."""
    for start in range(0, len(of_unit), _BLOCK):
        block = of_unit[start : start + _BLOCK]
        for margin in margins:
            block *= len(margin.totals)
            block += margin.codes[start : start + _BLOCK]


def _those_that_occur(of_unit: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """The cells renumbered without gaps, and the old number of each new one."""
    if count > 8 * len(of_unit):
        kept, renumbered = np.unique(of_unit, return_inverse=True)
        return renumbered.astype(np.int64), kept
    occurs = np.bincount(of_unit, minlength=count) > 0
    return (np.cumsum(occurs) - 1)[of_unit], np.flatnonzero(occurs)
