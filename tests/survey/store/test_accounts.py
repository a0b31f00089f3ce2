from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from survey.messages import Conflict, NotThere
from survey.roles import CanvasserType, Role, Scope
from survey.store.account_tokens import add_token, find_token
from survey.store.accounts import (
    Account,
    add_account,
    change_account,
    count_accounts,
    find_account,
    find_activation,
    get_account,
    list_accounts,
    raise_session_version,
    set_activation,
    set_active,
    set_password,
)

HASH, OTHER_HASH = "1" * 64, "2" * 64
AT = datetime(2026, 3, 9, tzinfo=UTC)


@pytest.fixture
def canvasser(database, at):
    with database.writing() as session:
        return add_account(
            session,
            name="fang",
            password_hash="hash",
            role=Role.CANVASSER,
            at=at,
            full_name="方园",
            canvasser_type=CanvasserType.STUDENT,
            scope=Scope(areas=frozenset({"330106001002", "330106001001"}), waves=frozenset({11, 2})),
            ties=frozenset({"330106001001"}),
        )


def test_an_account_is_found_by_name_and_by_number(database, at):
    with database.writing() as session:
        made = add_account(session, name="王", password_hash="hash", role=Role.STATISTICIAN, at=at)
    with database.reading() as session:
        assert made == Account(
            id=made.id,
            name="王",
            full_name="",
            role=Role.STATISTICIAN,
            canvasser_type=None,
            scope=Scope(),
            ties=frozenset(),
            active=True,
            activated=True,
            session_version=0,
            created_at=at,
        )
        assert find_account(session, "王") == (made, "hash")
        assert get_account(session, made.id) == made
        assert (find_account(session, "李"), get_account(session, 99), count_accounts(session)) == (None, None, 1)


def test_reach_and_ties_come_back_and_are_stored_one_way(database, canvasser):
    with database.reading() as session:
        found = get_account(session, canvasser.id)
        assert found == canvasser
        assert (found.scope.waves, found.canvasser_type) == (frozenset({2, 11}), CanvasserType.STUDENT)
        assert session.execute(text("SELECT scope, ties FROM accounts")).one() == (
            '{"areas":["330106001001","330106001002"],"waves":[2,11]}',
            '["330106001001"]',
        )


def test_accounts_are_listed_by_name_all_or_of_one_role(database, canvasser, at):
    with database.writing() as session:
        admin = add_account(session, name="admin", password_hash=None, role=Role.ADMINISTRATOR, at=at)
        assert list_accounts(session) == (admin, canvasser)
        assert list_accounts(session, Role.CANVASSER) == (canvasser,)
        assert list_accounts(session, Role.LEADER) == ()


def test_a_changed_account_is_described_anew_and_signed_out(database, canvasser):
    with database.writing() as session:
        change_account(
            session,
            canvasser.id,
            full_name="方圆",
            role=Role.SUPERVISOR,
            canvasser_type=CanvasserType.STUDENT,
            scope=Scope(),
            ties=frozenset({"330106001002"}),
        )
    with database.reading() as session:
        assert get_account(session, canvasser.id) == replace(
            canvasser,
            full_name="方圆",
            role=Role.SUPERVISOR,
            canvasser_type=None,  # only canvassers have one
            scope=Scope(),
            ties=frozenset({"330106001002"}),
            session_version=1,
        )


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


def test_a_card_is_good_for_one_password(database, canvasser, at):
    soon = at + timedelta(days=7)
    with database.writing() as session:
        set_activation(session, canvasser.id, code_hash=HASH, expires_at=soon)
        waiting = replace(canvasser, activated=False, session_version=1)
        assert find_activation(session, HASH) == (waiting, soon)
        assert find_account(session, "fang") == (waiting, None)  # the old password is gone
        assert find_activation(session, OTHER_HASH) is None
        set_activation(session, canvasser.id, code_hash=OTHER_HASH, expires_at=soon)
        assert find_activation(session, HASH) is None  # a new card ends the old one
        set_password(session, canvasser.id, "new")
    with database.reading() as session:
        assert find_activation(session, OTHER_HASH) is None
        assert find_account(session, "fang") == (replace(canvasser, session_version=3), "new")


def test_a_closed_account_comes_back_without_its_sessions(database, canvasser):
    with database.writing() as session:
        set_active(session, canvasser.id, False)
        assert get_account(session, canvasser.id) == replace(canvasser, active=False, session_version=1)
        set_active(session, canvasser.id, True)
        assert get_account(session, canvasser.id) == replace(canvasser, session_version=2)


@pytest.mark.parametrize(
    "change",
    [
        lambda session, account: set_password(session, account, "new"),
        lambda session, account: set_activation(session, account, code_hash=HASH, expires_at=AT),
        lambda session, account: set_active(session, account, False),
    ],
    ids=["password", "activation", "closed"],
)
def test_devices_of_one_account_are_let_in_no_more(database, canvasser, at, change):
    with database.writing() as session:
        other = add_account(session, name="other", password_hash="x", role=Role.CANVASSER, at=at)
        for account, token in ((canvasser, HASH), (other, OTHER_HASH)):
            add_token(session, account.id, token_hash=token, at=at, expires_at=at + timedelta(days=1))
        change(session, canvasser.id)
    with database.reading() as session:
        assert find_token(session, HASH) is None
        assert find_token(session, OTHER_HASH) is not None


def test_nobody_is_not_there(database, at):
    described = {"full_name": "", "role": Role.LEADER, "canvasser_type": None, "scope": Scope(), "ties": frozenset()}
    with database.writing() as session:
        for change in (
            lambda: change_account(session, 7, **described),
            lambda: set_active(session, 7, True),
            lambda: set_password(session, 7, "x"),
            lambda: set_activation(session, 7, code_hash=HASH, expires_at=at),
        ):
            with pytest.raises(NotThere, match="7"):
                change()


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("role = 'king'", "ck_accounts_role"),
        ("canvasser_type = 'king'", "ck_accounts_canvasser_type"),
        ("role = 'leader'", "ck_accounts_type_of_canvasser"),
        ("password_hash = NULL, activation_hash = 'short', activation_expires_at = '2026-03-01'", "activation_hash"),
        (f"password_hash = NULL, activation_hash = '{HASH}'", "ck_accounts_activation_expires"),
        (f"activation_hash = '{HASH}', activation_expires_at = '2026-03-01'", "ck_accounts_activated_once"),
    ],
)
def test_the_database_itself_refuses_what_cannot_be(database, canvasser, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), database.writing() as session:
        session.execute(text(f"UPDATE accounts SET {change}"))  # noqa: S608 - written above


def test_two_accounts_never_wait_for_one_code(database, canvasser, at):
    with database.writing() as session:
        other = add_account(session, name="other", password_hash=None, role=Role.LEADER, at=at)
        set_activation(session, canvasser.id, code_hash=HASH, expires_at=at)
    with pytest.raises(IntegrityError), database.writing() as session:
        set_activation(session, other.id, code_hash=HASH, expires_at=at)
