"""How many statements the store sends for what it is asked."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from survey.store.database import Database


@contextmanager
def statements(database: Database) -> Iterator[list[str]]:
    """The statements sent inside the block, as SQLAlchemy's own hooks see them."""
    seen: list[str] = []

    def remember(_: Any, __: Any, statement: str, *___: Any) -> None:
        seen.append(statement)

    for engine in database.engines.values():
        event.listen(engine, "before_cursor_execute", remember)
    try:
        yield seen
    finally:
        for engine in database.engines.values():
            event.remove(engine, "before_cursor_execute", remember)
