"""/healthz tells a machine whether the site can work."""

from flask import Flask
from sqlalchemy import text

from survey.store.database import Database
from tests.survey.pages.page_client import PageClient


def test_a_working_site(client: PageClient) -> None:
    response = client.get("/healthz")
    assert response.status_code == 200
    assert response.json == {"status": "ok", "database": "ok", "migrations": "current"}
    assert "Set-Cookie" not in response.headers


def test_pending_migrations(client: PageClient, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        session.execute(text("UPDATE alembic_version SET version_num = 'older'"))
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json == {"status": "bad", "database": "ok", "migrations": "pending"}
    assert response.headers["Cache-Control"] == "no-store"


def test_a_database_that_is_no_database(app: Flask, client: PageClient, sqlite_database: Database) -> None:
    sqlite_database.close()
    assert sqlite_database.path is not None
    for file in sqlite_database.path.parent.iterdir():
        file.write_bytes(b"not a database at all" * 100)
    response = client.get("/healthz")
    assert response.status_code == 503
    assert response.json == {"status": "bad", "database": "unreachable", "migrations": "unknown"}
