"""Bring the invitations of open waves to how they are kept now, after an upgrade; letters on paper stay good.

They used to be found by the hash of the code alone, and had the tag that the inbox has for their case: a letter and a
backup led to the answers of a home. What was made before is recognised by that tag; only a wave's key can change it.
"""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.keys import KeyRing, Sealer
from survey.messages import Failure
from survey.store import invitations
from survey.store.database import Database
from survey.store.invitations import Invitation
from survey.store.owed_scrubs import OwedScrub
from survey.store.wave_keys import KeyState, list_keys


@dataclass(frozen=True, kw_only=True)
class Rekeyed:
    """How many ``codes`` were changed. ``unread``: waves of which the key, or a code, is not to be read; what is not
    stays as it was.
    """

    codes: int
    unread: tuple[int, ...]


def rekey_letters(database: Database, keys: KeyRing, owed: OwedScrub) -> Rekeyed:
    """In a transaction of its own; what the rows were has to be scrubbed, which is ``owed`` from then on."""
    with database.writing() as session:
        rekeyed = rekey_invitations(session, keys)
        if rekeyed.codes:
            owed.owe()
    return rekeyed


def rekey_invitations(session: Session, keys: KeyRing) -> Rekeyed:
    """Done again it changes nothing. A code that does not open keeps no other one, of its wave or another, back."""
    codes, unread = 0, []
    for key in list_keys(session):
        if key.wave_id is None or key.state is not KeyState.MADE:
            continue
        found = invitations.list_invitations(session, key.wave_id)
        try:
            sealer = keys.open(key.key_id)
        except Failure:
            unread += [key.wave_id] if found else []
            continue
        opened = [_open(sealer, one) for one in found]
        unread += [key.wave_id] if None in opened else []
        now = [_rekey(sealer, one, case) for one, case in zip(found, opened, strict=True)]
        changed = sum(one is not before for one, before in zip(now, found, strict=True))
        if changed:
            invitations.drop_invitations(session, key.wave_id)
            invitations.add_invitations(session, now)
        codes += changed
    return Rekeyed(codes=codes, unread=tuple(unread))


def _open(sealer: Sealer, one: Invitation) -> bytes | None:
    """The case's id; ``None``: the key or the row is not what it was."""
    try:
        return sealer.unseal(one.body, context=invitations.context(one.code_hash))
    except Failure:
        return None


def _rekey(sealer: Sealer, one: Invitation, case: bytes | None) -> Invitation:
    """The same object when it is as it should be, or cannot be made so."""
    if case is None or one.tag != sealer.tag(f"case:{case.decode()}"):
        return one
    hashed = invitations.hash_of(sealer, one.code_hash)
    return Invitation(
        code_hash=hashed,
        wave_id=one.wave_id,
        area=one.area,
        state=one.state,
        tag=invitations.tag_of(sealer, hashed),
        body=sealer.seal(case, context=invitations.context(hashed)),
    )
