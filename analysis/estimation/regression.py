"""Regression with design-based standard errors: what goes with being satisfied, other things equal.

The coefficients solve the weighted score equations Σ w x (y - μ) = 0; their covariance is that of the weighted total
of A⁻¹ x (y - μ), A the information (Binder 1983, Int. Stat. Rev. 51:279-292). With replicate weights the regression is
fitted again under each.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy.special import stdtr, stdtrit

from analysis.design import BoolArray, DesignError, FloatArray, SurveyDesign
from analysis.design_errors import LengthsDiffer
from analysis.estimation.outcome_families import Family, variance_of
from analysis.estimation.regression_errors import ERRORS
from analysis.estimation.scoring import Fit, fit
from analysis.estimation.statistic import Estimate, estimate
from analysis.estimation.undefined import NotDefined, Undefined, UndefinedReason
from analysis.estimation.values import everyone


@dataclass(frozen=True, kw_only=True)
class Coefficients:
    """The statistic: coefficients of ``outcome`` (n,) on ``matrix`` (n, p) among those ``inside`` (n,).

    ``unit`` and ``start``: where scoring begins, see :func:`analysis.estimation.scoring.fit`. ``known``: weights (n,)
    and the fit under them, so that it is not looked for again.
    """

    outcome: FloatArray
    matrix: FloatArray
    inside: BoolArray
    family: Family
    unit: float | None = None
    start: FloatArray | None = None
    known: tuple[FloatArray, Fit] | None = None

    def fit(self, weights: FloatArray) -> Fit:
        """Arrays of the fit are as long as there are units inside. Raises :class:`NotDefined`."""
        if self.known is not None and weights is self.known[0]:
            return self.known[1]
        x, y = self.matrix[self.inside], self.outcome[self.inside]
        return fit(x, y, weights[self.inside], self.family, unit=self.unit, start=self.start)

    def at(self, weights: FloatArray) -> FloatArray:
        return self.fit(weights).coefficients

    def scores(self, weights: FloatArray) -> FloatArray:
        scores = np.zeros_like(self.matrix)
        scores[self.inside] = self.fit(weights).scores
        return scores


@dataclass(frozen=True, kw_only=True)
class Regression:
    """``coefficients`` (p,) of the columns ``names``, their ``covariance`` (p, p), residual degrees of freedom ``df``
    (may be 0 or less: then there is no test), ``dispersion`` of the Pearson residuals and ``n`` respondents."""

    names: tuple[str, ...]
    coefficients: FloatArray
    covariance: FloatArray
    df: int
    dispersion: float
    n: int

    @cached_property
    def se(self) -> FloatArray:
        """Standard errors, (p,)."""
        return np.sqrt(np.maximum(np.diag(self.covariance), 0.0))

    def tests(self) -> tuple[FloatArray, FloatArray] | Undefined:
        """Student's t and two-sided p-values, (p,) each."""
        if self.df <= 0:
            return Undefined(reason=UndefinedReason.NO_DEGREES_OF_FREEDOM)
        if (self.se <= 0).any():
            return Undefined(reason=UndefinedReason.NO_VARIANCE)
        t = self.coefficients / self.se
        return t, 2 * stdtr(self.df, -np.abs(t))

    def limits(self, level: float = 0.95) -> tuple[FloatArray, FloatArray] | Undefined:
        """Lower and upper limits of the coefficients, (p,) each; their exponentials are those of odds ratios."""
        if not 0 < level < 1:
            raise ValueError(f"level: got {level}, expected a number between 0 and 1, say 0.95")
        tested = self.tests()
        if isinstance(tested, Undefined):
            return tested
        half = float(stdtrit(self.df, (1 + level) / 2)) * self.se
        return self.coefficients - half, self.coefficients + half


def estimate_regression(
    design: SurveyDesign,
    *,
    outcome: FloatArray,
    matrix: FloatArray,
    names: Sequence[str],
    inside: BoolArray | None = None,
    answered: BoolArray | None = None,
    family: Family = Family.QUASIBINOMIAL,
) -> Regression | Undefined:
    """``outcome`` (n,) on the columns ``names`` of ``matrix`` (n, p), an intercept among them if there shall be one.

    Fitted to those ``inside`` (n,) who ``answered`` (n,) everything the regression asks.

    Undefined for an empty domain and columns that say the same. Raises
    :class:`~analysis.estimation.regression_errors.Separated` where some combination of the columns tells for certain
    who is satisfied (the odds ratio is infinite), :class:`~analysis.estimation.regression_errors.ScoringRanAway`
    without convergence, :class:`DesignError` for lengths that differ, numbers that are none, and outcomes beyond those
    of the family.

    Of four men two are satisfied, of four women three: odds of 1, and 3 times that.

    >>> women = np.repeat([0.0, 1.0], 4)
    >>> found = estimate_regression(
    ...     SurveyDesign(weights=np.ones(8), strata=np.zeros(8, dtype=int)),
    ...     outcome=np.array([0.0, 0, 1, 1, 0, 1, 1, 1]),
    ...     matrix=np.column_stack([np.ones(8), women]),
    ...     names=["(Intercept)", "women"],
    ... )
    >>> np.exp(found.coefficients).round(6).tolist(), found.df
    ([1.0, 3.0], 6)
    """
    domain = everyone(design, inside)
    members = domain & everyone(design, answered)
    _check(design, outcome, matrix, names)
    _check_outcome(outcome[members], matrix[members], family)
    statistic = Coefficients(outcome=outcome, matrix=matrix, inside=members, family=family, unit=_unit(design, domain))
    try:
        found = statistic.fit(design.weights)
    except NotDefined as nothing:
        error = ERRORS.get(nothing.reason)
        if error:
            raise error(names, int(np.count_nonzero(members))) from nothing
        return Undefined(reason=nothing.reason)
    # Every replicate lies near: scoring begins where it ended.
    statistic = replace(statistic, known=(design.weights, found), start=found.coefficients)
    estimated = estimate(design, statistic, inside=members)
    if isinstance(estimated, Undefined):
        return estimated
    return _regression(estimated, found, (outcome[members], design.weights[members]), names, family)


def _regression(
    estimated: Estimate, found: Fit, answers: tuple[FloatArray, FloatArray], names: Sequence[str], family: Family
) -> Regression:
    outcome, weights = answers
    residuals = (outcome - found.fitted) / np.sqrt(variance_of(found.fitted, family))
    share, n = weights / weights.sum(), estimated.n
    spread = float(share @ (residuals - share @ residuals) ** 2)
    return Regression(
        names=tuple(names),
        coefficients=found.coefficients,
        covariance=estimated.covariance,
        df=estimated.df + 1 - len(names),
        dispersion=spread * n / max(n - 1, 1),
        n=n,
    )


def _unit(design: SurveyDesign, domain: BoolArray) -> float | None:
    """The mean weight as R takes it, on which it hangs where scoring ends: of the domain, or of everyone where
    calibration ties them together."""
    total = float(design.weights[domain].sum())
    units = len(domain) if design.adjustments else int(domain.sum())
    return total / units if total > 0 else None


def _check(design: SurveyDesign, outcome: FloatArray, matrix: FloatArray, names: Sequence[str]) -> None:
    for name, array in (("outcome", outcome), ("matrix", matrix)):
        if len(array) != len(design.weights):
            raise LengthsDiffer(name, len(array), len(design.weights))
    if matrix.ndim != 2 or matrix.shape[1] != len(names) or not len(names):
        raise DesignError(f"matrix: got the shape {matrix.shape}, expected one column for each of {len(names)} names")


def _check_outcome(outcome: FloatArray, matrix: FloatArray, family: Family) -> None:
    if not (np.isfinite(outcome).all() and np.isfinite(matrix).all()):
        raise DesignError("got a value that is no number inside, expected units without an answer to be left outside")
    if family is Family.QUASIBINOMIAL and len(outcome) and not 0 <= outcome.min() <= outcome.max() <= 1:
        raise DesignError(f"outcome: got values from {outcome.min():g} to {outcome.max():g}, expected 0 to 1")
    if family is Family.QUASIPOISSON and len(outcome) and outcome.min() < 0:
        raise DesignError(f"outcome: got {outcome.min():g}, expected counts from 0 up")
