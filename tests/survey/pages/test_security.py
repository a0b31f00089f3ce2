"""Headers of every kind of response, the cookies, and whom the default secret keeps out."""

from dataclasses import replace

import pytest

from survey.config import DEFAULT_SECRET_KEY, Config
from survey.pages.security import CONTENT_SECURITY_POLICY
from survey.roles import Role
from survey.store.database import Database
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import World
from tests.survey.pages.page_client import PageClient
from tests.survey.pages.shared_site import serve


@pytest.mark.parametrize("address", ["/sign-in", "/", "/nowhere", "/healthz", "/static/survey.css", "/static/nowhere"])
def test_every_response_carries_the_headers(client: PageClient, address: str) -> None:
    headers = client.get(address).headers
    assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"
    assert "camera=()" in headers["Permissions-Policy"]
    assert "Strict-Transport-Security" not in headers


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert CONTENT_SECURITY_POLICY.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY


def test_transport_security_is_only_promised_on_https(client: PageClient) -> None:
    response = client.get("/sign-in", base_url="https://localhost/")
    assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_only_static_files_and_health_may_be_kept(signed_in: SignIn, world: World) -> None:
    browser = signed_in(Role.STATISTICIAN)
    for address in ("/waves", f"/waves/{world.draft}", f"/reports/{world.draft_report}.pdf", "/nowhere", "/sign-in"):
        assert browser.get(address).headers["Cache-Control"] == "no-store"
    assert "max-age=31536000" in browser.get("/static/survey.css").headers["Cache-Control"]
    assert browser.get("/static/nowhere.css").headers["Cache-Control"] == "no-store"


def test_cookies_are_secure_unreadable_by_scripts_and_ours(client: PageClient, world: World) -> None:
    cookies = client.get("/sign-in").headers.getlist("Set-Cookie")
    cookies += client.submit("/language", {"language": "en"}, page="/sign-in").headers.getlist("Set-Cookie")
    assert {cookie.split("=")[0] for cookie in cookies} == {"survey_session", "survey_language"}
    for cookie in cookies:
        assert {"Secure", "HttpOnly", "SameSite=Lax", "Path=/"} <= set(cookie.split("; "))
        assert "Domain" not in cookie


def test_static_addresses_change_with_the_file(client: PageClient) -> None:
    links = [link.get("href") for link in client.page("/sign-in").all("link")]
    assert all(link.startswith("/static/") and "?v=" in link for link in links)
    assert [client.get(link).status_code for link in links] == [200] * len(links)


@pytest.fixture
def open_to_this_machine(config: Config, sqlite_database: Database) -> PageClient:
    """The site with the secret everyone knows."""
    app = serve(replace(config, secret_key=DEFAULT_SECRET_KEY), sqlite_database, print, PageClient)
    client = app.test_client()
    assert isinstance(client, PageClient)
    return client


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "127.8.8.8", "[::1]", "[::1]:8000"])
def test_with_the_default_secret_this_machine_is_served(open_to_this_machine: PageClient, host: str) -> None:
    assert open_to_this_machine.get("/sign-in", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["survey.example", "192.0.2.1:8000", "localhost.example", "[2001:db8::1]", "[::1"])
def test_with_the_default_secret_no_other_name_is_served(open_to_this_machine: PageClient, host: str) -> None:
    assert open_to_this_machine.get("/sign-in", headers={"Host": host}).status_code in (400, 403)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_with_the_default_secret_nobody_behind_a_proxy_is_served(open_to_this_machine: PageClient, header: str) -> None:
    assert open_to_this_machine.get("/sign-in", headers={header: "192.0.2.1"}).status_code == 403


def test_with_the_default_secret_no_other_machine_is_served(open_to_this_machine: PageClient) -> None:
    elsewhere = open_to_this_machine.get("/sign-in", environ_overrides={"REMOTE_ADDR": "192.0.2.1"})
    assert elsewhere.status_code == 403
