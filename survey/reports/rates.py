"""The rates of a report: sections with a heading, a table with its drawings, and notes; for web page and PDF."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from markupsafe import Markup

from analysis.integrity.coaching import COUNT_FROM_CASES, NAME_FROM_RESPONDENTS
from analysis.publication import PublishedEstimate, Subset
from questionnaires.definition import Indicator, IndicatorSet, Questionnaire
from survey.areas import Area
from survey.messages import N_
from survey.reports.charts import Mark, draw_sample
from survey.reports.tables import (
    POOLED_SIGN,
    Look,
    NamedRate,
    Table,
    area_rates,
    mark_of,
    named_rates,
    rate_table,
    targets_of,
)
from survey.reports.view import COACHING, DECOY, View
from survey.reports.wording import Say, count, has_interval, join, percent, rate_words
from survey.runs import ASSUMED_SRS, EstimateRun
from survey.terms import COACHING_TEXT

#: The name of the first section.
HEADLINE = "headline"
NOT_COACHED = "not-coached"
OPEN_LINK = "open-link"


@dataclass(frozen=True, kw_only=True)
class LegendEntry:
    """A mark and what it means."""

    sample: Markup
    words: str


@dataclass(frozen=True, kw_only=True)
class RatesSection:
    """``warnings`` stand above the table; below it the ``legend`` (of the first section only) and the ``notes``."""

    name: str  # unique in the document
    heading: str
    table: Table
    warnings: tuple[str, ...] = ()
    legend: tuple[LegendEntry, ...] = ()
    notes: tuple[str, ...] = ()


def compose_rates(
    *,
    questionnaire: Questionnaire,
    area: Area | None,
    areas: Sequence[Area],
    estimates: Sequence[PublishedEstimate],
    run: EstimateRun,
    language: str,
) -> tuple[RatesSection, ...]:
    """The sections for one area, or for the whole (``area`` ``None``) with its parts in the order of their codes.

    ``areas`` is the whole frame.
    """
    view = View(questionnaire=questionnaire, area=area, areas=areas, estimates=estimates, run=run, language=language)
    return sections_of(view, Look())


def sections_of(view: View, look: Look) -> tuple[RatesSection, ...]:
    """As :func:`compose_rates`, for a view that exists already."""
    say = view.say
    composed = [
        _headline(view, look),
        _without_coached(view, look),
        _of_set(view, look, IndicatorSet.DOMAIN, "domain", say(N_("分项满意率"))),
        _of_set(view, look, IndicatorSet.OTHER, "other", say(N_("其他指标"))),
        _honesty(view, look),
    ]
    if view.area is None:
        composed += [_by_area(view, look, indicator) for indicator in view.indicators(IndicatorSet.HEADLINE)]
    composed.append(_open_link(view, look))
    sections = [section for section in composed if section is not None]
    if sections:
        sections[0] = replace(sections[0], legend=_legend(view))
    return tuple(sections)


def _legend(view: View) -> tuple[LegendEntry, ...]:
    """The marks in use anywhere in the report: explained once."""
    return legend_of((*view.shown(), *view.open_link()), view.run, view.say)


def legend_of(estimates: Iterable[PublishedEstimate], run: EstimateRun, say: Say) -> tuple[LegendEntry, ...]:
    """The marks that these estimates are drawn with."""
    words = {
        Mark.INTERVAL: say(N_("估计值和{level}置信区间"), level=percent(run.level)),
        Mark.CARE: say(N_("慎用：人数少或区间宽")),
        Mark.POINT: say(N_("只有估计值，没有区间")),
        Mark.RANGE: say(N_("只显示范围")),
        Mark.TARGET: say(N_("目标")),
    }
    shown = [estimate for estimate in estimates if estimate.published]
    used = {mark_of(estimate) for estimate in shown}
    if any(estimate.target is not None for estimate in shown):
        used.add(Mark.TARGET)
    return tuple(
        LegendEntry(sample=draw_sample(mark, title=words[mark]), words=words[mark]) for mark in Mark if mark in used
    )


def _headline(view: View, look: Look) -> RatesSection | None:
    section = _of_set(view, look, IndicatorSet.HEADLINE, HEADLINE, view.say(N_("总体指标")))
    if section is None:
        return None
    return replace(section, warnings=_coaching_warnings(view), notes=(*_reading_notes(view), *section.notes))


def _of_set(view: View, look: Look, wanted: IndicatorSet, name: str, heading: str) -> RatesSection | None:
    rates = named_rates(view, view.indicators(wanted))
    return _section(view, look, rates, name=name, heading=heading)


def _section(
    view: View, look: Look, rates: Sequence[NamedRate], *, name: str, heading: str, notes: tuple[str, ...] = ()
) -> RatesSection | None:
    """Rates of the report's own area, one indicator in each row."""
    if not rates:
        return None
    names = view.say(N_("指标"))
    table = rate_table(view, rates, caption=heading, names=names, digits=view.digits, look=look, name_targets=True)
    return RatesSection(name=name, heading=heading, table=table, notes=(*notes, *_pooled_note(view, rates)))


DECOY_TEXT = N_("误认率：说听说过一个并不存在的称号的人所占的比例。这些人容易什么都说知道，知晓率要对照它来看。")

COUNTED_TEXT = N_(
    "说有人告诉过怎么回答的人（或说没有的人）不足{least}人时，被授意率只显示范围，免得有人去找这几个人；"
    "由别的地区能推算出来的，也只显示范围。"
)


def _told_by_range(rates: Sequence[NamedRate]) -> bool:
    return any(rate.asked.indicator == COACHING and rate.asked.shown_range is not None for rate in rates)


def _honesty(view: View, look: Look) -> RatesSection | None:
    """Coaching, outreach reach, decoys recognised; the coaching rate is drawn on its valid base."""
    say, indicators = view.say, view.indicators(IndicatorSet.HONESTY)
    rates = [
        replace(rate, drawn=rate.valid)
        if indicator.code == COACHING and rate.valid is not None and rate.valid.published
        else rate
        for indicator in indicators
        for rate in named_rates(view, [indicator])
    ]
    notes = (
        say(COACHING_TEXT),
        say(N_("有效回答不足{least}人的地区不单列被授意率。"), least=NAME_FROM_RESPONDENTS),
        *([say(COUNTED_TEXT, least=COUNT_FROM_CASES)] if _told_by_range(rates) else []),
        *([say(DECOY_TEXT)] if any(indicator.code == DECOY for indicator in indicators) else []),
    )
    return _section(view, look, rates, name="honesty", heading=say(N_("诚信指标")), notes=notes)


def _without_coached(view: View, look: Look) -> RatesSection | None:
    """Where the coaching warning stands: the headline rates of those nobody told how to answer, if any may be shown."""
    rates = _rates_without_coached(view)
    if not any(rate.asked.published for rate in rates):
        return None
    kept_back = view.say(
        N_(
            "没有列出的：说有人告诉过他们怎么回答的人很少，或者这些人的回答几乎一样，两个比例相减就会说出他们是怎么答的。"
        )
    )
    notes = () if all(rate.asked.published for rate in rates) else (kept_back,)
    heading = view.say(N_("去掉被授意者后的总体指标"))
    return _section(view, look, rates, name=NOT_COACHED, heading=heading, notes=notes)


def _rates_without_coached(view: View) -> Sequence[NamedRate]:
    if view.coaching_warning() is None:
        return ()
    return named_rates(view, view.indicators(IndicatorSet.HEADLINE), Subset.NOT_COACHED)


def _open_link(view: View, look: Look) -> RatesSection | None:
    """What those answered who chose themselves: apart from the sample, points without intervals or targets."""
    say = view.say
    sets = (IndicatorSet.HEADLINE, IndicatorSet.DOMAIN, IndicatorSet.OTHER, IndicatorSet.HONESTY)
    indicators = [i for wanted in sets for i in view.indicators(wanted, Subset.OPEN_LINK)]
    rates = named_rates(view, indicators, Subset.OPEN_LINK)
    notes = (
        say(
            N_(
                "拿到链接或问卷的人都可以填答：{number}份答卷只代表填答的人。没有区间，不与目标比较，也不并入样本的任何数字。"
            ),
            number=count(view.run.open_responses),
        ),
    )
    heading = say(N_("公开链接和纸质问卷的回答（非概率样本）"))
    return _section(view, look, _without_empty_rows(view, rates), name=OPEN_LINK, heading=heading, notes=notes)


def _without_empty_rows(view: View, rates: Sequence[NamedRate]) -> Sequence[NamedRate]:
    """Where every rate is hidden, one row says so instead of a page of dashes."""
    if not rates or any(rate.drawn.published for rate in rates):
        return rates
    return [replace(rates[0], name=view.say(N_("全部指标")))]


def _by_area(view: View, look: Look, indicator: Indicator) -> RatesSection | None:
    say = view.say
    rates = area_rates(view, indicator)
    if not rates:
        return None
    heading = say(N_("{label}：各{level}"), label=view.label(indicator), level=view.level_name())
    return RatesSection(
        name=f"areas-{indicator.code.lower().replace('_', '-')}",
        heading=heading,
        table=rate_table(
            view, rates, caption=heading, names=view.level_name(), digits=0, look=look, name_targets=False
        ),
        notes=(
            *(say(N_("目标{target}。"), target=target) for target in targets_of(rates)),
            say(N_("按代码排列，不是名次；不能由此比较地区之间的高低。")),
            *_pooled_note(view, rates),
        ),
    )


def _coaching_warnings(view: View) -> tuple[str, ...]:
    say = view.say
    warnings: list[str] = []
    if view.run.design is None:
        warnings.append(say(N_("非概率样本：这些数字只说明填答的人，不能代表居民，也不能用来比较社区。")))
    if (found := view.coaching_warning()) is not None:
        rate = rate_words(found, view.digits)
        warnings.append(say(_warning_text(view), rate=rate))
    if view.area is None:
        named = [view.part_name(code) for code in view.part_codes() if view.coaching_warning(code) is not None]
        if named:
            warnings.append(say(N_("被授意率达到警示线的地区（按代码排列）：{areas}。"), areas=join(named, say)))
    return tuple(warnings)


def _warning_text(view: View) -> str:
    """With where to look further; where nothing can be compared, why not."""
    without = _rates_without_coached(view)
    if all(rate.asked.published for rate in without):
        return N_("{rate}的有效回答者说有人告诉过他们怎么回答。下列比例可能偏高，请与去掉这些人后的比例对照。")
    if any(rate.asked.published for rate in without):
        return N_("{rate}的有效回答者说有人告诉过他们怎么回答。下列比例可能偏高；去掉这些人后的比例只有一部分能列出。")
    return N_(
        "{rate}的有效回答者说有人告诉过他们怎么回答。下列比例可能偏高；"
        "去掉这些人后的比例不列出：与下列比例相减，会说出这些人是怎么答的。"
    )


def _reading_notes(view: View) -> tuple[str, ...]:
    """How the figures are to be read; below the first table, and meant for all."""
    say = view.say
    notes = [
        say(N_("比例以全部被问到的人为基数；有效比例的基数不含说不清、拒答和未作答。")),
        say(
            N_("“人数”是每一行自己的基数：没有被问到这一题的、回答没有这种经历的不算在内，所以各行不同，也少于答卷数。")
        ),
    ]
    if view.run.design is None:
        notes.append(say(N_("非概率样本：只有估计值，没有置信区间，不能推断到全体居民。")))
    else:
        notes.append(say(N_("区间只反映抽样误差。")))
    if any(estimate.band is not None for estimate in view.shown()):
        corrected = N_("与目标的比较把同一指标的各地区一起校正，比单个区间更谨慎：区间不含目标，也可能仍看不出差别。")
        notes.append(say(corrected))
    if view.run.design == ASSUMED_SRS:
        notes.append(say(N_("设计为假定：答卷当作简单随机样本计算，区间的前提没有得到证实。")))
    return tuple(notes)


def _pooled_note(view: View, rates: Sequence[NamedRate]) -> tuple[str, ...]:
    if not any(rate.asked.pooled and has_interval(rate.asked) for rate in rates):
        return ()
    return (view.say(N_("{sign} 区间用同一设计的各地区合并的设计效应算出。"), sign=POOLED_SIGN),)
