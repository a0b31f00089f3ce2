"""Wald's statistic: how far several numbers are from 0 together, in terms of their covariance."""

import numpy as np

from analysis.design import FloatArray

#: Of numbers as correlated as this one follows from the others.
_SINGULAR = 1e12


def wald_statistic(values: FloatArray, covariance: FloatArray, *, least: float = 0.0) -> float | None:
    """``values`` (k,)' x inverse of their ``covariance`` (k, k) x ``values``, or ``None`` where it has no inverse.

    ``least``: standard errors up to this are rounding dust.

    >>> wald_statistic(np.array([2.0, 3.0]), np.diag([4.0, 1.0]))  # 4/4 + 9/1
    10.0
    """
    scale = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    if (scale <= least).any():
        return None
    correlation = covariance / np.outer(scale, scale)
    if not np.linalg.cond(correlation) < _SINGULAR:
        return None
    distances = values / scale
    return float(distances @ np.linalg.solve(correlation, distances))
