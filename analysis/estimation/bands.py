"""Three words against a target or the city: clearly above, no difference to be seen, clearly below.

The p-value of one community is the smallest α at which its Korn-Graubard interval leaves the target out; against the
city, at which the MOVER interval of the difference, made from both Korn-Graubard intervals and the correlation of the
two rates (the community is part of the city), leaves 0 out. The p-values of one family (one indicator x all reliable
communities) are adjusted together.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.estimation.families import rejected
from analysis.estimation.intervals import korn_graubard
from analysis.estimation.mover import mover
from analysis.publication import Band

_SMALLEST = 1e-15


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
    if not 0 <= target <= 1:
        raise ValueError(f"target: got {target}, expected a rate from 0 to 1")
    if target == member.proportion:
        return 1.0

    def covered(level: float) -> bool:
        low, high = _limits(member, level)
        return low <= target <= high

    return _smallest_alpha(covered)


def contrast(member: Member, whole: Member, correlation: float, level: float = 0.95) -> tuple[float, float]:
    """Limits of ``member`` − ``whole``, rates between −1 and 1.

    ``correlation`` of the two rates: :attr:`analysis.estimation.parts.PartsAndWhole.correlation`.

    A tenth of the city, 80 of 100 against 900 of 1000: as two samples apart, and as what they are.

    >>> part, city = (Member(proportion=p, n=n, n_effective=n, df=n - 1) for p, n in ((0.8, 100.0), (0.9, 1000.0)))
    >>> [tuple(round(limit, 3) for limit in contrast(part, city, rho)) for rho in (0.0, 0.3)]
    [(-0.194, -0.024), (-0.188, -0.03)]
    """
    return mover(_with_rate(whole, level), _with_rate(member, level), correlation)


def p_value_of_contrast(member: Member, whole: Member, correlation: float) -> float:
    """Two-sided, by inverting :func:`contrast`: the α whose interval has 0 as a limit."""

    def covered(level: float) -> bool:
        low, high = contrast(member, whole, correlation, level)
        return low <= 0 <= high

    return 1.0 if member.proportion == whole.proportion else _smallest_alpha(covered)


def _limits(member: Member, level: float) -> tuple[float, float]:
    return korn_graubard(member.proportion, n=member.n, n_effective=member.n_effective, df=member.df, level=level)


def _with_rate(member: Member, level: float) -> tuple[float, float, float]:
    low, high = _limits(member, level)
    return low, member.proportion, high


def _smallest_alpha(covered: Callable[[float], bool]) -> float:
    """The α at whose level ``covered`` begins to fail; intervals shrink as α grows, so the edge is found by halving."""
    inside, outside = math.log(_SMALLEST), math.log(1 - 1e-12)
    if covered(1 - math.exp(outside)):
        return 1.0
    if not covered(1 - math.exp(inside)):
        return _SMALLEST
    for _ in range(60):  # leaves 1e-17
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if covered(1 - math.exp(middle)) else (inside, middle)
    return math.exp(inside)


def assign_bands(members: Sequence[Member], target: float) -> tuple[Band, ...]:
    """The band of each member of one family against ``target``, in the order given.

    >>> clear = Member(proportion=0.6, n=100, n_effective=100, df=99)
    >>> near = Member(proportion=0.88, n=100, n_effective=100, df=99)
    >>> [str(band) for band in assign_bands([clear, near], 0.9)]
    ['below', 'indistinguishable']
    """
    return _bands([p_value(member, target) for member in members], [member.proportion > target for member in members])


def assign_bands_against(members: Sequence[Member], whole: Member, correlations: Sequence[float]) -> tuple[Band, ...]:
    """The band of each member of one family against the ``whole`` they are parts of, in the order given.

    Raises ``ValueError`` where there is not one correlation for each member.
    """
    p_values = [
        p_value_of_contrast(member, whole, correlation)
        for member, correlation in zip(members, correlations, strict=True)
    ]
    return _bands(p_values, [member.proportion > whole.proportion for member in members])


def _bands(p_values: Sequence[float], above: Sequence[bool]) -> tuple[Band, ...]:
    return tuple(
        Band.INDISTINGUISHABLE if not differs else Band.ABOVE if higher else Band.BELOW
        for differs, higher in zip(rejected(p_values), above, strict=True)
    )
