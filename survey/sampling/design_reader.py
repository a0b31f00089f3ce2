"""The tables of a sampling design, read key by key: everything that is wrong is collected, with what was expected."""

from collections.abc import Mapping, Sequence
from typing import Any

from analysis.sampling.sample_design import (
    PROPORTIONAL_TO_SIZE,
    SHIFTED,
    Allocation,
    AllocationRule,
    Method,
    Reserves,
    Respondent,
    Rest,
    SampleDesign,
    Size,
    Stage,
    StageUnit,
)
from survey.messages import N_, Message, Problem
from survey.sampling.public_values import PublicValueName
from survey.sampling.table_reader import AMOUNT, RATE, SHARE, Table, one_of, problem_at
from survey.sampling.team_rules import read_teams
from survey.sampling.value_names import read_value_names

ALWAYS = ("rule", "minimum", "whole_if_small")
#: What each rule reads besides.
ALLOCATION_KEYS: Mapping[AllocationRule, tuple[str, ...]] = {
    AllocationRule.EQUAL: ("per_community",),
    AllocationRule.PROPORTIONAL: ("total",),
    AllocationRule.NEYMAN: ("total", "rate", "rates"),
    AllocationRule.POWER: ("total", "exponent", "rate", "rates"),
    AllocationRule.FIXED_COST: ("budget", "rate", "rates", "cost", "costs"),
    AllocationRule.GIVEN: ("given",),
}
_NEEDED = frozenset({"per_community", "total", "budget", "given"})
_MOST_CASES = 10_000_000
_MOST_IN_A_PLACE = 10_000
_MOST_REPLICATES = 50
_MOST_MONTHS = 120


class DesignReader:
    """``problems``: what is wrong, in the order of reading. ``lottery``: whether that table may be there."""

    def __init__(self, document: Mapping[str, Any], *, lottery: bool) -> None:
        self.problems: list[Problem] = []
        self._document = document
        tables = ("stage", "allocation", "reserves", "rest", "teams", "respondent")
        self._known = (*tables, "lottery") if lottery else tables

    def read(self) -> tuple[SampleDesign, tuple[PublicValueName, ...]] | None:
        """``None`` where there are problems. Raises :class:`analysis.sampling.sampling_error.SamplingError` for a
        design that cannot be for a reason that is not looked for here.
        """
        top = Table(self._document, "", self.problems)
        top.only(*self._known)
        stages = self._stages(top)
        allocation, reserves, rest = self._allocation(top), self._reserves(top), self._rest(top, stages)
        teams = read_teams(top)
        respondent = top.choice("respondent", Respondent, Respondent.LIST)
        values = read_value_names(top) if "lottery" in self._known else ()
        if not self.problems:
            self._check_stages(stages, allocation)
        if self.problems:
            return None
        design = SampleDesign(
            stages=tuple(stages),
            allocation=allocation,
            reserves=reserves,
            rest=rest,
            respondent=respondent,
            teams=teams,
        )
        return design, values

    def _stages(self, top: Table) -> list[Stage]:
        stages = []
        for number, table in enumerate(top.tables("stage"), start=1):
            part = Table(table, f"stage {number}", self.problems)
            part.only("unit", "method", "take", "size")
            unit = part.choice("unit", StageUnit, None)
            method = part.choice("method", Method, None)
            take = part.whole("take", 1, _MOST_IN_A_PLACE, None)
            size = part.choice("size", Size, None) if "size" in table else None
            if unit is None or method is None:
                continue
            if method in PROPORTIONAL_TO_SIZE and unit is StageUnit.DWELLING:
                part.problem("method", method, Message(N_("等概率的方法：住户的权数不得泄露是哪一户")))
            elif method in PROPORTIONAL_TO_SIZE and size is None:
                part.problem("size", table.get("size", ""), one_of(Size))
            elif method not in PROPORTIONAL_TO_SIZE and size is not None:
                part.problem("size", size, Message(N_("不写：{key} 不用它"), {"key": method.value}))
            stages.append(Stage(unit=unit, method=method, take=take, size=size))
        if "stage" not in self._document:
            self.problems.append(
                problem_at("stage", "", "", Message(N_("至少一个 [[stage]]，最后一个的 unit 是 dwelling")))
            )
        return stages

    def _check_stages(self, stages: Sequence[Stage], allocation: Allocation | None) -> None:
        units = [stage.unit for stage in stages]
        if units != [unit for unit in StageUnit if unit in units] or units[-1] is not StageUnit.DWELLING:
            expected = N_("依次为 community、grid、dwelling，可省前面的，每种一次，最后是 dwelling")
            self.problems.append(problem_at("stage", "unit", ", ".join(units), Message(expected)))
            return
        for number, stage in enumerate(stages[:-1], start=1):
            if stage.take is None:
                self.problems.append(problem_at(f"stage {number}", "take", "", Message(N_("抽几个：1 以上的整数"))))
        last = f"stage {len(stages)}"
        if allocation is not None and len(stages) > 1:
            expected = N_("不写：只有住户一个阶段时才按社区分配，多阶段时写 take")
            self.problems.append(problem_at("allocation", "", allocation.rule, Message(expected)))
        elif allocation is not None and stages[-1].take is not None:
            self.problems.append(problem_at(last, "take", stages[-1].take, Message(N_("不写：已有 [allocation]"))))
        elif allocation is None and stages[-1].take is None:
            self.problems.append(problem_at(last, "take", "", Message(N_("抽几户：1 以上的整数，或写 [allocation]"))))

    def _allocation(self, top: Table) -> Allocation | None:
        part = top.table("allocation")
        if part is None:
            return None
        rule = part.choice("rule", AllocationRule, None)
        if rule is None:
            return None
        used = ALLOCATION_KEYS[rule]
        for key in part.values:
            if key not in (*ALWAYS, *used) and any(key in keys for keys in ALLOCATION_KEYS.values()):
                part.problem(key, part.values[key], Message(N_("不写：{key} 不用它"), {"key": rule.value}))
        part.only(*ALWAYS, *(key for keys in ALLOCATION_KEYS.values() for key in keys))
        for key in used:
            if key in _NEEDED and key not in part.values:
                part.problem(key, "", Message(N_("要写：{rule} 要用它"), {"rule": rule.value}))
        return Allocation(
            rule=rule,
            per_community=part.whole("per_community", 1, _MOST_IN_A_PLACE, None),
            total=part.whole("total", 1, _MOST_CASES, None),
            budget=part.number("budget", AMOUNT, None),
            given=_some(part, part.whole_numbers("given", 0, _MOST_IN_A_PLACE)),
            minimum=part.whole("minimum", 0, _MOST_IN_A_PLACE, 0),
            exponent=part.number("exponent", SHARE, 0.5),
            rate=part.number("rate", RATE, 0.5),
            rates=part.numbers("rates", RATE),
            cost=part.number("cost", AMOUNT, 1.0),
            costs=part.numbers("costs", AMOUNT),
            whole_if_small=part.flag("whole_if_small"),
        )

    def _reserves(self, top: Table) -> Reserves | None:
        part = top.table("reserves", "replicates", "per_community")
        if part is None:
            return None
        numbers = [
            part.whole(key, 1, most, None, needed=True)
            for key, most in (("replicates", _MOST_REPLICATES), ("per_community", _MOST_IN_A_PLACE))
        ]
        return Reserves(replicates=numbers[0] or 0, per_community=numbers[1] or 0)

    def _rest(self, top: Table, stages: Sequence[Stage]) -> Rest | None:
        part = top.table("rest", "months", "overlap")
        if part is None:
            return None
        months = part.whole("months", 0, _MOST_MONTHS, 0)
        overlap = part.number("overlap", SHARE, None)
        if months and stages and stages[-1].method is not Method.PERMANENT:
            part.problem("months", months, Message(N_("只在住户按 permanent（永久随机数）抽取时写")))
        if overlap is not None and not any(stage.method in SHIFTED for stage in stages[:-1]):
            expected = N_("只在网格或社区按 permanent 或 pps_systematic 抽取时写")
            part.problem("overlap", overlap, Message(expected))
        return Rest(months=months, overlap=overlap)


def _some(part: Table, given: Mapping[str, int]) -> Mapping[str, int]:
    if given and not any(given.values()):
        part.problem("given", 0, Message(N_("至少在一个社区抽 1 户以上")))
    return given
