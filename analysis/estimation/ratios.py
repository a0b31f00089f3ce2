"""Ratios of two totals, with the scores (y - ratio x) / Σ weight x (Särndal, Swensson & Wretman 1992, section 5.6)."""

from dataclasses import dataclass

from analysis.design import BoolArray, FloatArray, SurveyDesign
from analysis.estimation.statistic import Estimate, estimate
from analysis.estimation.undefined import NotDefined, Undefined, UndefinedReason
from analysis.estimation.values import checked, everyone


@dataclass(frozen=True, kw_only=True)
class Ratio:
    """Total of ``y`` over total of ``x``, both (n, k) and 0 outside the domain."""

    y: FloatArray
    x: FloatArray

    def at(self, weights: FloatArray) -> FloatArray:
        below = weights @ self.x
        if (below == 0).any():
            raise NotDefined(UndefinedReason.ZERO_DENOMINATOR)
        found: FloatArray = weights @ self.y / below
        return found

    def scores(self, weights: FloatArray) -> FloatArray:
        found: FloatArray = (self.y - self.at(weights) * self.x) / (weights @ self.x)
        return found


def estimate_ratio(
    design: SurveyDesign, y: FloatArray, x: FloatArray, *, inside: BoolArray | None = None
) -> Estimate | Undefined:
    """Totals of ``y`` over totals of ``x``, (n,) or (n, k) each, over the units ``inside`` (n,), all where ``None``.

    Raises :class:`DesignError` for lengths that differ or a value inside that is no finite number.

    >>> import numpy as np
    >>> design = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=int))
    >>> found = estimate_ratio(design, np.array([1.0, 3.0]), np.array([2.0, 2.0]))
    >>> found.value.tolist(), found.se.tolist()  # scores -1/4 and 1/4: 2 x (1/16 + 1/16)
    ([1.0], [0.5])
    """
    members = everyone(design, inside)
    statistic = Ratio(y=checked(design, "y", y, members), x=checked(design, "x", x, members))
    return estimate(design, statistic, inside=inside)
