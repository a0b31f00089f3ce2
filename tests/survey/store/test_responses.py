import hashlib
import json
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.messages import Conflict
from survey.store import responses as store
from survey.store.imports import add_import
from survey.store.response_digests import answers_digest
from survey.store.response_factors import Factors, add_factors
from survey.store.responses import (
    StoredResponse,
    add_response,
    add_responses,
    answers_document,
    count_by_area,
    count_responses,
    existing_uuids,
    read_responses,
    rewrite_in_key_order,
)
from tests.survey.store.counting import statements


def as_stored(response):
    return StoredResponse(
        uuid=response.uuid,
        area=response.area,
        mode=response.mode,
        day=response.day,
        answers=json.loads(response.answers),
        imported=False,
    )


def test_responses_come_back_by_key(database, example, make_responses, monkeypatch):
    monkeypatch.setattr(store, "CHUNK", 16)  # several portions
    given = make_responses(50)
    with database.writing() as session:
        assert add_responses(session, example.wave, None, iter(given)) == 50
    with database.reading() as session:
        found = list(read_responses(session, example.wave))
        assert found == [as_stored(response) for response in sorted(given, key=lambda each: each.uuid)]
        assert count_responses(session, example.wave) == 50
        assert count_by_area(session, example.wave) == {given[1].area: 33, given[0].area: 17}
        assert list(read_responses(session, example.wave + 1)) == []


def test_nothing_to_add_adds_nothing(database, example):
    with database.writing() as session:
        assert add_responses(session, example.wave, None, []) == 0


def test_responses_remember_their_import(database, example, make_responses, at):
    with database.writing() as session:
        number = add_import(
            session,
            wave_id=example.wave,
            file_digest="f",
            columns_digest="c",
            design=None,
            rows=2,
            report={},
            at=at,
            by="a",
        )
        add_responses(session, example.wave, number, make_responses(2))
        kept = session.execute(text("SELECT DISTINCT import_id FROM responses")).scalars().all()
    assert kept == [number]


@pytest.mark.parametrize("chunk", [3, 1000])
def test_a_repeated_key_stores_nothing_and_is_named(database, example, make_responses, monkeypatch, chunk):
    monkeypatch.setattr(store, "CHUNK", chunk)
    given = make_responses(10)
    with database.writing() as session:
        with pytest.raises(Conflict, match=str(given[2].uuid)):
            add_responses(session, example.wave, None, [*given, given[2]])
        assert count_responses(session, example.wave) == 0
        assert add_responses(session, example.wave, None, given) == 10  # the transaction goes on


def test_a_key_that_is_stored_stores_nothing_and_at_most_five_are_named(database, example, make_responses):
    given = make_responses(10)
    with database.writing() as session:
        add_responses(session, example.wave, None, given[:8])
    with database.writing() as session:
        with pytest.raises(Conflict) as caught:
            add_responses(session, example.wave, None, given)
        assert caught.value.message.params["count"] == 8
        assert str(caught.value.message.params["uuids"]).count(",") == 4
        assert count_responses(session, example.wave) == 8
        assert add_responses(session, example.wave, None, given[8:]) == 2


def test_an_unknown_wave_is_no_repeated_key(database, example, make_responses):
    with pytest.raises(store.broken_constraint()), database.writing() as session:
        add_responses(session, example.wave + 1, None, make_responses(1))


def test_a_null_key_is_refused_by_the_database(database, example, make_responses):
    with database.writing() as session:
        add_responses(session, example.wave, None, make_responses(1))
    with pytest.raises(DBAPIError, match=r"(?i)null"), database.writing() as session:
        session.execute(text("UPDATE responses SET uuid = NULL"))


def test_existing_keys_are_found_among_many(database, example, make_responses):
    given = make_responses(1200)
    with database.writing() as session:
        add_responses(session, example.wave, None, given[:1100])
    asked = [response.uuid for response in given] + [UUID(int=5)]
    with database.reading() as session:
        assert existing_uuids(session, example.wave, iter(asked)) == set(asked[:1100])
        assert existing_uuids(session, example.wave + 1, asked) == set()


def test_the_digest_is_that_of_the_sorted_lines_on_either_database(database, example, make_responses):
    given = make_responses(30)
    lines = sorted(
        f"{response.uuid} {response.area} {hashlib.sha256(response.answers.encode()).hexdigest()}\n"
        for response in given
    )
    with database.writing() as session:
        add_responses(session, example.wave, None, given)
    with database.reading() as session:
        assert answers_digest(session, example.wave) == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_digest_shows_a_changed_answer_and_a_moved_one(database, example, make_responses):
    first, second = make_responses(2)
    found = set()
    for changed in (first, first._replace(area="x"), first._replace(answers=answers_document({"q1": 4}))):
        with database.writing() as session:
            session.execute(text("DELETE FROM responses"))
            add_responses(session, example.wave, None, [changed, second])
            found.add(answers_digest(session, example.wave))
    assert len(found) == 3


def test_the_table_keeps_no_order_of_arrival_and_no_time_of_day(sqlite_database):
    with sqlite_database.engine.connect() as connection:
        made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'responses'")).scalar_one()
        columns = [row.name for row in connection.execute(text("PRAGMA table_info(responses)"))]
        days = connection.execute(text("SELECT type FROM pragma_table_info('responses') WHERE name = 'day'"))
        assert "WITHOUT ROWID" in made
        assert days.scalar_one() == "DATE"
    assert columns == list(store.COLUMNS)


def test_one_answer_alone_is_stored_like_many(database, example, make_responses):
    first, second = make_responses(2)
    no_day = second._replace(day=None)
    with database.writing() as session:
        for response in (first, no_day):
            add_response(session, example.wave, response)
    with database.reading() as session:
        alone = sorted(read_responses(session, example.wave)), answers_digest(session, example.wave)
    with database.writing() as session:
        session.execute(text("DELETE FROM responses"))
        add_responses(session, example.wave, None, [first, no_day])
    with database.reading() as session:
        assert alone == (sorted(read_responses(session, example.wave)), answers_digest(session, example.wave))


def test_one_answer_is_one_statement_and_a_second_with_its_key_a_conflict(database, example, make_responses):
    first, second = make_responses(2)
    with database.writing() as session:
        with statements(database) as seen:
            add_response(session, example.wave, first)
        with pytest.raises(Conflict, match=str(first.uuid)):
            add_response(session, example.wave, second._replace(uuid=first.uuid))
        add_response(session, example.wave, second)  # the transaction goes on
    assert len(seen) == 1
    with database.reading() as session:
        assert {(one.uuid, json.dumps(one.answers)) for one in read_responses(session, example.wave)} == {
            (one.uuid, json.dumps(json.loads(one.answers))) for one in (first, second)
        }


def test_one_answer_that_breaks_another_rule_is_no_conflict(database, example, make_responses):
    (response,) = make_responses(1)
    for wave, wrong in ((99, response), (example.wave, response._replace(completeness="half"))):
        with pytest.raises(DBAPIError), database.writing() as session:
            add_response(session, wave, wrong)


def test_rewriting_changes_no_answer(database, example, make_responses):
    with database.writing() as session:
        add_responses(session, example.wave, None, make_responses(50))
        before = list(read_responses(session, example.wave)), answers_digest(session, example.wave)
    with database.writing() as session:
        rewrite_in_key_order(session)
    with database.reading() as session:
        assert (list(read_responses(session, example.wave)), answers_digest(session, example.wave)) == before


@pytest.mark.postgresql
def test_the_order_in_which_answers_came_is_gone_after_rewriting(postgresql_database, build_example, make_responses):
    wave, given = build_example(postgresql_database).wave, make_responses(12)
    order = text("SELECT uuid FROM responses ORDER BY ctid")
    for response in given:
        with postgresql_database.writing() as session:
            add_response(session, wave, response)
    with postgresql_database.writing() as session:
        assert session.scalars(order).all() == [response.uuid for response in given]
        add_factors(
            session,
            [
                Factors(
                    uuid=response.uuid,
                    stratum="a",
                    psu=1,
                    canvasser="",
                    inclusion_n=1,
                    inclusion_total=9,
                    adults=1,
                )
                for response in given
            ],
        )
        rewrite_in_key_order(session)  # in the transaction that closes the wave
    with postgresql_database.reading() as session:
        assert session.scalars(order).all() == sorted(response.uuid for response in given)
        assert len(session.scalars(text("SELECT DISTINCT xmin::text FROM responses")).all()) == 1
