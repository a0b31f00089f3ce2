"""Variances for PSUs drawn with unequal probabilities and without replacement.

Joint probabilities: Overton as in Stehman & Overton (1989), *Proceedings of the Section on Survey Research Methods*,
ASA; Hartley & Rao (1962), *Annals of Mathematical Statistics* 33:350-374, with the population sum of squared
probabilities estimated by the sample's. Variances: Horvitz & Thompson (1952), JASA 47:663-685; Yates & Grundy (1953),
JRSS B 15:253-261. Brewer's approximation (*Combined Survey Sampling Inference*, 2002, section 9.4) needs no joint
probabilities and stands in :mod:`analysis.estimation.variance`: 1 - π in place of 1 - f for each PSU.
"""

import numpy as np

from analysis.design import FloatArray, JointVariance, SelectionMethod, UnequalSelection
from analysis.levels import Level


def joint_covariance(selection: UnequalSelection, level: Level, totals: FloatArray) -> FloatArray:
    """Covariance (k, k) of the sums of weighted PSU ``totals`` (P, k)."""
    excess = joint_excess(selection, level)
    if selection.variance is JointVariance.HORVITZ_THOMPSON:
        return totals.T @ excess @ totals
    off = excess - np.diag(np.diag(excess))
    found: FloatArray = totals.T @ off @ totals - (totals * off.sum(axis=1)[:, np.newaxis]).T @ totals
    return found


def joint_excess(selection: UnequalSelection, level: Level) -> FloatArray:
    """1 - π_i π_j / π_ij for every two PSUs, (P, P); 1 - π_i on the diagonal, 0 across strata unless given otherwise.

    >>> from analysis.design import SurveyDesign
    >>> two = UnequalSelection(method=SelectionMethod.OVERTON, probabilities=np.array([0.5, 0.5]))
    >>> design = SurveyDesign(weights=np.array([2.0, 2.0]), strata=np.zeros(2, dtype=int), selection=two)
    >>> joint_excess(two, design.levels[0]).tolist()  # joint .25 x 1/(2 - .5): 1 - .25/(1/6)
    [[0.5, -0.5], [-0.5, 0.5]]
    """
    probability = level.fractions
    both = probability[:, np.newaxis] + probability
    if selection.joint is not None:
        first = np.arange(level.unit_count)
        if level.unit_of_row is not None:
            _, first = np.unique(level.unit_of_row, return_index=True)
        excess = 1 - np.outer(probability, probability) / selection.joint[np.ix_(first, first)]
    else:
        stratum = level.stratum_of_unit
        sizes = level.sizes[stratum].astype(np.float64)
        if selection.method is SelectionMethod.OVERTON:
            gap = 1 - both / 2
        else:
            squares = np.bincount(stratum, weights=probability, minlength=level.stratum_count)[stratum]
            gap = 1 - both + squares / sizes
        together = stratum[:, np.newaxis] == stratum
        excess = np.where(together, -gap / np.maximum(sizes - 1, 1), 0.0)
    np.fill_diagonal(excess, 1 - probability)
    return excess
