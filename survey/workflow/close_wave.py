"""Close a wave: its answers stand from now on."""

from datetime import datetime

from sqlalchemy.orm import Session

from survey.store.waves import change_state
from survey.waves import WaveState


def close_wave(session: Session, wave_id: int, *, at: datetime, by: str) -> None:
    """Raises ``NotThere`` for an unknown wave, ``Conflict`` for one that is closed already."""
    change_state(session, wave_id, WaveState.CLOSED, at=at, by=by)
