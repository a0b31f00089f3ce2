"""The words and number formats that pages and reports share: percents, intervals, bands, reasons, modes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from analysis.publication import Band, PublishedEstimate, Reason, Reliability, Subset
from survey.i18n import translate
from survey.messages import N_
from survey.waves import Approval, Mode, WaveDetails

DASH = "—"
BEIJING = ZoneInfo("Asia/Shanghai")

BAND_WORDS: Mapping[Band, str] = {
    Band.ABOVE: N_("明显高于目标"),
    Band.INDISTINGUISHABLE: N_("与目标看不出差别"),
    Band.BELOW: N_("明显低于目标"),
}
#: The same with the target named.
TARGET_WORDS: Mapping[Band, str] = {
    Band.ABOVE: N_("明显高于目标{target}"),
    Band.INDISTINGUISHABLE: N_("与目标{target}看不出差别"),
    Band.BELOW: N_("明显低于目标{target}"),
}
#: A band is told by sign and words; colour adds nothing that they do not say.
BAND_SIGNS: Mapping[Band, str] = {Band.ABOVE: "▲", Band.INDISTINGUISHABLE: "≈", Band.BELOW: "▼"}

#: For languages that name the month; the Chinese source counts it.
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")

#: By name of the reason.
REASON_WORDS: Mapping[str, str] = {
    "TOO_FEW": N_("样本不足：人数过少，或为保护人数过少的群体"),
    "NON_PROBABILITY": N_("非概率样本：没有区间"),
    "NOBODY_ASKED": N_("样本不足：没有人被问到"),
    "ONE_RESPONDENT": N_("样本不足：只有一人"),
    "SINGLE_PSU": N_("只有一个初级抽样单元，算不出区间"),
    "CENSUS": N_("全部合格成员都已回答，没有抽样误差"),
}

MODE_WORDS: Mapping[Mode, str] = {
    Mode.CAPI: N_("入户访问"),
    Mode.WEB_TOKEN: N_("受邀网上填答"),
    Mode.WEB_OPEN: N_("公开链接网上填答"),
    Mode.PAPER: N_("纸质问卷录入"),
    Mode.CATI: N_("电话访问"),
    Mode.KIOSK: N_("现场终端填答"),
    Mode.IMPORTED: N_("外部数据导入"),
}

APPROVAL_WORDS: Mapping[Approval, str] = {
    Approval.APPROVED: N_("批准文号"),
    Approval.FILED: N_("备案文号"),
    Approval.NOT_STATISTICAL: N_("不属于统计调查项目"),
}


class Say(Protocol):
    """A Chinese source text in the reader's language, its ``{named}`` places filled."""

    def __call__(self, msgid: str, /, **params: object) -> str: ...


def speaker(language: str) -> Say:
    """The :class:`Say` of one language.

    >>> speaker("zh_Hans")("第{page}页", page=2)
    '第2页'
    """

    def say(msgid: str, /, **params: object) -> str:
        return translate(msgid, language, **params)

    return say


def percent(proportion: float, digits: int = 0) -> str:
    """A rate 0-1 as a percentage.

    >>> percent(0.876), percent(0.876, digits=1)
    ('88%', '87.6%')
    """
    return f"{100 * proportion:.{digits}f}%"


def percent_range(low: float, high: float, digits: int = 0) -> str:
    """Two rates as an interval.

    >>> percent_range(0.821, 0.921)
    '82%–92%'
    """
    return f"{percent(low, digits)}–{percent(high, digits)}"


def optional_percent(proportion: float | None, digits: int = 0) -> str:
    return DASH if proportion is None else percent(proportion, digits)


def count(number: int | None) -> str:
    return DASH if number is None else f"{number:,}"


def as_set(target: float) -> str:
    """A target as it was set, with a decimal only where it has one.

    >>> as_set(0.9), as_set(0.955)
    ('90%', '95.5%')
    """
    return percent(target, 0 if abs(100 * target - round(100 * target)) < 1e-9 else 1)


def rate_words(estimate: PublishedEstimate, digits: int) -> str:
    """The rate as it may be shown: a percentage, a range, or a dash."""
    if not estimate.published:
        return DASH
    if estimate.shown_range is not None:
        return percent_range(*estimate.shown_range)
    return optional_percent(estimate.proportion, digits)


def interval_words(estimate: PublishedEstimate, digits: int) -> str:
    low, high = estimate.low, estimate.high
    if not has_interval(estimate) or low is None or high is None:
        return DASH
    return percent_range(low, high, digits)


def has_interval(estimate: PublishedEstimate) -> bool:
    return (
        estimate.published and estimate.shown_range is None and estimate.low is not None and estimate.high is not None
    )


def remark(estimate: PublishedEstimate, say: Say) -> str:
    """What stands beside the number: why it is not there, that it needs care, or its band."""
    if not estimate.published:
        return absence_words(estimate, say)
    if estimate.shown_range is not None:
        return say(N_("只显示范围"))
    if estimate.reliability is Reliability.WITH_CARE:
        return say(N_("○ 慎用"))
    if estimate.band is not None:
        return band_words(estimate.band, say)
    if estimate.low is None:
        return reason_words(estimate.reason, say)
    return ""


def band_words(band: Band, say: Say) -> str:
    return f"{BAND_SIGNS[band]} {say(BAND_WORDS[band])}"


def target_words(estimate: PublishedEstimate, say: Say) -> str:
    """The remark of an estimate that has a target, which is named: "≈ 与目标85%看不出差别"."""
    target, band = estimate.target, estimate.band
    if target is None:
        return remark(estimate, say)
    told = remark(estimate, say)
    if band is not None and told == band_words(band, say):
        return f"{BAND_SIGNS[band]} {say(TARGET_WORDS[band], target=as_set(target))}"
    aim = aim_words(target, say)
    return f"{told} · {aim}" if told else aim


def aim_words(target: float, say: Say) -> str:
    """A target where nothing is said about reaching it.

    >>> aim_words(0.9, speaker("zh_Hans"))
    '目标90%'
    """
    return say(N_("目标{target}"), target=as_set(target))


def absence_words(estimate: PublishedEstimate, say: Say) -> str:
    """Why a rate is not there. Of those who remain when the coached are left out there may be plenty: it is the
    difference that would tell.
    """
    if estimate.subset is Subset.NOT_COACHED and estimate.reason is Reason.TOO_FEW:
        return say(N_("不列出：与上面的比例相减，会说出少数人是怎么答的"))
    return reason_words(estimate.reason, say)


def reason_words(reason: Reason | None, say: Say) -> str:
    return say(N_("样本不足")) if reason is None else say(REASON_WORDS[reason.name])


def join(parts: Sequence[str], say: Say) -> str:
    """Names one after the other, as a sentence lists them.

    >>> join(["知晓率", "支持率"], speaker("zh_Hans"))
    '知晓率、支持率'
    """
    return say(N_("、")).join(parts)


def day(value: date, say: Say) -> str:
    """A calendar day.

    >>> day(date(2026, 3, 9), speaker("zh_Hans"))
    '2026年3月9日'
    """
    name = _MONTHS[value.month - 1]
    return say(N_("{year}年{month}月{day}日"), year=value.year, month=value.month, day=value.day, name=name)


def local_day(moment: datetime, say: Say) -> str:
    """The day a moment falls on in Beijing time."""
    return day(moment.astimezone(BEIJING).date(), say)


def period(details: WaveDetails, say: Say) -> str:
    """First to last day of fieldwork; empty when a date is missing."""
    if not details.start or not details.end:
        return ""
    return say(N_("{start}至{end}"), start=day(details.start, say), end=day(details.end, say))
