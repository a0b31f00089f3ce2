"""Files that must not be restored, and databases that must be."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import text

from survey.messages import BadInput, Conflict
from survey.store import backups_postgresql, schema
from survey.store.backups import backup, restore
from survey.store.database import open_database

ROOT = Path(__file__).parents[3]


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


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "partial" in path.name]


@pytest.mark.parametrize("kind", ["empty", "truncated", "cut short", "text", "noise inside", "only the start"])
def test_a_damaged_backup_is_refused_and_nothing_changes(database, fill, tmp_path, kind, contents):
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


@pytest.mark.parametrize("kind", ["truncated", "text", "noise inside", "empty"])
def test_a_damaged_database_is_restored_over(sqlite_database, fill, tmp_path, kind, contents):
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
