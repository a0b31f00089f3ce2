"""PPS systematic: a random start and equal steps along the sizes laid end to end, in whole numbers.

With sizes x of the units that are not certain, their total X, running totals C and r = ``below(X)``, the points are
(r + k X) // n for k = 0 … n-1; the unit with C of the units before it <= point < its own C is taken. Of the n X values
of r + k X exactly n x fall to a unit of size x, and as n x < X no start takes it twice: its probability is n x / X
exactly; no step is rounded. With equal sizes this is :mod:`analysis.sampling.systematic`.

Reference: Madow 1949, Annals of Mathematical Statistics 20.
"""

import numpy as np

from analysis.design import IntArray
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.pps_inclusion import Inclusion
from analysis.sampling.sampling_error import SamplingError


def points(*, n: int, total: int, start: int) -> IntArray:
    """(start + k total) // n for k = 0 … n-1, (n,), without going beyond 63 bits on the way.

    Raises :class:`SamplingError` unless 0 <= start < total and n < 2^31.

    >>> points(n=3, total=10, start=4).tolist()
    [1, 4, 8]
    """
    if not 0 <= start < total or n >= 2**31:
        raise SamplingError(f"points: got start {start} of {total} and n {n}, expected a start below, n below 2^31")
    step, rest = divmod(total, n)
    whole, part = divmod(start, n)
    k = np.arange(n, dtype=np.int64)
    return whole + step * k + (part + rest * k) // n


def draw_pps_systematic(stream: CounterStream, chances: Inclusion) -> IntArray:
    """Positions drawn, rising, certain ones among them, with r = ``stream.below(X)``; nothing is drawn for n = 0."""
    if not chances.take:
        return chances.certain
    start = stream.below(chances.total)
    running = np.cumsum(chances.left())
    drawn = np.searchsorted(running, points(n=chances.take, total=chances.total, start=start), side="right")
    return np.sort(np.concatenate([chances.certain, drawn])) if len(chances.certain) else drawn
