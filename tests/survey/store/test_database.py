import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from survey.messages import BadInput, Failure
from survey.roles import Role
from survey.store.accounts import AccountRow, add_account, count_accounts
from survey.store.areas import AreaRow
from survey.store.database import Database, open_database
from survey.store.failures import as_failures
from survey.store.responses import add_responses, count_responses

ROOT = Path(__file__).parents[3]


def run_python(script: str, *arguments: str) -> "subprocess.Popen[str]":
    """Another process that speaks to the database through the store."""
    return subprocess.Popen(
        [sys.executable, "-c", script, *arguments],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def population(session: Session) -> int:
    return session.scalars(select(AreaRow.population).where(AreaRow.name == "东社区")).one() or 0


INCREMENT = """
import sys
from sqlalchemy import select, update
from survey.store.areas import AreaRow
from survey.store.database import open_database
database = open_database(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with database.writing() as session:
        before = session.scalars(select(AreaRow.population).where(AreaRow.name == "东社区")).one()
        session.execute(update(AreaRow).where(AreaRow.name == "东社区").values(population=before + 1))
"""


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


def test_a_connection_that_read_can_write_afterwards(database, at):
    for number in range(3):  # the pool hands the same connection to both
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


def test_processes_that_read_then_write_lose_and_fail_nothing(database, example):
    with database.reading() as session:
        before = population(session)
    running = [run_python(INCREMENT, address(database), "20") for _ in range(3)]
    ended = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [0] * 3, ended
    with database.reading() as session:
        assert population(session) == before + 60


def test_threads_that_read_then_write_lose_and_fail_nothing(database, example):
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(25):
                with database.writing() as session:
                    value = population(session) + 1
                    session.execute(update(AreaRow).where(AreaRow.name == "东社区").values(population=value))
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    with database.reading() as session:
        before = population(session)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert (failed, population(session)) == ([], before + 100)


def test_a_killed_writer_leaves_neither_its_change_nor_its_lock(database, example):
    process = run_python(
        INCREMENT + "\n"
        "with database.writing() as session:\n"
        "    session.execute(update(AreaRow).values(population=7))\n"
        "    print('written', flush=True)\n"
        "    import time; time.sleep(60)\n",
        address(database),
        "0",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    start = time.monotonic()
    with database.writing() as session:
        assert population(session) == 2400
    assert time.monotonic() - start < 10


def test_waiting_for_another_writer_ends_with_a_failure(database):
    impatient = open_database(address(database), wait_seconds=0.3)
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.writing():
            inside.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert inside.wait(10)
        with pytest.raises(Failure, match="稍后重试"), impatient.writing():
            pass
    finally:
        done.set()
        holder.join()
        impatient.close()


def test_writing_inside_writing_is_refused_at_once(database):
    with database.writing(), pytest.raises(RuntimeError, match="nested"), database.writing():
        pass


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


def test_a_broken_constraint_stays_what_it_is(database, at):
    with pytest.raises(IntegrityError), database.writing() as session:
        session.execute(text("INSERT INTO report_files (report_id, pdf) VALUES (1, 'x')"))


def test_sqlite_is_durable_and_checks_foreign_keys(sqlite_database):
    with sqlite_database.writing() as session:
        settings = {
            name: session.execute(text(f"PRAGMA {name}")).scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "recursive_triggers": 1}


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


def test_an_unreachable_server_is_a_failure_without_the_password():
    database = open_database("postgresql://survey:secret@127.0.0.1:1/none")
    with pytest.raises(Failure, match="连不上") as caught, database.reading() as session:
        count_accounts(session)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize("url", ["", "mysql://x/y", "sqlite://", "sqlite:///:memory:", "not an address"])
def test_other_addresses_are_refused(url):
    with pytest.raises(BadInput, match="SURVEY_DATABASE_URL"):
        open_database(url)


def test_a_refused_address_hides_its_password():
    with pytest.raises(BadInput) as caught:
        open_database("mysql://me:secret@host/name")
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
            session.add(AccountRow(name=f"{number:0100}", password_hash="x", role="official", active=True,
                                   created_at=datetime.now(UTC)))
            if number % 1000 == 0:
                session.flush()
except Failure as failure:
    print(failure)
"""


def test_a_full_disk_is_a_failure_and_loses_nothing(sqlite_database, at):
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
