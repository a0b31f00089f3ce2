"""Means of a domain, with the scores (y - mean) / Σ weight (Särndal, Swensson & Wretman 1992, section 5.7)."""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, FloatArray, SurveyDesign
from analysis.estimation.statistic import Estimate, estimate
from analysis.estimation.undefined import NotDefined, Undefined, UndefinedReason
from analysis.estimation.values import checked, everyone


@dataclass(frozen=True, kw_only=True)
class Mean:
    """Weighted means of ``y`` (n, k) over the units ``inside`` (n,); numbers everywhere (0 outside)."""

    y: FloatArray
    inside: BoolArray

    def at(self, weights: FloatArray) -> FloatArray:
        inside = weights * self.inside
        size = inside.sum()
        if not size > 0:
            raise NotDefined(UndefinedReason.EMPTY_DOMAIN)
        # About a value that occurs: where all are the same, the mean is that one to the last digit.
        origin = self.y[np.argmax(inside > 0)]
        found: FloatArray = origin + inside @ (self.y - origin) / size
        return found

    def scores(self, weights: FloatArray) -> FloatArray:
        found: FloatArray = (self.y - self.at(weights)) * self.inside[:, np.newaxis] / (weights[self.inside].sum())
        return found


def estimate_mean(design: SurveyDesign, y: FloatArray, *, inside: BoolArray | None = None) -> Estimate | Undefined:
    """Means of ``y`` (n,) or (n, k) over the units ``inside`` (n,), all where ``None``.

    Raises :class:`DesignError` for lengths that differ or a value inside that is no finite number.

    >>> design = SurveyDesign(weights=np.ones(4), strata=np.zeros(4, dtype=int))
    >>> found = estimate_mean(design, np.array([1.0, 2.0, 3.0, 6.0]))
    >>> found.value.tolist(), found.covariance.tolist()  # 14/3 / 4
    ([3.0], [[1.1666666666666665]])
    """
    members = everyone(design, inside)
    statistic = Mean(y=checked(design, "y", y, members), inside=members)
    return estimate(design, statistic, inside=inside)
