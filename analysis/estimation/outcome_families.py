"""Kinds of outcomes in a regression, each with its canonical link (McCullagh & Nelder 1989, section 2.2)."""

from enum import StrEnum

import numpy as np
from scipy.special import expit, logit, xlogy

from analysis.design import FloatArray

#: The linear predictor of a count stays where its exponential is a number.
_LARGEST = 700.0


class Family(StrEnum):
    """``QUASIBINOMIAL``: shares by log odds. ``GAUSSIAN``: means. ``QUASIPOISSON``: counts by their logarithm."""

    QUASIBINOMIAL = "quasibinomial"
    GAUSSIAN = "gaussian"
    QUASIPOISSON = "quasipoisson"


def first_guess(outcome: FloatArray, weights: FloatArray, family: Family) -> FloatArray:
    """The linear predictor of the outcomes themselves, drawn away from where it is infinite.

    >>> first_guess(np.array([1.0, 0.0]), np.ones(2), Family.QUASIBINOMIAL).round(4).tolist()  # shares of 3/4 and 1/4
    [1.0986, -1.0986]
    """
    if family is Family.QUASIBINOMIAL:
        weights = np.maximum(weights, 0)
        return np.asarray(logit((weights * outcome + 0.5) / (weights + 1)), dtype=np.float64)
    return np.log(outcome + 0.1) if family is Family.QUASIPOISSON else outcome.astype(np.float64)


def mean_of(predictor: FloatArray, family: Family) -> FloatArray:
    """The mean at a linear predictor, kept a rounding error away from where nothing varies."""
    if family is Family.QUASIBINOMIAL:
        least = np.finfo(np.float64).eps
        return np.clip(np.asarray(expit(predictor), dtype=np.float64), least, 1 - least)
    return np.exp(np.clip(predictor, -_LARGEST, _LARGEST)) if family is Family.QUASIPOISSON else predictor


def variance_of(mean: FloatArray, family: Family) -> FloatArray:
    """The variance at a mean, but for the dispersion; with canonical links it is the slope of the mean, too."""
    if family is Family.QUASIBINOMIAL:
        return mean * (1 - mean)
    return mean if family is Family.QUASIPOISSON else np.ones_like(mean)


def deviance(outcome: FloatArray, predictor: FloatArray, weights: FloatArray, family: Family) -> float:
    """Twice what the outcomes fall short of fitting themselves, but for :func:`saturated`.

    >>> round(deviance(np.array([1.0]), np.array([0.0]), np.ones(1), Family.QUASIBINOMIAL), 4)  # 2 log 2
    1.3863
    """
    if family is Family.GAUSSIAN:
        return float(weights @ (outcome - predictor) ** 2)
    if family is Family.QUASIPOISSON:
        return float(2 * weights @ (mean_of(predictor, family) - outcome * predictor))
    return float(2 * weights @ (np.logaddexp(0.0, predictor) - outcome * predictor))


def saturated(outcome: FloatArray, weights: FloatArray, family: Family) -> float:
    """What :func:`deviance` leaves out, because it does not change from step to step."""
    if family is Family.GAUSSIAN:
        return 0.0
    if family is Family.QUASIPOISSON:
        return float(2 * weights @ (xlogy(outcome, outcome) - outcome))
    return float(2 * weights @ (xlogy(outcome, outcome) + xlogy(1 - outcome, 1 - outcome)))
