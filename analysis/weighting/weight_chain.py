"""The weights of a closed wave: base × eligible adults × non-response × calibration, trimmed; every factor kept.

Calibration is raking. Where that would multiply a weight by less than 0.3 or more than 3 times what all are multiplied
by on average, weights within these bounds are looked for that meet the same margins (the logit method of Deville &
Särndal, Calibration estimators in survey sampling, JASA 1992); where there are none, the margins cannot be met. What
all weights are multiplied by (more people than the dwellings of the frame hold) changes no rate, and has no bounds.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.design import FloatArray, IntArray
from analysis.weighting.area_trimming import AreaTrimming
from analysis.weighting.calibration import Calibration, CalibrationMethod
from analysis.weighting.errors import FactorsOutOfLimits, NoConvergence
from analysis.weighting.given_factors import GivenFactors
from analysis.weighting.margins import Margin
from analysis.weighting.raking import Raking
from analysis.weighting.steps import GREATEST_FACTOR, LEAST_FACTOR, Step, WeightFactor, Weighting, weigh


class Factor(StrEnum):
    """The steps after the base weight, in their order."""

    ADULTS = "adults"
    RESPONSE = "response"
    CALIBRATION = "calibration"
    TRIMMING = "trimming"


@dataclass(frozen=True, kw_only=True, eq=False)
class WeightChain:
    """What the weights of n respondents are made of.

    ``inclusion`` (n,): 1 / inclusion probability; ``adults`` and ``response`` (n,): factors; ``margins``: none: no
    calibration; ``areas`` (n,): codes from 0, inside which weights are trimmed at ``trim`` times the mean (``inf``: not
    at all). ``least_cell``: respondents that a group of a margin must have.
    """

    inclusion: FloatArray
    adults: FloatArray
    response: FloatArray
    margins: tuple[Margin, ...]
    areas: IntArray
    trim: float
    least_cell: int = 0

    def build(self) -> tuple[Weighting, bool]:
        """The weights, and whether calibration was held within bounds.

        Two women, one in a dwelling of two adults, and two men of weight 10, for 60 women and 20 men: the women's 10
        and 20 become 20 and 40, the men keep theirs.

        >>> sex = Margin(name="sex", codes=np.array([0, 0, 1, 1]), totals=np.array([60.0, 20.0]))
        >>> chain = WeightChain(
        ...     inclusion=np.full(4, 10.0), adults=np.array([1.0, 2, 1, 1]), response=np.ones(4), margins=(sex,),
        ...     areas=np.zeros(4, dtype=int), trim=np.inf)
        >>> found, bounded = chain.build()
        >>> found.weights.tolist(), bounded
        ([20.0, 40.0, 10.0, 10.0], False)

        Raises :class:`.MarginsCannotBeMet`, :class:`NoConvergence`, and what margins raise.
        """
        scale = self.scale
        try:
            found = weigh(self.inclusion, self._steps(self._raking()))
            found.factors[list(Factor).index(Factor.CALIBRATION)].require_within(
                LEAST_FACTOR * scale, GREATEST_FACTOR * scale
            )
        except (FactorsOutOfLimits, NoConvergence):
            return weigh(self.inclusion, self._steps(_Scaled(step=self._bounded(), scale=scale))), True
        return found, False

    @property
    def scale(self) -> float:
        """People that the margins speak of ÷ what the weights add up to before calibration; 1 without margins."""
        before = float((self.inclusion * self.adults * self.response).sum())
        return float(self.margins[0].totals.sum()) / before if self.margins else 1.0

    def restored(self, factors: dict[Factor, FloatArray]) -> Weighting:
        """The same weights from the factors that were kept: what variances follow. What margins explain is the same
        whether calibration was held within bounds or not."""
        kept = tuple(WeightFactor(name=name, factor=factors[name]) for name in Factor)
        return Weighting(base=self.inclusion, steps=self._steps(self._raking()), factors=kept)

    def _steps(self, calibration: Step) -> tuple[Step, ...]:
        return (
            GivenFactors(name=Factor.ADULTS, given=self.adults),
            GivenFactors(name=Factor.RESPONSE, given=self.response),
            calibration,
            AreaTrimming(areas=self.areas, times=self.trim, name=Factor.TRIMMING),
        )

    def _raking(self) -> Step:
        if not self.margins:
            return GivenFactors(name=Factor.CALIBRATION, given=np.ones(len(self.inclusion)))
        return Raking(margins=self.margins, name=Factor.CALIBRATION, least_cell=self.least_cell)

    def _bounded(self) -> Calibration:
        columns = [
            (f"{margin.name} {margin.label(group)}", margin.codes == group, total)
            for margin in self.margins
            for group, total in enumerate(margin.totals.tolist())
        ]
        return Calibration(
            matrix=np.column_stack([members for _, members, _ in columns]).astype(np.float64),
            totals=np.array([total for _, _, total in columns]),
            columns=tuple(name for name, _, _ in columns),
            method=CalibrationMethod.LOGIT,
            bounds=(LEAST_FACTOR, GREATEST_FACTOR),
            name=Factor.CALIBRATION,
        )


@dataclass(frozen=True, kw_only=True)
class _Scaled:
    """A step on weights that were all multiplied by ``scale`` before."""

    step: Calibration
    scale: float

    @property
    def name(self) -> str:
        return self.step.name

    def check(self, weights: FloatArray) -> None:
        self.step.check(weights)

    def factor(self, weights: FloatArray) -> FloatArray:
        return self.scale * self.step.factor(self.scale * weights)

    def carry_back(self, scores: FloatArray, *, before: FloatArray, factor: FloatArray) -> FloatArray:
        """A regression is the same under weights that are all multiplied by one number."""
        return self.step.carry_back(scores, before=before, factor=factor)
