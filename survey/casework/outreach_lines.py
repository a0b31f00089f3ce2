"""Stored actions as the lines of a plan that pages, prints and workbooks show."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from analysis.publication import PublishedEstimate
from questionnaires.definition import Questionnaire, Text
from questionnaires.loading import from_document
from survey.areas import Area
from survey.casework.outreach_interviews import later_interviews
from survey.outreach import DOOR_TO_DOOR, MEASURES, ActionType, shown_status
from survey.reports.outreach_rows import PlanLine
from survey.sampling.samples import drawable
from survey.store.action_types import list_types
from survey.store.estimates import load_estimates_at
from survey.store.instruments import get_instrument
from survey.store.ledger_visits import Coverage, coverages
from survey.store.outreach_actions import OutreachAction
from survey.store.outreach_makings import quantities_by_hand
from survey.store.outreach_work import done_quantities
from survey.store.units import count_places, count_units
from survey.store.waves import WaveRecord


@dataclass(frozen=True, kw_only=True)
class _Facts:
    """What the lines of one wave share."""

    labels: Mapping[str, Text]
    types: Mapping[str, ActionType]
    estimates: Mapping[tuple[int, int], PublishedEstimate]
    done: Mapping[int, int]
    interviews: Mapping[int, int]
    coverage: Mapping[int, Coverage]
    homes: Mapping[tuple[str, str], int]  # area, place -> homes
    cut: Collection[int]  # actions whose quantity somebody typed
    areas: Mapping[str, Area]


def plan_lines(
    session: Session,
    wave: WaveRecord,
    actions: Sequence[OutreachAction],
    areas: Mapping[str, Area],
    *,
    today: date,
) -> tuple[PlanLine, ...]:
    """In the order of ``actions``, all of the same wave."""
    at_doors = [action for action in actions if action.type_code in DOOR_TO_DOOR]
    counted = [action for action in actions if action.type_code in DOOR_TO_DOOR | MEASURES]
    facts = _Facts(
        labels=indicator_labels(from_document(get_instrument(session, wave.instrument_id).document)),
        types={kind.code: kind for kind in list_types(session)},
        estimates=estimates_of(session, actions),
        done=done_quantities(session, wave.id),
        interviews=later_interviews(session, wave, actions),
        coverage=coverages(session, [action.id for action in at_doors]),
        homes=_homes(session, wave.frame_id, counted),
        cut=quantities_by_hand(session, wave.id),
        areas=areas,
    )
    return tuple(_line(action, facts, today) for action in actions)


def indicator_labels(questionnaire: Questionnaire) -> dict[str, Text]:
    return {indicator.code: indicator.label for indicator in questionnaire.indicators}


def estimates_of(session: Session, actions: Sequence[OutreachAction]) -> dict[tuple[int, int], PublishedEstimate]:
    """(run, position) -> the estimate that asked for an action."""
    found: dict[tuple[int, int], PublishedEstimate] = {}
    for run in sorted({action.run_id for action in actions}):
        positions = {action.estimate_position for action in actions if action.run_id == run}
        for position, estimate in load_estimates_at(session, run, positions).items():
            found[run, position] = estimate
    return found


def homes_by_area(session: Session, frame_id: int) -> dict[str, int]:
    """Area -> units of the frame where people may live."""
    return {area: drawable(counts) for area, counts in count_units(session, frame_id).items()}


def _homes(session: Session, frame_id: int, actions: Sequence[OutreachAction]) -> dict[tuple[str, str], int]:
    if not actions:
        return {}
    homes = {(area, ""): count for area, count in homes_by_area(session, frame_id).items()}
    for area in {action.area for action in actions if action.place}:
        counts = count_places(session, frame_id, area)
        homes |= {(area, grid): count for grid, count in counts.grids.items()}
        homes |= {(area, name): sum(grids.values()) for name, grids in counts.estates.items()}
    return homes


def _done(action: OutreachAction, facts: _Facts) -> int:
    """What is on record with its day, never what somebody calls done; later waves count their interviews themselves."""
    return facts.interviews.get(action.id) or facts.done.get(action.id, 0)


def _line(action: OutreachAction, facts: _Facts, today: date) -> PlanLine:
    area, kind = facts.areas[action.area], facts.types[action.type_code]
    ticked = facts.coverage.get(action.id)
    return PlanLine(
        id=action.id,
        kind=action.kind,
        finding=action.finding,
        indicator=action.indicator,
        indicator_label=facts.labels.get(action.indicator, Text(zh_Hans=action.indicator, en=action.indicator)),
        area=action.area,
        area_name=area.name,
        place=action.place,
        place_name=facts.areas[action.place].name if action.place in facts.areas else action.place,
        type_code=action.type_code,
        type_name=kind.name,
        unit=kind.unit,
        wanted=action.wanted,
        quantity=action.quantity,
        done=_done(action, facts),
        by_later_waves=bool(facts.interviews.get(action.id)),
        unit_cost=action.unit_cost_cny,
        cost_assumed=action.cost_assumed,
        start=action.start,
        end=action.end,
        leader=action.leader,
        owner=action.owner,
        department=action.department,
        budget=action.budget_cny,
        spent=action.spent_cny,
        evidence=action.evidence,
        status=shown_status(action.status, action.end, today),
        result=action.result,
        estimate=facts.estimates[action.run_id, action.estimate_position],
        adults=area.population,
        homes=facts.homes.get((action.area, "")) or None,
        cut_by_hand=action.id in facts.cut and action.quantity < action.wanted,
        units=facts.homes.get((action.area, action.place)) if ticked else None,
        reached=ticked.reached if ticked else 0,
        nobody=ticked.nobody if ticked else 0,
        do_not_disturb=ticked.do_not_disturb if ticked else 0,
    )
