"""The receipt that the canvasser's last screen shows, for the person asked to note.

It is kept once the interview comes in, see :mod:`survey.workflow.receive_payload`, and follows from its salt. The site
makes that from the interview's number under the wave's key, so the screen shows the same receipt each time it is
opened; with the key goes what could tell whose it is. There is no code here that takes answers back: a canvasser would
see it.
"""

from uuid import UUID

from sqlalchemy.orm import Session

from survey.fieldwork.resident_codes import SEED_BYTES, codes_of
from survey.keys import KeyRing
from survey.messages import N_, Conflict, Message
from survey.store.wave_keys import find_sealer


def show_receipt(session: Session, keys: KeyRing, wave_id: int, interview: UUID) -> str:
    """The 12 characters of the interview's receipt. Raises :class:`Conflict` when the wave is not open."""
    return codes_of(receipt_salt(session, keys, wave_id, interview)).receipt


def receipt_salt(session: Session, keys: KeyRing, wave_id: int, interview: UUID) -> str:
    """The salt with which the interview is handed in: its receipt is the one that was shown. Raises alike."""
    sealer = find_sealer(session, keys, wave_id)
    if sealer is None:
        raise Conflict(Message(N_("这一轮调查已经结束")))
    return sealer.tag(f"receipt:{interview}")[: 2 * SEED_BYTES]
