import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from analysis.fieldwork.dispositions import Disposition
from survey.messages import SurveyError
from survey.store.disposition_counts import add_counts, add_visit_counts, read_counts, read_visit_counts


def test_counts_come_back_by_area_and_code(database, example):
    given = {("b", code): number for number, code in enumerate(Disposition)} | {("a", Disposition.VACANT): 5}
    with database.writing() as session:
        add_counts(session, example.wave, given)
        add_counts(session, example.wave, {})
    with database.reading() as session:
        found = read_counts(session, example.wave)
        assert read_counts(session, example.wave + 1) == {}
    assert found == {key: cases for key, cases in given.items() if cases}
    assert list(found)[:2] == [("a", Disposition.VACANT), ("b", Disposition.PARTIAL)]
    assert all(isinstance(code, Disposition) for _, code in found)


def test_attempts_come_back_by_area(database, example):
    with database.writing() as session:
        add_visit_counts(session, example.wave, {"b": 2, "c": 0, "a": 310})
        add_visit_counts(session, example.wave, {})
    with database.reading() as session:
        assert list(read_visit_counts(session, example.wave).items()) == [("a", 310), ("b", 2)]
        assert read_visit_counts(session, example.wave + 1) == {}


def test_the_database_itself_refuses(database, example):
    with database.writing() as session:
        add_counts(session, example.wave, {("a", Disposition.VACANT): 5})
        add_visit_counts(session, example.wave, {"a": 5})
    for statement in (
        "UPDATE disposition_counts SET cases = 0",
        "UPDATE disposition_counts SET disposition = '9.9'",
        "UPDATE disposition_counts SET area = NULL",
        f"INSERT INTO disposition_counts (wave_id, area, disposition, cases) VALUES ({example.wave}, 'a', '4.61', 1)",  # noqa: S608
        "UPDATE visit_counts SET visits = -1",
        f"INSERT INTO visit_counts (wave_id, area, visits) VALUES ({example.wave}, 'a', 1)",  # noqa: S608
    ):
        with pytest.raises((DBAPIError, SurveyError)), database.writing() as session:
            session.execute(text(statement))
