"""A plan for one community: what is wanted, how many completes and cases that takes, and what they will show."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from analysis.sampling.binomial_power import expected_half_width
from analysis.sampling.effective_size import (
    MOST,
    Conditions,
    PlanOutOfRange,
    cases_for,
    effective_size,
)
from analysis.sampling.sample_size import (
    Size,
    Sizes,
    margin_of,
    power_of_change,
    size_for_change,
    size_for_margin,
)
from analysis.sampling.small_samples import Question, Shown, what_shows


class Goal(StrEnum):
    MARGIN = "margin"
    CHANGE = "change"
    GIVEN = "given"  # the number of completes is given; what does it show?


@dataclass(frozen=True, kw_only=True)
class PlanRequest:
    """``question.rate``: the rate expected (for CHANGE that of the earlier wave); ``margin`` for MARGIN, ``later`` for
    CHANGE (with GIVEN its power is told), ``completes`` for GIVEN.
    """

    goal: Goal
    margin: float | None = None
    later: float | None = None
    completes: int | None = None
    question: Question = field(default_factory=Question)
    conditions: Conditions = field(default_factory=Conditions)


@dataclass(frozen=True, kw_only=True)
class PlanResult:
    """``sizes``: what the goal takes, ``None`` for GIVEN; ``planned``: the larger of both; ``margins`` and ``powers``
    of it: (by the normal approximation, exactly as published), ``powers`` where a change was named.
    """

    request: PlanRequest
    sizes: Sizes | None
    planned: Size
    margins: tuple[float, float]
    powers: tuple[float, float] | None
    shown: Shown


def work_out(request: PlanRequest) -> PlanResult:
    """Raises :class:`PlanOutOfRange` and :class:`analysis.sampling.effective_size.OutOfReach`.

    >>> found = work_out(PlanRequest(goal=Goal.MARGIN, margin=0.07, conditions=Conditions(population=1778)))
    >>> found.sizes.normal.completes, found.planned.completes, round(found.margins[1], 4)
    (68, 69, 0.0695)
    """
    sizes = _sizes(request)
    planned = _given(request) if sizes is None else max(sizes.normal, sizes.published, key=lambda size: size.completes)
    rate, conditions, n = request.question.rate, request.conditions, planned.completes
    return PlanResult(
        request=request,
        sizes=sizes,
        planned=planned,
        margins=margin_of(rate, n, conditions),
        powers=None if request.later is None else power_of_change(rate, request.later, n, conditions),
        shown=what_shows(n, request.question, conditions),
    )


def _sizes(request: PlanRequest) -> Sizes | None:
    rate, conditions = request.question.rate, request.conditions
    if request.goal is Goal.MARGIN:
        return size_for_margin(rate, _needed(request.margin, "margin"), conditions)
    if request.goal is Goal.CHANGE:
        return size_for_change(rate, _needed(request.later, "later"), conditions, power=request.question.power)
    return None


def _given(request: PlanRequest) -> Size:
    completes, population = request.completes, request.conditions.population
    most = MOST if population is None else min(MOST, population)
    if completes is None or not 1 <= completes <= most:
        raise PlanOutOfRange("completes", math.nan if completes is None else completes, f"1 <= x <= {most}")
    effective = effective_size(completes, request.conditions)
    return Size(effective=effective, completes=completes, cases=cases_for(completes, request.conditions))


def _needed(number: float | None, name: str) -> float:
    if number is None:
        raise PlanOutOfRange(name, math.nan, "0 < x < 1")
    return number


@dataclass(frozen=True, kw_only=True)
class Part:
    """One community of an allocation: ``size`` as a share of all communities (eligible adults, or dwellings), its
    expected ``rate`` and ``completes``.
    """

    size: float
    rate: float
    completes: int
    conditions: Conditions


def margin_of_all(parts: Sequence[Part], level: float) -> float | None:
    """The published interval's half-width of the rate of all communities together, on average.

    p = Σ W p_h and v = Σ W² p_h (1-p_h) / n_eff,h; n_eff = p (1-p) / v. ``None`` where a community has nobody.

    Two equal halves of 50 each are one sample of 100:

    >>> half = Part(size=1.0, rate=0.5, completes=50, conditions=Conditions())
    >>> round(margin_of_all([half, half], 0.95), 4), round(expected_half_width(0.5, 100), 4)
    (0.0957, 0.0957)
    """
    total = sum(part.size for part in parts)
    if not parts or total <= 0 or any(part.size > 0 and part.completes < 1 for part in parts):
        return None
    shares = [part.size / total for part in parts]
    rate = sum(share * part.rate for share, part in zip(shares, parts, strict=True))
    variance = sum(
        share**2 * part.rate * (1 - part.rate) / effective_size(part.completes, part.conditions)
        for share, part in zip(shares, parts, strict=True)
        if share > 0
    )
    return expected_half_width(rate, rate * (1 - rate) / variance if variance > 0 else math.inf, level)
