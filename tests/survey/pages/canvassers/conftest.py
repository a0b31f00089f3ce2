"""A wave in the field and a browser per canvasser, on either database."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask

from survey.config import Config
from survey.factory import create_app
from survey.keys import KeyRing
from survey.store import accounts
from survey.store.accounts import Account
from survey.store.database import Database
from tests.survey.field import Field, open_field
from tests.survey.pages.example import PASSWORD
from tests.survey.pages.page_client import PageClient

Browser = Callable[[Account], PageClient]


@pytest.fixture
def field(database: Database, tmp_path: Path) -> Field:
    field = open_field(database, KeyRing(folder=tmp_path / "keys"))
    password_hash = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
    with database.writing() as session:
        for account in (field.li, field.zhou):
            accounts.set_password(session, account.id, password_hash)
    return field


@pytest.fixture
def site(database: Database, field: Field, tmp_path: Path) -> Flask:
    config = Config(
        database_url=database.url.render_as_string(),
        secret_key="a secret of these tests",
        admin_password=None,
        instance=tmp_path,
        keys=field.keys.folder,
    )
    app = create_app(config, database, lambda _report: None)
    app.test_client_class = PageClient
    return app


@pytest.fixture
def browser(site: Flask) -> Browser:
    def sign_in(account: Account) -> PageClient:
        client = site.test_client()
        assert isinstance(client, PageClient)
        assert client.sign_in(account.name, PASSWORD).status_code == 303
        return client

    return sign_in


@pytest.fixture
def li(browser: Browser, field: Field) -> PageClient:
    return browser(field.li)


@pytest.fixture
def case(field: Field) -> UUID:
    """One of Li's, in the east."""
    return next(case for case in field.east if field.owner(case) == field.li)
