"""A full disk, a missing program, an upgrade: a backup comes first or nothing happens."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from survey.messages import Failure
from survey.store import backups_postgresql, schema
from survey.store.accounts import count_accounts
from survey.store.backups import backup, restore, upgrade_with_backup
from survey.store.database import open_database

ROOT = Path(__file__).parents[3]


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


@pytest.mark.slow
@pytest.mark.parametrize("verb", [pytest.param("backup", marks=pytest.mark.slow), "restore"])
def test_a_full_disk_leaves_everything_as_it_was(database, fill, tmp_path, verb, contents):
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


@pytest.mark.slow
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


def test_an_upgrade_backs_up_first(database, fill, tmp_path, monkeypatch, contents):
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
