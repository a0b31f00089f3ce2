"""Weighted least squares by normal equations of scaled columns: fast for many units and few columns."""

import numpy as np

from analysis.design import FloatArray

#: Directions in which the columns vary less than this part of the largest are taken as none.
_RANK = 1e-13


def solve(matrix: FloatArray, weights: FloatArray, right: FloatArray) -> FloatArray:
    """The shortest (p,) or (p, k) with (X'WX) times it nearest to ``right``; ``matrix`` X (n, p), ``weights`` (n,).

    >>> solve(np.array([[2.0], [1.0]]), np.array([1.0, 4.0]), np.array([16.0])).tolist()
    [2.0]
    """
    squares = matrix.T @ (matrix * weights[:, np.newaxis])
    diagonal = np.diag(squares)
    scale = 1 / np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    scaled = right * (scale if right.ndim == 1 else scale[:, np.newaxis])
    found = np.linalg.lstsq(squares * np.outer(scale, scale), scaled, rcond=_RANK)[0]
    return found * (scale if right.ndim == 1 else scale[:, np.newaxis])


def weighted_regression(matrix: FloatArray, weights: FloatArray, values: FloatArray) -> FloatArray:
    """Slopes (p, k) of ``values`` (n, k), once more on what the first solution left, for the last digits.

    >>> weighted_regression(np.ones((3, 1)), np.array([1.0, 1, 2]), np.array([[1.0], [3], [4]])).tolist()
    [[3.0]]
    """
    slopes = np.zeros((matrix.shape[1], values.shape[1]))
    for _ in range(2):
        left = values - matrix @ slopes
        slopes = slopes + solve(matrix, weights, matrix.T @ (left * weights[:, np.newaxis]))
    return slopes
