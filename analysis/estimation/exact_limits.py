"""Limits of rates from the binomial distribution, arrays of one shape: Clopper & Pearson, Korn & Graubard.

Clopper & Pearson 1934 (Biometrika 26:404-413); on an effective size adjusted for degrees of freedom: Korn & Graubard
1998 (Survey Methodology 24:193-201); capped at n: Parker et al. 2017 (NCHS Vital and Health Statistics 2(175)).
"""

import numpy as np
from scipy.special import betaincinv, stdtrit

from analysis.design import FloatArray

#: One for all, or one for each.
Level = FloatArray | float


def korn_graubard_limits(
    p: FloatArray, *, n: FloatArray, n_effective: FloatArray, df: FloatArray, level: Level = 0.95
) -> tuple[FloatArray, FloatArray]:
    """See :func:`analysis.estimation.intervals.korn_graubard`; ``n_effective`` ``inf`` where the design says nothing.

    >>> low, high = korn_graubard_limits(
    ...     np.array([0.9]), n=np.array([20.0]), n_effective=np.array([20.0]), df=np.array([19.0]))
    >>> round(float(low[0]), 4), round(float(high[0]), 4)
    (0.683, 0.9877)
    """
    known = np.isfinite(n_effective)
    size = np.where(known, np.minimum(n, df_adjusted(np.where(known, n_effective, n), n=n, df=df, level=level)), n)
    return clopper_pearson(p, size, level)


def df_adjusted(n_effective: FloatArray, *, n: FloatArray, df: FloatArray, level: Level = 0.95) -> FloatArray:
    """n_eff (t_{n-1} / t_df)²; n below 2 counts as 2, df below 1 as 1.

    >>> forty = np.array([40.0])
    >>> df_adjusted(forty, n=forty, df=np.array([4.0])).round(2).tolist()  # t(39) = 2.0227, t(4) = 2.7764
    [21.23]
    """
    tail = (1 + np.asarray(level)) / 2
    found: FloatArray = n_effective * (stdtrit(np.maximum(n - 1, 1), tail) / stdtrit(np.maximum(df, 1), tail)) ** 2
    return found


def clopper_pearson(p: FloatArray, size: FloatArray, level: Level = 0.95) -> tuple[FloatArray, FloatArray]:
    """For rates ``p`` of ``size``, whole numbers or not."""
    tail = (1 + np.asarray(level)) / 2
    counted = size * p
    none, all_of_them = counted <= 0, counted >= size
    low = betaincinv(np.where(none, 1.0, counted), np.where(none, 1.0, size - counted + 1), 1 - tail)
    high = betaincinv(np.where(all_of_them, 1.0, counted + 1), np.where(all_of_them, 1.0, size - counted), tail)
    return np.where(none, 0.0, np.minimum(low, p)), np.where(all_of_them, 1.0, np.maximum(high, p))
