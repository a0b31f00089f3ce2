"""Plan outreach: from a wave's published estimates to proposed actions, each carrying the estimate that asked for it.

Made again, the plan renews what nobody touched, keeps what somebody edited and adds what is new.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from analysis.outreach.allocation import Wish, allocate
from analysis.outreach.priorities import Community, Need, Topic, find_needs
from analysis.publication import PublishedEstimate
from questionnaires.definition import IndicatorSet, Questionnaire
from questionnaires.loading import from_document
from survey import outreach
from survey.areas import RANK, Area, Level
from survey.casework.outreach_fields import MOST_MONEY
from survey.casework.outreach_lines import homes_by_area
from survey.messages import N_, BadInput, Conflict, Message, NotAllowed, NotThere
from survey.outreach import ActionKind, ActionStatus, ActionType, Finding, Per
from survey.roles import Scope
from survey.runs import EstimateRun
from survey.store import estimates, outreach_actions, outreach_plans
from survey.store.action_types import list_types
from survey.store.areas import get_frame
from survey.store.instruments import get_instrument
from survey.store.outreach_actions import NewAction, OutreachAction
from survey.store.outreach_plans import OutreachPlan
from survey.store.units import count_grids
from survey.store.waves import WaveRecord, get_wave
from survey.waves import WaveState

_HEADLINE_TOPICS = {"IND_AWARE": Topic.AWARENESS, "IND_PARTICIPATE": Topic.PARTICIPATION}
#: What a plan made again brings up to date in an action nobody touched.
_RENEWED = ("type_code", "wanted", "quantity", "unit_cost_cny", "cost_assumed", "department", "evidence")

_Key = tuple[int, int, ActionKind]


@dataclass(frozen=True, kw_only=True)
class _Place:
    """A community as quantities see it; what is not known counts as nothing."""

    homes: int
    grids: int
    adults: int | None


def plan_outreach(
    session: Session, wave_id: int, *, budget: float | None, at: datetime, by: str, scope: Scope | None = None
) -> OutreachPlan:
    """The wave's plan, made or made again with a ``budget`` in yuan (``None``: full quantities).

    What edited actions cost is taken from the budget first. Raises :class:`NotThere`; :class:`BadInput` for an
    impossible budget; :class:`Conflict` before the wave is published; :class:`NotAllowed` for a ``scope`` limited to
    areas, since a plan concerns the whole wave.
    """
    wave = _find_wave(session, wave_id, scope or Scope())
    if budget is not None and not (math.isfinite(budget) and 0 <= budget <= MOST_MONEY):
        raise BadInput(
            Message(N_("预算“{got}”不是金额：请写数字，例如 50000；不限预算就留空"), {"got": str(budget)[:20]})
        )
    run = estimates.standing_run(session, wave_id)
    if wave.state is not WaveState.PUBLISHED or run is None:
        raise Conflict(Message(N_("轮次 {wave} 还没有发布：计划只能由发布了的估计算出"), {"wave": wave_id}))
    plan = outreach_plans.save_plan(session, wave_id=wave_id, run_id=run.id, budget_cny=budget, at=at, by=by)
    kept, untouched = _standing(session, wave_id)
    proposed = [action for action in _proposals(session, wave, run) if _key(action) not in kept]
    spoken_for = sum(action.cost_cny for action in kept.values() if action.status is not ActionStatus.CANCELLED)
    affordable = _within(proposed, None if budget is None else max(0.0, budget - spoken_for))
    new = [action for action in affordable if _key(action) not in untouched]
    for action in affordable:
        if (before := untouched.pop(_key(action), None)) is not None:
            _renew(session, before, action, at=at, by=by)
    for gone in untouched.values():
        _change(session, gone, {"status": ActionStatus.CANCELLED}, at=at, by=by)
    outreach_actions.add_actions(session, plan.id, new, at=at, by=by)
    return plan


def _find_wave(session: Session, wave_id: int, scope: Scope) -> WaveRecord:
    if not scope.sees_wave(wave_id):
        raise NotThere(Message(N_("没有编号为 {id} 的轮次"), {"id": wave_id}))
    wave = get_wave(session, wave_id)
    if scope.areas:
        raise NotAllowed(Message(N_("您的账号只负责部分地区，这一步涉及整个轮次：请找不限地区的同事来做。")))
    return wave


def _standing(session: Session, wave_id: int) -> tuple[dict[_Key, OutreachAction], dict[_Key, OutreachAction]]:
    """The actions somebody edited, and those nobody touched."""
    actions = outreach_actions.list_actions(session, wave_id)
    kept = {_key(action): action for action in actions if action.edited}
    return kept, {_key(action): action for action in actions if not action.edited}


def _key(action: NewAction) -> _Key:
    return action.run_id, action.estimate_position, action.kind


def _renew(session: Session, before: OutreachAction, wanted: NewAction, *, at: datetime, by: str) -> None:
    changes: dict[str, object] = {name: getattr(wanted, name) for name in _RENEWED}
    _change(session, before, {**changes, "status": ActionStatus.NOT_STARTED}, at=at, by=by)


def _change(session: Session, action: OutreachAction, changes: Mapping[str, object], *, at: datetime, by: str) -> None:
    revision = action.revision
    outreach_actions.change_action(session, action.id, changes, revision=revision, at=at, by=by, edited=False)


def _within(proposed: Sequence[NewAction], budget: float | None) -> list[NewAction]:
    """The same actions with the quantities the budget reaches."""
    wishes = [
        Wish(
            problem=f"{action.kind} {action.indicator}" if action.residents is not None else "",
            residents=action.residents,
            quantity=action.wanted,
            unit_cost=action.unit_cost_cny,
        )
        for action in proposed
    ]
    quantities = allocate(wishes, budget)
    return [replace(action, quantity=number) for action, number in zip(proposed, quantities, strict=True)]


def _proposals(session: Session, wave: WaveRecord, run: EstimateRun) -> list[NewAction]:
    questionnaire = from_document(get_instrument(session, wave.instrument_id).document)
    rows = estimates.load_estimates(session, run.id)
    places = _places(session, wave, rows)
    communities = {code: Community(adults=place.adults, homes=place.homes or None) for code, place in places.items()}
    needs = find_needs(rows, _topics(questionnaire), communities)
    types = {kind.code: kind for kind in list_types(session)}
    departments = _departments(questionnaire)
    return [
        _proposal(need, run.id, types[_type_for(need)], places[need.area], departments.get(need.indicator, ""))
        for need in needs
    ]


def _proposal(need: Need, run_id: int, kind: ActionType, place: _Place, department: str) -> NewAction:
    wanted = full_quantity(kind, homes=place.homes, grids=place.grids, adults=place.adults, need=need.interviews)
    return NewAction(
        run_id=run_id,
        estimate_position=need.position,
        kind=need.kind,
        finding=need.finding,
        indicator=need.indicator,
        area=need.area,
        type_code=kind.code,
        wanted=wanted,
        quantity=wanted,
        unit_cost_cny=kind.unit_cost_cny,
        cost_assumed=kind.assumed,
        residents=need.residents,
        department=department if need.kind is ActionKind.FIX else "",
        evidence="；".join(kind.evidence),
    )


def _type_for(need: Need) -> str:
    if need.kind is ActionKind.FIX:
        return outreach.FIX_ACTION
    if need.kind is ActionKind.ASK:
        return outreach.CAUSE_ACTION if need.finding is Finding.CAUSE_UNKNOWN else outreach.INTERVIEW_ACTION
    return outreach.PARTICIPATION_ACTION if need.topic is Topic.PARTICIPATION else outreach.AWARENESS_ACTION


def full_quantity(kind: ActionType, *, homes: int, grids: int, adults: int | None, need: int | None) -> int:
    """``amount`` for each community, grid or home, rounded up; at least 1.

    >>> from survey.outreach_types import starting_types
    >>> types = {kind.code: kind for kind in starting_types()}
    >>> [full_quantity(types[code], homes=1778, grids=7, adults=4000, need=116)
    ...  for code in ("HOME_VISIT", "POSTER", "VOLUNTEER_DAY", "INTERVIEWS")]
    [1778, 140, 4, 116]
    >>> full_quantity(types["HOME_VISIT"], homes=0, grids=0, adults=4001, need=None)
    2001
    """
    counted = {
        Per.COMMUNITY: 1,
        Per.GRID: grids or 1,
        Per.HOUSEHOLD: homes or math.ceil((adults or 0) / outreach.ADULTS_PER_HOME),
        Per.NEED: need or 0,
    }
    return max(1, math.ceil(kind.amount * counted[kind.per]))


def _topics(questionnaire: Questionnaire) -> dict[str, Topic]:
    """What each indicator is about; those beside the main ones ask for nothing."""
    found: dict[str, Topic] = {}
    for indicator in questionnaire.indicators:
        if indicator.set is IndicatorSet.HEADLINE:
            found[indicator.code] = _HEADLINE_TOPICS.get(indicator.code, Topic.ATTITUDE)
        elif indicator.set is IndicatorSet.DOMAIN:
            found[indicator.code] = Topic.DOMAIN
    return found


def _departments(questionnaire: Questionnaire) -> dict[str, str]:
    """Indicator -> who answers for its object."""
    items = questionnaire.items_by_id
    named = {indicator.code: items[indicator.item].department for indicator in questionnaire.indicators}
    return {code: department.zh_Hans for code, department in named.items() if department is not None}


def _places(session: Session, wave: WaveRecord, rows: Sequence[PublishedEstimate]) -> dict[str, _Place]:
    """The communities that have estimates, in the order of the frame; without any, the finest areas above them."""
    estimated = {row.area for row in rows}
    known = [area for area in get_frame(session, wave.frame_id).areas if area.code in estimated]
    homes, grids = homes_by_area(session, wave.frame_id), count_grids(session, wave.frame_id)
    return {
        area.code: _Place(homes=homes.get(area.code, 0), grids=grids.get(area.code, 0), adults=area.population)
        for area in _communities(known)
    }


def _communities(areas: Sequence[Area]) -> list[Area]:
    """Never finer than a community: a grid's rate is nobody's to act on."""
    ranks = [RANK[area.level] for area in areas if RANK[area.level] <= RANK[Level.COMMUNITY]]
    return [area for area in areas if RANK[area.level] == max(ranks, default=RANK[Level.COMMUNITY])]
