"""Further interviews are not claimed but counted: those of the drawn waves that came after the one that asked."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from analysis.publication import Reason
from survey.outreach import MEASURES
from survey.store import estimates
from survey.store.outreach_actions import OutreachAction
from survey.store.waves import WaveRecord, list_waves
from survey.waves import WaveState


def later_interviews(session: Session, wave: WaveRecord, actions: Sequence[OutreachAction]) -> dict[int, int]:
    """Action -> interviews about its rate in its area in later published waves; those without are left out.

    Only what was published counts: how many answered where a rate is not shown is nobody's to know, and volunteers
    are no interviews of a sample.
    """
    asked = [action for action in actions if action.type_code in MEASURES]
    found: dict[int, int] = {}
    for later in _later(session, wave) if asked else ():
        numbers = _published(session, later)
        for action in asked:
            if number := numbers.get((action.indicator, action.area), 0):
                found[action.id] = found.get(action.id, 0) + number
    return found


def _later(session: Session, wave: WaveRecord) -> list[WaveRecord]:
    over = wave.details.end or wave.details.start
    if over is None:
        return []
    return [
        one
        for one in list_waves(session)
        if one.state is WaveState.PUBLISHED and (one.details.start or date.min) > over
    ]


def _published(session: Session, wave: WaveRecord) -> dict[tuple[str, str], int]:
    run = estimates.standing_run(session, wave.id)
    if run is None:
        return {}
    return {
        (row.indicator, row.area): row.n
        for row in estimates.load_compared_estimates(session, run.id, None)
        if row.area is not None and row.published and row.n is not None and row.reason is not Reason.NON_PROBABILITY
    }
