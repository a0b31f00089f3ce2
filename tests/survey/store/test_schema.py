import subprocess
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from survey.messages import Failure
from survey.store import schema
from survey.store.database import open_database

ROOT = Path(__file__).parents[3]


def test_the_migrated_schema_is_the_one_the_code_describes(database):
    with database.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, schema.METADATA) == []


def test_the_checks_and_keys_are_those_the_code_describes(new_database_url):
    """Autogenerate does not compare CHECK constraints or names: compare with what the code itself would create."""
    migrated, by_code = open_database(new_database_url()), open_database(new_database_url())
    schema.migrate(migrated)
    schema.create_file(by_code)
    with by_code.migrating() as connection:
        schema.METADATA.create_all(connection)
    assert _constraints(migrated) == _constraints(by_code)
    migrated.close()
    by_code.close()


def _constraints(database):
    with database.engine.connect() as connection:
        look = inspect(connection)
        return {
            table: (
                sorted((check["name"], check["sqltext"]) for check in look.get_check_constraints(table)),
                sorted((key["name"], key["referred_table"]) for key in look.get_foreign_keys(table)),
                sorted(index["name"] for index in look.get_indexes(table)),
                sorted(unique["name"] for unique in look.get_unique_constraints(table)),
                look.get_pk_constraint(table)["name"],
            )
            for table in look.get_table_names()
            if table != "alembic_version"
        }


def test_each_foreign_key_has_an_index(database):
    with database.engine.connect() as connection:
        look = inspect(connection)
        for table in look.get_table_names():
            starts = [index["column_names"] for index in look.get_indexes(table)]
            starts += [unique["column_names"] for unique in look.get_unique_constraints(table)]
            starts.append(look.get_pk_constraint(table)["constrained_columns"])
            for key in look.get_foreign_keys(table):
                columns = key["constrained_columns"]
                assert any(start[: len(columns)] == columns for start in starts), (table, columns)


def test_from_nothing_to_current(new_database_url):
    database = open_database(new_database_url())
    assert schema.revision(database) is None
    assert schema.pending(database)
    with pytest.raises(Failure, match="survey init"):
        schema.require_current(database)
    schema.migrate(database)
    assert schema.revision(database) == schema.newest_revision()
    assert not schema.pending(database)
    schema.require_current(database)
    schema.migrate(database)  # again: nothing to do
    database.close()


def test_the_revisions_read_from_the_files_are_those_alembic_finds():
    config = Config()
    config.set_main_option("script_location", str(schema.MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)
    assert schema.newest_revision() == scripts.get_current_head()
    assert schema.known_revisions() == {script.revision for script in scripts.walk_revisions()}


def test_an_older_or_unknown_revision_is_refused(database, monkeypatch):
    newest = schema.newest_revision()
    monkeypatch.setattr(schema, "newest_revision", lambda: "0099")
    assert schema.pending(database)
    with pytest.raises(Failure, match=rf"{newest}.*0099.*survey upgrade"):
        schema.require_current(database)


def test_the_database_of_a_newer_program_is_refused_untouched(database):
    with database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert schema.pending(database)
    for attempt in (schema.require_current, schema.migrate):
        with pytest.raises(Failure, match="9999"):
            attempt(database)
    assert schema.revision(database) == "9999"


def test_a_migration_that_breaks_leaves_nothing(new_database_url):
    database = open_database(new_database_url())
    schema.create_file(database)
    with database.migrating() as connection:  # stands in the way of the last table
        connection.execute(text("CREATE TABLE report_files (x INTEGER)"))
    with pytest.raises(Exception, match="report_files"):
        schema.migrate(database)
    with database.engine.connect() as connection:
        assert inspect(connection).get_table_names() == ["report_files"]
    database.close()


@pytest.mark.slow
def test_two_processes_may_migrate_at_once(new_database_url):
    url = new_database_url()
    script = (
        "import sys; from survey.store.schema import migrate; from survey.store.database import open_database; "
        "migrate(open_database(sys.argv[1]))"
    )
    running = [
        subprocess.Popen([sys.executable, "-c", script, url], cwd=ROOT, stderr=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = [process.communicate(timeout=60)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], said
    database = open_database(url)
    assert not schema.pending(database)
    database.close()


def test_the_file_is_private_and_its_folder_is_made(tmp_path):
    database = open_database(f"sqlite:///{tmp_path / 'a' / 'b' / 'survey.sqlite3'}")
    schema.migrate(database)
    assert [path.stat().st_mode & 0o077 for path in database.path.parent.iterdir()] == [0] * len(
        list(database.path.parent.iterdir())
    )


def test_a_folder_that_cannot_be_made_is_a_failure(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Failure, match="文件夹"):
        schema.migrate(open_database(f"sqlite:///{tmp_path / 'file' / 'survey.sqlite3'}"))


def test_an_answer_is_never_without_its_key(database):
    with database.engine.connect() as connection:
        look = inspect(connection)
        key = next(column for column in look.get_columns("responses") if column["name"] == "uuid")
        assert (key["nullable"], look.get_pk_constraint("responses")["constrained_columns"]) == (False, ["uuid"])
