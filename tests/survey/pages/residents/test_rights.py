"""What residents are told and may do: rights, stopping, a receipt, taking answers back, the same after a lost reply."""

import re
import threading

import pytest
from flask import Flask

from survey.fieldwork.resident_codes import read_receipt, receipt_hash
from survey.keys import KeyRing
from survey.one_time_codes import read_code
from survey.pages.residents.guesses import LIMIT
from survey.pages.residents.visitors import COOKIE
from survey.store import responses
from survey.store.database import Database
from survey.store.receipts import list_receipts
from survey.store.withdrawals import count_withdrawn
from survey.waves import WaveState
from survey.workflow.close_wave import close_wave
from tests.survey import answering
from tests.survey.answering import AT, DETAILS, Online
from tests.survey.pages.page_client import read_html
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin

CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4})+\b")


def receipts_in(database: Database, online: Online) -> tuple[str, ...]:
    with database.reading() as session:
        return list_receipts(session, online.wave)


def counts(database: Database, online: Online) -> tuple[int, int, int]:
    """Responses, withdrawn ones, receipts."""
    with database.reading() as session:
        return (
            responses.count_responses(session, online.wave),
            count_withdrawn(session, online.wave),
            len(list_receipts(session, online.wave)),
        )


def receipt_of(phone: Phone) -> str:
    return phone.last.all("main")[0].get("data-receipt")


def withdrawal_of(phone: Phone) -> str:
    (hidden,) = phone.last.all("details")
    (code,) = CODE.findall(hidden.text)
    assert read_code(code)
    return str(code)


def finish(phone: Phone, online: Online) -> Phone:
    return answer_all(begin(phone, f"/o/{online.link}"), BY_LINK)


def test_a_finished_questionnaire_shows_a_receipt_and_hides_the_other_code(
    database: Database, online: Online, entered: Phone
) -> None:
    entered.press()
    receipt = receipt_of(entered)
    assert receipts_in(database, online) == (receipt_hash(read_receipt(receipt) or ""),)
    assert receipt in entered.words
    code = withdrawal_of(entered)
    outside = entered.words.replace(entered.last.all("details")[0].text, "")
    assert code not in outside, "a picture of the page shows the receipt only"
    assert "open" not in entered.last.all("details")[0].attributes


@pytest.mark.parametrize("way", ["declined", "screened", "blank"])
def test_whoever_gives_no_answers_gets_a_receipt_that_looks_the_same(
    database: Database, online: Online, phone: Phone, way: str
) -> None:
    if way == "declined":
        phone.go(f"/o/{online.link}").press("decline")
    elif way == "screened":
        begin(phone, f"/o/{online.link}").press(answers={"S1": "2"}).press("finish")
    else:
        begin(phone, f"/o/{online.link}").press(answers={"S1": "1"})
        for _ in range(10):
            phone.press()
    assert phone.state == ("complete" if way == "blank" else way)
    assert receipts_in(database, online) == (receipt_hash(read_receipt(receipt_of(phone)) or ""),)
    assert len(phone.last.all("details")) == (1 if way == "blank" else 0)
    with database.reading() as session:
        assert answering.stored(session, online.wave) == {}


def test_after_a_lost_reply_the_same_codes_are_shown(database: Database, online: Online, entered: Phone) -> None:
    form, cookie = entered.form(), entered.get_cookie(COOKIE)
    assert cookie is not None
    entered.press()
    shown = receipt_of(entered), withdrawal_of(entered)
    for again in ("sent again", "opened again", "reloaded"):
        if again != "reloaded":
            entered.set_cookie(COOKIE, cookie.value)  # this reply never reached the phone
        if again == "sent again":
            entered.post("/questionnaire", data=form)
        entered.go("/questionnaire" if again == "opened again" else "/questionnaire/end")
        assert (entered.state, receipt_of(entered), withdrawal_of(entered)) == ("complete", *shown), again
    assert counts(database, online) == (1, 0, 1)


def test_two_tabs_and_double_taps_at_once_are_one_answer_and_one_receipt(
    app: Flask, database: Database, online: Online, entered: Phone
) -> None:
    form, cookie = entered.form(), entered.get_cookie(COOKIE)
    assert cookie is not None
    replies: list[tuple[int, str | None]] = []

    def send() -> None:
        tab = app.test_client()
        tab.set_cookie(COOKIE, cookie.value)
        reply = tab.post("/questionnaire", data=form)
        replies.append((reply.status_code, reply.location))

    threads = [threading.Thread(target=send) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == [(303, "/questionnaire/end")] * 8
    assert counts(database, online) == (1, 0, 1)


def test_the_answers_are_taken_back_with_the_code_and_nothing_else(
    database: Database, online: Online, new_phone: NewPhone
) -> None:
    finish(mine := new_phone(), online)
    finish(new_phone(), online)
    anywhere = new_phone()
    for typed in (receipt_of(mine), online.codes[0], "hello"):
        assert anywhere.post("/withdraw", data={"code": typed}).status_code == 404
    assert counts(database, online) == (2, 0, 2)
    for _ in range(2):
        reply = anywhere.post("/withdraw", data={"code": withdrawal_of(mine).lower().replace("-", " ")})
        assert reply.status_code == 200
        assert "已经不在了" in reply.text
        assert counts(database, online) == (1, 1, 2)


def test_a_mistyped_code_stays_to_be_compared(online: Online, new_phone: NewPhone) -> None:
    """Nobody with poor eyes types sixteen characters anew for one of them."""
    for address in ("/withdraw", "/a"):
        page = read_html(new_phone().post(address, data={"code": "7k2m-9xq4"}).text)[0]
        (field,) = [one for one in page.all("input") if one.get("id") == "code"]
        assert field.get("value") == "7k2m-9xq4"
    refused = new_phone().post("/withdraw", data={"code": ""})
    (said,) = [one for one in read_html(refused.text)[0].all("p") if one.get("id") == "code-problem"]
    assert said.text == "没有这个撤回码"


def test_guessing_what_takes_back_is_slow(online: Online, new_phone: NewPhone) -> None:
    guesser = new_phone()
    for number in range(LIMIT):
        assert guesser.post("/withdraw", data={"code": f"{number:016}"}).status_code == 404
    reply = guesser.post("/withdraw", data={"code": "0" * 16})
    assert reply.status_code == 429
    assert int(reply.headers["Retry-After"]) > 0
    assert guesser.post("/a", data={"code": online.codes[0]}).status_code == 303, "letters are counted apart"


def test_codes_can_be_cleared_from_a_shared_phone(database: Database, online: Online, phone: Phone) -> None:
    finish(phone, online)
    reply = phone.post("/questionnaire/end", data=phone.form())
    assert (reply.status_code, CODE.findall(reply.text)) == (200, [])
    assert phone.get_cookie(COOKIE) is None
    assert phone.get("/questionnaire/end").status_code == 400
    assert counts(database, online) == (1, 0, 1)


def test_every_screen_has_a_way_to_stop_which_asks_first(database: Database, online: Online, phone: Phone) -> None:
    begin(phone, f"/a/{online.codes[0]}")
    for answers in BY_CODE[:-1]:
        assert "/questionnaire/stop" in {link.get("href") for link in phone.last.all("a")}
        phone.press(answers=answers)
    at = phone.items
    assert "删掉" in phone.go("/questionnaire/stop").heading
    assert phone.again().items == at, "asking deletes nothing"
    phone.go("/questionnaire/stop").press("decline")
    assert phone.state == "declined"
    phone.go(f"/a/{online.codes[0]}")
    assert phone.go("/questionnaire?at=A1").chosen == {}
    assert counts(database, online) == (0, 0, 1)


def test_rights_are_told_with_the_facts_of_the_wave_on_every_screen(online: Online, phone: Phone) -> None:
    phone.go(f"/o/{online.link}")
    assert "/rights" in {link.get("href") for link in phone.last.all("a")}
    begin(phone, f"/o/{online.link}")
    assert "/rights" in {link.get("href") for link in phone.last.all("a")}
    for address in ("/rights", f"/rights/{online.wave}"):
        for language in ("zh_Hans", "en"):
            phone.go(f"{address}?language={language}")
            assert not phone.last.all("script", "img", "iframe")
            for fact in (DETAILS.sponsor, DETAILS.fieldwork, DETAILS.telephone):
                assert fact in phone.words
    phone.go("/rights")
    assert "/questionnaire/stop" in {link.get("href") for link in phone.last.all("a")}


def test_rights_are_told_to_whoever_comes_without_a_questionnaire(
    database: Database, config: object, online: Online, phone: Phone
) -> None:
    assert phone.get("/rights").status_code == 200
    reply = phone.get("/rights/999")
    assert (reply.status_code, "接着填" in reply.text) == (404, False)
    drawn = answering.start(database, online.keys, state=WaveState.DRAWN)
    assert phone.get(f"/rights/{drawn.wave}").status_code == 404, "nobody is told of a wave before it starts"


def test_receipts_are_listed_and_found_once_the_wave_is_closed(
    database: Database, online: Online, new_phone: NewPhone
) -> None:
    finish(mine := new_phone(), online)
    new_phone().go(f"/o/{online.link}").press("decline")
    anybody = new_phone()
    for address in (f"/receipts/{online.wave}", f"/receipts/{online.wave}/list", "/receipts/999"):
        assert anybody.get(address).status_code == 404
    assert f"/receipts/{online.wave}" not in anybody.get("/receipts").text
    with database.writing() as session:
        close_wave(session, KeyRing(folder=online.keys.folder), online.wave, at=AT, by="tests")
    assert f"/receipts/{online.wave}" in anybody.get("/receipts").text
    listed = anybody.get(f"/receipts/{online.wave}/list")
    assert listed.mimetype == "text/plain"
    assert tuple(listed.text.split()) == receipts_in(database, online)
    assert len(listed.text.split()) == 2
    assert "不是人数" in anybody.get(f"/receipts/{online.wave}").text
    address = f"/receipts/{online.wave}"
    assert "在名单里。" in anybody.post(address, data={"receipt": receipt_of(mine).lower()}).text
    missing = anybody.post(address, data={"receipt": "0000-0000-0000"}).text
    assert "不在名单里" in missing
    assert 'value="0000-0000-0000"' in missing, "to be compared"
    assert anybody.post(address, data={"receipt": "hello"}).status_code == 422


def test_after_closing_answers_can_still_be_taken_back(database: Database, online: Online, phone: Phone) -> None:
    finish(phone, online)
    code = withdrawal_of(phone)
    with database.writing() as session:
        close_wave(session, KeyRing(folder=online.keys.folder), online.wave, at=AT, by="tests")
    assert phone.post("/withdraw", data={"code": code}).status_code == 200
    assert counts(database, online) == (0, 1, 1)


def test_neither_code_stands_in_a_log_an_address_or_a_table(
    database: Database, online: Online, phone: Phone, caplog: pytest.LogCaptureFixture
) -> None:
    from tests.survey import attacker

    caplog.set_level("INFO")
    finish(phone, online)
    codes = [read_receipt(receipt_of(phone)), read_code(withdrawal_of(phone))]
    phone.post("/withdraw", data={"code": codes[1] or ""})
    stored = repr(attacker.read_everything(database))
    for code in codes:
        assert code
        assert code not in caplog.text
        assert code not in stored
        assert code not in phone.address


def test_a_cookie_from_before_there_were_codes_still_works(app: Flask, online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}").press(answers={"S1": "1"})
    from survey.pages.residents.visitors import _signer

    signer = _signer("a secret of these tests")
    cookie = phone.get_cookie(COOKIE)
    assert cookie is not None
    older = b".".join(signer.unsign(cookie.value).split(b".")[:5])
    phone.set_cookie(COOKIE, signer.sign(older).decode())
    answer_all(phone.again(), BY_LINK[1:])
    assert (phone.state, receipt_of(phone)) == ("complete", "")
