"""What the certificate of a draw says of promises and of what became of them: values, withdrawals, rejected draws."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from survey.messages import N_
from survey.reports.draw_certificate_facts import NamedValue, OtherCommitment, RejectedDraw, Standing, TeamFacts
from survey.reports.wording import BEIJING, DASH, Say, day
from survey.sampling.public_values import spelling_words

STANDING_WORDS: Mapping[Standing, str] = {
    Standing.PROPOSED: N_("待批准"),
    Standing.APPROVED: N_("已批准"),
    Standing.REJECTED: N_("已否决"),
}


def rejected_words(one: RejectedDraw, say: Say) -> str:
    sentence = N_(
        "第 {draw} 号：{drawn_at} {drawn_by} 抽取，{value}{decided_at} {decided_by} 否决。理由：{reason}。摘要 {digest}"
    )
    known = N_("（否决时，本次所用的公开数字已经公布）")
    return say(
        sentence,
        draw=one.id,
        drawn_at=told_moment(one.drawn_at, say),
        drawn_by=one.drawn_by,
        value=say(N_("公开数字“{value}”，"), value=one.value) if one.value else "",
        decided_at=told_moment(one.decided_at, say),
        decided_by=one.decided_by,
        reason=(one.reason.rstrip("。.") or DASH) + (say(known) if one.next_known else ""),
        digest=one.digest,
    )


def other_words(one: OtherCommitment, say: Say) -> str:
    draws = [
        say(N_("第 {draw} 号抽样（{state}）"), draw=draw, state=say(STANDING_WORDS[state])) for draw, state in one.draws
    ]
    return say(
        N_("第 {id} 号承诺（{wave}）：{at}，{by}；约定 {values}。{outcome}"),
        id=one.id,
        wave=one.wave_name,
        at=told_moment(one.at, say),
        by=one.by,
        values="; ".join(one.values),
        outcome=" ".join([" ".join(draws) or say(N_("没有照它抽过。")), *_use(one, say), *_withdrawn(one, say)]),
    )


def _use(one: OtherCommitment, say: Say) -> Iterator[str]:
    """Whether its homes are asked, and why it is told beside this one."""
    if any(state is Standing.APPROVED for _, state in one.draws):
        yield say(N_("抽中的住户已在调查，或已调查完。") if one.asked else N_("抽中的住户还没有调查过。"))
    if one.shared:
        yield say(N_("和本次约定了同一个公开数字：{values}。"), values="; ".join(one.shared))
    if one.same_day:
        yield say(N_("约定的公开数字和本次的在同一天产生。"))
    if not one.same_places:
        yield say(N_("社区代码和本次的全都不同。"))


def _withdrawn(one: OtherCommitment, say: Say) -> list[str]:
    """Whoever withdraws when the value is known may have seen the draw that it makes."""
    gone = one.withdrawn
    if gone is None:
        return []
    sentence = N_("{at} 由 {by} 公开撤回，理由：{reason}。")
    told = say(sentence, at=told_moment(gone.at, say), by=gone.by, reason=gone.reason.rstrip("。."))
    return [told, say(N_("撤回时，约定的公开数字按约定的时间已经可以知道。"))] if gone.late else [told]


def promised_value(named: NamedValue, say: Say) -> str:
    sentence = N_("{name}，不早于 {at}；{spelling}")
    spelling = spelling_words(named.spelling)
    told = say(spelling.msgid, **spelling.params)
    return say(sentence, name=named.name, at=told_moment(named.not_before, say), spelling=told)


def team_words(team: TeamFacts, say: Say) -> str:
    sentence = N_("第 {number} 次，{at}，{by}{reason}；人数和日子：{rules}。记录摘要 {digest}")
    reason = say(N_("（重抽的理由：{reason}）"), reason=team.reason.rstrip("。.")) if team.reason else ""
    at, rules = told_moment(team.at, say), say(team.rules.msgid)
    return say(sentence, number=team.number, at=at, by=team.by, reason=reason, rules=rules, digest=team.digest)


def told_moment(moment: datetime, say: Say) -> str:
    """Day and minute in Beijing time."""
    local = moment.astimezone(BEIJING)
    return f"{day(local.date(), say)} {local:%H:%M}"
