import sqlite3
import traceback
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from survey.messages import BadInput, Failure
from survey.roles import Role
from survey.store.accounts import AccountRow, add_account, count_accounts
from survey.store.database import Database, open_database
from survey.store.failures import as_failures
from survey.store.responses import add_responses, count_responses

ROOT = Path(__file__).parents[3]


def address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def test_a_broken_constraint_stays_what_it_is(database, at):
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text("INSERT INTO report_files (report_id, pdf) VALUES (1, 'x')"))


def test_an_unforeseen_error_quotes_no_value(database, at):
    values = {"name": "-".join(("wang", "fang")), "password_hash": "-".join(("argon", "hash"))}
    with database.writing() as session:
        session.add(AccountRow(**values, role=Role.OFFICIAL, active=True, created_at=at))
    with pytest.raises(IntegrityError) as caught, database.writing() as session:
        session.add(AccountRow(**values, role=Role.OFFICIAL, active=True, created_at=at))
    said = "".join(traceback.format_exception(caught.value))
    assert "accounts" in said
    assert [value for value in values.values() if value in said] == []


def test_a_missing_file_is_named_and_not_made(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'none.sqlite3'}")
    with pytest.raises(Failure, match="survey init"), database.reading() as session:
        count_accounts(session)
    assert not (tmp_path / "none.sqlite3").exists()


def test_a_file_that_is_no_database_is_a_failure(tmp_path):
    path = tmp_path / "text.sqlite3"
    path.write_text("满意" * 1000)
    with pytest.raises(Failure, match="损坏"), open_database(f"sqlite:///{path}").reading() as session:
        count_accounts(session)


def test_a_folder_that_cannot_hold_the_lock_is_a_failure(tmp_path):
    (tmp_path / "file").write_text("")
    database = open_database(f"sqlite:///{tmp_path / 'file' / 'survey.sqlite3'}")
    with pytest.raises(Failure, match="文件夹"), database.writing():
        pass


def test_an_unreachable_server_is_a_failure_without_the_password():
    database = open_database("postgresql://survey:secret@127.0.0.1:1/none")
    with pytest.raises(Failure, match="连不上") as caught, database.reading() as session:
        count_accounts(session)
    assert "secret" not in str(caught.value)


FILL_THE_DISK = """
import resource, sys
from survey.messages import Failure
from survey.store.accounts import AccountRow
from survey.store.database import open_database
from datetime import datetime, UTC
database = open_database(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))
try:
    with database.writing() as session:
        for number in range(20_000):
            name = f"{number:0100}"
            session.add(AccountRow(name=name, name_key=name, password_hash="x", role="official", active=True,
                                   created_at=datetime.now(UTC)))
            if number % 1000 == 0:
                session.flush()
except Failure as failure:
    print(failure)
"""


@pytest.mark.slow
def test_a_full_disk_is_a_failure_and_loses_nothing(sqlite_database, at, run_python):
    with sqlite_database.writing() as session:
        add_account(session, name="before", password_hash="x", role=Role.OFFICIAL, at=at)
    said, errors = run_python(FILL_THE_DISK, address(sqlite_database)).communicate(timeout=60)
    assert "没有保存任何内容" in said, errors
    with sqlite_database.writing() as session:
        assert count_accounts(session) == 1
        assert session.execute(text("PRAGMA integrity_check")).scalar() == "ok"
        add_account(session, name="after", password_hash="x", role=Role.OFFICIAL, at=at)


def test_a_full_database_is_said_to_be_a_full_disk(sqlite_database, build_example, make_responses):
    example = build_example(sqlite_database)

    def fill() -> None:
        with sqlite_database.writing() as session:
            pages = session.execute(text("PRAGMA page_count")).scalar()
            session.execute(text(f"PRAGMA max_page_count = {pages + 2}"))
            add_responses(session, example.wave, None, make_responses(500))

    with pytest.raises(Failure, match="磁盘已满"):
        fill()
    with sqlite_database.reading() as session:
        assert count_responses(session, example.wave) == 0


def test_a_locked_sqlite_file_is_a_failure(sqlite_database):
    impatient = sqlite3.connect(sqlite_database.path, timeout=0.1)
    with sqlite_database.writing(), pytest.raises(Failure, match="正忙"), as_failures():
        impatient.execute("BEGIN IMMEDIATE")
    impatient.close()


def test_unstorable_text_is_bad_input(database: Database, at, build_example: Callable[..., object]):
    if database.path:
        return  # SQLite stores it
    with pytest.raises(BadInput), database.writing() as session:
        add_account(session, name="a\0b", password_hash="x", role=Role.OFFICIAL, at=at)
