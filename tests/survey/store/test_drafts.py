from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.keys import Sealer
from survey.messages import Conflict, SurveyError
from survey.store.drafts import (
    DraftKind,
    context,
    delete_draft,
    drop_drafts,
    list_drafts_by_tag,
    save_draft,
)
from survey.store.waves import add_wave
from survey.waves import WaveDetails
from tests.survey.store.counting import statements
from tests.survey.store.fieldwork_rows import CASE, draft, find_draft

SEALER = Sealer(key=bytes(range(32)))


@pytest.fixture
def other_wave(database, example, at):
    with database.writing() as session:
        return add_wave(
            session,
            name="另一轮",
            instrument_id=example.instrument,
            frame_id=example.frame,
            details=WaveDetails(),
            at=at,
            by="x",
        )


def test_saving_again_replaces(database, example):
    first, second = draft(SEALER, example.wave, 1, body=b"q1"), draft(SEALER, example.wave, 1, body=b"q1 q2")
    with database.writing() as session:
        save_draft(session, first)
        assert find_draft(session, first.uuid) == first
        save_draft(session, second)
    with database.reading() as session:
        found = find_draft(session, first.uuid)
    assert found == second
    assert SEALER.unseal(found.body, context=context(found.uuid)) == b"q1 q2"


def test_a_draft_of_another_wave_or_kind_is_not_replaced(database, example, other_wave):
    mine = draft(SEALER, example.wave, 1)
    with database.writing() as session:
        save_draft(session, mine)
        for other in (replace(mine, wave_id=other_wave), replace(mine, kind=DraftKind.RESIDENT)):
            with pytest.raises(Conflict, match="另一份"):
                save_draft(session, replace(other, body=b"theirs"))
        assert find_draft(session, mine.uuid) == mine


def test_found_by_the_tag_of_a_case(database, example, other_wave):
    mine = [draft(SEALER, example.wave, number) for number in (1, 2)]
    others = [
        draft(SEALER, example.wave, 3, case=None),
        draft(SEALER, example.wave, 4, case=UUID(int=5)),
        draft(SEALER, other_wave, 5),
    ]
    with database.writing() as session:
        for one in (*others, *reversed(mine)):
            save_draft(session, one)
        assert list_drafts_by_tag(session, example.wave, SEALER.tag(f"case:{CASE}")) == tuple(mine)
        assert find_draft(session, others[0].uuid) == others[0]


def test_deleted_one_by_one_or_with_the_wave(database, example, other_wave):
    made = [draft(SEALER, example.wave, number) for number in (1, 2, 3)] + [draft(SEALER, other_wave, 4)]
    with database.writing() as session:
        for one in made:
            save_draft(session, one)
        assert (delete_draft(session, made[0].uuid), delete_draft(session, made[0].uuid)) == (True, False)
        assert (drop_drafts(session, example.wave), drop_drafts(session, example.wave)) == (2, 0)
        assert [find_draft(session, one.uuid) for one in made] == [None, None, None, made[3]]


def test_the_database_itself_refuses(database, example):
    with database.writing() as session:
        save_draft(session, draft(SEALER, example.wave, 1))
    for change in ("uuid = NULL", "body = NULL", "wave_id = NULL", "wave_id = 99", "kind = 'note'", "tag = 'case'"):
        with pytest.raises((DBAPIError, SurveyError)), database.writing() as session:
            session.execute(text(f"UPDATE drafts SET {change}"))  # noqa: S608


def test_each_is_one_statement(database, example):
    one = draft(SEALER, example.wave, 1)
    with database.writing() as session, statements(database) as seen:
        save_draft(session, one)
        save_draft(session, one)
        list_drafts_by_tag(session, example.wave, one.tag)
        delete_draft(session, one.uuid)
    assert len(seen) == 4


def test_the_table_keeps_no_order_of_arrival(sqlite_database):
    with sqlite_database.reading() as session:
        for table in ("drafts", "invitations", "response_factors"):
            made = session.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
            assert "WITHOUT ROWID" in made.scalar_one()
