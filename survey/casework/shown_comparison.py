"""What a page or a report shows of the comparison of a run with the wave before, and of the work done meanwhile."""

from collections import defaultdict

from sqlalchemy.orm import Session

from survey.casework.outreach_periods import WorkPeriod, work_period
from survey.reports.comparison import Comparison, DoneWork
from survey.store.action_types import list_types, list_types_at
from survey.store.changes import compared_run, load_changes
from survey.store.estimates import get_run, load_compared_estimates
from survey.store.outreach_actions import list_actions
from survey.store.outreach_work import done_quantities
from survey.store.waves import get_wave


def read_comparison(session: Session, run_id: int, area: str | None) -> Comparison | None:
    """Of one area, or of the whole with every area; ``None`` where the run was compared with no wave."""
    earlier_id = compared_run(session, run_id)
    if earlier_id is None:
        return None
    earlier, later = get_run(session, earlier_id), get_run(session, run_id)
    period = work_period(session, get_wave(session, later.wave_id))
    wave = get_wave(session, earlier.wave_id)
    return Comparison(
        wave_id=wave.id,
        name=wave.name,
        details=wave.details,
        run=earlier,
        changes=load_changes(session, run_id, area=area),
        earlier=load_compared_estimates(session, earlier.id, area),
        done=_done(session, wave.id, area, period) if period else {},
    )


def _done(
    session: Session, wave_id: int, area: str | None, period: WorkPeriod
) -> dict[tuple[str, str], tuple[DoneWork, ...]]:
    """What is on record as done of the wave's outreach plan, by the rate and the area that asked for it. A status
    counts for nothing here, nor a planned quantity: only work with its day. What is published keeps the names it has.
    """
    actions = list_actions(session, wave_id, areas=() if area is None else (area,))
    if not actions:
        return {}
    worked = done_quantities(session, wave_id, before=period.before, recorded_by=period.recorded_by)
    shown = list_types(session) if period.recorded_by is None else list_types_at(session, period.recorded_by)
    types = {each.code: each for each in shown}
    found: defaultdict[tuple[str, str], list[DoneWork]] = defaultdict(list)
    for action in actions:
        if quantity := worked.get(action.id, 0):
            kind = types[action.type_code]
            done = DoneWork(name=kind.name, unit=kind.unit, quantity=quantity)
            found[action.indicator, action.area].append(done)
    return {key: tuple(works) for key, works in found.items()}
