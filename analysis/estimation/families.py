"""Many comparisons at once: which members of one family differ.

One rule for every comparison that is printed: Holm up to 50 members, Benjamini-Hochberg above (Holm 1979, Scand. J.
Statist. 6:65-70; Benjamini & Hochberg 1995, JRSS B 57:289-300). Other corrections are there by name.
"""

from collections.abc import Sequence
from enum import StrEnum

import numpy as np

from analysis.design import DesignError, FloatArray

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


_IN_STATSMODELS = {
    Correction.BONFERRONI: "bonferroni",
    Correction.SIDAK: "sidak",
    Correction.HOLM: "holm",
    Correction.HOCHBERG: "simes-hochberg",
    Correction.HOMMEL: "hommel",
    Correction.BENJAMINI_HOCHBERG: "fdr_bh",
    Correction.BENJAMINI_YEKUTIELI: "fdr_by",
}


def adjusted(p_values: Sequence[float] | FloatArray, correction: Correction) -> FloatArray:
    """Adjusted p-values in the order given: a member differs at level α if its own is at most α.

    Raises :class:`DesignError` for one outside 0-1.

    >>> adjusted([0.03, 0.012, 0.2], Correction.HOLM).round(6).tolist()  # .012 x 3, .03 x 2
    [0.06, 0.036, 0.2]
    """
    p = np.array(p_values, dtype=np.float64)
    if not ((p >= 0) & (p <= 1)).all():
        raise DesignError("p-values: got one outside 0-1, expected probabilities")
    if len(p) == 0:
        return p
    # Imported here: it takes seconds.
    from statsmodels.stats.multitest import multipletests

    found: FloatArray = multipletests(p, method=_IN_STATSMODELS[correction])[1]
    return found


def rejected(p_values: Sequence[float]) -> tuple[bool, ...]:
    """Which members of a family differ, in the order given.

    Holm's steps are written out: the one in statsmodels collects garbage at every call, which with 100,000 answers in
    memory takes longer than all estimates of the family.

    >>> rejected([0.03, 0.012, 0.2])  # .012 <= .05/3, but .03 > .05/2
    (False, True, False)
    """
    if len(p_values) > HOLM_UP_TO:
        # Imported here: it takes seconds, and few waves have so many communities.
        from scipy.stats import false_discovery_control

        return tuple(bool(p <= ALPHA) for p in false_discovery_control(p_values))
    found = [False] * len(p_values)
    for place, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if p_values[index] > ALPHA / (len(p_values) - place):
            break
        found[index] = True
    return tuple(found)
