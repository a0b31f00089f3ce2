"""A wave worth attacking: two days of fieldwork, everything that makes somebody stand out, and the truth about it."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID, uuid4

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import Ended
from survey.fieldwork.resident_codes import ResidentCodes, codes_of, new_seed
from survey.keys import KeyRing
from survey.one_time_codes import LENGTH, code_hash, code_of
from survey.store.assignments import assign
from survey.store.database import Database
from survey.store.inbox import PayloadState, list_inbox
from survey.store.invitations import (
    Invitation,
    InvitationState,
    add_invitations,
    drop_invitations,
    hash_of,
    list_invitations,
    tag_of,
)
from survey.store.invitations import context as invitation_context
from survey.store.sheets import Entrance, find_sheet
from survey.store.wave_keys import find_sealer, open_sealer
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.forget_order import forget_order
from survey.workflow.record_response import record_response
from tests.prepared import prepared
from tests.survey import attacker
from tests.survey.attacker import Snapshot
from tests.survey.field import ANSWERS, NOW, OPENED, Field, open_field
from tests.survey.small_wave import EAST, WEST

DAY = timedelta(days=1)
Truth = dict[UUID, UUID]


@dataclass(frozen=True, kw_only=True)
class World:
    """``truth``: response -> case. ``first``, ``second``: backups of two nights; ``later``: cases reassigned between.

    ``sealed``: every sealed body of the inbox, ``key``: what opens them. ``codes``: of whom answered online.
    """

    field: Field
    truth: Truth
    first: Snapshot
    second: Snapshot
    later: frozenset[UUID]
    sealed: tuple[bytes, ...]
    key: bytes
    codes: ResidentCodes


@prepared
def build_world(database: Database, keys: KeyRing) -> World:
    """Two days of fieldwork: on the first one interview in the west, with a household as large as no other."""
    field = open_field(database, keys, per_community=12)
    truth: Truth = {}
    invite(database, field)
    for case in field.east[:6]:  # in walking order, as people walk
        _hold(database, field, truth, case, day=0, adults=1 + field.east.index(case) % 3)
    _hold(database, field, truth, field.west[0], day=0, adults=9)
    field.send(database, field.visit(field.west[2], Outcome.REFUSED_PERSON, occupied=True))
    with database.writing() as session:
        forget_order(session)
    first = attacker.read_everything(database)
    for case in field.west[3:9]:
        _hold(database, field, truth, case, day=1, adults=2)
    codes = codes_of(new_seed())
    _answer_online(database, field, truth, field.west[10], codes)
    field.send(database, field.interview(field.east[7], ended=Ended.BREAK_OFF, answers={"S1": 1}))
    waiting = field.send(database, field.interview(field.east[0]), uuid=uuid4())  # a second one of this case
    assert waiting.state is PayloadState.QUARANTINED
    with database.writing() as session:
        # Left with just the three cases they interviewed, zhou could be told from li by counting.
        later = [field.west[1], field.west[9], field.west[11], field.east[9]]
        assign(session, [(case, field.li.id) for case in later], at=NOW + DAY, by="tests")
        forget_order(session)
        sealer = open_sealer(session, keys, field.wave, at=NOW)
        sealed = tuple(row.body for row in list_inbox(session, field.wave) if row.body)
    second = attacker.read_everything(database)
    assert len(truth) == 14
    return World(
        field=field,
        truth=truth,
        first=first,
        second=second,
        later=frozenset(later),
        sealed=sealed,
        key=sealer.key,
        codes=codes,
    )


def close(database: Database, world: World) -> Snapshot:
    """What is there once the wave is closed and its key destroyed."""
    field = world.field
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW + 2 * DAY, by="tests", discard_quarantine=True)
    assert destroy_keys(database, field.keys) == 1
    return attacker.read_everything(database)


def _hold(database: Database, field: Field, truth: Truth, case: UUID, *, day: int, adults: int) -> None:
    uuid, at = uuid4(), NOW + day * DAY
    field.send(database, field.visit(case, Outcome.NO_ANSWER, at=at - timedelta(hours=2)), at=at)
    payload = field.interview(case, started=at - timedelta(minutes=9), finished=at, adults=adults)
    assert field.send(database, payload, uuid=uuid, at=at).state is PayloadState.PLACED
    truth[uuid] = case


def code_of_case(case: UUID) -> str:
    """The code in the letter of a case."""
    return code_of(case.int, LENGTH)


def stored_code(database: Database, field: Field, case: UUID) -> str:
    """Where it is stored, which takes the key."""
    with database.reading() as session:
        sealer = find_sealer(session, field.keys, field.wave)
    assert sealer is not None
    return hash_of(sealer, code_hash(code_of_case(case)))


def invite(database: Database, field: Field) -> None:
    """A letter for every case."""
    with database.writing() as session:
        sealer = open_sealer(session, field.keys, field.wave, at=OPENED)
        add_invitations(
            session,
            [
                Invitation(
                    code_hash=(hashed := hash_of(sealer, code_hash(code_of_case(case)))),
                    wave_id=field.wave,
                    area=EAST if case in field.east else WEST,
                    state=InvitationState.OPEN,
                    tag=tag_of(sealer, hashed),
                    body=sealer.seal(str(case).encode(), context=invitation_context(hashed)),
                )
                for case in field.cases
            ],
        )


def list_as_before(database: Database, field: Field) -> None:
    """Keep the letters as earlier versions did: under hashes of their codes alone, with the tags of the inbox."""
    with database.writing() as session:
        sealer = open_sealer(session, field.keys, field.wave, at=NOW)
        found = {one.code_hash: one for one in list_invitations(session, field.wave)}
        drop_invitations(session, field.wave)
        plain = []
        for case in field.cases:
            one = found[hash_of(sealer, hashed := code_hash(code_of_case(case)))]
            body = sealer.seal(str(case).encode(), context=invitation_context(hashed))
            plain.append(replace(one, code_hash=hashed, tag=sealer.tag(f"case:{case}"), body=body))
        add_invitations(session, plain)


def _answer_online(database: Database, field: Field, truth: Truth, case: UUID, codes: ResidentCodes) -> None:
    entrance = Entrance(wave_id=field.wave, area=WEST, uuid=uuid4(), code_hash=stored_code(database, field, case))
    with database.writing() as session:
        sheet = find_sheet(session, field.keys, entrance)
        record_response(session, sheet, ANSWERS, at=NOW + DAY, codes=codes)  # type: ignore[arg-type]
    truth[entrance.uuid] = case
