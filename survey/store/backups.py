"""Backups: a copy of the whole database in one file, checked before it counts, and the way back.

On SQLite a backup is an SQLite file, on PostgreSQL a ``pg_dump`` archive. The keys of open waves are outside the
database and therefore in no backup.
"""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from survey.messages import N_, Conflict, Failure, Message
from survey.store import backups_postgresql, backups_sqlite
from survey.store.database import Database
from survey.store.schema import create_file, migrate, pending, revision, revision_of, run_migrations


def backup(database: Database, path: Path) -> None:
    """Write the database as it is at one moment to the new file ``path``; others may read and write meanwhile.

    The file appears only when it is complete and was read back. Raises :class:`Conflict` when ``path`` exists, and
    :class:`Failure` when the folder, the disk or the database is in the way; no partial file stays.
    """
    if revision(database) is None:
        raise Failure(Message(N_("数据库还没有建立，没有可备份的内容；请先运行 survey init")))
    with _new_file(path) as partial:
        if database.path:
            backups_sqlite.write(database.path, partial)
            backups_sqlite.check(partial)
        else:
            backups_postgresql.write(database.url, partial)
            backups_postgresql.check(partial)


def restore(database: Database, path: Path) -> Path | None:
    """Replace the whole content by the backup's; returns the copy kept of what was there (``None``: nothing was).

    The backup is checked first. Readers see the old content until the new is complete, writers wait. A backup of an
    older revision is taken as it is: :func:`survey.store.schema.require_current` then asks for the upgrade.

    Raises :class:`BadInput` for a file that is damaged or no backup of this program, :class:`Conflict` on PostgreSQL
    when the database holds another revision than the backup, :class:`Failure` for the disk or the server. Nothing
    is changed then.
    """
    if database.path:
        backups_sqlite.check(path)
        kept = _beside(database.path, "before-restore")
        create_file(database)
        with database.write_lock():
            return backups_sqlite.restore(path, database.path, kept)
    return _restore_postgresql(database, path)


def _restore_postgresql(database: Database, path: Path) -> Path | None:
    held = backups_postgresql.check(path)
    with database.write_lock(), database.migrating() as connection:
        present = revision_of(connection)
        if present not in (None, held):
            raise Conflict(
                Message(
                    N_("备份的版本是 {got}，数据库的版本是 {present}；请恢复到一个新建的空数据库"),
                    {"got": held, "present": present},
                )
            )
        kept = None if present is None else _beside(path, "before-restore")
        if kept:
            with _new_file(kept) as partial:
                backups_postgresql.write(database.url, partial)
        else:
            run_migrations(connection, held)
        backups_postgresql.restore(path, connection)
    return kept


def upgrade_with_backup(database: Database, folder: Path) -> Path | None:
    """Bring the database up to date under the write lock, after a backup into ``folder``.

    Returns the backup, or ``None`` when there was nothing to upgrade or nothing to back up yet.
    """
    if not pending(database):
        return None
    suffix = "sqlite3" if database.path else "dump"
    path = folder / f"before-upgrade-{_now()}.{suffix}"
    made: list[Path] = []

    def first() -> None:
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise _failure(folder, error) from error
        backup(database, path)
        made.append(path)

    migrate(database, before_upgrade=first)
    return made[0] if made else None


@contextmanager
def _new_file(path: Path) -> Iterator[Path]:
    """A partial file beside ``path``, private to its owner, that becomes ``path`` when the block succeeds."""
    if path.exists() or path.is_symlink():
        raise _exists(path)
    partial: Path | None = None
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".partial", dir=path.parent)
        os.close(descriptor)
        partial = Path(name)
        yield partial
        _flush(partial)
        _name(partial, path)
        _flush(path.parent)
    except OSError as error:
        raise _failure(path, error) from error
    finally:
        if partial is not None:
            for leftover in (partial, partial.with_name(partial.name + "-journal")):
                with suppress(OSError):
                    leftover.unlink(missing_ok=True)


def _name(partial: Path, path: Path) -> None:
    """Give the file its name without ever replacing another that came meanwhile."""
    try:
        os.link(partial, path)
    except FileExistsError:
        raise _exists(path) from None
    except OSError:  # a file system without hard links
        if path.exists():
            raise _exists(path) from None
        partial.rename(path)


def _flush(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(path: Path, why: str) -> Path:
    return path.with_name(f"{path.name}.{why}-{_now()}")


def _now() -> str:
    return datetime.now(UTC).strftime("%Y%m%dT%H%M%S.%fZ")


def _exists(path: Path) -> Conflict:
    return Conflict(Message(N_("文件 {file} 已经存在，不会被覆盖；请换一个文件名"), {"file": str(path)}))


def _failure(path: Path, error: OSError) -> Failure:
    return Failure(
        Message(
            N_("不能写 {file}（{detail}）；请检查文件夹是否存在、权限与磁盘空间"),
            {"file": str(path), "detail": error.strerror or str(error)},
        )
    )
