"""How many completes one community needs: for a margin, or for a change between two waves to be seen.

Each size is given twice: by the textbook's normal approximation, and for the intervals as they are published, exactly.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from scipy.special import ndtr, ndtri

from analysis.sampling.binomial_power import chance_of_change, expected_half_width
from analysis.sampling.effective_size import (
    MOST,
    Conditions,
    OutOfReach,
    PlanOutOfRange,
    cases_for,
    completes_for,
    effective_size,
)


@dataclass(frozen=True, kw_only=True)
class Size:
    """``effective``: completes of a simple random sample that would do, before correction; ``completes``: in the
    design; ``cases``: to draw for them.
    """

    effective: float
    completes: int
    cases: int


@dataclass(frozen=True, kw_only=True)
class Sizes:
    """``normal``: by the normal approximation; ``published``: for the published interval, exactly."""

    normal: Size
    published: Size


def simple_size(rate: float, margin: float, z: float) -> float:
    """Cochran 1977, *Sampling Techniques*, section 4.4: z² p (1-p) / d².

    >>> round(simple_size(0.5, 0.05, 1.96), 2)
    384.16
    """
    return z * z * rate * (1 - rate) / (margin * margin)


def size_for_margin(rate: float, margin: float, conditions: Conditions) -> Sizes:
    """So that the interval of ``rate`` reaches ``margin`` to either side: the published one on average, half its width.

    Raises :class:`PlanOutOfRange` for a rate or margin outside 0-1, :class:`OutOfReach` where no size will do.

    >>> found = size_for_margin(0.9, 0.05, Conditions(population=1778))
    >>> found.normal.completes, found.published.completes
    (129, 129)
    """
    _check_rate("rate", rate)
    if not 0 < margin < 0.5:
        raise PlanOutOfRange("margin", margin, "0 < x < 0.5")
    normal = simple_size(rate, margin, _z(conditions.level))
    if normal > MOST:
        raise OutOfReach(normal, MOST)
    return _sizes(normal, lambda size: expected_half_width(rate, size, conditions.level) <= margin, conditions)


def size_for_change(earlier: float, later: float, conditions: Conditions, *, power: float = 0.8) -> Sizes:
    """So that two independent waves, each of this size, show the change with the chance ``power``.

    Normal: (z_a √(2 p̄ q̄) + z_b √(p1 q1 + p2 q2))² / (p1 - p2)² (Fleiss 1981, *Statistical Methods for Rates and
    Proportions*, formula 3.14, without correction for continuity), two-sided. Published: one fewer would not do; the
    exact chance rises in small teeth, so a few more may fall short of it by less than a point.

    Raises as :func:`size_for_margin`; also :class:`PlanOutOfRange` where nothing changes.

    >>> round(size_for_change(0.5, 0.75, Conditions(), power=0.9).normal.effective, 1)  # R's power.prop.test: 76.7
    76.7
    >>> size_for_change(0.9, 0.85, Conditions()).published.completes
    683
    """
    _check_change(earlier, later, power)
    normal = _size_for_change(earlier, later, conditions.level, power)
    if normal > MOST:
        raise OutOfReach(normal, MOST)
    return _sizes(normal, lambda size: chance_of_change(earlier, later, size, conditions.level) >= power, conditions)


def power_of_change(earlier: float, later: float, n: int, conditions: Conditions) -> tuple[float, float]:
    """The chance that two waves of ``n`` completes each show the change: by the normal approximation, and exactly.

    >>> approximate, exact = power_of_change(0.5, 0.75, 50, Conditions())
    >>> round(approximate, 3), round(exact, 3)  # R's power.prop.test: 0.740
    (0.74, 0.745)
    """
    _check_change(earlier, later, 0.5)
    _check_completes(n, conditions)
    effective = effective_size(n, conditions)
    if math.isinf(effective):
        return 1.0, 1.0
    return (
        _power_of_change(earlier, later, effective, conditions.level),
        chance_of_change(earlier, later, whole(effective), conditions.level),
    )


def margin_of(rate: float, n: int, conditions: Conditions) -> tuple[float, float]:
    """What ``n`` completes reach to either side: z √(p q / n_eff), and the published interval on average.

    >>> [round(margin, 4) for margin in margin_of(0.9, 129, Conditions(population=1778))]
    [0.0499, 0.0499]
    """
    _check_rate("rate", rate)
    _check_completes(n, conditions)
    effective = effective_size(n, conditions)
    normal = _z(conditions.level) * math.sqrt(rate * (1 - rate) / effective)
    return normal, expected_half_width(rate, effective, conditions.level)


def whole(effective: float) -> int:
    """An effective size as a number of people: the nearest whole one, 1 at least."""
    return max(1, round(min(effective, MOST)))


def _sizes(normal: float, enough: Callable[[int], bool], conditions: Conditions) -> Sizes:
    published = _fewest(enough, start=math.ceil(normal))
    return Sizes(normal=_size(normal, conditions), published=_size(published, conditions))


def _size(effective: float, conditions: Conditions) -> Size:
    completes = completes_for(effective, conditions)
    return Size(effective=effective, completes=completes, cases=cases_for(completes, conditions))


def _fewest(enough: Callable[[int], bool], *, start: int) -> int:
    """A whole number that is enough while one less is not, by halving; ``start`` is a guess."""
    few, many = 0, max(2, start + start // 10)
    while not enough(many):
        few, many = many, 2 * many
        if many > 4 * MOST:
            raise OutOfReach(many, MOST)
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return many


def _size_for_change(earlier: float, later: float, level: float, power: float) -> float:
    apart, together = _spreads(earlier, later)
    return ((_z(level) * together + float(ndtri(power)) * apart) / (earlier - later)) ** 2


def _power_of_change(earlier: float, later: float, effective: float, level: float) -> float:
    apart, together = _spreads(earlier, later)
    return float(ndtr((abs(earlier - later) * math.sqrt(effective) - _z(level) * together) / apart))


def _spreads(earlier: float, later: float) -> tuple[float, float]:
    """√(p1 q1 + p2 q2) and √(2 p̄ q̄)."""
    middle = (earlier + later) / 2
    return math.sqrt(earlier * (1 - earlier) + later * (1 - later)), math.sqrt(2 * middle * (1 - middle))


def _z(level: float) -> float:
    return float(ndtri((1 + level) / 2))


def _check_rate(name: str, rate: float) -> None:
    if not 0 < rate < 1:
        raise PlanOutOfRange(name, rate, "0 < x < 1")


def _check_change(earlier: float, later: float, power: float) -> None:
    _check_rate("earlier", earlier)
    _check_rate("later", later)
    if not abs(earlier - later) >= 1e-9:
        raise PlanOutOfRange("later", later, "x != earlier")
    if not 0.5 <= power < 1:
        raise PlanOutOfRange("power", power, "0.5 <= x < 1")


def _check_completes(n: int, conditions: Conditions) -> None:
    most = MOST if conditions.population is None else min(MOST, conditions.population)
    if not 1 <= n <= most:
        raise PlanOutOfRange("n", n, f"1 <= x <= {most}")
