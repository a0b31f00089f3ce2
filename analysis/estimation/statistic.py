"""A statistic with its variance: by the scores of its units (Taylor), or again under every replicate weight.

Scores (influence per unit of weight) as in Demnati & Rao (2004), *Survey Methodology* 30:17-26.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from scipy.special import stdtrit

from analysis.design import BoolArray, FloatArray, SurveyDesign
from analysis.design_errors import LengthsDiffer
from analysis.estimation.replicate_variance import replicate_covariance, replicate_values
from analysis.estimation.undefined import NotDefined, Undefined, UndefinedReason
from analysis.estimation.variance import covariance, domain_df

#: Of a variance relative to the square of what it is about: below this it is rounding dust.
_DUST = 1e-26
#: As above, for what joint probabilities leave: differences of large numbers, and below 0 by more than their rounding.
_NEGATIVE = 1e-12


class Statistic(Protocol):
    """k numbers as functions of the weights. Both methods raise :class:`NotDefined` where there is no value."""

    def at(self, weights: FloatArray) -> FloatArray:
        """The statistic, (k,), under ``weights`` (n,)."""

    def scores(self, weights: FloatArray) -> FloatArray:
        """What one more unit of weight on each unit adds to the statistic, (n, k), 0 outside its domain."""


@dataclass(frozen=True, kw_only=True)
class Estimate:
    """``value`` (k,) with its ``covariance`` (k, k), ``df`` inside the domain and ``n`` units in it (weight not 0)."""

    value: FloatArray
    covariance: FloatArray
    df: int
    n: int

    @property
    def se(self) -> FloatArray:
        """Standard errors, (k,)."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    @property
    def cv(self) -> "float | Undefined":
        """Coefficient of variation of the first value, with its sign."""
        if self.value[0] == 0:
            return Undefined(reason=UndefinedReason.ZERO_DENOMINATOR)
        return float(self.se[0] / self.value[0])


def estimate(design: SurveyDesign, statistic: Statistic, *, inside: BoolArray | None = None) -> Estimate | Undefined:
    """The statistic of the units ``inside`` (n,) (all: ``None``) with its covariance in the whole design.

    The statistic knows its domain by itself; ``inside`` counts respondents and degrees of freedom.

    Undefined for an empty domain, where the statistic has no value, and where its variance has none (strata with one
    PSU and no other to borrow from, a joint matrix that leaves it negative). Raises :class:`DesignError` for lengths
    that differ, :class:`~analysis.design_errors.LonelyPsuError` where the design refuses strata with one PSU.
    """
    n = len(design.weights)
    everyone = np.ones(n, dtype=bool) if inside is None else inside
    if len(everyone) != n:
        raise LengthsDiffer("inside", len(everyone), n)
    counting = int(np.count_nonzero(everyone & (design.weights != 0)))
    if counting == 0:
        return Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
    try:
        value = statistic.at(design.weights)
        if design.replicates is not None:
            values = replicate_values(design.replicates, statistic.at)
            spread = replicate_covariance(design.replicates, values, value)
        else:
            spread = covariance(design, statistic.scores(design.weights), inside=inside)
        spread = _without_dust(spread, value)
    except NotDefined as nothing:
        return Undefined(reason=nothing.reason)
    return Estimate(value=value, covariance=spread, df=domain_df(design, everyone), n=counting)


def _without_dust(spread: FloatArray, value: FloatArray) -> FloatArray:
    """Variances that are rounding errors of none are none. Raises :class:`NotDefined` for one below that."""
    variances, squares = np.diag(spread), np.maximum(value**2, np.finfo(float).tiny)
    if (variances < -_NEGATIVE * squares).any():
        raise NotDefined(UndefinedReason.NEGATIVE_VARIANCE)
    none = variances <= _DUST * squares
    spread = spread.copy()
    spread[none, :] = 0.0
    spread[:, none] = 0.0
    return spread


def t_limits(value: float, se: float, df: float, level: float) -> tuple[float, float] | Undefined:
    """value ± t x se with ``df`` degrees of freedom (``inf``: normal); undefined without any.

    Raises ``ValueError`` for a ``level`` outside 0-1.

    >>> low, high = t_limits(10.0, 1.0, float("inf"), 0.95)
    >>> round(low, 2), round(high, 2)
    (8.04, 11.96)
    """
    if not 0 < level < 1:
        raise ValueError(f"level: got {level}, expected a number between 0 and 1, say 0.95")
    if not df > 0:
        return Undefined(reason=UndefinedReason.NO_DEGREES_OF_FREEDOM)
    reach = -se * float(stdtrit(df, (1 - level) / 2))
    return value - reach, value + reach
