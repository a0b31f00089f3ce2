from datetime import date

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.exc import DBAPIError

from analysis.fieldwork.dispositions import Disposition, DispositionClass
from survey.messages import SurveyError
from survey.store import schema
from survey.store.database import open_database
from survey.store.disposition_counts import add_counts
from survey.store.draws import DrawState, decide_draw
from survey.store.fieldwork_counts import (
    AreaAttempts,
    DayCounts,
    add_area_attempts,
    add_days,
    add_hours,
    add_weights,
    read_area_attempts,
    read_days,
    read_hours,
    read_weights,
)
from tests.survey.store.conftest import EAST
from tests.survey.store.test_upgrades_of_each_version import copy_rows

COUNTS = AreaAttempts(evening=3, weekend=2, under_three=1, office_hours_only=0)
DAY = DayCounts(first_day=date(2026, 5, 4), last_day=date(2026, 5, 6), attempts=10, contacts=4, completes=12)


def test_what_is_kept_comes_back(database, example):
    hours = tuple(tuple((weekday + hour) % 3 for hour in range(24)) for weekday in range(7))
    weights = {("b", DispositionClass.COMPLETE): 1 / 3, ("a", DispositionClass.UNKNOWN_OTHER): 40.5}
    later = DayCounts(first_day=date(2026, 5, 7), last_day=date(2026, 5, 7), attempts=11, contacts=0, completes=0)
    with database.writing() as session:
        add_weights(session, example.wave, weights | {("c", DispositionClass.PARTIAL): 0.0})
        add_area_attempts(session, example.wave, {"b": COUNTS, "a": COUNTS})
        add_days(session, example.wave, [later, DAY])
        add_hours(session, example.wave, hours)
    with database.reading() as session:
        assert read_weights(session, example.wave) == weights, "to the last digit, and nothing of none"
        assert list(read_area_attempts(session, example.wave).items()) == [("a", COUNTS), ("b", COUNTS)]
        assert read_days(session, example.wave) == (DAY, later)
        assert read_hours(session, example.wave) == hours


def test_of_a_wave_that_kept_nothing_nothing_comes_back(database, example):
    with database.writing() as session:
        add_weights(session, example.wave, {})
        add_area_attempts(session, example.wave, {})
        add_days(session, example.wave, [])
        add_hours(session, example.wave, ())
    with database.reading() as session:
        assert (read_weights(session, example.wave), read_area_attempts(session, example.wave)) == ({}, {})
        assert (read_days(session, example.wave), read_hours(session, example.wave)) == ((), None)


def test_the_database_itself_refuses(database, example):
    with database.writing() as session:
        add_weights(session, example.wave, {("a", DispositionClass.COMPLETE): 2.0})
        add_area_attempts(session, example.wave, {"a": COUNTS})
        add_days(session, example.wave, [DAY])
        add_hours(session, example.wave, [[1] * 24] * 7)
    for statement in (
        "UPDATE weighted_counts SET weight = 0",
        "UPDATE weighted_counts SET member = 'X'",
        "UPDATE fieldwork_counts SET evening = -1",
        "UPDATE attempt_days SET attempts = 9",
        "UPDATE attempt_days SET contacts = 11",
        "UPDATE attempt_days SET last_day = '2026-05-01'",
        "UPDATE attempt_hours SET hour = 24",
        "UPDATE attempt_hours SET attempts = 0",
    ):
        with pytest.raises((DBAPIError, SurveyError)), database.writing() as session:
            session.execute(text(statement))


@pytest.mark.slow
def test_waves_closed_before_get_their_weights(sqlite_database, new_database_url, build_example, draw_cases, at):
    """Two of four homes of a community drawn: each of its 3 cases of a class stands for two."""
    example = build_example(sqlite_database)
    with sqlite_database.writing() as session:
        draw = draw_cases(session, example)
        decide_draw(session, draw, state=DrawState.APPROVED, by="another", at=at)
        cases = {Disposition.NO_ENTRY_UNKNOWN: 1, Disposition.NOT_ATTEMPTED: 2, Disposition.VACANT: 1}
        add_counts(session, example.wave, {(EAST.code, code): number for code, number in cases.items()})
    database = open_database(new_database_url())
    schema.create_file(database)
    with database.write_lock(), database.migrating() as connection:
        schema.run_migrations(connection, "0013")
        if database.path is None:
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        look = inspect(connection)
        for name in ("frames", "areas", "units", "instruments", "waves", "draws", "cases", "disposition_counts"):
            columns = [each["name"] for each in look.get_columns(name)]
            copy_rows(sqlite_database, connection, schema.METADATA.tables[name], columns)
    schema.migrate(database)
    with database.reading() as session:
        found = read_weights(session, example.wave)
    database.close()
    assert found == {
        (EAST.code, DispositionClass.UNKNOWN_HOUSEHOLD): 6.0,
        (EAST.code, DispositionClass.NOT_ELIGIBLE): 2.0,
    }
