"""How often two people who key the same form do not key the same: per item, and over all items with the forms as
clusters (whoever is careless is so all through a form).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.estimation.exact_limits import clopper_pearson, korn_graubard_limits


@dataclass(frozen=True, kw_only=True)
class Disagreement:
    """``differing`` of ``compared``; the limits are 95 % ones, ``None`` where there is too little to tell any."""

    compared: int
    differing: int
    low: float | None
    high: float | None

    @property
    def proportion(self) -> float | None:
        return self.differing / self.compared if self.compared else None


def item_disagreement(*, compared: int, differing: int) -> Disagreement:
    """Of one item, or of whole forms: each form is there once, so the limits are Clopper and Pearson's.

    >>> found = item_disagreement(compared=20, differing=1)
    >>> round(found.low, 4), round(found.high, 4)  # R: binom.test(1, 20)
    (0.0013, 0.2487)
    """
    if not compared:
        return Disagreement(compared=0, differing=0, low=None, high=None)
    low, high = clopper_pearson(np.array([differing / compared]), np.array([float(compared)]))
    return Disagreement(compared=compared, differing=differing, low=float(low[0]), high=float(high[0]))


@dataclass(frozen=True, kw_only=True)
class FormSums:
    """Over the ``forms`` keyed twice, of their numbers of compared and of differing fields: ``differing_squared`` =
    Σd², ``compared_differing`` = Σmd, ``compared_squared`` = Σm².
    """

    forms: int
    differing_squared: int
    compared_differing: int
    compared_squared: int


def field_disagreement(items: Sequence[tuple[int, int]], sums: FormSums) -> Disagreement:
    """Over all items: ``items`` as (compared, differing). The limits are Korn and Graubard's on the effective number of
    fields; one form alone has none, because it tells nothing of how forms differ.

    The rate D/M is a ratio of sums over forms; its variance is that of the residuals d - (D/M)m (Cochran, *Sampling
    Techniques*, 3rd ed., §6.3), so that forms of many fields and of few do not look like careful and careless ones.

    >>> together = FormSums(forms=10, differing_squared=20, compared_differing=20, compared_squared=40)
    >>> apart = FormSums(forms=10, differing_squared=10, compared_differing=20, compared_squared=40)
    >>> items = [(10, 5), (10, 5)]  # forms of two fields: five differ in everything, or each in one
    >>> field_disagreement(items, together).high > field_disagreement(items, apart).high
    True
    >>> one = FormSums(forms=1, differing_squared=25, compared_differing=50, compared_squared=100)
    >>> field_disagreement([(10, 5)], one).high is None
    True
    """
    compared, differing = sum(one[0] for one in items), sum(one[1] for one in items)
    if not compared or not sums.forms:
        return Disagreement(compared=0, differing=0, low=None, high=None)
    if sums.forms < 2:
        return Disagreement(compared=compared, differing=differing, low=None, high=None)
    rate = differing / compared
    by_chance = compared * rate * (1 - rate)
    spread = sums.differing_squared - 2 * rate * sums.compared_differing + rate**2 * sums.compared_squared
    effect = max(1.0, sums.forms / (sums.forms - 1) * spread / by_chance) if by_chance else 1.0
    size = np.array([float(compared)])
    low, high = korn_graubard_limits(
        np.array([rate]), n=size, n_effective=size / effect, df=np.array([float(sums.forms - 1)])
    )
    return Disagreement(compared=compared, differing=differing, low=float(low[0]), high=float(high[0]))
