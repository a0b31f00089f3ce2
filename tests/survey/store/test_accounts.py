import pytest

from survey.messages import Conflict
from survey.roles import Role
from survey.store.accounts import Account, add_account, count_accounts, find_account, get_account, raise_session_version


def test_an_account_is_found_by_name_and_by_number(database, at):
    with database.writing() as session:
        made = add_account(session, name="王", password_hash="hash", role=Role.STATISTICIAN, at=at)
    with database.reading() as session:
        assert made == Account(id=made.id, name="王", role=Role.STATISTICIAN, active=True, session_version=0)
        assert find_account(session, "王") == (made, "hash")
        assert get_account(session, made.id) == made
        assert (find_account(session, "李"), get_account(session, 99), count_accounts(session)) == (None, None, 1)


def test_sessions_of_one_account_are_ended_together(database, at):
    with database.writing() as session:
        one, other = (
            add_account(session, name=name, password_hash="x", role=Role.OFFICIAL, at=at).id for name in ("王", "李")
        )
        raise_session_version(session, one)
        raise_session_version(session, one)
        raise_session_version(session, 99)
    with database.reading() as session:
        assert [get_account(session, account).session_version for account in (one, other)] == [2, 0]


def test_a_name_is_taken_once(database, at):
    with database.writing() as session:
        add_account(session, name="王", password_hash="a", role=Role.OFFICIAL, at=at)
        with pytest.raises(Conflict, match="王"):
            add_account(session, name="王", password_hash="b", role=Role.OFFICIAL, at=at)
    with database.reading() as session:
        assert count_accounts(session) == 1
