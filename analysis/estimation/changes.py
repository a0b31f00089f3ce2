"""Change between two waves: the MOVER interval of each difference, its p-value, and three words for a family.

The intervals of the two rates are the published ones: Wilson on the effective size with Student's t, see
:mod:`analysis.estimation.intervals`. The p-value of one difference is the smallest α whose MOVER interval leaves 0 out,
so word and interval never disagree before the family is looked at; the p-values of a family (one indicator x all
reliable areas of a tier) are adjusted together, as bands are.
"""

import math
from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, FloatArray
from analysis.estimation.families import rejected
from analysis.estimation.intervals import wilson
from analysis.estimation.mover import mover
from analysis.publication import ChangeFinding

_SMALLEST = 1e-15
#: Halvings of log α: the edge is then known to eleven digits.
_STEPS = 42


@dataclass(frozen=True, kw_only=True)
class Rates:
    """The published rates of D areas in one wave, arrays (D,): what their intervals are made of, at any level."""

    proportion: FloatArray
    n_effective: FloatArray
    df: FloatArray

    def limits(self, level: FloatArray | float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """(low, rate, high); ``level`` one for all, or one for each."""
        low, high = wilson(self.proportion, self.n_effective, self.df, level)
        return low, self.proportion, high


def intervals(
    earlier: Rates, later: Rates, level: float = 0.95, *, correlation: FloatArray | float = 0.0
) -> tuple[FloatArray, FloatArray]:
    """Limits of each difference ``later`` − ``earlier``; see :func:`analysis.estimation.mover.mover`.

    ``correlation`` (D,) or one for all: of the two waves' estimates, where PSUs were kept
    (:func:`analysis.estimation.overlap.overlap_correlation`).
    """
    return mover(earlier.limits(level), later.limits(level), correlation)


def p_values(earlier: Rates, later: Rates, *, correlation: FloatArray | float = 0.0) -> FloatArray:
    """Two-sided, of each difference: the α whose interval has 0 as a limit.

    48 of 80, then 56 of 70: the interval holds 0 at 99.2 %, not at 99.1 %.

    >>> before = Rates(proportion=np.array([0.6]), n_effective=np.array([80.0]), df=np.array([np.inf]))
    >>> after = Rates(proportion=np.array([0.8]), n_effective=np.array([70.0]), df=np.array([np.inf]))
    >>> round(float(p_values(before, after)[0]), 4)
    0.0081
    >>> [bool(intervals(before, after, level)[0][0] < 0) for level in (0.991, 0.992)]
    [False, True]
    """
    size = len(later.proportion)
    # Intervals shrink as α grows, so the edge is found by halving, for all areas at once.
    inside, outside = np.full(size, math.log(_SMALLEST)), np.full(size, math.log(1 - 1e-12))

    def covered(log_alpha: FloatArray) -> BoolArray:
        low, high = _at(earlier, later, log_alpha, correlation)
        found: BoolArray = (low <= 0) & (high >= 0)
        return found

    always, never = covered(outside), ~covered(inside)
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        holds = covered(middle)
        inside, outside = np.where(holds, middle, inside), np.where(holds, outside, middle)
    found: FloatArray = np.where(always, 1.0, np.where(never, _SMALLEST, np.exp(inside)))
    return found


def _at(
    earlier: Rates, later: Rates, log_alpha: FloatArray, correlation: FloatArray | float
) -> tuple[FloatArray, FloatArray]:
    level: FloatArray = 1 - np.exp(log_alpha)
    return mover(earlier.limits(level), later.limits(level), correlation)


def find_changes(differences: FloatArray, p: FloatArray) -> tuple[ChangeFinding, ...]:
    """The word for each member of one family, in the order given; ``p`` are their :func:`p_values`.

    >>> n, df = np.array([100.0, 100.0]), np.array([99.0, 99.0])
    >>> before = Rates(proportion=np.array([0.8, 0.8]), n_effective=n, df=df)
    >>> after = Rates(proportion=np.array([0.96, 0.86]), n_effective=n, df=df)
    >>> [str(word) for word in find_changes(after.proportion - before.proportion, p_values(before, after))]
    ['rose', 'no_change']
    """
    return tuple(
        ChangeFinding.NO_CHANGE if not differs else ChangeFinding.ROSE if up else ChangeFinding.FELL
        for differs, up in zip(rejected(p.tolist()), differences > 0, strict=True)
    )
