"""What so many completes of a community can show and what they cannot, in words and side by side."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from analysis.sampling.small_samples import Question, Shown
from survey.messages import N_
from survey.reports.sample_plan_words import points, share
from survey.reports.wording import DASH, Say, count, percent, percent_range

#: Below the first nothing is published, below the second only with care.
LEAST_PUBLISHED, LEAST_COMPARED = 10, 30
#: A wrong verdict as seldom as this is called telling.
_SELDOM = 0.05


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """``can``, ``cannot``: whole sentences."""

    can: tuple[str, ...]
    cannot: tuple[str, ...]


def verdict(shown: Shown, question: Question, say: Say, *, level: float = 0.95) -> Verdict:
    """What ``shown.n`` completes of a community can show and what they cannot."""
    if math.isinf(shown.effective):
        return Verdict(
            can=(say(N_("每名成年人都回答了：查出来的就是全体的率，没有抽样误差。")),),
            cannot=(say(N_("说的是不是真话：被诱导、不愿说的误差还在。")), *_too_few(shown, say)),
        )
    rate, n = share(question.rate), count(shown.n)
    interval = N_("如果查出来正好是{rate}，真实的率大约在{low}到{high}之间（{level}区间）。")
    spread = N_(
        "不能排名次：{communities}个社区就算全都是{rate}，查出来最高与最低平均也相差{spread}个百分点，全是偶然。"
    )
    can = [say(interval, rate=rate, low=percent(shown.low, 1), high=percent(shown.high, 1), level=share(level))]
    cannot: list[str] = []
    (can if max(shown.falls_under, shown.passes) <= _SELDOM else cannot).append(_line_words(shown, question, say))
    places = {"n": n, "rate": rate, "power": share(question.power)}
    if shown.fall is None:
        cannot.append(say(N_("看不出下降：两轮各{n}户，就是从{rate}降到0，也没有{power}的把握看出来。"), **places))
    else:
        message = N_("两轮各{n}户，从{rate}降到{to}以下，才有{power}的把握看出来；更小的下降多半看不出。")
        can.append(say(message, **places, to=percent(question.rate - shown.fall, 1)))
    if shown.rise is None:
        cannot.append(say(N_("看不出上升：两轮各{n}户，就是从{rate}升到100%，也没有{power}的把握看出来。"), **places))
    else:
        message = N_("两轮各{n}户，从{rate}升到{to}以上，才有{power}的把握看出来；更小的上升多半看不出。")
        can.append(say(message, **places, to=percent(question.rate + shown.rise, 1)))
    cannot.append(say(spread, communities=question.communities, rate=rate, spread=points(shown.spread)))
    return Verdict(can=tuple(can), cannot=(*cannot, *_too_few(shown, say)))


def _too_few(shown: Shown, say: Say) -> tuple[str, ...]:
    if shown.n < LEAST_PUBLISHED:
        return (say(N_("不到{least}户的社区，数字不公布。"), least=LEAST_PUBLISHED),)
    if shown.n < LEAST_COMPARED:
        return (say(N_("不到{least}户的社区，数字注明“慎用”，不评判、不比较。"), least=LEAST_COMPARED),)
    return ()


def _line_words(shown: Shown, question: Question, say: Say) -> str:
    places = {"line": share(question.line), "rate": share(question.rate), "weak": share(question.weak)}
    if max(shown.falls_under, shown.passes) <= _SELDOM:
        message = N_(
            "能大致判断是否达到{line}：真是{rate}的社区落到线下的机会是{under}，真只有{weak}的过线的机会是{passes}。"
        )
    else:
        message = N_(
            "不能凭它判断是否达到{line}：真是{rate}的社区有{under}的机会落到线下，真只有{weak}的有{passes}的机会过线。"
        )
    return say(message, **places, under=chance(shown.falls_under), passes=chance(shown.passes))


def chance(probability: float) -> str:
    """A probability, small ones too.

    >>> chance(0.13295), chance(0.0004), chance(0.0)
    ('13%', '<0.1%', '<0.1%')
    """
    return "<0.1%" if probability < 0.001 else percent(probability, 0 if probability >= 0.02 else 1)


@dataclass(frozen=True, kw_only=True)
class ShownRow:
    name: str
    cells: tuple[str, ...]


def shown_rows(columns: Sequence[Shown], question: Question, say: Say) -> tuple[ShownRow, ...]:
    """Sizes side by side: a row for each thing they show, a cell for each size."""
    places = {"rate": share(question.rate), "line": share(question.line), "weak": share(question.weak)}
    rows: tuple[tuple[str, Callable[[Shown], str]], ...] = (
        (say(N_("相当于简单随机抽取（户）")), _effective),
        (say(N_("查出{rate}时的区间"), **places), _interval),
        (say(N_("区间平均 ±（百分点）")), lambda one: points(one.margin)),
        (say(N_("真是{rate}，却落到{line}以下的机会"), **places), lambda one: chance(one.falls_under)),
        (say(N_("真只有{weak}，却达到{line}的机会"), **places), lambda one: chance(one.passes)),
        (say(N_("看得出的最小下降（百分点）")), lambda one: optional_points(one.fall)),
        (say(N_("看得出的最小上升（百分点）")), lambda one: optional_points(one.rise)),
        (say(N_("{n}个同样的社区，最高减最低（百分点）"), n=question.communities), lambda one: points(one.spread)),
    )
    return tuple(ShownRow(name=name, cells=tuple(cell(one) for one in columns)) for name, cell in rows)


def _interval(shown: Shown) -> str:
    """Of a census none: nothing is left to chance."""
    return percent_range(shown.low, shown.high, 1) if math.isfinite(shown.effective) else DASH


def _effective(shown: Shown) -> str:
    return count(round(shown.effective)) if math.isfinite(shown.effective) else DASH


def optional_points(change: float | None) -> str:
    return DASH if change is None else points(change)
