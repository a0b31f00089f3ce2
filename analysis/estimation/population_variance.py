"""How much answers differ between people: the variance in the population, with its standard error.

s² = n/(n - 1) Σ w (y - mean)² / Σ w. Its scores are those of the mean of (y - mean)², the mean taken as known: what the
mean itself adds is of smaller order (Särndal, Swensson & Wretman 1992, section 5.9).
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, FloatArray, SurveyDesign
from analysis.estimation.statistic import Estimate, estimate
from analysis.estimation.undefined import NotDefined, Undefined, UndefinedReason
from analysis.estimation.values import checked, everyone


@dataclass(frozen=True, kw_only=True)
class PopulationVariance:
    """The variance of ``y`` (n,) among the units ``inside`` (n,), ``n`` of whom stand for someone."""

    y: FloatArray
    inside: BoolArray
    n: int

    def at(self, weights: FloatArray) -> FloatArray:
        w = weights * self.inside
        return np.array([w @ self._squares(weights) / w.sum()])

    def scores(self, weights: FloatArray) -> FloatArray:
        around = (self._squares(weights) - self.at(weights)) * self.inside / (weights * self.inside).sum()
        scores: FloatArray = around[:, np.newaxis]
        return scores

    def _squares(self, weights: FloatArray) -> FloatArray:
        """(y - mean)² n/(n - 1), (n,)."""
        w = weights * self.inside
        if not w.sum() > 0:
            raise NotDefined(UndefinedReason.EMPTY_DOMAIN)
        if self.n < 2:
            raise NotDefined(UndefinedReason.ONE_RESPONDENT)
        squares: FloatArray = (self.y - w @ self.y / w.sum()) ** 2 * (self.n / (self.n - 1))
        return squares


def estimate_variance(
    design: SurveyDesign, values: FloatArray, *, inside: BoolArray | None = None
) -> Estimate | Undefined:
    """The population variance of ``values`` (n,) among the units ``inside`` (n,), all where ``None``.

    Undefined for an empty domain and one respondent. Raises :class:`DesignError` for lengths that differ or a value
    inside that is no finite number.

    >>> design = SurveyDesign(weights=np.ones(3), strata=np.zeros(3, dtype=int))
    >>> round(float(estimate_variance(design, np.array([1.0, 2, 3])).value[0]), 12)
    1.0
    """
    members = everyone(design, inside)
    y = checked(design, "values", values, members)[:, 0]
    n = int(np.count_nonzero(members & (design.weights != 0)))
    return estimate(design, PopulationVariance(y=y, inside=members, n=n), inside=inside)
