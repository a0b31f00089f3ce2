"""A PostgreSQL database that test after test gets empty: to make one for each takes longer than most tests."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, LiteralString

import psycopg
from psycopg import sql

from tests.postgresql import PostgresqlServer

_numbers = count(1)

OTHERS = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()"
USED = """
SELECT relname FROM pg_class
WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 0 ORDER BY 1
"""
#: Nothing else may have changed: each part is one catalogue, in which every change of a row gives it another xmin.
#: Tables themselves may lie in other files (a rewritten one does).
STRUCTURE = """
WITH tables AS (SELECT * FROM pg_class WHERE relnamespace = 'public'::regnamespace)
SELECT
  (SELECT md5(string_agg(concat_ws(' ', oid, relname, relkind, relhastriggers, relrowsecurity, relacl, reloptions), ';'
    ORDER BY oid)) FROM tables),
  (SELECT ROW(count(*), sum(a.xmin::text::bigint))::text FROM pg_attribute a JOIN tables t ON t.oid = attrelid),
  (SELECT ROW(count(*), sum(xmin::text::bigint))::text FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
  (SELECT ROW(count(*), sum(xmin::text::bigint))::text FROM pg_trigger),
  (SELECT ROW(count(*), sum(xmin::text::bigint))::text FROM pg_attrdef),
  (SELECT ROW(count(*), sum(xmin::text::bigint))::text FROM pg_type WHERE typnamespace = 'public'::regnamespace),
  (SELECT ROW(count(*), sum(xmin::text::bigint))::text FROM pg_proc WHERE oid >= 16384),
  (SELECT md5(string_agg(concat_ws(' ', indexrelid, indrelid, indkey, indisunique, indisvalid), ';'
    ORDER BY indexrelid)) FROM pg_index WHERE indexrelid >= 16384),
  (SELECT ROW(count(*), sum(xmin::text::bigint))::text FROM pg_namespace WHERE nspname !~ '^pg_t'),
  (SELECT ROW(count(*), sum(xmin::text::bigint))::text FROM pg_extension),
  (SELECT ROW(count(*), sum(xmin::text::bigint))::text FROM pg_sequence),
  (SELECT ROW(count(*), sum(xmin::text::bigint))::text FROM pg_database WHERE datname = current_database()),
  (SELECT count(*) FROM pg_event_trigger) + (SELECT count(*) FROM pg_db_role_setting)
    + (SELECT count(*) FROM pg_largeobject_metadata)
"""
#: Grows with every transaction that stored something, and with those in other databases of the server.
MOMENT = "SELECT pg_snapshot_xmax(pg_current_snapshot())::text"
NUMBERS = "SELECT sequencename, last_value FROM pg_sequences WHERE last_value IS NOT NULL"
RESTART = """
SELECT setval(format('%I', sequencename)::regclass, start_value, false) FROM pg_sequences WHERE last_value IS NOT NULL
"""


@dataclass(frozen=True, kw_only=True)
class Stored:
    """What a database holds besides the template's: rows of each table as PostgreSQL copies them, and numbers given."""

    rows: Mapping[str, bytes]
    numbers: Mapping[str, int]


class UsedAgain:
    """Copies of the database ``template`` on ``server``, one at a time: the same one as long as its tables stay."""

    def __init__(self, server: PostgresqlServer, template: str) -> None:
        self.server, self.template = server, template
        self.name = ""
        self.connection: psycopg.Connection[Any] | None = None

    @contextmanager
    def empty(self) -> Iterator[str]:
        """The name of one with nothing in it but what the template has."""
        if not self.name:
            self._make()
        try:
            yield self.name
        finally:
            if not self._emptied():
                self.remove()

    def remove(self) -> None:
        if self.connection:
            self.connection.close()
        if self.name:
            self.server.run(f"DROP DATABASE IF EXISTS {self.name} WITH (FORCE)")
        self.connection, self.name = None, ""

    def _make(self) -> None:
        self.name = f"survey_again_{next(_numbers)}"
        self.server.run(f"CREATE DATABASE {self.name} TEMPLATE {self.template}")
        self.connection = psycopg.connect(self.server.url(self.name), autocommit=True)
        self.connection.execute("SET session_replication_role = replica")  # what may only grow is emptied too
        self.structure, self.kept = self._ask(STRUCTURE), self._rows()

    def _emptied(self) -> bool:
        """Whether it is as it was made; what tests stored is gone."""
        connection = self.connection
        assert connection
        try:
            connection.execute(OTHERS, [self.name])
            if self._ask(STRUCTURE) != self.structure:
                return False
            self._empty()
            return self._rows() == self.kept
        except psycopg.Error:
            return False

    def moment(self) -> str:
        """Nothing was stored since it was the same."""
        ((found,),) = self._ask(MOMENT)
        return str(found)

    def take(self) -> Stored:
        assert self.connection
        rows = {}
        for name in self._used():
            copying = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(name))
            with self.connection.cursor() as cursor, cursor.copy(copying) as copy:
                rows[name] = b"".join(map(bytes, copy))
        return Stored(rows=rows, numbers=dict(self._ask(NUMBERS)))

    def put(self, stored: Stored) -> None:
        """In place of what is there."""
        assert self.connection
        self._empty()
        with self.connection.transaction(), self.connection.cursor() as cursor:
            for name, rows in stored.rows.items():
                copying = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(name))
                with cursor.copy(copying) as copy:
                    copy.write(rows)
            for name, number in stored.numbers.items():
                cursor.execute("SELECT setval(%s::text::regclass, %s)", [f'"{name}"', number])

    def _empty(self) -> None:
        assert self.connection
        used = [sql.Identifier(name) for name in self._used()]
        if used:
            self.connection.execute(sql.SQL(";").join(sql.SQL("DELETE FROM {}").format(name) for name in used))
            self.connection.execute(sql.SQL("VACUUM {}").format(sql.SQL(",").join(used)))
        self.connection.execute(RESTART)

    def _used(self) -> list[str]:
        return [name for (name,) in self._ask(USED) if name not in self.kept]

    def _ask(self, query: LiteralString) -> list[tuple[Any, ...]]:
        assert self.connection
        return self.connection.execute(query).fetchall()

    def _rows(self) -> dict[str, list[tuple[Any, ...]]]:
        """What is in the tables that are not empty."""
        assert self.connection
        names = [name for (name,) in self._ask(USED)]
        tables = [(name, sql.SQL("TABLE {}").format(sql.Identifier(name))) for name in names]
        return {name: self.connection.execute(table).fetchall() for name, table in tables}
