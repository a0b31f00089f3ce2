"""Trimming: the largest (and smallest) weights are cut, and what is cut goes to the others in equal parts.

Reference: Potter, A study of procedures to identify and trim extreme sampling weights (ASA SRMS 1990).
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import DesignError, FloatArray
from analysis.weighting.errors import NothingToTrimTo


@dataclass(frozen=True, kw_only=True)
class Trimming:
    """A :class:`~analysis.weighting.steps.Step`: weights below ``lower`` or above ``upper`` become these.

    The sum stays: each weight that was inside the limits takes the same part of what was cut. That may push it over
    a limit; with ``strict`` it is then cut, too, and the rest is shared by those never cut, until nobody is over.
    Weights of 0 stand for nobody: they are not raised and take nothing.

    >>> Trimming(upper=5.0).trimmed(np.array([1.0, 4.5, 9])).tolist()
    [3.0, 6.5, 5.0]
    >>> Trimming(upper=5.0, strict=True).trimmed(np.array([1.0, 4.5, 9])).tolist()
    [4.5, 5.0, 5.0]
    """

    lower: float = -np.inf
    upper: float = np.inf
    strict: bool = False
    name: str = "trimming"

    def __post_init__(self) -> None:
        if not self.lower < self.upper:
            raise DesignError(f"trimming: got limits {self.lower:g} and {self.upper:g}, expected the lower one first")

    def check(self, weights: FloatArray) -> None:
        """Nothing to check beforehand."""

    def trimmed(self, weights: FloatArray) -> FloatArray:
        """Weights (n,) trimmed. Raises :class:`NothingToTrimTo` if nobody is left to take what was cut."""
        current, wanted = weights, float(weights.sum())
        inside = weights != 0
        slack = 1e-12 * max(abs(wanted), 1.0) / max(len(weights), 1)
        while True:
            low, high = current < self.lower - slack, current > self.upper + slack
            outside = inside & (low | high)
            if not outside.any():
                return current
            inside = inside & ~outside
            if not inside.any():
                raise NothingToTrimTo(
                    f"trimming: got no weight that stays between {self.lower:g} and {self.upper:g}, "
                    f"expected some to take what was cut: their mean is {wanted / max((weights != 0).sum(), 1):.4g}"
                )
            current = current.copy()
            current[outside] = np.clip(current[outside], self.lower, self.upper)
            current[inside] += (wanted - current.sum()) / inside.sum()
            if not self.strict:
                return current

    def factor(self, weights: FloatArray) -> FloatArray:
        return np.divide(self.trimmed(weights), weights, out=np.ones(len(weights)), where=weights != 0)

    def carry_back(
        self,
        scores: FloatArray,
        *,
        before: FloatArray,  # noqa: ARG002 - every step is asked alike
        factor: FloatArray,
    ) -> FloatArray:
        """The factors count as given."""
        return factor[:, None] * scores
