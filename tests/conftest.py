"""Databases for tests: real ones, freshly migrated for each test."""

import gc
import linecache
import shutil
import sqlite3
from collections.abc import Callable, Generator, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from _pytest.doctest import DoctestModule
from hypothesis import settings
from sqlalchemy import Engine, create_engine, event

from survey.store.database import Database, open_database
from survey.store.schema import migrate
from tests.postgresql import PostgresqlServer, postgresql_server
from tests.prepared import reads_files, remember_empty, remember_empty_again
from tests.used_again import UsedAgain

__all__ = ["postgresql_server"]

_numbers = count(1)


def pytest_configure(config: pytest.Config) -> None:
    """Laws are checked on the same examples each time (a failure must come back), and never against the clock; on a
    tenth of the examples where the slow tests are left out.
    """
    examples = 10 if "not slow" in config.option.markexpr else 100
    settings.register_profile("repeatable", derandomize=True, deadline=None, max_examples=examples)
    settings.load_profile("repeatable")
    config.pluginmanager.register(_OnlyWhereThereAreDoctests())


class _OnlyWhereThereAreDoctests:
    """To look for doctests in all modules takes a tenth of the collection, in each process."""

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(self, file_path: Path) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        found = yield
        some = b">>>" in file_path.read_bytes()
        return found if some else [one for one in found if not isinstance(one, DoctestModule)]


def pytest_collection_finish() -> None:
    """What is loaded by now stays, and there is memory enough: to look for garbage in it again and again takes a tenth
    of the time of all tests.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
    linecache.clearcache()  # each doctest asks the disk about every file in it


def _never_wait_for_the_disk(connection: sqlite3.Connection, _: object) -> None:
    connection.execute("PRAGMA synchronous = OFF")


@pytest.fixture(scope="session", autouse=True)
def known_statements() -> Iterator[None]:
    """Every database knows the statements sent to others: to put each together again takes a fifth of a test.

    No power fails while tests run: nothing waits for the disk, as on the PostgreSQL server of the tests.
    """
    first: dict[tuple[str, str], Engine] = {}
    statements: dict[Any, Any] = {}  # of all dialects: which one is part of the key

    def create(*arguments: Any, **options: Any) -> Engine:
        engine = create_engine(*arguments, **options)
        kind = engine.name, options.get("beginning", "")  # a dialect of the site's own: what it begins with
        known = first.setdefault(kind, engine)
        if known.dialect.server_version_info is None:  # nobody has connected with that one
            first[kind] = engine
        else:
            engine.dialect = known.dialect
        engine.update_execution_options(compiled_cache=statements)
        if engine.name == "sqlite":
            event.listen(engine, "connect", _never_wait_for_the_disk)
        return engine

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("survey.store.database.create_engine", create)
        yield


@pytest.fixture(scope="session")
def migrated_sqlite_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database to copy, never to open."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    database = open_database(f"sqlite:///{path}")
    migrate(database)
    database.close()
    return path


@pytest.fixture
def sqlite_database(migrated_sqlite_file: Path, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty migrated database in a file of its own: ``instance/survey.sqlite3`` under ``tmp_path``.

    Where a test looks at the file as it lies on the disk, nothing is copied in ready-made: what was overwritten on the
    way would be gone.
    """
    path = tmp_path / "instance" / "survey.sqlite3"
    path.parent.mkdir()
    shutil.copyfile(migrated_sqlite_file, path)
    if not reads_files(request.module):
        remember_empty(path)
    database = open_database(f"sqlite:///{path}")
    yield database
    database.close()


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server: PostgresqlServer) -> str:
    """The name of a migrated database to copy, never to connect to."""
    postgresql_server.run("CREATE DATABASE survey_template")
    database = open_database(postgresql_server.url("survey_template"))
    migrate(database)
    database.close()
    return "survey_template"


@pytest.fixture(scope="session")
def postgresql_used_again(postgresql_server: PostgresqlServer, postgresql_template: str) -> Iterator[UsedAgain]:
    found = UsedAgain(postgresql_server, postgresql_template)
    yield found
    found.remove()


@pytest.fixture
def postgresql_database(
    postgresql_server: PostgresqlServer, postgresql_used_again: UsedAgain, request: pytest.FixtureRequest
) -> Iterator[Database]:
    """An empty migrated database on the session's server. Mark the test ``postgresql``."""
    on_the_disk = reads_files(request.module)
    if on_the_disk:  # in these, what other tests stored may still be found
        postgresql_used_again.remove()
    with postgresql_used_again.empty() as name:
        database = open_database(postgresql_server.url(name))
        if not on_the_disk:
            remember_empty_again(database, postgresql_used_again)
        yield database
        database.close()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def database(request: pytest.FixtureRequest) -> Database:
    """The same test on both databases, each time on an empty migrated one."""
    found: Database = request.getfixturevalue(f"{request.param}_database")
    return found


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def new_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], str]]:
    """Addresses of databases without any table: on SQLite without even a file."""
    made: list[str] = []

    def sqlite() -> str:
        return f"sqlite:///{tmp_path / f'new_{next(_numbers)}' / 'survey.sqlite3'}"

    def postgresql() -> str:
        server: PostgresqlServer = request.getfixturevalue("postgresql_server")
        made.append(f"survey_new_{next(_numbers)}")
        server.run(f"CREATE DATABASE {made[-1]}")
        return server.url(made[-1])

    yield sqlite if request.param == "sqlite" else postgresql
    for name in made:
        request.getfixturevalue("postgresql_server").run(f"DROP DATABASE {name} WITH (FORCE)")
