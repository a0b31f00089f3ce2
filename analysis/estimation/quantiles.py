"""Quantiles of weighted answers, with Woodruff's interval.

The interval is that of the share of people at or below the estimate, p ± t x se(p), carried back through the same rule
(Woodruff 1952, JASA 47:635-646; Francisco & Fuller 1991, Ann. Statist. 19:454-469, on when that is right). A standard
error is the interval's width divided by 2t.

The rules are those of Hyndman & Fan (1996, Am. Stat. 50:361-365), with sums of weights in place of ranks. Values
that are equal keep the order they came in; under the continuous rules their weights then decide, as they do in R.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import stdtrit

from analysis.design import BoolArray, DesignError, FloatArray, SurveyDesign
from analysis.estimation.means import estimate_mean
from analysis.estimation.statistic import Estimate
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.estimation.values import checked, everyone

#: Shares of weight that differ by less are the same share: sums of equal weights are rounded.
_SAME = 1e-12


class QuantileRule(StrEnum):
    """``MATH``: the smallest value with at least the share p at or below it. ``SCHOOL``: the same, but halfway to the
    next value where the share is exactly p (the median of an even number). The others interpolate (7: as spreadsheets).
    """

    MATH = "math"
    SCHOOL = "school"
    HF1 = "hf1"
    HF2 = "hf2"
    HF4 = "hf4"
    HF5 = "hf5"
    HF6 = "hf6"
    HF7 = "hf7"
    HF8 = "hf8"
    HF9 = "hf9"


#: Hyndman and Fan's constants: the k-th of n values stands at the share (k - a)/(n + 1 - a - b).
_POSITIONS = {
    QuantileRule.HF4: (0.0, 1.0),
    QuantileRule.HF5: (1 / 2, 1 / 2),
    QuantileRule.HF6: (0.0, 0.0),
    QuantileRule.HF7: (1.0, 1.0),
    QuantileRule.HF8: (1 / 3, 1 / 3),
    QuantileRule.HF9: (3 / 8, 3 / 8),
}


@dataclass(frozen=True, kw_only=True)
class Quantile:
    """``value`` with the limits ``low`` and ``high``, ``se`` (their distance / 2t), ``df`` and ``n`` respondents.

    Where a limit of the share lies below 0 or above 1 no answer is the limit: there are too few to say how far it is
    (beyond_the_answers), nor is there a ``se``. Where everybody is at or below the value their share has no variance,
    and the interval no width (``has_width``), as in R: do not show it.
    """

    value: float
    low: float | Undefined
    high: float | Undefined
    se: float | Undefined
    df: float
    n: int

    @property
    def has_width(self) -> bool:
        return isinstance(self.se, Undefined) or self.se > 0


def weighted_quantile(values: FloatArray, weights: FloatArray, p: float, rule: QuantileRule) -> float:
    """The quantile of ``values`` (n,) of those with a weight above 0; shares beyond 0 and 1 give the ends.

    Raises :class:`DesignError` when nobody has a weight.

    >>> one_to_four = np.array([1.0, 2, 3, 4])
    >>> [weighted_quantile(one_to_four, np.ones(4), 0.5, rule) for rule in (QuantileRule.MATH, QuantileRule.SCHOOL)]
    [2.0, 2.5]
    >>> weighted_quantile(one_to_four, np.ones(4), 0.25, QuantileRule.HF7)  # a quarter of the way from 1 to 4
    1.75
    """
    heard = np.flatnonzero(weights > 0)
    if not len(heard):
        raise DesignError("weights: got nobody with a weight above 0, expected at least one")
    order = heard[np.argsort(values[heard], kind="stable")]
    x, w = values[order], weights[order]
    sums = np.cumsum(w)
    if rule in _POSITIONS:
        a, b = _POSITIONS[rule]
        if len(x) == 1:
            return float(x[0])
        return float(np.interp(p, (sums - a * w) / (sums[-1] + (1 - a - b) * w[-1]), x))
    shares = sums / sums[-1]
    place = min(int(np.searchsorted(shares, p - _SAME)), len(x) - 1)
    after = min(place + 1, len(x) - 1)
    if rule in (QuantileRule.SCHOOL, QuantileRule.HF2) and abs(shares[place] - p) <= _SAME:
        return float((x[place] + x[after]) / 2)
    return float(x[place])


def estimate_quantile(
    design: SurveyDesign,
    *,
    values: FloatArray,
    p: float,
    inside: BoolArray | None = None,
    rule: QuantileRule = QuantileRule.MATH,
    level: float = 0.95,
    df: float | None = None,
) -> Quantile | Undefined:
    """The value with the share ``p`` of the people ``inside`` (n,) at or below it, of ``values`` (n,).

    ``df``: in place of the domain's own (``inf``: normal). With replicate weights the share is taken again under each.
    Undefined for an empty domain and without degrees of freedom; a single limit where the sample is too small for it.
    Raises :class:`DesignError` for lengths that differ and values inside that are no finite numbers, ``ValueError`` for
    a ``p`` or ``level`` outside 0-1.

    >>> design = SurveyDesign(weights=np.ones(9), strata=np.zeros(9, dtype=int))
    >>> found = estimate_quantile(design, values=np.arange(1.0, 10), p=0.5)
    >>> found.value, found.low, found.high  # 5 of 9 are at or below 5: .556 ± 2.306 x .176 = .150, .961
    (5.0, 2.0, 9.0)
    """
    if not 0 < p < 1:
        raise ValueError(f"p: got {p}, expected a share between 0 and 1, say 0.5 for the median")
    if not 0 < level < 1:
        raise ValueError(f"level: got {level}, expected a number between 0 and 1, say 0.95")
    members = everyone(design, inside)
    values = checked(design, "values", values, members)[:, 0]
    weights = np.where(members, design.weights, 0.0)
    if not (weights > 0).any():
        return Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
    value = weighted_quantile(values, weights, p, rule)
    # An answer reached by interpolation may end a rounding error below itself.
    reached = values <= value + _SAME * max(1.0, abs(value))
    share = estimate_mean(design, reached.astype(np.float64), inside=inside)
    if isinstance(share, Undefined):
        return share
    return _interval(value, share, (values, weights, rule), level, share.df if df is None else df)


def _interval(
    value: float,
    share: Estimate,
    answers: tuple[FloatArray, FloatArray, QuantileRule],
    level: float,
    df: float,
) -> Quantile | Undefined:
    if df <= 0:
        return Undefined(reason=UndefinedReason.NO_DEGREES_OF_FREEDOM)
    centre, se = float(share.value[0]), float(share.se[0])
    t = float(stdtrit(df, (1 + level) / 2))
    low, high = (_limit(answers, centre + sign * t * se) for sign in (-1, 1))
    return Quantile(value=value, low=low, high=high, se=_spread(low, high, t), df=df, n=share.n)


def _spread(low: float | Undefined, high: float | Undefined, t: float) -> float | Undefined:
    if isinstance(low, Undefined):
        return low
    return high if isinstance(high, Undefined) else (high - low) / (2 * t)


def _limit(answers: tuple[FloatArray, FloatArray, QuantileRule], share: float) -> float | Undefined:
    values, weights, rule = answers
    if not -_SAME <= share <= 1 + _SAME:
        return Undefined(reason=UndefinedReason.BEYOND_THE_ANSWERS)
    return weighted_quantile(values, weights, share, rule)
