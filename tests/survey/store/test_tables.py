from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import insert, text
from sqlalchemy.exc import DBAPIError, StatementError

from survey.messages import SurveyError
from survey.roles import Role
from survey.store.accounts import AccountRow, add_account
from survey.store.sign_in_attempts import SignInAttemptRow


def test_a_time_comes_back_aware_and_in_utc(database):
    at = datetime(2026, 3, 1, 7, 59, 59, 123456, tzinfo=timezone(timedelta(hours=8)))
    with database.writing() as session:
        add_account(session, name="a", password_hash="x", role=Role.OFFICIAL, at=at)
    with database.reading() as session:
        found = session.get_one(AccountRow, 1).created_at
    assert (found, found.tzinfo) == (at, UTC)


def test_a_naive_time_is_refused(database):
    with pytest.raises(StatementError, match="naive"), database.writing() as session:
        add_account(
            session,
            name="a",
            password_hash="x",
            role=Role.OFFICIAL,
            at=datetime(2026, 3, 1),  # noqa: DTZ001
        )


def test_the_database_itself_refuses_other_choices(database, example):
    wrong = [
        "UPDATE waves SET state = 'open'",
        "UPDATE areas SET level = 'planet'",
        "UPDATE areas SET population = -1",
        "INSERT INTO accounts (name, password_hash, role, active, created_at) "
        "VALUES ('a', 'x', 'king', true, '2026-03-01')",
    ]
    for statement in wrong:
        with pytest.raises((DBAPIError, SurveyError), match="ck_"), database.writing() as session:
            session.execute(text(statement))


def test_times_compare_in_order(database, at):
    moments = [at + timedelta(microseconds=1), at, at + timedelta(hours=1)]
    with database.writing() as session:
        for moment in moments:
            values = {"name_key": "n", "address_key": "a", "at": moment, "succeeded": False}
            session.execute(insert(SignInAttemptRow), [values])
        found = session.query(SignInAttemptRow.at).order_by(SignInAttemptRow.at).all()
    assert [row.at for row in found] == sorted(moments)
