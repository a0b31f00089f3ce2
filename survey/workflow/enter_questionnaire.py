"""Enter a questionnaire: what a code or an open link leads to, or why it leads nowhere. Nothing is stored here."""

from dataclasses import dataclass, replace
from uuid import uuid4

from sqlalchemy.orm import Session

from questionnaires.option_orders import deal_order_seed
from survey.keys import KeyRing
from survey.messages import Failure
from survey.one_time_codes import code_hash, read_code
from survey.store import invitations, open_links, sheets
from survey.store.areas import name_in_wave
from survey.store.fielded_waves import FieldedWave, find_fielded_wave
from survey.store.invitations import Invitation, InvitationState
from survey.store.sheets import Entrance, Sheet, Standing, Way, wave_standing
from survey.store.wave_keys import KeyState, list_keys

_STANDINGS = {InvitationState.SPENT: Standing.SPENT, InvitationState.REVOKED: Standing.REVOKED}


@dataclass(frozen=True, kw_only=True)
class Entered:
    """``entrance``: a new one, ``None`` unless ``standing`` is open. ``way``: ``None`` where nothing is known."""

    standing: Standing
    way: Way | None = None
    entrance: Entrance | None = None


def enter_by_code(session: Session, keys: KeyRing, typed: str) -> Entered:
    """Where the code that somebody typed or followed leads; three statements.

    Raises :class:`~survey.messages.Failure` when the code is found under no key, and a key that it may be under is not
    to be read.
    """
    code = read_code(typed)
    if code is None:
        return Entered(standing=Standing.UNKNOWN)
    invitation = _find_invitation(session, keys, code_hash(code))
    if invitation is None:
        return Entered(standing=Standing.UNKNOWN)
    new = Entrance(wave_id=invitation.wave_id, area=invitation.area, uuid=uuid4(), code_hash=invitation.code_hash)
    if invitation.state in _STANDINGS:
        return Entered(standing=_STANDINGS[invitation.state], way=new.way)
    return _entered(session, new)


def enter_by_link(session: Session, token: str) -> Entered:
    """Where the open link leads; two statements."""
    link = open_links.find_open_link(session, token) if token.isalnum() else None
    if link is None:
        return Entered(standing=Standing.UNKNOWN)
    return _entered(session, Entrance(wave_id=link.wave_id, area=link.area, uuid=uuid4(), code_hash=None))


def open_sheet(session: Session, keys: KeyRing, entrance: Entrance) -> Sheet:
    """What is stored under the entrance and whether it may be filled in."""
    return sheets.find_sheet(session, keys, entrance)


def enter_anew(sheet: Sheet) -> Entrance:
    """For somebody else on the phone of the open ``sheet``: the same way in, and nothing of what was filled in."""
    seed = deal_order_seed(sheet.wave.questionnaire, sheet.entrance.mode) if sheet.wave else None
    return replace(sheet.entrance, uuid=uuid4(), order_seed=seed)


def find_wave(session: Session, entrance: Entrance) -> FieldedWave | None:
    """The wave entered, in whatever state it is by now."""
    return find_fielded_wave(session, entrance.wave_id)


def community_name(session: Session, entrance: Entrance) -> str:
    """The name of the community whose questionnaire this is."""
    return name_in_wave(session, entrance.wave_id, entrance.area)


def _find_invitation(session: Session, keys: KeyRing, hashed: str) -> Invitation | None:
    """The code does not say of which wave it is: it is looked for under the key of each that is open."""
    hashes, unreadable = [], None
    for key in list_keys(session):
        if key.wave_id is None or key.state is not KeyState.MADE:
            continue
        try:
            hashes.append(invitations.hash_of(keys.open(key.key_id), hashed))
        except Failure as error:
            unreadable = error  # the other waves are answered all the same
    found = invitations.find_invitation(session, hashes)
    if found is None and unreadable:
        raise unreadable
    return found


def _entered(session: Session, entrance: Entrance) -> Entered:
    wave = find_fielded_wave(session, entrance.wave_id)
    standing = wave_standing(wave, entrance.mode)
    if wave is None or standing is not Standing.OPEN:
        return Entered(standing=standing, way=entrance.way)
    order_seed = deal_order_seed(wave.questionnaire, entrance.mode)
    return Entered(standing=standing, way=entrance.way, entrance=replace(entrance, order_seed=order_seed))
