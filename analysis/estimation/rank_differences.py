"""Rank sets from tests of all differences: narrower than from joint intervals. Rank 1 is the largest.

Each area's set leaves out the ranks that the differences found significant exclude. Estimates with known errors:
Mogstad, Romano, Shaikh & Wilhelm 2024 (Rev. Econ. Stud. 91:476-518), critical values by a parametric bootstrap,
stepwise as in Romano & Wolf 2005 (Econometrica 73:1237-1282). Counts of one multinomial sample: Bazylik, Mogstad,
Romano, Shaikh & Wilhelm 2021 (NBER working paper 29519), exact binomial tests, no bootstrap.
"""

from collections.abc import Callable

import numpy as np
from scipy.special import betainc

from analysis.design import BoolArray, DesignError, FloatArray, IntArray
from analysis.estimation.families import Correction, adjusted
from analysis.estimation.ranking import RankSets

#: Numbers held at once by the bootstrap: 16 MB.
_AT_ONCE = 2_000_000

#: For the differences first - second, (P,) indices each: which are found significant, (P,).
_Test = Callable[[IntArray, IntArray], BoolArray]


def sets_from_differences(
    estimates: FloatArray,
    covariance: FloatArray,
    *,
    rng: np.random.Generator,
    level: float = 0.95,
    simultaneous: bool = True,
    stepwise: bool = True,
    draws: int = 1000,
) -> RankSets:
    """For K ``estimates`` with their ``covariance``: (K, K), or (K,) variances of independent ones.

    ``simultaneous``: all K sets hold together with ``level``; otherwise each by itself. ``stepwise``: differences once
    found are left out of the next critical value, until nothing new is found. ``draws`` of the bootstrap, from ``rng``.

    Raises :class:`DesignError` where lengths differ or a number is not finite.

    >>> found = sets_from_differences(np.array([1.0, 9.0, 8.9]), np.full(3, 0.01), rng=np.random.default_rng(1))
    >>> found.low.tolist(), found.high.tolist()
    ([3, 1, 1], [3, 2, 2])
    """
    square = _square(estimates, covariance)
    _check_level(level)
    count, variances = len(estimates), np.diag(square)
    errors = np.sqrt(np.maximum(variances[:, np.newaxis] + variances - 2 * square, 0))
    noise = rng.multivariate_normal(np.zeros(count), square, size=draws, method="eigh") if count else np.zeros((0, 0))

    def test(first: IntArray, second: IntArray) -> BoolArray:
        of_pair = errors[first, second]
        scaled = (estimates[first] - estimates[second]) / of_pair
        left = np.ones(len(first), dtype=bool)
        while left.any():
            limit = _quantile_of_largest(noise, first[left], second[left], of_pair[left], level)
            new = left & (scaled > limit)
            left &= ~new
            if not (stepwise and new.any()):
                break
        return ~left

    # Two estimates that always err alike have no difference to be tested.
    return _sets(count, np.argwhere(errors > 0), test, simultaneous=simultaneous)


def _square(estimates: FloatArray, covariance: FloatArray) -> FloatArray:
    """The covariance as a matrix (K, K)."""
    count = len(estimates)
    square = np.diag(covariance) if covariance.ndim == 1 else covariance
    if square.shape != (count, count):
        raise DesignError(f"covariance: got {covariance.shape}, expected {(count, count)} or {(count,)}")
    if not (np.isfinite(estimates).all() and np.isfinite(square).all()):
        raise DesignError("estimates and covariance: got one that is not finite, expected numbers")
    return square


def _quantile_of_largest(
    noise: FloatArray, first: IntArray, second: IntArray, errors: FloatArray, level: float
) -> float:
    """The ``level`` quantile over draws of the largest scaled difference that is nothing but ``noise`` (draws, K)."""
    size = max(1, _AT_ONCE // len(first))
    largest = [
        ((part[:, first] - part[:, second]) / errors).max(axis=1)
        for part in (noise[start : start + size] for start in range(0, len(noise), size))
    ]
    return float(np.quantile(np.concatenate(largest), level))


def sets_from_counts(
    counts: IntArray,
    *,
    level: float = 0.95,
    correction: Correction = Correction.HOLM,
    simultaneous: bool = True,
) -> RankSets:
    """For the K ``counts`` of one multinomial sample, say the problem most often named.

    Of two counts, the chance of the larger one or more under equal shares is binomial; all K(K-1) such p-values (of one
    area: its 2(K-1)) are corrected together.

    Raises :class:`DesignError` for a negative count.

    >>> found = sets_from_counts(np.array([100, 85, 10]))
    >>> found.low.tolist(), found.high.tolist()
    ([1, 1, 3], [2, 2, 3])
    """
    if (counts < 0).any():
        raise DesignError(f"counts: got {counts.min()}, expected numbers from 0 up")
    _check_level(level)

    def test(first: IntArray, second: IntArray) -> BoolArray:
        # P(B >= x) of x + y tosses; of nothing against anything it is 1.
        one, other = counts[first].astype(np.float64), counts[second].astype(np.float64)
        p = np.where(one > 0, betainc(np.maximum(one, 1), other + 1, 0.5), 1.0)
        found: BoolArray = adjusted(p, correction) <= 1 - level
        return found

    count = len(counts)
    return _sets(count, np.argwhere(~np.eye(count, dtype=bool)), test, simultaneous=simultaneous)


def _sets(count: int, pairs: IntArray, test: _Test, *, simultaneous: bool) -> RankSets:
    """1 + those found above an area, to K - those found below it; all pairs at once, or area by area."""
    low, high = np.ones(count, dtype=np.int64), np.full(count, count, dtype=np.int64)
    for areas in [np.arange(count)] if simultaneous else np.arange(count)[:, np.newaxis]:
        mine = pairs if simultaneous else pairs[(pairs == areas[0]).any(axis=1)]
        if len(mine) == 0:
            continue
        first, second = mine.T
        found = test(first, second)
        low[areas] += np.bincount(second[found], minlength=count)[areas]
        high[areas] -= np.bincount(first[found], minlength=count)[areas]
    return RankSets(low=low, high=high)


def _check_level(level: float) -> None:
    if not 0 < level < 1:
        raise ValueError(f"level: got {level}, expected a number between 0 and 1, say 0.95")
