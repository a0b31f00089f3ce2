"""Why a sample plan cannot be worked out, in the reader's words: what the analysis refused, by the fields' labels."""

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from analysis.sampling.allocation_errors import (
    AllocationError,
    BudgetTooSmall,
    NumberMissing,
    NumberOutOfRange,
    TooFewUnits,
    TotalTooLarge,
    TotalTooSmall,
    UnknownCommunities,
    UnnamedCommunities,
)
from analysis.sampling.effective_size import OutOfReach, PlanOutOfRange
from survey.casework.plan_requests import FIELDS, TABLE, Kind, problem
from survey.messages import N_, BadInput, Message, Problem

_CANNOT = N_("这个方案算不出来")
_MOST_NAMES = 5
_WHOLE_RATE = N_("大于 0%、小于 100% 的率")
_RANGES: Mapping[str, str] = {
    "rate": _WHOLE_RATE,
    "later": _WHOLE_RATE,
    "line": _WHOLE_RATE,
    "weak": _WHOLE_RATE,
    "rates": _WHOLE_RATE,
    "margin": N_("大于 0、小于 50 个百分点"),
    "level": N_("50% 到 100% 以下"),
    "power": N_("50% 到 100% 以下"),
    "response": N_("大于 0%、至多 100%"),
    "rho": N_("0 到 1"),
    "rho_canvasser": N_("0 到 1"),
    "deff": N_("1 到 1000"),
    "exponent": N_("0 到 1"),
    "budget": N_("大于 0 的数"),
    "cost": N_("大于 0 的数"),
    "costs": N_("大于 0 的数"),
}
#: The same number under another name.
_NAMES = {"earlier": "rate", "factor": "deff", "n": "completes"}


@contextmanager
def as_bad_input(names: Mapping[str, str] | None = None) -> Iterator[None]:
    """Turn what the analysis refuses into :class:`BadInput`; ``names``: of the communities by code."""
    try:
        yield
    except PlanOutOfRange as error:
        raise BadInput(Message(_CANNOT), [_out_of_range(error)]) from error
    except OutOfReach as error:
        message = N_(
            "达不到：需要的有效样本量是 {needed}，而这样的设计最多只有 {most}。请放宽要求，或者多分几个网格、多派访员。"
        )
        raise BadInput(Message(message, {"needed": _count(error.needed), "most": _count(error.most)})) from error
    except AllocationError as error:
        raise BadInput(Message(_CANNOT), [*_allocation_problems(error, names or {})]) from error


def _out_of_range(error: PlanOutOfRange | NumberOutOfRange) -> Problem:
    name, _, community = error.name.partition(".")
    name = _NAMES.get(name, name)
    if error.expected == "x != earlier":
        return problem(name, _shown(name, error.got), Message(N_("与前一轮不同的率")))
    got = _shown(name, error.got)
    expected = Message(_RANGES[name]) if name in _RANGES else _whole_range(error.expected)
    return problem(TABLE if community else name, f"{community} {got}" if community else got, expected)


def _whole_range(symbols: str) -> Message:
    """``1 <= x <= 300`` and ``x >= 1`` in words."""
    numbers = [int(word) for word in symbols.split() if word.isdecimal()]
    if len(numbers) == 2:
        return Message(N_("{least} 到 {most} 的数"), {"least": numbers[0], "most": f"{numbers[1]:,}"})
    return Message(N_("{least} 或更大的数"), {"least": numbers[0]})


def _shown(name: str, got: float) -> str:
    if math.isnan(got):
        return ""
    share = name in ("rates", "rate") or (name in FIELDS and FIELDS[name].kind is Kind.SHARE)
    return f"{100 * got:.10g}%" if share else f"{got:.10g}"


def _allocation_problems(error: AllocationError, names: Mapping[str, str]) -> Iterator[Problem]:
    match error:
        case NumberMissing():
            yield problem(error.name, "", Message(N_("一个数：这种分配办法要用它")))
        case NumberOutOfRange():
            yield _out_of_range(error)
        case TotalTooLarge() | TotalTooSmall() | BudgetTooSmall():
            yield _sum_problem(error)
        case _:
            yield from _community_problems(error, names)


def _sum_problem(error: TotalTooLarge | TotalTooSmall | BudgetTooSmall) -> Problem:
    """What all communities together get or cost."""
    match error:
        case TotalTooLarge():
            most = Message(N_("至多 {most}：全部社区可抽的单元"), {"most": error.units})
            return problem("total", str(error.total), most)
        case TotalTooSmall():
            least = Message(N_("至少 {least}：各社区的最少户数之和"), {"least": error.least})
            return problem("total", str(error.total), least)
        case BudgetTooSmall():
            least = Message(N_("至少 {least}：各社区的最少户数要花这么多"), {"least": f"{error.least:g}"})
            return problem("budget", f"{error.budget:g}", least)


def _community_problems(error: AllocationError, names: Mapping[str, str]) -> Iterator[Problem]:
    match error:
        case UnknownCommunities():
            listed = "、".join(error.communities[:_MOST_NAMES])
            name = TABLE if error.name in ("rates", "costs") else error.name
            yield problem(name, listed, Message(N_("抽样框里的社区代码或名称")))
        case UnnamedCommunities():
            listed = "、".join(names.get(code, code) for code in error.communities[:_MOST_NAMES])
            yield _said(N_("没有给出这些社区的户数：{communities}"), communities=listed)
        case TooFewUnits():
            for one in error.shortages[:_MOST_NAMES]:
                name = names.get(one.community, one.community)
                text = N_("{community} 只有 {units} 个可抽的单元，要抽 {wanted} 个")
                yield _said(text, community=name, units=one.units, wanted=one.wanted)
        case _:
            yield _said(N_("分配算不出来：{reason}"), reason=str(error))


def _said(message: str, **places: object) -> Problem:
    return Problem(where="", column="", got="", expected=Message(message, places))


def _count(number: float) -> str:
    return f"{number:,.0f}"
