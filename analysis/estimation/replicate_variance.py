"""Variances from replicate weights (Wolter 2007, *Introduction to Variance Estimation*, chapters 3, 4 and 5)."""

from collections.abc import Callable

import numpy as np

from analysis.design import BoolArray, FloatArray, Replicates
from analysis.estimation.undefined import NotDefined, UndefinedReason

#: A row that is less than this part of its size away from others follows from them.
_INDEPENDENT = 1e-7


def replicate_values(replicates: Replicates, at: Callable[[FloatArray], FloatArray]) -> FloatArray:
    """The statistic under every replicate, (R, k); rows of NaN where it has no value there."""
    found: list[FloatArray | None] = []
    for column in replicates.weights.T:
        try:
            found.append(at(np.ascontiguousarray(column)))
        except NotDefined:
            found.append(None)
    width = next((len(value) for value in found if value is not None), 0)
    return np.array([np.full(width, np.nan) if value is None else value for value in found])


def replicate_covariance(replicates: Replicates, values: FloatArray, full: FloatArray) -> FloatArray:
    """scale x Σ rscale x deviation x deviation', (k, k), of ``values`` (R, k) about their mean or ``full`` (k,).

    Replicates without a value are left out. Raises :class:`NotDefined` when none has one.

    >>> both = Replicates(weights=np.ones((1, 2)), scale=0.5, rscales=np.ones(2))
    >>> replicate_covariance(both, np.array([[1.0], [3.0]]), np.array([2.5]))  # .5 x (1 + 1) about their mean
    array([[1.]])
    """
    usable = np.isfinite(values).all(axis=1) if values.size else np.zeros(len(values), dtype=bool)
    values, rscales = values[usable], replicates.rscales[usable]
    if not len(values):
        raise NotDefined(UndefinedReason.NO_VARIANCE)
    centre = full
    if not replicates.mse:
        counting = rscales > 0
        centre = values[counting].mean(axis=0) if counting.any() else full
    deviations = values - centre
    found: FloatArray = replicates.scale * (deviations * rscales[:, np.newaxis]).T @ deviations
    return found


def replicate_df(replicates: Replicates, inside: BoolArray | None = None) -> int:
    """Degrees of freedom: as given for the whole design, else the rank of the weights (inside a domain) less one."""
    if inside is None and replicates.df is not None:
        return replicates.df
    weights = replicates.weights if inside is None else replicates.weights[inside]
    if not weights.size:
        return 0
    return max(_rank(np.unique(weights, axis=0)) - 1, 0)


def _rank(matrix: FloatArray) -> int:
    """The number of independent rows, to seven digits.

    >>> _rank(np.array([[1.0, 2.0], [2.0, 4.0], [0.0, 1.0]]))
    2
    """
    from scipy.linalg import qr

    (triangle,) = qr(matrix, mode="r", pivoting=True, check_finite=False)[:1]
    sizes = np.abs(np.diag(triangle))
    return int(np.count_nonzero(sizes > _INDEPENDENT * sizes.max(initial=0.0)))
