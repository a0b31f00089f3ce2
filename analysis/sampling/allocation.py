"""How many dwellings each community gives.

With N_h units, S_h = sqrt(p_h (1 - p_h)) and the cost c_h of one interview, the shares are proportional to

    proportional   N_h
    neyman         N_h S_h                 (Neyman 1934; Cochran 1977, Sampling Techniques, section 5.9)
    fixed_cost     N_h S_h / sqrt(c_h)     (Cochran, section 5.5), as many as the budget pays for
    power          N_h^q S_h / p_h         (Bankier 1988, The American Statistician 42:174-177; size: the units)

Each is kept between the least a community is to have (``minimum``, and never less than 1 where there is a unit: a
community with probability 0 would not be in the population) and its units; what one cannot take goes to the others in
the same proportions (Cochran, section 5.8). Shares are rounded down and what is left goes to the largest remainders,
ties by code. Sums are exact fractions of shares of 12 digits, so every machine gives the same numbers.
"""

import math
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import TypeVar

from analysis.sampling.allocation_errors import (
    AllocationError,
    BudgetTooSmall,
    NumberMissing,
    NumberOutOfRange,
    Shortage,
    TooFewUnits,
    TotalTooLarge,
    TotalTooSmall,
    UnknownCommunities,
    UnnamedCommunities,
)
from analysis.sampling.sample_design import Allocation, AllocationRule

__all__ = ["AllocationError", "allocate", "fill", "shares"]

Number = TypeVar("Number", int, float)
_USES_RATES = frozenset({AllocationRule.NEYMAN, AllocationRule.POWER, AllocationRule.FIXED_COST})


def allocate(allocation: Allocation, units: Mapping[str, int]) -> Mapping[str, int]:
    """The number of each community, by code; ``units``: community -> drawable units. The same on every machine.

    ``proportional``, ``neyman`` and ``power`` add up to the total exactly, ``fixed_cost`` to no more than the budget. A
    community of fewer units than its number (equal, given, minimum) is taken whole with ``whole_if_small``, otherwise
    refused; one whose share is above its units is taken whole. ``given`` may be 0 in a community, not in all.

    Raises subclasses of :class:`AllocationError`.

    8 in the proportions 5 : 3 : 2 are 4, 2.4 and 1.6; the largest remainder is the third's.

    >>> units = {"A": 500, "B": 300, "C": 200}
    >>> allocate(Allocation(rule=AllocationRule.PROPORTIONAL, total=8), units)
    {'A': 4, 'B': 2, 'C': 2}
    >>> allocate(Allocation(rule=AllocationRule.EQUAL, per_community=250, whole_if_small=True), units)
    {'A': 250, 'B': 250, 'C': 200}
    """
    _check(allocation, units)
    if allocation.rule in (AllocationRule.EQUAL, AllocationRule.GIVEN):
        wanted = _wanted(allocation, units)
        return _within_units(wanted, units, whole=allocation.whole_if_small)
    least = _within_units(dict.fromkeys(sorted(units), allocation.minimum), units, whole=allocation.whole_if_small)
    least = {code: min(max(1, number), units[code]) for code, number in least.items()}
    if allocation.rule is AllocationRule.FIXED_COST:
        return _for_budget(allocation, units, least)
    total = _needed(allocation.total, "total", allocation.rule)
    if total > sum(units.values()):
        raise TotalTooLarge(total, sum(units.values()))
    if total < sum(least.values()):
        raise TotalTooSmall(total, sum(least.values()))
    ones = dict.fromkeys(least, Fraction(1))
    exact = fill(shares(allocation, units), least, units, ones, Fraction(total))
    return _rounded(exact, ones, Fraction(total))


def shares(allocation: Allocation, units: Mapping[str, int]) -> Mapping[str, Fraction]:
    """What the numbers are proportional to, by code; see the formulas above.

    Strata of 500, 300 and 200 units, rates .5, .1 and .1: 500 × .5, 300 × .3 and 200 × .3.

    >>> rates = {"A": 0.5, "B": 0.1, "C": 0.1}
    >>> found = shares(Allocation(rule=AllocationRule.NEYMAN, total=8, rates=rates), {"A": 500, "B": 300, "C": 200})
    >>> [float(share) for share in found.values()]
    [250.0, 90.0, 60.0]
    """
    rule = _SHARES[allocation.rule]
    return {code: _digits(rule(allocation, code, units[code])) for code in sorted(units)}


def _neyman(allocation: Allocation, code: str, units: int) -> float:
    return units * _deviation(_rate(allocation, code))


def _power(allocation: Allocation, code: str, units: int) -> float:
    rate = _rate(allocation, code)
    return float(units**allocation.exponent) * _deviation(rate) / rate


def _fixed_cost(allocation: Allocation, code: str, units: int) -> float:
    return _neyman(allocation, code, units) / math.sqrt(allocation.costs.get(code, allocation.cost))


_SHARES: Mapping[AllocationRule, Callable[[Allocation, str, int], float]] = {
    AllocationRule.PROPORTIONAL: lambda _, __, units: float(units),
    AllocationRule.NEYMAN: _neyman,
    AllocationRule.POWER: _power,
    AllocationRule.FIXED_COST: _fixed_cost,
}


def _rate(allocation: Allocation, code: str) -> float:
    return allocation.rates.get(code, allocation.rate)


def _deviation(rate: float) -> float:
    return math.sqrt(rate * (1 - rate))


def _digits(number: float) -> Fraction:
    """Twelve digits of it, so that the last bit of a machine's power or root decides no remainder."""
    return Fraction(f"{number:.12g}")


def _wanted(allocation: Allocation, units: Mapping[str, int]) -> Mapping[str, int]:
    codes = sorted(units)
    if allocation.rule is AllocationRule.EQUAL:
        number = _needed(allocation.per_community, "per_community", allocation.rule)
        return dict.fromkeys(codes, max(number, allocation.minimum))
    if unnamed := [code for code in codes if code not in allocation.given]:
        raise UnnamedCommunities(unnamed)
    wanted = {code: max(allocation.given[code], allocation.minimum) for code in codes}
    if not any(wanted.values()):
        raise NumberOutOfRange("given", 0, "x >= 1")
    return wanted


def _within_units(wanted: Mapping[str, int], units: Mapping[str, int], *, whole: bool) -> dict[str, int]:
    shortages = [
        Shortage(community=code, wanted=number, units=units[code])
        for code, number in wanted.items()
        if number > units[code]
    ]
    if shortages and not whole:
        raise TooFewUnits(shortages)
    return {code: min(number, units[code]) for code, number in wanted.items()}


def _for_budget(allocation: Allocation, units: Mapping[str, int], least: Mapping[str, int]) -> Mapping[str, int]:
    budget = Fraction(str(_needed(allocation.budget, "budget", allocation.rule)))
    costs = {code: Fraction(str(allocation.costs.get(code, allocation.cost))) for code in least}
    needed = sum((costs[code] * number for code, number in least.items()), Fraction(0))
    if needed > budget:
        raise BudgetTooSmall(float(budget), float(needed))
    if budget >= sum(costs[code] * units[code] for code in least):
        return {code: units[code] for code in least}
    return _rounded(fill(shares(allocation, units), least, units, costs, budget), costs, budget)


def fill(
    weights: Mapping[str, Fraction],
    least: Mapping[str, int],
    most: Mapping[str, int],
    costs: Mapping[str, Fraction],
    budget: Fraction,
) -> dict[str, Fraction]:
    """x_h = scale × weight_h, kept within least and most, with Σ cost_h x_h = budget; exact, not yet whole numbers.

    There must be such numbers: Σ cost_h least_h ≤ budget ≤ Σ cost_h most_h, weights above 0.

    At a trial scale the kept numbers cost too much or too little. Too much: the scale will fall, so those at their
    least stay there; too little: those at their most stay. Each round settles at least one community.
    """
    settled = {code: Fraction(0) for code in weights if not most[code]}
    free = [code for code in weights if most[code]]
    while free:
        left = budget - sum((costs[code] * number for code, number in settled.items()), Fraction(0))
        scale = left / sum(costs[code] * weights[code] for code in free)
        trial = {code: scale * weights[code] for code in free}
        low = [code for code in free if trial[code] < least[code]]
        high = [code for code in free if trial[code] > most[code]]
        lacking = sum((costs[code] * (least[code] - trial[code]) for code in low), Fraction(0))
        excess = sum((costs[code] * (trial[code] - most[code]) for code in high), Fraction(0))
        if not low and not high:
            settled |= trial
            break
        if lacking >= excess:
            settled |= {code: Fraction(least[code]) for code in low}
        if excess >= lacking:
            settled |= {code: Fraction(most[code]) for code in high}
        free = [code for code in free if code not in settled]
    return {code: settled[code] for code in weights}


def _rounded(exact: Mapping[str, Fraction], costs: Mapping[str, Fraction], budget: Fraction) -> Mapping[str, int]:
    numbers = {code: math.floor(number) for code, number in exact.items()}
    left = budget - sum((costs[code] * number for code, number in numbers.items()), Fraction(0))
    for code in sorted(exact, key=lambda code: (numbers[code] - exact[code], code)):
        if numbers[code] < exact[code] and costs[code] <= left:
            numbers[code] += 1
            left -= costs[code]
    return numbers


def _needed(number: Number | None, name: str, rule: AllocationRule) -> Number:
    if number is None:
        raise NumberMissing(name, rule)
    return number


def _check(allocation: Allocation, units: Mapping[str, int]) -> None:
    _check_numbers(allocation)
    for name, named in (("rates", allocation.rates), ("costs", allocation.costs), ("given", allocation.given)):
        if unknown := sorted(code for code in named if code not in units):
            raise UnknownCommunities(name, unknown)
    if allocation.rule in _USES_RATES:
        for code in sorted(units):
            if not 0 < _rate(allocation, code) < 1:
                raise NumberOutOfRange(f"rates.{code}", _rate(allocation, code), "0 < x < 1")
    if allocation.rule is AllocationRule.FIXED_COST:
        for code in sorted(units):
            cost = allocation.costs.get(code, allocation.cost)
            if not 0 < cost < math.inf:
                raise NumberOutOfRange(f"costs.{code}", cost, "x > 0")


def _check_numbers(allocation: Allocation) -> None:
    for name, number in (("per_community", allocation.per_community), ("total", allocation.total)):
        if number is not None and number < 1:
            raise NumberOutOfRange(name, number, "x >= 1")
    if allocation.budget is not None and not 0 < allocation.budget < math.inf:
        raise NumberOutOfRange("budget", allocation.budget, "x > 0")
    if allocation.minimum < 0:
        raise NumberOutOfRange("minimum", allocation.minimum, "x >= 0")
    if not 0 <= allocation.exponent <= 1:
        raise NumberOutOfRange("exponent", allocation.exponent, "0 <= x <= 1")
    for code, number in sorted(allocation.given.items()):
        if number < 0:
            raise NumberOutOfRange(f"given.{code}", number, "x >= 0")
