"""The buttons of the demo: who gets in, how often, and what is written down."""

import logging
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from survey.messages import NotThere
from survey.roles import Role
from survey.store import accounts
from survey.store.database import Database
from survey.workflow import try_example
from survey.workflow.sign_in import admit, make_attempt
from survey.workflow.try_example import LIMIT_ADDRESS, WINDOW, Trial

AT = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)


@pytest.fixture
def official(database: Database) -> int:
    with database.writing() as session:
        return accounts.add_account(
            session, name="official", password_hash="h", role=Role.OFFICIAL, at=AT, example=True
        ).id


def attempt(database: Database, role: str = "official", *, address: str = "192.0.2.7", at: datetime = AT) -> Trial:
    with database.writing() as session:
        return try_example.try_example(session, role, address=address, secret_key="s", at=at)


def test_a_button_gives_the_account_and_leaves_one_line(
    database: Database, official: int, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO, logger="survey.sign_in"):
        trial = attempt(database)
    assert trial.account is not None
    assert (trial.account.id, trial.minutes_to_wait) == (official, 0)
    assert [record.getMessage() for record in caplog.records] == [
        "example account official (official): signed in by button"
    ]
    with database.reading() as session:
        kept = session.execute(text("SELECT name_key, address_key FROM sign_in_attempts")).one()
    assert "official" not in kept.name_key
    assert "192.0.2.7" not in kept.address_key


@pytest.mark.parametrize("role", ["leader", "administrator", "", "nobody", "OFFICIAL", "official\x00"])
def test_other_roles_have_no_button(database: Database, official: int, role: str) -> None:
    with pytest.raises(NotThere):
        attempt(database, role)


def test_a_closed_one_signs_nobody_in(database: Database, official: int) -> None:
    with database.writing() as session:
        accounts.set_active(session, official, False)
    with pytest.raises(NotThere):
        attempt(database)


@pytest.mark.slow
def test_one_address_waits_and_others_and_passwords_do_not(sqlite_database: Database) -> None:
    database = sqlite_database
    with database.writing() as session:
        accounts.add_account(session, name="official", password_hash="h", role=Role.OFFICIAL, at=AT, example=True)
        for _ in range(LIMIT_ADDRESS):
            assert try_example.try_example(session, "official", address="a", secret_key="s", at=AT).account
    assert attempt(database, address="a") == Trial(account=None, minutes_to_wait=15)
    assert attempt(database, address="b").account
    assert attempt(database, address="a", at=AT + WINDOW + timedelta(seconds=1)).account
    with database.writing() as session:
        by_password = admit(session, make_attempt(name="official", address="a", secret_key="s"), at=AT)
    assert by_password.minutes_to_wait == 0
