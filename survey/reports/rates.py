"""The rates of a report: sections with a heading, charts, a table and notes, the same for web page and PDF."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from analysis.integrity.coaching import NAME_FROM_RESPONDENTS
from analysis.publication import Base, PublishedEstimate, Reliability, Subset
from questionnaires.definition import Indicator, IndicatorSet, Questionnaire
from survey.areas import Area
from survey.messages import N_
from survey.reports.charts import WIDTH, ChartRow, Mark, interval_chart
from survey.reports.facts import RunFacts
from survey.reports.tables import POOLED_SIGN, NamedRate, Table, area_rates, named_rates, rate_table
from survey.reports.view import COACHING, View
from survey.reports.wording import (
    ASSUMED_DESIGN,
    as_set,
    has_interval,
    interval_words,
    join,
    percent,
    rate_words,
    reason_words,
    remark,
)

#: The name of the first section.
HEADLINE = "headline"
NOT_COACHED = "not-coached"
#: Longer lists of areas become several charts, so that each fits on a page.
ROWS_A_CHART = 20


@dataclass(frozen=True, kw_only=True)
class RatesSection:
    """``warnings`` stand above the charts, ``notes`` below the table. ``name`` is unique in the document."""

    name: str
    heading: str
    charts: tuple[Markup, ...]
    table: Table | None
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def compose_rates(
    *,
    questionnaire: Questionnaire,
    area: Area | None,
    areas: Sequence[Area],
    estimates: Sequence[PublishedEstimate],
    run: RunFacts,
    language: str,
    font_family: str = "inherit",
) -> tuple[RatesSection, ...]:
    """The sections for one area, or for the whole (``area`` ``None``) with its parts in the order of their codes.

    ``areas`` is the whole frame. On a web page the charts inherit the page's font.
    """
    view = View(questionnaire=questionnaire, area=area, areas=areas, estimates=estimates, run=run, language=language)
    return sections_of(view, font_family=font_family, width=WIDTH)


def sections_of(view: View, *, font_family: str, width: int) -> tuple[RatesSection, ...]:
    """As :func:`compose_rates`, for a view that exists already."""
    drawing = _Drawing(view=view, font_family=font_family, width=width)
    say = view.say
    sections = [
        _headline(drawing),
        _without_coached(drawing),
        _of_set(drawing, IndicatorSet.DOMAIN, "domain", say(N_("分项满意率"))),
        _of_set(drawing, IndicatorSet.OTHER, "other", say(N_("其他指标"))),
        _honesty(drawing),
    ]
    if view.area is None:
        sections += [_by_area(drawing, indicator) for indicator in view.indicators(IndicatorSet.HEADLINE)]
    return tuple(section for section in sections if section is not None)


@dataclass(frozen=True, kw_only=True)
class _Drawing:
    view: View
    font_family: str
    width: int

    def chart(self, rates: Sequence[NamedRate], *, name: str, title: str, digits: int) -> Markup:
        say = self.view.say
        return interval_chart(
            [_chart_row(self.view, rate.name, rate.asked, digits) for rate in rates],
            prefix=f"chart-{name}",
            title=title,
            description=say(N_("每行一个估计值和它的区间，横轴从0到100%；数字同下表。")),
            legend=self._legend(),
            font_family=self.font_family,
            width=self.width,
        )

    def _legend(self) -> Mapping[Mark, str]:
        say = self.view.say
        return {
            Mark.INTERVAL: say(N_("估计值和{level}置信区间"), level=percent(self.view.run.level)),
            Mark.CARE: say(N_("慎用：人数少或区间宽")),
            Mark.POINT: say(N_("只有估计值，没有区间")),
            Mark.RANGE: say(N_("只显示范围")),
            Mark.TARGET: say(N_("目标")),
        }


def _chart_row(view: View, name: str, estimate: PublishedEstimate, digits: int) -> ChartRow:
    """One estimate as a row; the band is told in words beside the number."""
    if not estimate.published:
        return ChartRow(label=name, mark=Mark.ABSENT, words=reason_words(estimate.reason, view.say))
    rate = rate_words(estimate, digits)
    target = estimate.target
    verdict = remark(estimate, view.say)
    if estimate.shown_range is not None:
        low, high = estimate.shown_range
        return ChartRow(label=name, mark=Mark.RANGE, value=rate, low=low, high=high, target=target)
    if not has_interval(estimate):
        return ChartRow(label=name, mark=Mark.POINT, value=rate, proportion=estimate.proportion, target=target)
    numbers = view.say(N_("{rate} ({interval})"), rate=rate, interval=interval_words(estimate, digits))
    return ChartRow(
        label=name,
        mark=Mark.CARE if estimate.reliability is Reliability.WITH_CARE else Mark.INTERVAL,
        value=numbers,
        verdict=verdict,
        proportion=estimate.proportion,
        low=estimate.low,
        high=estimate.high,
        target=target,
    )


def _headline(drawing: _Drawing) -> RatesSection | None:
    view = drawing.view
    section = _of_set(drawing, IndicatorSet.HEADLINE, HEADLINE, view.say(N_("总体指标")))
    if section is None:
        return None
    return RatesSection(
        name=section.name,
        heading=section.heading,
        charts=section.charts,
        table=section.table,
        warnings=_coaching_warnings(view),
        notes=_reading_notes(view),
    )


def _of_set(drawing: _Drawing, wanted: IndicatorSet, name: str, heading: str) -> RatesSection | None:
    view = drawing.view
    rates = named_rates(view, view.indicators(wanted))
    if not rates:
        return None
    return RatesSection(
        name=name,
        heading=heading,
        charts=(drawing.chart(rates, name=name, title=heading, digits=view.digits),),
        table=_table(view, rates, heading, view.digits),
        notes=_pooled_note(view, rates) if wanted is not IndicatorSet.HEADLINE else (),
    )


def _honesty(drawing: _Drawing) -> RatesSection | None:
    """Coaching and outreach reach."""
    view, say = drawing.view, drawing.view.say
    indicators = view.indicators(IndicatorSet.HONESTY)
    rates = named_rates(view, indicators)
    if not rates:
        return None
    heading = say(N_("诚信指标"))
    drawn = [_honesty_rate(view, indicator) for indicator in indicators]
    notes = [
        say(N_("被授意率是被告知过怎么回答的人的比例，以有效回答为基数；它是警示，不是成绩。")),
        say(N_("有效回答不足{least}人的地区不单列被授意率。"), least=NAME_FROM_RESPONDENTS),
    ]
    return RatesSection(
        name="honesty",
        heading=heading,
        charts=(drawing.chart(drawn, name="honesty", title=heading, digits=view.digits),),
        table=_table(view, rates, heading, view.digits),
        notes=(*notes, *_pooled_note(view, rates)),
    )


def _honesty_rate(view: View, indicator: Indicator) -> NamedRate:
    """What the chart draws: the coaching rate on its valid base, the others as asked."""
    asked, valid = view.find(indicator), view.find(indicator, Base.VALID)
    drawn = valid if indicator.code == COACHING else asked
    if drawn is None:
        raise ValueError(f"{indicator.code}: got no estimate on its base, expected one")
    name = view.label(indicator)
    if indicator.code == COACHING:
        name = view.say(N_("{label}（有效回答）"), label=name)
    return NamedRate(name=name, asked=drawn, valid=valid)


def _without_coached(drawing: _Drawing) -> RatesSection | None:
    """Where the coaching warning stands: the headline rates of those nobody told how to answer."""
    view = drawing.view
    if view.coaching_warning() is None:
        return None
    rates = named_rates(view, view.indicators(IndicatorSet.HEADLINE), Subset.NOT_COACHED)
    if not rates:
        return None
    heading = view.say(N_("去掉被授意者后的总体指标"))
    return RatesSection(
        name=NOT_COACHED,
        heading=heading,
        charts=(drawing.chart(rates, name=NOT_COACHED, title=heading, digits=view.digits),),
        table=_table(view, rates, heading, view.digits),
    )


def _by_area(drawing: _Drawing, indicator: Indicator) -> RatesSection | None:
    view, say = drawing.view, drawing.view.say
    rates = area_rates(view, indicator)
    if not rates:
        return None
    heading = say(N_("{label}：各{level}"), label=view.label(indicator), level=view.level_name())
    name = f"areas-{indicator.code.lower().replace('_', '-')}"
    chunks = [rates[start : start + ROWS_A_CHART] for start in range(0, len(rates), ROWS_A_CHART)]
    charts = tuple(
        drawing.chart(chunk, name=f"{name}-{number}", title=heading, digits=0)
        for number, chunk in enumerate(chunks, start=1)
    )
    return RatesSection(
        name=name,
        heading=heading,
        charts=charts,
        table=rate_table(view, rates, caption=heading, first=view.level_name(), digits=0, with_targets=False),
        notes=(
            *_target_note(view, rates),
            say(N_("按代码排列，不是名次；不能由此比较地区之间的高低。")),
            *_pooled_note(view, rates),
        ),
    )


def _table(view: View, rates: Sequence[NamedRate], caption: str, digits: int) -> Table:
    return rate_table(view, rates, caption=caption, first=view.say(N_("指标")), digits=digits)


def _coaching_warnings(view: View) -> tuple[str, ...]:
    say = view.say
    warnings: list[str] = []
    if (found := view.coaching_warning()) is not None:
        rate = rate_words(found, view.digits)
        warnings.append(
            say(
                N_("{rate}的有效回答者说有人告诉过他们怎么回答。下列比例可能偏高，请与去掉这些人后的比例对照。"),
                rate=rate,
            )
        )
    if view.area is None:
        named = [view.part_name(code) for code in view.part_codes() if view.coaching_warning(code) is not None]
        if named:
            warnings.append(say(N_("被授意率达到警示线的地区（按代码排列）：{areas}。"), areas=join(named, say)))
    return tuple(warnings)


def _reading_notes(view: View) -> tuple[str, ...]:
    """How the figures are to be read; below the first table, and meant for all."""
    say = view.say
    notes = [say(N_("比例以全部被问到的人为基数；有效比例的基数不含说不清、拒答和未作答。"))]
    if view.run.design is None:
        notes.append(say(N_("非概率样本：只有估计值，没有置信区间，不能推断到全体居民。")))
    else:
        notes.append(say(N_("区间只反映抽样误差。")))
    if view.run.design == ASSUMED_DESIGN:
        notes.append(say(N_("设计为假定：答卷当作简单随机样本计算，区间的前提没有得到证实。")))
    return (*notes, *_pooled_note(view, named_rates(view, view.indicators(IndicatorSet.HEADLINE))))


def _target_note(view: View, rates: Sequence[NamedRate]) -> tuple[str, ...]:
    targets = {rate.asked.target for rate in rates if rate.asked.target is not None}
    return tuple(view.say(N_("目标{target}。"), target=as_set(target)) for target in sorted(targets))


def _pooled_note(view: View, rates: Sequence[NamedRate]) -> tuple[str, ...]:
    if not any(rate.asked.pooled and has_interval(rate.asked) for rate in rates):
        return ()
    return (view.say(N_("{sign} 本地样本太少，区间用同一设计各地区合并的设计效应算出。"), sign=POOLED_SIGN),)
