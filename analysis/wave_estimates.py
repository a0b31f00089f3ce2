"""From coded answers to the estimates of a whole wave: every rate, base and area, ready to be shown.

The order of decisions is fixed: estimate, disclosure, interval (nothing printed in it may tell about a suppressed
group), reliability, bands (over the reliable only).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analysis.answers import AnswerState
from analysis.area_ranges import alike_counts, area_ranges, coached_counts
from analysis.areas import AreaTree
from analysis.design import BoolArray, IntArray, SurveyDesign
from analysis.disclosure import Cell, Suppression, suppress, suppress_parts
from analysis.domains import Domains, RateTotals
from analysis.estimation.intervals import wilson_effective
from analysis.integrity.coaching import NAME_FROM_RESPONDENTS, warns
from analysis.pooled_designs import guarded_domains, pooled_design
from analysis.publication import Base, PublishedEstimate, Reason, Subset
from analysis.rows import shares_of_asked, with_bands, with_interval, with_point, with_shares
from analysis.shown_ranges import Ranges, in_points


@dataclass(frozen=True, kw_only=True, eq=False)
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
    design: their design effects are pooled. ``level``: of the intervals. ``subset``: who they are, as the rows say it.
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
    subset: Subset = Subset.ALL


def estimate_wave(answers: WaveAnswers, also: Mapping[str, Suppression] | None = None) -> tuple[PublishedEstimate, ...]:
    """Every rate on both bases for the whole and for every area that has respondents, in the order of the areas.

    ``also``: indicator -> what must stay unprinted because of what is printed elsewhere; domains are counted as in
    :class:`analysis.domains.Domains`.

    Raises :class:`analysis.design.DesignError` when arrays differ in length or a respondent has no area.
    """
    domains = Domains(design=answers.design, tree=answers.tree, unit_areas=answers.unit_areas)
    asked = next((rate for rate in answers.rates if rate.code == answers.coaching), None)
    totals = dict(zip(answers.rates, domains.totals([rate.states for rate in answers.rates]), strict=True))
    coached = asked.states == AnswerState.COUNTED if asked else np.zeros(len(answers.unit_areas), dtype=bool)
    rows: list[PublishedEstimate] = []
    warned = _warned(totals[asked], domains) if asked else frozenset()
    counted = warned.difference(_ranges(answers, asked, totals[asked], frozenset(), domains)) if asked else warned
    for rate in answers.rates:
        cells = _cells(totals[rate], domains)
        found = _with(suppress(cells), (also or {}).get(rate.code))
        rows += _rows(
            answers, rate, answers.subset, domains.present, totals[rate], _named(answers, rate, cells, found), domains
        )
        if rate.code in answers.headline and warned:
            rows += _without_coached(answers, rate, domains, coached, (warned, counted), cells, found)
    return tuple(rows)


def _with(found: Suppression, also: Suppression | None) -> Suppression:
    if also is None:
        return found
    return Suppression(hidden=found.hidden | also.hidden, over=(found.over | also.over) - also.hidden)


def _cells(totals: RateTotals, domains: Domains) -> list[Cell]:
    return domains.cells([totals.on[base].n for base in Base], totals.on[Base.ASKED].count)


def _named(answers: WaveAnswers, rate: Rate, cells: Sequence[Cell], found: Suppression) -> Suppression:
    """No area with few answers is named for its coaching rate."""
    if rate.code != answers.coaching:
        return found
    few = {index for index, cell in enumerate(cells) if index and 0 < cell.sizes[-1] < NAME_FROM_RESPONDENTS}
    return Suppression(hidden=found.hidden | few, over=found.over - few)


def _warned(asked: RateTotals, domains: Domains) -> frozenset[int]:
    """The domains where enough respondents say they were told how to answer, if that may be known at all."""
    hidden = suppress(_cells(asked, domains)).hidden
    valid = asked.on[Base.VALID]
    return frozenset(
        index
        for index in domains.present
        if index not in hidden and warns(respondents=int(valid.n[index]), coached=int(valid.count[index]))
    )


def _without_coached(
    answers: WaveAnswers,
    rate: Rate,
    domains: Domains,
    coached: BoolArray,
    where: tuple[frozenset[int], frozenset[int]],
    cells: Sequence[Cell],
    found: Suppression,
) -> list[PublishedEstimate]:
    """The rate among those nobody told how to answer. ``where``: the domains with the warning, and those among them
    whose coached may be counted, as the number of those who remain counts them.

    With and without them printed side by side, the answers of the coached follow by subtraction: where that tells too
    much about them, or about those who remain, the recomputed rate stays unprinted.
    """
    outside = np.int8(AnswerState.OUTSIDE)
    of_coached, remaining = domains.totals(
        [np.where(coached, rate.states, outside), np.where(coached, outside, rate.states)]
    )
    parts = _cells(of_coached, domains)
    warned, counted = where
    unprinted = found.hidden | (frozenset(range(domains.count)) - counted)
    return _rows(
        answers,
        rate,
        Subset.NOT_COACHED,
        sorted(warned),
        remaining,
        suppress_parts(cells, parts, unprinted, domains.fractions.tolist()),
        domains,
    )


def _rows(
    answers: WaveAnswers,
    rate: Rate,
    subset: Subset,
    wanted: Sequence[int],
    totals: RateTotals,
    found: Suppression,
    domains: Domains,
) -> list[PublishedEstimate]:
    on, shares = totals.on, shares_of_asked(totals)
    ranges = _ranges(answers, rate, totals, found.hidden, domains)
    quiet = found.hidden | ranges.keys()
    guarded = guarded_domains(found.over | _above(ranges, quiet, domains), domains)
    rows: list[PublishedEstimate] = []
    for position, base in enumerate(Base):
        proportions = on[base]
        pooled, between = pooled_design(proportions, quiet, guarded, domains, answers.pooling_tier)
        guards = np.where(guarded, domains.weight_effects(between=between), 0.0) if guarded.any() else None
        intervals = wilson_effective(proportions, pooled, answers.level, guarded=guards)
        target = rate.target if base is Base.ASKED and subset is Subset.ALL else None
        of_domain: dict[int, PublishedEstimate] = {}
        for index in wanted:
            row = _without_numbers(answers, rate, subset, base, domains.code(index))
            if index in found.hidden:
                row = replace(row, reason=Reason.TOO_FEW)
            elif proportions.n[index] > 0:
                shown = ranges[index][position] if index in ranges else None
                row = with_point(row, proportions, index, shown_range=shown, target=target)
                row = with_interval(row, proportions, intervals, index, probability=answers.probability)
                row = with_shares(row, shares, index) if base is Base.ASKED else row
            of_domain[index] = row
        rows += with_bands(of_domain, target, proportions, intervals, domains).values()
    return rows


def _without_numbers(
    answers: WaveAnswers, rate: Rate, subset: Subset, base: Base, area: str | None
) -> PublishedEstimate:
    return PublishedEstimate(
        indicator=rate.code,
        area=area,
        base=base,
        subset=subset,
        published=False,
        level=answers.level,
        reason=Reason.NOBODY_ASKED,
    )


def _ranges(
    answers: WaveAnswers, rate: Rate, totals: RateTotals, hidden: frozenset[int], domains: Domains
) -> dict[int, Ranges]:
    """What is printed in place of the points of those domains that tell too much about a few people."""
    cells = _cells(totals, domains)
    if rate.code == answers.coaching:
        needed = coached_counts(cells)
    else:
        needed = alike_counts(cells, hidden, domains.fractions.tolist())
    return {
        index: in_points(counts, cells[index].sizes, [float(totals.on[base].proportion[index]) for base in Base])
        for index, counts in area_ranges(cells, hidden, needed).items()
    }


def _above(ranges: Mapping[int, object], quiet: Collection[int], domains: Domains) -> frozenset[int]:
    """The nearest sums printed exactly above those that are shown as a range: their variance may tell about these."""
    found = set()
    for index in ranges:
        above = domains.parents[index]
        while above is not None and above in quiet:
            above = domains.parents[above]
        if above is not None:
            found.add(above)
    return frozenset(found)
