"""The public values of a lottery: named before it, published after."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from analysis.sampling.value_spelling import Spelling, SpellingRule
from survey.messages import N_, Message

BEIJING = ZoneInfo("Asia/Shanghai")
_SPELLINGS: Mapping[Spelling, str] = {
    Spelling.DIGITS: N_("{count} 位数字，连同前面的 0；空格和分隔的符号不计"),
    Spelling.ASCENDING: N_("{count} 位数字，号码从小到大，另开的号码在最后，连同前面的 0；空格和分隔的符号不计"),
    Spelling.DRAWN: N_("{count} 位数字，按开出的先后，连同前面的 0；空格和分隔的符号不计"),
    Spelling.HEX: N_("{count} 位十六进制数字，不分大小写；空格和分隔的符号不计"),
    Spelling.DECIMALS: N_("带 {count} 位小数的数；千位的逗号不计"),
}


@dataclass(frozen=True, kw_only=True)
class PublicValueName:
    """A value that nobody knows yet. ``not_before``: it is published then or later (aware).

    ``spelling``: the one way to write it; ``None``: as it was published, see :mod:`analysis.sampling.lottery`.
    """

    name: str
    not_before: datetime
    spelling: SpellingRule | None = None


@dataclass(frozen=True, kw_only=True)
class PublicValue:
    """A value as it was published. ``source``: where anybody can look it up."""

    name: str
    value: str
    published_at: datetime  # aware
    source: str


def spelling_words(rule: SpellingRule | None) -> Message:
    if rule is None:
        return Message(N_("写法没有约定：照公布的原文"))
    if rule.apart:
        message = N_(
            "{count} 位数字：先是 {first} 位的号码从小到大，再是另开的 {apart} 位从小到大，每个号码两位，"
            "连同前面的 0；空格和分隔的符号不计"
        )
        return Message(message, {"count": rule.count, "first": rule.count - rule.apart, "apart": rule.apart})
    return Message(_SPELLINGS[rule.spelling], {"count": rule.count})


def in_beijing(moment: datetime) -> str:
    """Every time of a lottery is told on one clock.

    >>> from datetime import UTC
    >>> in_beijing(datetime(2026, 11, 24, 13, 15, tzinfo=UTC))
    '2026-11-24T21:15:00+08:00'
    """
    return moment.astimezone(BEIJING).isoformat(timespec="seconds")


def told_in_beijing(moment: datetime) -> str:
    """As people write it, for a sentence that says on which clock; seconds only where there are some.

    >>> from datetime import UTC
    >>> told_in_beijing(datetime(2026, 11, 24, 13, 15, tzinfo=UTC))
    '2026-11-24 21:15'
    """
    local = moment.astimezone(BEIJING)
    return f"{local:%Y-%m-%d %H:%M:%S}" if local.second else f"{local:%Y-%m-%d %H:%M}"
