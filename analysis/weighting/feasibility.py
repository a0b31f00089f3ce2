"""Whether weights that meet totals exist at all, asked only where none were found."""

import numpy as np

from analysis.design import FloatArray

#: Larger problems are not asked: it would take longer than all the weighting.
_MOST_ENTRIES = 20_000_000


def weights_exist(base: FloatArray, matrix: FloatArray, totals: FloatArray, *, low: float, high: float) -> bool:
    """Are there factors from ``low`` to ``high`` for ``base`` (n,) so that ``matrix`` (n, p) adds up to ``totals``?

    True where it would take too long to know.

    >>> weights_exist(np.ones(2), np.ones((2, 1)), np.array([6.0]), low=0.5, high=3.0)
    True
    >>> weights_exist(np.ones(2), np.ones((2, 1)), np.array([7.0]), low=0.5, high=3.0)
    False
    """
    from scipy.optimize import linprog

    if matrix.size > _MOST_ENTRIES:
        return True
    rows = (matrix * base[:, np.newaxis]).T
    size = np.maximum(np.abs(rows).sum(axis=1), np.abs(totals))
    size[size == 0] = 1.0
    found = linprog(
        np.zeros(len(base)),
        A_eq=rows / size[:, np.newaxis],
        b_eq=totals / size,
        bounds=(low if np.isfinite(low) else None, high if np.isfinite(high) else None),
        method="highs",
    )
    infeasible = 2
    return bool(found.status != infeasible)
