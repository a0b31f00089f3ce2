"""One row in one statement, also where it may be there already: no savepoint, no question before."""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import CursorResult, Executable, Table, TextClause, bindparam, text
from sqlalchemy.orm import Session


def rows_changed(session: Session, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
    """How many rows an ``INSERT``, ``UPDATE`` or ``DELETE`` touched; the session's own type does not tell."""
    return cast("CursorResult[Any]", session.execute(statement, values)).rowcount


def insert_if_new(table: Table) -> TextClause:
    """``INSERT`` of one row with a parameter per column; a row with the same key stays, and ``rowcount`` is 0 then.

    As text, because SQLAlchemy has this clause for each database apart, while both write it alike.
    """
    names = [column.name for column in table.columns]
    statement = text(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)}) "  # noqa: S608 - our own table
        "ON CONFLICT DO NOTHING"
    )
    typed = statement.bindparams(*(bindparam(column.name, type_=column.type) for column in table.columns))
    return typed.execution_options(preserve_rowcount=True)


def save_row(table: Table, *, key: str, same: tuple[str, ...], change: tuple[str, ...]) -> TextClause:
    """As :func:`insert_if_new`, but a row with the same ``key`` gets the new values of ``change`` where its values
    of ``same`` are the given ones; ``rowcount`` is 0 where they are not.
    """
    insert = insert_if_new(table).text.removesuffix("ON CONFLICT DO NOTHING")
    changes = ", ".join(f"{name} = excluded.{name}" for name in change)
    held = " AND ".join(f"{table.name}.{name} = excluded.{name}" for name in same)
    statement = text(f"{insert}ON CONFLICT ({key}) DO UPDATE SET {changes} WHERE {held}")
    typed = statement.bindparams(*(bindparam(column.name, type_=column.type) for column in table.columns))
    return typed.execution_options(preserve_rowcount=True)
