"""The drill: fill, back up, change, restore, compare every table; and every way a restore must say no."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from analysis.publication import Base, PublishedEstimate, Reason
from survey.messages import BadInput, Conflict, Failure
from survey.roles import Role
from survey.store import backups_postgresql, schema
from survey.store.accounts import add_account, count_accounts
from survey.store.backups import backup, restore, upgrade_with_backup
from survey.store.database import Database, open_database
from survey.store.estimates import add_run
from survey.store.imports import add_import
from survey.store.reports import finish_report, want_reports
from survey.store.responses import add_responses
from survey.store.sign_in_attempts import record_attempt
from survey.store.waves import change_state
from survey.waves import WaveState

ROOT = Path(__file__).parents[3]


@pytest.fixture
def fill(build_example, make_responses, at) -> Callable[[Database], int]:
    """Something in every table; returns the wave."""

    def filled(database: Database) -> int:
        wave: int = build_example(database).wave
        with database.writing() as session:
            add_account(session, name="王", password_hash="hash", role=Role.ADMINISTRATOR, at=at)
            record_attempt(session, name_key="n", address_key="a", at=at, succeeded=False)
            number = add_import(
                session,
                wave_id=wave,
                file_digest="f",
                columns_digest="c",
                design=None,
                rows=300,
                report={},
                at=at,
                by="王",
            )
            add_responses(session, wave, number, make_responses(300))
            run = add_run(
                session,
                wave_id=wave,
                by_level="community",
                instrument_fingerprint="a",
                frame_digest="f",
                answers_digest="d",
                design=None,
                level=0.95,
                seed="s",
                code_version="0",
                at=at,
                by="王",
                estimates=[
                    PublishedEstimate(
                        indicator="overall", area=None, base=Base.ASKED, published=False, reason=Reason.TOO_FEW
                    )
                ],
            )
            (report,) = want_reports(session, wave_id=wave, run_id=run, areas=[None], language="en", at=at, by="王")
            finish_report(
                session, report, pdf=bytes(range(256)) * 40, pages=1, sha256="s", missing_characters="", at=at
            )
        return wave

    return filled


def contents(database: Database) -> dict[str, list[str]]:
    """Every row of every table."""
    with database.reading() as session:
        found = {
            name: sorted(str(tuple(row)) for row in session.execute(select(table)))
            for name, table in schema.METADATA.tables.items()
        }
        found["alembic_version"] = [session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()]
    return found


def change(database: Database, wave: int, at, make_responses) -> None:
    with database.writing() as session:
        change_state(session, wave, WaveState.CLOSED, at=at, by="x")
        add_responses(session, wave, None, make_responses(50, seed=2))
        session.execute(text("DELETE FROM report_files"))
        session.execute(text("UPDATE accounts SET password_hash = 'other'"))


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "partial" in path.name]


def test_the_drill(database, fill, at, make_responses, tmp_path):
    wave = fill(database)
    before = contents(database)
    assert all(before.values()), "a table without a row is not in the drill"
    backup(database, tmp_path / "backup")
    change(database, wave, at, make_responses)
    changed = contents(database)
    assert changed != before

    kept = restore(database, tmp_path / "backup")
    assert contents(database) == before
    assert not schema.pending(database)
    with database.writing() as session:  # triggers came back, and work goes on
        change_state(session, wave, WaveState.CLOSED, at=at, by="x")
        with pytest.raises(Exception, match="append-only"), session.begin_nested():
            session.execute(text("DELETE FROM wave_events"))

    assert kept is not None
    restore(database, kept)
    assert contents(database) == changed
    assert leftovers(tmp_path) == []


def test_a_backup_goes_into_an_empty_place(database, fill, tmp_path, new_database_url):
    if (new_database_url().startswith("sqlite")) != bool(database.path):
        return  # from one kind to the other there is no way
    fill(database)
    backup(database, tmp_path / "backup")
    elsewhere = open_database(new_database_url())
    assert restore(elsewhere, tmp_path / "backup") is None
    assert contents(elsewhere) == contents(database)
    elsewhere.close()


def test_a_backup_is_private_and_of_one_file(database, fill, tmp_path):
    fill(database)
    folder = tmp_path / "backups"
    folder.mkdir()
    backup(database, folder / "one")
    restore(database, folder / "one")
    assert [path.name for path in folder.iterdir() if "before-restore" not in path.name] == ["one"]
    assert (folder / "one").stat().st_mode & 0o077 == 0


def test_an_existing_file_is_not_overwritten(database, tmp_path):
    target = tmp_path / "mine"
    target.write_text("mine")
    with pytest.raises(Conflict, match="mine"):
        backup(database, target)
    assert target.read_text() == "mine"


def test_a_folder_that_cannot_be_written_is_a_failure(database, tmp_path):
    (tmp_path / "file").write_text("")
    for target in (tmp_path / "none" / "backup", tmp_path / "file" / "backup"):
        with pytest.raises(Failure, match="backup"):
            backup(database, target)


def test_a_database_that_is_not_there_has_no_backup(new_database_url, tmp_path):
    database = open_database(new_database_url())
    with pytest.raises(Failure, match="survey init"):
        backup(database, tmp_path / "backup")
    database.close()
    assert not (tmp_path / "backup").exists()


def damage(path: Path, kind: str) -> None:
    whole = path.read_bytes()
    half = len(whole) // 2
    wrong = {
        "empty": b"",
        "truncated": whole[:half],
        "cut short": whole[:-100],
        "text": "满意\n".encode() * 500,
        "noise inside": whole[:half] + bytes(4096) + whole[half + 4096 :],
        "only the start": whole[:16],
    }
    path.write_bytes(wrong[kind])


@pytest.mark.parametrize("kind", ["empty", "truncated", "cut short", "text", "noise inside", "only the start"])
def test_a_damaged_backup_is_refused_and_nothing_changes(database, fill, tmp_path, kind):
    fill(database)
    before = contents(database)
    path = tmp_path / "backup"
    backup(database, path)
    damage(path, kind)
    with pytest.raises(BadInput, match="不能用来恢复"):
        restore(database, path)
    assert contents(database) == before
    assert list(tmp_path.glob("**/*before-restore*")) == []


def test_a_file_that_is_not_there_or_a_folder_is_refused(database, tmp_path):
    for path in (tmp_path / "none", tmp_path):
        with pytest.raises(BadInput, match="读不了"):
            restore(database, path)


def test_another_programs_sqlite_file_is_refused(sqlite_database, tmp_path):
    path = tmp_path / "other.sqlite3"
    other = sqlite3.connect(path)
    other.executescript("CREATE TABLE alembic_version (version_num TEXT); INSERT INTO alembic_version VALUES ('0001')")
    other.close()
    with pytest.raises(BadInput, match="不是本程序"):
        restore(sqlite_database, path)


@pytest.mark.postgresql
def test_another_programs_dump_is_refused(postgresql_database, postgresql_server, tmp_path):
    postgresql_server.run("CREATE DATABASE foreign_one")
    other = open_database(postgresql_server.url("foreign_one"))
    with other.migrating() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num text)"))
        connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
    backups_postgresql.write(other.url, tmp_path / "other")
    other.close()
    postgresql_server.run("DROP DATABASE foreign_one")
    with pytest.raises(BadInput, match="不是本程序"):
        restore(postgresql_database, tmp_path / "other")


def test_the_backup_of_a_newer_program_is_refused(database, tmp_path, monkeypatch):
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with monkeypatch.context() as patched:
        patched.setattr("survey.store.backup_checks.known_revisions", lambda: frozenset({"0001", "9999"}))
        backup(database, tmp_path / "backup")
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    with pytest.raises(BadInput, match="9999"):
        restore(database, tmp_path / "backup")
    assert schema.revision(database) == "0001"


@pytest.mark.postgresql
def test_postgresql_restores_only_over_its_own_revision(postgresql_database, fill, tmp_path):
    fill(postgresql_database)
    backup(postgresql_database, tmp_path / "backup")
    with postgresql_database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0002'"))
    with pytest.raises(Conflict, match="空数据库"):
        restore(postgresql_database, tmp_path / "backup")
    assert schema.revision(postgresql_database) == "0002"


READ_ALL_THE_TIME = """
import sys, time
from survey.messages import Failure
from survey.store.database import open_database
from survey.store.responses import count_responses, read_responses
database = open_database(sys.argv[1])
wave, allowed = int(sys.argv[2]), {int(count) for count in sys.argv[3].split(",")}
seen = []
print("reading", flush=True)
while not seen or seen[-1] != min(allowed):
    with database.reading() as session:
        count = count_responses(session, wave)
        assert sum(1 for _ in read_responses(session, wave)) == count
    assert count in allowed, count
    seen.append(count)
print(sorted(set(seen)), flush=True)
"""


def test_a_reader_sees_the_old_or_the_new_and_never_half(database, fill, at, make_responses, tmp_path):
    wave = fill(database)
    backup(database, tmp_path / "backup")
    change(database, wave, at, make_responses)
    url = database.url.render_as_string(hide_password=False)
    reader = subprocess.Popen(
        [sys.executable, "-c", READ_ALL_THE_TIME, url, str(wave), "300,350"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert reader.stdout is not None
    assert reader.stdout.readline() == "reading\n"
    restore(database, tmp_path / "backup")
    said, errors = reader.communicate(timeout=60)
    assert reader.returncode == 0, errors
    assert "300" in said


@pytest.mark.parametrize("kind", ["truncated", "text", "noise inside", "empty"])
def test_a_damaged_database_is_restored_over(sqlite_database, fill, tmp_path, kind):
    """The day a backup is for."""
    fill(sqlite_database)
    before = contents(sqlite_database)
    backup(sqlite_database, tmp_path / "backup")
    with sqlite_database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA query_only = OFF")
    sqlite_database.close()
    path = sqlite_database.path
    damage(path, kind)
    broken = path.read_bytes()
    kept = restore(sqlite_database, tmp_path / "backup")
    assert contents(sqlite_database) == before
    if kind == "text":
        assert kept is not None
        assert kept.read_bytes() == broken
    assert leftovers(path.parent) == []


LITTLE_ROOM = """
import resource, sys
from pathlib import Path
from survey.messages import SurveyError
from survey.store.backups import backup, restore
from survey.store.database import open_database
database = open_database(sys.argv[1])
resource.setrlimit(resource.RLIMIT_FSIZE, (60_000, 60_000))
try:
    {"backup": backup, "restore": restore}[sys.argv[2]](database, Path(sys.argv[3]))
except SurveyError as error:
    print(type(error).__name__, error)
"""


@pytest.mark.parametrize("verb", ["backup", "restore"])
def test_a_full_disk_leaves_everything_as_it_was(database, fill, tmp_path, verb):
    fill(database)
    before = contents(database)
    path = tmp_path / "backups" / "backup"
    path.parent.mkdir()
    if verb == "restore":
        if not database.path:
            return  # it is the server's disk that would be full
        backup(database, path)
    url = database.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-c", LITTLE_ROOM, url, verb, str(path)], cwd=ROOT, capture_output=True, text=True
    )
    if database.path:
        assert done.stdout.startswith("Failure"), done.stderr
        assert [each.name for each in path.parent.iterdir()] == (["backup"] if verb == "restore" else [])
        assert list(database.path.parent.glob("*before-restore*")) == []
    assert contents(database) == before


def test_a_missing_program_is_named(postgresql_database, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(backups_postgresql, "DEBIAN", tmp_path)
    with pytest.raises(Failure, match="postgresql-client"):
        backup(postgresql_database, tmp_path / "backup")


def test_the_password_is_not_on_the_command_line(tmp_path, monkeypatch):
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "$@ [$PGPASSWORD]" >&2; exit 1\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    url = open_database("postgresql://me:secret@127.0.0.1:1/x").url
    with pytest.raises(Failure) as caught:
        backups_postgresql.write(url, tmp_path / "backup")
    arguments, _, environment = str(caught.value).partition("[")
    assert "secret" not in arguments
    assert environment.startswith("secret]")


def test_an_upgrade_backs_up_first(database, fill, tmp_path, monkeypatch):
    fill(database)
    before = contents(database)
    assert upgrade_with_backup(database, tmp_path / "backups") is None  # nothing to do
    with database.writing() as session:  # an older revision whose upgrade does nothing
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    older = frozenset({"0000", "0001"})
    monkeypatch.setattr(schema, "known_revisions", lambda: older)
    monkeypatch.setattr("survey.store.backup_checks.known_revisions", lambda: older)
    ran: list[str] = []
    monkeypatch.setattr("alembic.command.upgrade", lambda _, to: ran.append(to))
    path = upgrade_with_backup(database, tmp_path / "backups")
    assert ran == ["head"]
    assert path is not None
    assert path.parent == tmp_path / "backups"
    restore(database, path)
    assert contents(database) == {**before, "alembic_version": ["0000"]}


def test_a_new_database_is_made_without_a_backup(new_database_url, tmp_path):
    database = open_database(new_database_url())
    assert upgrade_with_backup(database, tmp_path / "backups") is None
    assert not schema.pending(database)
    with database.reading() as session:
        assert count_accounts(session) == 0
    database.close()


def test_an_upgrade_that_cannot_back_up_does_not_run(database, tmp_path, monkeypatch):
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    monkeypatch.setattr(schema, "known_revisions", lambda: frozenset({"0000", "0001"}))
    ran: list[str] = []
    monkeypatch.setattr("alembic.command.upgrade", lambda _, to: ran.append(to))
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure):
        upgrade_with_backup(database, tmp_path / "file")
    assert ran == []
