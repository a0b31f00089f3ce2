"""Guesses, floods, made-up headers and logs: slow for whoever guesses, nothing told, nobody else shut out."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from survey.config import Config
from survey.factory import create_app
from survey.pages.residents.guesses import LIMIT, MOST_ADDRESSES, WINDOW_SECONDS, Guesses
from survey.store.database import Database
from tests.survey.answering import Online
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin


@pytest.mark.usefixtures("online")
def test_guessing_codes_becomes_slow(new_phone: NewPhone) -> None:
    guesser = new_phone()
    for number in range(LIMIT):
        assert guesser.get(f"/a/{number:016}").status_code == 404
    reply = guesser.get("/a/0000000000000000")
    assert reply.status_code == 429
    assert int(reply.headers["Retry-After"]) > 0
    assert guesser.get("/o/0000000000").status_code == 404
    elsewhere = new_phone().get("/a/0000000000000000", environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert elsewhere.status_code == 404


def test_nobody_shuts_out_the_others_behind_the_same_address(online: Online, new_phone: NewPhone) -> None:
    """A carrier puts a whole community behind one address."""
    guesser = new_phone()
    for number in range(LIMIT + 1):
        guesser.get(f"/a/{number:016}")
        guesser.get(f"/o/{number:010}")
    assert guesser.get("/a/0000000000000000").status_code == guesser.get("/o/0000000000").status_code == 429
    assert new_phone().get(f"/a/{online.codes[0]}").status_code == 303
    assert new_phone().get(f"/o/{online.link}").status_code == 303


def test_wrong_codes_are_forgotten_after_a_while() -> None:
    now = [0.0]
    guesses = Guesses(clock=lambda: now[0])
    for _ in range(LIMIT):
        assert guesses.minutes_to_wait("a") == 0
        guesses.count("a")
    assert guesses.minutes_to_wait("a") == WINDOW_SECONDS // 60 + 1
    assert guesses.minutes_to_wait("b") == 0
    now[0] = WINDOW_SECONDS
    assert guesses.minutes_to_wait("a") == 0
    for number in range(MOST_ADDRESSES + 10):
        guesses.count(str(number))
    assert len(guesses._wrong) == MOST_ADDRESSES


def test_guessing_links_becomes_slow_and_is_counted_apart_from_codes(new_phone: NewPhone) -> None:
    guesser = new_phone()
    for number in range(LIMIT):
        assert guesser.get(f"/o/{number:010}").status_code == 404
    reply = guesser.get("/o/0000000000")
    assert reply.status_code == 429
    assert int(reply.headers["Retry-After"]) > 0
    assert guesser.get("/a/0000000000000000").status_code == 404


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_made_up_address_helps_no_guesser(phone: Phone, name: str) -> None:
    values = ("1.2.3.{}", "1.2.3.{}, 10.0.0.1", '"1.2.3.{}', "for=1.2.3.{}")
    for number in range(LIMIT):
        value = values[number % len(values)].format(number)
        assert phone.get(f"/a/{number:016}", headers={name: value}).status_code == 404
    assert phone.get("/a/0000000000000000", headers={name: "192.0.2.200"}).status_code == 429


def test_behind_our_proxy_only_its_word_counts(config: Config, database: Database) -> None:
    """What a visitor writes in front of it is a text of theirs."""
    site = create_app(replace(config, trusted_proxies="1"), database, lambda _: None)
    client = site.test_client()
    for number in range(LIMIT):
        header = {"X-Forwarded-For": f"10.9.8.{number}, 203.0.113.5"}
        assert client.get(f"/a/{number:016}", headers=header).status_code == 404
    caught = client.get("/a/0000000000000000", headers={"X-Forwarded-For": "192.0.2.200, 203.0.113.5"})
    assert caught.status_code == 429
    other = client.get("/a/0000000000000000", headers={"X-Forwarded-For": "203.0.113.5, 192.0.2.200"})
    assert other.status_code == 404


@pytest.mark.parametrize("address", ["/a", "/questionnaire", "/withdraw", "/suggest"])
def test_ten_megabytes_are_refused_and_nothing_is_lost(online: Online, phone: Phone, address: str) -> None:
    begin(phone, f"/o/{online.link}").press(answers=BY_LINK[0])
    reply = phone.post(address, data={**phone.form(), "code": "x", "q-A1": "1" * 10_000_000})
    assert reply.status_code == 413
    assert phone.again().items == ["A1"]


@contextmanager
def everything_logged(caplog: pytest.LogCaptureFixture) -> Iterator[list[str]]:
    caplog.set_level("DEBUG")
    found: list[str] = []
    yield found
    found += [caplog.text, *(str(record.__dict__) for record in caplog.records if record.name.startswith("survey"))]


def test_no_log_holds_a_code_a_query_or_an_address(
    online: Online, new_phone: NewPhone, caplog: pytest.LogCaptureFixture
) -> None:
    with everything_logged(caplog) as found:
        for address, screens in ((f"/a/{online.codes[0]}", BY_CODE), (f"/o/{online.link}", BY_LINK)):
            phone = new_phone()
            phone.environ_base["REMOTE_ADDR"] = "203.0.113.77"
            answer_all(begin(phone, address), screens)
            shown = {page.text for page in phone.last.all("p")}
            phone.go("/questionnaire?at=A1&secret=query")
            phone.post("/questionnaire", data={"action": "x" * 5000, "csrf_token": "wrong"})
        new_phone().get("/a/0000-1111-2222-3333?q=query")
    receipts = [word for text in shown for word in text.split() if "-" in word]
    codes = [online.codes[0], online.link, "0000-1111", *receipts]
    for private in (*codes, "203.0.113", "query", "at=A1", "secret"):
        assert not any(private in one for one in found), private
