"""Codes are shown once, kept as hashes, and tied to their case only with the wave's key."""

from dataclasses import replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from survey.keys import KeyRing
from survey.messages import CheckFailed, Conflict, NotThere
from survey.one_time_codes import code_hash, read_code
from survey.store import inbox, schema
from survey.store.cases import list_cases
from survey.store.database import Database
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState
from survey.store.invitations import (
    InvitationState,
    context,
    count_invitations,
    find_invitation,
    hash_of,
    spend,
    tag_of,
)
from survey.store.responses import NewResponse, add_response
from survey.store.wave_keys import find_sealer, open_sealer
from survey.store.waves import change_state
from survey.waves import Mode, WaveState
from survey.workflow.issue_invitations import Letters, issue_invitations
from tests.survey.drawn_wave import AT, DETAILS, EAST, VILLAGE, WEST, draw, drawn_wave, open_wave_with_units


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(folder=tmp_path / "keys")


def issue(database: Database, keys: KeyRing, wave: int, *, community: str = EAST, reprint: bool = False) -> Letters:
    with database.writing() as session:
        return issue_invitations(session, keys, wave, community=community, reprint=reprint, at=AT)


def test_each_drawn_dwelling_gets_a_code_that_leads_to_its_case(database: Database, keys: KeyRing) -> None:
    wave = drawn_wave(database)
    letters = issue(database, keys, wave)
    with database.reading() as session:
        cases = [case for case in list_cases(session, 1) if case.area == EAST]
        sealer = find_sealer(session, keys, wave)
        assert sealer is not None
        assert [letter.unit.serial for letter in letters.letters] == [case.unit_serial for case in cases]
        for case, letter in zip(cases, letters.letters, strict=True):
            assert read_code(letter.code) == letter.code
            found = find_invitation(session, [hash_of(sealer, code_hash(letter.code))])
            assert found is not None
            assert (found.area, found.state, found.tag) == (EAST, InvitationState.OPEN, tag_of(sealer, found.code_hash))
            assert sealer.unseal(found.body, context=context(found.code_hash)) == str(case.id).encode()
    assert (letters.revoked, letters.community.name) == (0, "东风社区")


def test_no_code_and_no_case_is_in_the_database(database: Database, keys: KeyRing) -> None:
    letters = issue(database, keys, drawn_wave(database))
    with database.reading() as session:
        invitations = str(session.execute(select(schema.METADATA.tables["invitations"])).all())
        everything = str([session.execute(select(table)).all() for table in schema.METADATA.tables.values()])
        cases = [str(case.id) for case in list_cases(session, 1)]
    for letter in letters.letters:
        assert letter.code not in everything
    for case in cases:
        assert case not in invitations
        assert case.replace("-", "") not in invitations


def test_printing_again_is_asked_for_and_makes_the_first_codes_void(database: Database, keys: KeyRing) -> None:
    wave = drawn_wave(database)
    first = issue(database, keys, wave)
    with pytest.raises(Conflict, match="已经打印过"):
        issue(database, keys, wave)
    with database.writing() as session:
        sealer = open_sealer(session, keys, wave, at=AT)
        hashes = [hash_of(sealer, code_hash(letter.code)) for letter in first.letters]
        assert spend(session, wave, hashes[0], home="")
    again = issue(database, keys, wave, reprint=True)
    assert (again.revoked, len(again.letters)) == (10, 10), "as if nobody had answered"
    with database.reading() as session:
        assert count_invitations(session, wave) == {
            EAST: {InvitationState.OPEN: 9, InvitationState.SPENT: 1, InvitationState.REVOKED: 10}
        }
        void = find_invitation(session, hashes[1:2])
        assert void is not None
        assert void.state is InvitationState.REVOKED
    assert not {letter.code for letter in first.letters} & {letter.code for letter in again.letters}


def receive(database: Database, keys: KeyRing, wave: int, case: UUID, state: PayloadState, *, answered: bool) -> None:
    """What a canvasser sent of an interview at the door."""
    uuid = uuid4()
    with database.writing() as session:
        sealer = open_sealer(session, keys, wave, at=AT)
        record = InboxRecord(
            uuid=uuid,
            kind=PayloadKind.INTERVIEW,
            wave_id=wave,
            tag=sealer.tag(f"case:{case}"),
            sha256="0" * 64,
            state=state,
            reason="",
            body=b"sealed",
        )
        inbox.add(session, record)
        if answered:
            answer = NewResponse(
                uuid=uuid, area=EAST, mode=Mode.CAPI, day=AT.date(), answers="{}", completeness="complete"
            )
            add_response(session, wave, answer)


def states_of(database: Database, keys: KeyRing, wave: int, letters: Letters) -> list[InvitationState]:
    """Of the codes on the sheet, in its order."""
    with database.reading() as session:
        sealer = find_sealer(session, keys, wave)
        assert sealer is not None
        found = [find_invitation(session, [hash_of(sealer, code_hash(one.code))]) for one in letters.letters]
    return [one.state for one in found if one]


def test_homes_interviewed_at_the_door_get_a_letter_whose_code_is_spent(database: Database, keys: KeyRing) -> None:
    """An interview that was broken off, or waits for a decision, leaves the home to be reminded."""
    wave = drawn_wave(database)
    first = issue(database, keys, wave)
    with database.reading() as session:
        cases = [case for case in list_cases(session, 1) if case.area == EAST]
        sealer = find_sealer(session, keys, wave)
    assert sealer is not None
    for case in cases[:3]:
        receive(database, keys, wave, case.id, PayloadState.PLACED, answered=True)
    receive(database, keys, wave, cases[3].id, PayloadState.PLACED, answered=False)
    receive(database, keys, wave, cases[4].id, PayloadState.QUARANTINED, answered=False)
    with database.writing() as session:
        assert spend(session, wave, hash_of(sealer, code_hash(first.letters[9].code)), home="")
    spent, open_, revoked = InvitationState.SPENT, InvitationState.OPEN, InvitationState.REVOKED
    earlier = [first]
    for _ in range(2):
        again = issue(database, keys, wave, reprint=True)
        assert [letter.unit.serial for letter in again.letters] == [case.unit_serial for case in cases]
        assert again.revoked == 10
        assert states_of(database, keys, wave, again) == [spent] * 3 + [open_] * 6 + [spent]
        for sheet in earlier:
            assert states_of(database, keys, wave, sheet) == [revoked] * 10
        earlier.append(again)


def test_a_first_print_has_them_too(database: Database, keys: KeyRing) -> None:
    wave = drawn_wave(database)
    with database.reading() as session:
        case = next(case for case in list_cases(session, 1) if case.area == EAST)
    receive(database, keys, wave, case.id, PayloadState.PLACED, answered=True)
    letters = issue(database, keys, wave)
    assert (len(letters.letters), letters.revoked) == (10, 0)
    assert states_of(database, keys, wave, letters) == [InvitationState.SPENT] + [InvitationState.OPEN] * 9


def test_a_community_where_all_have_answered_is_asked_about_and_printed_too(database: Database, keys: KeyRing) -> None:
    wave = drawn_wave(database)
    first = issue(database, keys, wave)
    with database.writing() as session:
        sealer = open_sealer(session, keys, wave, at=AT)
        for letter in first.letters:
            assert spend(session, wave, hash_of(sealer, code_hash(letter.code)), home="")
    with pytest.raises(Conflict, match="已经打印过"):
        issue(database, keys, wave)
    again = issue(database, keys, wave, reprint=True)
    assert states_of(database, keys, wave, again) == [InvitationState.SPENT] * 10


def test_communities_are_printed_apart(sqlite_database: Database, keys: KeyRing) -> None:
    wave = drawn_wave(sqlite_database)
    assert len(issue(sqlite_database, keys, wave).letters) == 10
    assert len(issue(sqlite_database, keys, wave, community=WEST).letters) == 10


def test_there_are_letters_only_while_the_draw_stands(sqlite_database: Database, keys: KeyRing) -> None:
    wave = open_wave_with_units(sqlite_database)
    draw(sqlite_database, wave, seed="ff" * 16)
    with pytest.raises(Conflict, match="批准之后"):
        issue(sqlite_database, keys, wave)
    drawn = drawn_wave(sqlite_database)
    with sqlite_database.writing() as session:
        change_state(session, drawn, WaveState.CLOSED, at=AT, by="tongji")
    with pytest.raises(Conflict, match="结束之前"):
        issue(sqlite_database, keys, drawn)


def test_a_letter_says_who_asks(sqlite_database: Database, keys: KeyRing) -> None:
    wave = drawn_wave(sqlite_database, details=replace(DETAILS, telephone=""))
    with pytest.raises(CheckFailed) as caught:
        issue(sqlite_database, keys, wave)
    assert [str(problem.expected) for problem in caught.value.problems] == ["咨询电话"]


@pytest.mark.parametrize("community", [VILLAGE, "1", ""])
def test_a_community_without_cases_is_not_there(sqlite_database: Database, keys: KeyRing, community: str) -> None:
    with pytest.raises(NotThere):
        issue(sqlite_database, keys, drawn_wave(sqlite_database), community=community)


def test_letters_belong_to_waves_that_are_answered_online_by_invitation(
    sqlite_database: Database, keys: KeyRing
) -> None:
    wave = drawn_wave(sqlite_database, details=replace(DETAILS, modes=(Mode.CAPI, Mode.WEB_OPEN)))
    with pytest.raises(Conflict, match="没有受邀网上填答"):
        issue(sqlite_database, keys, wave)
