"""Totals of a domain: the score of a total is the value itself."""

from dataclasses import dataclass

from analysis.design import BoolArray, FloatArray, SurveyDesign
from analysis.estimation.statistic import Estimate, estimate
from analysis.estimation.undefined import Undefined
from analysis.estimation.values import checked, everyone


@dataclass(frozen=True, kw_only=True)
class Total:
    """Weighted totals of ``y`` (n, k), 0 outside the domain."""

    y: FloatArray

    def at(self, weights: FloatArray) -> FloatArray:
        found: FloatArray = weights @ self.y
        return found

    def scores(self, weights: FloatArray) -> FloatArray:  # noqa: ARG002 - the same under all weights
        return self.y


def estimate_total(design: SurveyDesign, y: FloatArray, *, inside: BoolArray | None = None) -> Estimate | Undefined:
    """Totals of ``y`` (n,) or (n, k) over the units ``inside`` (n,), all where ``None``.

    Raises :class:`DesignError` for lengths that differ or a value inside that is no finite number.

    >>> import numpy as np
    >>> design = SurveyDesign(weights=np.array([2.0, 2.0]), strata=np.zeros(2, dtype=int))
    >>> found = estimate_total(design, np.array([1.0, 4.0]))
    >>> found.value.tolist(), found.se.tolist()
    ([10.0], [6.0])
    """
    members = everyone(design, inside)
    return estimate(design, Total(y=checked(design, "y", y, members)), inside=inside)
