"""A database of each earlier version, with rows in every table it had, comes up to date and loses none of them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Table, column, insert, inspect, select, table, text

from survey.sampling.sample_designs import canonical, of_equal
from survey.store import schema
from survey.store.backups import restore, upgrade_with_backup
from survey.store.database import Database, open_database
from tests.survey.store.conftest import EAST, WEST

ROOT = Path(__file__).parents[3]
EARLIER = sorted(schema.known_revisions() - {schema.newest_revision()})


#: From the first version and from the last one each day, from those between in the whole run.
SOME = [EARLIER[0], *(pytest.param(between, marks=pytest.mark.slow) for between in EARLIER[1:-1]), *EARLIER[1:][-1:]]


@pytest.fixture(params=SOME)
def earlier(request, sqlite_database, fill, new_database_url) -> Iterator[Database]:
    """The rows of a full database of today, as far as that version had their tables and columns."""
    fill(sqlite_database)
    database = open_database(new_database_url())
    schema.create_file(database)
    with database.write_lock(), database.migrating() as connection:
        schema.run_migrations(connection, request.param)
        if database.path is None:  # as SQLite does while migrating: foreign keys are looked at in the end
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        look = inspect(connection)
        for name in look.get_table_names():
            if name in schema.METADATA.tables:
                columns = [each["name"] for each in look.get_columns(name)]
                copy_rows(sqlite_database, connection, schema.METADATA.tables[name], columns)
    yield database
    database.close()


def copy_rows(source: Database, connection, described: Table, names: list[str]) -> None:
    columns = [each for each in described.columns if each.name in names]
    with source.reading() as session:
        rows = [row._asdict() for row in session.execute(select(*columns))]
    plain = table(described.name, *(column(each.name, each.type) for each in columns))
    assert rows, f"{described.name} has no row to keep"
    connection.execute(insert(plain), rows)
    if connection.dialect.name == "postgresql" and isinstance(rows[0].get("id"), int):
        # Rows that came with their numbers do not tell the sequence.
        highest = max(row["id"] for row in rows)
        connection.execute(
            text("SELECT setval(pg_get_serial_sequence(:table, 'id'), :highest)"),
            {"table": described.name, "highest": highest},
        )


def read_rows(database: Database, columns: dict[str, list[str]]) -> dict[str, list[str]]:
    """Of each table the named columns of every row, as the driver gives them: to ask for their types takes longer."""
    with database.engine.connect() as connection:
        return {
            name: sorted(
                str(tuple(row)) for row in connection.execute(select(*map(column, wanted)).select_from(table(name)))
            )
            for name, wanted in columns.items()
        }


def columns_of(database: Database) -> dict[str, list[str]]:
    with database.engine.connect() as connection:
        look = inspect(connection)
        return {
            name: sorted(each["name"] for each in look.get_columns(name))
            for name in look.get_table_names()
            if name in schema.METADATA.tables
        }


def test_every_row_is_kept_and_the_backup_holds_the_version_before(earlier, tmp_path):
    columns, version = columns_of(earlier), schema.revision(earlier)
    before = read_rows(earlier, columns)
    kept = upgrade_with_backup(earlier, tmp_path / "backups")
    schema.require_current(earlier)
    assert read_rows(earlier, columns) == before
    if "outreach_plans" in columns and "outreach_plan_makings" not in columns:
        known = ["made_at", "made_by", "run_id", "budget_cny"]
        both = read_rows(earlier, {"outreach_plans": known, "outreach_plan_makings": known})
        assert both["outreach_plan_makings"] == both["outreach_plans"], "the last time is known"
    if "draws" in columns and "design" not in columns["draws"]:
        both = read_rows(earlier, {"draws": ["design", "replicates"], "cases": ["area", "stratum", "stages", "psu"]})
        assert both["draws"] == [str((canonical(of_equal(2)), 0))], "so many in every community"
        assert both["cases"] == [str((EAST.code, EAST.code, "2/4", ""))] * 2 + [str((WEST.code, WEST.code, "2/4", ""))]
    if earlier.path is None:
        return  # restoring into the same database needs the same version there: see test_backup_checks
    restore(earlier, kept)
    assert (schema.revision(earlier), read_rows(earlier, columns)) == (version, before)


@pytest.mark.slow
@pytest.mark.parametrize("earlier", EARLIER[:1], indirect=True)
def test_the_verb_does_it(earlier, tmp_path):
    settings = {"SURVEY_DATABASE_URL": earlier.url.render_as_string(), "SURVEY_INSTANCE": str(tmp_path / "instance")}
    command = [sys.executable, "-m", "survey", "upgrade"]
    done = subprocess.run(command, cwd=ROOT, env=settings, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    schema.require_current(earlier)
