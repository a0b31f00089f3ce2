"""A sampling design in words: what each stage draws and how, how the cases are shared out, reserves, who answers."""

from collections.abc import Iterator, Mapping

from analysis.sampling.sample_design import (
    Allocation,
    AllocationRule,
    Method,
    Respondent,
    Rest,
    SampleDesign,
    Size,
    Stage,
    StageUnit,
    TeamRules,
)
from survey.messages import N_
from survey.reports.wording import Say, count, day, percent

METHOD_WORDS: Mapping[Method, str] = {
    Method.SIMPLE: N_("简单随机抽取"),
    Method.SYSTEMATIC: N_("沿地址顺序等距抽取"),
    Method.PERMANENT: N_("按永久随机数抽取"),
    Method.PPS_SYSTEMATIC: N_("与规模成比例、等距抽取（PPS）"),
    Method.SAMPFORD: N_("与规模成比例抽取（Rao–Sampford）"),
    Method.BREWER: N_("与规模成比例抽取（Brewer）"),
}
SIZE_WORDS: Mapping[Size, str] = {
    Size.UNITS: N_("规模是可抽的单元数"),
    Size.RESIDENTS: N_("规模是登记的居住人数"),
}
RESPONDENT_WORDS: Mapping[Respondent, str] = {
    Respondent.LIST: N_("户内从合格成年人名单中抽一人，名单先定再抽。"),
    Respondent.KISH: N_(
        "户内按 Kish 表抽一人：1–4 位和 6 位合格成年人时机会相等；5 位时第 3、第 5 位为 1/4，其余 1/6；"
        "超过 6 位时第 7 位起抽不到。权数都按成年人数计。"
    ),
    Respondent.BIRTHDAY: N_("户内由下一个过生日的合格成年人回答（准随机，没有抽签）；权数按成年人数计。"),
}
_UNITS: Mapping[StageUnit, str] = {
    StageUnit.COMMUNITY: N_("{count} 个社区"),
    StageUnit.GRID: N_("{count} 个网格"),
    StageUnit.DWELLING: N_("{count} 个单元"),
}
#: Where a stage draws, by the stage above it; ``None``: there is none, every community is a stratum.
_INSIDE: Mapping[StageUnit | None, str] = {
    None: N_("每个社区里"),
    StageUnit.COMMUNITY: N_("每个抽中的社区里"),
    StageUnit.GRID: N_("每个抽中的网格里"),
}


def describe_design(design: SampleDesign, say: Say) -> tuple[str, ...]:
    """One sentence each, in the order in which things happen."""
    return (
        *_stages(design, say),
        *(() if design.allocation is None else _allocation(design.allocation, say)),
        *_reserves(design, say),
        *(() if design.rest is None else _rest(design.rest, say)),
        *(() if design.teams is None else [_teams(design.teams, say)]),
        say(RESPONDENT_WORDS[design.respondent]),
    )


def _stages(design: SampleDesign, say: Say) -> Iterator[str]:
    above: StageUnit | None = None
    for number, stage in enumerate(design.stages, start=1):
        where = say(N_("全部社区里")) if stage.unit is StageUnit.COMMUNITY else say(_INSIDE[above])
        text = say(N_("{where}{what}：{how}。"), where=where, what=_taken(stage, say), how=_how(stage, say))
        several = len(design.stages) > 1
        yield say(N_("第{number}阶段，{text}"), number=number, text=text) if several else text
        above = stage.unit


def _taken(stage: Stage, say: Say) -> str:
    if stage.take is None:
        return say(N_("按分配的数抽"))
    return say(N_("抽 {units}"), units=say(_UNITS[stage.unit], count=count(stage.take)))


def _how(stage: Stage, say: Say) -> str:
    how = say(METHOD_WORDS[stage.method])
    return how if stage.size is None else say(N_("{how}，{size}"), how=how, size=say(SIZE_WORDS[stage.size]))


def _allocation(allocation: Allocation, say: Say) -> Iterator[str]:
    places = {
        "per": count(allocation.per_community),
        "total": count(allocation.total),
        "budget": count(None if allocation.budget is None else round(allocation.budget)),
        "exponent": f"{allocation.exponent:g}",
        "given": count(sum(allocation.given.values())),
    }
    yield say(_RULES[allocation.rule], **places)
    if allocation.minimum:
        yield say(N_("每个社区至少 {minimum} 个。"), minimum=count(allocation.minimum))
    if allocation.whole_if_small:
        yield say(N_("单元不够的社区全部抽中。"))


_RULES: Mapping[AllocationRule, str] = {
    AllocationRule.EQUAL: N_("每个社区分到 {per} 个。"),
    AllocationRule.PROPORTIONAL: N_("共 {total} 个，按各社区的单元数成比例分配。"),
    AllocationRule.NEYMAN: N_("共 {total} 个，按单元数和预计的差异分配（Neyman）。"),
    AllocationRule.POWER: N_("共 {total} 个，按单元数的 {exponent} 次方分配（Bankier）。"),
    AllocationRule.FIXED_COST: N_("在 {budget} 元以内，按单元数、差异和单价分配。"),
    AllocationRule.GIVEN: N_("各社区的数逐个给定，共 {given} 个。"),
}


def _reserves(design: SampleDesign, say: Say) -> Iterator[str]:
    if design.reserves is not None:
        sentence = N_("备用样本 {replicates} 组，每组在每个社区 {per} 个，与主样本一次抽出、随机分组；要用就整组启用。")
        yield say(sentence, replicates=design.reserves.replicates, per=count(design.reserves.per_community))


def _rest(rest: Rest, say: Say) -> Iterator[str]:
    if rest.months:
        text = N_("{months} 个月内访问过的住户轮休：抽样时越过以前各次抽样的号段（永久随机数），不从抽样框里删除。")
        yield say(text, months=rest.months)
    if rest.overlap is not None:
        yield say(N_("与上一次抽样的初级单元重合 {share}。"), share=percent(rest.overlap))


def _teams(rules: TeamRules, say: Say) -> str:
    facts = {"size": rules.size, "per_day": rules.per_day}
    if not rules.days:
        return say(N_("队伍用同一个种子抽：每队 {size} 人，每队每天 {per_day} 户；不抽日子。"), **facts)
    days = {"first": day(rules.days[0], say), "last": day(rules.days[-1], say), "count": len(rules.days)}
    sentence = N_(
        "队伍和日子用同一个种子抽：每队 {size} 人，每队每天 {per_day} 户，日子在 {first}至{last}之间的 {count} 天里。"
    )
    return say(sentence, **facts, **days)
