"""Describe a wave: the facts its reports print, completed or corrected until it is published."""

from datetime import datetime

from sqlalchemy.orm import Session

from questionnaires.loading import from_document
from survey.files.wave_file import check_details
from survey.messages import N_, Conflict, Message
from survey.store.instruments import get_instrument
from survey.store.wave_details import details_digest
from survey.store.waves import get_wave, set_details
from survey.waves import WaveDetails, WaveState


def describe_wave(
    session: Session, wave_id: int, *, details: WaveDetails, at: datetime, by: str, seen: str | None = None
) -> None:
    """Replace the details, on record. Targets set after an estimate count from the next one. ``seen``: the digest of
    the details that were changed, where somebody else may have changed them meanwhile.

    Raises ``NotThere`` for an unknown wave, ``BadInput`` for targets and placeholders the instrument does not know,
    :class:`Conflict` for a published wave, since what was handed out stays as it was, and for details that are no
    longer those seen.
    """
    wave = get_wave(session, wave_id)
    if wave.state is WaveState.PUBLISHED:
        raise Conflict(Message(N_("轮次 {wave} 已经发布，说明不能再改"), {"wave": wave_id}))
    if seen is not None and seen != details_digest(wave.details):
        raise Conflict(Message(N_("别人刚改过这一轮的事实：请重新打开本页，再改一次")))
    check_details(from_document(get_instrument(session, wave.instrument_id).document), details)
    set_details(session, wave_id, details, at=at, by=by)
