"""What a number of completes can show and what it cannot: exact sums over the binomial distribution.

A design that is not simple random counts as so many people as its effective size, to the nearest whole one.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy.special import bdtr

from analysis.estimation.intervals import wilson
from analysis.sampling.binomial_power import chance_below, chance_of_change
from analysis.sampling.effective_size import Conditions, PlanOutOfRange, effective_size
from analysis.sampling.sample_size import margin_of, whole

#: Halvings when the smallest change is sought: known to less than .01 points.
_STEPS = 14


@dataclass(frozen=True, kw_only=True)
class Question:
    """What is asked of a size: ``rate`` of a good community, the ``line`` it is judged by, ``weak``: the rate of one
    that should fail, the ``power`` wanted for a change, how many identical ``communities`` are set side by side.
    """

    rate: float = 0.9
    line: float = 0.85
    weak: float = 0.8
    power: float = 0.8
    communities: int = 27

    def __post_init__(self) -> None:
        for name in ("rate", "line", "weak"):
            if not 0 < getattr(self, name) < 1:
                raise PlanOutOfRange(name, getattr(self, name), "0 < x < 1")
        if not 0.5 <= self.power < 1:
            raise PlanOutOfRange("power", self.power, "0.5 <= x < 1")
        if not 2 <= self.communities <= 10_000:
            raise PlanOutOfRange("communities", self.communities, "2 <= x <= 10000")


@dataclass(frozen=True, kw_only=True)
class Shown:
    """``low``, ``high``: the published interval where exactly ``rate`` is found; ``margin``: half its width on average.
    ``falls_under``: chance that a community truly at ``rate`` is found under the line; ``passes``: that one truly at
    ``weak`` is found on or above it. ``fall``, ``rise``: the smallest change that is seen with the power wanted,
    ``None`` where not even the largest is. ``spread``: of the highest over the lowest of identical communities, on
    average.
    """

    n: int
    effective: float
    low: float
    high: float
    margin: float
    falls_under: float
    passes: float
    fall: float | None
    rise: float | None
    spread: float


def what_shows(n: int, question: Question, conditions: Conditions) -> Shown:
    """Of ``n`` completes in each community, and in each wave. Raises :class:`PlanOutOfRange`.

    >>> found = what_shows(20, Question(), Conditions())
    >>> round(found.low, 3), round(found.high, 3), round(found.falls_under, 3), round(found.passes, 3)
    (0.699, 0.972, 0.133, 0.411)
    >>> round(found.spread, 3), round(found.fall, 3), found.rise
    (0.249, 0.379, None)
    """
    rate = question.rate
    margin = margin_of(rate, n, conditions)[1]
    effective = effective_size(n, conditions)
    if math.isinf(effective):
        return _census(n, question)
    low, high = wilson(np.array([rate]), np.array([effective]), np.inf, conditions.level)
    size = whole(effective)
    needed = math.ceil(Fraction(str(question.line)) * size)
    return Shown(
        n=n,
        effective=effective,
        low=float(low[0]),
        high=float(high[0]),
        margin=margin,
        falls_under=chance_below(needed, rate, size),
        passes=1 - chance_below(needed, question.weak, size),
        fall=smallest_change(rate, size, rise=False, power=question.power, level=conditions.level),
        rise=smallest_change(rate, size, rise=True, power=question.power, level=conditions.level),
        spread=expected_spread(rate, size, question.communities),
    )


def smallest_change(rate: float, size: int, *, rise: bool, power: float, level: float = 0.95) -> float | None:
    """The smallest fall or rise from ``rate`` that two waves of ``size`` show with the chance ``power``.

    ``None``: not even a fall to nobody, or a rise to everybody.

    >>> round(smallest_change(0.9, 100, rise=False, power=0.8), 3)
    0.148
    """
    end = 1.0 if rise else 0.0
    if chance_of_change(rate, end, size, level) < power:
        return None
    missed, seen = rate, end
    for _ in range(_STEPS):
        middle = (missed + seen) / 2
        if chance_of_change(rate, middle, size, level) < power:
            missed = middle
        else:
            seen = middle
    return abs(seen - rate)


def expected_spread(rate: float, size: int, communities: int) -> float:
    """The highest rate found less the lowest, on average, of communities that are truly all at ``rate``.

    E max = Σ P(max > x) = Σ 1 - F(x)^K and E min = Σ (1 - F(x))^K over x = 0 … n-1, both ÷ n.

    Two coins thrown once each: they differ half the time.

    >>> expected_spread(0.5, 1, 2), round(expected_spread(0.9, 20, 27), 3)
    (0.5, 0.249)
    """
    # Beyond 100,000 the steps are finer than anything that is printed, and the distribution is the normal one's.
    used = min(size, 100_000)
    below = bdtr(np.arange(used), used, rate)
    spread = float((1 - below**communities - (1 - below) ** communities).sum()) / used
    return spread * math.sqrt(used / size)


def _census(n: int, question: Question) -> Shown:
    """Everybody has answered: what is found is what is."""
    rate = question.rate
    return Shown(
        n=n,
        effective=math.inf,
        low=rate,
        high=rate,
        margin=0.0,
        falls_under=float(rate < question.line),
        passes=float(question.weak >= question.line),
        fall=0.0,
        rise=0.0,
        spread=0.0,
    )
