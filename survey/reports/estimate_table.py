"""The estimates of a run with everything a statistician asks of them: n, effective n, design effect, df, method, flags.

Areas and groups are shown in whole percents, like in reports. Where only a range may be shown, nothing else is: error,
effective size and whether the design effect was pooled would tell whether all or all but one answered alike.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from markupsafe import Markup

from analysis.publication import Base, Method, PublishedEstimate, Subset
from survey.areas import Area
from survey.messages import N_
from survey.reports.charts import MarkedRate, draw_rate, draw_scale
from survey.reports.figure_table import Figure, FigureRow, FigureTable, LateDrawing
from survey.reports.tables import mark_of
from survey.reports.view import View
from survey.reports.wording import (
    DASH,
    Say,
    count,
    has_interval,
    interval_words,
    percent,
    rate_words,
    remark,
    target_words,
)

METHOD_WORDS: Mapping[Method, str] = {Method.WILSON_EFFECTIVE: N_("Wilson（有效样本量、t分布）")}
BASE_WORDS: Mapping[Base, str] = {Base.ASKED: N_("全部被问到的人"), Base.VALID: N_("有效回答")}
SUBSET_WORDS: Mapping[Subset, str] = {
    Subset.ALL: "",
    Subset.NOT_COACHED: N_("去掉被授意者"),
    Subset.OPEN_LINK: N_("公开链接、纸质"),
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
NOTHING = Figure(text=DASH)
#: Figures kept written: a table of a whole wave has some ten thousand, and every page of it is of the same table.
_REMEMBERED = 20_000


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
        aside=(HEADINGS.index("区间方法"),),
        scale=rate_scale(say),
    )


def rate_scale(say: Say) -> Markup:
    """The head of a column of drawings of rates."""
    return draw_scale(title=say(N_("各行的图以0到100%为横轴")), size=12)


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
    return FigureRow(
        names=row.names,
        codes=row.codes,
        figures=figures_of(estimate, digits, say),
        drawing=LateDrawing(partial(drawing_of, estimate, " ".join(row.names), digits)),
        words=flags(estimate, say),
    )


def drawing_of(estimate: PublishedEstimate, name: str, digits: int) -> Markup:
    """The mark of one rate on the scale from 0 to 100 %; nothing where nothing is published."""
    if not estimate.published:
        return Markup()
    low, high = estimate.shown_range or (estimate.low, estimate.high)
    marked = MarkedRate(
        mark=mark_of(estimate), proportion=estimate.proportion, low=low, high=high, target=estimate.target
    )
    interval, told = interval_words(estimate, digits), rate_words(estimate, digits)
    return draw_rate(marked, title=f"{name} {told}" if interval == DASH else f"{name} {told} ({interval})")


def figures_of(estimate: PublishedEstimate, digits: int, say: Say) -> tuple[Figure, ...]:
    """In the order of :data:`HEADINGS`."""
    if not estimate.published:
        return (NOTHING,) * len(HEADINGS)
    exact = has_interval(estimate)

    def if_exact(value: float | None) -> float | None:
        return value if exact else None

    se, method = if_exact(estimate.se), estimate.method if exact else None
    shares = (estimate.dont_know_share, estimate.refusal_share, estimate.no_answer_share)
    return (
        rate_figure(estimate, digits),
        percent_figure(if_exact(estimate.low), digits),
        percent_figure(if_exact(estimate.high), digits),
        Figure(text=count(estimate.n), value=estimate.n),
        number(if_exact(estimate.n_effective), 0),
        number(if_exact(estimate.design_effect), 2),
        number(if_exact(estimate.df), 0),
        number(None if se is None else 100 * se, 2 if digits else 1),
        Figure(text=DASH if not exact or estimate.pooled is None else say(N_("是") if estimate.pooled else N_("否"))),
        Figure(text=say(METHOD_WORDS[method]) if method else DASH),
        *(percent_figure(None if estimate.shown_range else share, digits) for share in shares),
    )


def rate_figure(estimate: PublishedEstimate, digits: int) -> Figure:
    """The rate, or the range that is shown in its place."""
    if estimate.published and estimate.shown_range is not None:
        return Figure(text=rate_words(estimate, digits))
    return percent_figure(estimate.proportion if estimate.published else None, digits)


@lru_cache(maxsize=_REMEMBERED)
def percent_figure(rate: float | None, digits: int) -> Figure:
    """A rate 0-1 in percent.

    >>> percent_figure(0.876, 0)
    Figure(text='88%', value=88.0)
    """
    return NOTHING if rate is None else Figure(text=percent(rate, digits), value=float(f"{100 * rate:.{digits}f}"))


@lru_cache(maxsize=_REMEMBERED)
def number(value: float | None, digits: int) -> Figure:
    """A number with so many decimals, in a file as on the page.

    >>> number(1234.567, 1)
    Figure(text='1,234.6', value=1234.6)
    """
    return NOTHING if value is None else Figure(text=f"{value:,.{digits}f}", value=float(f"{value:.{digits}f}"))


def flags(estimate: PublishedEstimate, say: Say) -> str:
    """Reliability, reason, range, band: everything that is to be known before the number is used."""
    return target_words(estimate, say) if estimate.published else remark(estimate, say)
