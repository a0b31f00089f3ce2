"""抽样公证单: what a draw was made of, on paper that may hang on a wall. No drawn unit is on it, and no drawn grid."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from survey.messages import N_
from survey.reports.design_words import describe_design
from survey.reports.draw_certificate_facts import CertificateFacts, CommunityCount, Standing
from survey.reports.draw_certificate_words import (
    STANDING_WORDS,
    other_words,
    promised_value,
    rejected_words,
    team_words,
    told_moment,
)
from survey.reports.wording import DASH, Say, count, percent, speaker
from survey.waves import SeedSource


@dataclass(frozen=True, kw_only=True)
class CountRow:
    name: str
    code: str
    units: str
    main: str
    reserve: str
    probability: str
    fraction: str


@dataclass(frozen=True, kw_only=True)
class CertificateDocument:
    """Everything in words. ``rows`` empty: ``counts_note`` says why."""

    language: str
    title: str
    label: str
    wave_name: str
    watermark: str
    header: str
    footer: str
    facts: tuple[tuple[str, str], ...]
    design: tuple[str, ...]
    course: tuple[tuple[str, str], ...]
    digests: tuple[tuple[str, str], ...]
    counts_note: str
    rows: tuple[CountRow, ...]
    total: CountRow | None
    with_reserve: bool
    rejected: tuple[str, ...]
    others: tuple[str, ...]
    steps: tuple[str, ...]
    created: datetime


_LONGEST_NAME = 28


def compose_certificate(facts: CertificateFacts, *, language: str) -> CertificateDocument:
    """The certificate in words. Pure."""
    say = speaker(language)
    title = say(N_("抽样公证单"))
    wave = facts.wave_name[:_LONGEST_NAME]
    shown = tuple(_row(one, say) for one in facts.communities or ())
    return CertificateDocument(
        language=language,
        title=title,
        label=say(N_("公开抽签")) if facts.public else say(N_("非公开抽签")),
        wave_name=facts.wave_name,
        watermark=_watermark(facts, say),
        header=say(N_("{title} · {wave}"), title=title, wave=wave),
        footer=say(
            N_("{wave} · 第 {draw} 号抽样 · 摘要 {digest}"), wave=wave, draw=facts.draw_id, digest=facts.digest[:16]
        ),
        facts=_facts(facts, say),
        design=describe_design(facts.design, say),
        course=tuple(_course(facts, say)),
        digests=tuple(_digests(facts, say)),
        counts_note=_counts_note(facts, say),
        rows=shown,
        total=_total(facts, say) if shown else None,
        with_reserve=bool(facts.reserve),
        rejected=tuple(rejected_words(one, say) for one in facts.rejected),
        others=tuple(other_words(one, say) for one in facts.others),
        steps=_steps(facts, say),
        created=facts.made_at,
    )


def _watermark(facts: CertificateFacts, say: Say) -> str:
    if facts.fictitious:
        return say(N_("虚构数据"))
    return "" if facts.standing is Standing.APPROVED else say(STANDING_WORDS[facts.standing])


def _facts(facts: CertificateFacts, say: Say) -> tuple[tuple[str, str], ...]:
    cases = say(N_("{cases} 户"), cases=count(facts.main))
    if facts.reserve:
        sentence = N_("{cases}，另有备用 {reserve} 户，其中启用 {released} 户")
        cases = say(sentence, cases=cases, reserve=count(facts.reserve), released=count(facts.released))
    return (
        (
            say(N_("抽样")),
            say(N_("第 {draw} 号，{state}"), draw=facts.draw_id, state=say(STANDING_WORDS[facts.standing])),
        ),
        (say(N_("样本")), cases),
        (
            say(N_("本轮的抽样框")),
            say(N_("{units} 个单元，可抽 {drawable} 个"), units=count(facts.units), drawable=count(facts.drawable)),
        ),
    )


def _course(facts: CertificateFacts, say: Say) -> Iterator[tuple[str, str]]:
    """What happened, in order: committed, value published, drawn, decided."""
    commitment, value = facts.commitment, facts.value
    if commitment is not None:
        told = N_("{at}，{by}：公布抽样框摘要、设计和密数的 SHA-256（第 {id} 号承诺）")
        yield say(N_("事先承诺")), say(told, at=told_moment(commitment.at, say), by=commitment.by, id=commitment.id)
        yield say(N_("约定的抽取方法")), commitment.method or say(N_("承诺里没有写明"))
        for number, named in enumerate(commitment.values, start=1):
            yield say(N_("约定的公开数字 {number}"), number=number), promised_value(named, say)
    if value is not None:
        at = DASH if value.published_at is None else told_moment(value.published_at, say)
        told = N_("{value}（{name}，{at} 公布，来源：{source}）")
        yield (
            say(N_("用到的公开数字")),
            say(told, value=value.value, name=value.name, at=at, source=value.source or DASH),
        )
    else:
        yield say(N_("种子的来历")), say(_SOURCES[facts.seed_source])
    yield say(N_("抽取")), say(N_("{at}，{by}"), at=told_moment(facts.drawn_at, say), by=facts.drawn_by)
    if facts.decided_by is not None and facts.decided_at is not None:
        told = _decided(facts)
        at, by = told_moment(facts.decided_at, say), facts.decided_by
        yield say(STANDING_WORDS[facts.standing]), say(told, at=at, by=by, reason=facts.reason)
    for team in facts.teams:
        yield say(N_("抽队伍和日期")), team_words(team, say)


def _decided(facts: CertificateFacts) -> str:
    if not facts.reason:
        return N_("{at}，{by}")
    if facts.standing is Standing.REJECTED:
        return N_("{at}，{by}，理由：{reason}")
    return N_("{at}，{by}，没有人审核过就批准，理由：{reason}")


_SOURCES: Mapping[SeedSource, str] = {
    SeedSource.GIVEN: N_("由抽样人给出，不是事先约定的公开数字。"),
    SeedSource.MACHINE: N_("由服务器随机产生，不是事先约定的公开数字。"),
    SeedSource.PUBLIC_VALUE: N_("由密数和公开数字算出。"),
}


def _digests(facts: CertificateFacts, say: Say) -> Iterator[tuple[str, str]]:
    """Label and hex digits; what is kept back says so instead."""
    later = say(N_("调查结束后公布"))
    yield say(N_("抽样框摘要")), facts.frame_digest
    yield say(N_("抽样框：地区表")), facts.areas_digest
    yield say(N_("抽样框：单元表")), facts.units_digest
    yield say(N_("设计摘要")), facts.design_digest
    yield say(N_("抽取方法")), facts.method
    if facts.commitment is not None and facts.commitment.earlier_digest:
        yield say(N_("此前各次抽样")), facts.commitment.earlier_digest
    if facts.commitment is not None:
        yield say(N_("密数的 SHA-256")), facts.commitment.secret_digest
        yield say(N_("密数")), facts.commitment.secret or later
    yield say(N_("种子")), facts.seed or later
    yield say(N_("盐")), facts.salt or later
    yield say(N_("抽样摘要")), facts.digest


def _counts_note(facts: CertificateFacts, say: Say) -> str:
    if facts.communities is None:
        return say(N_("社区本身也是抽出来的：抽中了哪些，调查结束后公布。"))
    return say(N_("概率是每个单元被抽中的概率，备用样本计算在内；分数约到最简。不列任何抽中的单元和网格。"))


def _row(one: CommunityCount, say: Say) -> CountRow:
    return CountRow(
        name=one.name,
        code=one.code,
        units=count(one.units),
        main=count(one.main),
        reserve=_reserve(one.reserve, one.released, say),
        probability=_probability(one.low, one.high),
        fraction=_fraction(one, say),
    )


def _reserve(reserve: int, released: int, say: Say) -> str:
    if not released:
        return count(reserve)
    return say(N_("{reserve}（启用 {released}）"), reserve=count(reserve), released=count(released))


def _total(facts: CertificateFacts, say: Say) -> CountRow:
    return CountRow(
        name=say(N_("合计")),
        code="",
        units=count(facts.drawable),
        main=count(facts.main),
        reserve=_reserve(facts.reserve, facts.released, say),
        probability="",
        fraction="",
    )


def _probability(low: Fraction | None, high: Fraction | None) -> str:
    """
    >>> _probability(Fraction(1, 18), Fraction(1, 18)), _probability(Fraction(1, 18), Fraction(1, 10))
    ('5.56%', '5.56%–10.00%')
    """
    if low is None or high is None:
        return DASH
    told = [percent(float(one), 2) for one in (low, high)]
    return told[0] if low == high else "–".join(told)


def _fraction(one: CommunityCount, say: Say) -> str:
    if one.low is None:
        return say(N_("调查结束后公布")) if one.main + one.reserve else DASH
    if one.varies:
        return say(N_("各户不同"))
    return "1" if one.low == 1 else f"{one.low.numerator}/{one.low.denominator}"


def _steps(facts: CertificateFacts, say: Say) -> tuple[str, ...]:
    steps: Sequence[str] = _PUBLIC_STEPS if facts.public else _PRIVATE_STEPS
    return tuple(say(step, draw=facts.draw_id) for step in steps)


_ASK = N_(
    "本轮结束后，向调查单位要核对文件夹（survey draw export {draw} 文件夹），"
    "里面有名单、设计、种子和样本，只用于核对，不得公开。"
)
_REPEAT = N_("运行 survey draw verify --files 文件夹：不用数据库，也不用网络，从名单重抽一遍，逐户比对。")
_COMPARE = N_(
    "把文件夹里的抽样框、设计和抽样摘要与本单逐字比对；单元、概率、样本户、种子，改动任何一处都对不上，并说明是哪一处。"
)
_PUBLIC_STEPS = (
    _ASK,
    N_("算密数（32 个字节）的 SHA-256：应等于本单上的，它在公开数字产生以前就公布了。"),
    N_("密数后面接上公开数字（UTF-8，空白并成一个），再算 SHA-256：应等于种子。"),
    _REPEAT,
    _COMPARE,
)
_PRIVATE_STEPS = (
    _ASK,
    _REPEAT,
    _COMPARE,
    N_("算法、随机数流和检验用例写在文件夹的 README.txt 里，可以另写程序重算。"),
    N_("种子不是事先约定的公开数字：重抽能证明样本没有换过，不能证明没有人挑过种子。"),
)
