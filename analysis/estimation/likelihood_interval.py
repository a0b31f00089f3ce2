"""The likelihood interval of a rate: where the binomial likelihood, scaled by the design effect, has fallen too far.

Rao & Scott 1984 (Ann. Statist. 12:46-60) for the scale. The signed root of the deviance is a function of the log odds;
the limits are where it is ±t. Software profiles a likelihood at a few points and reads the limits off a curve drawn
through them (Venables & Ripley, *Modern Applied Statistics with S*, 2002, section 8.4), which with large design effects
shows in the fourth digit; so that numbers agree, the limits are read off the same points here, and worked out exactly
where these points do not reach them.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy.special import ndtr, stdtrit

from analysis.design import FloatArray

#: Points at most on each side of the estimate, and as how many steps one side is laid out.
_MOST_STEPS, _STEPS = 10, 5
_FAR = 700.0


def likelihood_limits(p: float, *, n: float, n_effective: float, t: float) -> tuple[float, float]:
    """Limits of a rate ``p`` inside 0-1, for ``n`` of at least 2 and Student's ``t`` of the level wanted.

    The limits q solve 2 n_eff (p log(p/q) + (1-p) log((1-p)/(1-q))) = t² n/(n-1). A likelihood that never falls so far
    leaves the limit 0 or 1.

    >>> low, high = likelihood_limits(0.5, n=100, n_effective=99, t=1.96)
    >>> round(low, 3), round(high, 3)
    (0.402, 0.598)
    """
    middle = math.log(p / (1 - p))
    scale = 2 * n_effective * (n - 1) / n

    def root(log_odds: FloatArray) -> FloatArray:
        """The signed root of the scaled deviance at ``log_odds`` (k,)."""
        # log q and log(1-q), without rounding where q is near 0 or 1.
        fall = p * (math.log(p) + np.logaddexp(0, -log_odds)) + (1 - p) * (math.log1p(-p) + np.logaddexp(0, log_odds))
        found: FloatArray = np.sign(log_odds - middle) * np.sqrt(scale * np.maximum(fall, 0))
        return found

    effect = math.sqrt(n / n_effective)
    # The profile is laid out until half the tail of t, with the degrees of freedom of n units.
    furthest = -float(stdtrit(n - 1, float(ndtr(-t * effect)) / 4))
    step = furthest / _STEPS / math.sqrt(n_effective * p * (1 - p))
    if not math.isfinite(step) or step <= 0:
        return _exact(root, middle, -t), _exact(root, middle, t)
    points = [middle]
    for sign in (-1, 1):
        for number in range(1, _MOST_STEPS):
            points.append(middle + sign * number * step)
            if abs(float(root(np.array(points[-1:]))[0])) * effect >= furthest:
                break
    log_odds = np.array(sorted(points))
    at = np.linspace(log_odds[0], log_odds[-1], 3 * len(log_odds))
    curve = curve_through(log_odds, root(log_odds), at)
    low, high = (
        _expit(float(np.interp(limit, curve, at))) if curve[0] <= limit <= curve[-1] else _exact(root, middle, limit)
        for limit in (-t, t)
    )
    return min(low, p), max(high, p)


def _exact(root: Callable[[FloatArray], FloatArray], middle: float, limit: float) -> float:
    """The rate where ``root`` is ``limit``, by halving; the end of the scale where it never is."""
    inside, outside = middle, math.copysign(_FAR, limit)
    if abs(float(root(np.array([outside]))[0])) <= abs(limit):
        return 1.0 if limit > 0 else 0.0
    for _ in range(80):
        between = (inside + outside) / 2
        reached = abs(float(root(np.array([between]))[0])) > abs(limit)
        inside, outside = (inside, between) if reached else (between, outside)
    return _expit(inside)


def _expit(x: float) -> float:
    return 1 / (1 + math.exp(-x)) if x > -_FAR else 0.0


def curve_through(x: FloatArray, y: FloatArray, at: FloatArray) -> FloatArray:
    """The cubic spline through k points, ``x`` rising (k of at least 3), at other places.

    Its third derivative at each end is that of the cubic through the four points there (Forsythe, Malcolm & Moler,
    *Computer Methods for Mathematical Computations*, 1977, section 4.4); three points have a parabola.

    >>> curve_through(np.arange(5.0), np.arange(5.0) ** 3, np.array([0.5, 3.5])).tolist()  # a cubic is itself
    [0.125, 42.875]
    """
    width, last = np.diff(x), len(x) - 1
    slope = np.diff(y) / width
    matrix, right = np.zeros((last + 1, last + 1)), np.zeros(last + 1)
    inner = np.arange(1, last)
    matrix[inner, inner - 1], matrix[inner, inner + 1] = width[:-1], width[1:]
    matrix[inner, inner] = 2 * (width[:-1] + width[1:])
    right[inner] = np.diff(slope)
    matrix[0, :2], matrix[last, last - 1 :] = (-width[0], width[0]), (width[-1], -width[-1])
    if last > 2:
        second = np.diff(slope) / (x[2:] - x[:-2])
        third = np.diff(second) / (x[3:] - x[:-3])
        right[0], right[last] = width[0] ** 2 * third[0], -(width[-1] ** 2) * third[-1]
    bend = np.linalg.solve(matrix, right)
    piece = np.clip(np.searchsorted(x, at, side="right") - 1, 0, last - 1)
    after = (at - x[piece]) / width[piece]
    before = 1 - after
    found: FloatArray = before * y[piece] + after * y[piece + 1]
    found += width[piece] ** 2 * ((after**3 - after) * bend[piece + 1] + (before**3 - before) * bend[piece])
    return found
