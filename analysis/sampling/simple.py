"""Simple random: every set of n of the N units is equally likely.

The positions are ``choose(0 … N-1, n)``, put in rising order; nothing is taken from the stream where all N are drawn.
"""

import numpy as np

from analysis.design import IntArray
from analysis.sampling.counter_stream import CounterStream


def draw_simple(stream: CounterStream, *, n: int, total: int) -> IntArray:
    """The positions of ``stream.choose(range(total), n)``, rising; only those that were swapped are kept in mind.

    >>> draw_simple(CounterStream(seed=bytes(range(16)), label="test"), n=4, total=10).tolist()
    [0, 1, 7, 8]
    """
    if n == total:
        return np.arange(total, dtype=np.int64)
    moved: dict[int, int] = {}
    drawn = np.empty(n, np.int64)
    for i in range(n):
        j = i + stream.below(total - i)
        drawn[i] = moved.get(j, j)
        moved[j] = moved.get(i, i)
    return np.sort(drawn)
