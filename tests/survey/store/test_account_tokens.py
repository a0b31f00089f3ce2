from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from survey.roles import Role
from survey.store.account_tokens import add_token, find_token, revoke_tokens
from survey.store.accounts import add_account

FIRST, SECOND, THIRD = "1" * 64, "2" * 64, "3" * 64


@pytest.fixture
def account(database, at):
    with database.writing() as session:
        return add_account(session, name="fang", password_hash="x", role=Role.CANVASSER, at=at)


def test_a_token_leads_to_its_account_until_revoked(database, account, at):
    later = at + timedelta(days=30)
    with database.writing() as session:
        add_token(session, account.id, token_hash=FIRST, at=at, expires_at=later)
        add_token(session, account.id, token_hash=SECOND, at=at, expires_at=later)
    with database.reading() as session:
        assert find_token(session, FIRST) == (account, later)
        assert find_token(session, THIRD) is None
    with database.writing() as session:
        assert (revoke_tokens(session, account.id), revoke_tokens(session, account.id)) == (2, 0)
        assert find_token(session, FIRST) is None


def test_expired_tokens_go_when_a_new_one_comes(database, account, at):
    with database.writing() as session:
        add_token(session, account.id, token_hash=FIRST, at=at, expires_at=at + timedelta(days=1))
        assert find_token(session, FIRST) == (account, at + timedelta(days=1))
        in_two_days = at + timedelta(days=2)
        add_token(session, account.id, token_hash=SECOND, at=in_two_days, expires_at=in_two_days + timedelta(days=1))
        assert find_token(session, FIRST) is None
        assert revoke_tokens(session, account.id) == 1


@pytest.mark.parametrize("token", ["the token itself", FIRST])
def test_only_a_hash_and_only_once(database, account, at, token):
    with database.writing() as session:
        add_token(session, account.id, token_hash=FIRST, at=at, expires_at=at + timedelta(days=1))
    with pytest.raises(IntegrityError), database.writing() as session:
        add_token(session, account.id, token_hash=token, at=at, expires_at=at + timedelta(days=1))


def test_a_token_of_nobody_is_refused(database, at):
    with pytest.raises(IntegrityError), database.writing() as session:
        add_token(session, 99, token_hash=FIRST, at=at, expires_at=at)
