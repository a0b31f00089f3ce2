"""A backup of an open wave, in the hands of somebody without the key: it joins no case to what came of it."""

import hashlib
import subprocess
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import LargeBinary, Table, select

from analysis.fieldwork.dispositions import Outcome
from survey.fieldwork.payloads import Ended, InterviewPayload, LedBy, Presence, VisitPayload, to_json
from survey.keys import KeyRing
from survey.roles import Role
from survey.store import drafts, inbox, schema
from survey.store.accounts import add_account
from survey.store.assignments import assign
from survey.store.backups import backup, restore
from survey.store.backups_postgresql import find_program
from survey.store.database import Database, open_database
from survey.store.inbox import PayloadKind
from survey.store.interviews import read_interviews
from survey.store.invitations import add_invitations, spend
from survey.store.responses import NewResponse, add_response, answers_document
from survey.store.wave_keys import find_key, open_sealer
from survey.waves import Mode
from tests.survey.store.fieldwork_rows import draft, invitation, received

#: Here a case is named on purpose, beside its dwelling and its canvasser; nothing here says what came of it.
NAMES_CASES = {"cases", "assignments"}


@pytest.fixture
def keys(tmp_path) -> KeyRing:
    return KeyRing(folder=tmp_path / "keys")


@pytest.fixture
def open_wave(database, example, draw_cases, new_cases, keys, at) -> Database:
    """The first case visited and interviewed, the second half-way, the third answered online with its code."""
    first, second, third = new_cases
    with database.writing() as session:
        canvasser = add_account(session, name="小李", password_hash="x", role=Role.CANVASSER, at=at).id
        draw_cases(session, example)
        assign(session, [(case.id, canvasser) for case in new_cases], at=at, by="督导")
        sealer = open_sealer(session, keys, example.wave, at=at)
        for number, kind, payload in (
            (1, PayloadKind.VISIT, visit(first.id, at, canvasser)),
            (2, PayloadKind.INTERVIEW, interview(first.id, at, canvasser)),
        ):
            body = to_json(payload)
            inbox.add(session, received(sealer, example.wave, number, body=body, case=payload.case, kind=kind))
        drafts.save_draft(session, draft(sealer, example.wave, 3, body=str(second.id).encode(), case=second.id))
        codes = [invitation(sealer, example.wave, case.id.hex, case=case.id) for case in new_cases]
        add_invitations(session, codes)
        spend(session, example.wave, codes[2].code_hash, home="")
        for number in (2, 4):
            add_response(session, example.wave, answer(number, third.area, at))
    return database


def visit(case: UUID, at, canvasser: int) -> VisitPayload:
    return VisitPayload(
        case=case,
        salt="5a17" * 8,
        at=at,
        outcome=Outcome.COMPLETE,
        occupied=True,
        led_by=LedBy.NOBODY,
        appointment=None,
        canvasser=canvasser,
        mode=Mode.CAPI,
    )


def interview(case: UUID, at, canvasser: int) -> InterviewPayload:
    return InterviewPayload(
        case=case,
        salt="5a17" * 8,
        started=at,
        finished=at,
        instrument="a" * 64,
        adults=2,
        selected=1,
        present=(Presence.ALONE,),
        led_by=LedBy.NOBODY,
        answers={"q1": 4},
        elapsed={},
        ended=Ended.COMPLETE,
        canvasser=canvasser,
    )


def answer(number: int, area: str, at) -> NewResponse:
    return NewResponse(
        uuid=UUID(int=number, version=4),
        area=area,
        mode=Mode.CAPI,
        day=at.date(),
        answers=answers_document({"q1": 4}),
        completeness="complete",
    )


def spellings(value: UUID | bytes) -> tuple[bytes, ...]:
    """A UUID or a key in every way a file might hold it."""
    if isinstance(value, UUID):
        return (str(value).encode(), value.hex.encode(), value.bytes, value.bytes.hex().upper().encode())
    return (value, value.hex().encode(), value.hex().upper().encode())


def raw_rows(database: Database, table: Table) -> list[bytes]:
    """Each row as bytes: what is sealed as it is, everything else as its text."""
    with database.reading() as session:
        return [
            b"\x00".join(
                (value or b"") if isinstance(column.type, LargeBinary) else str(value).encode()
                for column, value in zip(table.columns, row, strict=True)
            )
            for row in session.execute(select(table))
        ]


@pytest.fixture
def stolen(open_wave, tmp_path, new_database_url) -> Database | None:
    """The backup, restored where no key is; ``None`` where the two kinds of database do not fit."""
    backup(open_wave, tmp_path / "backup")
    elsewhere = open_database(new_database_url())
    if (elsewhere.path is None) != (open_wave.path is None):
        elsewhere.close()
        yield None
        return
    restore(elsewhere, tmp_path / "backup")
    yield elsewhere
    elsewhere.close()


def test_no_table_joins_a_case_to_what_came_of_it(stolen, new_cases):
    if stolen is None:
        return
    found = {
        name
        for name, table in schema.METADATA.tables.items()
        for row in raw_rows(stolen, table)
        for case in new_cases
        if any(spelling in row for spelling in spellings(case.id))
    }
    assert found == NAMES_CASES


def test_a_tag_is_no_digest_that_a_list_of_cases_would_give(stolen, new_cases):
    if stolen is None:
        return
    guesses = {
        hashlib.new(algorithm, text.encode()).hexdigest()
        for case in new_cases
        for text in (str(case.id), case.id.hex, f"case:{case.id}")
        for algorithm in ("sha256", "sha3_256", "blake2s")
    }
    with stolen.reading() as session:
        tags = {row.tag for table in (inbox.TABLE, drafts.TABLE) for row in session.execute(select(table.c.tag))}
        tags |= {row.tag for row in session.execute(select(schema.METADATA.tables["invitations"].c.tag))}
    # Rows of one case are known to belong together, and not to which; its letter is not known to belong to them.
    assert len(tags) == 2 + 3
    assert not tags & guesses


def test_neither_times_nor_answers_nor_the_canvasser_are_beside_an_interview(stolen):
    if stolen is None:
        return
    for name in ("inbox", "drafts", "invitations"):
        columns = schema.METADATA.tables[name].columns
        assert not {"at", "account_id", "case_id", "created_at"} & set(columns.keys())
        for row in raw_rows(stolen, schema.METADATA.tables[name]):
            assert not any(plain in row for plain in (b"5a17", b"2026-03-01", b"complete", b"canvasser", b'"q1"'))
    named = {column.name for column in schema.METADATA.tables["responses"].columns}
    assert not named & {"case", "case_id", "tag", "account_id", "canvasser", "grid", "at", "adults"}


def test_the_file_holds_no_key_and_the_key_is_not_beside_it(open_wave, example, keys, tmp_path):
    folder = tmp_path / "backups"
    folder.mkdir()
    backup(open_wave, folder / "one")
    with open_wave.reading() as session:
        key = keys.open(find_key(session, example.wave).key_id)
    content = whole_text(open_wave, folder / "one")
    assert b"wave_keys" in content, "it is the text of the whole file"
    assert not any(spelling in content for spelling in spellings(key.key))
    assert [path.name for path in folder.iterdir()] == ["one"]


def whole_text(database: Database, path: Path) -> bytes:
    if database.path:
        return path.read_bytes()
    return subprocess.run([find_program("pg_restore"), "--file=-", str(path)], capture_output=True, check=True).stdout


def test_with_the_key_the_restored_wave_goes_on_and_without_it_nothing_opens(stolen, example, keys, new_cases):
    if stolen is None:
        return
    with stolen.reading() as session:
        key_id = find_key(session, example.wave).key_id
        (found,) = read_interviews(session, keys.open(key_id), example.wave)
        assert found.payload.case == new_cases[0].id
        keys.destroy(key_id)
        with pytest.raises(Exception, match="找不到"):
            keys.open(key_id)
