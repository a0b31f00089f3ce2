"""From coded answers to the estimates of a whole wave: every rate, base and area, ready to be shown.

The order of decisions is fixed: estimate, interval, disclosure, reliability, bands (over the reliable only).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.answers import ASKED, VALID, AnswerState
from analysis.areas import AreaTree
from analysis.design import BoolArray, FloatArray, IntArray, SurveyDesign
from analysis.disclosure import Cell, range_to_show, suppressed_cells
from analysis.estimation.bands import Member, assign_bands
from analysis.estimation.intervals import Intervals, pool, wilson_effective
from analysis.estimation.proportions import Proportions, estimate_proportions
from analysis.estimation.sums import sum_by
from analysis.integrity.coaching import warns
from analysis.publication import Base, Method, PublishedEstimate, Reason, Reliability, Subset
from analysis.reliability import judge


@dataclass(frozen=True, kw_only=True)
class Rate:
    """One indicator's answers: ``states`` (n,) of :class:`AnswerState`, and the rate 0-1 it is held against, if any."""

    code: str
    states: NDArray[np.int8]
    target: float | None = None


@dataclass(frozen=True, kw_only=True)
class WaveAnswers:
    """What a wave's estimates are made of.

    ``unit_areas`` (n,): index into ``tree`` of each respondent's area. ``probability`` false: points without
    intervals, bands or claims. ``coaching``: code of the rate that tells who was told how to answer, if asked;
    ``headline``: codes recomputed without them where that calls for a warning. Areas on ``pooling_tier`` share a
    design: their design effects are pooled. ``level``: of the intervals.
    """

    rates: Sequence[Rate]
    tree: AreaTree
    unit_areas: IntArray
    design: SurveyDesign
    probability: bool
    pooling_tier: int
    coaching: str | None = None
    headline: frozenset[str] = frozenset()
    level: float = 0.95


def estimate_wave(answers: WaveAnswers) -> tuple[PublishedEstimate, ...]:
    """Every rate on both bases for the whole and for every area that has respondents, in the order of the areas."""
    domains = _domains(answers)
    asked = next((rate for rate in answers.rates if rate.code == answers.coaching), None)
    coached = asked.states == AnswerState.COUNTED if asked else np.zeros(len(answers.unit_areas), dtype=bool)
    warned = _warned(answers, asked, domains) if asked else frozenset()
    rows: list[PublishedEstimate] = []
    for rate in answers.rates:
        rows += _estimate_rate(answers, rate, domains, domains.present)
        if rate.code in answers.headline and warned:
            rows += _without_coached(answers, rate, domains, coached, warned)
    return tuple(rows)


@dataclass(frozen=True, kw_only=True)
class _Domains:
    """The whole is domain 0, area i is domain i + 1. Each respondent is in one domain per tier."""

    tiers: tuple[int | None, ...]  # (D,); None: the whole
    parents: tuple[int | None, ...]  # (D,)
    partitions: tuple[tuple[int | None, IntArray], ...]  # tier -> (n,) domain of each respondent, -1: none
    present: tuple[int, ...]  # domains with respondents, the whole always
    fractions: FloatArray  # (D,) respondents / eligible adults, 0 where unknown

    @property
    def count(self) -> int:
        return len(self.tiers)


def _domains(answers: WaveAnswers) -> _Domains:
    tree = answers.tree
    partitions: list[tuple[int | None, IntArray]] = [(None, np.zeros(len(answers.unit_areas), dtype=np.int64))]
    for tier in sorted(set(tree.tiers)):
        partitions.append((tier, (tree.ancestors_at(tier) + 1)[answers.unit_areas]))
    count = len(tree.codes) + 1
    partitions = [
        (tier, np.where(domain > 0, domain, -1) if tier is not None else domain) for tier, domain in partitions
    ]
    respondents = np.zeros(count)
    for _, domain in partitions:
        respondents += np.bincount(domain[domain >= 0], minlength=count)
    eligible = np.array([0, *(population or 0 for population in tree.populations)], dtype=np.float64)
    return _Domains(
        tiers=(None, *tree.tiers),
        parents=(None, *(0 if parent is None else parent + 1 for parent in tree.parents)),
        partitions=tuple(partitions),
        present=tuple(index for index in range(count) if index == 0 or respondents[index] > 0),
        fractions=np.divide(respondents, eligible, out=np.zeros(count), where=eligible > 0),
    )


@dataclass(frozen=True, kw_only=True)
class _OnBase:
    proportions: Proportions
    intervals: Intervals


def _on_base(
    answers: WaveAnswers, states: NDArray[np.int8], members: tuple[AnswerState, ...], domains: _Domains
) -> _OnBase:
    counted, in_base = states == AnswerState.COUNTED, np.isin(states, members)
    per_tier = {
        tier: estimate_proportions(
            answers.design, counted=counted, in_base=in_base, domains=partition, domain_count=domains.count
        )
        for tier, partition in domains.partitions
    }
    proportions = _merge([per_tier[tier] for tier in domains.tiers])
    pooled = pool(per_tier[answers.pooling_tier])
    return _OnBase(proportions=proportions, intervals=wilson_effective(proportions, pooled, answers.level))


def _merge(of_domain: Sequence[Proportions]) -> Proportions:
    """Domain i as its own tier's partition estimated it."""

    def picked(name: str) -> NDArray[np.float64]:
        return np.array([getattr(proportions, name)[index] for index, proportions in enumerate(of_domain)])

    return Proportions(
        n=picked("n").astype(np.int64),
        count=picked("count").astype(np.int64),
        proportion=picked("proportion"),
        variance=picked("variance"),
        df=picked("df").astype(np.int64),
        fraction=picked("fraction"),
    )


def _cells(sizes: Sequence[IntArray], count: IntArray, domains: _Domains) -> list[Cell]:
    return [
        Cell(sizes=tuple(int(size[index]) for size in sizes), count=int(count[index]), parent=domains.parents[index])
        for index in range(domains.count)
    ]


def _estimate_rate(
    answers: WaveAnswers,
    rate: Rate,
    domains: _Domains,
    wanted: Sequence[int],
    subset: Subset = Subset.ALL,
    hidden: frozenset[int] = frozenset(),
) -> list[PublishedEstimate]:
    on = {
        Base.ASKED: _on_base(answers, rate.states, ASKED, domains),
        Base.VALID: _on_base(answers, rate.states, VALID, domains),
    }
    sizes = [on[base].proportions.n for base in Base]
    hidden |= suppressed_cells(_cells(sizes, on[Base.ASKED].proportions.count, domains))
    rows: list[PublishedEstimate] = []
    for base in Base:
        shares = _shares(answers, rate.states, domains) if base is Base.ASKED else None
        found = {
            index: _publish(answers, rate, base, subset, index, on[base], domains, index in hidden, shares)
            for index in wanted
        }
        if base is Base.ASKED and subset is Subset.ALL and rate.target is not None:
            found = _with_bands(found, rate.target, on[base], domains)
        rows += found.values()
    return rows


def _publish(
    answers: WaveAnswers,
    rate: Rate,
    base: Base,
    subset: Subset,
    index: int,
    on: _OnBase,
    domains: _Domains,
    hidden: bool,
    shares: dict[AnswerState, FloatArray] | None,
) -> PublishedEstimate:
    area = None if index == 0 else answers.tree.codes[index - 1]
    empty = PublishedEstimate(
        indicator=rate.code, area=area, base=base, subset=subset, published=False, level=answers.level
    )
    proportions, intervals = on.proportions, on.intervals
    n, p = int(proportions.n[index]), float(proportions.proportion[index])
    if hidden:
        return replace(empty, reason=Reason.TOO_FEW)
    if n == 0:
        return replace(empty, reason=Reason.NOBODY_ASKED)
    point = replace(
        empty,
        published=True,
        n=n,
        proportion=p,
        shown_range=range_to_show(n, int(proportions.count[index]), float(domains.fractions[index])),
        target=rate.target if base is Base.ASKED and subset is Subset.ALL else None,
        dont_know_share=None if shares is None else float(shares[AnswerState.DONT_KNOW][index]),
        refusal_share=None if shares is None else float(shares[AnswerState.REFUSED][index]),
        no_answer_share=None if shares is None else float(shares[AnswerState.NO_ANSWER][index]),
    )
    reason = intervals.reasons[index] if answers.probability else Reason.NON_PROBABILITY
    if reason is not None:
        return replace(point, reason=reason)
    low, high = float(intervals.low[index]), float(intervals.high[index])
    n_effective = float(intervals.n_effective[index])
    return replace(
        point,
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


def _shares(answers: WaveAnswers, states: NDArray[np.int8], domains: _Domains) -> dict[AnswerState, FloatArray]:
    """Weighted shares of the asked who did not know, refused, or left no usable answer; (D,) each."""
    weights, asked = answers.design.weights, np.isin(states, ASKED)
    shares: dict[AnswerState, FloatArray] = {}
    for state in (AnswerState.DONT_KNOW, AnswerState.REFUSED, AnswerState.NO_ANSWER):
        part, whole = np.zeros(domains.count), np.zeros(domains.count)
        for _, domain in domains.partitions:
            inside = (domain >= 0) & asked
            part += sum_by(domain[inside], (weights * (states == state))[inside], domains.count)
            whole += sum_by(domain[inside], weights[inside], domains.count)
        shares[state] = np.divide(part, whole, out=np.zeros(domains.count), where=whole > 0)
    return shares


def _with_bands(
    found: dict[int, PublishedEstimate], target: float, on: _OnBase, domains: _Domains
) -> dict[int, PublishedEstimate]:
    """The same rows with bands: one family per tier, its reliable areas only."""
    banded = dict(found)
    for tier in dict.fromkeys(domains.tiers):
        family = [
            index
            for index, row in found.items()
            if domains.tiers[index] == tier and row.reliability is Reliability.RELIABLE
        ]
        members = [
            Member(
                proportion=float(on.proportions.proportion[index]),
                n=float(on.proportions.n[index]),
                n_effective=float(on.intervals.n_effective[index]),
                df=float(on.intervals.df[index]),
            )
            for index in family
        ]
        for index, band in zip(family, assign_bands(members, target), strict=True):
            banded[index] = replace(found[index], band=band)
    return banded


def _warned(answers: WaveAnswers, asked: Rate, domains: _Domains) -> frozenset[int]:
    """The domains where enough respondents say they were told how to answer."""
    valid = _on_base(answers, asked.states, VALID, domains).proportions
    return frozenset(
        index for index in domains.present if warns(respondents=int(valid.n[index]), coached=int(valid.count[index]))
    )


def _without_coached(
    answers: WaveAnswers, rate: Rate, domains: _Domains, coached: BoolArray, warned: frozenset[int]
) -> list[PublishedEstimate]:
    """The rate among those nobody told how to answer, where the warning stands.

    With and without them printed side by side, the answers of the coached follow by subtraction: they are a group
    like any other, and where it is too small the recomputed rate stays unprinted.
    """
    left_out = np.where(coached, rate.states, np.int8(AnswerState.OUTSIDE))
    group = [_on_base(answers, left_out, members, domains).proportions for members in (ASKED, VALID)]
    hidden = suppressed_cells(_cells([part.n for part in group], group[0].count, domains))
    remaining = replace(rate, states=np.where(coached, np.int8(AnswerState.OUTSIDE), rate.states))
    return _estimate_rate(answers, remaining, domains, sorted(warned), Subset.NOT_COACHED, hidden)
