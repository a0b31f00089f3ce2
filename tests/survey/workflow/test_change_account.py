"""Who may be changed into what, and that somebody is always left who can mend accounts."""

from datetime import UTC, datetime

import pytest

from survey.account_rules import Person
from survey.messages import BadInput, Conflict, NotThere
from survey.roles import CanvasserType, Role, Scope
from survey.store import account_tokens, accounts
from survey.store.accounts import Account
from survey.store.database import Database
from survey.workflow.change_account import change_account, close_examples, set_active
from tests.survey.pages import example
from tests.survey.pages.example import EAST

AT = datetime(2026, 3, 9, 1, 30, tzinfo=UTC)


def add(database: Database, name: str, role: Role, *, activated: bool = True) -> Account:
    with database.writing() as session:
        return accounts.add_account(session, name=name, password_hash="hash" if activated else None, role=role, at=AT)


def test_everything_told_is_stored_and_sessions_end(database: Database) -> None:
    admin, before = add(database, "admin", Role.ADMINISTRATOR), add(database, "fang", Role.CANVASSER)
    with database.writing() as session:
        wave = example.add_wave(session)
        person = Person(
            role=Role.CANVASSER,
            full_name=" 王芳 ",
            canvasser_type=CanvasserType.AGENCY,
            scope=Scope(areas=frozenset({EAST}), waves=frozenset({wave})),
            ties=frozenset({"990000000000"}),
        )
        after = change_account(session, before.id, person=person, by=admin)
    assert (after.full_name, after.canvasser_type, after.scope) == ("王芳", CanvasserType.AGENCY, person.scope)
    assert after.ties == {"990000000000"}
    assert after.session_version > before.session_version


def test_an_area_that_is_not_there_changes_nothing(database: Database) -> None:
    account = add(database, "fang", Role.CANVASSER)
    person = Person(role=Role.CANVASSER, full_name="李", scope=Scope(areas=frozenset({EAST})))
    with pytest.raises(BadInput), database.writing() as session:
        change_account(session, account.id, person=person, by=None)
    with database.reading() as session:
        assert accounts.get_account(session, account.id) == account


def test_nobody_is_nobody(database: Database) -> None:
    with pytest.raises(NotThere), database.writing() as session:
        change_account(session, 7, person=Person(role=Role.LEADER), by=None)
    with pytest.raises(NotThere), database.writing() as session:
        set_active(session, 7, active=False, by=None)


def test_one_does_not_change_or_close_oneself(database: Database) -> None:
    admin, _ = add(database, "admin", Role.ADMINISTRATOR), add(database, "second", Role.ADMINISTRATOR)
    with pytest.raises(Conflict), database.writing() as session:
        change_account(session, admin.id, person=Person(role=Role.LEADER), by=admin)
    with pytest.raises(Conflict), database.writing() as session:
        set_active(session, admin.id, active=False, by=admin)
    with database.writing() as session:
        changed = change_account(session, admin.id, person=Person(role=admin.role, full_name="李"), by=admin)
    assert changed.full_name == "李", "but one may tell one's own name"


@pytest.mark.parametrize("other", [None, "waiting", "closed"])
def test_the_last_who_can_mend_accounts_stays(database: Database, other: str | None) -> None:
    admin = add(database, "admin", Role.ADMINISTRATOR)
    if other:
        second = add(database, "second", Role.ADMINISTRATOR, activated=other != "waiting")
        with database.writing() as session:
            set_active(session, second.id, active=other != "closed", by=None)
    with pytest.raises(Conflict), database.writing() as session:
        set_active(session, admin.id, active=False, by=None)
    with pytest.raises(Conflict), database.writing() as session:
        change_account(session, admin.id, person=Person(role=Role.LEADER), by=None)


def test_who_cannot_sign_in_anyway_may_go(database: Database) -> None:
    add(database, "admin", Role.ADMINISTRATOR)
    waiting = add(database, "second", Role.ADMINISTRATOR, activated=False)
    with database.writing() as session:
        assert not set_active(session, waiting.id, active=False, by=None).active


def test_closing_ends_sessions_and_tokens_and_the_same_again_changes_nothing(database: Database) -> None:
    account = add(database, "fang", Role.CANVASSER)
    with database.writing() as session:
        account_tokens.add_token(session, account.id, token_hash="a" * 64, at=AT, expires_at=AT)
        closed = set_active(session, account.id, active=False, by=None)
        assert account_tokens.find_token(session, "a" * 64) is None
        again = set_active(session, account.id, active=False, by=None)
    assert closed.session_version > account.session_version
    assert again == closed
    with database.writing() as session:
        assert set_active(session, account.id, active=True, by=None).active


def test_examples_are_closed_together_and_never_become_administrators(database: Database) -> None:
    with database.writing() as session:
        example_account = accounts.add_account(
            session, name="official", password_hash="hash", role=Role.OFFICIAL, at=AT, example=True
        )
    own = add(database, "wang", Role.OFFICIAL)
    with pytest.raises(Conflict, match="示例账号"), database.writing() as session:
        change_account(session, example_account.id, person=Person(role=Role.ADMINISTRATOR), by=None)
    with database.writing() as session:
        assert [closed.name for closed in close_examples(session)] == ["official"]
        assert close_examples(session) == ()
    with database.reading() as session:
        still = accounts.get_account(session, own.id)
    assert still is not None
    assert still.active
