from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import inspect, text, update
from sqlalchemy.exc import DBAPIError

from survey.keys import Sealer
from survey.messages import NotThere, SurveyError
from survey.store import inbox
from survey.store.inbox import PayloadKind, PayloadState
from tests.survey.store.counting import statements
from tests.survey.store.fieldwork_rows import CASE, received

SEALER = Sealer(key=bytes(range(32)))
OTHER = UUID(int=9, version=4)


def test_what_came_comes_back_byte_for_byte(database, example):
    body = "“好”\x00".encode() + bytes(range(256))
    given = [received(SEALER, example.wave, 1, body=body), received(SEALER, None, 2, case=None)]
    with database.writing() as session:
        assert [inbox.add(session, record) for record in given] == [True, True]
    with database.reading() as session:
        assert [inbox.find(session, record.uuid) for record in given] == given
        assert inbox.find(session, OTHER) is None
        found = inbox.find(session, given[0].uuid)
    assert SEALER.unseal(found.body, context=inbox.context(found.uuid)) == body


def test_a_uuid_that_is_there_stays_as_it_is(database, example):
    first = received(SEALER, example.wave, 1, body=b"first")
    with database.writing() as session:
        inbox.add(session, first)
        assert not inbox.add(session, received(SEALER, example.wave, 1, body=b"second"))
        assert inbox.find(session, first.uuid) == first  # and the transaction goes on
        assert inbox.add(session, received(SEALER, example.wave, 2))


def test_the_state_changes_with_its_reason(database, example):
    record = received(SEALER, example.wave, 1, state=PayloadState.RECEIVED)
    with database.writing() as session:
        inbox.add(session, record)
        inbox.set_state(session, record.uuid, state=PayloadState.QUARANTINED, reason="不在名单中")
        changed = replace(record, state=PayloadState.QUARANTINED, reason="不在名单中")
        assert inbox.find(session, record.uuid) == changed
        with pytest.raises(NotThere, match=str(OTHER)):
            inbox.set_state(session, OTHER, state=PayloadState.VOID, reason="")


@pytest.fixture
def filled(database, example):
    """Of two waves (here: the wave and the site), two cases, both kinds and several states."""
    other_case = UUID(int=77)
    interview, visit = PayloadKind.INTERVIEW, PayloadKind.VISIT
    records = [
        received(SEALER, example.wave, 5, kind=visit),
        received(SEALER, example.wave, 1, kind=interview),
        received(SEALER, example.wave, 3, kind=interview, state=PayloadState.QUARANTINED, reason="重复"),
        received(SEALER, example.wave, 4, kind=visit, case=other_case),
        received(SEALER, None, 2, kind=visit, state=PayloadState.QUARANTINED),
    ]
    with database.writing() as session:
        for record in records:
            inbox.add(session, record)
    return sorted(records, key=lambda record: record.uuid.int)


def numbers(records):
    return [record.uuid.int & 0xFF for record in records]


def test_listed_by_wave_kind_and_state_in_order_of_the_uuids(database, example, filled):
    with database.reading() as session:
        assert list(inbox.list_inbox(session, example.wave)) == [one for one in filled if one.wave_id]
        assert numbers(inbox.list_inbox(session, None)) == [2]
        assert numbers(inbox.list_inbox(session, example.wave, kind=PayloadKind.INTERVIEW)) == [1, 3]
        assert numbers(inbox.list_inbox(session, example.wave, state=PayloadState.QUARANTINED)) == [3]
        both = inbox.list_inbox(session, example.wave, kind=PayloadKind.VISIT, state=PayloadState.PLACED)
        assert numbers(both) == [4, 5]


def test_reading_may_end_early(database, example, filled):
    with database.reading() as session:
        rows = inbox.list_inbox(session, example.wave)
        assert next(rows) == filled[0]
        rows.close()
        assert len(list(inbox.list_inbox(session, example.wave))) == 4


def test_found_by_the_tag_of_a_case(database, example, filled):
    tag = SEALER.tag(f"case:{CASE}")
    with database.reading() as session:
        assert numbers(inbox.list_by_tag(session, example.wave, tag)) == [1, 3, 5]
        assert numbers(inbox.list_by_tag(session, example.wave, tag, kind=PayloadKind.VISIT)) == [5]
        assert numbers(inbox.list_by_tag(session, None, tag)) == [2]
        assert inbox.list_by_tag(session, example.wave, "0" * 64) == ()


def test_counted_by_kind_and_state(database, example, filled):
    with database.reading() as session:
        assert inbox.count_states(session, example.wave) == {
            (PayloadKind.VISIT, PayloadState.PLACED): 2,
            (PayloadKind.INTERVIEW, PayloadState.PLACED): 1,
            (PayloadKind.INTERVIEW, PayloadState.QUARANTINED): 1,
        }
        assert inbox.count_states(session, None) == {(PayloadKind.VISIT, PayloadState.QUARANTINED): 1}


def test_after_closing_uuid_kind_sha256_and_state_are_what_stays(database, example, filled):
    with database.writing() as session:
        assert inbox.drop_bodies(session, example.wave) == 4
    with database.reading() as session:
        assert list(inbox.list_inbox(session, example.wave)) == [
            replace(record, tag=None, body=None, reason="") for record in filled if record.wave_id
        ]
        assert [record.body is None for record in inbox.list_inbox(session, None)] == [False]
    with database.writing() as session:
        assert inbox.drop_bodies(session, example.wave) == 4  # again: nothing changes


@pytest.mark.postgresql
def test_the_order_in_which_rows_came_does_not_stay_on_the_disk(postgresql_database, build_example):
    wave = build_example(postgresql_database).wave
    with postgresql_database.writing() as session:
        for number in (7, 2, 9, 4):
            inbox.add(session, received(SEALER, wave, number))
    with postgresql_database.writing() as session:
        inbox.add(session, received(SEALER, wave, 1))
    with postgresql_database.writing() as session:
        inbox.drop_bodies(session, wave)
    with postgresql_database.reading() as session:
        rows = session.execute(text("SELECT uuid, xmin::text FROM inbox ORDER BY ctid")).all()
    assert [row.uuid.int & 0xFF for row in rows] == [1, 2, 4, 7, 9]
    assert len({row.xmin for row in rows}) == 1


def test_the_table_has_no_time_no_account_and_no_row_number(sqlite_database):
    columns = {column["name"] for column in inspect(sqlite_database.engine).get_columns("inbox")}
    assert columns == {"uuid", "kind", "wave_id", "tag", "sha256", "state", "reason", "body"}
    with sqlite_database.reading() as session:
        made = session.execute(text("SELECT sql FROM sqlite_master WHERE name = 'inbox'")).scalar_one()
    assert "WITHOUT ROWID" in made


@pytest.mark.parametrize(
    "change",
    [
        *({"uuid": None}, {"sha256": "ab"}, {"tag": "ab"}, {"body": None}, {"wave_id": 999}),
        *({"sha256": None}, {"kind": "'call'"}, {"state": "'lost'"}, {"reason": None}),
    ],
)
def test_the_database_itself_refuses(database, example, change):
    record = received(SEALER, example.wave, 1)
    with database.writing() as session:
        inbox.add(session, record)
    ((column, value),) = change.items()
    new = text(value) if isinstance(value, str) and value.startswith("'") else value
    with pytest.raises((DBAPIError, SurveyError)), database.writing() as session:
        session.execute(update(inbox.TABLE).values({column: new}))
    with database.reading() as session:
        assert inbox.find(session, record.uuid) == record


def test_each_is_one_statement(database, example):
    record = received(SEALER, example.wave, 1)
    with database.writing() as session, statements(database) as seen:
        inbox.add(session, record)
        inbox.add(session, record)
        inbox.find(session, record.uuid)
        inbox.set_state(session, record.uuid, state=PayloadState.VOID, reason="x")
        inbox.list_by_tag(session, example.wave, record.tag)
    assert len(seen) == 5


def test_the_questions_asked_of_it_use_an_index(sqlite_database):
    for where, index in (
        ("wave_id = 1 AND tag = 'x'", "ix_inbox_wave_id_tag"),
        ("wave_id = 1 AND state = 'x'", "ix_inbox_wave_id_state_kind"),
        ("wave_id IS NULL AND state = 'x'", "ix_inbox_wave_id_state_kind"),
    ):
        with sqlite_database.reading() as session:
            plan = session.execute(text(f"EXPLAIN QUERY PLAN SELECT * FROM inbox WHERE {where} ORDER BY uuid"))  # noqa: S608
            assert index in " ".join(row.detail for row in plan)
