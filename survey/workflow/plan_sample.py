"""Plan a sample: how many completes and cases a community needs, how a frame's communities share them, what is saved.

A plan holds no unit and draws nothing; from it comes the ``design.toml`` of a draw.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from analysis.sampling.allocation import allocate
from analysis.sampling.allocation_errors import UnknownCommunities
from analysis.sampling.sample_design import Allocation, AllocationRule, Method, SampleDesign, Size, Stage, StageUnit
from analysis.sampling.sample_plan import Part, PlanResult, margin_of_all, work_out
from analysis.sampling.sample_size import margin_of
from survey.areas import Area, Level
from survey.casework.design_text import design_text
from survey.casework.plan_refusals import as_bad_input
from survey.casework.plan_requests import Values, allocation_of, one_problem, request_of
from survey.messages import N_, BadInput, Message
from survey.sampling.samples import drawable
from survey.store.areas import get_frame
from survey.store.sample_plans import SamplePlan, add_sample_plan, get_sample_plan, list_sample_plans
from survey.store.units import count_units

LONGEST_NAME = 80
#: Plans side by side.
MOST_COMPARED = 4


@dataclass(frozen=True, kw_only=True)
class CommunityPlan:
    """``margins`` of the expected ``completes``: by the normal approximation, and as published; ``None`` of nobody."""

    area: Area
    units: int
    rate: float
    cases: int
    completes: int
    margins: tuple[float, float] | None


@dataclass(frozen=True, kw_only=True)
class FramePlan:
    """``margin``: of all communities together, as published; ``cost``: in yuan, where one is known; ``short``:
    communities that have homes enough, and are to give fewer than the plan takes; ``whole``: those that have fewer
    homes than the plan takes, and give all of them.
    """

    frame_id: int
    allocation: Allocation
    communities: tuple[CommunityPlan, ...]
    margin: float | None
    cost: float | None
    short: int
    whole: int

    @property
    def cases(self) -> int:
        return sum(one.cases for one in self.communities)

    @property
    def completes(self) -> int:
        return sum(one.completes for one in self.communities)

    @property
    def widest(self) -> float | None:
        """The largest margin of a community, as published; ``None`` where nobody of any is asked."""
        return max((one.margins[1] for one in self.communities if one.margins), default=None)


@dataclass(frozen=True, kw_only=True)
class WorkedPlan:
    """``saved``: where the plan is on record."""

    values: Values
    result: PlanResult
    frame: FramePlan | None = None
    saved: SamplePlan | None = None


def work_out_plan(session: Session | None, values: Values, *, frame_id: int | None = None) -> WorkedPlan:
    """What the plan comes to, of a frame's communities too where one is named (then a ``session`` is needed).

    Raises :class:`BadInput`; :class:`NotThere` for the frame.
    """
    listed = None if frame_id is None or session is None else _read_listed(session, frame_id)
    with as_bad_input():
        # Where a frame tells how many communities there are, so many are set side by side.
        side_by_side = {"communities": max(2, listed.inhabited)} if listed else {}
        result = work_out(request_of(side_by_side | dict(values)))
    frame = None if listed is None else _of_frame(listed, values, result)
    return WorkedPlan(values=values, result=result, frame=frame)


def save_plan(
    session: Session, values: Values, *, name: str, at: datetime, by: str, frame_id: int | None = None
) -> SamplePlan:
    """Raises :class:`BadInput` for a plan that cannot be worked out or has no name; nothing is stored then."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= LONGEST_NAME or not name.isprintable():
        raise one_problem("name", Message(N_("请给方案起一个名称，1 到 {most} 个字"), {"most": LONGEST_NAME}))
    worked = work_out_plan(session, values, frame_id=frame_id)
    planned, frame = worked.result.planned, worked.frame
    return add_sample_plan(
        session,
        name=name,
        request=values,
        completes=planned.completes,
        cases=planned.cases,
        frame_id=frame_id,
        cases_in_all=frame.cases if frame else None,
        at=at,
        by=by,
    )


def show_plan(session: Session, plan_id: int) -> WorkedPlan:
    """Raises :class:`NotThere`."""
    return _again(session, get_sample_plan(session, plan_id))


def compare_plans(session: Session, plan_ids: Sequence[int]) -> tuple[WorkedPlan, ...]:
    """Two to four plans, in the order asked for. Raises :class:`BadInput`; :class:`NotThere`."""
    wanted = list(dict.fromkeys(plan_ids))
    if not 2 <= len(wanted) <= MOST_COMPARED:
        raise BadInput(Message(N_("请选 2 到 {most} 个方案来比较"), {"most": MOST_COMPARED}))
    return tuple(_again(session, get_sample_plan(session, plan_id)) for plan_id in wanted)


def list_plans(session: Session) -> tuple[SamplePlan, ...]:
    """The newest first."""
    return list_sample_plans(session)


def _again(session: Session, plan: SamplePlan) -> WorkedPlan:
    return replace(work_out_plan(session, plan.request, frame_id=plan.frame_id), saved=plan)


@dataclass(frozen=True, kw_only=True)
class _Listed:
    """A frame's communities and their drawable units, by code."""

    frame_id: int
    areas: Mapping[str, Area]
    units: Mapping[str, int]

    @property
    def inhabited(self) -> int:
        return sum(1 for size in self.units.values() if size)


def _read_listed(session: Session, frame_id: int) -> _Listed:
    frame = get_frame(session, frame_id)
    if frame.kind is None:
        raise one_problem("frame", Message(N_("这个抽样框只有地区，没有住户等单元，不能按它分配。")))
    counts = count_units(session, frame_id)
    areas = {area.code: area for area in frame.areas if area.level in (Level.COMMUNITY, Level.VILLAGE)}
    return _Listed(frame_id=frame_id, areas=areas, units={code: drawable(counts.get(code, {})) for code in areas})


def _of_frame(listed: _Listed, values: Values, result: PlanResult) -> FramePlan:
    areas, units = listed.areas, listed.units
    named = _by_code(values, areas)
    cases, whole = result.planned.cases, sum(units.values())
    allocation = allocation_of(named, cases=cases, communities=listed.inhabited, units=whole)
    rates, costs = named.get("rates", {}), named.get("costs", {})
    with as_bad_input({code: area.name for code, area in areas.items()}):
        if unknown := sorted((rates.keys() | costs.keys()) - areas.keys()):
            raise UnknownCommunities("rates", unknown)
        numbers = allocate(allocation, units)
        lines = [
            _of_community(area, units[code], numbers[code], rates.get(code), result) for code, area in areas.items()
        ]
    cost = sum(costs.get(code, named.get("cost", 0.0)) * numbers[code] for code in areas)
    return FramePlan(
        frame_id=listed.frame_id,
        allocation=allocation,
        communities=tuple(line for line, _ in lines),
        margin=margin_of_all([part for _, part in lines], result.request.conditions.level),
        cost=cost if "cost" in named or "costs" in named else None,
        short=sum(1 for line, _ in lines if line.cases < min(line.units, cases)),
        whole=sum(1 for line, _ in lines if 0 < line.units == line.cases < cases),
    )


def _by_code(values: Values, areas: Mapping[str, Area]) -> dict[str, Any]:
    """Communities may be called by their names, where no two have the same."""
    codes: dict[str, str] = {}
    for area in areas.values():
        codes[area.name] = "" if area.name in codes else area.code
    tables = {name: values[name] for name in ("rates", "costs") if name in values}
    return {**values} | {
        name: {codes.get(said) or said: number for said, number in table.items()} for name, table in tables.items()
    }


def _of_community(
    area: Area, units: int, cases: int, rate: float | None, result: PlanResult
) -> tuple[CommunityPlan, Part]:
    """One adult of each dwelling; the adults of the area where the frame counts them, else those that the plan says."""
    conditions = replace(result.request.conditions, population=area.population or result.request.conditions.population)
    expected = math.floor(cases * conditions.response + 1e-9)
    completes = min(expected, conditions.population or expected)
    chance = result.request.question.rate if rate is None else rate
    margins = margin_of(chance, completes, conditions) if completes else None
    line = CommunityPlan(area=area, units=units, rate=chance, cases=cases, completes=completes, margins=margins)
    return line, Part(size=float(units), rate=chance, completes=completes, conditions=conditions)


def design_of(worked: WorkedPlan) -> SampleDesign:
    """The design of the plan: in two stages where it speaks of clusters, otherwise of dwellings alone.

    Raises :class:`BadInput` where it speaks of clusters and of an allocation that is not the same for all.
    """
    request, cases = worked.result.request, worked.result.planned.cases
    effect = request.conditions.effect
    dwellings = Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC)
    if worked.frame and worked.frame.allocation.rule is not AllocationRule.EQUAL:
        if effect.clusters is not None or effect.per_cluster is not None:
            raise BadInput(
                Message(N_("按网格分两步抽时，各社区的户数相同：请把分配办法改为“各社区相同”，或者去掉网格。"))
            )
        return SampleDesign(stages=(dwellings,), allocation=worked.frame.allocation)
    cases = worked.values.get("per_community", cases)
    clusters = effect.clusters
    if clusters is None and effect.per_cluster is not None:
        clusters = math.ceil(worked.result.planned.completes / effect.per_cluster)
    if clusters is None:
        equal = Allocation(rule=AllocationRule.EQUAL, per_community=cases, whole_if_small=True)
        return SampleDesign(stages=(dwellings,), allocation=equal)
    grids = Stage(unit=StageUnit.GRID, method=Method.PPS_SYSTEMATIC, take=clusters, size=Size.UNITS)
    return SampleDesign(stages=(grids, replace(dwellings, take=math.ceil(cases / clusters))))


def design_file(worked: WorkedPlan, remarks: Sequence[str]) -> str:
    """``design.toml`` with ``remarks`` in its head. Raises as :func:`design_of`."""
    return design_text(design_of(worked), remarks)
