"""Three words against a target: clearly above, no difference to be seen, clearly below.

The p-value of one community is the smallest α at which its Korn-Graubard interval leaves the target out; the
p-values of one family (one indicator x all reliable communities) are adjusted together.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from analysis.estimation.families import rejected
from analysis.estimation.intervals import korn_graubard
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

    def covered(log_alpha: float) -> bool:
        low, high = korn_graubard(
            member.proportion,
            n=member.n,
            n_effective=member.n_effective,
            df=member.df,
            level=1 - math.exp(log_alpha),
        )
        return low <= target <= high

    # Intervals shrink as α grows, so the edge is found by halving; 60 steps leave 1e-17.
    inside, outside = math.log(_SMALLEST), math.log(1 - 1e-12)
    if covered(outside):
        return 1.0
    if not covered(inside):
        return _SMALLEST
    for _ in range(60):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if covered(middle) else (inside, middle)
    return math.exp(inside)


def assign_bands(members: Sequence[Member], target: float) -> tuple[Band, ...]:
    """The band of each member of one family against ``target``, in the order given.

    >>> clear = Member(proportion=0.6, n=100, n_effective=100, df=99)
    >>> near = Member(proportion=0.88, n=100, n_effective=100, df=99)
    >>> [str(band) for band in assign_bands([clear, near], 0.9)]
    ['below', 'indistinguishable']
    """
    differs = rejected([p_value(member, target) for member in members])
    return tuple(
        Band.INDISTINGUISHABLE if not differ else Band.ABOVE if member.proportion > target else Band.BELOW
        for member, differ in zip(members, differs, strict=True)
    )
