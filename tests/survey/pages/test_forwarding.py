"""Behind proxies: whose word counts for the limits of guessing, what is printed, and which names are answered."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from survey.config import Config
from survey.keys import KeyRing
from survey.pages.residents.guesses import LIMIT
from survey.roles import Role
from survey.store.database import Database
from survey.workflow.sign_in import LIMIT_NAME_AT_ADDRESS
from survey.workflow.start_wave import start_wave
from tests.daily import first
from tests.survey.drawn_wave import EAST, drawn_wave
from tests.survey.pages import example
from tests.survey.pages.example import NAMES, PASSWORD, World
from tests.survey.pages.page_client import PageClient
from tests.survey.pages.shared_site import serve

ADMIN = NAMES[Role.ADMINISTRATOR]
AT = datetime(2026, 3, 21, 2, tzinfo=UTC)
SITE = "https://survey.example/"
Build = Callable[..., PageClient]


@pytest.fixture
def build(config: Config, sqlite_database: Database) -> Build:
    """A browser of the site with these settings."""

    def build(**settings: str) -> PageClient:
        app = serve(replace(config, **settings), sqlite_database, lambda _: None, PageClient)  # type: ignore[arg-type]
        client = app.test_client()
        assert isinstance(client, PageClient)
        return client

    return build


def guesses(client: PageClient, peer: str) -> Callable[[str], int]:
    """Signs in with a wrong password from ``peer``, with this ``X-Forwarded-For``; the status."""
    token = client.page("/sign-in").all("form")[1].all("input")[0].get("value")
    data = {"name": ADMIN, "password": "guess", "csrf_token": token}

    def guess(forwarded: str) -> int:
        headers = {"X-Forwarded-For": forwarded}
        return client.post("/sign-in", data=data, headers=headers, environ_overrides={"REMOTE_ADDR": peer}).status_code

    return guess


@pytest.mark.parametrize("peer", ["127.0.0.1", "192.0.2.1"])
def test_without_proxies_nothing_a_visitor_writes_makes_them_another(build: Build, world: World, peer: str) -> None:
    guess = guesses(build(), peer)
    for number in range(LIMIT_NAME_AT_ADDRESS):
        assert guess(f"198.51.100.{number}") == 422
    assert guess("203.0.113.9") == 429


def test_past_the_proxy_nothing_is_believed_either(build: Build, world: World) -> None:
    guess = guesses(build(trusted_proxies="10.0.0.5"), "192.0.2.1")
    for number in range(LIMIT_NAME_AT_ADDRESS):
        assert guess(f"198.51.100.{number}") == 422
    assert guess("203.0.113.9") == 429


@pytest.mark.parametrize("setting", ["1", "127.0.0.1"])
def test_behind_a_proxy_the_address_that_it_saw_counts(build: Build, world: World, setting: str) -> None:
    guess = guesses(build(trusted_proxies=setting), "127.0.0.1")
    # What a visitor writes itself stands before what the proxy adds, and changes nothing.
    for number in range(LIMIT_NAME_AT_ADDRESS):
        assert guess(f"198.51.100.{number}, 192.0.2.1") == 422
    assert guess("203.0.113.9, 192.0.2.1") == 429
    assert guess("192.0.2.2") == 422


@pytest.mark.parametrize(
    "planted", first(2, ['"', '"made up', 'made up, "x', 'a"b', '"1.1.1.1, 2.2.2.2"', "\\", ",", ""])
)
@pytest.mark.parametrize("setting", ["1", "127.0.0.1"])
def test_no_sign_a_visitor_begins_with_swallows_what_the_proxy_adds(
    build: Build, world: World, setting: str, planted: str
) -> None:
    """A proxy that appends writes its word behind a quotation mark, too; the limit and TLS stay those it tells of."""
    client = build(trusted_proxies=setting)
    headers = {"X-Forwarded-For": f"{planted}, 192.0.2.1", "X-Forwarded-Proto": "https"}
    assert "Strict-Transport-Security" in client.get("/sign-in", headers=headers).headers
    guess = guesses(client, "127.0.0.1")
    for _ in range(LIMIT_NAME_AT_ADDRESS):
        assert guess("192.0.2.1") == 422
    assert guess(f"{planted}, 192.0.2.1") == 429


def test_the_port_of_a_connection_makes_nobody_another(build: Build, world: World) -> None:
    guess = guesses(build(trusted_proxies="1"), "127.0.0.1")
    for number in range(LIMIT_NAME_AT_ADDRESS):
        assert guess(f"192.0.2.1:{50000 + number}") == 422
    assert guess("192.0.2.1:61000") == 429
    assert guess("192.0.2.1") == 429
    assert guess("[2001:db8::7]:50000") == 422


def test_one_ipv6_line_is_one_visitor(build: Build, world: World) -> None:
    guess = guesses(build(trusted_proxies="1"), "127.0.0.1")
    for number in range(LIMIT_NAME_AT_ADDRESS):
        assert guess(f"2001:db8:1:2:{number}::7") == 422
    assert guess("2001:db8:1:2:ffff::1") == 429
    assert guess("2001:db8:1:3::1") == 422


def test_codes_are_guessed_by_visitors_and_not_by_the_proxy(build: Build) -> None:
    client = build(trusted_proxies="1")

    def guess(forwarded: str) -> int:
        return client.get("/a/23456789ABCDEFGH", headers={"X-Forwarded-For": forwarded}).status_code

    for number in range(LIMIT):
        assert guess(f"198.51.100.{number}, 192.0.2.1") != 429
    assert guess("203.0.113.9, 192.0.2.1") == 429
    assert guess("192.0.2.2") != 429


@pytest.mark.parametrize(
    ("settings", "headers", "secure"),
    [
        ({"trusted_proxies": "1"}, {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}, True),
        ({"trusted_proxies": "1"}, {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "http"}, False),
        ({"trusted_proxies": "1"}, {"X-Forwarded-For": "192.0.2.1"}, False),
        ({"trusted_proxies": "10.0.0.5"}, {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}, False),
        ({}, {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}, False),
    ],
)
def test_tls_is_what_the_trusted_proxy_says(
    build: Build, settings: dict[str, str], headers: dict[str, str], secure: bool
) -> None:
    answer = build(**settings).get("/sign-in", headers=headers)
    assert ("Strict-Transport-Security" in answer.headers) is secure


def test_the_site_answers_to_its_own_name_only(build: Build) -> None:
    client = build(public_url=SITE)
    assert client.get("/sign-in", base_url="https://survey.example").status_code == 200
    assert client.get("/sign-in", base_url="https://SURVEY.example:443").status_code == 200
    for other in ("evil.example", "survey.example.evil.example", "survey.example:8443", "localhost", "127.0.0.1"):
        for path in ("/sign-in", "/", "/a", "/static/survey.css", "/nowhere"):
            answer = client.get(path, base_url=f"https://{other}")
            assert answer.status_code == 400, (other, path)
            assert "evil" not in answer.text


def test_without_a_name_of_its_own_only_this_machine_is_answered(build: Build) -> None:
    client = build()
    for host in ("localhost", "127.0.0.1:8000", "[::1]:8000"):
        assert client.get("/sign-in", headers={"Host": host}).status_code == 200
    for host in ("evil.example", "192.0.2.1", "localhost.evil.example"):
        assert client.get("/sign-in", headers={"Host": host}).status_code == 400


def test_machines_may_ask_for_its_health_by_any_name(build: Build) -> None:
    assert build(public_url=SITE).get("/healthz", base_url="http://127.0.0.1:8000").status_code == 200


def test_a_forwarded_host_is_never_believed(build: Build) -> None:
    headers = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    client = build(public_url=SITE, trusted_proxies="1")
    assert client.get("/sign-in", base_url=SITE, headers=headers).status_code == 200
    assert client.get("/sign-in", base_url="https://evil.example", headers=headers).status_code == 400


def called(client: PageClient, host: str) -> PageClient:
    """Every request of this browser says ``host``, and nothing of TLS: a proxy that was set up badly."""
    app = client.application
    inner = app.wsgi_app
    app.wsgi_app = lambda environ, start: inner(environ | {"HTTP_HOST": host}, start)  # type: ignore[method-assign]
    return client


@pytest.mark.parametrize(
    ("settings", "host", "printed"),
    [
        ({"public_url": SITE}, "survey.example", "https://survey.example"),
        ({}, "127.0.0.1:8000", "http://127.0.0.1:8000"),
    ],
)
def test_what_is_printed_says_the_address_people_know(
    build: Build, sqlite_database: Database, config: Config, settings: dict[str, str], host: str, printed: str
) -> None:
    example.open_accounts(sqlite_database)
    wave = drawn_wave(sqlite_database)
    with sqlite_database.writing() as session:
        start_wave(session, KeyRing(folder=config.keys), wave, at=AT, by="tests")
    client, administrator = (called(build(**settings), host) for _ in range(2))
    assert client.sign_in(NAMES[Role.STATISTICIAN], PASSWORD).status_code == 303
    letters = client.submit(f"/waves/{wave}/letters", {"community": EAST}, page=f"/waves/{wave}/letters")
    posters = client.get(f"/waves/{wave}/posters")
    assert administrator.sign_in(ADMIN, PASSWORD).status_code == 303
    cards = administrator.submit("/accounts/1/reset", {}, page="/accounts/1/reset")
    for answer, path in ((letters, "/a"), (posters, "/o/"), (cards, "/activate")):
        assert answer.status_code == 200
        assert f"{printed}{path}" in answer.text
