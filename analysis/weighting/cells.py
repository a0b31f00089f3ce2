"""Units that are alike in every characteristic, counted as one cell: raking a million units is raking their cells."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import IntArray
from analysis.weighting.margins import Margin

#: Up to so many cells of the full table are kept though they may be empty; above, only those that occur.
_FULL_TABLE = 1 << 16


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
    of_unit: IntArray = margins[0].codes.astype(np.int64)
    groups: list[IntArray] = [np.arange(len(margins[0].totals))]
    for margin in margins[1:]:
        width = len(margin.totals)
        of_unit *= width
        of_unit += margin.codes
        count = len(groups[0]) * width
        groups = [np.repeat(known, width) for known in groups] + [np.tile(np.arange(width), len(groups[0]))]
        if count > _FULL_TABLE:
            of_unit, kept = _those_that_occur(of_unit, count)
            groups = [known[kept] for known in groups]
    return Cells(of_unit=of_unit, groups=tuple(groups))


def _those_that_occur(of_unit: IntArray, count: int) -> tuple[IntArray, IntArray]:
    """The cells renumbered without gaps, and the old number of each new one."""
    if count > 8 * len(of_unit):
        kept, renumbered = np.unique(of_unit, return_inverse=True)
        return renumbered.astype(np.int64), kept
    occurs = np.bincount(of_unit, minlength=count) > 0
    return (np.cumsum(occurs) - 1)[of_unit], np.flatnonzero(occurs)
