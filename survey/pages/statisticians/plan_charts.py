"""The two curves beside a plan, with the figures they are drawn from: half-width against n, power against n."""

import math
from dataclasses import dataclass
from functools import lru_cache

from markupsafe import Markup

from analysis.sampling.binomial_power import chance_of_change, expected_half_width
from analysis.sampling.effective_size import effective_size
from analysis.sampling.sample_plan import Goal, PlanRequest
from analysis.sampling.sample_size import whole
from survey.messages import N_
from survey.reports.plan_charts import Curve, CurveChart, draw_curves, draw_line_sample, nice_end
from survey.reports.sample_plan_words import points, share
from survey.reports.wording import Say, count, percent

_STEPS = 40
_SMALLEST = 5
#: Sizes of the table of figures: each so many-th step.
_EACH = 4
#: Falls whose power is drawn where no change was named.
_FALLS = (0.05, 0.10, 0.15)


@dataclass(frozen=True, kw_only=True)
class DrawnChart:
    """``legend``: the line and its words; ``figures``: rows (n, a text for each line)."""

    drawing: Markup
    caption: str
    legend: tuple[tuple[Markup, str], ...]
    headings: tuple[str, ...]
    figures: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, kw_only=True)
class _Lines:
    """What is drawn, without words: kept as long as the request is the same."""

    sizes: tuple[int, ...]
    largest: float
    shares: tuple[tuple[float, ...], ...]
    changes: tuple[tuple[float, float], ...] = ()


def half_width_chart(request: PlanRequest, planned: int, say: Say) -> DrawnChart:
    """The published interval's half-width on average, by completes of a community."""
    found = _half_widths(request, planned)
    widths = found.shares[0]
    top = nice_end(max(widths[min(1, len(widths) - 1)], 1e-4))
    caption = say(
        N_("完成户数与区间的平均半宽（率{rate}，{level}区间）"),
        rate=share(request.question.rate),
        level=share(request.conditions.level),
    )
    chart = CurveChart(
        curves=(_curve(found, 0),), largest=found.largest, top=top, wanted=request.margin, planned=planned
    )
    return DrawnChart(
        drawing=draw_curves(chart, title=caption),
        caption=caption,
        legend=((draw_line_sample(0), say(N_("本站公布的区间（Wilson），±百分点"))),),
        headings=(say(N_("完成户数")), say(N_("± 百分点"))),
        figures=tuple((count(n), points(width)) for n, width in _some(found.sizes, widths)),
    )


def power_chart(request: PlanRequest, planned: int, say: Say) -> DrawnChart:
    """The chance that two waves of a size show a change."""
    found = _powers(request, planned)
    names = [say(N_("从{rate}到{to}"), rate=share(earlier), to=share(later)) for earlier, later in found.changes]
    caption = say(N_("每轮完成户数与看出变化的把握（双侧，{level}）"), level=share(request.conditions.level))
    chart = CurveChart(
        curves=tuple(_curve(found, number) for number in range(len(names))),
        largest=found.largest,
        top=1.0,
        wanted=request.question.power,
        planned=planned,
    )
    rows = zip(*(_some(found.sizes, shares) for shares in found.shares), strict=True)
    return DrawnChart(
        drawing=draw_curves(chart, title=caption),
        caption=caption,
        legend=tuple((draw_line_sample(number), name) for number, name in enumerate(names)),
        headings=(say(N_("每轮完成户数")), *names),
        figures=tuple((count(cells[0][0]), *(percent(chance) for _, chance in cells)) for cells in rows),
    )


@lru_cache(maxsize=64)
def _half_widths(request: PlanRequest, planned: int) -> _Lines:
    sizes, largest = _sizes(request, planned)
    rate, conditions = request.question.rate, request.conditions
    widths = tuple(expected_half_width(rate, effective_size(n, conditions), conditions.level) for n in sizes)
    return _Lines(sizes=sizes, largest=largest, shares=(widths,))


@lru_cache(maxsize=64)
def _powers(request: PlanRequest, planned: int) -> _Lines:
    sizes, largest = _sizes(request, planned)
    changes = _changes(request)
    shares = tuple(tuple(_power(earlier, later, n, request) for n in sizes) for earlier, later in changes)
    return _Lines(sizes=sizes, largest=largest, shares=shares, changes=changes)


def _power(earlier: float, later: float, n: int, request: PlanRequest) -> float:
    effective = effective_size(n, request.conditions)
    return (
        1.0 if math.isinf(effective) else chance_of_change(earlier, later, whole(effective), request.conditions.level)
    )


def _changes(request: PlanRequest) -> tuple[tuple[float, float], ...]:
    """The change that was named and the same the other way; otherwise some falls, or rises where there is no room."""
    rate = request.question.rate
    if request.later is not None and request.goal is not Goal.MARGIN:
        wanted = [request.later, round(2 * rate - request.later, 12)]
    elif rate > _FALLS[-1]:
        wanted = [round(rate - fall, 12) for fall in _FALLS]
    else:
        wanted = [round(rate + fall, 12) for fall in _FALLS]
    return tuple((rate, later) for later in wanted if 0 < later < 1)


def _sizes(request: PlanRequest, planned: int) -> tuple[tuple[int, ...], float]:
    """Sizes to twice the planned one, at least to 150, and to the last of the population."""
    largest = nice_end(max(150, 2 * planned))
    most = request.conditions.population
    end = int(largest) if most is None else min(int(largest), most)
    steps = sorted({max(min(_SMALLEST, end), round(end * step / _STEPS)) for step in range(1, _STEPS + 1)})
    return tuple(steps), largest


def _curve(lines: _Lines, number: int) -> Curve:
    return Curve(points=tuple(zip(map(float, lines.sizes), lines.shares[number], strict=True)))


def _some(sizes: tuple[int, ...], shares: tuple[float, ...]) -> list[tuple[int, float]]:
    pairs = list(zip(sizes, shares, strict=True))
    return pairs[_EACH - 1 :: _EACH] or pairs
