"""Open a database and hold its transactions: many readers, one writer at a time, on SQLite and PostgreSQL alike.

One writer at a time means that what a step reads before it writes is still true when it writes, so no step needs
retries or row locks of its own. On SQLite it is a file lock and ``BEGIN IMMEDIATE``, on PostgreSQL an advisory lock.
"""

import os
import sqlite3
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.dialects import registry
from sqlalchemy.exc import ArgumentError, DisconnectionError
from sqlalchemy.orm import Session as Session  # those who hold one for a step say its type with this name
from sqlalchemy.pool import ConnectionPoolEntry

from survey.messages import N_, BadInput, Message
from survey.store.failures import as_failures
from survey.store.locking import not_nested, write_lock

if TYPE_CHECKING:
    import psycopg

#: PostgreSQL's advisory lock that one writer at a time holds: any number, the same for every process.
ADVISORY_LOCK = 7_305_807_461
WAIT_SECONDS = 30.0

registry.register("sqlite.survey", "survey.store.sqlite_dialect", "SurveyDialect")


class Purpose(StrEnum):
    """What a transaction is for, decided before it begins. Unsaid: reading."""

    READING = "reading"
    WRITING = "writing"
    MIGRATING = "migrating"  # writing, foreign keys checked at the end: SQLite rebuilds tables to change them


@dataclass(frozen=True, kw_only=True)
class Database:
    """``path`` is the SQLite file, ``None`` on PostgreSQL."""

    url: URL
    path: Path | None
    engines: Mapping[Purpose, Engine]
    wait_seconds: float

    @property
    def engine(self) -> Engine:
        """A plain connection of it only reads."""
        return self.engines[Purpose.READING]

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that sees one moment of the database and cannot write."""
        # Closing ends it: there is nothing to commit, and a commit takes longer.
        with as_failures(), Session(self.engines[Purpose.READING], expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A session that alone writes: commits at the end, rolls back when an exception leaves the block.

        Raises :class:`~survey.messages.Failure` for what the disk, the server or a waiting lock did; nothing is
        stored then. Not to be nested in one thread.
        """
        engine = self.engines[Purpose.WRITING]
        with as_failures(), self.write_lock(), Session(engine, expire_on_commit=False) as session, session.begin():
            session.connection()  # take the place before anything is read
            yield session

    @contextmanager
    def migrating(self) -> Iterator[Connection]:
        """One transaction for migrations; the caller holds :meth:`write_lock`."""
        with as_failures(), self.engines[Purpose.MIGRATING].begin() as connection:
            yield connection
            if self.path and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").first()):
                raise RuntimeError(f"a foreign key broke: {tuple(broken)}")

    @contextmanager
    def write_lock(self) -> Iterator[None]:
        """On SQLite the file lock; on PostgreSQL each writing transaction takes the advisory lock itself."""
        lock = write_lock(self.path, self.wait_seconds) if self.path else nullcontext()
        with not_nested(self._address), lock:
            yield

    def close(self) -> None:
        """Give back all connections; the database can be used again after it."""
        for engine in self.engines.values():
            engine.dispose()

    @cached_property
    def _address(self) -> str:
        return self.url.render_as_string()


def open_database(url: str, *, wait_seconds: float = WAIT_SECONDS) -> Database:
    """The database at ``sqlite:///path`` or ``postgresql://…``; nothing is read or created yet.

    ``wait_seconds`` is how long a writer waits for another. Raises :class:`~survey.messages.BadInput` for an
    address that is neither.
    """
    parsed = _parse(url)
    path = Path(str(parsed.database)).absolute() if parsed.get_backend_name() == "sqlite" else None
    engines = _sqlite_engines(path) if path else _postgresql_engines(parsed, wait_seconds)
    _engines.update(engines.values())
    return Database(url=parsed, path=path, engines=engines, wait_seconds=wait_seconds)


def _parse(url: str) -> URL:
    try:
        parsed = make_url(url)
    except ArgumentError:
        parsed = None
    if parsed is not None and parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    file = parsed.database if parsed is not None and parsed.drivername == "sqlite" else None
    if parsed is None or not file or file == ":memory:" or file.startswith("file:"):
        shown = parsed.render_as_string() if parsed is not None else Message(N_("（无法解析的文字）"))
        raise BadInput(
            Message(
                N_("数据库地址 SURVEY_DATABASE_URL 是 {got}，预期是 sqlite:///文件路径 或 postgresql://…"),
                {"got": shown},
            )
        )
    return parsed


def connect_sqlite(path: Path, *, mode: str = "rw") -> sqlite3.Connection:
    """A plain connection without transactions of its own; unlike sqlite3's default it never creates the file."""
    return sqlite3.connect(
        f"file:{quote(str(path))}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=WAIT_SECONDS,
    )


def _sqlite_engines(path: Path) -> Mapping[Purpose, Engine]:
    """Each purpose has connections of its own: to change a connection's settings for every transaction would have
    SQLite prepare all its statements again."""
    return {purpose: _sqlite_engine(path, purpose) for purpose in Purpose}


def _sqlite_engine(path: Path, purpose: Purpose) -> Engine:
    def connect() -> sqlite3.Connection:
        connection = connect_sqlite(path)
        if connection.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
            connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        # Without it INSERT OR REPLACE deletes a row behind the back of the append-only triggers.
        connection.execute("PRAGMA recursive_triggers = ON")
        # What is deleted when a wave is closed is overwritten; not every build of SQLite does it unasked.
        connection.execute("PRAGMA secure_delete = ON")
        connection.execute("PRAGMA cache_size = -16384")
        connection.execute(f"PRAGMA foreign_keys = {'OFF' if purpose is Purpose.MIGRATING else 'ON'}")
        connection.execute(f"PRAGMA query_only = {'ON' if purpose is Purpose.READING else 'OFF'}")
        return connection

    beginning = "BEGIN" if purpose is Purpose.READING else "BEGIN IMMEDIATE"
    engine = create_engine("sqlite+survey:///file", creator=connect, hide_parameters=True, beginning=beginning)
    name = str(path)

    @event.listens_for(engine, "connect")
    def remember_file(_: object, record: ConnectionPoolEntry) -> None:
        record.info["inode"] = path.stat().st_ino

    @event.listens_for(engine, "checkout")
    def refuse_replaced_file(_: object, record: ConnectionPoolEntry, __: object) -> None:
        # A damaged database is restored by putting another file in its place: connect to that one.
        try:
            same = os.stat(name).st_ino == record.info["inode"]  # noqa: PTH116 - for every transaction
        except OSError:
            same = False
        if not same:
            raise DisconnectionError(f"{path} is another file now")

    return engine


def _postgresql_engines(url: URL, wait_seconds: float) -> Mapping[Purpose, Engine]:
    """One pool for all: a connection is a process of the server."""
    engine = _postgresql_engine(url, wait_seconds)
    return {purpose: engine.execution_options(survey_purpose=purpose) for purpose in Purpose}


def _postgresql_engine(url: URL, wait_seconds: float) -> Engine:
    from psycopg import IsolationLevel  # the driver is 10 MB that SQLite does not need

    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    # Two statements in one round trip; the first holds for the second already.
    take_place = (
        f"SET LOCAL lock_timeout = '{round(wait_seconds * 1000)}ms'; SELECT pg_advisory_xact_lock({ADVISORY_LOCK})"
    )

    @event.listens_for(engine, "handle_error")
    def keep_first_line(context: ExceptionContext) -> None:
        # The server's further lines quote the row.
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args:
                error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        purpose = connection.get_execution_options().get("survey_purpose", Purpose.READING)
        reading = purpose is Purpose.READING
        # Straight to the driver: it is done for every transaction and is no statement of a caller.
        driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
        if driver.read_only is not reading:  # psycopg sends it with the BEGIN of each transaction from here on
            driver.isolation_level = IsolationLevel.REPEATABLE_READ if reading else None
            driver.read_only = reading
        if not reading:
            driver.execute(take_place)

    return engine


#: A forked process must not speak through its parent's connections.
_engines: "weakref.WeakSet[Engine]" = weakref.WeakSet()


def _forget_connections() -> None:
    for engine in list(_engines):
        engine.dispose(close=False)


os.register_at_fork(after_in_child=_forget_connections)
