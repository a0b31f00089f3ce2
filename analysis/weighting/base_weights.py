"""The weight of a person in a drawn sample, every factor kept apart.

weight = 1 / inclusion probability of the dwelling × eligible adults in it × adjustment of its community.

The adjustment makes the weights of a community add up to its eligible adults where their number is known. Where it is
not, it is cases ÷ completes: every case that was drawn and not asked is stood for by those of its community who were,
so a community in which few answer does not shrink in the whole. That counts vacant dwellings among the cases as if
somebody lived there; a total of adults, where there is one, is better.

References: Kish, Survey Sampling (1965), 11.7; Valliant, Dever, Kreuter, Practical Tools for Designing and Weighting
Survey Samples (2018), 13.
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, DesignError, FloatArray, IntArray
from analysis.estimation.sums import sum_by

#: More eligible adults than this count as this many: a few large households would otherwise carry a community.
MOST_ADULTS = 4


@dataclass(frozen=True, kw_only=True)
class BaseWeights:
    """Factors of n persons in H communities.

    ``inclusion`` (n,): 1 / inclusion probability. ``adults`` (n,): eligible adults, trimmed, the unknown ones put in.
    ``adjustment`` (n,): of the person's community. ``to_total`` (H,): the communities adjusted to their number of
    adults; the others by cases ÷ completes. ``at_limit``: how many live with :data:`MOST_ADULTS` or more; ``unknown``:
    of how many that is not known.
    """

    inclusion: FloatArray
    adults: FloatArray
    adjustment: FloatArray
    to_total: BoolArray
    at_limit: int
    unknown: int

    @property
    def weights(self) -> FloatArray:
        """The product of the factors, (n,)."""
        return self.inclusion * self.adults * self.adjustment


def base_weights(
    *,
    communities: IntArray,
    drawn: IntArray,
    dwellings: IntArray,
    adults: FloatArray,
    populations: FloatArray,
) -> BaseWeights:
    """The weights of n persons who answered, one in each dwelling.

    ``communities`` (n,): codes 0…H-1. ``drawn`` and ``dwellings`` (H,): the cases of the community and the dwellings
    they were drawn from, so that every inclusion probability there is drawn / dwellings. ``adults`` (n,): eligible
    adults in the dwelling, NaN where not known: there the mean of the community's known ones *after* trimming at
    :data:`MOST_ADULTS` is put in, 1 if none is known. ``populations`` (H,): eligible adults, ``inf`` where not known.
    A number smaller than the community's completes cannot be right and counts as not known (``to_total`` tells).

    Two communities, 10 of 100 and 10 of 50 dwellings drawn. In the first, two answer (2 and 6 adults, trimmed to 4)
    for 300 adults: 10 × 2 and 10 × 4 add up to 60, so the adjustment is 5. In the second one answers and does not
    tell how many live there, and nobody knows the total: 5 × 1 × 10 cases / 1 complete.

    >>> found = base_weights(
    ...     communities=np.array([0, 0, 1]), drawn=np.array([10, 10]), dwellings=np.array([100, 50]),
    ...     adults=np.array([2, 6, np.nan]), populations=np.array([300, np.inf]))
    >>> found.weights.tolist(), found.adjustment.tolist()
    ([100.0, 200.0, 50.0], [5.0, 5.0, 10.0])
    >>> found.at_limit, found.unknown, found.to_total.tolist()
    (1, 1, [True, False])

    Raises :class:`DesignError` for lengths that differ, a community without cases, more cases than dwellings, more
    completes than cases, and fewer than one adult.
    """
    _check(communities, drawn, dwellings, adults, populations)
    count = len(drawn)
    completes = np.bincount(communities, minlength=count)
    if (completes > drawn).any():
        worst = int(np.argmax(completes - drawn))
        raise DesignError(f"community {worst}: got {completes[worst]} completes, expected at most {drawn[worst]} cases")
    filled, at_limit, unknown = _adults(communities, adults, count)
    inclusion = (dwellings / np.maximum(drawn, 1))[communities]
    sums = sum_by(communities, inclusion * filled, count)
    to_total: BoolArray = np.isfinite(populations) & (populations >= np.maximum(completes, 1))
    answered = completes > 0
    adjustment = np.ones(count)
    np.divide(drawn, completes, out=adjustment, where=answered & ~to_total)
    np.divide(populations, sums, out=adjustment, where=answered & to_total)
    return BaseWeights(
        inclusion=inclusion,
        adults=filled,
        adjustment=adjustment[communities],
        to_total=to_total,
        at_limit=at_limit,
        unknown=unknown,
    )


def _adults(communities: IntArray, adults: FloatArray, count: int) -> tuple[FloatArray, int, int]:
    """Trimmed and filled, how many are at the limit, how many were not known."""
    known = ~np.isnan(adults)
    trimmed: FloatArray = np.where(known, np.minimum(adults, MOST_ADULTS), 0.0)
    sums, numbers = sum_by(communities, trimmed, count), sum_by(communities, known.astype(np.float64), count)
    means = np.divide(sums, numbers, out=np.ones(count), where=numbers > 0)
    filled: FloatArray = np.where(known, trimmed, means[communities])
    return filled, int((trimmed[known] == MOST_ADULTS).sum()), int((~known).sum())


def _check(
    communities: IntArray, drawn: IntArray, dwellings: IntArray, adults: FloatArray, populations: FloatArray
) -> None:
    if len(adults) != len(communities):
        raise DesignError(f"adults: got {len(adults)} values, expected {len(communities)}, one per person")
    for name, array in (("dwellings", dwellings), ("populations", populations)):
        if len(array) != len(drawn):
            raise DesignError(f"{name}: got {len(array)} values, expected {len(drawn)}, one per community")
    if len(communities) and not 0 <= communities.min() <= communities.max() < len(drawn):
        raise DesignError(f"communities: expected codes from 0 to {len(drawn) - 1}, got others")
    if (drawn > dwellings).any():
        worst = int(np.argmax(drawn - dwellings))
        raise DesignError(f"community {worst}: got {drawn[worst]} cases, expected at most {dwellings[worst]} dwellings")
    if (adults[~np.isnan(adults)] < 1).any():
        raise DesignError("adults: got fewer than one, expected 1 or more, NaN where not known")
    if np.isnan(populations).any():
        raise DesignError("populations: got a value that is no number, expected inf where it is unknown")
