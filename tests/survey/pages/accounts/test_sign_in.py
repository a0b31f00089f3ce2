"""Signing in and out, and what somebody who guesses gets."""

from flask import Flask

from survey.pages.access import LONGEST_SESSION
from survey.roles import Role
from survey.workflow.sign_in import LIMIT_NAME_AT_ADDRESS
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import NAMES, PASSWORD, World
from tests.survey.pages.page_client import PageClient

ADMIN = NAMES[Role.ADMINISTRATOR]


def test_a_known_name_with_its_password_reaches_the_waves(client: PageClient, world: World) -> None:
    response = client.sign_in(ADMIN, PASSWORD)
    assert (response.status_code, response.location) == (303, "/")
    page = client.page("/waves")
    assert ADMIN in page.text
    assert "管理员" in page.text


def test_wrong_passwords_and_unknown_names_get_the_same_words(client: PageClient, world: World) -> None:
    wrong = client.sign_in(ADMIN, "not the password")
    unknown = client.sign_in("nobody", PASSWORD)
    assert wrong.status_code == unknown.status_code == 422
    for response in (wrong, unknown):
        assert "账号或密码不正确。" in response.text
    assert client.get("/waves").status_code == 303


def test_an_odd_name_is_only_a_wrong_one(client: PageClient, world: World) -> None:
    for name in ("", "\x00", "a" * 100_000, "' OR 1=1 --", "<script>alert(1)</script>", "🙂"):
        assert client.sign_in(name, PASSWORD).status_code == 422


def test_too_many_failures_are_told_when_to_try_again(client: PageClient, world: World) -> None:
    for _ in range(LIMIT_NAME_AT_ADDRESS):
        assert client.sign_in(ADMIN, "guess").status_code == 422
    refused = client.sign_in(ADMIN, PASSWORD)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 15 * 60
    assert "分钟后" in refused.text
    assert client.get("/waves").status_code == 303
    # Another name from the same place is not locked.
    assert client.sign_in(NAMES[Role.OFFICIAL], PASSWORD).status_code == 303


def test_nothing_planted_in_the_session_survives_signing_in(client: PageClient, world: World) -> None:
    client.get("/sign-in")
    with client.session_transaction() as session:
        session["planted"] = "yes"
        before = session["csrf_token"]
    client.sign_in(ADMIN, PASSWORD)
    with client.session_transaction() as session:
        assert "planted" not in session
        assert session.get("csrf_token") != before


def test_signing_out_ends_it(signed_in: SignIn, world: World) -> None:
    browser = signed_in(Role.OFFICIAL)
    assert browser.submit("/sign-out", {}, page="/waves").location == "/sign-in"
    assert browser.get("/waves").location == "/sign-in?next=/waves"
    with browser.session_transaction() as session:
        assert "_user_id" not in session


def test_a_copy_of_the_cookie_ends_with_the_session(app: Flask, signed_in: SignIn, world: World) -> None:
    browser, other = signed_in(Role.OFFICIAL), signed_in(Role.STATISTICIAN)
    cookie = browser.get_cookie("survey_session")
    assert cookie is not None
    thief = app.test_client()
    thief.set_cookie("survey_session", cookie.value)
    assert thief.get("/waves").status_code == 200
    browser.submit("/sign-out", {}, page="/waves")
    assert thief.get("/waves").location == "/sign-in?next=/waves"
    assert other.get("/waves").status_code == 200, "only this account's sessions are over"
    assert signed_in(Role.OFFICIAL).get("/waves").status_code == 200, "and it can sign in again"


def test_the_wanted_page_follows_and_no_other_site_does(client: PageClient, world: World) -> None:
    assert client.get(f"/waves/{world.draft}?area=1").location == f"/sign-in?next=/waves/{world.draft}?area%3D1"
    form = {"name": ADMIN, "password": PASSWORD}
    for wanted, lands in (
        (f"/waves/{world.draft}", f"/waves/{world.draft}"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("", "/"),
    ):
        response = client.submit("/sign-in", {**form, "next": wanted}, page="/sign-in")
        assert response.location == lands
        client.submit("/sign-out", {}, page="/waves")


def test_the_signed_in_do_not_see_the_form_again(signed_in: SignIn, world: World) -> None:
    assert signed_in(Role.OFFICIAL).get("/sign-in").location == "/"


def test_a_session_ends_after_its_longest_time(signed_in: SignIn, world: World) -> None:
    browser = signed_in(Role.OFFICIAL)
    with browser.session_transaction() as session:
        session["signed_in_at"] -= LONGEST_SESSION.total_seconds() + 1
    assert browser.get("/waves").status_code == 303


def test_a_form_without_its_token_is_told_that_it_expired(client: PageClient, world: World) -> None:
    response = client.post("/sign-in", data={"name": ADMIN, "password": PASSWORD})
    assert response.status_code == 400
    assert "表单已过期" in response.text
    assert client.get("/waves").status_code == 303


def test_a_partial_page_is_reloaded_whole_when_the_session_is_over(client: PageClient) -> None:
    response = client.get("/waves", headers={"HX-Request": "true"})
    assert (response.status_code, response.headers["HX-Refresh"]) == (401, "true")


def test_the_name_and_password_do_not_come_back_in_an_address(app: Flask, client: PageClient) -> None:
    forms = [form for form in client.page("/sign-in").all("form") if form.get("action") == "/sign-in"]
    assert [form.get("method") for form in forms] == ["post"]
