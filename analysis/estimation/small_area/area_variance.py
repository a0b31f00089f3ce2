"""The variance between areas that a Fay-Herriot model leaves unexplained.

y_i = x_i'b + v_i + e_i with var v_i = A and known var e_i = psi_i (Fay & Herriot 1979, JASA 74:269-277). Each method
is a function of A alone: its likelihood is looked at over all magnitudes before its maximum is refined, so that a
second peak is not mistaken for the highest. Methods:

- moments: Σ (y - x'b)²/(A + psi) = m - p (Fay & Herriot 1979);
- maximum likelihood and restricted maximum likelihood (Rao & Molina 2015, *Small Area Estimation*, 2nd ed., ch. 6);
- restricted likelihood times A (Li & Lahiri 2010, J. Multivariate Analysis 101:882-892), or times
  arctan(Σ A/(A + psi))^(1/m) (Yoshimori & Lahiri 2014, J. Multivariate Analysis 124:281-294): the estimate is never
  0, so no area's own answers are ever thrown away; the second adds no bias of order 1/m.
"""

from collections.abc import Callable
from enum import StrEnum

import numpy as np

from analysis.design import FloatArray
from analysis.estimation.small_area.errors import NoConvergence

_STEPS = 181


class VarianceMethod(StrEnum):
    REML = "reml"
    ML = "ml"
    MOMENTS = "moments"
    ADJUSTED_LI_LAHIRI = "adjusted_reml_li_lahiri"
    ADJUSTED_YOSHIMORI_LAHIRI = "adjusted_reml_yoshimori_lahiri"

    @property
    def adjusted(self) -> bool:
        return self in (VarianceMethod.ADJUSTED_LI_LAHIRI, VarianceMethod.ADJUSTED_YOSHIMORI_LAHIRI)


def area_variance(y: FloatArray, variances: FloatArray, rows: FloatArray, method: VarianceMethod) -> float:
    """A for ``y`` (m,) with sampling ``variances`` (m,) above 0 and well-conditioned covariates ``rows`` (m, p).

    0 where the areas differ by no more than sampling explains; never 0 by an adjusted method.
    Raises :class:`NoConvergence` where the likelihood has no maximum.

    Equal variances of 1 and values ±2: REML and moments say Σ(y - mean)²/(m - 1) - 1 = 16/3 - 1, ML 16/4 - 1.

    >>> y, ones = np.array([2.0, -2.0, 2.0, -2.0]), np.ones(4)
    >>> [round(area_variance(y, ones, ones[:, None], method), 9) for method in ("reml", "ml", "moments")]
    [4.333333333, 3.0, 4.333333333]
    """
    likelihood = _Likelihood(y, variances, rows, VarianceMethod(method))
    scale = float(np.median(variances))
    largest = max(float(variances.max()), likelihood.widest()) * 100
    if method == VarianceMethod.MOMENTS:
        if likelihood.moment(0.0) <= 0:
            return 0.0
        while likelihood.moment(largest) > 0:
            largest *= 10
        return _root(likelihood.moment, 0.0, largest)
    grid = np.geomspace(scale * 1e-9, largest, _STEPS)
    values = likelihood.log(grid)
    best = int(np.argmax(values))
    if best == _STEPS - 1 or not np.isfinite(values).all():
        raise NoConvergence(f"{method}: got a likelihood that rises without end, expected a maximum")
    low = grid[best - 1] if best else (grid[0] * 1e-6 if likelihood.method.adjusted else 0.0)
    if not likelihood.method.adjusted and likelihood.log(np.zeros(1))[0] >= values[best] and best == 0:
        return 0.0
    if likelihood.score(low) <= 0:
        if likelihood.method.adjusted and best == 0:
            raise NoConvergence(f"{method}: got no maximum above 0, expected one")
        return float(low)
    return _root(likelihood.score, float(low), float(grid[best + 1]))


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=1e-300, rtol=1e-14, maxiter=500))


class _Likelihood:
    """Profiled over the coefficients; constants are left out."""

    def __init__(self, y: FloatArray, variances: FloatArray, rows: FloatArray, method: VarianceMethod) -> None:
        start = np.linalg.lstsq(rows, y, rcond=None)[0]
        # Far from 0 the sums of squares would lose the digits that matter.
        self.y, self.variances, self.rows, self.method = y - rows @ start, variances, rows, method
        self.areas: int = rows.shape[0]
        self.columns: int = rows.shape[1]
        self.squares = (rows[:, :, None] * rows[:, None, :]).reshape(self.areas, -1)

    def widest(self) -> float:
        return float((self.y**2).max()) * (self.areas / (self.areas - self.columns))

    def log(self, at: FloatArray) -> FloatArray:
        """Log-likelihood at each A, (G,)."""
        weights = 1 / (at[:, None] + self.variances)
        information = (weights @ self.squares).reshape(len(at), self.columns, self.columns)
        right = weights @ (self.rows * self.y[:, None])
        explained = (right * np.linalg.solve(information, right[:, :, None])[:, :, 0]).sum(axis=1)
        found: FloatArray = 0.5 * (np.log(weights).sum(axis=1) - weights @ self.y**2 + explained)
        if self.method != VarianceMethod.ML:
            found -= 0.5 * np.linalg.slogdet(information)[1]
        if self.method == VarianceMethod.ADJUSTED_LI_LAHIRI:
            found += np.log(at)
        if self.method == VarianceMethod.ADJUSTED_YOSHIMORI_LAHIRI:
            found += np.log(np.arctan((at[:, None] * weights).sum(axis=1))) / self.areas
        return found

    def score(self, at: float) -> float:
        """Its derivative at A."""
        weights, information, residuals = self._at(at)
        found = 0.5 * float((weights**2 * residuals**2).sum() - weights.sum())
        if self.method != VarianceMethod.ML:
            squared = (weights**2 @ self.squares).reshape(self.columns, self.columns)
            found += 0.5 * float(np.trace(np.linalg.solve(information, squared)))
        if self.method == VarianceMethod.ADJUSTED_LI_LAHIRI:
            found += 1 / at
        if self.method == VarianceMethod.ADJUSTED_YOSHIMORI_LAHIRI:
            kept = float((at * weights).sum())
            found += float((self.variances * weights**2).sum()) / ((1 + kept**2) * np.arctan(kept) * self.areas)
        return found

    def moment(self, at: float) -> float:
        weights, _, residuals = self._at(at)
        return float((weights * residuals**2).sum()) - float(self.areas - self.columns)

    def _at(self, at: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        weights = 1 / (at + self.variances)
        information = (weights @ self.squares).reshape(self.columns, self.columns)
        beta = np.linalg.solve(information, self.rows.T @ (weights * self.y))
        return weights, information, self.y - self.rows @ beta
