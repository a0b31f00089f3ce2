"""The rates of a wave by sex, age, mode and whatever else divides the whole.

Groups are of the whole and never of an area: a table of areas by groups has two margins, and both are printed. Each
division alone is a sum of groups, suppressed as a city of communities is; then it is looked at beside all areas and
the divisions before it (:mod:`analysis.divisions`).
"""

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from analysis.design import BoolArray, FloatArray
from analysis.divisions import CrossedDivisions, Decision, Division
from analysis.domains import Domains, RateTotals
from analysis.estimation.intervals import Pooled, pool, wilson_effective
from analysis.estimation.proportions import Proportions
from analysis.integrity.coaching import NAME_FROM_RESPONDENTS
from analysis.publication import Base, PublishedEstimate, Reason
from analysis.rows import shares_of_asked, with_interval, with_point, with_shares
from analysis.wave_estimates import Rate, WaveAnswers


def estimate_groups(
    answers: WaveAnswers, divisions: Sequence[Division], indicators: Collection[str] | None = None
) -> dict[str, tuple[PublishedEstimate, ...]]:
    """For each division the rates of its groups on both bases, the group's code in place of an area's.

    ``divisions``: in the order in which they are decided; what is shown of one depends on those before it, never on
    those after it. ``indicators``: the codes wanted; ``None``: all. Raises :class:`analysis.design.DesignError` for a
    division that is not of these respondents.
    """
    areas = Domains(design=answers.design, tree=answers.tree, unit_areas=answers.unit_areas)
    crossed = CrossedDivisions(areas, divisions)
    found: dict[str, list[PublishedEstimate]] = {division.name: [] for division in divisions}
    rates = [rate for rate in answers.rates if indicators is None or rate.code in indicators]
    coaching = next((place for place, rate in enumerate(rates) if rate.code == answers.coaching), None)
    decisions = crossed.decide([rate.states for rate in rates], coaching=coaching)
    for rate, decided in zip(rates, decisions, strict=True):
        for division, domains, (decision, totals) in zip(divisions, crossed.domains, decided, strict=True):
            found[division.name] += _rows(answers, rate, domains, decision, totals)
    return {name: tuple(rows) for name, rows in found.items()}


def _rows(
    answers: WaveAnswers, rate: Rate, domains: Domains, decision: Decision, totals: RateTotals
) -> list[PublishedEstimate]:
    on, shares = totals.on, shares_of_asked(totals)
    hidden = {*(group + 1 for group in decision.hidden), *_unnamed(answers, rate, on[Base.VALID], domains)}
    guarded = np.concatenate([[False], decision.guarded])
    quiet = {*hidden, *(group + 1 for group in decision.ranges)}
    rows = []
    for place, (base, proportions) in enumerate(on.items()):
        pooled, guards = _pooled(proportions, quiet, guarded, domains)
        intervals = wilson_effective(proportions, pooled, answers.level, guarded=guards)
        for index in range(1, domains.count):
            row = PublishedEstimate(
                indicator=rate.code,
                area=domains.code(index),
                base=base,
                published=False,
                level=answers.level,
                reason=Reason.NOBODY_ASKED,
            )
            if index in hidden:
                row = replace(row, reason=Reason.TOO_FEW)
            elif proportions.n[index] > 0 and index in quiet:  # its other numbers would tell where in the range it is
                shown = decision.ranges[index - 1][place]
                row = replace(row, published=True, reason=None, n=int(proportions.n[index]), shown_range=shown)
            elif proportions.n[index] > 0:
                row = with_point(row, proportions, index, shown_range=None, target=None)
                row = with_interval(row, proportions, intervals, index, probability=answers.probability)
                row = with_shares(row, shares, index) if base is Base.ASKED else row
            rows.append(row)
    return rows


def _unnamed(answers: WaveAnswers, rate: Rate, valid: Proportions, domains: Domains) -> set[int]:
    """Groups too small to have a coaching rate named for them."""
    if rate.code != answers.coaching:
        return set()
    return {index for index in range(1, domains.count) if 0 < valid.n[index] < NAME_FROM_RESPONDENTS}


def _pooled(
    proportions: Proportions, hidden: Collection[int], guarded: BoolArray, domains: Domains
) -> tuple[Pooled, FloatArray | None]:
    """The design effect of the groups whose own variances may be known, and what stands in for it where there is none.

    Groups go through all communities, so that what unequal weights cost is in their design effects already; where no
    group may tell, single units in strata are at most as bad as a simple sample, and unequal weights come on top.
    """
    shown = ~guarded
    shown[[0, *hidden]] = False
    found = pool(proportions.only(shown))
    if found.df == 0 and domains.design.psus is None:
        return Pooled(design_effect=1.0, df=int(proportions.df[1:].sum())), domains.weight_effects()
    return found, np.where(guarded, 1.0, 0.0) if guarded.any() else None
