"""From what was estimated to what is shown: the numbers of one row, put in one after the other."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from analysis.answers import ASKED, AnswerState
from analysis.design import FloatArray
from analysis.domains import Domains, RateTotals
from analysis.estimation.bands import Member, assign_bands
from analysis.estimation.intervals import Intervals
from analysis.estimation.proportions import Proportions
from analysis.estimation.sums import ratio
from analysis.publication import Method, PublishedEstimate, Reason, Reliability
from analysis.reliability import judge


def with_point(
    row: PublishedEstimate,
    proportions: Proportions,
    index: int,
    *,
    shown_range: tuple[float, float] | None,
    target: float | None,
) -> PublishedEstimate:
    return replace(
        row,
        published=True,
        reason=None,
        n=int(proportions.n[index]),
        proportion=float(proportions.proportion[index]),
        shown_range=shown_range,
        target=target,
    )


def with_interval(
    row: PublishedEstimate, proportions: Proportions, intervals: Intervals, index: int, *, probability: bool
) -> PublishedEstimate:
    reason = intervals.reasons[index] if probability else Reason.NON_PROBABILITY
    if reason is not None:
        return replace(row, reason=reason)
    n, p = int(proportions.n[index]), float(proportions.proportion[index])
    low, high = float(intervals.low[index]), float(intervals.high[index])
    n_effective = float(intervals.n_effective[index])
    return replace(
        row,
        n_effective=n_effective,
        se=_standard_error(proportions, intervals, index),
        low=low,
        high=high,
        method=Method.WILSON_EFFECTIVE,
        df=float(intervals.df[index]),
        pooled=bool(intervals.pooled[index]),
        design_effect=n / n_effective,
        reliability=judge(n=n, df=float(proportions.df[index]), proportion=p, low=low, high=high),
    )


def _standard_error(proportions: Proportions, intervals: Intervals, index: int) -> float | None:
    """The error that the interval stands on: the domain's own, or the pooled one where that took its place.

    With everyone or nobody counted no formula gives one; a zero would claim certainty.
    """
    p = float(proportions.proportion[index])
    if p <= 0 or p >= 1:
        return None
    if intervals.pooled[index]:
        return float(np.sqrt(p * (1 - p) / intervals.n_effective[index]))
    return float(np.sqrt(proportions.variance[index]))


def shares_of_asked(totals: RateTotals) -> dict[AnswerState, FloatArray]:
    """Weighted shares of the asked who did not know, refused, or left no usable answer; (D,) each."""
    whole = totals.weights(ASKED)
    return {
        state: ratio(totals.weights((state,)), whole)
        for state in (AnswerState.DONT_KNOW, AnswerState.REFUSED, AnswerState.NO_ANSWER)
    }


def with_shares(row: PublishedEstimate, shares: Mapping[AnswerState, FloatArray], index: int) -> PublishedEstimate:
    return replace(
        row,
        dont_know_share=float(shares[AnswerState.DONT_KNOW][index]),
        refusal_share=float(shares[AnswerState.REFUSED][index]),
        no_answer_share=float(shares[AnswerState.NO_ANSWER][index]),
    )


def with_bands(
    found: dict[int, PublishedEstimate],
    target: float | None,
    proportions: Proportions,
    intervals: Intervals,
    domains: Domains,
) -> dict[int, PublishedEstimate]:
    """The same rows with bands: one family per tier, its reliable areas only; without a target none."""
    if target is None:
        return found
    banded = dict(found)
    for tier in dict.fromkeys(domains.tiers):
        family = [
            index
            for index, row in found.items()
            if domains.tiers[index] == tier and row.reliability is Reliability.RELIABLE
        ]
        members = [
            Member(
                proportion=float(proportions.proportion[index]),
                n=float(proportions.n[index]),
                n_effective=float(intervals.n_effective[index]),
                df=float(intervals.df[index]),
            )
            for index in family
        ]
        for index, band in zip(family, assign_bands(members, target), strict=True):
            banded[index] = replace(found[index], band=band)
    return banded
