"""The buttons of the demo: one click signs in, and nothing that is not meant to gets in that way."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from flask import Flask

from survey.device_tokens import new_token, token_hash
from survey.roles import Role
from survey.store import accounts, waves
from survey.store.account_tokens import add_token
from survey.store.database import Database
from survey.workflow import try_example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.everybody.conftest import ROLES
from tests.survey.pages.example import AT, DETAILS, PASSWORD, World
from tests.survey.pages.page_client import PageClient

HOMES = {Role.CANVASSER: "/cases"}


def new_browser(app: Flask) -> PageClient:
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    return browser


def token(browser: PageClient, page: str = "/") -> str:
    found = [i.get("value") for i in browser.page(page).all("input") if i.get("name") == "csrf_token"]
    return found[0]


@pytest.mark.parametrize("role", ROLES)
def test_one_click_signs_in_and_leads_to_where_the_work_begins(
    client: PageClient, examples: Mapping[Role, int], role: Role
) -> None:
    response = client.submit(f"/try/{role}", {}, page="/")
    assert (response.status_code, response.location) == (303, "/")
    home = client.get("/").location
    assert home is not None
    assert f"try-{role}" in client.page(home).text


def test_without_its_token_nothing_happens(client: PageClient, examples: Mapping[Role, int]) -> None:
    assert client.post("/try/official").status_code == 400
    assert client.get("/waves").status_code == 303
    assert client.get("/try/official").status_code == 405


@pytest.mark.parametrize("role", ["administrator", "nobody", "OFFICIAL", "official ", "%00", "a" * 3000, "../official"])
def test_a_role_without_a_button_is_not_there(client: PageClient, examples: Mapping[Role, int], role: str) -> None:
    assert client.submit(f"/try/{role}", {}, page="/").status_code == 404
    assert client.get("/waves").status_code == 303


def test_without_examples_there_is_nothing(client: PageClient, world: World) -> None:
    assert client.submit("/try/official", {}, page="/").status_code == 404
    assert "/try/" not in client.get("/").text + client.get("/walk").text + client.get("/sign-in").text


@pytest.mark.parametrize(
    ("wanted", "lands"),
    [
        ("/waves", "/waves"),
        ("/waves/2?area=441800001001", "/waves/2?area=441800001001"),
        ("//evil.example", "/"),
        ("https://evil.example/", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("", "/"),
    ],
)
def test_it_goes_on_to_pages_of_this_site_alone(
    client: PageClient, examples: Mapping[Role, int], wanted: str, lands: str
) -> None:
    assert client.submit("/try/official", {"next": wanted}, page="/").location == lands


def test_a_second_click_and_another_tab_still_work(client: PageClient, examples: Mapping[Role, int]) -> None:
    first = token(client, "/walk")
    for role in ("official", "official", "statistician"):
        response = client.post(f"/try/{role}", data={"csrf_token": first, "next": "/waves"})
        assert (response.status_code, response.location) == (303, "/waves"), role
    assert "try-statistician" in client.page("/waves").text


def test_nothing_else_planted_in_the_session_survives(client: PageClient, examples: Mapping[Role, int]) -> None:
    first = token(client)
    with client.session_transaction() as session:
        session["planted"] = "yes"
    client.post("/try/official", data={"csrf_token": first})
    with client.session_transaction() as session:
        assert "planted" not in session


def test_a_closed_example_signs_nobody_in_and_sends_out_who_is_in(
    client: PageClient, sqlite_database: Database, examples: Mapping[Role, int]
) -> None:
    page_token = token(client)
    client.post("/try/official", data={"csrf_token": page_token})
    assert client.get("/waves").status_code == 200
    with sqlite_database.writing() as session:
        accounts.set_active(session, examples[Role.OFFICIAL], False)
    assert client.get("/waves").status_code == 303
    assert client.submit("/try/official", {}, page="/").status_code == 404
    assert [form.get("action") for form in client.page("/").all("form") if "/try/" in form.get("action")] == [
        f"/try/{role}" for role in ROLES if role is not Role.OFFICIAL
    ]


def test_a_real_wave_ends_the_buttons_and_their_sessions_but_not_those_by_password(
    app: Flask,
    client: PageClient,
    signed_in: SignIn,
    sqlite_database: Database,
    world: World,
    examples: Mapping[Role, int],
) -> None:
    by_password = signed_in(Role.OFFICIAL)
    client.submit("/try/official", {}, page="/")
    with sqlite_database.writing() as session:
        waves.set_details(session, world.draft, replace(DETAILS, fictitious=False), at=AT, by="tongji")
    assert client.get("/waves").location == "/sign-in?next=/waves"
    assert client.submit("/try/official", {}, page="/").status_code == 404
    assert "/try/" not in client.get("/").text
    assert by_password.get("/waves").status_code == 200


def test_a_real_wave_ends_the_device_tokens_that_passers_by_made(
    client: PageClient, sqlite_database: Database, world: World, examples: Mapping[Role, int]
) -> None:
    made, now = new_token(), datetime.now(UTC)
    with sqlite_database.writing() as session:
        expires = now + timedelta(days=1)
        add_token(session, examples[Role.CANVASSER], token_hash=token_hash(made), at=now, expires_at=expires)

    def send() -> int:
        headers = {"Authorization": f"Bearer {made}"}
        return client.put(f"/api/visits/{uuid4()}", data=b"{}", headers=headers).status_code

    assert send() != 401, "in the demo it works"
    with sqlite_database.writing() as session:
        waves.set_details(session, world.draft, replace(DETAILS, fictitious=False), at=AT, by="tongji")
    assert send() == 401


def test_signing_out_leaves_the_others_who_look_around(app: Flask, examples: Mapping[Role, int]) -> None:
    one, other = new_browser(app), new_browser(app)
    for browser in (one, other):
        browser.submit("/try/official", {}, page="/")
    one.submit("/sign-out", {}, page="/waves")
    assert one.get("/waves").status_code == 303
    assert other.get("/waves").status_code == 200


def test_who_is_signed_in_changes_roles_and_keeps_nothing(signed_in: SignIn, examples: Mapping[Role, int]) -> None:
    browser = signed_in(Role.STATISTICIAN)
    assert browser.submit("/try/leader", {"next": "/waves"}, page="/walk").location == "/waves"
    assert "try-leader" in browser.page("/waves").text
    assert browser.get("/frames").status_code == 403


def test_too_many_clicks_from_one_place_wait(
    app: Flask, client: PageClient, examples: Mapping[Role, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(try_example, "LIMIT_ADDRESS", 2)
    for _ in range(2):
        assert client.submit("/try/official", {}, page="/walk").status_code == 303
    refused = client.submit("/try/official", {}, page="/walk")
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, str(15 * 60))
    assert "15 分钟" in refused.text
    assert new_browser(app).sign_in("ganbu", PASSWORD).status_code == 303, "passwords are counted apart"


def test_an_example_has_no_way_to_manage_accounts(client: PageClient, examples: Mapping[Role, int]) -> None:
    for role in ROLES:
        client.submit(f"/try/{role}", {}, page="/walk")
        assert client.get("/accounts").status_code == 403, role


def test_administrators_see_which_accounts_are_examples(signed_in: SignIn, examples: Mapping[Role, int]) -> None:
    browser = signed_in(Role.ADMINISTRATOR)
    row = next(row for row in browser.page("/accounts").all("tr") if "try-official" in row.text)
    assert "示例" in row.text
    address = f"/accounts/{examples[Role.OFFICIAL]}"
    assert "示例账号" in browser.page(address).text
    form = {"role": "administrator", "full_name": ""}
    refused = browser.submit(address, form, page=address)
    assert refused.status_code in (409, 422)
    assert "不能当管理员" in refused.text


def test_the_sign_in_page_tells_of_the_buttons(client: PageClient, examples: Mapping[Role, int]) -> None:
    links = [link.get("href") for link in client.page("/sign-in").all("a")]
    assert "/#examples" in links
