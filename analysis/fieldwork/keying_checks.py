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


def field_disagreement(items: Sequence[tuple[int, int]], *, forms: int, squares: int) -> Disagreement:
    """Over all items: ``items`` as (compared, differing), ``forms`` keyed twice, ``squares`` the sum over forms of the
    squared number of differences. The limits are Korn and Graubard's on the effective number of fields; one form
    alone has none, because it tells nothing of how forms differ.

    >>> together = field_disagreement([(10, 5), (10, 5)], forms=10, squares=20)  # five forms differ in everything
    >>> apart = field_disagreement([(10, 5), (10, 5)], forms=10, squares=10)
    >>> together.high > apart.high
    True
    >>> field_disagreement([(10, 5)], forms=1, squares=25).high is None
    True
    """
    compared, differing = sum(one[0] for one in items), sum(one[1] for one in items)
    if not compared or not forms:
        return Disagreement(compared=0, differing=0, low=None, high=None)
    if forms < 2:
        return Disagreement(compared=compared, differing=differing, low=None, high=None)
    rate = differing / compared
    expected = compared / forms * rate * (1 - rate)
    effect = 1.0
    if expected:
        effect = max(1.0, (squares - differing**2 / forms) / (forms - 1) / expected)
    size = np.array([float(compared)])
    low, high = korn_graubard_limits(
        np.array([rate]), n=size, n_effective=size / effect, df=np.array([float(forms - 1)])
    )
    return Disagreement(compared=compared, differing=differing, low=float(low[0]), high=float(high[0]))
