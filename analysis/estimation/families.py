"""Many comparisons at once: which members of one family differ.

One rule for every comparison that is printed: Holm up to 50 members, Benjamini-Hochberg above (Holm 1979, Scand. J.
Statist. 6:65-70; Benjamini & Hochberg 1995, JRSS B 57:289-300).
"""

from collections.abc import Sequence

#: From this many members on a family is judged by its false discovery rate.
HOLM_UP_TO = 50
ALPHA = 0.05


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

        return tuple(bool(adjusted <= ALPHA) for adjusted in false_discovery_control(p_values))
    found = [False] * len(p_values)
    for place, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        if p_values[index] > ALPHA / (len(p_values) - place):
            break
        found[index] = True
    return tuple(found)
