"""Answers by open link are flagged, never refused; what the flags follow from is nowhere afterwards."""

import time
from datetime import datetime
from types import SimpleNamespace

import pytest
from flask import Flask

from analysis.integrity.open_answers import BURST_FROM, OpenSign
from survey.casework.open_link_watch import SHANGHAI
from survey.config import Config
from survey.pages.residents import watching
from survey.pages.residents.visitors import COOKIE
from survey.store import schema
from survey.store.database import Database
from survey.store.open_link_signs import read_open_answers
from survey.workflow.forget_networks import forget_networks
from tests.survey import attacker
from tests.survey.answering import Online
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin

CALM, QUICK = 600, 0


@pytest.fixture
def hurry(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """How many seconds before now whoever begins has begun."""
    ago = SimpleNamespace(seconds=CALM)
    clock = SimpleNamespace(time=lambda: time.time() - ago.seconds)
    monkeypatch.setattr("survey.pages.residents.visitors.time", clock)
    return ago


def hand_in(phone: Phone, link: str, *, script: bool = True, address: str = "203.0.113.7") -> Phone:
    """The whole questionnaire from one address; with the script, a proof goes with the last screen."""
    phone.environ_base["REMOTE_ADDR"] = address
    answer_all(begin(phone, f"/o/{link}"), BY_LINK[:-1])
    more = {"proof": watching.solve(str(phone.form()["csrf_token"]))} if script else {}
    phone.press(answers=BY_LINK[-1], **more)
    assert phone.state == "complete"
    return phone


def signs(database: Database, online: Online) -> list[OpenSign | None]:
    with database.reading() as session:
        return sorted((one.signs for one in read_open_answers(session, online.wave)), key=lambda one: one or 0)


def counted(database: Database) -> list[int]:
    with database.reading() as session:
        return sorted(row.answers for row in session.execute(schema.METADATA.tables["open_link_counts"].select()))


def test_an_ordinary_answer_has_no_sign(
    database: Database, online: Online, phone: Phone, hurry: SimpleNamespace
) -> None:
    hand_in(phone, online.link)
    assert signs(database, online) == [OpenSign(0)]


def test_without_scripts_it_is_taken_with_a_weak_sign(
    database: Database, online: Online, phone: Phone, hurry: SimpleNamespace
) -> None:
    hand_in(phone, online.link, script=False)
    assert signs(database, online) == [OpenSign.NO_PROOF]


@pytest.mark.parametrize("proof", ["0", "-1", "x" * 5000, "１２３", "9" * 21, "\x00"])
def test_a_proof_that_is_none_harms_nobody(
    database: Database, online: Online, phone: Phone, hurry: SimpleNamespace, proof: str
) -> None:
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK[:-1])
    token = str(phone.form()["csrf_token"])
    phone.press(proof=proof if not watching.is_proof(token, proof) else "")
    assert phone.state == "complete"
    assert signs(database, online) == [OpenSign.NO_PROOF]


def test_the_proof_of_another_is_none(
    database: Database, online: Online, new_phone: NewPhone, hurry: SimpleNamespace
) -> None:
    first, second = (answer_all(begin(new_phone(), f"/o/{online.link}"), BY_LINK[:-1]) for _ in range(2))
    theirs = watching.solve(str(first.form()["csrf_token"]))
    if watching.is_proof(str(second.form()["csrf_token"]), theirs):
        theirs = "x"
    second.press(proof=theirs)
    assert signs(database, online) == [OpenSign.NO_PROOF]


def test_too_quick_to_have_read_is_a_sign(
    database: Database, online: Online, phone: Phone, hurry: SimpleNamespace
) -> None:
    hurry.seconds = QUICK
    hand_in(phone, online.link)
    assert signs(database, online) == [OpenSign.FAST]


def test_waiting_before_beginning_makes_nobody_slow(
    database: Database, online: Online, phone: Phone, hurry: SimpleNamespace
) -> None:
    phone.go(f"/o/{online.link}")
    hurry.seconds = QUICK
    answer_all(phone.press("start"), BY_LINK[:-1])
    phone.press(answers=BY_LINK[-1], proof=watching.solve(str(phone.form()["csrf_token"])))
    assert signs(database, online) == [OpenSign.FAST]


def test_the_clock_begins_once(database: Database, online: Online, phone: Phone, hurry: SimpleNamespace) -> None:
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK[:2])
    hurry.seconds = QUICK
    answer_all(phone.go("/questionnaire?at=welcome").press("start"), BY_LINK[2:-1])
    phone.press(answers=BY_LINK[-1], proof=watching.solve(str(phone.form()["csrf_token"])))
    assert signs(database, online) == [OpenSign(0)]


def test_very_many_of_one_network_bear_a_weak_sign_and_all_are_taken(
    database: Database, online: Online, new_phone: NewPhone, hurry: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analysis.integrity.open_answers.CROWD_FROM", 3)
    for _ in range(4):
        hand_in(new_phone(), online.link)
    assert signs(database, online) == [OpenSign(0)] * 2 + [OpenSign.CROWD] * 2


def test_a_browser_that_handed_in_before_is_known_by_its_own_cookie(
    database: Database, online: Online, phone: Phone, hurry: SimpleNamespace
) -> None:
    hand_in(phone, online.link)
    phone.delete_cookie(COOKIE)
    hand_in(phone, online.link)
    assert signs(database, online) == [OpenSign(0), OpenSign.SAME_DEVICE]


def test_its_cookie_says_the_wave_and_nothing_else_and_goes_where_asked(
    database: Database, online: Online, phone: Phone, hurry: SimpleNamespace
) -> None:
    hand_in(phone, online.link)
    cookie = phone.get_cookie(watching.COOKIE, path="/questionnaire")
    assert cookie is not None
    assert cookie.value.rpartition(".")[0] == str(online.wave)
    assert (cookie.secure, cookie.http_only) == (True, True)
    phone.post("/questionnaire/end", data=phone.form())  # nothing is to be left on this phone
    assert phone.get_cookie(watching.COOKIE, path="/questionnaire") is None


@pytest.mark.slow
def test_many_behind_one_address_are_no_burst(
    database: Database, online: Online, new_phone: NewPhone, hurry: SimpleNamespace
) -> None:
    """A carrier's address translation: a community with one address, everybody calm and with the script."""
    for _ in range(BURST_FROM + 2):
        hand_in(new_phone(), online.link)
    assert signs(database, online) == [OpenSign(0)] * (BURST_FROM + 2)


def test_many_of_one_network_with_another_sign_are_a_burst_and_all_are_taken(
    database: Database, online: Online, new_phone: NewPhone, hurry: SimpleNamespace
) -> None:
    for number in range(BURST_FROM + 1):
        hand_in(new_phone(), online.link, script=False, address=f"203.0.113.{number + 1}")
    hand_in(new_phone(), online.link, script=False, address="198.51.100.9")
    assert signs(database, online) == [OpenSign.NO_PROOF] * BURST_FROM + [OpenSign.NO_PROOF | OpenSign.BURST] * 2


def test_an_answer_by_code_is_not_watched(database: Database, online: Online, phone: Phone) -> None:
    answer_all(begin(phone, f"/a/{online.codes[0]}"), BY_CODE)
    with database.reading() as session:
        rows = session.execute(schema.METADATA.tables["responses"].select()).all()
    assert [row.signs for row in rows] == [None]
    assert counted(database) == []


def test_no_row_and_no_byte_tells_the_network(
    database: Database, online: Online, new_phone: NewPhone, hurry: SimpleNamespace, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for address in ("203.0.113.7", "2001:db8:7:1::5", "2001:db8:7:2::6"):
        hand_in(new_phone(), online.link, address=address)
    assert counted(database) == [1, 1, 2, 2], "a /48 is one network; two windows that overlap"
    stored = str(attacker.read_everything(database)) + caplog.text
    for part in ("203.0.113", "2001:db8", "203-0-113"):
        assert part not in stored
        assert not any(part.encode() in page for page in attacker.raw_pages(database))
    (row, *_) = attacker.read_everything(database)["open_link_counts"]
    assert set(row) == {"tag", "answers"}


def test_the_night_leaves_neither_counts_nor_their_key(
    database: Database, online: Online, new_phone: NewPhone, hurry: SimpleNamespace, config: Config
) -> None:
    hand_in(new_phone(), online.link)
    assert len(list(config.keys.glob("day-*.key"))) == 1
    tags = {row["tag"] for row in attacker.read_everything(database)["open_link_counts"]}
    with database.writing() as session:
        forget_networks(session, online.keys)
    assert counted(database) == []
    assert list(config.keys.glob("day-*.key")) == []
    hand_in(new_phone(), online.link)
    again = {row["tag"] for row in attacker.read_everything(database)["open_link_counts"]}
    assert again.isdisjoint(tags), "the same network, another key"


def test_another_day_begins_anew(
    database: Database, online: Online, new_phone: NewPhone, hurry: SimpleNamespace, config: Config
) -> None:
    hand_in(new_phone(), online.link)
    (today,) = config.keys.glob("day-*.key")
    today.rename(today.with_name("day-2026-01-01.key"))
    hand_in(new_phone(), online.link)
    assert counted(database) == [1, 1]
    assert list(config.keys.glob("day-*.key")) == [today]


def test_without_a_place_for_the_key_the_answer_is_taken(
    app: Flask, database: Database, online: Online, phone: Phone, hurry: SimpleNamespace, config: Config
) -> None:
    (config.keys / f"day-{datetime.now(SHANGHAI):%Y-%m-%d}.key").mkdir()
    hand_in(phone, online.link, script=False)
    assert signs(database, online) == [OpenSign.NO_PROOF]


def test_the_script_stands_on_screens_of_open_links_alone(online: Online, new_phone: NewPhone) -> None:
    by_link, by_code = begin(new_phone(), f"/o/{online.link}"), begin(new_phone(), f"/a/{online.codes[0]}")
    assert "proof.js" in str([script.get("src") for script in by_link.last.all("script")])
    assert "proof.js" not in str([script.get("src") for script in by_code.last.all("script")])
