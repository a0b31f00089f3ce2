"""What is asked of a sample plan, as it is typed and as it is kept: names and plain values, shares from 0 to 1."""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analysis.sampling.effective_size import Conditions, DesignEffect
from analysis.sampling.sample_design import Allocation, AllocationRule
from analysis.sampling.sample_plan import Goal, PlanRequest
from analysis.sampling.small_samples import Question
from survey.messages import N_, BadInput, Message, Problem

#: Name of a value -> plain number, text or, for rates and costs of communities, a table.
Values = Mapping[str, Any]


class Kind(StrEnum):
    SHARE = "share"  # typed in percent
    NUMBER = "number"
    WHOLE = "whole"


@dataclass(frozen=True, kw_only=True)
class Field:
    kind: Kind
    label: str


FIELDS: Mapping[str, Field] = {
    "rate": Field(kind=Kind.SHARE, label=N_("预期的率")),
    "margin": Field(kind=Kind.SHARE, label=N_("允许误差")),
    "later": Field(kind=Kind.SHARE, label=N_("后一轮的率")),
    "power": Field(kind=Kind.SHARE, label=N_("把握（检验功效）")),
    "level": Field(kind=Kind.SHARE, label=N_("置信水平")),
    "completes": Field(kind=Kind.WHOLE, label=N_("完成户数")),
    "population": Field(kind=Kind.WHOLE, label=N_("社区的成年人数")),
    "response": Field(kind=Kind.SHARE, label=N_("预期完成率")),
    "line": Field(kind=Kind.SHARE, label=N_("达标线")),
    "weak": Field(kind=Kind.SHARE, label=N_("较差社区的率")),
    "communities": Field(kind=Kind.WHOLE, label=N_("并列比较的社区数")),
    "clusters": Field(kind=Kind.WHOLE, label=N_("每个社区抽的网格数")),
    "per_cluster": Field(kind=Kind.NUMBER, label=N_("每个网格完成的户数")),
    "rho": Field(kind=Kind.NUMBER, label=N_("网格内相关 ρ")),
    "canvassers": Field(kind=Kind.WHOLE, label=N_("每个社区的访员数")),
    "per_canvasser": Field(kind=Kind.NUMBER, label=N_("每名访员完成的户数")),
    "rho_canvasser": Field(kind=Kind.NUMBER, label=N_("访员内相关 ρ")),
    "deff": Field(kind=Kind.NUMBER, label=N_("其他设计效应")),
    "per_community": Field(kind=Kind.WHOLE, label=N_("每个社区抽的户数")),
    "total": Field(kind=Kind.WHOLE, label=N_("总共抽的户数")),
    "minimum": Field(kind=Kind.WHOLE, label=N_("每个社区至少抽")),
    "exponent": Field(kind=Kind.NUMBER, label=N_("幂")),
    "budget": Field(kind=Kind.NUMBER, label=N_("经费（元）")),
    "cost": Field(kind=Kind.NUMBER, label=N_("每户的费用（元）")),
}
#: Of the frame's communities; a line each: community, rate in percent, cost where it differs.
TABLE = "rates"
TABLE_LABEL = N_("各社区的率和费用")
_GOALS = {goal.value: goal for goal in Goal}
_RULES = {rule.value for rule in AllocationRule} - {AllocationRule.GIVEN.value}
_NUMBER = re.compile(r"[0-9]{1,12}(?:\.[0-9]{1,12})?|\.[0-9]{1,12}")


def read_values(texts: Mapping[str, str], *, percent: bool) -> dict[str, Any]:
    """What was typed, as plain values; empty texts are left out. Raises :class:`BadInput` with every text that is none.

    ``percent``: a share without a sign is in percent, as the form says; otherwise a number below 1 is a share, and
    more than 1 percent. A bare 1 could be either, and is refused with both ways of writing it; so are numbers up to 1
    in the form where hardly anybody means so few percent.

    >>> read_values({"goal": "margin", "rate": "90", "margin": "5", "population": "1,778"}, percent=True)
    {'goal': 'margin', 'rate': 0.9, 'margin': 0.05, 'population': 1778}
    >>> read_values({"rate": ".9", "margin": "5%"}, percent=False)
    {'rate': 0.9, 'margin': 0.05}
    """
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    for name, choices in (("goal", _GOALS), ("rule", _RULES)):
        if texts.get(name) in choices:
            values[name] = texts[name]
    for name, field in FIELDS.items():
        if not (text := texts.get(name, "").strip()):
            continue
        number = _read(text, field.kind, percent=percent)
        if field.kind is Kind.SHARE and (plain := _ambiguous(name, text, percent=percent)) is not None:
            both = {"percent": f"{plain:.10g}%", "share": f"{100 * plain:.10g}%"}
            problems.append(problem(name, text, Message(_EITHER, both)))
        elif number is None:
            problems.append(problem(name, text, Message(_EXPECTED[field.kind])))
        else:
            values[name] = number
    values |= _read_table(texts.get(TABLE, ""), problems)
    if problems:
        raise BadInput(Message(_WRONG), problems)
    return values


_WRONG = N_("方案里有填得不对的地方")
_EITHER = N_("写明百分号：{percent} 或 {share}")
#: Of the form, where 1 and 0.9 are far likelier to mean all and nine in ten than so many percent.
_MOSTLY_LARGE = frozenset({"power", "level", "response"})
_EXPECTED = {
    Kind.SHARE: N_("百分数，例如 90 或 90%"),
    Kind.NUMBER: N_("数字，例如 0.02"),
    Kind.WHOLE: N_("整数，例如 1778"),
}


@dataclass(frozen=True, kw_only=True)
class PlanProblem(Problem):
    """``field``: of the form, that is to be changed; ``said``: what stands beside it."""

    field: str
    said: Message


def problem(name: str, got: str, expected: Message) -> PlanProblem:
    """One value that cannot be used, by the label of its field."""
    label = FIELDS[name].label if name in FIELDS else TABLE_LABEL if name == TABLE else name
    what = Message(
        N_("{field}：得到“{got}”，应为{expected}"),
        {"field": Message(label), "got": got[:60] or Message(N_("（空）")), "expected": expected},
    )
    said = Message(N_("应为{expected}"), {"expected": expected})
    return PlanProblem(where="", column="", got="", expected=what, field=name, said=said)


def one_problem(name: str, said: Message) -> BadInput:
    """What is missing or wrong in one field, in a sentence of its own."""
    found = PlanProblem(where="", column="", got="", expected=said, field=name, said=said)
    return BadInput(Message(_WRONG), [found])


def _read(text: str, kind: Kind, *, percent: bool) -> float | int | None:
    plain = unicodedata.normalize("NFKC", text).replace(",", "")  # figures as a Chinese keyboard writes them, too
    signed = plain.endswith("%") and kind is Kind.SHARE
    plain = plain.removesuffix("%").strip() if signed else plain
    if not _NUMBER.fullmatch(plain):
        return None
    if kind is Kind.WHOLE:
        return int(plain) if plain.isdecimal() else None
    number = float(plain)
    if kind is Kind.SHARE and (percent or signed or number >= 1):
        return round(number / 100, 12)
    return number


def _ambiguous(name: str, text: str, *, percent: bool) -> float | None:
    """A number without a sign that could be a share as well as percent; ``None``: it is plain what was meant.

    >>> _ambiguous("rate", "1.0", percent=False), _ambiguous("rate", "1%", percent=False)
    (1.0, None)
    >>> _ambiguous("margin", "1", percent=False)  # 100 points would be none

    >>> _ambiguous("response", "0.8", percent=True), _ambiguous("rate", "0.8", percent=True)
    (0.8, None)
    """
    number = _read(text, Kind.NUMBER, percent=percent)
    if number is None or name == "margin":
        return None
    odd = 0 < number <= 1 and name in _MOSTLY_LARGE if percent else number == 1
    return float(number) if odd else None


def _read_table(text: str, problems: list[Problem]) -> dict[str, dict[str, float]]:
    rates: dict[str, float] = {}
    costs: dict[str, float] = {}
    for line in text.splitlines():
        words = line.replace(",", " ").replace("，", " ").replace("\t", " ").split()
        if not words:
            continue
        rate = _read(words[1], Kind.SHARE, percent=True) if len(words) in (2, 3) else None
        cost = _read(words[2], Kind.NUMBER, percent=True) if len(words) == 3 else math.nan
        if rate is None or cost is None or words[0] in rates:
            problems.append(
                problem(TABLE, line.strip(), Message(N_("一行一个社区：代码或名称、率（%）、费用（可不填）")))
            )
            continue
        rates[words[0]] = rate
        if not math.isnan(cost):
            costs[words[0]] = cost
    return {name: table for name, table in (("rates", rates), ("costs", costs)) if table}


def request_of(values: Values) -> PlanRequest:
    """The question for one community.

    Raises :class:`BadInput` where no goal was chosen, :class:`analysis.sampling.effective_size.PlanOutOfRange`.
    """
    if values.get("goal") not in _GOALS:
        raise one_problem("goal", Message(N_("请选择目标：误差、要看出的变化，或者给定的完成户数")))
    effect = DesignEffect(
        **{name: values.get(name) for name in ("clusters", "per_cluster", "canvassers", "per_canvasser")},
        rho=values.get("rho", 0.0),
        rho_canvasser=values.get("rho_canvasser", 0.0),
        factor=values.get("deff", 1.0),
    )
    asked = {name: values[name] for name in ("rate", "line", "weak", "power", "communities") if name in values}
    kept = {name: values[name] for name in ("level", "population", "response") if name in values}
    return PlanRequest(
        goal=_GOALS[values["goal"]],
        margin=values.get("margin"),
        later=values.get("later"),
        completes=values.get("completes"),
        question=Question(**asked),
        conditions=Conditions(effect=effect, **kept),
    )


def allocation_of(values: Values, *, cases: int, communities: int, units: int) -> Allocation:
    """How the cases are shared out, with what the rule uses.

    Where no number was given: ``cases`` of each community, but no more in all than there are ``units``.
    """
    rule = AllocationRule(values.get("rule", AllocationRule.EQUAL))
    used = {name: values[name] for name in ("minimum", *_USED.get(rule, ())) if name in values}
    return Allocation(
        rule=rule,
        per_community=values.get("per_community", cases) if rule is AllocationRule.EQUAL else None,
        total=values.get("total", min(cases * communities, units)) if rule in _WITH_TOTAL else None,
        whole_if_small=True,
        **({"rate": Question.rate} if "rate" in _USED.get(rule, ()) else {}) | used,
    )


_WITH_TOTAL = frozenset({AllocationRule.PROPORTIONAL, AllocationRule.NEYMAN, AllocationRule.POWER})
_USED = {
    AllocationRule.NEYMAN: ("rate", "rates"),
    AllocationRule.POWER: ("rate", "rates", "exponent"),
    AllocationRule.FIXED_COST: ("rate", "rates", "budget", "cost", "costs"),
}
