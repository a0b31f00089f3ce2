"""Rao-Sampford: probabilities in proportion to size, joint ones known (:mod:`analysis.sampling.joint`).

n units of sizes x with total X (what is left without certain units), π = n x / X. A set s of n units has probability in
proportion to (Π of π over s) x (Π of 1 - π over the others) x (Σ of 1 - π over s). Sampford's own way, n draws with
replacement until all differ, ends only where n is small. Here, for the same probability of every set, in whole numbers:

1. t = below_large(T), T the sum of x (X - n x); l is the first unit whose running total is above t;
2. every unit i, in order, draws b = below(X) and is taken where b < n x; what l draws does not count;
3. where n - 1 are taken besides l, they and l are the sample; else all begins again.

Steps 1 and 2 give s, begun with its unit l, a probability in proportion to π (1 - π) of l x (Π of π over s without l) x
(Π of 1 - π over the others), that is (Π over s) x (Π over the others) x (1 - π of l); added up over l in s, the above.
About one trial in √(1 + 2 Π Σ π (1 - π)) ends it.

References: Sampford 1967, Biometrika 54; Hájek 1981, Sampling from a Finite Population, chapter 8; the trial by Poisson
sampling after Grafström 2009, Journal of Statistical Planning and Inference 139.
"""

import math
from bisect import bisect_right
from itertools import accumulate

import numpy as np

from analysis.design import IntArray
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.pps_inclusion import Inclusion
from analysis.sampling.selection_errors import DrawTooLongError

#: Random words that a draw may be expected to need: some 20 seconds.
MOST_WORDS = 100_000_000


def expected_words(chances: Inclusion) -> int:
    """About how many 64-bit words a draw takes: units x trials."""
    probabilities = chances.left() * (chances.take / max(chances.total, 1))
    spread = float((probabilities * (1 - probabilities)).sum())
    return int(len(probabilities) * math.sqrt(1 + 2 * math.pi * spread))


def draw_sampford(stream: CounterStream, chances: Inclusion) -> IntArray:
    """Positions drawn, rising, certain ones among them; nothing is drawn where nobody else is taken.

    Raises :class:`DrawTooLongError` where :func:`expected_words` are more than ``MOST_WORDS`` never from fewer
    than 180,000 units; from 1,000,000 where n is above 1,500.
    """
    if not chances.take:
        return chances.certain
    if (words := expected_words(chances)) > MOST_WORDS:
        raise DrawTooLongError("sampford", steps=words, most=MOST_WORDS)
    units = chances.uncertain()
    sizes = chances.sizes[units]
    firsts = list(accumulate(size * (chances.total - chances.take * size) for size in sizes.tolist()))
    bounds = sizes * chances.take
    while True:
        first = bisect_right(firsts, stream.below_large(firsts[-1]))
        taken = stream.below_many(chances.total, len(sizes)) < bounds
        taken[first] = True
        if np.count_nonzero(taken) == chances.take:
            return np.sort(np.concatenate([chances.certain, units[taken]]))
