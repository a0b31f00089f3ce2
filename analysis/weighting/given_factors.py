"""Factors that are known from elsewhere: eligible adults of the dwelling, response rates of whole communities."""

from dataclasses import dataclass

from analysis.design import DesignError, FloatArray
from analysis.design_errors import LengthsDiffer


@dataclass(frozen=True, kw_only=True, eq=False)
class GivenFactors:
    """A :class:`~analysis.weighting.steps.Step` that multiplies each weight by what is given, (n,).

    >>> import numpy as np
    >>> GivenFactors(name="adults", given=np.array([2.0, 1.0])).factor(np.array([10.0, 10.0])).tolist()
    [2.0, 1.0]
    """

    name: str
    given: FloatArray

    def __post_init__(self) -> None:
        if not (self.given > 0).all():
            raise DesignError(f"{self.name}: got a factor of 0 or less, expected factors above 0")

    def check(self, weights: FloatArray) -> None:
        if len(weights) != len(self.given):
            raise LengthsDiffer(self.name, len(self.given), len(weights))

    def factor(self, weights: FloatArray) -> FloatArray:  # noqa: ARG002 - what a step is asked
        return self.given

    def carry_back(
        self,
        scores: FloatArray,
        *,
        before: FloatArray,  # noqa: ARG002 - every step is asked alike
        factor: FloatArray,
    ) -> FloatArray:
        """The factors count as given."""
        return factor[:, None] * scores
