"""Do answers tend to be higher in some groups? Rank tests in a design (Lumley & Scott 2013, Biometrika 100:831-842).

Every answer's rank in the population is estimated by the share of weight below it and half of that beside it; scores
of the ranks are compared between groups by their design-based means. Equal answers share the middle of their ranks,
whatever order they came in; with replicate weights the ranks stay those of the full sample.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import fdtrc, ndtri, stdtr

from analysis.design import BoolArray, FloatArray, IntArray, SurveyDesign
from analysis.design_errors import LengthsDiffer
from analysis.estimation.outcome_families import Family
from analysis.estimation.regression import Regression, estimate_regression
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.estimation.values import checked, everyone
from analysis.estimation.wald import wald_statistic


class RankScore(StrEnum):
    """``WILCOXON``: the rank itself. ``VAN_DER_WAERDEN``: its normal quantile. ``MEDIAN``: above the middle or not."""

    WILCOXON = "wilcoxon"
    VAN_DER_WAERDEN = "vanderWaerden"
    MEDIAN = "median"


@dataclass(frozen=True, kw_only=True)
class RankTest:
    """Of two groups: ``difference`` of the mean scores (second less first) with ``se``, ``statistic`` t on
    ``denominator_df``. Of more: no difference, ``statistic`` F on ``df`` and ``denominator_df``."""

    statistic: float
    df: int
    denominator_df: int
    p_value: float
    difference: float | None
    se: float | None
    n: int


def mid_ranks(values: FloatArray, weights: FloatArray) -> FloatArray:
    """Estimated ranks between 0 and 1: the share of weight below and half of that at each value, (n,).

    >>> mid_ranks(np.array([5.0, 1, 5, 9]), np.array([1.0, 2, 1, 4])).tolist()
    [0.375, 0.125, 0.375, 0.75]
    """
    _, place = np.unique(values, return_inverse=True)
    at = np.bincount(place, weights=weights)
    ranks: FloatArray = ((np.cumsum(at) - at / 2) / at.sum())[place]
    return ranks


def rank_test(
    design: SurveyDesign,
    *,
    values: FloatArray,
    groups: IntArray,
    inside: BoolArray | None = None,
    score: RankScore = RankScore.WILCOXON,
) -> RankTest | Undefined:
    """Whether ``values`` (n,) are alike in the ``groups`` (n,), codes from 0 and -1 for none, of those ``inside``.

    Undefined for an empty domain, fewer than two groups, and without variance or degrees of freedom. Raises
    :class:`DesignError` for lengths that differ and values inside that are no finite numbers.

    >>> design = SurveyDesign(weights=np.ones(4), strata=np.zeros(4, dtype=int))
    >>> found = rank_test(design, values=np.array([1.0, 3, 4, 2]), groups=np.array([0, 1, 1, 0]))
    >>> round(found.difference, 6), found.denominator_df  # ranks .125 and .375 against .625 and .875
    (0.5, 2)
    """
    if len(groups) != len(design.weights):
        raise LengthsDiffer("groups", len(groups), len(design.weights))
    members = (groups >= 0) & everyone(design, inside)
    heard = members & (design.weights > 0)
    if not heard.any():
        return Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
    names, codes = np.unique(groups[heard], return_inverse=True)
    if len(names) < 2:
        return Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
    scores = np.zeros(len(groups))
    scores[heard] = _scored(mid_ranks(checked(design, "values", values, heard)[heard, 0], design.weights[heard]), score)
    matrix = np.ones((len(groups), len(names)))
    matrix[heard, 1:] = codes[:, np.newaxis] == np.arange(1, len(names))
    found = estimate_regression(
        design,
        outcome=scores,
        matrix=matrix,
        names=[str(name) for name in names],
        inside=heard,
        family=Family.GAUSSIAN,
    )
    return found if isinstance(found, Undefined) else _compare(found)


def _scored(ranks: FloatArray, score: RankScore) -> FloatArray:
    if score is RankScore.VAN_DER_WAERDEN:
        return np.asarray(ndtri(ranks), dtype=np.float64)
    return (ranks > 0.5).astype(np.float64) if score is RankScore.MEDIAN else ranks


def _compare(found: Regression) -> RankTest | Undefined:
    if found.df < 1:
        return Undefined(reason=UndefinedReason.NO_DEGREES_OF_FREEDOM)
    apart = found.coefficients[1:]
    squared = wald_statistic(apart, found.covariance[1:, 1:])
    if squared is None:
        return Undefined(reason=UndefinedReason.NO_VARIANCE)
    if len(apart) == 1:
        t = float(apart[0] / found.se[1])
        return RankTest(
            statistic=t,
            df=1,
            denominator_df=found.df,
            p_value=float(2 * stdtr(found.df, -abs(t))),
            difference=float(apart[0]),
            se=float(found.se[1]),
            n=found.n,
        )
    k = len(apart)
    return RankTest(
        statistic=squared / k,
        df=k,
        denominator_df=found.df,
        p_value=float(fdtrc(k, found.df, squared / k)),
        difference=None,
        se=None,
        n=found.n,
    )
