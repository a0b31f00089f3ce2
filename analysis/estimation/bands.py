"""Three words against a target or the city: clearly above, no difference to be seen, clearly below.

The p-value of one community is the smallest α at which its Korn-Graubard interval leaves the target out; against the
city, at which the MOVER interval of the difference, made from both Korn-Graubard intervals and the correlation of the
two rates (the community is part of the city), leaves 0 out. The p-values of one family (one indicator x all reliable
communities) are adjusted together.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

import numpy as np

from analysis.design import BoolArray, FloatArray
from analysis.estimation.exact_limits import korn_graubard_limits
from analysis.estimation.families import rejected_by
from analysis.estimation.mover import mover
from analysis.publication import Band

_SMALLEST = 1e-15
#: Halvings of log α: the edge is then known to eleven digits.
_STEPS = 44


@dataclass(frozen=True, kw_only=True)
class Member:
    """One reliable community of a family: its rate, its respondents, their effective number and the df."""

    proportion: float
    n: float
    n_effective: float
    df: float


def p_value(member: Member, target: float) -> float:
    """Two-sided, by inverting the interval: the α whose interval has ``target`` as a limit.

    18 of 20 against 80 %: the binomial chance of 18 or more is .2061, twice that .4122.

    >>> round(p_value(Member(proportion=0.9, n=20, n_effective=20, df=19), 0.8), 4)
    0.4122
    """
    return float(p_values([member], target)[0])


def p_values(members: Sequence[Member], target: float) -> FloatArray:
    """As :func:`p_value`, of many members at once, (M,)."""
    _check(target)
    rates = _Rates(members)
    found = _smallest_alpha(lambda level: rates.cover(target, level), len(members))
    return np.where(rates.proportion == target, 1.0, found)


def _check(target: float) -> None:
    if not 0 <= target <= 1:
        raise ValueError(f"target: got {target}, expected a rate from 0 to 1")


def contrast(member: Member, whole: Member, correlation: float, level: float = 0.95) -> tuple[float, float]:
    """Limits of ``member`` − ``whole``, rates between −1 and 1.

    ``correlation`` of the two rates: :attr:`analysis.estimation.parts.PartsAndWhole.correlation`.

    A tenth of the city, 80 of 100 against 900 of 1000: as two samples apart, and as what they are.

    >>> part, city = (Member(proportion=p, n=n, n_effective=n, df=n - 1) for p, n in ((0.8, 100.0), (0.9, 1000.0)))
    >>> [tuple(round(limit, 3) for limit in contrast(part, city, rho)) for rho in (0.0, 0.3)]
    [(-0.194, -0.024), (-0.188, -0.03)]
    """
    low, high = mover(_Rates([whole]).limits(level), _Rates([member]).limits(level), correlation)
    return float(low[0]), float(high[0])


def p_values_of_contrasts(members: Sequence[Member], whole: Member, correlations: Sequence[float]) -> FloatArray:
    """Two-sided, by inverting :func:`contrast`, of each member: the α whose interval has 0 as a limit, (M,).

    Raises ``ValueError`` where there is not one correlation for each member.
    """
    _check_correlations(members, correlations)
    parts = _Rates(members)
    found = _smallest_alpha(_contrasts_cover_0(parts, whole, correlations), len(members))
    return np.where(parts.proportion == whole.proportion, 1.0, found)


def _contrasts_cover_0(
    parts: "_Rates", whole: Member, correlations: Sequence[float]
) -> Callable[[FloatArray | float], BoolArray]:
    all_of_them, together = _Rates([whole] * len(parts.n)), np.array(correlations)

    def covered(level: FloatArray | float) -> BoolArray:
        low, high = mover(all_of_them.limits(level), parts.limits(level), together)
        found: BoolArray = (low <= 0) & (high >= 0)
        return found

    return covered


class _Rates:
    """Members as arrays (M,)."""

    def __init__(self, members: Sequence[Member]) -> None:
        columns = np.array([astuple(member) for member in members], dtype=np.float64).reshape(-1, 4)
        self.proportion, self.n, self.n_effective, self.df = columns.T

    def limits(self, level: FloatArray | float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """(low, rate, high)."""
        low, high = korn_graubard_limits(
            self.proportion, n=self.n, n_effective=self.n_effective, df=self.df, level=level
        )
        return low, self.proportion, high

    def cover(self, target: float, level: FloatArray | float) -> BoolArray:
        """Whose limits hold ``target``."""
        low, _, high = self.limits(level)
        found: BoolArray = (low <= target) & (target <= high)
        return found


def _smallest_alpha(covered: Callable[[FloatArray], BoolArray], count: int) -> FloatArray:
    """The α of each at whose level ``covered`` begins to fail: intervals shrink as α grows, so the edge is found by
    halving, for all at once.
    """
    inside, outside = np.full(count, math.log(_SMALLEST)), np.full(count, math.log(1 - 1e-12))
    always, never = covered(1 - np.exp(outside)), ~covered(1 - np.exp(inside))
    for _ in range(_STEPS):
        middle = (inside + outside) / 2
        holds = covered(1 - np.exp(middle))
        inside, outside = np.where(holds, middle, inside), np.where(holds, outside, middle)
    return np.where(always, 1.0, np.where(never, _SMALLEST, np.exp(inside)))


def assign_bands(members: Sequence[Member], target: float) -> tuple[Band, ...]:
    """The band of each member of one family against ``target``, in the order given.

    >>> clear = Member(proportion=0.6, n=100, n_effective=100, df=99)
    >>> near = Member(proportion=0.88, n=100, n_effective=100, df=99)
    >>> [str(band) for band in assign_bands([clear, near], 0.9)]
    ['below', 'indistinguishable']
    """
    _check(target)
    rates = _Rates(members)
    return _bands(lambda level: rates.cover(target, level), rates.proportion, target)


def assign_bands_against(members: Sequence[Member], whole: Member, correlations: Sequence[float]) -> tuple[Band, ...]:
    """The band of each member of one family against the ``whole`` they are parts of, in the order given.

    Raises ``ValueError`` unless there is a correlation for each member.
    """
    _check_correlations(members, correlations)
    parts = _Rates(members)
    return _bands(_contrasts_cover_0(parts, whole, correlations), parts.proportion, whole.proportion)


def _check_correlations(members: Sequence[Member], correlations: Sequence[float]) -> None:
    if len(correlations) != len(members):
        raise ValueError(f"correlations: got {len(correlations)}, expected {len(members)}, one for each member")


def _bands(covered: Callable[[float], BoolArray], rates: FloatArray, other: float) -> tuple[Band, ...]:
    """``covered`` at a level: whose interval says that the rate may be the ``other``."""

    def at_most(alpha: float) -> BoolArray:
        found: BoolArray = ~covered(1 - alpha) & (rates != other)
        return found

    return tuple(
        Band.INDISTINGUISHABLE if not differs else Band.ABOVE if higher else Band.BELOW
        for differs, higher in zip(rejected_by(at_most, len(rates)).tolist(), (rates > other).tolist(), strict=True)
    )
