"""Many comparisons at once: which members of one family differ.

One rule for every comparison that is printed: Holm up to 50 members, Benjamini-Hochberg above (Holm 1979, Scand. J.
Statist. 6:65-70; Benjamini & Hochberg 1995, JRSS B 57:289-300). Other corrections are there by name.
"""

from collections.abc import Callable, Sequence
from enum import StrEnum

import numpy as np

from analysis.design import BoolArray, DesignError, FloatArray

#: From this many members on a family is judged by its false discovery rate.
HOLM_UP_TO = 50
ALPHA = 0.05


class Correction(StrEnum):
    """How p-values of one family are adjusted: the first five keep the chance of any false finding, the last two the
    share of false ones among the findings.
    """

    BONFERRONI = "bonferroni"
    SIDAK = "sidak"
    HOLM = "holm"
    HOCHBERG = "hochberg"
    HOMMEL = "hommel"
    BENJAMINI_HOCHBERG = "BH"
    BENJAMINI_YEKUTIELI = "BY"


def adjusted(p_values: Sequence[float] | FloatArray, correction: Correction) -> FloatArray:
    """Adjusted p-values in the order given: a member differs at level α if its own is at most α.

    Sidak 1967 (JASA 62:626-633); Hochberg 1988 (Biometrika 75:800-802); Hommel 1988 (Biometrika 75:383-386) as Wright
    1992 (Biometrics 48:1005-1013) adjusts it; Benjamini & Yekutieli 2001 (Ann. Statist. 29:1165-1188).

    Raises :class:`DesignError` for one outside 0-1.

    >>> adjusted([0.03, 0.012, 0.2], Correction.HOLM).round(6).tolist()  # .012 x 3, .03 x 2
    [0.06, 0.036, 0.2]
    """
    p = np.array(p_values, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise DesignError("p-values: got one outside 0-1, expected probabilities")
    order = np.argsort(p, kind="stable")
    found = np.empty_like(p)
    found[order] = np.minimum(_ADJUST[correction](p[order]), 1)
    return found


def _sidak(p: FloatArray) -> FloatArray:
    found: FloatArray = -np.expm1(len(p) * np.log1p(-np.minimum(p, 1 - 1e-16)))
    return found


def _holm(p: FloatArray) -> FloatArray:
    return np.maximum.accumulate(np.arange(len(p), 0, -1) * p)


def _from_above(p: FloatArray) -> FloatArray:
    """The least of each value and those after it."""
    return np.minimum.accumulate(p[::-1])[::-1]


def _hochberg(p: FloatArray) -> FloatArray:
    return _from_above(np.arange(len(p), 0, -1) * p)


def _hommel(p: FloatArray) -> FloatArray:
    count = len(p)
    found = p.copy()
    for size in range(2, count + 1):
        # Simes' test of any `size` members: the larger ones are the last of all, the first may be any other.
        rest = size * (p[count - size + 1 :] / np.arange(2, size + 1)).min()
        first = np.minimum(size * p[: count - size + 1], rest)
        found = np.maximum(found, np.append(first, np.full(size - 1, first[-1])))
    return found


def _benjamini_hochberg(p: FloatArray) -> FloatArray:
    return _from_above(len(p) / np.arange(1, len(p) + 1) * p)


def _benjamini_yekutieli(p: FloatArray) -> FloatArray:
    return _from_above((1 / np.arange(1, len(p) + 1)).sum() * len(p) / np.arange(1, len(p) + 1) * p)


#: Of p-values in rising order, before they are cut at 1. Written out: the ones in statsmodels collect garbage at every
#: call, which with 100,000 answers in memory takes longer than all estimates of the family; tests hold them together.
_ADJUST: dict[Correction, Callable[[FloatArray], FloatArray]] = {
    Correction.BONFERRONI: lambda p: len(p) * p,
    Correction.SIDAK: _sidak,
    Correction.HOLM: _holm,
    Correction.HOCHBERG: _hochberg,
    Correction.HOMMEL: _hommel,
    Correction.BENJAMINI_HOCHBERG: _benjamini_hochberg,
    Correction.BENJAMINI_YEKUTIELI: _benjamini_yekutieli,
}


def rejected(p_values: Sequence[float]) -> tuple[bool, ...]:
    """Which members of a family differ, in the order given.

    >>> rejected([0.03, 0.012, 0.2])  # .012 <= .05/3, but .03 > .05/2
    (False, True, False)
    """
    correction = Correction.HOLM if len(p_values) <= HOLM_UP_TO else Correction.BENJAMINI_HOCHBERG
    return tuple(bool(p <= ALPHA) for p in adjusted(p_values, correction))


def rejected_by(at_most: Callable[[float], BoolArray], count: int) -> BoolArray:
    """As :func:`rejected`, of ``count`` members of whom ``at_most`` alone is known: whose p-value is at most a level.

    Both rules compare ranks with levels, so that one to three questions tell what all p-values would.

    >>> p = np.array([0.03, 0.012, 0.2])
    >>> rejected_by(lambda level: p <= level, 3).tolist()
    [False, True, False]
    """
    step = _next_in_holm if count <= HOLM_UP_TO else _next_in_benjamini_hochberg
    known, found = -1, at_most(step(0 if count <= HOLM_UP_TO else count, count)) if count else np.zeros(0, dtype=bool)
    while 0 < (differing := int(found.sum())) < count and differing != known:
        known, found = differing, at_most(step(differing, count))
    return found


def _next_in_holm(differing: int, count: int) -> float:
    """The level for the smallest p-value beside those of the ``differing``: it rises with them."""
    return ALPHA / (count - differing)


def _next_in_benjamini_hochberg(differing: int, count: int) -> float:
    """The level for the largest p-value of the ``differing`` at most: it falls with them."""
    return ALPHA * differing / count
