"""MOVER: the interval of a difference, recovered from the intervals of the two rates.

Newcombe 1998 (Statist. Med. 17:873-890, method 10) for independent rates; Zou & Donner 2008 (Statist. Med.
27:1693-1702) for any two intervals and with the correlation of the estimates. No numpy here: reports use it on the
figures they print.
"""

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from analysis.design import FloatArray

#: One rate, or an array of them.
Number = TypeVar("Number", float, "FloatArray")


def mover(
    earlier: tuple[Number, Number, Number], later: tuple[Number, Number, Number], correlation: "Number | float" = 0.0
) -> tuple[Number, Number]:
    """Limits of ``later`` − ``earlier``, each given as (low, rate, high) at one confidence level.

    ``correlation`` of the two estimates, −1 to 1, one for all or one for each: 0 for independent draws, their
    covariance ÷ (se × se) where PSUs were kept from one wave to the next or where one group is part of the other.

    48 of 80 and 56 of 70 with Wilson's limits, Newcombe's example: 20 points, 5.2 to 33.4.

    >>> low, high = mover((0.4905, 0.6, 0.7004), (0.6918, 0.8, 0.8770))
    >>> round(low, 3), round(high, 3)
    (0.052, 0.334)

    Two rates that rise and fall together tell more about their difference:

    >>> low, high = mover((0.4905, 0.6, 0.7004), (0.6918, 0.8, 0.8770), correlation=0.5)
    >>> round(low, 3), round(high, 3)
    (0.095, 0.297)
    """
    inside = (correlation >= -1) & (correlation <= 1)
    if not (inside if isinstance(inside, bool) else inside.all()):
        raise ValueError(f"correlation: got {correlation}, expected -1 to 1")
    (low_1, rate_1, high_1), (low_2, rate_2, high_2) = earlier, later
    difference = rate_2 - rate_1
    below = _together(rate_2 - low_2, high_1 - rate_1, correlation)
    above = _together(high_2 - rate_2, rate_1 - low_1, correlation)
    return difference - below, difference + above


def _together(first: Number, second: Number, correlation: "Number | float") -> Number:
    # abs: at correlation 1 rounding may leave less than nothing under the root.
    found: Number = abs(first * first + second * second - 2 * correlation * first * second) ** 0.5
    return found
