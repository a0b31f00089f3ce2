"""Rules for names and passwords, and what is kept of a password."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from survey.messages import BadInput, Conflict
from survey.roles import Role
from survey.store import accounts
from survey.store.database import Database
from survey.workflow.add_account import add_account

AT = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
PASSWORD = "correct horse battery"


def add(database: Database, name: str = "wang", password: str = PASSWORD) -> None:
    with database.writing() as session:
        add_account(session, name=name, password=password, role=Role.STATISTICIAN, at=AT)


def test_a_new_account_can_be_found_and_its_password_verified(sqlite_database: Database) -> None:
    add(sqlite_database)
    with sqlite_database.reading() as session:
        found = accounts.find_account(session, "wang")
    assert found is not None
    account, password_hash = found
    assert (account.role, account.active) == (Role.STATISTICIAN, True)
    assert password_hash.startswith("$argon2id$")
    assert PasswordHasher().verify(password_hash, PASSWORD)


@pytest.mark.parametrize("name", ["王芳", "wang.fang-2", "a", "x" * 64, "wang@example"])
def test_names_people_have(sqlite_database: Database, name: str) -> None:
    add(sqlite_database, name=name)


@pytest.mark.parametrize("name", ["", " ", "wang fang", "wang\n", "wang\x00", "x" * 65, "王　芳", "wang\u200b"])
def test_names_that_could_not_be_told_apart_or_typed(sqlite_database: Database, name: str) -> None:
    with pytest.raises(BadInput):
        add(sqlite_database, name=name)
    with sqlite_database.reading() as session:
        assert accounts.count_accounts(session) == 0


@pytest.mark.parametrize("password", ["", "123456789", "x" * 1001, "aaaaaaaaaaaa", "administrator"])
def test_passwords_that_are_too_short_too_long_or_guessed_first(sqlite_database: Database, password: str) -> None:
    with pytest.raises(BadInput) as refused:
        add(sqlite_database, name="administrator", password=password)
    assert not password or password not in str(refused.value)


@pytest.mark.parametrize("password", ["1234567890", "云城市二〇二六年春天来了", "x y z " * 100])
def test_passwords_that_are_long_enough(sqlite_database: Database, password: str) -> None:
    add(sqlite_database, password=password)


def test_a_name_in_use_is_refused(sqlite_database: Database) -> None:
    add(sqlite_database)
    with pytest.raises(Conflict):
        add(sqlite_database)
