"""From a card to a password: what is stored, how long a code lasts, and that it works once."""

from datetime import UTC, datetime, timedelta

import pytest
from argon2 import PasswordHasher

from survey.account_rules import ACTIVATION_LASTS
from survey.messages import BadInput, Conflict, NotThere
from survey.one_time_codes import code_hash, read_code
from survey.roles import Role
from survey.store import account_tokens, accounts
from survey.store.accounts import Account
from survey.store.database import Database
from survey.workflow.activate_account import activate, find_waiting, hash_new_password
from survey.workflow.reset_password import reset_password

AT = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)
PASSWORD = "correct horse battery"


@pytest.fixture
def account(database: Database) -> Account:
    with database.writing() as session:
        return accounts.add_account(session, name="fang", password_hash="hash", role=Role.CANVASSER, at=AT)


def test_the_code_is_stored_as_a_hash_alone(database: Database, account: Account) -> None:
    with database.writing() as session:
        account_tokens.add_token(session, account.id, token_hash="a" * 64, at=AT, expires_at=AT + ACTIVATION_LASTS)
        card = reset_password(session, account.id, at=AT)
        code = read_code(card.code)
        assert code is not None
        found = accounts.find_activation(session, code_hash(code))
        assert account_tokens.find_token(session, "a" * 64) is None
    assert found is not None
    waiting, expires_at = found
    assert (waiting.activated, expires_at, card.expires_at) == (False, AT + ACTIVATION_LASTS, AT + ACTIVATION_LASTS)
    assert waiting.session_version > account.session_version
    assert len(code) * 5 == 80, "bits"


def test_activating_sets_the_password_and_spends_the_code(database: Database, account: Account) -> None:
    with database.writing() as session:
        code = reset_password(session, account.id, at=AT).code
    with database.reading() as session:
        waiting = find_waiting(session, code, at=AT + ACTIVATION_LASTS - timedelta(seconds=1))
    password_hash = hash_new_password(PASSWORD, waiting)
    with database.writing() as session:
        active = activate(session, code, password_hash=password_hash, at=AT)
        found = accounts.find_account(session, "fang")
        with pytest.raises(BadInput):
            activate(session, code, password_hash="another", at=AT)
    assert active.activated
    assert found is not None
    assert PasswordHasher().verify(found[1] or "", PASSWORD)


@pytest.mark.parametrize("typed", ["", "0" * 16, "0" * 15, "x" * 1000, "\x00"])
def test_a_wrong_code_finds_nobody(database: Database, account: Account, typed: str) -> None:
    with database.reading() as session, pytest.raises(BadInput):
        find_waiting(session, typed, at=AT)


def test_a_code_expires(database: Database, account: Account) -> None:
    with database.writing() as session:
        code = reset_password(session, account.id, at=AT).code
    with database.reading() as session, pytest.raises(BadInput, match="过期"):
        find_waiting(session, code, at=AT + ACTIVATION_LASTS)


def test_a_closed_account_gets_no_code_and_its_code_opens_nothing(database: Database, account: Account) -> None:
    with database.writing() as session:
        code = reset_password(session, account.id, at=AT).code
        accounts.set_active(session, account.id, False)
        with pytest.raises(BadInput):
            find_waiting(session, code, at=AT)
        with pytest.raises(Conflict):
            reset_password(session, account.id, at=AT)
        with pytest.raises(NotThere):
            reset_password(session, 7, at=AT)


def test_the_password_keeps_the_rules(account: Account) -> None:
    with pytest.raises(BadInput):
        hash_new_password("short", account)
