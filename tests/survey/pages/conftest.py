"""The running site for page tests: real database, real forms, a client that inspects what it fetches."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from survey.config import Config
from survey.roles import Role
from survey.store.accounts import find_account
from survey.store.database import Database
from tests.survey.pages import example
from tests.survey.pages.page_client import PageClient
from tests.survey.pages.shared_site import serve

SignIn = Callable[[Role], PageClient]


@pytest.fixture
def queue() -> list[int]:
    """The ids of the reports whose building was asked for."""
    return []


@pytest.fixture
def config(tmp_path: Path, sqlite_database: Database) -> Config:
    return Config(
        database_url=sqlite_database.url.render_as_string(),
        secret_key="a secret of these tests",
        admin_password=None,
        instance=tmp_path,
        keys=tmp_path / "keys",
    )


@pytest.fixture
def app(config: Config, sqlite_database: Database, queue: list[int]) -> Flask:
    return serve(config, sqlite_database, queue.append, PageClient)


@pytest.fixture
def client(app: Flask) -> PageClient:
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made


@pytest.fixture
def world(sqlite_database: Database) -> example.World:
    return example.fill(sqlite_database)


@pytest.fixture
def signed_in(app: Flask, sqlite_database: Database) -> SignIn:
    """A new browser in which somebody of that role has signed in; needs accounts in the database."""

    def sign_in(role: Role) -> PageClient:
        browser = app.test_client()
        assert isinstance(browser, PageClient)
        with sqlite_database.reading() as session:
            found = find_account(session, example.NAMES[role])
        assert found is not None
        browser.be(found[0])
        return browser

    return sign_in
