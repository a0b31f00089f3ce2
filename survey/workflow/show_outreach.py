"""Show outreach: the plan of a wave, and one action with the estimate that asked for it and all that came of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from survey.areas import Area, Level
from survey.casework.outreach_lines import plan_lines
from survey.casework.outreach_reach import Places, Reach, find_action, places_in, reach_of
from survey.messages import N_, Message, NotThere
from survey.outreach import ActionKind, ActionStatus, ActionType, ShownStatus
from survey.reports.outreach_plan import PlanFacts
from survey.reports.outreach_rows import PlanLine
from survey.roles import SEES_UNPUBLISHED, Role, Scope
from survey.runs import EstimateRun
from survey.store import estimates, outreach_actions, outreach_comments, outreach_plans, outreach_work, waves
from survey.store.action_types import list_types
from survey.store.areas import get_frame
from survey.store.outreach_actions import OutreachAction, OutreachChange
from survey.store.outreach_comments import OutreachComment
from survey.store.outreach_makings import MakingEffect, making_effect
from survey.store.outreach_plans import OutreachPlan, PlanMaking
from survey.store.outreach_work import Work
from survey.store.waves import WaveRecord
from survey.waves import WaveState

_OVER = frozenset({ActionStatus.DONE, ActionStatus.CANCELLED})


@dataclass(frozen=True, kw_only=True)
class OpenPlan:
    """A plan of which ``actions`` are neither done nor cancelled, of those with a quantity."""

    wave: WaveRecord
    actions: int


@dataclass(frozen=True, kw_only=True)
class OutreachView:
    """``plan`` and ``facts`` are ``None`` until somebody makes the plan. ``lines``: what passes the filters, in the
    order of the plan; ``total``: the actions within reach. ``areas`` and ``departments``: what can be filtered by.

    ``whole``: the reader is not limited to areas. ``makings``: each time the plan was made, the first one first;
    ``effect``: what the last of several did, within reach. ``self_chosen``: the wave is no random sample.
    ``open_before``: plans of earlier waves with something left to do within reach, the newest first.
    """

    wave: WaveRecord
    published: bool
    whole: bool
    plan: OutreachPlan | None
    facts: PlanFacts | None
    lines: tuple[PlanLine, ...]
    total: int
    areas: tuple[Area, ...]
    departments: tuple[str, ...]
    makings: tuple[PlanMaking, ...] = ()
    effect: MakingEffect | None = None
    self_chosen: bool = False
    open_before: tuple[OpenPlan, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ActionView:
    """``types``: the ones that can answer the action's kind. ``grids``: those within the reader's reach;
    ``grid_names``: what the frame calls grids, where it does.

    ``work``: the newest day first, void records among it; ``changes`` and ``comments`` as they came.
    """

    wave: WaveRecord
    action: OutreachAction
    line: PlanLine
    run: EstimateRun
    area: Area
    places: Places
    grids: tuple[str, ...]
    sees_area: bool  # the whole of it, not single grids
    types: tuple[ActionType, ...]
    changes: tuple[OutreachChange, ...]
    comments: tuple[OutreachComment, ...]
    work: tuple[Work, ...]
    grid_names: Mapping[str, str]

    def place_name(self, place: str) -> str:
        """A grid's name instead of its code."""
        return self.grid_names.get(place, place)


@dataclass(frozen=True, kw_only=True)
class WavePlan:
    """The plan of one wave, for those who work on it wave after wave: only what is within reach."""

    wave: WaveRecord
    lines: tuple[PlanLine, ...]


def show_outreach(
    session: Session,
    wave_id: int,
    *,
    role: Role,
    scope: Scope,
    today: date,
    kinds: Collection[ActionKind] = (),
    statuses: Collection[ShownStatus] = (),
    areas: Collection[str] = (),
    department: str = "",
) -> OutreachView:
    """The wave's plan within reach; an empty filter lets everything through.

    Raises :class:`NotThere` for a wave that does not exist, lies out of reach, or is not published and ``role`` may
    not see its numbers.
    """
    wave = _find_wave(session, wave_id, role=role, scope=scope)
    frame = {area.code: area for area in get_frame(session, wave.frame_id).areas}
    reach = reach_of(scope, frame)
    plan = outreach_plans.find_plan(session, wave_id)
    within = _within(session, wave_id, reach)
    makings = outreach_plans.list_makings(session, plan.id) if plan else ()
    run = estimates.standing_run(session, wave_id)
    lines = plan_lines(session, wave, within, frame, today=today)
    shown = [
        line
        for line in lines
        if (not kinds or line.kind in kinds)
        and (not statuses or line.status in statuses)
        and (not areas or line.area in areas)
        and (not department or line.department == department)
    ]
    return OutreachView(
        wave=wave,
        published=wave.state is WaveState.PUBLISHED,
        whole=reach.whole,
        plan=plan,
        facts=_facts(session, wave, plan, len(lines)) if plan else None,
        lines=tuple(shown),
        total=len(lines),
        areas=tuple(frame[code] for code in sorted({line.area for line in lines})),
        departments=tuple(sorted({line.department for line in lines if line.department})),
        makings=makings,
        effect=making_effect(session, plan.id, makings[-1].at) if plan and len(makings) > 1 else None,
        self_chosen=run is not None and run.design is None,
        open_before=_open_before(session, wave, scope, reach),
    )


def show_action(session: Session, action_id: int, *, scope: Scope, today: date) -> ActionView:
    """Raises :class:`NotThere` out of reach."""
    found = find_action(session, action_id, scope=scope)
    action = found.action
    areas = {area.code: area for area in get_frame(session, found.wave.frame_id).areas}
    (line,) = plan_lines(session, found.wave, [action], areas, today=today)
    places = places_in(session, found.wave.frame_id, action.area)
    return ActionView(
        wave=found.wave,
        action=action,
        line=line,
        run=estimates.get_run(session, action.run_id),
        area=areas[action.area],
        places=places,
        grids=tuple(grid for grid in places.grids if found.reach.sees_grid(grid, action.area)),
        sees_area=found.reach.sees(action.area),
        types=tuple(kind for kind in list_types(session) if action.kind in kind.kinds),
        changes=outreach_actions.list_changes(session, action_id),
        comments=outreach_comments.list_comments(session, action_id),
        work=outreach_work.list_work(session, action_id),
        grid_names={area.code: area.name for area in areas.values() if area.level is Level.GRID},
    )


def show_plans(
    session: Session, *, scope: Scope, today: date, kinds: Collection[ActionKind] = (), department: str = ""
) -> tuple[WavePlan, ...]:
    """The plans of all waves within reach, the newest wave first: for grid workers and departments."""
    plans: list[WavePlan] = []
    for wave in waves.list_waves(session):
        if not scope.sees_wave(wave.id) or outreach_plans.find_plan(session, wave.id) is None:
            continue
        frame = {area.code: area for area in get_frame(session, wave.frame_id).areas}
        within = _within(session, wave.id, reach_of(scope, frame), kinds=kinds, department=department)
        if within:
            plans.append(WavePlan(wave=wave, lines=plan_lines(session, wave, within, frame, today=today)))
    return tuple(plans)


def _open_before(session: Session, wave: WaveRecord, scope: Scope, reach: Reach) -> tuple[OpenPlan, ...]:
    found: list[OpenPlan] = []
    for one in waves.list_waves(session):
        if one.id < wave.id and one.frame_id == wave.frame_id and scope.sees_wave(one.id):
            left = [a for a in _within(session, one.id, reach) if a.quantity and a.status not in _OVER]
            if left:
                found.append(OpenPlan(wave=one, actions=len(left)))
    return tuple(found)


def _within(
    session: Session,
    wave_id: int,
    reach: Reach,
    *,
    kinds: Collection[ActionKind] = (),
    department: str = "",
) -> tuple[OutreachAction, ...]:
    found = outreach_actions.list_actions(session, wave_id, kinds=kinds, department=department)
    return tuple(action for action in found if reach.touches(action.area))


def _facts(session: Session, wave: WaveRecord, plan: OutreachPlan, total: int) -> PlanFacts:
    return PlanFacts(
        wave_name=wave.name,
        fictitious=wave.details.fictitious,
        budget=plan.budget_cny,
        made_at=plan.made_at,
        made_by=plan.made_by,
        run_digest=estimates.get_run(session, plan.run_id).digest,
        author=wave.details.fieldwork or wave.details.sponsor,
        total=total,
    )


def _find_wave(session: Session, wave_id: int, *, role: Role, scope: Scope) -> WaveRecord:
    refusal = NotThere(Message(N_("没有编号为 {id} 的轮次，或者它还没有发布。"), {"id": wave_id}))
    try:
        wave = waves.get_wave(session, wave_id)
    except NotThere:
        raise refusal from None
    if not scope.sees_wave(wave_id) or (wave.state is not WaveState.PUBLISHED and role not in SEES_UNPUBLISHED):
        raise refusal
    if scope.areas:
        codes = {area.code: area for area in get_frame(session, wave.frame_id).areas}
        if not any(reach_of(scope, codes).touches(code) for code in codes):
            raise refusal
    return wave
