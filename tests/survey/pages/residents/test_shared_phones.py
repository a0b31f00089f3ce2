"""One phone, several people or several letters: nothing half filled in is lost, and nobody is shown what another
answered, or their codes."""

import re

import pytest

from survey.pages.residents import put_aside
from survey.pages.residents.visitors import COOKIE
from survey.store.database import Database
from survey.workflow.close_wave import close_wave
from tests.survey import answering
from tests.survey.answering import AT, Online
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin

CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4})+\b")
JUST_HANDED_IN, NOT_FINISHED = "这部手机上刚交过一份", "这部手机上有一份没填完"


def stored(database: Database, online: Online) -> list[dict[str, object]]:
    with database.reading() as session:
        return list(answering.stored(session, online.wave).values())


def test_the_second_person_at_the_poster_sees_no_code_and_can_answer(
    database: Database, online: Online, phone: Phone
) -> None:
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK)
    codes = CODE.findall(phone.words)
    assert len(codes) == 2
    assert phone.go(f"/o/{online.link}").heading == JUST_HANDED_IN
    assert CODE.findall(phone.words) == []
    assert CODE.findall(phone.go("/questionnaire/end").words) == codes, "who asks for them sees them again"
    answer_all(phone.go(f"/o/{online.link}").take_other().press("start"), BY_LINK)
    assert phone.state == "complete"
    assert set(CODE.findall(phone.words)).isdisjoint(codes)
    assert len(stored(database, online)) == 2


def test_asking_who_changes_nothing_by_itself(database: Database, online: Online, phone: Phone) -> None:
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK)
    cookie = phone.get_cookie(COOKIE)
    for _ in range(3):
        phone.go(f"/o/{online.link}")
    assert phone.get_cookie(COOKIE) == cookie
    reply = phone.post("/questionnaire/other", data={"csrf_token": "guessed"})
    assert reply.location == "/questionnaire", "where it is asked again"
    assert phone.get_cookie(COOKIE) == cookie


def test_whom_it_was_not_for_is_followed_by_another_of_the_home(
    database: Database, online: Online, phone: Phone
) -> None:
    begin(phone, f"/a/{online.codes[0]}").press(answers={"S1": "2"}).press("finish")
    assert phone.state == "screened"
    assert phone.go(f"/a/{online.codes[0]}").heading == JUST_HANDED_IN
    answer_all(phone.take_other().press("start"), BY_CODE)
    assert phone.state == "complete"
    assert len(stored(database, online)) == 1


def test_after_closing_the_receipt_is_still_found_by_the_poster(
    database: Database, online: Online, phone: Phone
) -> None:
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK)
    with database.writing() as session:
        close_wave(session, online.keys, online.wave, at=AT, by="tests")
    assert phone.go(f"/o/{online.link}").heading == JUST_HANDED_IN
    assert "换一个人" not in phone.words


@pytest.mark.parametrize("way", ["letter, then poster", "poster, then letter", "letter, then letter"])
def test_what_was_begun_is_kept_when_another_is_taken(
    database: Database, online: Online, phone: Phone, way: str
) -> None:
    addresses = {"letter": f"/a/{online.codes[0]}", "poster": f"/o/{online.link}"}
    first, second = (addresses[one] for one in way.split(", then "))
    if first == second:
        second = f"/a/{online.codes[1]}"
    screens = {address: BY_LINK if address.startswith("/o/") else BY_CODE for address in (first, second)}
    answer_all(begin(phone, first), screens[first][:3])
    at = phone.items
    assert phone.go(second).heading == NOT_FINISHED
    assert phone.resume().items == at, "the first goes on as if nothing had been"
    phone.go(second).take_other()
    assert phone.items == [], "the introduction of the other"
    answer_all(phone.press("start"), screens[second][:2])
    assert phone.go(first).heading == NOT_FINISHED
    assert phone.resume(1).items == at, "after the one at hand"
    answer_all(phone, screens[first][3:])
    assert phone.state == "complete"
    assert phone.go(second).heading == NOT_FINISHED
    assert "刚交过一份" in phone.words
    assert phone.resume().items == [next(iter(screens[second][2]))]
    answer_all(phone, screens[second][2:])
    assert phone.state == "complete"
    assert len(stored(database, online)) == 2


def test_what_was_only_opened_gives_way_unasked(online: Online, phone: Phone) -> None:
    phone.go(f"/a/{online.codes[0]}")
    assert phone.go(f"/o/{online.link}").last.all("button"), "the introduction"
    assert phone.heading not in (NOT_FINISHED, JUST_HANDED_IN)
    phone.press("start")
    assert phone.go(f"/a/{online.codes[0]}").heading != NOT_FINISHED, "nothing was answered"


def test_the_code_stays_in_no_address_while_it_is_asked(online: Online, phone: Phone) -> None:
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK[:2])
    phone.go(f"/a/{online.codes[0]}")
    assert phone.address == "/questionnaire/other"
    assert online.codes[0] not in str(phone.get_cookie(put_aside.COOKIE))


@pytest.mark.parametrize("content", ["", "x", "~", "1.2.3~", "a" * 3500, "é", ".."])
def test_a_cookie_that_is_not_ours_holds_nothing(online: Online, phone: Phone, content: str) -> None:
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK[:2])
    phone.set_cookie(put_aside.COOKIE, content)
    assert phone.go("/questionnaire/other").heading == NOT_FINISHED
    assert phone.resume().items == ["B1"]
    assert phone.go(f"/a/{online.codes[0]}").heading == NOT_FINISHED


def test_nobody_is_asked_without_a_questionnaire(online: Online, phone: Phone) -> None:
    assert phone.go("/questionnaire/other").status == 400
    assert phone.post("/questionnaire/other", data={}).status_code == 400
