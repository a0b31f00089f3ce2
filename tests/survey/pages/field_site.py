"""Fixtures: a wave in the field and a browser per account, on either database."""

from collections.abc import Callable
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from argon2.profiles import CHEAPEST
from flask import Flask

from survey.config import Config
from survey.keys import KeyRing
from survey.roles import Role
from survey.store import accounts
from survey.store.accounts import Account
from survey.store.database import Database
from tests.prepared import prepared
from tests.survey.field import OPENED, Field, open_field
from tests.survey.pages.example import NAMES, PASSWORD
from tests.survey.pages.page_client import PageClient
from tests.survey.pages.shared_site import serve

Browser = Callable[[Account | Role], PageClient]


@pytest.fixture
def field(database: Database, tmp_path: Path) -> Field:
    return _open(database, KeyRing(folder=tmp_path / "keys"))


@prepared
def _open(database: Database, keys: KeyRing) -> Field:
    """A wave in the field; its canvassers and one account of each other role can sign in."""
    field = open_field(database, keys)
    password_hash = PasswordHasher.from_parameters(CHEAPEST).hash(PASSWORD)
    with database.writing() as session:
        for account in (field.li, field.zhou):
            accounts.set_password(session, account.id, password_hash)
        for role in (Role.STATISTICIAN, Role.SUPERVISOR, Role.OFFICIAL):
            accounts.add_account(session, name=NAMES[role], password_hash=password_hash, role=role, at=OPENED)
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
    return serve(config, database, lambda _report: None, PageClient)


@pytest.fixture
def browser(site: Flask, database: Database) -> Browser:
    def sign_in(who: Account | Role) -> PageClient:
        client = site.test_client()
        assert isinstance(client, PageClient)
        name = NAMES[who] if isinstance(who, Role) else who.name
        with database.reading() as session:
            found = accounts.find_account(session, name)
        assert found is not None
        client.be(found[0])
        return client

    return sign_in
