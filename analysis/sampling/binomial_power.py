"""What the published intervals come to on average, by sums over the binomial distribution, not by its approximations.

The interval of one rate is Wilson's; a change is seen where Newcombe's interval of the difference (MOVER of the two
Wilson intervals, :mod:`analysis.estimation.mover`) leaves 0 out. Degrees of freedom are taken as many: the published
ones are pooled over communities.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import bdtr, gammaln, xlog1py, xlogy

from analysis.design import BoolArray, FloatArray, IntArray
from analysis.estimation.intervals import wilson
from analysis.estimation.mover import mover

#: What lies further than so many standard deviations away adds less than 1e-15.
_REACH = 9.0
_MOST_COUNTS = 500
#: A margin beyond an effective size of so many is 0 in print.
_LARGEST = 10**8


def expected_half_width(rate: float, effective: float, level: float = 0.95) -> float:
    """Half the width of the published interval, on average over the rates that may be found.

    Between two whole sizes the rates found are those of the nearest whole one. Everybody asked (``inf``): 0.

    n = 2, rate .5, z² = 3.84: nobody or everyone with chance ½, then 0-.658 or .342-1; one with chance ½, then
    .095-.905.

    >>> round(expected_half_width(0.5, 2), 4)
    0.3671
    """
    size = max(1, round(min(effective, _LARGEST)))
    counts, chances = _likely(rate, size)
    found = counts / size
    low, high = wilson(found, np.full(len(found), min(effective, _LARGEST)), np.inf, level)
    return 0.0 if effective > _LARGEST else float(chances @ (high - low)) / 2


def chance_below(count: int, rate: float, size: int) -> float:
    """The chance that fewer than ``count`` of ``size`` are counted.

    >>> chance_below(1, 0.5, 2)
    0.25
    """
    return float(bdtr(count - 1, size, rate)) if count > 0 else 0.0


def chance_of_change(earlier: float, later: float, size: int, level: float = 0.95) -> float:
    """The chance that two independent waves of ``size`` show the change from ``earlier`` to ``later``, in the right
    direction, two-sided at ``level``.

    >>> round(chance_of_change(0.9, 0.6, 20), 3), chance_of_change(0.0, 1.0, 20)
    (0.619, 1.0)
    """
    if later > earlier:  # a rise of the rate is a fall of the rest
        earlier, later = 1 - earlier, 1 - later
    before, chances = _likely(earlier, size)
    some = _some(before)
    last = _last(lambda after: _is_fall(some, after, size, level), len(some), size)
    most_after = last if len(some) == len(before) else np.floor(np.interp(before, some, last))
    after, later_chances = _likely(later, size)
    up_to = np.concatenate(([0.0], np.cumsum(later_chances)))
    places = np.clip(most_after - after[0] + 1, 0, len(after)).astype(np.int64)
    return float(chances @ up_to[places])


def _some(counts: IntArray) -> IntArray:
    """All counts, or of very many (samples of some ten thousand) each so many-th: between them the last count of the
    later wave is all but a straight line.
    """
    step = max(1, len(counts) // _MOST_COUNTS)
    return counts if step == 1 else np.append(counts[:-1:step], counts[-1])


def _is_fall(before: IntArray, after: IntArray, size: int, level: float) -> BoolArray:
    limits = []
    for counts in (before, after):
        found = counts / size
        low, high = wilson(found, np.full(len(found), float(size)), np.inf, level)
        limits.append((low, found, high))
    fallen: BoolArray = mover(limits[0], limits[1])[1] < 0
    return fallen


def _last(holds: Callable[[IntArray], BoolArray], rows: int, most: int) -> IntArray:
    """For each row the largest 0 … most that ``holds``, -1 for none; where one holds, all smaller ones do."""
    yes, no = np.full(rows, -1), np.full(rows, most + 1)
    while (no - yes > 1).any():
        middle = (yes + no) // 2
        open_ = no - yes > 1
        found = holds(np.clip(middle, 0, most))
        yes, no = np.where(open_ & found, middle, yes), np.where(open_ & ~found, middle, no)
    return yes


def _likely(rate: float, size: int) -> tuple[IntArray, FloatArray]:
    """The counts of a binomial distribution that are worth adding up, and their chances, which add up to 1."""
    reach = _REACH * np.sqrt(size * rate * (1 - rate)) + _REACH
    counts = np.arange(max(0, int(size * rate - reach)), min(size, int(size * rate + reach) + 1) + 1)
    ways = gammaln(size + 1) - gammaln(counts + 1) - gammaln(size - counts + 1)
    chances = np.exp(ways + xlogy(counts, rate) + xlog1py(size - counts, -rate))
    return counts, chances / chances.sum()
