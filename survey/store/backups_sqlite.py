"""Copies of an SQLite database by SQLite's own backup, which sees one moment of a database in use."""

import os
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from survey.messages import N_, Failure, Message
from survey.store.backup_checks import damaged, expect_known_revision, expect_start, foreign
from survey.store.database import WAIT_SECONDS, connect_sqlite
from survey.store.failures import as_failures

#: Written into the file by the first migration.
APPLICATION_ID = 0x52537679
MAGIC = b"SQLite format 3\x00"
#: What SQLite says of a file it can no longer work on; a page that ends early counts.
DAMAGED = ("SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_IOERR_SHORT_READ")


def write(database: Path, target: Path) -> None:
    """Copy ``database`` into ``target`` (an empty file), as a single file without a write-ahead log."""
    with as_failures():
        _copy(database, target)


def check(path: Path) -> str:
    """The revision of the backup. Raises :class:`BadInput` unless it is whole and this program's."""
    expect_start(path, MAGIC, Message(N_("它不是 SQLite 文件")))
    try:
        # "immutable" leaves no files beside a backup, but would overlook a log that belongs to it.
        mode = "ro" if path.with_name(path.name + "-wal").exists() else "ro&immutable=1"
        with closing(connect_sqlite(path, mode=mode)) as connection:
            return _revision_of_whole(path, connection)
    except sqlite3.Error as error:
        raise damaged(path, str(error)) from error


def restore(path: Path, database: Path, kept: Path) -> Path | None:
    """Copy the checked backup ``path`` over ``database``; the caller holds the write lock.

    What was there is first copied to ``kept``, which is returned; ``None`` when nothing was there.
    """
    with as_failures():
        if database.stat().st_size == 0:
            _overwrite(database, path)
            return None
        try:
            _copy_to_new(database, kept)
        except sqlite3.Error as error:
            if not error.sqlite_errorname.startswith(DAMAGED):
                raise
            _replace_damaged(database, path, kept)
        else:
            _overwrite(database, path)
        return kept


def _copy(database: Path, target: Path) -> None:
    with closing(connect_sqlite(database)) as source, closing(connect_sqlite(target)) as copy:
        source.backup(copy, progress=_give_up_after(WAIT_SECONDS))
        copy.execute("PRAGMA journal_mode = DELETE")


def _copy_to_new(database: Path, target: Path) -> None:
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600))
    try:
        _copy(database, target)
    except BaseException:
        target.unlink()
        target.with_name(target.name + "-journal").unlink(missing_ok=True)
        raise


def _overwrite(database: Path, path: Path) -> None:
    """One transaction on ``database``: a failure on the way leaves it as it was."""
    with closing(connect_sqlite(path, mode="ro")) as source, closing(connect_sqlite(database)) as target:
        target.execute("PRAGMA synchronous = FULL")
        source.backup(target, progress=_give_up_after(WAIT_SECONDS))


def _replace_damaged(database: Path, path: Path, kept: Path) -> None:
    """Put a copy of the backup in the place of a file that SQLite cannot write to any more, which becomes ``kept``."""
    fresh = kept.with_name(kept.name + ".partial")
    _copy_to_new(path, fresh)
    for end in ("-wal", "-shm", ""):
        with suppress(FileNotFoundError):
            database.with_name(database.name + end).rename(kept.with_name(kept.name + end))
    fresh.rename(database)


def _revision_of_whole(path: Path, connection: sqlite3.Connection) -> str:
    if connection.execute("PRAGMA application_id").fetchone()[0] != APPLICATION_ID:
        raise foreign(path)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    expected = pages * connection.execute("PRAGMA page_size").fetchone()[0]
    if path.stat().st_size != expected:  # SQLite itself reads a last page that was cut as if zeros followed
        raise damaged(path, f"{path.stat().st_size} bytes instead of {expected}")
    result = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if result != "ok":
        raise damaged(path, result.splitlines()[-1])
    if broken := connection.execute("PRAGMA foreign_key_check").fetchone():
        raise damaged(path, f"foreign key of {broken[0]}")
    revisions = [row[0] for row in connection.execute("SELECT version_num FROM alembic_version")]
    expect_known_revision(path, ", ".join(revisions))
    return str(revisions[0])


def _give_up_after(seconds: float) -> Callable[[int, int, int], None]:
    """Python's backup retries a locked database for ever; this ends it."""
    deadline = time.monotonic() + seconds

    def progress(status: int, remaining: int, total: int) -> None:  # noqa: ARG001 - sqlite3 calls it so
        if status != sqlite3.SQLITE_DONE and time.monotonic() > deadline:
            raise Failure(
                Message(N_("数据库一直被占用，等了 {seconds} 秒仍未结束；请稍后重试"), {"seconds": f"{seconds:g}"})
            )

    return progress
