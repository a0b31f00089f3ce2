"""What an outreach plan says, settled before anything is drawn: the same for the page, the PDF and the workbook.

Actions stand under the problem they answer. Problems come in the order of the residents they concern; within one,
places come by code: nothing here ranks communities.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from survey.messages import N_
from survey.outreach import KIND_NAMES, STATUS_NAMES, ActionKind, ShownStatus
from survey.reports import outreach_words as words
from survey.reports.outreach_gaps import Gap, added, gap_words
from survey.reports.outreach_rows import (
    DRAW_GROUP,
    FINDING_WORDS,
    UNCLEAR_GROUP,
    UNCOUNTED,
    PlanLine,
    PlanRow,
    plan_row,
)
from survey.reports.wording import DASH, Say, count, join, local_day, speaker

#: How a plan came about: the rule, where the budget goes, and what its costs are.
ORIGIN = (
    N_(
        "计划由本轮发布的估计按规则算出：知晓率或参与率明显低于目标的安排宣传，某一方面的满意率明显低于目标的交责任部门整改，"
        "说不清的补充调查；满意率或支持率低，从不用宣传来回答。"
    ),
    N_(
        "先满足差距涉及居民最多的问题，同一问题里先满足差距涉及居民最多的社区，说不清的排在最后，按社区代码排；"
        "差多少居民是从样本推算的，括号里是区间：区间有重叠的，分不出谁多谁少，先后不表示轻重，可以由人改数量。"
        "预算用到哪里，数量就排到哪里，往后的没有数量；没有预算时按足额排。有人动过的行动保留不变，先从预算里扣。"
    ),
    N_(
        "补充访问的份数按误差算：让社区里最拿不准的一项主要指标，误差不超过±5个百分点（95%置信），再减去已有的份数；"
        "比率不显示、高于90%或低于10%的，按90%（10%）算；"
        "完成的份数由以后各轮发布的样本数出来。完成数量只按有日期的记录计，状态不算。"
    ),
    N_("单价在有人填入本地价格以前都是假定，费用也就是假定。"),
)
_UNCOUNTED_WORDS = {
    UNCLEAR_GROUP: N_("现有数据说不清"),
    DRAW_GROUP: N_("自愿回答的结果说明不了：要抽样调查"),
}
_ANCHORS = {UNCLEAR_GROUP: "unclear", DRAW_GROUP: "draw"}


@dataclass(frozen=True, kw_only=True)
class PlanFacts:
    """Of the whole plan. ``fictitious``: the wave is. ``total``: its actions within the reader's reach, where only some
    of them are listed.
    """

    wave_name: str
    fictitious: bool
    budget: float | None
    made_at: datetime
    made_by: str
    run_digest: str
    author: str = ""
    total: int | None = None


@dataclass(frozen=True, kw_only=True)
class ProblemGroup:
    """``name``: unique in the plan, for the anchors of the page."""

    name: str
    kind: ActionKind
    kind_name: str
    heading: str
    summary: str
    rows: tuple[PlanRow, ...]


@dataclass(frozen=True, kw_only=True)
class TypeTotal:
    """All standing actions of one type, in words; ``values``: the same as numbers, in the order of the words. ``unit``:
    empty where quantities of different things are not added up.
    """

    name: str
    unit: str
    values: tuple[int | float | None, ...]
    actions: str
    planned: str
    done: str
    cost: str
    budget: str
    spent: str


@dataclass(frozen=True, kw_only=True)
class PlanDocument:
    """``facts``: (label, value). ``filters``: what the list was narrowed to; empty: the whole plan."""

    language: str
    title: str
    wave_name: str
    watermark: str
    origin: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    filters: str
    totals: tuple[TypeTotal, ...]
    overall: TypeTotal
    groups: tuple[ProblemGroup, ...]
    header: str
    footer: str
    author: str
    created: datetime
    assumed: bool = field(default=False)  # some standing cost is


def compose_plan(
    facts: PlanFacts, lines: Sequence[PlanLine], *, language: str, filters: Sequence[str] = ()
) -> PlanDocument:
    """The plan, or the part of it that ``filters`` name, in words. Pure."""
    say = speaker(language)
    standing = [line for line in lines if line.stands]
    title = say(N_("宣传与整改计划"))
    digest = facts.run_digest[:12]
    return PlanDocument(
        language=language,
        title=title,
        wave_name=facts.wave_name,
        watermark=say(N_("虚构数据")) if facts.fictitious else "",
        origin=tuple(say(sentence) for sentence in ORIGIN),
        facts=(
            *_facts(facts, lines, say, part=bool(filters)),
            *(() if filters else _reach(facts.budget, standing, say)),
        ),
        filters=join(filters, say),
        totals=_totals(standing, say, language),
        overall=_total(say(N_("合计")), standing, say, unit=None),
        groups=_groups(lines, say, language),
        header=say(N_("{title} · {wave}"), title=title, wave=facts.wave_name[:28]),
        footer=say(N_("{wave} · 运行摘要 {digest}"), wave=facts.wave_name[:28], digest=digest),
        author=facts.author,
        created=facts.made_at,
        assumed=any(line.cost_assumed for line in standing),
    )


def _facts(facts: PlanFacts, lines: Sequence[PlanLine], say: Say, *, part: bool) -> tuple[tuple[str, str], ...]:
    states = [(status, sum(line.status is status for line in lines)) for status in ShownStatus]
    told = [say(N_("{status}{count}"), status=say(STATUS_NAMES[s]), count=count(n)) for s, n in states if n]
    actions = say(N_("{count}项"), count=count(len(lines)))
    if part and facts.total is not None:
        actions = say(N_("{count}项（全部{total}项）"), count=count(len(lines)), total=count(facts.total))
    if told:
        actions = say(N_("{actions}：{states}"), actions=actions, states=join(told, say))
    return (
        (say(N_("列出的行动")) if part else say(N_("行动总数")), actions),
        (say(N_("预算")), say(N_("未设")) if facts.budget is None else words.money(facts.budget, say)),
        (say(N_("制定")), say(N_("{day}，{by}"), day=local_day(facts.made_at, say), by=facts.made_by)),
    )


def _reach(budget: float | None, standing: Sequence[PlanLine], say: Say) -> Iterator[tuple[str, str]]:
    """Of the whole plan what it costs, and with a ``budget`` what the money did not reach."""
    cost = sum(line.cost for line in standing)
    told = words.money(cost, say)
    if budget is None:
        yield say(N_("计划费用")), told
        return
    if cost > budget:
        over = words.money(cost - budget, say)
        told = say(N_("{cost}，比预算多{over}：有人动过的行动不受预算限制"), cost=told, over=over)
    elif cost < budget:
        unreached = any(line.quantity < line.wanted and not line.cut_by_hand for line in standing)
        left = N_("{cost}，还剩{left}：重新计算可以再分") if unreached else N_("{cost}，还剩{left}")
        told = say(left, cost=told, left=words.money(budget - cost, say))
    yield say(N_("计划费用")), told
    short = [line for line in standing if line.quantity < line.wanted]
    by_hand = [line for line in short if line.cut_by_hand]
    unpaid = [line for line in short if not line.cut_by_hand]
    parts = []
    if unpaid:
        nothing = sum(not line.quantity for line in unpaid)
        told = N_("钱不够{short}项，其中{nothing}项没有数量") if nothing else N_("钱不够{short}项")
        parts.append(say(told, short=count(len(unpaid)), nothing=count(nothing)))
    if by_hand:
        parts.append(say(N_("有人改少{count}项"), count=count(len(by_hand))))
    if parts:
        yield say(N_("没有排足")), say(N_("；")).join(parts)


def _totals(standing: Sequence[PlanLine], say: Say, language: str) -> tuple[TypeTotal, ...]:
    ordered = sorted(standing, key=lambda line: (list(ActionKind).index(line.kind), line.type_code))
    return tuple(
        _total(members[0].type_name.in_language(language), members, say, unit=members[0].unit.in_language(language))
        for members in (list(group) for _, group in groupby(ordered, key=lambda line: (line.kind, line.type_code)))
    )


def _total(name: str, lines: Sequence[PlanLine], say: Say, *, unit: str | None) -> TypeTotal:
    """Without ``unit`` quantities of different things are not added up; interviews of later waves are none of the
    plan's.
    """
    planned, done = sum(line.quantity for line in lines), sum(line.done for line in lines)
    cost = round(sum(line.cost for line in lines), 2)
    budget, spent = _sum(line.budget for line in lines), _sum(line.spent for line in lines)
    elsewhere = any(line.by_later_waves for line in lines)
    counted = (None, None) if unit is None else (planned, None if elsewhere else done)
    return TypeTotal(
        name=name,
        unit=unit or "",
        values=(len(lines), *counted, cost, budget, spent),
        actions=count(len(lines)),
        planned=DASH if unit is None else words.quantity(planned, unit, say),
        done=DASH if unit is None or elsewhere else words.quantity(done, unit, say),
        cost=words.money(cost, say),
        budget=words.money(budget, say),
        spent=words.money(spent, say),
    )


def _sum(amounts: Iterable[float | None]) -> float | None:
    """``None`` where nobody entered anything."""
    known = [amount for amount in amounts if amount is not None]
    return sum(known) if known else None


def _groups(lines: Sequence[PlanLine], say: Say, language: str) -> tuple[ProblemGroup, ...]:
    """By residents concerned, the most first; what cannot be told comes last, for nobody can count it."""
    problems: dict[tuple[ActionKind, str], list[PlanLine]] = {}
    for line in sorted(lines, key=lambda line: (line.area, line.place, line.id)):
        problems.setdefault(line.problem, []).append(line)
    order = list(ActionKind)

    def rank(problem: tuple[ActionKind, str]) -> tuple[bool, int, int, str]:
        kind, indicator = problem
        return indicator in UNCOUNTED, -gaps[problem].residents, order.index(kind), indicator

    gaps = {problem: _gap(members) for problem, members in problems.items()}
    ordered = sorted(problems, key=rank)
    open_gaps = [gaps[problem] for problem in ordered if gaps[problem].residents]
    return tuple(_group(problem, problems[problem], gaps[problem], open_gaps, say, language) for problem in ordered)


def _gap(lines: Iterable[PlanLine]) -> Gap:
    """Each community's once, however many actions it has for the problem."""
    each = {
        line.area: Gap(residents=line.residents, low_high=line.residents_range)
        for line in lines
        if line.stands and line.residents
    }
    return added(each.values())


def _group(
    problem: tuple[ActionKind, str], lines: Sequence[PlanLine], gap: Gap, gaps: Sequence[Gap], say: Say, language: str
) -> ProblemGroup:
    """``gaps``: of all problems that have one, this one's among them."""
    kind, indicator = problem
    label = lines[0].indicator_label.in_language(language)
    heading = _UNCOUNTED_WORDS.get(indicator) or FINDING_WORDS[lines[0].finding]
    heading = say(heading) if indicator in UNCOUNTED else say(heading, indicator=label)
    summary = say(N_("{places}个社区"), places=count(len({line.area for line in lines if line.stands})))
    if gap.residents:
        summary = say(N_("{places}，{gap}"), places=summary, gap=gap_words(gap, say))
        alike = sum(gap.overlaps(other) for other in gaps if other is not gap)
        if alike:
            summary = say(N_("{summary}；与另外{number}个问题分不出先后"), summary=summary, number=count(alike))
    return ProblemGroup(
        name=f"{kind}-{_ANCHORS.get(indicator, indicator)}".lower(),
        kind=kind,
        kind_name=say(KIND_NAMES[kind]),
        heading=heading,
        summary=summary,
        rows=tuple(plan_row(line, language=language) for line in lines),
    )
