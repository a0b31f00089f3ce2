"""Weights as a chain of steps, every factor kept, repeated on replicates and followed by the variance.

weight = base × factor of step 1 × factor of step 2 …

For a linearised variance a score is carried back through the chain: a step turns the score per unit of weight *after*
it into the one per unit of weight *before* it. A step that meets known totals leaves the residual from what it knows;
a step with given factors multiplies. What arrives at the base weights is divided by the product of all factors, so
that the final weight times it is the contribution of the unit.

Reference: Deville, Särndal, Calibration estimators in survey sampling (JASA 1992), 3.4 for the residuals; Kott, Using
calibration weighting to adjust for nonresponse and coverage errors (Survey Methodology 2006) for chains.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from analysis.design import FloatArray, SurveyDesign
from analysis.design_errors import InvalidWeights
from analysis.weighting.errors import FactorsOutOfLimits, NegativeWeights, ReplicateFailed, WeightingError

#: A factor outside of these is a sign of a wrong total or of a cell that is too small.
LEAST_FACTOR, GREATEST_FACTOR = 0.3, 3.0


class Step(Protocol):
    """One way to change weights."""

    @property
    def name(self) -> str: ...

    def check(self, weights: FloatArray) -> None:
        """Raises a :class:`WeightingError` for what may not be done to these weights (n,) of the sample."""
        ...

    def factor(self, weights: FloatArray) -> FloatArray:
        """What each of the weights (n,) is multiplied by, (n,)."""
        ...

    def carry_back(self, scores: FloatArray, *, before: FloatArray, factor: FloatArray) -> FloatArray:
        """Scores (n, k) per unit of weight after the step as scores per unit of the weights ``before`` it (n,)."""
        ...


@dataclass(frozen=True, kw_only=True)
class WeightFactor:
    """What one step multiplied each weight by, (n,)."""

    name: str
    factor: FloatArray

    def require_within(self, low: float = LEAST_FACTOR, high: float = GREATEST_FACTOR) -> None:
        """Raises :class:`FactorsOutOfLimits` if a factor other than 0 (nobody any more) is outside of ``low``–``high``.

        >>> WeightFactor(name="sex", factor=np.array([0.5, 4.0])).require_within()
        Traceback (most recent call last):
        ...
        analysis.weighting.errors.FactorsOutOfLimits: sex: got factors from 0.5 to 4, expected 0.3 to 3
        """
        used = self.factor[self.factor != 0]
        if len(used) and not low <= used.min() <= used.max() <= high:
            raise FactorsOutOfLimits(
                f"{self.name}: got factors from {used.min():.4g} to {used.max():.4g}, expected {low:g} to {high:g}"
            )


@dataclass(frozen=True, kw_only=True)
class Weighting:
    """``base`` (n,) weights, the ``steps`` taken from there and the factor of each.

    This is what a :class:`SurveyDesign` needs to know of its weights: :meth:`residuals` for linearised variances,
    :meth:`apply` for replicates.
    """

    base: FloatArray
    steps: tuple[Step, ...]
    factors: tuple[WeightFactor, ...]

    @property
    def weights(self) -> FloatArray:
        """The product of the base weights and all factors, (n,)."""
        return self.base * self.total_factor

    @property
    def total_factor(self) -> FloatArray:
        product = np.ones(len(self.base))
        for kept in self.factors:
            product = product * kept.factor
        return product

    def residuals(self, scores: FloatArray) -> FloatArray:
        """What of ``scores`` (n,) or (n, k) the known totals do not explain, per unit of the final weight.

        0 for units of weight 0. Response rates count as known, though they were estimated; that they follow the sample
        mostly makes for a smaller variance (Kim, Kim, Canadian J. Stat. 2007). The bootstrap estimates them anew.
        """
        carried = scores.reshape(len(self.base), -1)
        before = [self.base]
        for kept in self.factors[:-1]:
            before.append(before[-1] * kept.factor)
        for step, kept, weights in zip(reversed(self.steps), reversed(self.factors), reversed(before), strict=True):
            carried = step.carry_back(carried, before=weights, factor=kept.factor)
        total = self.total_factor[:, None]
        return np.divide(carried, total, out=np.zeros_like(carried), where=total != 0).reshape(scores.shape)

    def apply(self, weights: FloatArray) -> FloatArray:
        """All steps repeated on other base weights: (n,), or (n, R) for replicates.

        Raises :class:`ReplicateFailed` if they cannot be.
        """
        columns = weights.reshape(len(self.base), -1)
        done = np.empty(columns.shape)
        for place in range(columns.shape[1]):
            current = np.ascontiguousarray(columns[:, place])
            try:
                for step in self.steps:
                    current = current * step.factor(current)
            except WeightingError as error:
                raise ReplicateFailed(f"replicate {place + 1} of {columns.shape[1]}: {error}") from error
            done[:, place] = current
        return done.reshape(weights.shape)


def weigh(base: FloatArray, steps: Sequence[Step], *, allow_negative: bool = False) -> Weighting:
    """The steps one after the other on ``base`` (n,).

    Raises what the steps raise, and :class:`NegativeWeights`.
    """
    if not np.isfinite(base).all() or (len(base) and base.min() < 0):
        raise InvalidWeights("base weights: got a negative or not finite weight, expected numbers from 0 up")
    current, factors = base, []
    for step in steps:
        step.check(current)
        kept = WeightFactor(name=step.name, factor=step.factor(current))
        current = current * kept.factor
        factors.append(kept)
    if not allow_negative and len(current) and current.min() < 0:
        raise NegativeWeights(
            f"{', '.join(step.name for step in steps)}: got {(current < 0).sum()} weights below 0, the least "
            f"{current.min():.4g}, expected 0 or more: set bounds, or use the raking or logit method"
        )
    return Weighting(base=base, steps=tuple(steps), factors=tuple(factors))


def weigh_design(design: SurveyDesign, steps: Sequence[Step]) -> SurveyDesign:
    """The design with its weights changed by ``steps``, its replicates and variances following them.

    Steps on weights that were made by steps lengthen the chain.
    """
    weighting = weigh(design.weights, steps)
    adjusted = design.adjusted(weights=weighting.weights, adjustment=weighting)
    if len(design.adjustments) == 1 and isinstance(made := design.adjustments[0], Weighting):
        longer = Weighting(
            base=made.base, steps=(*made.steps, *weighting.steps), factors=(*made.factors, *weighting.factors)
        )
        return replace(adjusted, adjustments=(longer,))
    return adjusted
