"""Hand out a receipt at the door: the canvasser's last screen shows it, for the person asked to note.

It follows from the interview's number under the wave's key, so the screen shows the same one each time it is opened;
with the key goes what could tell whose it is. There is no code here that takes answers back: a canvasser would see it.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from survey.fieldwork.resident_codes import SEED_BYTES, codes_of, receipt_hash
from survey.keys import KeyRing, Sealer
from survey.messages import N_, Conflict, Message
from survey.store.receipts import add_receipt
from survey.store.wave_keys import find_sealer


def show_receipt(session: Session, keys: KeyRing, wave_id: int, interview: UUID) -> str:
    """The 12 characters of the interview's receipt. Raises :class:`Conflict` when the wave is not open."""
    return _receipt(_sealer(session, keys, wave_id), interview)


def hand_out_receipt(session: Session, keys: KeyRing, wave_id: int, interview: UUID) -> None:
    """Keep its hash, once; it was handed out when the interview ended, broken off or not. Raises alike."""
    add_receipt(session, wave_id, receipt_hash(_receipt(_sealer(session, keys, wave_id), interview)))


def _sealer(session: Session, keys: KeyRing, wave_id: int) -> Sealer:
    sealer = find_sealer(session, keys, wave_id)
    if sealer is None:
        raise Conflict(Message(N_("这一轮调查已经结束")))
    return sealer


def _receipt(sealer: Sealer, interview: UUID) -> str:
    return codes_of(sealer.tag(f"receipt:{interview}")[: 2 * SEED_BYTES]).receipt
