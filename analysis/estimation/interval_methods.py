"""Intervals of one rate by methods named as in other software, from its estimate and its variance alone.

They are for agreement with R's ``survey`` (Lumley 2010, *Complex Surveys*, section 2.3) and for comparison; what the
project prints is :func:`analysis.estimation.intervals.wilson_effective`. The methods that work on another scale (mean,
logit, xlogit, asin) give an interval without width where there is no variance, as R does: ``has_width`` tells, and such
an interval is never shown. Everything else that does not exist is :class:`Undefined`, with its reason.

Transformed scales: Korn & Graubard, *Analysis of Health Surveys* (1999), section 3.3; beta: Korn & Graubard 1998,
Survey Methodology 24:193-201; its cap at n: Parker et al. 2017, NCHS Vital and Health Statistics 2(175).
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import expit, stdtrit

from analysis.estimation.exact_limits import clopper_pearson, df_adjusted
from analysis.estimation.intervals import wilson
from analysis.estimation.likelihood_interval import likelihood_limits
from analysis.estimation.undefined import Undefined, UndefinedReason

#: An effective size beyond every population (a margin that was met has one): the beta distribution has no more digits.
_MOST = 1e14


class IntervalMethod(StrEnum):
    #: Wald: p ± t se. Leaves 0-1 near the ends.
    MEAN = "mean"
    #: On the log odds of a regression with nothing but a constant.
    LOGIT = "logit"
    #: On the log odds of the estimate: the same, but for everyone and nobody.
    XLOGIT = "xlogit"
    #: On the arcsine of the square root.
    ASIN = "asin"
    #: Korn & Graubard, not capped.
    BETA = "beta"
    WILSON = "wilson"
    #: Korn & Graubard with the effective size capped at n, and n where the design says nothing.
    KORN_GRAUBARD_NCHS = "korn_graubard_nchs"
    #: Where the binomial likelihood, scaled by the design effect, has fallen too far.
    LIKELIHOOD = "likelihood"


@dataclass(frozen=True, kw_only=True)
class Interval:
    """``n_effective``: p(1-p)/v; ``n_adjusted``: what of it the method used, once adjusted for df and capped."""

    low: float
    high: float
    n_effective: float | None = None
    n_adjusted: float | None = None

    @property
    def has_width(self) -> bool:
        return self.high > self.low


@dataclass(frozen=True, kw_only=True)
class _Rate:
    """A rate between 0 and 1 with a variance and degrees of freedom."""

    p: float
    variance: float
    n: float
    df: float
    level: float

    @property
    def t(self) -> float:
        return float(stdtrit(self.df, (1 + self.level) / 2))

    @property
    def n_effective(self) -> float:
        return self.p * (1 - self.p) / self.variance


def interval_by_method(
    method: IntervalMethod,
    *,
    p: float,
    variance: float,
    n: float,
    df: float,
    level: float = 0.95,
    design_df: float | None = None,
    fraction: float = 0.0,
    log_odds_variance: float | None = None,
) -> Interval | Undefined:
    """The interval of the rate ``p`` of ``n`` respondents with its ``variance`` in the design.

    ``df``: degrees of freedom of the domain, of the design, or ``inf`` for the normal distribution; Korn and Graubard's
    capped interval takes ``design_df`` where it is given. ``fraction``: the share of the population that answered.
    ``log_odds_variance``: of log(p/(1-p)) where it does not follow from ``variance``, as with replicate weights (see
    :class:`analysis.estimation.log_odds.LogOdds`; ``inf`` where a replicate has none); the methods that fit a
    regression, logit and likelihood, use it.

    In this order: nobody (empty_domain), everybody asked (census), one respondent, no degree of freedom, everyone or
    nobody counted (all_or_none), no variance. Exceptions: ``mean`` and, for more than one respondent, ``logit`` give p
    itself at 0 and 1, as R does; ``korn_graubard_nchs`` gives Clopper and Pearson's limits with n where v is unknown.

    Raises ``ValueError`` for a rate outside 0-1, a variance that is negative or not finite, and a level outside 0-1.

    >>> interval = interval_by_method(IntervalMethod.MEAN, p=0.5, variance=0.0025, n=100, df=math.inf)
    >>> round(interval.low, 3), round(interval.high, 3)  # .5 ± 1.96 x .05
    (0.402, 0.598)
    """
    _check(p, variance, level)
    if n <= 0 or fraction >= 1:
        return Undefined(reason=UndefinedReason.EMPTY_DOMAIN if n <= 0 else UndefinedReason.CENSUS)
    if method is IntervalMethod.KORN_GRAUBARD_NCHS:
        df = df if design_df is None else design_df
        return _capped(_Rate(p=p, variance=variance, n=n, df=df, level=level))
    if log_odds_variance is not None and method in _BY_REGRESSION:
        variance = log_odds_variance * (p * (1 - p)) ** 2
    return _by_variance(method, _Rate(p=p, variance=variance, n=n, df=df, level=level))


def _by_variance(method: IntervalMethod, rate: _Rate) -> Interval | Undefined:
    if rate.n < 2 and method is not IntervalMethod.MEAN:
        return Undefined(reason=UndefinedReason.ONE_RESPONDENT)
    if not rate.df > 0:
        return Undefined(reason=UndefinedReason.NO_DEGREES_OF_FREEDOM)
    if not 0 < rate.p < 1:
        if method not in (IntervalMethod.MEAN, IntervalMethod.LOGIT):
            return Undefined(reason=UndefinedReason.ALL_OR_NONE)
        # A regression has no coefficient there; R's stops a hair away from p.
        return Interval(low=rate.p, high=rate.p) if method is IntervalMethod.LOGIT else _mean(rate)
    if not rate.variance < math.inf:
        return Undefined(reason=UndefinedReason.ALL_OR_NONE)
    if rate.variance <= 0:
        if method not in _WITHOUT_WIDTH:
            return Undefined(reason=UndefinedReason.NO_VARIANCE)
        return Interval(low=rate.p, high=rate.p)
    return _METHODS[method](rate)


def _check(p: float, variance: float, level: float) -> None:
    if not 0 <= p <= 1:
        raise ValueError(f"p: got {p}, expected a rate from 0 to 1")
    if not 0 <= variance < math.inf:
        raise ValueError(f"variance: got {variance}, expected a number from 0 up")
    if not 0 < level < 1:
        raise ValueError(f"level: got {level}, expected a number between 0 and 1, say 0.95")


def _mean(rate: _Rate) -> Interval:
    reach = rate.t * math.sqrt(rate.variance)
    return Interval(low=rate.p - reach, high=rate.p + reach)


def _logit(rate: _Rate) -> Interval:
    odds = math.log(rate.p / (1 - rate.p))
    reach = rate.t * math.sqrt(rate.variance) / (rate.p * (1 - rate.p))
    return Interval(low=float(expit(odds - reach)), high=float(expit(odds + reach)))


def _asin(rate: _Rate) -> Interval:
    """sin²(asin √p ± t se / (2 √(p(1-p)))). Past the ends of the scale the sine turns back, as in R: close to 0 or 1 a
    limit may lie on the wrong side of the rate. That is one more reason never to show it.
    """
    middle = math.asin(math.sqrt(rate.p))
    reach = rate.t * math.sqrt(rate.variance / (rate.p * (1 - rate.p))) / 2
    return Interval(low=math.sin(middle - reach) ** 2, high=math.sin(middle + reach) ** 2)


def _beta(rate: _Rate) -> Interval:
    n, df = np.array(rate.n), np.array(rate.df)
    size = df_adjusted(np.array(rate.n_effective), n=n, df=df, level=rate.level)
    return _binomial(rate.p, float(size), rate.level, rate.n_effective)


def _binomial(p: float, size: float, level: float, n_effective: float | None) -> Interval:
    low, high = clopper_pearson(np.array(p), np.array(min(size, _MOST)), level)
    return Interval(low=float(low), high=float(high), n_effective=n_effective, n_adjusted=size)


def _wilson(rate: _Rate) -> Interval:
    low, high = wilson(np.array(rate.p), np.array(rate.n_effective), rate.df, rate.level)
    return Interval(low=float(low), high=float(high), n_effective=rate.n_effective, n_adjusted=rate.n_effective)


def _likelihood(rate: _Rate) -> Interval:
    low, high = likelihood_limits(rate.p, n=rate.n, n_effective=rate.n_effective, t=rate.t)
    return Interval(low=low, high=high, n_effective=rate.n_effective)


def _capped(rate: _Rate) -> Interval | Undefined:
    if rate.variance <= 0 or not 0 < rate.p < 1:
        return _binomial(rate.p, rate.n, rate.level, None)
    if rate.n < 2:
        return Undefined(reason=UndefinedReason.ONE_RESPONDENT)
    if not rate.df > 0:
        return Undefined(reason=UndefinedReason.NO_DEGREES_OF_FREEDOM)
    adjusted = _beta(rate).n_adjusted or 0.0
    return _binomial(rate.p, min(rate.n, adjusted), rate.level, rate.n_effective)


_METHODS: dict[IntervalMethod, Callable[[_Rate], Interval]] = {
    IntervalMethod.MEAN: _mean,
    IntervalMethod.LOGIT: _logit,
    IntervalMethod.XLOGIT: _logit,
    IntervalMethod.ASIN: _asin,
    IntervalMethod.BETA: _beta,
    IntervalMethod.WILSON: _wilson,
    IntervalMethod.LIKELIHOOD: _likelihood,
}
_WITHOUT_WIDTH = frozenset({IntervalMethod.MEAN, IntervalMethod.LOGIT, IntervalMethod.XLOGIT, IntervalMethod.ASIN})
_BY_REGRESSION = frozenset({IntervalMethod.LOGIT, IntervalMethod.LIKELIHOOD})
