"""Many rows at once, past SQLAlchemy's work per row: executemany on SQLite, COPY on PostgreSQL."""

import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

if TYPE_CHECKING:
    import psycopg


def broken_constraint() -> tuple[type[Exception], ...]:
    """What :func:`insert_rows` raises for a broken constraint."""
    driver = sys.modules.get("psycopg")
    return (IntegrityError, driver.IntegrityError) if driver else (IntegrityError,)


def insert_rows(session: Session, table: Table, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Insert ``rows``, values as the driver takes them, in the order of ``columns`` (names of the table's own).

    Raises one of :func:`broken_constraint`; the caller holds a savepoint.
    """
    connection = session.connection()
    names = ", ".join(table.columns[name].name for name in columns)
    if connection.dialect.name == "sqlite":
        places = ", ".join("?" for _ in columns)
        statement = f"INSERT INTO {table.name} ({names}) VALUES ({places})"  # noqa: S608 - names of our own tables
        connection.exec_driver_sql(statement, [tuple(row) for row in rows])
        return
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    with driver.cursor() as cursor, cursor.copy(f"COPY {table.name} ({names}) FROM STDIN".encode()) as copy:
        for row in rows:
            copy.write_row(row)


def written_time(session: Session, at: datetime) -> str:
    """An aware time for :func:`insert_rows`, written as :class:`~survey.store.tables.UtcDateTime` would have it."""
    if at.tzinfo is None:
        raise ValueError(f"got the naive time {at}, expected one with a time zone")
    utc = at.astimezone(UTC)
    sqlite = session.get_bind().dialect.name == "sqlite"
    return (utc.replace(tzinfo=None) if sqlite else utc).isoformat(sep=" ", timespec="microseconds")
