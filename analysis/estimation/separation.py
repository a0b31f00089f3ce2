"""Does some combination of the columns tell for certain who is satisfied? Then no finite odds ratio fits best.

Albert & Anderson (1984, Biometrika 71:1-10) showed that the coefficients exist exactly when nothing separates the
outcomes; Konis (2007, *Linear programming algorithms for detecting separated data in binary logistic regression
models*, University of Oxford) that one linear program finds out.
"""

import numpy as np

from analysis.design import FloatArray

#: Fits whose distances add up to less do not separate: rounding of the linear program.
_DUST = 1e-7


def is_separated(matrix: FloatArray, outcome: FloatArray) -> bool:
    """Whether a combination of the columns of ``matrix`` (n, p) is never below 0 for those with ``outcome`` (n,) 1 and
    never above 0 for those with 0, and is not 0 for everybody (an outcome between the two holds it at 0).

    Among the old everybody is satisfied; then two of the old and one of the young are not:

    >>> old = np.column_stack([np.ones(6), [0.0, 0, 0, 1, 1, 1]])
    >>> is_separated(old, np.array([0.0, 1, 1, 1, 1, 1])), is_separated(old, np.array([0.0, 1, 1, 0, 0, 1]))
    (True, False)
    """
    # Takes a second to import, and well-behaved answers never come here.
    from scipy.optimize import linprog

    scale = np.abs(matrix).max(0)
    columns = matrix / np.where(scale > 0, scale, 1.0)
    certain = (outcome == 0) | (outcome == 1)
    signed = columns[certain] * np.where(outcome[certain] > 0, 1.0, -1.0)[:, None]
    between = columns[~certain]
    found = linprog(
        -signed.sum(0),
        A_ub=-signed,
        b_ub=np.zeros(len(signed)),
        A_eq=between if len(between) else None,
        b_eq=np.zeros(len(between)) if len(between) else None,
        bounds=(-1, 1),
        method="highs",
    )
    return bool(found.fun is not None and -found.fun > _DUST)
