"""Rules for names and passwords, and what is kept of a password."""

from datetime import UTC, datetime

import pytest
from argon2 import PasswordHasher

from survey.messages import BadInput, Conflict
from survey.roles import CanvasserType, Role, Scope
from survey.store import accounts
from survey.store.database import Database
from survey.workflow.add_account import add_account
from tests.survey.pages import example
from tests.survey.pages.example import EAST, WEST

AT = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
PASSWORD = "correct horse battery"


def add(database: Database, name: str = "wang", password: str = PASSWORD) -> None:
    with database.writing() as session:
        add_account(session, name=name, password=password, role=Role.STATISTICIAN, at=AT)


def test_a_new_account_can_be_found_and_its_password_verified(database: Database) -> None:
    add(database)
    with database.reading() as session:
        found = accounts.find_account(session, "wang")
    assert found is not None
    account, password_hash = found
    assert (account.role, account.active) == (Role.STATISTICIAN, True)
    assert password_hash is not None
    assert password_hash.startswith("$argon2id$")
    assert PasswordHasher().verify(password_hash, PASSWORD)


def test_a_name_or_password_that_breaks_the_rules_adds_nobody(database: Database) -> None:
    for name, password in (("wang fang", PASSWORD), ("wang", "short"), ("administrator", "administrator")):
        with pytest.raises(BadInput) as refused:
            add(database, name=name, password=password)
        assert password not in str(refused.value)
    with database.reading() as session:
        assert accounts.count_accounts(session) == 0


def test_without_a_password_the_account_waits(database: Database) -> None:
    with database.writing() as session:
        wave = example.add_wave(session)
        scope = Scope(areas=frozenset({EAST}), waves=frozenset({wave}))
        account = add_account(
            session,
            name="fang",
            password=None,
            role=Role.CANVASSER,
            at=AT,
            full_name=" 王芳 ",
            canvasser_type=CanvasserType.STUDENT,
            scope=scope,
            ties=frozenset({WEST}),
        )
    assert (account.activated, account.full_name, account.scope, account.ties) == (False, "王芳", scope, {WEST})


@pytest.mark.parametrize("scope", [Scope(areas=frozenset({"9"})), Scope(waves=frozenset({9}))])
def test_limits_that_are_not_there_are_refused(database: Database, scope: Scope) -> None:
    with pytest.raises(BadInput), database.writing() as session:
        add_account(session, name="fang", password=None, role=Role.LEADER, at=AT, scope=scope)


def test_a_name_in_use_is_refused(database: Database) -> None:
    add(database)
    with pytest.raises(Conflict):
        add(database)


@pytest.mark.parametrize("name", ["Wang", "ｗang", "WANG"])
def test_names_that_look_alike_are_one(database: Database, name: str) -> None:
    add(database)
    with pytest.raises(Conflict, match="只差大小写或全半角"):
        add(database, name=name)
    with database.reading() as session:
        assert accounts.count_accounts(session) == 1
