"""Tokens of canvassers' devices: one at a time, kept as a hash, for sixty days."""

from datetime import UTC, datetime

import pytest

from survey.device_tokens import token_hash
from survey.messages import Conflict
from survey.roles import Role
from survey.store import accounts
from survey.store.account_tokens import find_token
from survey.store.database import Database
from survey.workflow.make_device_token import (
    TOKEN_LASTS,
    make_device_token,
    revoke_device_tokens,
    show_device_token,
)

AT = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)


def test_a_new_token_ends_the_one_before(database: Database) -> None:
    with database.writing() as session:
        account = accounts.add_account(session, name="fang", password_hash="hash", role=Role.CANVASSER, at=AT)
        assert show_device_token(session, account, at=AT) is None
        first, second = (make_device_token(session, account, at=AT) for _ in range(2))
        assert find_token(session, token_hash(first.token)) is None
        found = find_token(session, token_hash(second.token))
        assert found is not None
        assert (found[0].id, found[1]) == (account.id, AT + TOKEN_LASTS)
        assert show_device_token(session, account, at=AT) == second.expires_at
        assert show_device_token(session, account, at=AT + TOKEN_LASTS) is None
        assert revoke_device_tokens(session, account) == 1
        assert show_device_token(session, account, at=AT) is None


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.CANVASSER])
def test_only_canvassers_have_one(sqlite_database: Database, role: Role) -> None:
    with sqlite_database.writing() as session:
        account = accounts.add_account(session, name="x", password_hash="hash", role=role, at=AT)
        with pytest.raises(Conflict):
            make_device_token(session, account, at=AT)
