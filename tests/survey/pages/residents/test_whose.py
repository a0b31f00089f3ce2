"""A phone that goes from hand to hand: nothing of a half-filled questionnaire is seen before somebody says that it is
theirs, and none is lost by somebody else's."""

import pytest
from flask import Flask

from survey.pages.residents import whose
from survey.pages.residents.put_aside import MOST_KEPT
from survey.store.database import Database
from tests.survey import answering
from tests.survey.answering import Online
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin

NOT_FINISHED = "这部手机上有一份没填完"
ENTRANCES = ("letter", "poster", "bare address", "browser opened again", "code typed")


def stored(database: Database, online: Online) -> list[dict[str, object]]:
    with database.reading() as session:
        return list(answering.stored(session, online.wave).values())


def open_anew(phone: Phone, online: Online, way: str) -> Phone:
    """As whoever has the phone next does, whose letter or poster is that of whoever had it before."""
    if way == "code typed":
        return phone.follow(phone.post("/a", data={"code": online.codes[0]}), "/a")
    if way == "browser opened again":
        phone.delete_cookie(whose.COOKIE)
        return phone.go("/questionnaire?at=A1")
    return phone.go({"letter": f"/a/{online.codes[0]}", "poster": f"/o/{online.link}"}.get(way, "/questionnaire"))


def first_half(phone: Phone, online: Online, way: str) -> list[str]:
    """Somebody answers three screens; the items that they would see next."""
    by_link = way == "poster"
    begin(phone, f"/o/{online.link}" if by_link else f"/a/{online.codes[0]}")
    return answer_all(phone, (BY_LINK if by_link else BY_CODE)[:4]).items


@pytest.mark.parametrize("way", ENTRANCES)
def test_nothing_is_shown_before_it_is_said_whose_it_is(online: Online, phone: Phone, way: str) -> None:
    at = first_half(phone, online, way)
    open_anew(phone, online, way)
    assert (phone.status, phone.heading, phone.items) == (200, NOT_FINISHED, [])
    assert "不想回答" not in phone.words
    for address in ("/questionnaire?at=A1", "/questionnaire?at=S1", "/questionnaire?at=welcome", "/questionnaire/stop"):
        assert phone.go(address).heading == NOT_FINISHED, address
    links = {link.get("href") for link in phone.go("/rights").last.all("a")}
    assert not {link for link in links if link.startswith("/questionnaire")}, "another's is not stopped from there"
    assert open_anew(phone, online, way).resume().items == at
    assert phone.go("/questionnaire?at=A1").chosen == {"A1": ["1"]}


@pytest.mark.parametrize("way", ENTRANCES)
def test_another_person_begins_and_both_hand_in_what_they_answered(
    database: Database, online: Online, phone: Phone, way: str
) -> None:
    at = first_half(phone, online, way)
    screens = BY_LINK if way == "poster" else BY_CODE
    open_anew(phone, online, way).take_other()
    assert phone.last.all("button")[0].text == "开始填写"
    answer_all(phone.press("start"), screens[:2])
    assert phone.items == ["B1"] if way == "poster" else ["A1"]
    assert phone.go("/questionnaire?at=A1").chosen == ({"A1": ["1"]} if way == "poster" else {})
    open_anew(phone, online, way).resume(1)
    assert phone.items == at
    answer_all(phone, screens[4:])
    assert phone.state == "complete"
    open_anew(phone, online, way if way in ("letter", "poster") else "letter").resume()
    answer_all(phone, screens[2:])
    assert phone.state == ("complete" if way == "poster" else "kept-aside"), "one of each home counts"
    assert len(stored(database, online)) == (2 if way == "poster" else 1)


def test_the_half_filled_ones_are_told_apart_by_when_they_were_begun(
    online: Online, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour in (9, 15):
        monkeypatch.setattr("survey.pages.residents.visitors.time.time", lambda: 1_767_225_600 + hour * 3600)  # noqa: B023 - called before the next
        phone.go(f"/o/{online.link}")
        if phone.heading == NOT_FINISHED:
            phone.take_other()
        phone.press("start").press(answers=BY_LINK[0])
    phone.go(f"/o/{online.link}")
    assert phone.words.index("23:00开始的") < phone.words.index("17:00开始的"), "the newest first"


def test_as_many_as_a_cookie_holds_are_found_again(online: Online, phone: Phone) -> None:
    for number in range(MOST_KEPT + 1):
        phone.go(f"/a/{online.codes[0]}")
        if number:
            phone.take_other()
        answer_all(phone.press("start"), BY_CODE[: 1 + number % 4])
    cookies = sum(len(cookie.value) for cookie in [phone.get_cookie("survey_aside")] if cookie)
    assert cookies < 2500
    seen = []
    for _ in range(MOST_KEPT + 1):
        phone.go(f"/a/{online.codes[0]}").resume(MOST_KEPT)  # the one longest ago
        seen.append(phone.items)
    assert seen == [["N1"], ["A1"], ["B1"], ["C1"], ["N1"], ["A1"], ["B1"]]


def test_a_form_on_the_screen_is_taken_whatever_was_asked_since(
    database: Database, online: Online, phone: Phone
) -> None:
    """One tab is on a question, another scans the poster: what is chosen in the first is kept, and it goes on there."""
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK[:-1])
    form = phone.form(answers=BY_LINK[-1])
    back = phone.form("back")
    assert phone.go(f"/o/{online.link}").heading == NOT_FINISHED
    assert phone.follow(phone.post("/questionnaire", data=back), "").items == ["D1", "D2", "D3"]
    assert phone.go(f"/o/{online.link}").heading == NOT_FINISHED
    for _ in range(2):
        assert phone.post("/questionnaire", data=form).location == "/questionnaire/end"
    assert len(stored(database, online)) == 1


@pytest.mark.parametrize("pressed", ["mine", "another"])
def test_a_second_tap_does_no_harm(app: Flask, online: Online, phone: Phone, pressed: str) -> None:
    answer_all(begin(phone, f"/o/{online.link}"), BY_LINK[:2])
    first = phone.go(f"/o/{online.link}").saying()
    phone.take_other().press("start").press(answers=BY_LINK[0])
    data = phone.go(f"/o/{online.link}").saying(1 if pressed == "mine" else None)
    phone.post("/questionnaire/other", data=data)
    again = phone.follow(phone.post("/questionnaire/other", data=data), "")
    assert again.items == (["B1"] if pressed == "mine" else [])
    assert phone.go(f"/o/{online.link}").heading == NOT_FINISHED
    stale = phone.follow(phone.post("/questionnaire/other", data=first), "")
    assert stale.items == [], "a page from before shows nobody's answers"


def test_clearing_the_codes_leaves_what_another_has_begun(online: Online, phone: Phone) -> None:
    at = first_half(phone, online, "poster")
    answer_all(phone.go(f"/o/{online.link}").take_other().press("start"), BY_LINK)
    phone.post("/questionnaire/end", data=phone.form())
    assert phone.go(f"/o/{online.link}").heading == NOT_FINISHED, "no answer of theirs to whoever scans next"
    assert phone.resume().items == at


def test_who_began_may_finish_with_a_code_that_is_spent(online: Online, phone: Phone, app: Flask) -> None:
    at = first_half(phone, online, "letter")
    other = app.test_client()
    assert isinstance(other, Phone)
    answer_all(begin(other, f"/a/{online.codes[0]}"), BY_CODE)
    assert phone.go(f"/a/{online.codes[0]}").heading == NOT_FINISHED
    assert "换一个人" not in phone.words
    assert phone.resume().items == at
