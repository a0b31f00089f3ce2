"""Which published waves stand beside the work of an outreach plan: those that were compared with the plan's wave."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from survey.store.changes import ChangeRow
from survey.store.estimates import EstimateRunRow
from survey.store.waves import WaveEventRow
from survey.waves import WaveState


def list_published_comparisons(session: Session, wave_id: int) -> tuple[int, ...]:
    """The waves that were published with a comparison with this one, in the order of their numbers."""
    earlier = select(EstimateRunRow.id).where(EstimateRunRow.wave_id == wave_id)
    compared = select(ChangeRow.run_id).where(ChangeRow.earlier_run_id.in_(earlier)).distinct()
    query = (
        select(WaveEventRow.wave_id)
        .where(WaveEventRow.to_state == WaveState.PUBLISHED, WaveEventRow.run_id.in_(compared))
        .distinct()
    )
    return tuple(sorted(session.scalars(query)))
