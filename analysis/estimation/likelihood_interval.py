"""The likelihood interval of a rate: where the binomial likelihood, scaled by the design effect, has fallen too far.

Rao & Scott 1984 (Ann. Statist. 12:46-60) for the scale. The signed root of the deviance is a function of the log odds;
the limits are where it is ±t. Software profiles a likelihood at a few points and reads the limits off a curve drawn
through them (Venables & Ripley, *Modern Applied Statistics with S*, 2002, section 8.4), which with large design effects
shows in the fourth digit. So that numbers agree, the limits are read off the same points here; where the curve is
further off than that, they are worked out.
"""

import math
from collections.abc import Callable

import numpy as np
from scipy.special import expit, ndtr, stdtrit

from analysis.design import FloatArray

#: Points at most on each side of the estimate, and as how many steps one side is laid out.
_MOST_POINTS, _STEPS = 9, 5
#: How far a limit read off the curve may be from the true one.
_NEAR = 1e-3
_FAR = 700.0


def likelihood_limits(p: float, *, n: float, n_effective: float, t: float) -> tuple[float, float]:
    """Limits of a rate ``p`` inside 0-1, for ``n`` of at least 2 and Student's ``t`` of the level wanted.

    The limits q solve 2 n_eff (p log(p/q) + (1-p) log((1-p)/(1-q))) = t² n/(n-1). Where no rate that a number can
    hold solves this, the limit is 0 or 1.

    >>> low, high = likelihood_limits(0.5, n=100, n_effective=99, t=1.96)
    >>> round(low, 3), round(high, 3)
    (0.402, 0.598)
    """
    middle = math.log(p / (1 - p))
    scale = 2 * n_effective * (n - 1) / n

    def root(log_odds: float) -> float:
        """The signed root of the scaled deviance."""
        # -log q and -log(1-q), without rounding where q is near 0 or 1.
        one = max(-log_odds, 0) + math.log1p(math.exp(-abs(log_odds)))
        other = one + log_odds
        fall = p * (math.log(p) + one) + (1 - p) * (math.log1p(-p) + other)
        return math.copysign(math.sqrt(scale * max(fall, 0)), log_odds - middle)

    effect = math.sqrt(n / n_effective)
    # The profile is laid out until half the tail of t, with the degrees of freedom of n units.
    furthest = -float(stdtrit(n - 1, float(ndtr(-t * effect)) / 4))
    step = furthest / _STEPS / math.sqrt(n_effective * p * (1 - p))
    low, high = _solved(root, middle, -t), _solved(root, middle, t)
    if math.isfinite(step) and step > 0:
        points = sorted(
            {middle, *_side(root, middle, -step, furthest / effect), *_side(root, middle, step, furthest / effect)}
        )
        low, high = _read(root, points, -t, low), _read(root, points, t, high)
    return min(low, p), max(high, p)


def _side(root: Callable[[float], float], middle: float, step: float, furthest: float) -> list[float]:
    """Points from the middle on, the last of them where the root is ``furthest`` or more."""
    points: list[float] = []
    while len(points) < _MOST_POINTS and (not points or abs(root(points[-1])) < furthest):
        points.append(middle + (len(points) + 1) * step)
    return points


def _read(root: Callable[[float], float], points: list[float], limit: float, true: float) -> float:
    """The limit as read off the curve through ``points``, or the ``true`` one where the curve is no guide."""
    x = np.array(points)
    at = np.linspace(x[0], x[-1], 3 * len(x))
    curve = curve_through(x, np.array([root(point) for point in points]), at)
    if not curve[0] <= limit <= curve[-1] or not (np.diff(curve) > 0).all():
        return true
    read = float(expit(np.interp(limit, curve, at)))
    return read if abs(read - true) <= _NEAR else true


def _solved(root: Callable[[float], float], middle: float, limit: float) -> float:
    """The rate where ``root`` is ``limit``, by halving; the end of the scale where it never is."""
    inside, outside = middle, math.copysign(_FAR, limit)
    if abs(root(outside)) <= abs(limit):
        return 1.0 if limit > 0 else 0.0
    for _ in range(80):
        between = (inside + outside) / 2
        reached = abs(root(between)) > abs(limit)
        inside, outside = (inside, between) if reached else (between, outside)
    return float(expit(inside))


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
