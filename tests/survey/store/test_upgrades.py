"""A filled database of the first revision is brought up to date and loses nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from sqlalchemy import MetaData, inspect, select, text
from sqlalchemy.exc import DBAPIError

from analysis.publication import Reason, Subset
from survey.messages import Conflict
from survey.roles import Role, Scope
from survey.store import schema
from survey.store.accounts import add_account, find_account, list_accounts
from survey.store.areas import list_frames
from survey.store.database import Database, open_database
from survey.store.draws import list_draws
from survey.store.estimates import get_run, load_estimates
from survey.store.responses import count_responses
from survey.waves import Mode

AT = "2026-03-01 08:30:00.000000"

#: Table -> rows as revision 0001 had them, each table after those it refers to; ids are 1, 2, … in turn.
FIRST: dict[str, list[dict[str, object]]] = {
    "accounts": [
        {"name": "王", "password_hash": "h1", "role": "administrator", "active": True, "session_version": 5},
        {"name": "李", "password_hash": "h2", "role": "official", "active": False, "session_version": 0},
    ],
    "sign_in_attempts": [{"name_key": "n", "address_key": "a", "at": AT, "succeeded": False}],
    "frames": [{"digest": "f" * 64}, {"digest": "e" * 64}],
    "areas": [
        {"frame_id": 1, "code": "1", "position": 0, "name": "城", "level": "city", "parent": None, "population": 9},
        {"frame_id": 1, "code": "2", "position": 1, "name": "东", "level": "community", "parent": "1"},
    ],
    "instruments": [{"slug": "s", "version": "1", "fingerprint": "a", "document": "{}", "added_at": AT}],
    "waves": [{"name": "一", "state": "closed", "instrument_id": 1, "frame_id": 1, "details": "{}", "opened_at": AT}],
    "wave_events": [{"wave_id": 1, "to_state": "draft", "at": AT, "changed_by": "王"}],
    "responses": [
        {
            "uuid": "6f1c5b0e8a5b4b0f9a3d2c1b0a998877",
            "wave_id": 1,
            "area": "2",
            "mode": "imported",
            "day": "2026-02-27",
            "completeness": "complete",
            "digest": "d" * 64,
            "answers": '{"q":1}',
        }
    ],
    "estimate_runs": [
        {
            "wave_id": 1,
            "by_level": "community",
            "instrument_fingerprint": "a",
            "frame_digest": "f",
            "answers_digest": "d",
            "responses": 1,
            "mode_counts": '{"imported":1}',
            "design": "assumed-srs",
            "level": 0.95,
            "seed": "s",
            "code_version": "0",
            "at": AT,
            "estimated_by": "王",
        }
    ],
    "estimates": [
        {
            "run_id": 1,
            "position": 0,
            "indicator": "i",
            "area": "2",
            "base": "asked",
            "subset": "not_coached",
            "published": True,
            "n": 12,
            "proportion": 0.1 + 0.2,
            "level": 0.95,
            "pooled": True,
        },
        {
            "run_id": 1,
            "position": 1,
            "indicator": "i",
            "base": "valid",
            "subset": "all",
            "published": False,
            "level": 0.95,
            "reason": "nobody_in_base",
        },
    ],
}


@pytest.fixture
def first_database(new_database_url) -> Iterator[Database]:
    database = open_database(new_database_url())
    schema.create_file(database)
    with database.write_lock(), database.migrating() as connection:
        schema.run_migrations(connection, "0001")
        for name, rows in FIRST.items():
            made = {"created_at": AT} if name in ("accounts", "frames") else {}
            for row in [row | made for row in rows]:
                places = ", ".join(f":{column}" for column in row)
                connection.execute(text(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({places})"), row)  # noqa: S608
    yield database
    database.close()


def _columns(database):
    with database.engine.connect() as connection:
        look = inspect(connection)
        return {table: sorted(each["name"] for each in look.get_columns(table)) for table in look.get_table_names()}


def _rows(database, columns):
    """Of each table the named columns of every row."""
    with database.engine.connect() as connection:
        tables = MetaData()
        tables.reflect(connection)
        return {
            name: sorted(
                str(tuple(row))
                for row in connection.execute(select(*(tables.tables[name].columns[each] for each in wanted)))
            )
            for name, wanted in columns.items()
            if name != "alembic_version"
        }


def test_every_row_of_the_first_tables_is_kept(first_database):
    columns = _columns(first_database)
    before = _rows(first_database, columns)
    assert {name: len(before[name]) for name in FIRST} == {name: len(rows) for name, rows in FIRST.items()}
    schema.migrate(first_database)
    assert _rows(first_database, columns) == before
    schema.require_current(first_database)


def test_the_accounts_of_before_go_on_as_they_were(first_database):
    schema.migrate(first_database)
    with first_database.reading() as session:
        account, password_hash = find_account(session, "王")
        assert (account.id, password_hash, account.session_version) == (1, "h1", 5)
        assert (account.role, account.scope, account.ties) == (Role.ADMINISTRATOR, Scope(), frozenset())
        assert (account.full_name, account.canvasser_type, account.activated) == ("", None, True)
        assert [(other.name, other.active) for other in list_accounts(session, Role.OFFICIAL)] == [("李", False)]


@pytest.mark.slow
def test_the_frames_and_answers_of_before_are_read(first_database):
    schema.migrate(first_database)
    with first_database.reading() as session:
        frames = list_frames(session)
        assert [(frame.id, len(frame.areas), frame.kind, frame.unit_count) for frame in frames] == [
            (1, 2, None, 0),
            (2, 0, None, 0),
        ]
        assert (count_responses(session, 1), list_draws(session, 1)) == (1, ())


@pytest.mark.slow
def test_the_runs_and_estimates_of_before_are_read(first_database):
    schema.migrate(first_database)
    with first_database.reading() as session:
        run = get_run(session, 1)
        assert (run.design, run.sample, run.open_responses, run.mode_counts) == (
            "assumed-srs",
            None,
            0,
            {Mode.IMPORTED: 1},
        )
        first, second = load_estimates(session, 1)
        assert (first.proportion, first.pooled, first.subset) == (0.1 + 0.2, True, Subset.NOT_COACHED)
        assert (second.published, second.reason) == (False, Reason.NOBODY_ASKED)


@pytest.mark.slow
def test_new_roles_and_new_rows_fit_after_the_upgrade(first_database):
    schema.migrate(first_database)
    with first_database.writing() as session:
        for role in Role:
            add_account(session, name=role, password_hash=None, role=role, at=datetime(2026, 3, 2, tzinfo=UTC))
    with first_database.reading() as session:
        assert [account.role for account in list_accounts(session) if account.name == account.role] == sorted(Role)


REFUSED = (
    "UPDATE wave_events SET changed_by = 'x'",
    "DELETE FROM frames",
    "UPDATE accounts SET name = '王'",
    "UPDATE accounts SET role = 'king'",
    "UPDATE areas SET frame_id = 77",
    "UPDATE estimate_runs SET seed = 'x'",
    "DELETE FROM estimates",
    "INSERT INTO estimates (run_id, position, indicator, base, subset, published, level) "
    "VALUES (1, 9, 'i', 'asked', 'some', false, 0.95)",
    "INSERT INTO estimates (run_id, position, indicator, base, subset, published, level, n) "
    "VALUES (1, 9, 'i', 'asked', 'all', false, 0.95, 3)",
)


def test_what_was_refused_before_is_refused_after(first_database):
    schema.migrate(first_database)
    taken = []
    for change in REFUSED:
        try:
            with first_database.writing() as session:
                session.execute(text(change))
        except DBAPIError:
            continue
        taken.append(change)
    assert taken == []


@pytest.mark.slow
def test_names_that_look_alike_stay_but_get_no_third(first_database):
    with first_database.write_lock(), first_database.migrating() as connection:
        for name in ("Li", "ｌi"):
            connection.execute(
                text(
                    "INSERT INTO accounts (name, password_hash, role, active, session_version, created_at) "
                    "VALUES (:name, 'h', 'official', true, 0, :at)"
                ),
                {"name": name, "at": AT},
            )
    schema.migrate(first_database)
    with first_database.writing() as session:
        assert {"Li", "ｌi"} <= {account.name for account in list_accounts(session)}
        with pytest.raises(Conflict, match="只差大小写"):
            add_account(session, name="lI", password_hash=None, role=Role.OFFICIAL, at=datetime(2026, 3, 2, tzinfo=UTC))
