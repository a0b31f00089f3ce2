"""The range that is printed in place of a rate's point, so that nobody learns what each of a few people answered."""

import math
from collections.abc import Sequence

#: Below this size, or above this sampling fraction, a unanimous group is shown as a range.
RANGE_BELOW = 30
RANGE_ABOVE_FRACTION = 0.5
#: Three possible counts are two apart.
APART = 2

#: The least and the most that a count may be, as far as a range tells.
Counts = tuple[int, int]
#: On each base a range, or the point may be shown there.
Ranges = tuple[tuple[float, float] | None, ...]


def ranges_to_show(sizes: Sequence[int], count: int, proportions: Sequence[float], fraction: float = 0.0) -> Ranges:
    """On each base the range printed in place of the point when everyone, or all but one, answered alike in a small
    group; ``None``: print the point.

    Ranges are in steps of five points, hold at least three possible counts and the (weighted) proportion. Alike on one
    base means a range on all: the point of another base would tell the count. ``fraction``: respondents ÷ eligible.

    >>> ranges_to_show([10], 10, [1.0]), ranges_to_show([20], 18, [0.9])
    (((0.8, 1.0),), (None,))
    >>> ranges_to_show([25, 20], 20, [0.8, 1.0])  # all 20 with a valid answer: 18 to 20 of the 25 asked
    ((0.7, 0.8), (0.9, 1.0))
    >>> ranges_to_show([100], 100, [1.0]), ranges_to_show([100], 100, [1.0], fraction=0.6)
    ((None,), ((0.95, 1.0),))
    """
    counts = counts_of_alike(sizes, count, fraction)
    return (None,) * len(sizes) if counts is None else in_points(counts, sizes, proportions)


def counts_of_alike(sizes: Sequence[int], count: int, fraction: float = 0.0) -> Counts | None:
    """Between which counts a small group may only be said to be, where everyone or all but one answered alike.

    >>> counts_of_alike([12], 12), counts_of_alike([12], 1), counts_of_alike([12], 6)
    ((10, 12), (0, 2), None)
    """
    few = [size for size in sizes if size and (size < RANGE_BELOW or fraction > RANGE_ABOVE_FRACTION)]
    nearly_all = [size for size in few if count >= size - 1]
    if nearly_all:
        return max(0, min(nearly_all) - APART), min(nearly_all)
    return (0, APART) if few and count <= 1 else None


def counts_around(count: int, distance: int) -> Counts:
    """The counts beside the true one."""
    return max(0, count - distance), count + distance


def in_points(counts: Counts, sizes: Sequence[int], proportions: Sequence[float]) -> Ranges:
    """``counts`` on each base as a range of rates in steps of five points that holds the (weighted) rate as well.

    >>> in_points((0, 2), [53], [1 / 53])
    ((0.0, 0.05),)
    """
    least, most = counts
    return tuple(
        (
            min(20 * least // size, math.floor(20 * p)) / 20,
            max(-(-20 * min(most, size) // size), math.ceil(20 * p)) / 20,
        )
        if size
        else None
        for size, p in zip(sizes, proportions, strict=True)
    )
