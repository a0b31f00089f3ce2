"""Estimates of areas brought to add up to the figure of the whole that is published beside them.

Ratio and difference benchmarking: Pfeffermann 2013 (Statistical Science 28:40-68, section 6.1). Difference spread by
what each area's estimate is worth: Wang, Fuller & Qu 2008 (Survey Methodology 34:29-36); Datta, Ghosh, Steorts & Maples
2011 (TEST 20:574-588). For rates one shift of all log-odds, which leaves every rate between 0 and 1 and their order as
it was.
"""

from enum import StrEnum

import numpy as np
from scipy.special import expit, logit

from analysis.design import FloatArray
from analysis.estimation.small_area.covariates import require_finite
from analysis.estimation.small_area.errors import SmallAreaError

_ROUNDS = 200


class BenchmarkMethod(StrEnum):
    RATIO = "ratio"
    DIFFERENCE = "difference"
    WEIGHTED_DIFFERENCE = "weighted_difference"
    LOG_ODDS = "log_odds"


class BenchmarkOutOfReach(SmallAreaError):
    """No estimates of areas add up to this figure."""


def benchmarked(
    estimates: FloatArray,
    shares: FloatArray,
    target: float,
    *,
    method: BenchmarkMethod,
    mse: FloatArray | None = None,
) -> FloatArray:
    """``estimates`` (m,) changed so that Σ share x estimate = ``target``; ``shares`` (m,) of the population, to be
    scaled to 1. ``mse`` (m,): for the weighted difference only, where the worse known estimate moves further.

    >>> both, half = np.array([0.5, 1.5]), np.array([1.0, 1.0])
    >>> benchmarked(both, half, 1.2, method=BenchmarkMethod.RATIO).round(9).tolist()
    [0.6, 1.8]
    >>> benchmarked(both, half, 1.2, method=BenchmarkMethod.DIFFERENCE).round(9).tolist()
    [0.7, 1.7]
    >>> known = np.array([1.0, 3.0])
    >>> benchmarked(both, half, 1.2, method=BenchmarkMethod.WEIGHTED_DIFFERENCE, mse=known).round(9).tolist()
    [0.6, 1.8]
    """
    part = population_shares(shares, len(estimates))
    require_finite("estimates", estimates)
    require_finite("target", np.array([target]))
    method = BenchmarkMethod(method)
    if method == BenchmarkMethod.LOG_ODDS:
        shift = log_odds_shift(estimates, part, target)
        return _met(shifted(estimates, shift), part, target)
    missing = target - float(part @ estimates)
    if method == BenchmarkMethod.RATIO:
        if target - missing == 0:
            raise BenchmarkOutOfReach("estimates: got a total of 0, expected another, or the method difference")
        return estimates * float(target / (target - missing))
    if method == BenchmarkMethod.DIFFERENCE:
        return estimates + missing
    if mse is None or len(mse) != len(estimates) or not (mse > 0).all():
        raise SmallAreaError("mse: got none, or one of 0 or less, expected one above 0 per area")
    pull = part * mse
    return estimates + missing * pull / float(part @ pull)


def population_shares(shares: FloatArray, areas: int) -> FloatArray:
    """``shares`` scaled to add up to 1; raises :class:`SmallAreaError` unless they are one per area and from 0 up."""
    if len(shares) != areas:
        raise SmallAreaError(f"shares: got {len(shares)} values, expected {areas}, one per area")
    require_finite("shares", shares)
    if (shares < 0).any() or not shares.any():
        raise SmallAreaError("shares: got a share below 0, or all 0, expected population shares from 0 up")
    scaled: FloatArray = shares / shares.sum()
    return scaled


def shifted(rates: FloatArray, shift: float) -> FloatArray:
    """All log-odds moved by ``shift``; 0 and 1 stay.

    >>> shifted(np.array([0.0, 0.5, 1.0]), np.log(3)).round(9).tolist()
    [0.0, 0.75, 1.0]
    """
    found: FloatArray = expit(logit(rates) + shift)
    return found


def log_odds_shift(rates: FloatArray, shares: FloatArray, target: float) -> float:
    """The shift of all log-odds after which Σ share x rate = ``target``; ``shares`` add up to 1.

    Raises :class:`BenchmarkOutOfReach` where rates of 0 or 1 leave no room for it.

    >>> round(log_odds_shift(np.array([0.5, 0.5]), np.array([0.5, 0.5]), 0.75), 9)  # log 3
    1.098612289
    """
    if ((rates < 0) | (rates > 1)).any():
        raise SmallAreaError("estimates: got a rate outside 0 to 1, expected shares, not percents")
    fixed, free = float(shares[rates >= 1].sum()), float(shares[(rates > 0) & (rates < 1)].sum())
    if not fixed < target < fixed + free:
        raise BenchmarkOutOfReach(f"target: got {target:g}, expected a rate between {fixed:g} and {fixed + free:g}")
    odds = logit(rates[(rates > 0) & (rates < 1)])
    part = shares[(rates > 0) & (rates < 1)]
    low, high, shift = -np.inf, np.inf, 0.0
    for _ in range(_ROUNDS):
        now = expit(odds + shift)
        over = fixed + float(part @ now) - target
        low, high = (low, shift) if over > 0 else (shift, high)
        slope = float(part @ (now * (1 - now)))
        step = float(np.clip(over / slope, -2, 2)) if slope > 0 else float(np.sign(over))
        proposed = shift - step
        if not low < proposed < high:
            proposed = (low + high) / 2 if np.isfinite(low + high) else proposed
        if abs(proposed - shift) <= 1e-15 * max(1.0, abs(shift)):
            break
        shift = proposed
    return shift


def _met(rates: FloatArray, shares: FloatArray, target: float) -> FloatArray:
    """The last rounding error taken out, so that the figure is met to the last digit but one."""
    room = shares * rates * (1 - rates)
    found: FloatArray = rates + (target - float(shares @ rates)) * room / float(shares @ room)
    return found
