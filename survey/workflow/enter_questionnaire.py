"""Enter a questionnaire: what a code or an open link leads to, or why it leads nowhere. Nothing is stored here."""

from dataclasses import dataclass
from uuid import uuid4

from sqlalchemy.orm import Session

from survey.keys import KeyRing
from survey.one_time_codes import code_hash, read_code
from survey.store import invitations, open_links, sheets
from survey.store.areas import name_in_wave
from survey.store.fielded_waves import FieldedWave, find_fielded_wave
from survey.store.invitations import InvitationState
from survey.store.sheets import Entrance, Sheet, Standing, wave_standing

_STANDINGS = {InvitationState.SPENT: Standing.SPENT, InvitationState.REVOKED: Standing.REVOKED}


@dataclass(frozen=True, kw_only=True)
class Entered:
    """``entrance`` is ``None`` unless ``standing`` is open, or the holder of ``known`` came back."""

    standing: Standing
    entrance: Entrance | None = None


def enter_by_code(session: Session, typed: str, *, known: Entrance | None) -> Entered:
    """Where the code that somebody typed or followed leads; two statements. ``known``: what their browser holds.

    Whoever comes back keeps their answers, also after handing in: they are told that it arrived.
    """
    code = read_code(typed)
    if code is None:
        return Entered(standing=Standing.UNKNOWN)
    hashed = code_hash(code)
    invitation = invitations.find_invitation(session, hashed)
    if invitation is None:
        return Entered(standing=Standing.UNKNOWN)
    if known and known.code_hash == hashed and known.wave_id == invitation.wave_id:
        return Entered(standing=Standing.OPEN, entrance=known)
    if invitation.state in _STANDINGS:
        return Entered(standing=_STANDINGS[invitation.state])
    new = Entrance(wave_id=invitation.wave_id, area=invitation.area, uuid=uuid4(), code_hash=hashed)
    return _entered(session, new)


def enter_by_link(session: Session, token: str, *, known: Entrance | None) -> Entered:
    """Where the open link leads; two statements."""
    link = open_links.find_open_link(session, token) if token.isalnum() else None
    if link is None:
        return Entered(standing=Standing.UNKNOWN)
    if known and known.code_hash is None and (known.wave_id, known.area) == (link.wave_id, link.area):
        return Entered(standing=Standing.OPEN, entrance=known)
    return _entered(session, Entrance(wave_id=link.wave_id, area=link.area, uuid=uuid4(), code_hash=None))


def open_sheet(session: Session, keys: KeyRing, entrance: Entrance) -> Sheet:
    """What is stored under the entrance and whether it may be filled in."""
    return sheets.find_sheet(session, keys, entrance)


def find_wave(session: Session, entrance: Entrance) -> FieldedWave | None:
    """The wave entered, in whatever state it is by now."""
    return find_fielded_wave(session, entrance.wave_id)


def community_name(session: Session, entrance: Entrance) -> str:
    """The name of the community whose questionnaire this is."""
    return name_in_wave(session, entrance.wave_id, entrance.area)


def _entered(session: Session, entrance: Entrance) -> Entered:
    standing = wave_standing(find_fielded_wave(session, entrance.wave_id), entrance.mode)
    return Entered(standing=standing, entrance=entrance if standing is Standing.OPEN else None)
