"""What was deleted is gone from the files, or somebody hears that it is not yet."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from survey.messages import Failure
from survey.store import scrubbing
from survey.store.database import Database, connect_sqlite
from survey.store.scrubbing import scrub, shorten_log

WORDS = "这一句要从文件里消失"


@pytest.fixture(autouse=True)
def short_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scrubbing, "READERS_LEAVE", 0.5)


def write_and_delete(database: Database) -> None:
    """The words were stored, and nothing in the database leads to them any more."""
    with database.writing() as session:
        session.connection().exec_driver_sql("CREATE TABLE said (words TEXT)")
        session.connection().exec_driver_sql("INSERT INTO said VALUES (?)", (WORDS * 50,))
    with database.writing() as session:
        session.connection().exec_driver_sql("DROP TABLE said")


def remains(path: Path) -> bool:
    files = [path, path.with_name(f"{path.name}-wal")]
    return any(WORDS.encode() in file.read_bytes() for file in files if file.exists())


@pytest.mark.parametrize("clean", [scrub, shorten_log])
def test_who_reads_all_the_while_keeps_it_and_is_named(
    sqlite_database: Database, clean: Callable[[Database], None]
) -> None:
    path = sqlite_database.path
    assert path is not None
    reader = connect_sqlite(path, mode="ro")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM responses").fetchone()
    try:
        write_and_delete(sqlite_database)
        with pytest.raises(Failure, match="读数据库"):
            clean(sqlite_database)
        assert remains(path)
    finally:
        reader.close()
    scrub(sqlite_database)
    assert not remains(path)


def test_writers_go_on_meanwhile_and_it_is_done_once_the_reader_leaves(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = sqlite_database.path
    assert path is not None
    monkeypatch.setattr(scrubbing, "READERS_LEAVE", 30.0)
    reader = connect_sqlite(path, mode="ro")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM responses").fetchone()
    write_and_delete(sqlite_database)
    with ThreadPoolExecutor(max_workers=1) as others:
        cleaning = others.submit(scrub, sqlite_database)
        for number in range(5):
            with sqlite_database.writing() as session:
                session.connection().exec_driver_sql(f"CREATE TABLE after_{number} (words TEXT)")
        assert not cleaning.done()
        reader.close()
        cleaning.result(timeout=30)
    assert not remains(path)
