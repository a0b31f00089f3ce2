"""The drill: fill, back up, change, restore, compare every table; and every way a restore must say no."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from survey.messages import Conflict, Failure
from survey.store import schema
from survey.store.backups import backup, restore
from survey.store.database import Database, open_database
from survey.store.responses import add_responses
from survey.store.waves import change_state
from survey.waves import WaveState

ROOT = Path(__file__).parents[3]


def change(database: Database, wave: int, at, make_responses) -> None:
    with database.writing() as session:
        change_state(session, wave, WaveState.CLOSED, at=at, by="x")
        add_responses(session, wave, None, make_responses(50, seed=2))
        session.execute(text("DELETE FROM report_files"))
        session.execute(text("UPDATE accounts SET password_hash = 'other'"))


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if "partial" in path.name]


def test_the_drill(database, fill, at, make_responses, tmp_path, contents):
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


def test_a_backup_goes_into_an_empty_place(database, fill, tmp_path, new_database_url, contents):
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


@pytest.mark.slow
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
