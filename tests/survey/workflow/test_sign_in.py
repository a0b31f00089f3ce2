"""Who is admitted, how often, and what the store keeps of an attempt."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from sqlalchemy import text

from survey.roles import Role
from survey.store import accounts
from survey.store.database import Database
from survey.workflow.sign_in import (
    LIMIT_ADDRESS,
    LIMIT_NAME,
    LIMIT_NAME_AT_ADDRESS,
    WINDOW,
    Admission,
    Attempt,
    admit,
    check_password,
    confirm,
    make_attempt,
)

AT = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def wang(sqlite_database: Database) -> str:
    with sqlite_database.writing() as session:
        accounts.add_account(
            session,
            name="wang",
            password_hash=PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD),
            role=Role.OFFICIAL,
            at=AT,
        )
    return "wang"


def attempt(name: str = "wang", address: str = "192.0.2.1") -> Attempt:
    return make_attempt(name=name, address=address, secret_key="secret")


def minutes(database: Database, tried: Attempt, at: datetime = AT) -> int:
    """Try once with a wrong password; how long one would have to wait (0: it was counted)."""
    with database.writing() as session:
        return admit(session, tried, at=at).minutes_to_wait


def test_the_right_password_gives_the_account(sqlite_database: Database, wang: str) -> None:
    with sqlite_database.writing() as session:
        admission = admit(session, attempt(), at=AT)
    account = check_password(admission, PASSWORD)
    assert account is not None
    assert (account.name, account.role) == (wang, Role.OFFICIAL)
    assert check_password(admission, "another") is None


def test_an_unknown_name_is_refused_whatever_the_password(sqlite_database: Database, wang: str) -> None:
    with sqlite_database.writing() as session:
        admission = admit(session, attempt("nobody"), at=AT)
    assert check_password(admission, PASSWORD) is None
    assert check_password(admission, "") is None


def test_an_inactive_account_is_refused(sqlite_database: Database, wang: str) -> None:
    with sqlite_database.writing() as session:
        session.execute(text("UPDATE accounts SET active = false"))
    with sqlite_database.writing() as session:
        admission = admit(session, attempt(), at=AT)
    assert check_password(admission, PASSWORD) is None


@pytest.mark.parametrize("password", ["", PASSWORD])
def test_an_account_without_a_password_is_refused(sqlite_database: Database, password: str) -> None:
    with sqlite_database.writing() as session:
        account = accounts.add_account(session, name="new", password_hash=None, role=Role.CANVASSER, at=AT)
    with sqlite_database.writing() as session:
        admission = admit(session, attempt("new"), at=AT)
    assert check_password(admission, password) is None
    assert check_password(Admission(account=account), password) is None


def test_failures_from_one_place_lock_that_place_only(sqlite_database: Database, wang: str) -> None:
    for _ in range(LIMIT_NAME_AT_ADDRESS):
        assert minutes(sqlite_database, attempt()) == 0
    assert minutes(sqlite_database, attempt()) == WINDOW.total_seconds() // 60
    assert minutes(sqlite_database, attempt(address="192.0.2.2")) == 0


def test_a_name_guessed_from_many_places_is_locked(sqlite_database: Database, wang: str) -> None:
    waits = [minutes(sqlite_database, attempt(address=f"192.0.2.{number}")) for number in range(LIMIT_NAME + 1)]
    assert waits == [0] * LIMIT_NAME + [15]


def test_a_place_that_guesses_many_names_is_locked(sqlite_database: Database, wang: str) -> None:
    waits = [minutes(sqlite_database, attempt(f"name{number}")) for number in range(LIMIT_ADDRESS + 1)]
    assert waits == [0] * LIMIT_ADDRESS + [15]


def test_waiting_as_long_as_said_is_enough_and_less_is_not(sqlite_database: Database, wang: str) -> None:
    # Failures at minutes 0, 1, 2, 3, 4: at minute 10 the first leaves the window in 5 minutes.
    for minute in range(LIMIT_NAME_AT_ADDRESS):
        assert minutes(sqlite_database, attempt(), AT + timedelta(minutes=minute)) == 0
    at = AT + timedelta(minutes=10)
    said = minutes(sqlite_database, attempt(), at)
    assert said == 6  # the failure at the very edge still counts
    assert minutes(sqlite_database, attempt(), at + timedelta(minutes=said - 1)) > 0
    assert minutes(sqlite_database, attempt(), at + timedelta(minutes=said)) == 0


def test_refused_attempts_do_not_lengthen_the_wait(sqlite_database: Database, wang: str) -> None:
    for _ in range(LIMIT_NAME_AT_ADDRESS):
        minutes(sqlite_database, attempt())
    for _ in range(20):
        minutes(sqlite_database, attempt(), AT + timedelta(minutes=14))
    assert minutes(sqlite_database, attempt(), AT + timedelta(minutes=16)) == 0


def test_a_success_forgives_the_failures_before_it(sqlite_database: Database, wang: str) -> None:
    for _ in range(LIMIT_NAME_AT_ADDRESS - 1):
        minutes(sqlite_database, attempt())
    with sqlite_database.writing() as session:
        assert admit(session, attempt(), at=AT).minutes_to_wait == 0
    with sqlite_database.writing() as session:
        confirm(session, attempt(), at=AT)
    waits = [minutes(sqlite_database, attempt()) for _ in range(LIMIT_NAME_AT_ADDRESS + 1)]
    assert waits == [0] * LIMIT_NAME_AT_ADDRESS + [15]


def test_the_store_keeps_neither_name_nor_address(sqlite_database: Database, wang: str) -> None:
    minutes(sqlite_database, attempt())
    with sqlite_database.reading() as session:
        kept = str(session.execute(text("SELECT * FROM sign_in_attempts")).all())
    assert "wang" not in kept
    assert "192.0.2.1" not in kept
    # Another secret gives other keys, so a copied database cannot be searched for a known name.
    assert attempt().name_key in kept
    assert make_attempt(name="wang", address="192.0.2.1", secret_key="other").name_key not in kept


def test_old_attempts_are_forgotten(sqlite_database: Database, wang: str) -> None:
    minutes(sqlite_database, attempt())
    minutes(sqlite_database, attempt("other"), AT + timedelta(days=2))
    with sqlite_database.reading() as session:
        assert session.execute(text("SELECT count(*) FROM sign_in_attempts")).scalar() == 1
