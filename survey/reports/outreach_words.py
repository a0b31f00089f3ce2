"""The words of the outreach plan that its pages, its PDF and its workbook share."""

from datetime import date

from analysis.publication import PublishedEstimate, Reliability
from survey.messages import N_
from survey.outreach_types import EVIDENCE
from survey.reports.wording import (
    DASH,
    TARGET_WORDS,
    Say,
    aim_words,
    as_set,
    day,
    has_interval,
    interval_words,
    percent_range,
    rate_words,
    reason_words,
)


def estimate_words(estimate: PublishedEstimate, label: str, say: Say) -> str:
    """The estimate that asked for an action, as a sentence without its full stop, in whole percents.

    >>> from analysis.publication import Band, Base
    >>> from survey.reports.wording import speaker
    >>> low = PublishedEstimate(
    ...     indicator="I", area="1", base=Base.ASKED, published=True, n=100, proportion=0.62, low=0.56, high=0.68,
    ...     reliability=Reliability.RELIABLE, band=Band.BELOW, target=0.8)
    >>> estimate_words(low, "知晓率", speaker("zh_Hans"))
    '知晓率62%（56%–68%），明显低于目标80%'
    """
    if not estimate.published:
        return say(N_("{label}：{finding}"), label=label, finding=reason_words(estimate.reason, say))
    if estimate.shown_range is not None:
        # The target and no verdict: the band would tell whether really everyone answered alike.
        shown = percent_range(*estimate.shown_range)
        return say(N_("{label}只显示范围{range}，{finding}"), label=label, range=shown, finding=_aim(estimate, say))
    rate, interval = rate_words(estimate, 0), interval_words(estimate, 0)
    if not has_interval(estimate):
        told = _finding(estimate, say) if estimate.reason is None else reason_words(estimate.reason, say)
        return say(N_("{label}{rate}，{finding}"), label=label, rate=rate, finding=told)
    return say(
        N_("{label}{rate}（{interval}），{finding}"),
        label=label,
        rate=rate,
        interval=interval,
        finding=_finding(estimate, say),
    )


def _finding(estimate: PublishedEstimate, say: Say) -> str:
    aim = _aim(estimate, say)
    if estimate.reliability is Reliability.WITH_CARE:
        return say(N_("要慎用，{aim}"), aim=aim)
    if estimate.band is None or estimate.target is None:
        return aim
    return say(TARGET_WORDS[estimate.band], target=as_set(estimate.target))


def _aim(estimate: PublishedEstimate, say: Say) -> str:
    return say(N_("没有设目标")) if estimate.target is None else aim_words(estimate.target, say)


def rounded(people: int) -> int:
    """To tens, from a thousand on to hundreds: the figure comes from a sample.

    >>> rounded(437), rounded(1284), rounded(4)
    (440, 1300, 0)
    """
    return round(people, -2 if people >= 1000 else -1)


def beginning(text: str, most: int = 60) -> str:
    """What a list shows of a long text.

    >>> beginning("已办结"), beginning("很长" * 40, most=5)
    ('已办结', '很长很长…')
    """
    line = " ".join(text.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def money(amount: float | None, say: Say) -> str:
    """Yuan; the cents only where there are some.

    >>> from survey.reports.wording import speaker
    >>> money(1200, speaker("zh_Hans")), money(2.65, speaker("zh_Hans")), money(None, speaker("zh_Hans"))
    ('1,200元', '2.65元', '—')
    """
    if amount is None:
        return DASH
    whole = abs(amount - round(amount)) < 0.005
    return say(N_("{amount}元"), amount=f"{amount:,.0f}" if whole else f"{amount:,.2f}")


def unit_of(number: int, unit: str) -> str:
    """The unit beside a number: the English units the project ships are plurals; what officials typed stays.

    >>> unit_of(1, "fixes"), unit_of(2, "fixes"), unit_of(1, "件"), unit_of(1, "sizes")
    ('fix', 'fixes', '件', 'sizes')
    """
    return _ONE.get(unit, unit) if number == 1 else unit


#: One of each unit of ``outreach_types.toml``.
_ONE = {
    "visits": "visit",
    "boards": "board",
    "showings": "showing",
    "posters": "poster",
    "banners": "banner",
    "copies": "copy",
    "messages": "message",
    "rounds": "round",
    "days": "day",
    "meetings": "meeting",
    "talks": "talk",
    "fixes": "fix",
    "calls": "call",
    "issues": "issue",
    "interviews": "interview",
}


def quantity(number: int, unit: str, say: Say) -> str:
    """So many units, as a plan counts them.

    >>> from survey.reports.wording import speaker
    >>> quantity(1778, "户次", speaker("zh_Hans")), quantity(1, "visits", speaker("en"))
    ('1,778户次', '1 visit')
    """
    return say(N_("{number}{unit}"), number=f"{number:,}", unit=unit_of(number, unit))


def progress(done: int, planned: int, unit: str, say: Say) -> str:
    """Done of planned; the share where it says more than the numbers.

    >>> from survey.reports.wording import speaker
    >>> progress(30, 120, "户次", speaker("zh_Hans")), progress(0, 0, "件", speaker("zh_Hans"))
    ('已做30 / 120户次（25%）', '没有排数量')
    >>> progress(45, 40, "户次", speaker("zh_Hans"))
    '已做45户次，计划40户次'
    """
    if not planned and not done:
        return say(N_("没有排数量"))
    if not planned:
        return say(N_("已做{done}（没有排数量）"), done=quantity(done, unit, say))
    if done > planned:
        return say(
            N_("已做{done}，计划{planned}"), done=quantity(done, unit, say), planned=quantity(planned, unit, say)
        )
    words = say(N_("已做{done} / {planned}"), done=f"{done:,}", planned=quantity(planned, unit, say))
    return say(N_("{words}（{share}）"), words=words, share=f"{100 * done // planned}%")


def later_interviews(done: int, planned: int, unit: str, say: Say) -> str:
    """Interviews of later waves, which were made whatever this plan asked for: no share of it is claimed.

    >>> from survey.reports.wording import speaker
    >>> later_interviews(49, 19, "份", speaker("zh_Hans"))
    '以后各轮已访问49份，这里计划19份'
    """
    if not planned:
        return say(N_("以后各轮已访问{done}（这里没有排数量）"), done=quantity(done, unit, say))
    return say(
        N_("以后各轮已访问{done}，这里计划{planned}"),
        done=quantity(done, unit, say),
        planned=quantity(planned, unit, say),
    )


def evidence(text: str, say: Say) -> str:
    """What is to be kept: what the project names is said in the reader's language, what an official wrote stays.

    >>> from survey.reports.wording import speaker
    >>> evidence("照片；存在三楼柜子", speaker("en"))
    'photographs; 存在三楼柜子'
    """
    return say(N_("；")).join(say(piece) if piece in EVIDENCE else piece for piece in text.split("；"))


def dates(start: date | None, end: date | None, say: Say) -> str:
    """From when to when, as far as it is known.

    >>> from survey.reports.wording import speaker
    >>> dates(None, date(2026, 5, 1), speaker("zh_Hans")), dates(None, None, speaker("zh_Hans"))
    ('2026年5月1日止', '日期未定')
    """
    if start and end:
        return say(N_("{start}至{end}"), start=day(start, say), end=day(end, say))
    if start:
        return say(N_("{start}起"), start=day(start, say))
    return say(N_("{end}止"), end=day(end, say)) if end else say(N_("日期未定"))
