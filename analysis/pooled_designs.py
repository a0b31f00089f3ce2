"""Which domains may not show their own variance, and the design effect that stands in for it."""

from collections.abc import Iterable

import numpy as np

from analysis.design import BoolArray
from analysis.domains import Domains
from analysis.estimation.intervals import Pooled, pool
from analysis.estimation.proportions import Proportions


def guarded_domains(over: Iterable[int], domains: Domains) -> BoolArray:
    """Where a domain's own variance may not be used, (D,).

    A variance adds up the strata below it, so the suppressed could be worked out from it and from those above it.
    """
    guarded = np.zeros(domains.count, dtype=bool)
    for index in over:
        above: int | None = None if domains.plain[index] else index
        while above is not None:
            guarded[above] = True
            above = domains.parents[above]
    return guarded


def pooled_design(
    proportions: Proportions,
    hidden: frozenset[int],
    guarded: BoolArray,
    domains: Domains,
    pooling_tier: int,
    *,
    least: float = 1.0,
) -> tuple[Pooled, int | None]:
    """The design effect of the communities whose own variances may be known, and the tier between whose areas unequal
    weights cost something on top of it (``None``: wherever they are unequal). With n_c people of weight share W_c and
    one design effect deff* in each community, v = Σ W_c² v_c has the design effect deff* × n Σ W_c²/n_c.

    Where there is none: single units in strata are never worse than a simple sample; of clusters nothing can be said
    without telling about the suppressed, which leaves no degrees of freedom and so no interval. ``least``: see
    :func:`analysis.estimation.intervals.pool`.
    """
    communities = domains.on_tier(pooling_tier)
    shown = communities & ~guarded
    shown[list(hidden)] = False
    found = pool(proportions.only(shown), least=least)
    if found.df == 0 and domains.design.psus is None:
        return Pooled(design_effect=1.0, df=int(proportions.df[communities].sum())), None
    return found, pooling_tier
