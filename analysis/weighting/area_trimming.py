"""Trimming inside areas: what is cut from one person's weight goes to the others of the same area.

Between areas weights differ because of how many live there and how many were drawn: that is meant, and stays. Inside an
area a weight many times the mean follows chance more than the population.
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import DesignError, FloatArray, IntArray
from analysis.design_errors import LengthsDiffer
from analysis.weighting.trimming import Trimming


@dataclass(frozen=True, kw_only=True, eq=False)
class AreaTrimming:
    """A :class:`~analysis.weighting.steps.Step`: no weight is more than ``times`` the mean of its area.

    ``areas`` (n,): codes from 0. The sum of each area stays.

    Weights 1, 1, 1 and 9 have the mean 3: at most twice that is 6, and the 3 that were cut go to the three others.

    >>> step = AreaTrimming(areas=np.array([0, 0, 0, 0, 1]), times=2.0)
    >>> step.factor(np.array([1.0, 1, 1, 9, 50])).round(6).tolist()
    [2.0, 2.0, 2.0, 0.666667, 1.0]
    """

    areas: IntArray
    times: float
    name: str = "trimming"

    def __post_init__(self) -> None:
        if not self.times > 1:
            raise DesignError(f"trimming: got {self.times:g} times the mean, expected more than 1")

    def check(self, weights: FloatArray) -> None:
        if len(weights) != len(self.areas):
            raise LengthsDiffer("areas", len(self.areas), len(weights))

    def factor(self, weights: FloatArray) -> FloatArray:
        factors = np.ones(len(weights))
        used = weights > 0
        sums = np.bincount(self.areas[used], weights=weights[used])
        means = sums / np.maximum(np.bincount(self.areas[used]), 1)
        over = used & (weights > self.times * means[np.minimum(self.areas, len(means) - 1)])
        for area in np.unique(self.areas[over]):
            inside = self.areas == area
            step = Trimming(upper=float(self.times * means[area]), strict=True)
            factors[inside] = step.factor(weights[inside])
        return factors

    def carry_back(
        self,
        scores: FloatArray,
        *,
        before: FloatArray,  # noqa: ARG002 - every step is asked alike
        factor: FloatArray,
    ) -> FloatArray:
        """The factors count as given."""
        return factor[:, None] * scores
