"""The application as a whole: it can be made twice, and the server's entry refuses an old database."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from survey.config import ROOT, Config
from survey.factory import create_app
from survey.store.database import Database


def config(database: Database, folder: Path) -> Config:
    return Config(
        database_url=database.url.render_as_string(),
        secret_key="a secret",
        admin_password=None,
        instance=folder,
        keys=folder / "keys",
    )


def test_two_applications_do_not_share_anything(sqlite_database: Database, tmp_path: Path) -> None:
    first, second = (create_app(config(sqlite_database, tmp_path), sqlite_database, print) for _ in range(2))
    assert first.extensions["survey"] is not second.extensions["survey"]
    assert first.test_client().get("/sign-in").status_code == 200
    assert second.test_client().get("/sign-in").status_code == 200


def test_it_runs_from_any_folder(sqlite_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    app = create_app(config(sqlite_database, tmp_path), sqlite_database, print)
    assert app.test_client().get("/sign-in").status_code == 200


def import_wsgi(database: Database, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "SURVEY_DATABASE_URL": database.url.render_as_string(),
        "SURVEY_INSTANCE": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    command = "import survey.wsgi; print(survey.wsgi.app.test_client().get('/healthz').status_code)"
    return subprocess.run(
        [sys.executable, "-c", command], env=environment, cwd=folder, capture_output=True, text=True, timeout=60
    )


@pytest.mark.slow
def test_the_server_starts_on_a_current_database(sqlite_database: Database, tmp_path: Path) -> None:
    done = import_wsgi(sqlite_database, tmp_path)
    assert (done.returncode, done.stdout.strip()) == (0, "200"), done.stderr


@pytest.mark.slow
def test_the_server_refuses_pending_migrations(sqlite_database: Database, tmp_path: Path) -> None:
    with sqlite_database.writing() as session:
        session.execute(text("DELETE FROM alembic_version"))
    done = import_wsgi(sqlite_database, tmp_path)
    assert done.returncode != 0
    assert "survey init" in done.stderr or "survey upgrade" in done.stderr
