"""The running site on both databases, a wave in the field, and a resident's phone."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask

from survey.config import Config
from survey.keys import KeyRing
from survey.store.database import Database
from tests.survey import answering
from tests.survey.answering import Online
from tests.survey.pages.residents import instruments
from tests.survey.pages.residents.instruments import Begun, OnlineOf
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin
from tests.survey.pages.shared_site import serve

NewPhone = Callable[[], Phone]


@pytest.fixture
def config(tmp_path: Path, database: Database) -> Config:
    return Config(
        database_url=database.url.render_as_string(),
        secret_key="a secret of these tests",
        admin_password=None,
        instance=tmp_path,
        keys=tmp_path / "keys",
    )


@pytest.fixture
def app(config: Config, database: Database) -> Flask:
    return serve(config, database, lambda _: None, Phone)


@pytest.fixture
def online(database: Database, config: Config) -> Online:
    return answering.start(database, KeyRing(folder=config.keys))


@pytest.fixture
def online_of(database: Database, config: Config) -> OnlineOf:
    return lambda name: instruments.start(database, KeyRing(folder=config.keys), name)


@pytest.fixture
def begun(phone: Phone, online_of: OnlineOf) -> Begun:
    return lambda name: begin(phone, f"/o/{online_of(name).link}")


@pytest.fixture
def new_phone(app: Flask) -> NewPhone:
    def new() -> Phone:
        made = app.test_client()
        assert isinstance(made, Phone)
        return made

    return new


@pytest.fixture
def phone(new_phone: NewPhone) -> Phone:
    return new_phone()


@pytest.fixture(params=["code", "link"])
def entered(request: pytest.FixtureRequest, online: Online, phone: Phone) -> Phone:
    """A phone on the last screen but none handed in, once by code and once by link."""
    address, screens = (f"/a/{online.codes[0]}", BY_CODE) if request.param == "code" else (f"/o/{online.link}", BY_LINK)
    begin(phone, address)
    return answer_all(phone, screens[:-1])
