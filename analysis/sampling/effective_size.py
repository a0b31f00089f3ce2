"""How many completes stand behind an effective size, and how many cases behind the completes.

The effective size of n completes is n / (deff (1 - n/N)), as in the published intervals
(:func:`analysis.estimation.intervals.wilson_effective`). The design effect is the product of three:

    clusters    1 + (m - 1) rho       m completes in a cluster      (Kish 1965, Survey Sampling, section 5.4)
    canvassers  1 + (k - 1) rho_int   k completes of a canvasser    (Kish 1962, JASA 57:92-115)
    weights     Kish's 1 + cv^2, or the whole effect as an earlier wave had it
"""

import math
from dataclasses import dataclass, field

import numpy as np

from analysis.design import FloatArray
from analysis.sampling.sampling_error import SamplingError

#: No community is surveyed by more; a size beyond it is out of reach.
MOST = 1_000_000
#: A number such as 400.00000000000006 is 400.
_DUST = 1e-9
#: Numbers of completes that are looked at together, at least.
_AT_ONCE = 1_000


class PlanOutOfRange(SamplingError):
    """``name``: of the number; ``expected``: the range in symbols, such as ``0 < x < 1``."""

    def __init__(self, name: str, got: float, expected: str) -> None:
        super().__init__(f"{name}: got {got}, expected {expected}")
        self.name, self.got, self.expected = name, got, expected


class OutOfReach(SamplingError):
    """No number of completes gives the effective size ``needed``; ``most``: what the design comes to at best."""

    def __init__(self, needed: float, most: float) -> None:
        super().__init__(f"effective size: {needed:.1f} needed, expected at most {most:.1f} with this design")
        self.needed, self.most = needed, most


@dataclass(frozen=True, kw_only=True)
class DesignEffect:
    """Clusters and canvassers either by their number in the community (``clusters``, ``canvassers``: the more
    completes, the more in each) or by the completes of each (``per_cluster``, ``per_canvasser``); with neither their
    effect is 1. ``factor``: what is known otherwise.

    20 completes in each of some grids with ρ = .02 and 50 of each canvasser with ρ = .02: 1.38 × 1.98.

    >>> effect = DesignEffect(per_cluster=20, rho=0.02, per_canvasser=50, rho_canvasser=0.02)
    >>> round(effect.of(200), 4), DesignEffect(clusters=4, rho=0.02).of(100)
    (2.7324, 1.48)
    """

    clusters: int | None = None
    per_cluster: float | None = None
    rho: float = 0.0
    canvassers: int | None = None
    per_canvasser: float | None = None
    rho_canvasser: float = 0.0
    factor: float = 1.0

    def __post_init__(self) -> None:
        for name in ("clusters", "per_cluster", "canvassers", "per_canvasser"):
            number = getattr(self, name)
            if number is not None and not 1 <= number <= MOST:
                raise PlanOutOfRange(name, number, f"1 <= x <= {MOST}")
        for name in ("rho", "rho_canvasser"):
            if not 0 <= getattr(self, name) <= 1:
                raise PlanOutOfRange(name, getattr(self, name), "0 <= x <= 1")
        if not 1 <= self.factor <= 1000:
            raise PlanOutOfRange("factor", self.factor, "1 <= x <= 1000")

    def of(self, n: float) -> float:
        """The effect with ``n`` completes in the community."""
        return float(self.of_each(np.array([n], float))[0])

    def of_canvassers(self, n: float) -> float:
        return float(self._of_canvassers(np.array([n], float))[0])

    def of_each(self, n: FloatArray) -> FloatArray:
        """The effect with each of these numbers of completes, (k,)."""
        by_cluster = _alike(n, number=self.clusters, each=self.per_cluster, rho=self.rho)
        return by_cluster * self._of_canvassers(n) * self.factor

    def _of_canvassers(self, n: FloatArray) -> FloatArray:
        return _alike(n, number=self.canvassers, each=self.per_canvasser, rho=self.rho_canvasser)


def _alike(n: FloatArray, *, number: int | None, each: float | None, rho: float) -> FloatArray:
    size = n / number if number is not None else np.minimum(n, 1.0 if each is None else each)
    found: FloatArray = 1 + (np.maximum(size, 1.0) - 1) * rho
    return found


@dataclass(frozen=True, kw_only=True)
class Conditions:
    """What a size hangs on besides the rate: the ``level`` of the interval, the eligible adults (``population``,
    ``None``: so many that they need no correction), the design's effect, the share of cases that answers.
    """

    level: float = 0.95
    population: int | None = None
    effect: DesignEffect = field(default_factory=DesignEffect)
    response: float = 1.0

    def __post_init__(self) -> None:
        if not 0.5 <= self.level < 1:
            raise PlanOutOfRange("level", self.level, "0.5 <= x < 1")
        if self.population is not None and not 1 <= self.population <= 10**10:
            raise PlanOutOfRange("population", self.population, "1 <= x <= 10000000000")
        if not 0 < self.response <= 1:
            raise PlanOutOfRange("response", self.response, "0 < x <= 1")


def corrected(size: float, population: int | None) -> float:
    """Cochran 1977, *Sampling Techniques*, formula 4.3: n0 / (1 + n0 / N).

    >>> round(corrected(384, 528), 4), corrected(384, None)
    (222.3158, 384)
    """
    return size if population is None else size / (1 + size / population)


def effective_size(n: float, conditions: Conditions) -> float:
    """n / (deff (1 - n/N)), infinite where everybody answered.

    >>> effective_size(100, Conditions(population=200, effect=DesignEffect(factor=2.0)))
    100.0
    """
    return float(_effective_sizes(np.array([n], float), conditions)[0])


def _effective_sizes(n: FloatArray, conditions: Conditions) -> FloatArray:
    left = 1 - n / (conditions.population or math.inf)
    found: FloatArray = np.divide(n, conditions.effect.of_each(n) * left, out=np.full_like(n, math.inf), where=left > 0)
    return found


def completes_for(effective: float, conditions: Conditions) -> int:
    """The fewest completes whose effective size is ``effective`` or more. Raises :class:`OutOfReach`.

    Looked for from below: where grids and canvassers are few, more completes make each of them larger, both effects
    grow, and beyond some number every further one takes away more than it adds.

    >>> completes_for(384, Conditions(population=528)), completes_for(100, Conditions(effect=DesignEffect(factor=1.5)))
    (223, 150)
    """
    end = 1 + (MOST if conditions.population is None else min(MOST, conditions.population))
    first, best = 1, 0.0
    while first < end:
        sizes = _effective_sizes(np.arange(first, min(2 * first + _AT_ONCE, end), dtype=float), conditions)
        enough = sizes * (1 + _DUST) >= effective
        if enough.any():
            return first + int(enough.argmax())
        first, best = first + len(sizes), max(best, float(sizes.max()))
    raise OutOfReach(effective, best)


def cases_for(completes: int, conditions: Conditions) -> int:
    """Cases to draw, so that as many as expected answer.

    >>> cases_for(129, Conditions(response=0.6)), cases_for(60, Conditions(response=0.6))
    (215, 100)
    """
    return math.ceil(completes / conditions.response * (1 - _DUST))
