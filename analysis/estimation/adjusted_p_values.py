"""P-values of a family, adjusted so that each may be held against the error rate of the whole.

Holm 1979 (Scand. J. Statist. 6:65-70), Hochberg 1988 (Biometrika 75:800-802), Hommel 1988 (Biometrika 75:383-386),
Benjamini & Hochberg 1995 (JRSS B 57:289-300), Benjamini & Yekutieli 2001 (Ann. Statist. 29:1165-1188). Written out, for
statsmodels takes seconds to import and is no part of the installed program.
"""

from enum import StrEnum

import numpy as np

from analysis.design import FloatArray


class PAdjustment(StrEnum):
    """The chance of any false claim: ``BONFERRONI``, ``HOLM`` under any dependence; ``HOCHBERG``, ``HOMMEL`` where
    tests are independent or positively dependent. The share of false claims: ``BH`` there, ``BY`` in any case."""

    BONFERRONI = "bonferroni"
    HOLM = "holm"
    HOCHBERG = "hochberg"
    HOMMEL = "hommel"
    BH = "bh"
    BY = "by"


def adjusted(p_values: FloatArray, method: PAdjustment) -> FloatArray:
    """The adjusted p-values in the order given, (m,), at most 1.

    Raises ``ValueError`` for a p-value outside 0-1.

    >>> adjusted(np.array([0.04, 0.01, 0.03]), PAdjustment.HOLM).round(4).tolist()  # 3 x .01, then 2 x .03, then that
    [0.06, 0.03, 0.06]
    """
    p = np.asarray(p_values, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise ValueError(f"p_values: got {p[~((p >= 0) & (p <= 1))][0]}, expected numbers from 0 to 1")
    order = np.argsort(p, kind="stable")
    found = np.empty_like(p)
    found[order] = np.minimum(_of_sorted(p[order], method), 1.0)
    return found


def _of_sorted(p: FloatArray, method: PAdjustment) -> FloatArray:
    m = len(p)
    left = m - np.arange(m)
    if method is PAdjustment.BONFERRONI:
        return p * m
    if method is PAdjustment.HOLM:
        return np.maximum.accumulate(p * left) if m else p
    if method is PAdjustment.HOMMEL:
        return _hommel(p)
    factor = left if method is PAdjustment.HOCHBERG else m / np.arange(1, m + 1)
    if method is PAdjustment.BY:
        factor = factor * (1 / np.arange(1, m + 1)).sum()
    return np.minimum.accumulate((p * factor)[::-1])[::-1] if m else p


def _hommel(p: FloatArray) -> FloatArray:
    """Simes' test of every intersection a p-value is in: the largest k of the p-values, for each k (Wright 1992,
    Biometrics 48:1005-1013)."""
    m = len(p)
    found = p.copy()
    for k in range(m, 1, -1):
        largest = p[m - k :]
        smallest = float((k * largest / np.arange(1, k + 1)).min())
        found[m - k :] = np.maximum(found[m - k :], smallest)
        found[: m - k] = np.maximum(found[: m - k], np.minimum(smallest, k * p[: m - k]))
    return found
