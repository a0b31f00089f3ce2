import multiprocessing
import os
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text

from survey.messages import BadInput, Failure
from survey.roles import Role
from survey.store.accounts import AccountRow, add_account, count_accounts
from survey.store.database import open_database
from survey.store.failures import as_failures
from tests.survey.store.counting import statements

ROOT = Path(__file__).parents[3]


def test_writing_commits_at_the_end_and_rolls_back_on_an_exception(database, at):
    def add(name: str) -> None:
        with database.writing() as session:
            add_account(session, name=name, password_hash="x", role=Role.OFFICIAL, at=at)
            if name == "lost":
                raise LookupError

    add("kept")
    with pytest.raises(LookupError):
        add("lost")
    with database.reading() as session:
        assert session.scalars(select(AccountRow.name)).all() == ["kept"]


def test_reading_cannot_write(database, at):
    with pytest.raises(Failure, match="只能读"), database.reading() as session:
        add_account(session, name="a", password_hash="x", role=Role.OFFICIAL, at=at)
    with database.reading() as session:
        assert count_accounts(session) == 0


def test_the_plain_engine_cannot_write(database):
    with pytest.raises(Failure, match="只能读"), as_failures(), database.engine.begin() as connection:
        connection.execute(text("DELETE FROM accounts"))


def test_reading_and_writing_in_turns(database, at):
    for number in range(3):
        with database.reading() as session:
            assert count_accounts(session) == number
        with database.writing() as session:
            add_account(session, name=str(number), password_hash="x", role=Role.OFFICIAL, at=at)


def test_reading_sees_one_moment(database, at):
    with database.reading() as session:
        assert count_accounts(session) == 0
        with database.writing() as writer:
            add_account(writer, name="a", password_hash="x", role=Role.OFFICIAL, at=at)
        assert count_accounts(session) == 0


def test_a_forked_process_opens_its_own_connections(database, at):
    with database.reading() as session:
        assert count_accounts(session) == 0

    def child() -> None:
        with database.writing() as session:
            add_account(session, name="child", password_hash="x", role=Role.OFFICIAL, at=at)
        os._exit(0)

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    process.join(30)
    assert process.exitcode == 0
    with database.reading() as session:
        assert count_accounts(session) == 1


def test_sqlite_is_durable_and_checks_foreign_keys(sqlite_database, monkeypatch):
    monkeypatch.setattr("survey.store.database.create_engine", create_engine)  # not that of the tests, which never wait
    database = open_database(str(sqlite_database.url))
    with database.writing() as session:
        settings = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers", "secure_delete")
        }
    assert settings == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "recursive_triggers": 1,
        "secure_delete": 1,
    }
    database.close()


def test_what_is_deleted_is_gone_from_the_file(sqlite_database, at):
    with sqlite_database.writing() as session:
        for number in range(50):
            add_account(session, name=f"name-to-forget-{number}", password_hash="x", role=Role.OFFICIAL, at=at)
    with sqlite_database.writing() as session:
        session.execute(text("DELETE FROM accounts"))
    sqlite_database.close()  # the log goes into the file
    assert b"name-to-forget" not in sqlite_database.path.read_bytes()


def test_a_transaction_begins_without_a_statement_of_the_callers(database, at):
    with statements(database) as seen:
        with database.reading() as session:
            count_accounts(session)
        with database.writing() as session:
            count_accounts(session)
    assert len(seen) == 2


@pytest.mark.postgresql
def test_on_postgresql_a_connection_changes_between_reading_and_writing(postgresql_database, at):
    ask = text("SELECT current_setting('transaction_isolation'), current_setting('transaction_read_only')")
    wait = text("SELECT current_setting('lock_timeout')")
    reading, writing = ("repeatable read", "on"), ("read committed", "off")
    for _ in range(2):
        with postgresql_database.reading() as session:
            assert tuple(session.execute(ask).one()) == reading
            assert session.execute(wait).scalar() == "0"
        with postgresql_database.writing() as session:
            assert tuple(session.execute(ask).one()) == writing
            assert session.execute(wait).scalar() == "30s"
        with postgresql_database.write_lock(), postgresql_database.migrating() as connection:
            assert tuple(connection.execute(ask).one()) == writing
    with postgresql_database.engine.connect() as connection:
        assert tuple(connection.execute(ask).one()) == reading


def test_a_replaced_file_is_noticed(sqlite_database, migrated_sqlite_file, at):
    with sqlite_database.writing() as session:
        add_account(session, name="a", password_hash="x", role=Role.OFFICIAL, at=at)
    new = sqlite_database.path.with_name("new")
    new.write_bytes(migrated_sqlite_file.read_bytes())
    for end in ("-wal", "-shm"):
        sqlite_database.path.with_name(sqlite_database.path.name + end).unlink(missing_ok=True)
    new.replace(sqlite_database.path)
    with sqlite_database.reading() as session:
        assert count_accounts(session) == 0


@pytest.mark.postgresql
def test_a_plain_postgresql_address_and_a_socket_work(postgresql_server, postgresql_database):
    name = str(postgresql_database.url.database)
    for url in (postgresql_server.url(name), postgresql_server.socket_url(name)):
        assert url.startswith("postgresql://")
        database = open_database(url)
        with database.reading() as session:
            assert count_accounts(session) == 0
        database.close()


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "not an address"])
def test_other_addresses_are_refused(url):
    with pytest.raises(BadInput, match="SURVEY_DATABASE_URL"):
        open_database(url)


def test_a_refused_address_hides_its_password():
    with pytest.raises(BadInput) as caught:
        open_database("mysql://me:secret@host/name")
    assert "secret" not in str(caught.value)
