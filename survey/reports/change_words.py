"""A change in words: 上升 or 下降 only with a finding, else 看不出变化 with its interval, or why it is not compared.

The numbers are made from the figures that are printed of both waves, rate and limits in whole percents (one decimal for
the whole), and from nothing else. So whoever has both reports could work them out: they tell nothing of the exact
rates, neither of an area nor, by subtracting areas from their whole, of one that is suppressed. (Rounding the exact
difference would: 84.6 and 85.4 are both printed as 85, and "+1" would tell where in the rounding they lie.)
"""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.estimation.mover import mover
from analysis.publication import Change, ChangeFinding, NotCompared, PublishedEstimate
from survey.messages import N_
from survey.reports.wording import DASH, Say

FINDING_WORDS: Mapping[ChangeFinding, str] = {
    ChangeFinding.ROSE: N_("上升"),
    ChangeFinding.FELL: N_("下降"),
    ChangeFinding.NO_CHANGE: N_("看不出变化"),
}
#: A finding is told by sign and words.
FINDING_SIGNS: Mapping[ChangeFinding, str] = {
    ChangeFinding.ROSE: "↑",
    ChangeFinding.FELL: "↓",
    ChangeFinding.NO_CHANGE: "≈",
}

REASONS: Mapping[NotCompared, str] = {
    NotCompared.NON_PROBABILITY: N_("有一轮是非概率样本"),
    NotCompared.NOT_ASKED_BEFORE: N_("上一轮没有这个指标"),
    NotCompared.WORDING: N_("题目、选项或算法与上一轮不同"),
    NotCompared.POPULATION: N_("调查总体或有答卷的社区与上一轮不同"),
    NotCompared.NO_EARLIER_ANSWERS: N_("上一轮这里没有答卷"),
    NotCompared.MODE_MIX: N_("调查方式的构成与上一轮相差超过10个百分点"),
    NotCompared.SUPPRESSED: N_("有一轮样本不足，没有数字"),
    NotCompared.SHOWN_AS_RANGE: N_("有一轮只显示范围"),
    NotCompared.NO_INTERVAL: N_("有一轮没有区间"),
    NotCompared.WITH_CARE: N_("有一轮标为慎用"),
}
#: The same in a cell.
SHORT_REASONS: Mapping[NotCompared, str] = {
    NotCompared.NON_PROBABILITY: N_("非概率样本"),
    NotCompared.NOT_ASKED_BEFORE: N_("上一轮没问"),
    NotCompared.WORDING: N_("问法不同"),
    NotCompared.POPULATION: N_("总体不同"),
    NotCompared.NO_EARLIER_ANSWERS: N_("上一轮没有答卷"),
    NotCompared.MODE_MIX: N_("方式不同"),
    NotCompared.SUPPRESSED: N_("样本不足"),
    NotCompared.SHOWN_AS_RANGE: N_("只有范围"),
    NotCompared.NO_INTERVAL: N_("没有区间"),
    NotCompared.WITH_CARE: N_("慎用"),
}


@dataclass(frozen=True, kw_only=True)
class Points:
    """A difference and its limits in percentage points, with ``digits`` decimals."""

    difference: float
    low: float
    high: float
    digits: int


def points_of(change: Change, earlier: PublishedEstimate, later: PublishedEstimate, digits: int) -> Points | None:
    """The numbers of a finding from what is printed of both rates; ``None`` where nothing was found.

    85 % (77 to 91), then 91 % (84 to 95): 6 points, 6 − √(7² + 6²) to 6 + √(4² + 8²).

    >>> def rate(p, low, high):
    ...     from analysis.publication import Base
    ...     return PublishedEstimate(indicator="i", area="a", base=Base.ASKED, published=True, proportion=p, low=low,
    ...                              high=high)
    >>> found = Change(indicator="i", area="a", level=0.95, finding=ChangeFinding.NO_CHANGE)
    >>> points_of(found, rate(0.848, 0.769, 0.906), rate(0.912, 0.841, 0.953), 0)
    Points(difference=6.0, low=-3.0, high=15.0, digits=0)
    """
    if change.finding is None:
        return None
    before, now = _printed(earlier, digits), _printed(later, digits)
    if before is None or now is None:
        return None
    low, high = mover(before, now)
    # A finding is that 0 lies outside; rounded figures may not say the contrary.
    if change.finding is ChangeFinding.ROSE:
        low = max(low, 0.0)
    if change.finding is ChangeFinding.FELL:
        high = min(high, 0.0)
    difference = now[1] - before[1]
    return Points(
        difference=round(difference, digits) + 0.0,
        low=round(low, digits) + 0.0,
        high=round(high, digits) + 0.0,
        digits=digits,
    )


def _printed(estimate: PublishedEstimate, digits: int) -> tuple[float, float, float] | None:
    """(low, rate, high) in percent, as :func:`survey.reports.wording.percent` writes them."""
    low, rate, high = estimate.low, estimate.proportion, estimate.high
    if low is None or rate is None or high is None:
        return None
    return _rounded(low, digits), _rounded(rate, digits), _rounded(high, digits)


def _rounded(rate: float, digits: int) -> float:
    return float(f"{100 * rate:.{digits}f}")


def signed(points: float, digits: int) -> str:
    """With its sign, as figures are set.

    >>> signed(3, 0), signed(-2.5, 1), signed(0.0, 0)
    ('+3', '−2.5', '0')
    """
    text = f"{points:+.{digits}f}".replace("-", "−")
    return text[1:] if points == 0 else text


def sentence(change: Change, points: Points | None, say: Say) -> str:
    """What may be said of one change, with the interval whatever it is.

    >>> from survey.reports.wording import speaker
    >>> rose = Change(indicator="i", area="a", level=0.95, finding=ChangeFinding.ROSE)
    >>> sentence(rose, Points(difference=8, low=1, high=15, digits=0), speaker("zh_Hans"))
    '↑ 上升8个百分点（区间+1至+15）'
    >>> sentence(rose, Points(difference=0, low=0, high=1, digits=0), speaker("zh_Hans"))
    '↑ 上升不到1个百分点（区间0至+1）'
    """
    if change.finding is None or points is None:
        return say(N_("不能比较：{reason}"), reason=reason_words(change.reason, say))
    words = {
        ChangeFinding.ROSE: N_("上升{points}个百分点（区间{low}至{high}）"),
        ChangeFinding.FELL: N_("下降{points}个百分点（区间{low}至{high}）"),
        ChangeFinding.NO_CHANGE: N_("看不出变化（{points}个百分点，区间{low}至{high}）"),
    }
    less = {
        ChangeFinding.ROSE: N_("上升不到{points}个百分点（区间{low}至{high}）"),
        ChangeFinding.FELL: N_("下降不到{points}个百分点（区间{low}至{high}）"),
    }
    least = 10.0**-points.digits
    moved = points.difference if change.finding is ChangeFinding.ROSE else -points.difference
    told, number = words[change.finding], f"{moved:.{points.digits}f}"
    if change.finding is ChangeFinding.NO_CHANGE:
        number = signed(points.difference, points.digits)
    elif moved < least:
        told, number = less[change.finding], f"{least:.{points.digits}f}"
    return f"{FINDING_SIGNS[change.finding]} " + say(
        told, points=number, low=signed(points.low, points.digits), high=signed(points.high, points.digits)
    )


def cell_words(change: Change | None, points: Points | None, say: Say) -> tuple[str, str]:
    """The same in a cell of a table: the word, and below it the figures or the reason."""
    if change is None:
        return DASH, ""
    if change.finding is None or points is None:
        return say(N_("不能比较")), "" if change.reason is None else say(SHORT_REASONS[change.reason])
    figures = say(
        N_("{points}（{low}至{high}）"),
        points=signed(points.difference, points.digits),
        low=signed(points.low, points.digits),
        high=signed(points.high, points.digits),
    )
    return f"{FINDING_SIGNS[change.finding]} {say(FINDING_WORDS[change.finding])}", figures


def reason_words(reason: NotCompared | None, say: Say) -> str:
    return DASH if reason is None else say(REASONS[reason])
