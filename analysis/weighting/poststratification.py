"""Post-stratification: the weights of each cell add up to its known total.

Reference: Holt, Smith, Post stratification (JRSS A 1979); Valliant, Post-stratification and conditional variance
estimation (JASA 1993) for the variance.
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import FloatArray
from analysis.estimation.sums import sum_by
from analysis.weighting.margins import LEAST_CELL, Margin


@dataclass(frozen=True, kw_only=True)
class PostStratification:
    """A :class:`~analysis.weighting.steps.Step`: cells with ``least_cell`` respondents or more get their totals.

    Two women and a man of weight 10 for 60 women and 40 men: 60/20 and 40/10.

    >>> step = PostStratification(
    ...     margin=Margin(name="sex", codes=np.array([0, 0, 1]), totals=np.array([60.0, 40.0])), least_cell=1)
    >>> step.factor(np.array([10.0, 10, 10])).tolist()
    [3.0, 3.0, 4.0]
    """

    margin: Margin
    least_cell: int = LEAST_CELL

    @property
    def name(self) -> str:
        return self.margin.name

    def check(self, weights: FloatArray) -> None:
        self.margin.check(weights, self.least_cell)

    def factor(self, weights: FloatArray) -> FloatArray:
        return self.margin.factors(weights)[self.margin.codes]

    def carry_back(self, scores: FloatArray, *, before: FloatArray, factor: FloatArray) -> FloatArray:
        """The deviation of each score from the mean of its cell."""
        codes, count = self.margin.codes, len(self.margin.totals)
        sums = sum_by(codes, before, count)
        residuals = np.empty_like(scores, dtype=np.float64)
        for column in range(scores.shape[1]):
            totals = sum_by(codes, before * scores[:, column], count)
            means = np.divide(totals, sums, out=np.zeros(count), where=sums != 0)
            residuals[:, column] = factor * (scores[:, column] - means[codes])
        return residuals
