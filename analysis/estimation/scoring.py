"""Fisher scoring of weighted regressions (McCullagh & Nelder 1989, *Generalized Linear Models*, section 2.5).

Scoring stops when the deviance moves by less than 10⁻⁸ of itself. The information is that of the last step's working
weights, and so are the scores: some 10⁻⁵ of a standard error from those at the solution, but the same as R's.
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import FloatArray
from analysis.estimation.outcome_families import Family, deviance, first_guess, mean_of, saturated, variance_of
from analysis.estimation.separation import is_separated
from analysis.estimation.undefined import NotDefined, UndefinedReason

_MOVES = 1e-8
_MOST_STEPS = 25
#: A column this near to what the columns before it say (both of length 1) says nothing of its own.
_COLLINEAR = 1e-11
#: Beyond this linear predictor (a rate of .999999) outcomes are looked at for separation.
_FAR = 14.0


@dataclass(frozen=True, kw_only=True)
class Fit:
    """``coefficients`` (p,); the ``fitted`` means (m,); ``scores`` (m, p): per unit of the weights given."""

    coefficients: FloatArray
    fitted: FloatArray
    scores: FloatArray


def fit(
    matrix: FloatArray,
    outcome: FloatArray,
    weights: FloatArray,
    family: Family,
    *,
    unit: float | None = None,
    start: FloatArray | None = None,
) -> Fit:
    """Coefficients of ``outcome`` (m,) on ``matrix`` (m, p) under ``weights`` (m,).

    Scoring begins at ``start`` (p,), or at the outcomes themselves, drawn towards the middle as if half of ``unit`` had
    said so (the mean weight where ``None``).

    Raises :class:`NotDefined` where nobody has a weight, where columns say the same, where the outcomes are separated
    and without convergence.

    >>> found = fit(np.ones((4, 1)), np.array([1.0, 1, 1, 0]), np.ones(4), Family.QUASIBINOMIAL)
    >>> round(float(np.exp(found.coefficients[0])), 6)  # odds of 3 to 1
    3.0
    """
    heard = weights != 0
    if not heard.any():
        raise NotDefined(UndefinedReason.EMPTY_DOMAIN)
    unit = unit or float(np.abs(weights[heard]).mean())
    w = weights / unit
    turn = _orthonormal(matrix, w)
    basis = matrix @ turn
    predictor = first_guess(outcome, w, family) if start is None else matrix @ start
    mean = mean_of(predictor, family)
    constant = saturated(outcome, w, family)
    fits = deviance(outcome, predictor, w, family) + constant
    for _ in range(_MOST_STEPS):
        slope = variance_of(mean, family)
        weighted = basis * (w * slope)[:, np.newaxis]
        information = basis.T @ weighted
        target = weighted.T @ (predictor + (outcome - mean) / slope)
        coefficients = turn @ _solve(information, target)
        predictor = matrix @ coefficients
        mean = mean_of(predictor, family)
        before, fits = fits, deviance(outcome, predictor, w, family) + constant
        if abs(fits - before) / (abs(fits) + 0.1) < _MOVES:
            break
    else:
        separated = family is Family.QUASIBINOMIAL and is_separated(matrix[heard], outcome[heard])
        raise NotDefined(UndefinedReason.SEPARATED if separated else UndefinedReason.NO_CONVERGENCE)
    far = family is Family.QUASIBINOMIAL and np.abs(predictor[heard]).max() > _FAR
    if far and is_separated(matrix[heard], outcome[heard]):
        raise NotDefined(UndefinedReason.SEPARATED)
    left = slope * (outcome - mean) / variance_of(mean, family)
    influence = _solve(information, (basis * (left / unit)[:, np.newaxis]).T)
    return Fit(coefficients=coefficients, fitted=mean, scores=(turn @ influence).T)


def _solve(information: FloatArray, target: FloatArray) -> FloatArray:
    try:
        return np.linalg.solve(information, target).astype(np.float64, copy=False)
    except np.linalg.LinAlgError:
        raise NotDefined(UndefinedReason.NO_CONVERGENCE) from None


def _orthonormal(matrix: FloatArray, weights: FloatArray) -> FloatArray:
    """(p, p): the columns of ``matrix`` times it are of length 1 and at right angles under the weights."""
    root = matrix * np.sqrt(np.abs(weights))[:, np.newaxis]
    length = np.sqrt((root**2).sum(axis=0))
    if (length <= 0).any() or len(root) < root.shape[1]:
        raise NotDefined(UndefinedReason.COLLINEAR)
    triangle = np.linalg.qr(root / length, mode="r")
    if np.abs(np.diag(triangle)).min() < _COLLINEAR:
        raise NotDefined(UndefinedReason.COLLINEAR)
    found: FloatArray = np.asarray(np.linalg.inv(triangle) / length[:, np.newaxis], dtype=np.float64)
    return found
