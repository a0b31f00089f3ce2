"""Drawing again and again: does a method do what it says of itself?

A design is drawn many times, each time with a seed of its own; of every draw there is kept who was in it, the
Horvitz-Thompson estimate of a total, and whether its 95 % interval held the truth. Three questions follow:

- was every unit drawn as often as its probability says: the p-value of its count, exact by the binomial distribution,
  two-sided, as z, and the largest of all beside what Bonferroni allows at .001;
- are the estimates right on average: z of their mean;
- how many intervals held the truth.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.stats import binom, norm

from analysis.design import FloatArray, IntArray, SurveyDesign
from analysis.estimation.statistic import t_limits
from analysis.estimation.totals import estimate_total
from analysis.estimation.undefined import Undefined
from analysis.estimation.variance import design_df

ALPHA = 0.001
LEVEL = 0.95


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """``units`` (k,) and the design as it would be analysed, with weights 1 / probability."""

    units: IntArray
    design: SurveyDesign


@dataclass(frozen=True, kw_only=True)
class City:
    """What is drawn from: ``probabilities`` (N,) as promised, ``values`` (N,) of every unit; ``draw`` by seed."""

    name: str
    probabilities: FloatArray
    values: FloatArray
    draw: Callable[[bytes], Drawn]


@dataclass(frozen=True, kw_only=True)
class Proof:
    """``largest`` |z| of a unit's count and the ``bound`` it may not exceed; ``bias``: z of the mean estimate, and
    ``relative_bias``; ``coverage`` of the intervals; ``ratio`` of the mean estimated variance to the true one.
    """

    draws: int
    largest: float
    bound: float
    bias: float
    relative_bias: float
    coverage: float
    ratio: float

    @property
    def frequencies_are_right(self) -> bool:
        return self.largest <= self.bound

    @property
    def is_unbiased(self) -> bool:
        return abs(self.bias) <= float(norm.isf(ALPHA / 2))

    def covers(self, least: float) -> bool:
        """Not below ``least`` by more than chance (2.6 standard errors) explains."""
        return self.coverage >= least - 2.6 * (least * (1 - least) / self.draws) ** 0.5


def seed_of(number: int) -> bytes:
    return hashlib.sha256(f"redraw {number}".encode()).digest()


def prove(city: City, draws: int) -> Proof:
    counts = np.zeros(len(city.values), np.int64)
    truth = float(city.values.sum())
    estimates, variances, held = np.empty(draws), np.empty(draws), np.zeros(draws, np.bool_)
    for number in range(draws):
        drawn = city.draw(seed_of(number))
        np.add.at(counts, drawn.units, 1)
        found = estimate_total(drawn.design, city.values[drawn.units])
        if isinstance(found, Undefined):
            raise TypeError(f"{city.name}: {found}")
        estimates[number], variances[number] = found.value[0], found.covariance[0, 0]
        limits = t_limits(float(found.value[0]), float(found.se[0]), design_df(drawn.design), LEVEL)
        held[number] = not isinstance(limits, Undefined) and limits[0] <= truth <= limits[1]
    spread = float(estimates.std(ddof=1))
    error = float(estimates.mean()) - truth
    return Proof(
        draws=draws,
        largest=float(np.abs(count_z(counts, draws, city.probabilities)).max()),
        bound=float(norm.isf(ALPHA / 2 / len(counts))),
        bias=error / (spread / draws**0.5) if spread > 1e-9 * truth else 0.0,
        relative_bias=error / truth,
        coverage=float(held.mean()),
        ratio=float(variances.mean()) / spread**2 if spread else 1.0,
    )


def count_z(counts: IntArray, draws: int, probabilities: FloatArray) -> FloatArray:
    """z with the same two-sided p-value as the count, (N,); infinite where a certain unit is missing or another is in
    a draw with probability 0.

    >>> count_z(np.array([50, 100]), 100, np.array([0.5, 1.0])).round(6).tolist()
    [0.0, 0.0]
    """
    tail = np.minimum(binom.cdf(counts, draws, probabilities), binom.sf(counts - 1, draws, probabilities))
    found: FloatArray = np.sign(counts - draws * probabilities) * norm.isf(np.minimum(2 * tail, 1) / 2)
    return np.where(np.minimum(2 * tail, 1) == 1, 0.0, found)
