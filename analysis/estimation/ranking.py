"""Rank sets: the ranks each of K areas may have, together, given what a survey knows of their rates.

For the method annex only: the project publishes no league table. Rank sets from joint intervals: Klein, Wright &
Wieczorek 2020 (JRSS C 69:589-606), with intervals of any shape; see :mod:`analysis.estimation.rank_differences`
for those that test differences.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import ndtri

from analysis.design import DesignError, FloatArray, IntArray


class JointLimits(StrEnum):
    """How K intervals are made to hold together."""

    #: Level^(1/K) each (Sidak 1967, JASA 62:626-633): exact for independent estimates.
    INDEPENDENCE = "independence"
    #: 1 - (1 - level)/K each: whatever the estimates have to do with each other.
    BONFERRONI = "bonferroni"


@dataclass(frozen=True, kw_only=True)
class RankSets:
    """The lowest and the highest rank each of K areas may have, (K,) each, 1 to K."""

    low: IntArray
    high: IntArray


def level_of_each(count: int, level: float, joint: JointLimits = JointLimits.INDEPENDENCE) -> float:
    """The level of one of ``count`` intervals so that all of them hold with ``level``.

    >>> round(level_of_each(2, 0.81), 4), level_of_each(2, 0.9, JointLimits.BONFERRONI)
    (0.9, 0.95)
    """
    if not 0 < level < 1:
        raise ValueError(f"level: got {level}, expected a number between 0 and 1, say 0.9")
    if count < 1:
        return level
    return float(level ** (1 / count)) if joint is JointLimits.INDEPENDENCE else 1 - (1 - level) / count


def sets_from_limits(low: FloatArray, high: FloatArray) -> RankSets:
    """Rank 1 is the smallest: 1 + those whose interval ends before this one begins, K - those that begin after its end.

    The first is below the other two, of which nothing is known:

    >>> found = sets_from_limits(np.array([0.1, 0.4, 0.5]), np.array([0.3, 0.7, 0.9]))
    >>> found.low.tolist(), found.high.tolist()
    ([1, 2, 2], [1, 3, 3])

    Raises :class:`DesignError` for limits that are no numbers, or that stand the wrong way round.
    """
    if len(low) != len(high):
        raise DesignError(f"limits: got {len(low)} lower and {len(high)} upper ones, expected as many of each")
    if not (low <= high).all():
        raise DesignError("limits: got an interval that is no number or ends before it begins, expected low <= high")
    points = low == high  # an interval without width would count itself
    below = np.searchsorted(np.sort(high), low, side="right") - points
    above = len(high) - np.searchsorted(np.sort(low), high, side="left") - points
    return RankSets(low=(1 + below).astype(np.int64), high=(len(low) - above).astype(np.int64))


def sets_from_errors(
    estimates: FloatArray,
    errors: FloatArray,
    *,
    level: float = 0.9,
    joint: JointLimits = JointLimits.INDEPENDENCE,
) -> RankSets:
    """From normal limits, estimate ± z x standard error, (K,) each."""
    return sets_from_limits(*normal_limits(estimates, errors, level=level, joint=joint))


def normal_limits(
    estimates: FloatArray, errors: FloatArray, *, level: float, joint: JointLimits
) -> tuple[FloatArray, FloatArray]:
    """Joint limits (K,) of K estimates."""
    z = float(ndtri((1 + level_of_each(len(estimates), level, joint)) / 2))
    return estimates - z * errors, estimates + z * errors


def sets_from_intervals(
    limits: Callable[[float], tuple[FloatArray, FloatArray]],
    count: int,
    *,
    level: float = 0.9,
    joint: JointLimits = JointLimits.INDEPENDENCE,
) -> RankSets:
    """From intervals of any shape: ``limits`` gives those of all ``count`` areas at the level of each.

    The default intervals of the project (use :meth:`analysis.estimation.changes.Rates.limits`, reliable areas only):

    >>> from analysis.estimation.intervals import wilson
    >>> p, n = np.array([0.6, 0.9, 0.95]), np.full(3, 100.0)
    >>> found = sets_from_intervals(lambda level: wilson(p, n, 99.0, level), 3)
    >>> found.low.tolist(), found.high.tolist()
    ([1, 2, 2], [1, 3, 3])
    """
    return sets_from_limits(*limits(level_of_each(count, level, joint)))


def ranks(estimates: FloatArray) -> IntArray:
    """1 = the largest; equal ones share the best rank, (K,).

    >>> ranks(np.array([3.0, 5.0, 5.0])).tolist()
    [3, 1, 1]
    """
    ordered = np.sort(estimates)
    return (1 + len(estimates) - np.searchsorted(ordered, estimates, side="right")).astype(np.int64)
