"""The weight of a person in a drawn sample, every factor kept apart.

weight = 1 / inclusion probability of the dwelling × eligible adults in it × adjustment of its community.

The adjustment makes the weights of a community add up to its eligible adults where their number is known. Where it is
not, it is what all cases of the community weigh ÷ what its completes weigh (cases ÷ completes where all were drawn with
one probability): every case that was drawn and not asked is stood for by those of its community who were, so a
community in which few answer does not shrink in the whole. That counts vacant dwellings among the cases as if somebody
lived there; a total of adults, where there is one, is better.

References: Kish, Survey Sampling (1965), 11.7; Valliant, Dever, Kreuter, Practical Tools for Designing and Weighting
Survey Samples (2018), 13.
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, DesignError, FloatArray, IntArray
from analysis.estimation.sums import sum_by

#: More eligible adults than this count as this many: a few large households would otherwise carry a community.
MOST_ADULTS = 4
#: Sums of the same weights in another order differ by less than this part.
_ROUNDING = 1e-9


@dataclass(frozen=True, kw_only=True)
class BaseWeights:
    """Factors of n persons in H communities.

    ``inclusion`` (n,): 1 / inclusion probability. ``adults`` (n,): eligible adults, trimmed, the unknown ones put in.
    ``adjustment`` (n,): of the person's community. ``to_total`` (H,): the communities adjusted to their number of
    adults; the others to what their cases weigh. ``at_limit``: how many live with :data:`MOST_ADULTS` or more;
    ``unknown``: of how many that is not known.
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
    inclusion: FloatArray,
    cases: FloatArray,
    adults: FloatArray,
    populations: FloatArray,
) -> BaseWeights:
    """The weights of n persons who answered, one in each dwelling.

    ``communities`` (n,): codes 0…H-1. ``inclusion`` (n,): 1 / inclusion probability of the dwelling, over all stages.
    ``cases`` (H,): the same added up over all cases of the community, whatever came of them. ``adults`` (n,): eligible
    adults in the dwelling, NaN where not known: there the mean of the community's known ones *after* trimming at
    :data:`MOST_ADULTS` is put in, 1 if none is known. ``populations`` (H,): eligible adults that the community stands
    for, ``inf`` where not known: its own number, divided by its inclusion probability where communities were drawn.
    A number smaller than the community's completes cannot be right and counts as not known (``to_total`` tells).

    Two communities, 10 of 100 and 10 of 50 dwellings drawn. In the first, two answer (2 and 6 adults, trimmed to 4)
    for 300 adults: 10 × 2 and 10 × 4 add up to 60, so the adjustment is 5. In the second one answers and does not
    tell how many live there, and nobody knows the total: 5 × 1 × 50 / 5.

    >>> found = base_weights(
    ...     communities=np.array([0, 0, 1]), inclusion=np.array([10.0, 10, 5]), cases=np.array([100.0, 50]),
    ...     adults=np.array([2, 6, np.nan]), populations=np.array([300, np.inf]))
    >>> found.weights.tolist(), found.adjustment.tolist()
    ([100.0, 200.0, 50.0], [5.0, 5.0, 10.0])
    >>> found.at_limit, found.unknown, found.to_total.tolist()
    (1, 1, [True, False])

    Raises :class:`DesignError` for lengths that differ, inclusion probabilities that are none, completes that weigh
    more than the cases of their community, and fewer than one adult.
    """
    count = len(cases)
    _check(communities, inclusion, cases, adults, populations)
    completes = np.bincount(communities, minlength=count)
    weighed = sum_by(communities, inclusion, count)
    if (weighed > cases * (1 + _ROUNDING)).any():
        worst = int(np.argmax(weighed - cases))
        raise DesignError(
            f"community {worst}: got completes that weigh {weighed[worst]:g}, expected at most {cases[worst]:g}, the "
            "weight of its cases"
        )
    filled, at_limit, unknown = _adults(communities, adults, count)
    sums = sum_by(communities, inclusion * filled, count)
    to_total: BoolArray = np.isfinite(populations) & (populations >= np.maximum(completes, 1))
    answered = completes > 0
    adjustment = np.ones(count)
    np.divide(cases, weighed, out=adjustment, where=answered & ~to_total)
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
    communities: IntArray, inclusion: FloatArray, cases: FloatArray, adults: FloatArray, populations: FloatArray
) -> None:
    for name, array in (("inclusion", inclusion), ("adults", adults)):
        if len(array) != len(communities):
            raise DesignError(f"{name}: got {len(array)} values, expected {len(communities)}, one per person")
    if len(populations) != len(cases):
        raise DesignError(f"populations: got {len(populations)} values, expected {len(cases)}, one per community")
    if len(communities) and not 0 <= communities.min() <= communities.max() < len(cases):
        raise DesignError(f"communities: expected codes from 0 to {len(cases) - 1}, got others")
    if not (np.isfinite(inclusion) & (inclusion >= 1)).all():
        raise DesignError("inclusion: got a value below 1 or not finite, expected 1 / inclusion probability")
    if (adults[~np.isnan(adults)] < 1).any():
        raise DesignError("adults: got fewer than one, expected 1 or more, NaN where not known")
    if np.isnan(populations).any():
        raise DesignError("populations: got a value that is no number, expected inf where it is unknown")
