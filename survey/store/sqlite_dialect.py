"""SQLAlchemy's SQLite whose transactions begin by a statement of ours, known to it as ``sqlite+survey``.

A listener for an engine's ``begin`` does the same; but an engine that has a listener for anything goes through its
lists of listeners at every statement, which takes as long as SQLite's answer.
"""

import sqlite3
from typing import Any, cast

from sqlalchemy import PoolProxiedConnection
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite


class SurveyDialect(SQLiteDialect_pysqlite):
    """``beginning``: the statement, an argument of :func:`sqlalchemy.create_engine`. Every transaction begins by it,
    a reading one too, so that it sees one moment of the database."""

    supports_statement_cache = True

    def __init__(self, beginning: str = "BEGIN", **more: Any) -> None:
        super().__init__(**more)
        self._beginning = beginning

    def do_begin(self, dbapi_connection: PoolProxiedConnection) -> None:
        # Straight to the driver: it is no statement of a caller.
        cast("sqlite3.Connection", dbapi_connection.driver_connection).execute(self._beginning)
