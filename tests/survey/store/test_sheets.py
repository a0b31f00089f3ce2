"""A resident's questionnaire while it is filled in: sealed, found by its uuid, and how far it has come."""

from dataclasses import replace
from pathlib import Path

import pytest

from survey.keys import KeyRing
from survey.messages import Failure
from survey.store.database import Database
from survey.store.drafts import DraftKind, DraftRecord, save_draft
from survey.store.sheets import Entrance, Sheet, Standing, find_sheet, save_sheet
from survey.waves import WaveState
from tests.survey import answering
from tests.survey.answering import Online
from tests.survey.store.counting import statements
from tests.survey.store.fieldwork_rows import find_draft


@pytest.fixture
def online(database: Database, tmp_path: Path) -> Online:
    return answering.start(database, KeyRing(folder=tmp_path / "keys"))


def sheet_of(database: Database, online: Online, entrance: Entrance) -> Sheet:
    with database.reading() as session:
        return find_sheet(session, online.keys, entrance)


@pytest.mark.parametrize("way", ["code", "link"])
def test_what_is_saved_is_found_by_one_statement(database: Database, online: Online, way: str) -> None:
    entrance = online.by_code() if way == "code" else online.by_link()
    new = sheet_of(database, online, entrance)
    assert (new.standing, new.begun, new.answers) == (Standing.OPEN, False, {})
    assert new.case == (online.cases[0] if way == "code" else None)
    with database.writing() as session:
        save_sheet(session, new, {"S1": 1, "C1": (1, 2), "T1": "树\x1f“", "D1": None})
    with statements(database) as seen:
        found = sheet_of(database, online, entrance)
    assert len(seen) == 1
    assert (found.begun, found.case) == (True, new.case)
    assert found.answers == {"S1": 1, "C1": [1, 2], "T1": "树\x1f“", "D1": None}


def test_a_draft_tells_nothing_without_the_key(database: Database, online: Online) -> None:
    entrance = online.by_code()
    with database.writing() as session:
        save_sheet(session, find_sheet(session, online.keys, entrance), {"T1": "秘密"})
        draft = find_draft(session, entrance.uuid)
    assert draft is not None
    assert "秘密".encode() not in draft.body
    assert str(online.cases[0]).encode() not in draft.body
    assert draft.tag not in (None, entrance.code_hash)


def test_the_draft_of_an_interview_is_not_a_residents(database: Database, online: Online) -> None:
    entrance = online.by_link()
    with database.writing() as session:
        save_draft(
            session,
            DraftRecord(uuid=entrance.uuid, wave_id=online.wave, kind=DraftKind.INTERVIEW, tag=None, body=b"sealed"),
        )
    assert not sheet_of(database, online, entrance).begun


def test_a_code_of_another_wave_leads_nowhere(database: Database, online: Online) -> None:
    other = answering.start(database, online.keys)
    assert sheet_of(database, online, replace(online.by_code(), wave_id=other.wave)).standing is Standing.UNKNOWN


def test_before_its_start_and_after_its_end_a_wave_has_no_sheets(database: Database, online: Online) -> None:
    drawn = answering.start(database, online.keys, state=WaveState.DRAWN)
    assert sheet_of(database, drawn, drawn.by_code()).standing is Standing.NOT_STARTED
    answering.close(database, online)
    closed = sheet_of(database, online, online.by_link())
    assert (closed.standing, closed.sealer) == (Standing.CLOSED, None)
    assert sheet_of(database, online, replace(online.by_link(), wave_id=99)).standing is Standing.UNKNOWN
    with database.writing() as session, pytest.raises(ValueError, match="not open"):
        save_sheet(session, closed, {})


def test_a_key_that_cannot_be_read_is_a_failure(database: Database, online: Online) -> None:
    for file in Path(online.keys.folder).iterdir():
        file.unlink()
    with pytest.raises(Failure):
        sheet_of(database, online, online.by_link())
