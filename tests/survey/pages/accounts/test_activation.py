"""A card becomes an account with a password, once."""

from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from survey.account_rules import ACTIVATION_LASTS
from survey.roles import Role
from survey.store import accounts
from survey.store.database import Database
from survey.workflow.reset_password import reset_password
from survey.workflow.sign_in import LIMIT_ADDRESS
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import NAMES, World
from tests.survey.pages.page_client import PageClient

PASSWORD = "a new password"


def give_code(database: Database, role: Role = Role.CANVASSER, *, at: datetime | None = None) -> str:
    with database.writing() as session:
        found = accounts.find_account(session, NAMES[role])
        assert found is not None
        return reset_password(session, found[0].id, at=at or datetime.now(UTC)).code


def activate(browser: PageClient, code: str, password: str = PASSWORD, again: str | None = None) -> TestResponse:
    form = {"code": code, "password": password, "again": password if again is None else again}
    return browser.submit("/activate", form, page="/activate")


def test_a_code_and_a_password_sign_in(client: PageClient, world: World, sqlite_database: Database) -> None:
    code = give_code(sqlite_database)
    response = activate(client, code.lower().replace("-", " "))
    assert (response.status_code, response.location) == (303, "/")
    assert client.get("/device").status_code == 200
    client.submit("/sign-out", {}, page="/device")
    assert client.sign_in(NAMES[Role.CANVASSER], PASSWORD).status_code == 303


def test_a_code_works_once(client: PageClient, world: World, sqlite_database: Database) -> None:
    code = give_code(sqlite_database)
    activate(client, code)
    again = activate(client, code, "another password")
    assert again.status_code == 422
    assert "已经用过" in again.text
    client.submit("/sign-out", {}, page="/device")
    assert client.sign_in(NAMES[Role.CANVASSER], PASSWORD).status_code == 303


def test_a_newer_code_takes_the_place_of_the_older(client: PageClient, world: World, sqlite_database: Database) -> None:
    older, newer = give_code(sqlite_database), give_code(sqlite_database)
    assert activate(client, older).status_code == 422
    assert activate(client, newer).status_code == 303


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [("short", None, "密码有 5 个字符"), (PASSWORD, "something else", "不一样"), ("aaaaaaaaaaaa", None, "太容易猜")],
)
def test_a_password_that_cannot_be_spends_nothing(
    client: PageClient, world: World, sqlite_database: Database, password: str, again: str | None, said: str
) -> None:
    code = give_code(sqlite_database)
    refused = activate(client, code, password, again)
    assert refused.status_code == 422
    assert said in refused.text
    assert code in refused.text, "the code need not be typed again"
    assert password not in refused.text
    assert activate(client, code).status_code == 303


def test_an_expired_code_says_so(client: PageClient, world: World, sqlite_database: Database) -> None:
    long_ago = datetime.now(UTC) - ACTIVATION_LASTS - timedelta(minutes=1)
    refused = activate(client, give_code(sqlite_database, at=long_ago))
    assert refused.status_code == 422
    assert "已过期" in refused.text


def test_a_closed_account_cannot_be_activated(client: PageClient, world: World, sqlite_database: Database) -> None:
    code = give_code(sqlite_database)
    with sqlite_database.writing() as session:
        found = accounts.find_account(session, NAMES[Role.CANVASSER])
        assert found is not None
        accounts.set_active(session, found[0].id, False)
    assert activate(client, code).status_code == 422


@pytest.mark.parametrize("code", ["", "0", "0000-0000-0000-0000", "\x00" * 16, "x" * 10_000, "激活码"])
def test_what_is_no_code_is_only_wrong(client: PageClient, world: World, code: str) -> None:
    assert activate(client, code).status_code == 422


def test_guessing_ends_and_locks_nobody_out(
    client: PageClient, signed_in: SignIn, world: World, sqlite_database: Database
) -> None:
    token = client.page("/activate").all("form")[1].all("input")[0].get("value")
    statuses = [
        client.post(
            "/activate",
            data={"code": f"{number:016d}", "password": PASSWORD, "again": PASSWORD, "csrf_token": token},
            environ_overrides={"REMOTE_ADDR": "192.0.2.1"},
        ).status_code
        for number in range(LIMIT_ADDRESS + 1)
    ]
    assert statuses == [422] * LIMIT_ADDRESS + [429]
    assert signed_in(Role.OFFICIAL).get("/waves").status_code == 200, "from elsewhere everything goes on"


def test_the_sign_in_page_leads_there(client: PageClient) -> None:
    assert "/activate" in [link.get("href") for link in client.page("/sign-in").all("a")]
