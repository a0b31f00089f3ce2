"""Sampling variances that are steady enough to be taken as known.

A variance estimated from few PSUs is itself a guess, and where everyone is satisfied it is 0; a Fay-Herriot model would
believe the guess. Two remedies: a variance function over areas (Hidiroglou, Beaumont & Yung 2019, Survey Methodology
45:101-126), and for rates the binomial variance at the rate of all areas together (Rao & Molina 2015, section 6.4).
"""

import numpy as np

from analysis.design import FloatArray
from analysis.estimation.small_area.covariates import basis, require_finite
from analysis.estimation.small_area.errors import NoVariation, SmallAreaError, VarianceNotPositive


def smoothed_variances(variances: FloatArray, sizes: FloatArray, covariates: FloatArray | None = None) -> FloatArray:
    """Estimated ``variances`` (m,), 0 where nothing was seen to vary, drawn together by log v = a + b log size + …

    ``covariates`` (m, q) without the constant. The fitted values are scaled so that they add up to the estimated ones
    (zeros included), which undoes the bias of going back from logarithms. Raises :class:`VarianceNotPositive` for
    negative variances or sizes of 0, :class:`TooFewAreas` where too few areas have a variance above 0.

    v = 8/size, but one area's is 0: the law is found, and all are lowered to add up to 12, as was seen, not 14.

    >>> smoothed_variances(np.array([8.0, 4.0, 0.0]), np.array([1.0, 2.0, 4.0])).round(9).tolist()
    [6.857142857, 3.428571429, 1.714285714]
    """
    if len(sizes) != len(variances):
        raise SmallAreaError(f"sizes: got {len(sizes)} values, expected {len(variances)}, one per area")
    require_finite("variances", variances)
    require_finite("sizes", sizes)
    if (variances < 0).any() or (sizes <= 0).any():
        raise VarianceNotPositive("variances and sizes: got one below 0, expected variances from 0 up and sizes above")
    more = np.empty((len(sizes), 0)) if covariates is None else covariates
    seen = variances > 0
    same = bool((sizes[seen] == sizes[seen][:1]).all())
    columns = [np.ones(len(sizes))] if same else [np.ones(len(sizes)), np.log(sizes)]
    x = basis(np.column_stack([*columns, more]), seen, spare=0)
    fitted: FloatArray = np.exp(x.rows @ np.linalg.lstsq(x.rows[seen], np.log(variances[seen]), rcond=None)[0])
    fitted *= variances.sum() / fitted.sum()
    return fitted


def binomial_variances(proportions: FloatArray, effective_sizes: FloatArray) -> FloatArray:
    """p(1 - p)/n_eff with the rate of all areas together in place of each area's own; arrays (m,).

    Raises :class:`NoVariation` where everyone or nobody is counted in every area.

    >>> binomial_variances(np.array([1.0, 0.8]), np.array([10.0, 10.0])).round(6).tolist()  # .9 x .1 / 10
    [0.009, 0.009]
    """
    require_finite("proportions", proportions)
    require_finite("effective_sizes", effective_sizes)
    if (effective_sizes <= 0).any():
        raise VarianceNotPositive(f"effective_sizes: got {effective_sizes.min():g}, expected more than 0")
    together = float((proportions * effective_sizes).sum() / effective_sizes.sum())
    if not 0 < together < 1:
        raise NoVariation(f"proportions: got {together:g} in every area, expected a rate between 0 and 1")
    return together * (1 - together) / effective_sizes
