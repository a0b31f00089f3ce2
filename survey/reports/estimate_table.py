"""The estimates of a run with everything a statistician asks of them: n, effective n, design effect, df, method, flags.

Areas and groups are shown in whole percents, like in reports. Where only a range may be shown, nothing else is: error,
effective size and whether the design effect was pooled would tell whether all or all but one answered alike.
"""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from analysis.publication import Base, Method, PublishedEstimate, Subset
from survey.areas import Area
from survey.messages import N_
from survey.reports.charts import MarkedRate, draw_rate, draw_scale
from survey.reports.figure_table import Figure, FigureRow, FigureTable
from survey.reports.tables import mark_of
from survey.reports.view import View
from survey.reports.wording import (
    DASH,
    Say,
    aim_words,
    count,
    has_interval,
    interval_words,
    percent,
    rate_words,
    remark,
)

METHOD_WORDS: Mapping[Method, str] = {Method.WILSON_EFFECTIVE: N_("Wilson（有效样本量、t分布）")}
BASE_WORDS: Mapping[Base, str] = {Base.ASKED: N_("全部被问到的人"), Base.VALID: N_("有效回答")}
SUBSET_WORDS: Mapping[Subset, str] = {
    Subset.ALL: "",
    Subset.NOT_COACHED: N_("去掉被授意者"),
    Subset.OPEN_LINK: N_("公开链接"),
}
HEADINGS = (
    N_("比例（%）"),
    N_("区间下限（%）"),
    N_("区间上限（%）"),
    N_("人数 n"),
    N_("有效样本量"),
    N_("设计效应"),
    N_("自由度"),
    N_("标准误（百分点）"),
    N_("合并设计效应"),
    N_("区间方法"),
    N_("说不清（%）"),
    N_("拒答（%）"),
    N_("未作答（%）"),
)
_NOTHING = Figure(text=DASH)


@dataclass(frozen=True, kw_only=True)
class Named:
    """One row to be: what it is called, and with how many decimals it is shown."""

    names: tuple[str, ...]
    codes: tuple[str, ...]
    estimate: PublishedEstimate
    digits: int


def estimate_table(
    say: Say, rows: Sequence[Named], *, caption: str, names: Sequence[str], codes: Sequence[str]
) -> FigureTable:
    return FigureTable(
        caption=caption,
        names=tuple(names),
        codes=tuple(codes),
        figures=tuple(say(heading) for heading in HEADINGS),
        rows=tuple(_row(say, row) for row in rows),
        remark=say(N_("说明")),
        scale=draw_scale(title=say(N_("各行的图以0到100%为横轴")), size=12),
    )


def area_rows(view: View, estimates: Sequence[PublishedEstimate], *, bases: Collection[Base]) -> list[Named]:
    """Every estimate by rate, area, base: named by rate, area and base. Areas stand by code, never by rate."""
    rates = {indicator.code: (place, indicator) for place, indicator in enumerate(view.questionnaire.indicators)}
    places = {code: place for place, code in enumerate(sorted(area.code for area in view.areas))}
    labels = area_labels(view.areas)
    found = []
    for estimate in estimates:
        place, indicator = rates.get(estimate.indicator, (0, None))
        if indicator is None or estimate.base not in bases:
            continue
        shown = view.find(indicator, estimate.base, estimate.subset, area=estimate.area) or estimate
        key = (
            place,
            list(Subset).index(estimate.subset),
            -1 if estimate.area is None else places.get(estimate.area, len(places)),
            list(Base).index(estimate.base),
        )
        area = view.say(N_("全部地区")) if estimate.area is None else labels.get(estimate.area, estimate.area)
        names = (view.label(indicator), area, who_words(estimate, view.say))
        digits = 1 if estimate.area is None else 0
        codes = (estimate.indicator, estimate.area or "")
        found.append((key, Named(names=names, codes=codes, estimate=shown, digits=digits)))
    return [named for _, named in sorted(found, key=lambda pair: pair[0])]


def area_labels(areas: Sequence[Area]) -> dict[str, str]:
    """Code -> name, with the code where two share one."""
    often = Counter(area.name for area in areas)
    return {area.code: f"{area.name} {area.code}" if often[area.name] > 1 else area.name for area in areas}


def who_words(estimate: PublishedEstimate, say: Say) -> str:
    """Who stands in the denominator."""
    who, part = say(BASE_WORDS[estimate.base]), SUBSET_WORDS[estimate.subset]
    return say(N_("{base}（{part}）"), base=who, part=say(part)) if part else who


def _row(say: Say, row: Named) -> FigureRow:
    estimate, digits = row.estimate, row.digits
    words = flags(estimate, say)
    return FigureRow(
        names=row.names,
        codes=row.codes,
        figures=figures_of(estimate, digits, say),
        drawing=_drawing(estimate, " ".join(row.names), digits),
        words=words,
    )


def _drawing(estimate: PublishedEstimate, name: str, digits: int) -> Markup:
    if not estimate.published:
        return Markup()
    low, high = estimate.shown_range or (estimate.low, estimate.high)
    marked = MarkedRate(
        mark=mark_of(estimate), proportion=estimate.proportion, low=low, high=high, target=estimate.target
    )
    interval = interval_words(estimate, digits)
    told = rate_words(estimate, digits)
    return draw_rate(marked, title=f"{name} {told}" if interval == DASH else f"{name} {told} ({interval})")


def figures_of(estimate: PublishedEstimate, digits: int, say: Say) -> tuple[Figure, ...]:
    """In the order of :data:`HEADINGS`."""
    if not estimate.published:
        return (_NOTHING,) * len(HEADINGS)
    exact = has_interval(estimate)
    rate = Figure(text=rate_words(estimate, digits)) if estimate.shown_range else _points(estimate.proportion, digits)

    def if_exact(value: float | None, tell: Callable[[float], Figure]) -> Figure:
        return _NOTHING if value is None or not exact else tell(value)

    method = None if estimate.method is None else say(METHOD_WORDS[estimate.method])
    return (
        rate,
        if_exact(estimate.low, lambda low: _points(low, digits)),
        if_exact(estimate.high, lambda high: _points(high, digits)),
        Figure(text=count(estimate.n), value=estimate.n),
        if_exact(estimate.n_effective, lambda n: _number(n, 0)),
        if_exact(estimate.design_effect, lambda effect: _number(effect, 2)),
        if_exact(estimate.df, lambda df: _number(df, 0)),
        if_exact(estimate.se, lambda se: _number(100 * se, 2 if digits else 1)),
        Figure(text=DASH if not exact or estimate.pooled is None else say(N_("是") if estimate.pooled else N_("否"))),
        Figure(text=method if exact and method else DASH),
        *(
            _NOTHING if share is None or estimate.shown_range else _points(share, digits)
            for share in (estimate.dont_know_share, estimate.refusal_share, estimate.no_answer_share)
        ),
    )


def _points(rate: float | None, digits: int) -> Figure:
    return _NOTHING if rate is None else Figure(text=percent(rate, digits), value=round(100 * rate, digits) + 0.0)


def _number(value: float, digits: int) -> Figure:
    return Figure(text=f"{value:,.{digits}f}", value=round(value, digits) + 0.0)


def flags(estimate: PublishedEstimate, say: Say) -> str:
    """Reliability, reason, range, band: everything that is to be known before the number is used."""
    told = [remark(estimate, say)]
    if estimate.published and estimate.target is not None:
        told.append(aim_words(estimate.target, say))
    return say(N_("；")).join(word for word in told if word)
