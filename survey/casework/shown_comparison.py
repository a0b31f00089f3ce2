"""What a page or a report shows of the comparison of a run with the wave before, and of the work done meanwhile."""

from collections import defaultdict

from sqlalchemy.orm import Session

from survey.outreach import ActionKind, ActionStatus
from survey.reports.comparison import Comparison, DoneWork
from survey.store.action_types import list_types
from survey.store.changes import compared_run, load_changes
from survey.store.estimates import get_run, load_compared_estimates
from survey.store.outreach_actions import OutreachAction, list_actions
from survey.store.outreach_work import done_quantities
from survey.store.waves import get_wave


def read_comparison(session: Session, run_id: int, area: str | None) -> Comparison | None:
    """Of one area, or of the whole with every area; ``None`` where the run was compared with no wave."""
    earlier_id = compared_run(session, run_id)
    if earlier_id is None:
        return None
    earlier = get_run(session, earlier_id)
    wave = get_wave(session, earlier.wave_id)
    return Comparison(
        wave_id=wave.id,
        name=wave.name,
        details=wave.details,
        run=earlier,
        changes=load_changes(session, run_id, area=area),
        earlier=load_compared_estimates(session, earlier.id, area),
        done=_done(session, wave.id, area),
    )


def _done(session: Session, wave_id: int, area: str | None) -> dict[tuple[str, str], tuple[DoneWork, ...]]:
    """What is on record as done of the wave's outreach plan, by the rate and the area that asked for it."""
    actions = list_actions(session, wave_id, areas=() if area is None else (area,))
    if not actions:
        return {}
    worked = done_quantities(session, wave_id)
    types = {each.code: each for each in list_types(session)}
    found: defaultdict[tuple[str, str], list[DoneWork]] = defaultdict(list)
    for action in actions:
        if quantity := _quantity(action, worked):
            kind = types[action.type_code]
            done = DoneWork(name=kind.name, unit=kind.unit, quantity=quantity)
            found[action.indicator, action.area].append(done)
    return {key: tuple(works) for key, works in found.items()}


def _quantity(action: OutreachAction, worked: dict[int, int]) -> int:
    """As counted by those who did it; a department reports no quantities, only that what was to be done is done."""
    reported = action.quantity if action.kind is ActionKind.FIX and action.status is ActionStatus.DONE else 0
    return worked.get(action.id, reported)
