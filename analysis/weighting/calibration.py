"""Calibration: weights as near as possible to those before that meet known totals of any auxiliary variables.

The factor of unit i is F(x_i'λ), with λ such that Σ d_i F(x_i'λ) x_i is what is known of the population. F is 1 + u
(linear: the GREG estimator), exp u (raking), or a logistic curve that stays between the bounds (logit); the first two
are cut at bounds if there are any.

Reference: Deville, Särndal, Calibration estimators in survey sampling (JASA 1992), 2.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from analysis.design import DesignError, FloatArray
from analysis.design_errors import LengthsDiffer
from analysis.weighting.errors import MarginsCannotBeMet, NoConvergence
from analysis.weighting.least_squares import solve, weighted_regression

#: Totals are met when none is missed by more than this part of it.
_MET = 1e-11
#: A weight cut to less than this part of itself stands for nobody any more.
_SOMEBODY = 1e-6
_MOST_STEPS, _MOST_HALVINGS = 100, 40


class CalibrationMethod(StrEnum):
    LINEAR = "linear"
    RAKING = "raking"
    LOGIT = "logit"


@dataclass(frozen=True, kw_only=True)
class Calibration:
    """A :class:`~analysis.weighting.steps.Step`: ``matrix`` (n, p), auxiliary variables, gets the ``totals`` (p,).

    ``bounds``: least and greatest factor, on both sides of 1; the logit method needs them finite. Nothing is implied:
    a population size to be met is a column of ones.

    Three people of weight 10 aged 1, 2 and 3, for 36 people and 78 years: factors that rise by 0.3 a year have
    9 + 12 + 15 = 36 and 9 × 1 + 12 × 2 + 15 × 3 = 78.

    >>> people = np.array([[1.0, 1], [1, 2], [1, 3]])
    >>> Calibration(matrix=people, totals=np.array([36.0, 78])).factor(np.full(3, 10.0)).round(9).tolist()
    [0.9, 1.2, 1.5]
    """

    matrix: FloatArray
    totals: FloatArray
    method: CalibrationMethod = CalibrationMethod.LINEAR
    bounds: tuple[float, float] = (-np.inf, np.inf)
    name: str = "calibration"
    columns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.matrix.ndim != 2 or self.matrix.shape[1] != len(self.totals):
            raise DesignError(
                f"{self.name}: got a matrix {self.matrix.shape} and {len(self.totals)} totals, expected one per column"
            )
        if self.columns and len(self.columns) != len(self.totals):
            raise LengthsDiffer("columns", len(self.columns), len(self.totals))
        if not (np.isfinite(self.matrix).all() and np.isfinite(self.totals).all()):
            raise DesignError(f"{self.name}: got a value or total that is no number, expected finite ones")
        low, high = self.bounds
        if not low < 1 < high:
            raise DesignError(f"{self.name}: got bounds {low:g} and {high:g}, expected one below and one above 1")
        if self.method is CalibrationMethod.LOGIT and not (np.isfinite(low) and np.isfinite(high)):
            raise DesignError(f"{self.name}: got no bounds, expected finite ones for the logit method")

    def check(self, weights: FloatArray) -> None:
        if len(weights) != len(self.matrix):
            raise LengthsDiffer("matrix", len(self.matrix), len(weights))

    def factor(self, weights: FloatArray) -> FloatArray:
        """Newton's steps for λ, halved while they lead away.

        Raises :class:`MarginsCannotBeMet` or, where that is not the reason, :class:`NoConvergence`.
        """
        slopes = np.zeros(len(self.totals))
        factors, steepness = self._curve(np.zeros(len(weights)))
        size = np.maximum(np.abs(self.totals), np.abs(self.matrix).T @ np.abs(weights))
        size[size == 0] = 1.0
        missed = self._missed(weights, factors)
        for _ in range(_MOST_STEPS):
            distance = float(np.abs(missed / size).max(initial=0.0))
            if distance <= _MET:
                return factors
            direction = solve(self.matrix, weights * steepness, missed)
            for halving in range(_MOST_HALVINGS):
                tried = slopes + direction / 2**halving
                factors, steepness = self._curve(self.matrix @ tried)
                missed = self._missed(weights, factors)
                nearer = np.abs(missed / size).max(initial=0.0)
                if np.isfinite(nearer) and nearer < distance:
                    break
            else:
                break
            slopes = tried
        raise self._reason(weights, distance)

    def _missed(self, weights: FloatArray, factors: FloatArray) -> FloatArray:
        # A step too far may overflow; it is not finite then, and halved.
        with np.errstate(over="ignore", invalid="ignore"):
            missed: FloatArray = self.totals - self.matrix.T @ (weights * factors)
        return missed

    def _curve(self, u: FloatArray) -> tuple[FloatArray, FloatArray]:
        """F(u) and its derivative."""
        low, high = self.bounds
        with np.errstate(over="ignore", invalid="ignore"):
            if self.method is CalibrationMethod.LOGIT:
                power = (high - low) / ((1 - low) * (high - 1))
                growth = np.exp(np.clip(power * u, -700, 700))
                below, above = high - 1, (1 - low) * growth
                curve = (low * below + high * above) / (below + above)
                return curve, (curve - low) * (high - curve) / ((1 - low) * (high - 1))
            curve = 1 + u if self.method is CalibrationMethod.LINEAR else np.exp(u)
            steepness = np.ones(len(u)) if self.method is CalibrationMethod.LINEAR else curve
            inside = (curve > low) & (curve < high)
            return np.clip(curve, low, high), np.where(inside, steepness, 0.0)

    def _reason(self, weights: FloatArray, distance: float) -> Exception:
        from analysis.weighting.feasibility import weights_exist

        low, high = self.bounds
        if self.method is CalibrationMethod.RAKING:
            low = max(low, _SOMEBODY)
        if not weights_exist(weights, self.matrix, self.totals, low=low, high=high):
            missed = self._missed(weights, np.ones(len(weights)))
            worst = int(np.argmax(np.abs(missed) / np.maximum(np.abs(self.totals), 1e-300)))
            name = self.columns[worst] if self.columns else f"column {worst}"
            return MarginsCannotBeMet(
                f"{self.name}: got totals that no factors from {low:g} to {high:g} meet (farthest now: {name}, "
                f"{self.totals[worst] - missed[worst]:.6g} of {self.totals[worst]:.6g}): "
                "widen the bounds, merge groups or leave one out"
            )
        return NoConvergence(
            f"{self.name}: got totals missed by {distance:.2g} of one, expected {_MET:g}: "
            "widen the bounds or leave out a variable"
        )

    def carry_back(self, scores: FloatArray, *, before: FloatArray, factor: FloatArray) -> FloatArray:
        """The residuals of a regression on the auxiliary variables under the weights before."""
        slopes = weighted_regression(self.matrix, before, scores)
        residuals: FloatArray = factor[:, np.newaxis] * (scores - self.matrix @ slopes)
        return residuals
