"""Brewer: one unit after the other, with probabilities in proportion to size for any n.

n units of sizes x with total X (what is left without certain units). With D the total of what is not yet drawn and r
the number still to be drawn, the next one is i with probability in proportion to w = x (D - x) / (D - r x). Then every
unit's inclusion probability is n x / X. In whole numbers:

1. W = w rounded up to a whole number, for every unit not yet drawn;
2. t = below_large(sum of W); i is the first unit, in order, whose running total of W is above t;
3. where below_large(W (D - r x)) < x (D - x), i is drawn; else 2 again. As w >= 1, W < 2 w: more
   than every other trial ends it.

References: Brewer 1975, Australian Journal of Statistics 17; Tillé 2006, Sampling Algorithms, 6.10 (the same, in
inclusion probabilities).
"""

from bisect import bisect_right
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from analysis.design import IntArray
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.pps_inclusion import Inclusion, exact_sum
from analysis.sampling.selection_errors import DrawTooLongError

#: Units x draws: some 20 seconds.
MOST_STEPS = 1_000_000_000
_SHORT, _LONG = 2**31, 2**62


def draw_brewer(stream: CounterStream, chances: Inclusion) -> IntArray:
    """Positions drawn, rising, certain ones among them; nothing is drawn where nobody else is taken.

    Raises :class:`DrawTooLongError` where units x n are more than ``MOST_STEPS`` (a fiftieth of that where the total of
    the sizes is 2^31 or more).
    """
    units, left = chances.uncertain(), chances.total
    steps, most = len(units) * chances.take, MOST_STEPS if left < _SHORT else MOST_STEPS // 50
    if steps > most:
        raise DrawTooLongError("brewer", steps=steps, most=most)
    sizes, drawn = chances.sizes[units], []
    for remaining in range(chances.take, 0, -1):
        position = _next(stream, sizes, left, remaining)
        drawn.append(units[position])
        left -= int(sizes[position])
        units, sizes = np.delete(units, position), np.delete(sizes, position)
    return np.sort(np.concatenate([chances.certain, np.array(drawn, np.int64)]))


def _next(stream: CounterStream, sizes: IntArray, total: int, remaining: int) -> int:
    running = _running_bounds(sizes, total, remaining)
    while True:
        position = bisect_right(running, stream.below_large(int(running[-1])))
        bound = int(running[position]) - (int(running[position - 1]) if position else 0)
        size = int(sizes[position])
        if stream.below_large(bound * (total - remaining * size)) < size * (total - size):
            return position


def _running_bounds(sizes: IntArray, total: int, remaining: int) -> IntArray | list[int]:
    """Running totals of w rounded up: as an array where nothing goes beyond 63 bits, else as a list."""
    if total < _SHORT:
        bounds: NDArray[np.int64] = -(-sizes * (total - sizes) // (total - remaining * sizes))
        if exact_sum(bounds) < _LONG:
            return np.cumsum(bounds)
    return list(accumulate(-(-size * (total - size) // (total - remaining * size)) for size in sizes.tolist()))
