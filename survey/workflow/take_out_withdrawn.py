"""Take out answers that were withdrawn and that an older backup brought back: by the file beside the keys.

What cannot be known again: answers of a wave that was closed and whose backup is from before the closing, when the
code was typed after it. That wave's key is destroyed, so nothing of such a backup goes on anyhow.
"""

from sqlalchemy.orm import Session

from survey.casework.withdrawn_answers import code_mark, delete_withdrawn, tag_mark
from survey.keys import KeyRing, Sealer
from survey.store.wave_keys import KeyState, list_keys
from survey.store.withdrawals import Withdrawal, context, list_standing
from survey.withdrawn_marks import Held, WithdrawnMarks


def find_withdrawn(session: Session, keys: KeyRing) -> tuple[Withdrawal, ...]:
    """Answers that are here though they were withdrawn. Raises :class:`~survey.messages.Failure` for an unreadable
    file.
    """
    held = WithdrawnMarks(folder=keys.folder).holds()
    if not held.lines:
        return ()
    sealers = _sealers(session, keys)
    return tuple(
        found
        for found, body in list_standing(session)
        if tag_mark(found.tag) in held or _is_marked(held, sealers.get(found.wave_id), found, body)
    )


def take_out_withdrawn(session: Session, keys: KeyRing) -> int:
    """Delete and count them as if the codes were typed again; how many."""
    sealers, back = _sealers(session, keys), find_withdrawn(session, keys)
    for found in back:
        delete_withdrawn(session, sealers.get(found.wave_id), found)
    return len(back)


def _sealers(session: Session, keys: KeyRing) -> dict[int | None, Sealer]:
    held = [key for key in list_keys(session) if key.state is KeyState.MADE and keys.holds(key.key_id)]
    return {key.wave_id: keys.open(key.key_id) for key in held}


def _is_marked(held: Held, sealer: Sealer | None, found: Withdrawal, body: bytes | None) -> bool:
    if sealer is None or body is None:
        return False
    return code_mark(sealer.unseal(body, context=context(found.tag)).hex()) in held
