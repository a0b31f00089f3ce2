"""How many answers of a wave were taken back, as readers are told."""

from sqlalchemy.orm import Session

from survey.reports.facts import TakenBack, taken_back
from survey.store.withdrawals import count_withdrawn, has_withdrawals


def read_taken_back(session: Session, wave_id: int) -> TakenBack | None:
    """Of the whole wave, never of an area. ``None`` where nobody was given a code that takes answers back."""
    return taken_back(count_withdrawn(session, wave_id)) if has_withdrawals(session, wave_id) else None
