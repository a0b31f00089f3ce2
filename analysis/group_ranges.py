"""Which groups of a division are shown as a range, so that nobody learns that all of a small group answered alike.

An area that answered alike is shown as a range (:func:`analysis.shown_ranges.ranges_to_show`). Among three or four
groups its point would follow by subtraction from the whole; so others are shown as ranges with it, the smallest first,
until what is known of all of them together leaves each of those that answered alike three possible counts.
"""

import math
from collections.abc import Collection, Sequence

from analysis.disclosure import Cell
from analysis.shown_ranges import Ranges, ranges_to_show

#: Three possible counts are two apart.
_APART = 2


def group_ranges(
    groups: Sequence[Cell], shares: Sequence[Sequence[float]], hidden: Collection[int], *, fraction: float
) -> dict[int, Ranges]:
    """Index -> the ranges of each group that has any. ``shares``: the rate of each on each base; ``hidden`` groups are
    shown by nothing; ``fraction``: respondents ÷ eligible of the whole.

    All 20 men, 55 of 60 women; the whole less the women would say that it was all of the men:

    >>> groups = [Cell(sizes=(20,), count=20, parent=0), Cell(sizes=(60,), count=55, parent=0)]
    >>> group_ranges(groups, [[1.0], [55 / 60]], (), fraction=0.0)
    {0: ((0.9, 1.0),), 1: ((0.9, 0.95),)}
    """
    shown = [index for index, cell in enumerate(groups) if index not in hidden and not cell.empty]
    found: dict[int, Ranges] = {}
    for index in shown:
        ranges = ranges_to_show(groups[index].sizes, groups[index].count, shares[index], fraction)
        if any(ranges):
            found[index] = ranges
    alike = list(found)
    rest = sorted((index for index in shown if index not in found), key=lambda index: (max(groups[index].sizes), index))
    while rest and not _all_open(alike, [groups[index] for index in (*found, *hidden)], groups):
        partner = rest.pop(0)
        found[partner] = tuple(
            _around(groups[partner].count, size, share) if size else None
            for size, share in zip(groups[partner].sizes, shares[partner], strict=True)
        )
    return found


def _all_open(alike: Sequence[int], unknown: Sequence[Cell], groups: Sequence[Cell]) -> bool:
    """Whether the sum of all ``unknown`` leaves each that answered alike three possible counts on each base."""
    count = sum(cell.count for cell in unknown)
    for base in range(len(groups[0].sizes) if alike else 0):
        size = sum(cell.sizes[base] for cell in unknown)
        for index in alike:
            own = groups[index].sizes[base]
            if own and min(own, count) - max(0, count - (size - own)) < min(_APART, own):
                return False
    return True


def _around(count: int, size: int, share: float) -> tuple[float, float]:
    """In steps of five points, with the counts beside the true one, and the (weighted) rate."""
    low = min(20 * max(0, count - 1) // size, math.floor(20 * share))
    high = max(-(-20 * min(size, count + 1) // size), math.ceil(20 * share))
    return low / 20, high / 20
