"""What is left on a phone on which answers were taken back."""

import re

from survey.pages.residents.guesses import LIMIT
from survey.pages.residents.visitors import COOKIE
from survey.pages.residents.watching import COOKIE as HANDED_IN
from survey.store import responses
from survey.store.database import Database
from survey.store.withdrawals import count_withdrawn
from tests.survey.answering import Online
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_LINK, Phone, answer_all, begin

CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){3}\b")


def finish(phone: Phone, online: Online) -> str:
    """The code that takes the answers back."""
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK)
    (code,) = CODE.findall(phone.last.all("details")[0].text)
    return str(code)


def stored(database: Database, online: Online) -> tuple[int, int]:
    with database.reading() as session:
        return responses.count_responses(session, online.wave), count_withdrawn(session, online.wave)


def left(phone: Phone) -> list[bool]:
    """Whether the phone holds a cookie of the questionnaire, and one that says it handed one in."""
    return [phone.get_cookie(COOKIE) is not None, phone.get_cookie(HANDED_IN, path="/questionnaire") is not None]


def test_neither_thanks_nor_codes_stay_on_the_phone(database: Database, online: Online, phone: Phone) -> None:
    code = finish(phone, online)
    assert left(phone) == [True, True]
    reply = phone.post("/withdraw", data={"code": code})
    assert reply.status_code == 200
    assert CODE.findall(reply.text) == []
    assert left(phone) == [False, False]
    assert phone.get("/questionnaire/end").status_code == 400
    for address in ("/questionnaire", f"/o/{online.link}", "/a", "/rights"):
        assert CODE.findall(phone.get(address, follow_redirects=True).text) == []
    assert stored(database, online) == (0, 1)


def test_a_wrong_code_leaves_the_phone_as_it_is(database: Database, online: Online, phone: Phone) -> None:
    code = finish(phone, online)
    assert phone.post("/withdraw", data={"code": "0" * 16}).status_code == 404
    assert left(phone) == [True, True]
    phone.go("/questionnaire/end")
    assert code in phone.words
    assert stored(database, online) == (1, 0)


def test_wrong_codes_shut_nobody_out(database: Database, online: Online, new_phone: NewPhone) -> None:
    """A carrier puts a whole community behind one address, and taking answers back is a right."""
    code, guesser = finish(new_phone(), online), new_phone()
    for number in range(LIMIT):
        assert guesser.post("/withdraw", data={"code": f"{number:016}"}).status_code == 404
    for typed in ("0" * 16, "", "错"):
        refused = guesser.post("/withdraw", data={"code": typed})
        assert (refused.status_code, int(refused.headers["Retry-After"]) > 0) == (429, True)
    assert stored(database, online) == (1, 0)
    assert new_phone().post("/withdraw", data={"code": code}).status_code == 200
    assert stored(database, online) == (0, 1)
    assert guesser.post("/withdraw", data={"code": code}).status_code == 200, "also when it is typed again"


def test_after_it_the_phone_can_answer_again(database: Database, online: Online, phone: Phone) -> None:
    assert phone.post("/withdraw", data={"code": finish(phone, online)}).status_code == 200
    finish(phone, online)
    assert stored(database, online) == (1, 1)


def test_what_somebody_else_is_filling_in_on_the_phone_stays(
    database: Database, online: Online, new_phone: NewPhone
) -> None:
    code = finish(new_phone(), online)
    shared = begin(new_phone(), f"/o/{online.link}").press(answers=BY_LINK[0])
    at = shared.items
    assert shared.post("/withdraw", data={"code": code}).status_code == 200
    assert shared.again().items == at
    assert stored(database, online) == (0, 1)
