"""Under /api/ a device's token opens, and nothing else does."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey.config import Config
from survey.device_tokens import new_token, token_hash
from survey.pages.access import current_account, needs
from survey.roles import Permission, Role
from survey.store import account_tokens, accounts
from survey.store.database import Database
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import NAMES, World
from tests.survey.pages.page_client import PageClient
from tests.survey.pages.shared_site import serve

ADDRESS = "/api/who"
#: Residents' forms carry a token of another kind, or act for nobody but whoever holds the code typed; tested there.
RESIDENTS = ("/a", "/questionnaire", "/withdraw", "/suggest")


@pytest.fixture
def app(config: Config, sqlite_database: Database) -> Flask:
    """A site with one more address."""
    return serve(config, sqlite_database, lambda _: None, PageClient, _add_address)


def _add_address(app: Flask) -> None:
    app.add_url_rule(
        ADDRESS, "who", needs(Permission.INTERVIEW)(lambda: {"name": current_account().name}), methods=["GET"]
    )


@pytest.fixture
def client(app: Flask) -> PageClient:
    made = app.test_client()
    assert isinstance(made, PageClient)
    return made


def give_token(database: Database, role: Role, *, days: int = 1) -> str:
    token, now = new_token(), datetime.now(UTC)
    with database.writing() as session:
        found = accounts.find_account(session, NAMES[role])
        assert found is not None
        made = now + timedelta(days=min(days, 0) - 1)
        expires = now + timedelta(days=days)
        account_tokens.add_token(session, found[0].id, token_hash=token_hash(token), at=made, expires_at=expires)
    return token


def ask(client: PageClient, authorization: str, address: str = ADDRESS) -> TestResponse:
    return client.get(address, headers={"Authorization": authorization})


def test_a_token_says_who_asks(client: PageClient, world: World, sqlite_database: Database) -> None:
    token = give_token(sqlite_database, Role.CANVASSER)
    for written in (f"Bearer {token}", f"bearer  {token} "):
        response = ask(client, written)
        assert (response.status_code, response.get_json()) == (200, {"name": NAMES[Role.CANVASSER]})
        assert "Set-Cookie" not in response.headers


@pytest.mark.parametrize("authorization", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer nonsense", "Bearer 密"])
def test_without_a_token_nothing_opens(client: PageClient, world: World, authorization: str) -> None:
    for address in (ADDRESS, "/api/nowhere"):
        response = client.get(address, headers={"Authorization": authorization.encode().decode("latin-1")})
        assert (response.status_code, response.headers["WWW-Authenticate"]) == (401, "Bearer")
        told = response.get_json()
        assert told == {"id": None, "sha256": None, "state": "refused", "reason": told["reason"]}


def test_a_session_opens_nothing_there(
    app: Flask, client: PageClient, signed_in: SignIn, world: World, sqlite_database: Database
) -> None:
    assert signed_in(Role.CANVASSER).get(ADDRESS).status_code == 401


def test_a_token_opens_nothing_elsewhere(client: PageClient, world: World, sqlite_database: Database) -> None:
    token = give_token(sqlite_database, Role.STATISTICIAN)
    assert ask(client, f"Bearer {token}", "/waves").status_code == 303


def test_the_role_still_decides_and_errors_are_json(
    client: PageClient, world: World, sqlite_database: Database
) -> None:
    official = give_token(sqlite_database, Role.OFFICIAL)
    assert ask(client, f"Bearer {official}").status_code == 403
    canvasser = give_token(sqlite_database, Role.CANVASSER)
    absent = ask(client, f"Bearer {canvasser}", "/api/nowhere")
    told = absent.get_json()
    assert absent.status_code == 404
    assert told == {"id": None, "sha256": None, "state": "refused", "reason": told["reason"]}


def test_an_expired_token_and_one_of_a_closed_account_open_nothing(
    client: PageClient, world: World, sqlite_database: Database
) -> None:
    assert ask(client, f"Bearer {give_token(sqlite_database, Role.CANVASSER, days=-1)}").status_code == 401
    token = give_token(sqlite_database, Role.CANVASSER)
    with sqlite_database.writing() as session:
        found = accounts.find_account(session, NAMES[Role.CANVASSER])
        assert found is not None
        accounts.set_active(session, found[0].id, False)
    assert ask(client, f"Bearer {token}").status_code == 401


def test_only_addresses_under_api_need_no_form_token(config: Config, sqlite_database: Database, world: World) -> None:
    made = serve(config, sqlite_database, lambda _: None)
    posts = [rule for rule in made.url_map.iter_rules() if (rule.methods or set()) & {"POST", "PUT", "DELETE"}]
    for rule in posts:
        if "<" in rule.rule or rule.rule.startswith("/api/") or rule.rule in RESIDENTS:
            continue
        assert made.test_client().post(rule.rule).status_code in (400, 405), rule.rule
