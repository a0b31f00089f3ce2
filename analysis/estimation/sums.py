"""The operations everything is built on: values added up by group, and their ratios."""

import numpy as np

from analysis.design import FloatArray, IntArray


def sum_by(groups: IntArray, values: FloatArray, group_count: int) -> FloatArray:
    """Sums of ``values`` (n,) over ``groups`` (n,) codes 0…group_count-1; a group without members gives 0.

    >>> sum_by(np.array([0, 2, 0]), np.array([1.0, 5.0, 2.0]), 3).tolist()
    [3.0, 0.0, 5.0]
    """
    return np.bincount(groups, weights=values, minlength=group_count).astype(np.float64, copy=False)


def ratio(above: FloatArray, below: FloatArray) -> FloatArray:
    """``above / below``, 0 where ``below`` is 0 (dividing all and mending takes a fifth of dividing some).

    >>> ratio(np.array([1.0, 2.0]), np.array([4.0, 0.0])).tolist()
    [0.25, 0.0]
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        found: FloatArray = above / below
    found[below == 0] = 0.0
    return found
