"""A canvasser's page of the device."""

from survey.roles import Role
from survey.store.database import Database
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import World
from tests.survey.pages.page_client import PageClient, read_html


def shown_token(html: str) -> str:
    return next(i.get("value") for i in read_html(html)[0].all("input") if i.get("id") == "token")


def opens(client: PageClient, token: str) -> bool:
    return client.get("/api/nowhere", headers={"Authorization": f"Bearer {token}"}).status_code == 404


def test_a_token_is_shown_once_and_can_be_revoked(signed_in: SignIn, client: PageClient, world: World) -> None:
    browser = signed_in(Role.CANVASSER)
    assert "现在没有令牌" in browser.page("/device").text
    token = shown_token(browser.submit("/device", {}, page="/device").text)
    assert opens(client, token)
    page = browser.page("/device")
    assert "现在有一个令牌" in page.text
    assert token not in browser.get("/device").text
    assert browser.submit("/device/revoke", {}, page="/device").status_code == 303
    assert not opens(client, token)
    assert "现在没有令牌" in browser.page("/device").text


def test_a_new_token_ends_the_one_before(signed_in: SignIn, client: PageClient, world: World) -> None:
    browser = signed_in(Role.CANVASSER)
    first, second = (shown_token(browser.submit("/device", {}, page="/device").text) for _ in range(2))
    assert not opens(client, first)
    assert opens(client, second)


def test_only_canvassers_have_devices(signed_in: SignIn, world: World, sqlite_database: Database) -> None:
    for role in set(Role) - {Role.CANVASSER}:
        assert signed_in(role).get("/device").status_code == 403
