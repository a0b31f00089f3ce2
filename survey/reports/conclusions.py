"""What the figures allow one to say, and what not: plain sentences that depend on the data."""

from collections.abc import Iterable, Sequence

from analysis.publication import Band, PublishedEstimate, Reliability
from questionnaires.definition import Indicator, IndicatorSet
from survey.messages import N_
from survey.reports.facts import WaveFacts
from survey.reports.view import View
from survey.reports.wording import (
    as_set,
    has_interval,
    interval_words,
    join,
    percent,
    rate_words,
)
from survey.runs import ASSUMED_SRS

#: An interval at least this wide is called wide by name.
WIDE = 0.20

Pair = tuple[Indicator, PublishedEstimate]


def allowed(view: View) -> tuple[str, ...]:
    """One sentence for each headline rate that stands firm, with its verdict against the target."""
    sentences = [_rate_sentence(view, indicator, estimate) for indicator, estimate in _firm(view)]
    if not sentences:
        sentences.append(view.say(N_("本报告的数据不足以对总体指标下结论。")))
    return tuple(sentences)


def not_allowed(view: View, wave: WaveFacts) -> tuple[str, ...]:
    """What a reader might be tempted to say, and why it does not follow."""
    return (*_about_data(view, wave), *_about_figures(view), *_always(view))


def _rate_sentence(view: View, indicator: Indicator, estimate: PublishedEstimate) -> str:
    say = view.say
    verdicts = {Band.ABOVE: N_("明显高于目标{target}"), Band.BELOW: N_("明显低于目标{target}")}
    sentence = say(
        N_("{label}约为{rate}，{level}置信区间{interval}"),
        label=view.label(indicator),
        rate=rate_words(estimate, view.digits),
        level=percent(estimate.level),
        interval=interval_words(estimate, view.digits),
    )
    if estimate.band in verdicts and estimate.target is not None:
        verdict = say(verdicts[estimate.band], target=as_set(estimate.target))
        sentence = say(N_("{first}；{second}"), first=sentence, second=verdict)
    return say(N_("{sentence}。"), sentence=sentence)


def _about_data(view: View, wave: WaveFacts) -> list[str]:
    say, design = view.say, view.run.design
    sentences: list[str] = []
    if wave.details.fictitious:
        sentences.append(say(N_("数据是虚构的，只为演示：任何数字都不反映实际情况。")))
    if design is None:
        sentences.append(say(N_("样本不是按概率抽取的，结果只代表答卷的人，不能推断到全体居民。")))
    elif design == ASSUMED_SRS:
        sentences.append(
            say(N_("设计为假定：区间以简单随机抽样为前提，这个前提没有得到证实，不能当作有设计保证的精度。"))
        )
    if view.coaching_warning() is not None:
        sentences.append(say(N_("有人被告知过怎么回答：不能把总体比例当作没有受到影响的结果。")))
    return sentences


def _about_figures(view: View) -> list[str]:
    say = view.say
    pairs = _pairs(view)
    sentences: list[str] = []
    if undecided := [p for p in _firm(view) if p[1].band is Band.INDISTINGUISHABLE]:
        sentences.append(
            say(N_("{labels}与目标看不出差别：不能说已经达到，也不能说没有达到。"), labels=_labels(view, undecided))
        )
    if careful := [p for p in pairs if has_interval(p[1]) and p[1].reliability is Reliability.WITH_CARE]:
        sentences.append(
            say(N_("{labels}标为慎用：不能与目标、其他地区或其他轮次比较。"), labels=_labels(view, careful))
        )
    if wide := [p for p in _firm(view) if _span(p[1]) >= WIDE]:
        points = round(100 * max(_span(estimate) for _, estimate in wide))
        sentences.append(
            say(
                N_("{labels}的区间宽达{points}个百分点：不能只引用一个数字。"),
                labels=_labels(view, wide),
                points=points,
            )
        )
    if ranged := [p for p in pairs if p[1].shown_range is not None]:
        sentences.append(
            say(N_("{labels}只显示范围，以免看出个人的回答：不能取其中一个数。"), labels=_labels(view, ranged))
        )
    if absent := [p for p in pairs if not p[1].published]:
        sentences.append(say(N_("{labels}样本不足，没有数字：不能由其他数字推算。"), labels=_labels(view, absent)))
    return sentences


def _always(view: View) -> list[str]:
    say = view.say
    sentences = [
        say(N_("不能给地区排名次、发红黄牌，也不能据此考核个人：名次的先后大多出于偶然。")),
        _about_other_waves(view),
    ]
    if view.run.design is not None:
        sentences.append(say(N_("区间只反映抽样误差：没有访到的人、措辞和不实回答造成的偏差不在其中。")))
    return sentences


def _about_other_waves(view: View) -> str:
    """Where a comparison is printed, it says what may be said; elsewhere nobody is to make one by hand."""
    if any(change.finding is not None for change in view.changes):
        return view.say(N_("不能把两轮的数字直接相减：只有“与上一轮相比”里写明上升或下降的，差别才超出误差。"))
    return view.say(N_("不能与其他轮次直接相减：措辞、总体和调查方式相同才可比，差别还须超出误差。"))


def _pairs(view: View) -> list[Pair]:
    """Headline and domain rates of the report's own area."""
    wanted = (*view.indicators(IndicatorSet.HEADLINE), *view.indicators(IndicatorSet.DOMAIN))
    return [(indicator, found) for indicator in wanted if (found := view.find(indicator)) is not None]


def _firm(view: View) -> list[Pair]:
    """Headline rates with an interval that need no care."""
    return [
        (indicator, estimate)
        for indicator, estimate in _pairs(view)
        if indicator.set is IndicatorSet.HEADLINE
        and has_interval(estimate)
        and estimate.reliability is not Reliability.WITH_CARE
    ]


def _labels(view: View, pairs: Iterable[Pair]) -> str:
    labels: Sequence[str] = [view.label(indicator) for indicator, _ in pairs]
    if len(labels) <= 4:
        return join(labels, view.say)
    return view.say(N_("{labels}等{number}项"), labels=join(labels[:3], view.say), number=len(labels))


def _span(estimate: PublishedEstimate) -> float:
    return (estimate.high or 0.0) - (estimate.low or 0.0)
