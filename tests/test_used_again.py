"""The database that tests use one after the other is the same as a new one."""

from collections.abc import Iterator

import psycopg
import pytest

from tests.postgresql import PostgresqlServer
from tests.used_again import UsedAgain

pytestmark = [pytest.mark.postgresql]

TABLES = """
CREATE TABLE places (id serial PRIMARY KEY, name text NOT NULL);
CREATE TABLE homes (id serial PRIMARY KEY, place integer REFERENCES places, stored timestamp DEFAULT now());
CREATE TABLE settings (name text);
INSERT INTO settings VALUES ('as it was');
CREATE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'append-only'; END $$;
CREATE TRIGGER stays BEFORE DELETE OR TRUNCATE ON homes FOR EACH STATEMENT EXECUTE FUNCTION stays();
"""


@pytest.fixture(scope="module")
def again(postgresql_server: PostgresqlServer) -> Iterator[UsedAgain]:
    postgresql_server.run("CREATE DATABASE of_this_module")
    with psycopg.connect(postgresql_server.url("of_this_module"), autocommit=True) as connection:
        connection.execute(TABLES)
    found = UsedAgain(postgresql_server, "of_this_module")
    yield found
    found.remove()
    postgresql_server.run("DROP DATABASE of_this_module")


def _use(again: UsedAgain, *statements: str) -> str:
    with again.empty() as name, psycopg.connect(again.server.url(name), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement.encode())
    return name


def _new_one_finds(again: UsedAgain) -> tuple[str, list[object]]:
    looks = (
        "INSERT INTO places (name) VALUES ('x') RETURNING id, ctid::text",
        "INSERT INTO homes (place) VALUES (1) RETURNING id, ctid::text",
        "SELECT name FROM settings",
        "SELECT count(*) FROM homes",
    )
    with again.empty() as name, psycopg.connect(again.server.url(name), autocommit=True) as connection:
        return name, [connection.execute(look.encode()).fetchall() for look in looks]


NEW = [[(1, "(0,1)")], [(1, "(0,1)")], [("as it was",)], [(1,)]]


@pytest.mark.parametrize(
    "statements",
    [
        (),
        ("INSERT INTO places (name) VALUES ('a'), ('b')", "INSERT INTO homes (place) VALUES (1), (2)"),
        ("BEGIN", "INSERT INTO places (name) VALUES ('a')", "ROLLBACK"),
        ("SELECT nextval('homes_id_seq')",),
        ("INSERT INTO places (name) VALUES ('a')", "CLUSTER places USING places_pkey"),
        ("INSERT INTO places (name) SELECT repeat('长', 3000) FROM generate_series(1, 300)", "ANALYZE"),
    ],
)
def test_what_was_stored_is_gone_from_the_same_one(again: UsedAgain, statements: tuple[str, ...]) -> None:
    used = _use(again, *statements)
    assert _new_one_finds(again) == (used, NEW)


@pytest.mark.parametrize(
    "statements",
    [
        ("DROP TABLE homes",),
        ("DROP SCHEMA public CASCADE", "CREATE SCHEMA public"),
        ("CREATE TABLE more (id integer)",),
        ("CREATE SCHEMA other",),
        ("ALTER TABLE places ADD COLUMN more text",),
        ("ALTER TABLE places ALTER COLUMN name DROP NOT NULL",),
        ("ALTER TABLE homes DROP CONSTRAINT homes_place_fkey",),
        ("ALTER TABLE homes ALTER COLUMN stored DROP DEFAULT",),
        ("ALTER TABLE homes DISABLE TRIGGER stays",),
        ("CREATE INDEX ON places (name)",),
        ("CREATE OR REPLACE FUNCTION stays() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$",),
        ("ALTER SEQUENCE places_id_seq INCREMENT BY 2",),
        ("UPDATE settings SET name = 'another'",),
        ("DELETE FROM settings",),
        ("GRANT SELECT ON places TO PUBLIC",),
    ],
)
def test_one_whose_tables_changed_is_made_anew(again: UsedAgain, statements: tuple[str, ...]) -> None:
    used = _use(again, *statements)
    name, found = _new_one_finds(again)
    assert (name != used, found) == (True, NEW)


def test_whoever_stays_connected_is_sent_away(again: UsedAgain) -> None:
    with again.empty() as name:
        left = psycopg.connect(again.server.url(name))
        left.execute("INSERT INTO places (name) VALUES ('not yet')")
    with pytest.raises(psycopg.OperationalError):
        left.execute("SELECT 1")
    assert _new_one_finds(again) == (name, NEW)


def test_a_test_that_fails_leaves_nothing(again: UsedAgain) -> None:
    used = _use(again)
    with pytest.raises(psycopg.errors.UndefinedTable):
        _use(again, "INSERT INTO places (name) VALUES ('a')", "TABLE nowhere")
    assert _new_one_finds(again) == (used, NEW)


def test_what_was_taken_is_put_back(again: UsedAgain) -> None:
    look = b"SELECT id, name, place FROM places LEFT JOIN homes USING (id) ORDER BY id"
    with again.empty() as name, psycopg.connect(again.server.url(name), autocommit=True) as connection:
        connection.execute("INSERT INTO places (name) VALUES ('一'), ('b'), ('c')")
        connection.execute("INSERT INTO homes (place) VALUES (2)")
        connection.execute("UPDATE places SET name = 'd' WHERE id = 3")
        before, taken = connection.execute(look).fetchall(), again.take()
    with again.empty() as name, psycopg.connect(again.server.url(name), autocommit=True) as connection:
        connection.execute("INSERT INTO places (name) VALUES ('in its way')")
        again.put(taken)
        assert connection.execute(look).fetchall() == before
        assert connection.execute("INSERT INTO places (name) VALUES ('e') RETURNING id").fetchall() == [(4,)]
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            connection.execute("DELETE FROM places WHERE id = 2")
    assert _new_one_finds(again) == (name, NEW)


def test_a_moment_ends_when_something_is_stored(again: UsedAgain) -> None:
    with again.empty() as name, psycopg.connect(again.server.url(name), autocommit=True) as connection:
        before = again.moment()
        connection.execute("TABLE places")
        assert again.moment() == before
        connection.execute("INSERT INTO places (name) VALUES ('a')")
        assert again.moment() != before
