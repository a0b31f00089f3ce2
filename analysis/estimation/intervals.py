"""Intervals for proportions.

The default is Wilson's score interval (Wilson 1927, JASA 22:209-212) on the design-based effective size with
Student's t; where a domain's own variance says too little (few degrees of freedom, no variance, everyone or nobody
counted) the design effect pooled over communities of the same design takes its place, and the result says so.

Bands use the Korn-Graubard interval (Korn & Graubard 1998, Survey Methodology 24:193-201) with the effective size
capped at n (Parker et al. 2017, NCHS Vital and Health Statistics 2(175)).
"""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import stdtrit

from analysis.design import BoolArray, FloatArray, IntArray
from analysis.estimation.exact_limits import korn_graubard_limits
from analysis.estimation.proportions import Proportions
from analysis.publication import Reason

#: Fewer degrees of freedom than this say too little about a domain's own variance.
LEAST_DF = 8


@dataclass(frozen=True, kw_only=True)
class Pooled:
    """What communities of the same design say together: ``design_effect`` (1 at least, of rates) and ``df``."""

    design_effect: float
    df: int


def pool(communities: Proportions, *, least: float = 1.0) -> Pooled:
    """deff* = max(1, Σv / Σ[p(1-p)/n]) over communities with a variance of their own (df of at least 1, no census).

    ``least``: in place of the 1; 0 for mean scores, whose variance is below that of a rate of the same height.

    Two communities, n = 4, p = .75, v = .0625 each: Σv = .125, Σ[p(1-p)/n] = .09375.

    >>> two = Proportions(
    ...     n=np.array([4, 4]), count=np.array([3, 3]), proportion=np.array([0.75, 0.75]),
    ...     variance=np.array([0.0625, 0.0625]), df=np.array([3, 3]), fraction=np.zeros(2))
    >>> round(pool(two).design_effect, 6), pool(two).df
    (1.333333, 6)
    """
    use = (communities.df >= 1) & (communities.n >= 2) & (communities.fraction < 1)
    p, n = communities.proportion[use], communities.n[use]
    simple = float((p * (1 - p) / n).sum())
    observed = float(communities.variance[use].sum())
    effect = max(least, observed / simple) if simple > 0 and observed > 0 else 1.0
    return Pooled(design_effect=effect, df=int(communities.df[use].sum()))


@dataclass(frozen=True, kw_only=True)
class Intervals:
    """Arrays over D domains; where ``reasons`` holds a reason the numbers beside it mean nothing.

    ``undefined`` (D,): the places of the reasons in a list of them, 0 where there is none.
    """

    n_effective: FloatArray
    df: IntArray
    pooled: BoolArray
    low: FloatArray
    high: FloatArray
    undefined: IntArray

    @cached_property
    def reasons(self) -> tuple[Reason | None, ...]:
        return tuple([_REASONS[place] for place in self.undefined])


def wilson_effective(
    estimates: Proportions,
    pooled: Pooled,
    level: float = 0.95,
    *,
    guarded: FloatArray | None = None,
    capped: bool = True,
) -> Intervals:
    """The default interval of D domains.

    n_eff = min(p(1-p)/v, n/(1-f)) with the domain's df; if df < 8, v = 0 or p is 0 or 1, n_eff = n/deff* with the
    pooled df. Nobody in the base, one respondent, no degree of freedom anywhere and a census have a reason instead.

    ``guarded`` (D,): where it is not 0, the domain's own variance is not used either, because it would tell about a
    suppressed group inside; n_eff = n/(deff* x guarded), ``guarded`` being what unequal weights
    cost beyond what is in deff* (at least 1).

    ``capped`` false: of means of scores between 0 and 1, which may well say more than as many yes and no (n_eff above
    n). Of five steps it covered .93-.97 at means of .60-.97 and 20-200 answers, mean ± t se .78-.95.
    """
    if not 0 < level < 1:
        raise ValueError(f"level: got {level}, expected a number between 0 and 1, say 0.95")
    p, n, v = estimates.proportion, estimates.n.astype(np.float64), estimates.variance
    guard = np.zeros_like(p) if guarded is None else guarded
    use_pool = (estimates.df < LEAST_DF) | (v <= 0) | (p <= 0) | (p >= 1) | (guard > 0)
    df = np.where(use_pool, pooled.df, estimates.df)
    with np.errstate(divide="ignore", invalid="ignore"):
        own = p * (1 - p) / v
        if capped:
            own = np.minimum(own, n / np.maximum(1 - estimates.fraction, 0))
    n_effective = np.where(use_pool, n / (pooled.design_effect * np.maximum(guard, 1)), own)
    undefined = _undefined(estimates, df, guard > 0)
    unsound = undefined > 0
    tail = (1 + level) / 2
    t: FloatArray = _students(np.maximum(estimates.df, 1), tail)
    t[use_pool] = stdtrit(max(pooled.df, 1), tail)
    low, high = _score_limits(p, np.where(unsound, 1.0, n_effective), t)
    low[unsound], high[unsound] = 0.0, 1.0
    return Intervals(n_effective=n_effective, df=df, pooled=use_pool, low=low, high=high, undefined=undefined)


_REASONS = (
    None,
    Reason.SINGLE_PSU,
    Reason.TOO_FEW,
    Reason.ONE_RESPONDENT,
    Reason.CENSUS,
    Reason.NOBODY_ASKED,
)


def _undefined(estimates: Proportions, df: IntArray, guarded: BoolArray) -> IntArray:
    """The place in :data:`_REASONS` of the reason, (D,); of several the last."""
    places = np.zeros(len(df), dtype=np.int64)
    for reason, holds in (
        (Reason.SINGLE_PSU, df < 1),
        (Reason.TOO_FEW, (df < 1) & guarded),
        (Reason.ONE_RESPONDENT, estimates.n == 1),
        (Reason.CENSUS, estimates.fraction >= 1),
        (Reason.NOBODY_ASKED, estimates.n == 0),
    ):
        places[holds] = _REASONS.index(reason)
    return places


def wilson(
    p: FloatArray, n: FloatArray, df: FloatArray | IntArray | float, level: FloatArray | float = 0.95
) -> tuple[FloatArray, FloatArray]:
    """Wilson's limits with Student's t in place of the normal quantile; arrays of one shape.

    >>> low, high = wilson(np.array([0.9]), np.array([20.0]), np.inf)  # Wilson 1927: 69.9 and 97.2 percent
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.699, 0.972)
    """
    t: FloatArray = np.asarray(stdtrit(np.asarray(df, dtype=np.float64), (1 + level) / 2), dtype=np.float64)
    return _score_limits(p, n, t)


def _score_limits(p: FloatArray, n: FloatArray, t: FloatArray) -> tuple[FloatArray, FloatArray]:
    t2 = t * t / n
    centre = (p + t2 / 2) / (1 + t2)
    half = np.sqrt(t2 * (p * (1 - p) + t2 / 4)) / (1 + t2)
    # At p = 0 or 1 the limit is p itself; the square root leaves dust.
    low = np.where(p <= 0, 0.0, np.clip(centre - half, 0, p))
    high = np.where(p >= 1, 1.0, np.clip(centre + half, p, 1))
    return low, high


def _students(df: IntArray, tail: float) -> FloatArray:
    """Quantiles of Student's t, each different one worked out once."""
    most = int(df.max(initial=0))
    df = df.astype(np.int64, copy=False)
    if most > 20 * len(df) + 100:
        known, place = np.unique(df, return_inverse=True)
        of_known: FloatArray = np.asarray(stdtrit(known.astype(np.float64), tail), dtype=np.float64)
        return of_known[place]
    known = np.flatnonzero(np.bincount(df))
    quantiles = np.zeros(most + 1)
    quantiles[known] = stdtrit(known.astype(np.float64), tail)
    return quantiles[df]


def korn_graubard(p: float, *, n: float, n_effective: float, df: float, level: float = 0.95) -> tuple[float, float]:
    """Clopper-Pearson limits on the effective size, adjusted for df and capped at ``n``.

    n* = min(n, n_eff (t_{n-1} / t_df)^2). Where the design says nothing (no variance, everyone or nobody counted) pass
    ``inf``: n* = n. Otherwise raises ``ValueError`` for n below 2 or df below 1, where the adjustment is undefined.
    With n_eff = n and df = n-1 it is Clopper and Pearson's own interval:

    >>> low, high = korn_graubard(0.9, n=20, n_effective=20, df=19)
    >>> round(low, 4), round(high, 4)
    (0.683, 0.9877)
    """
    if not math.isinf(n_effective) and (n < 2 or df < 1):
        raise ValueError(f"got n = {n:g} and df = {df:g}, expected at least 2 respondents and 1 degree of freedom")
    low, high = korn_graubard_limits(
        np.array(p), n=np.array(n), n_effective=np.array(n_effective), df=np.array(df), level=level
    )
    return float(low), float(high)
