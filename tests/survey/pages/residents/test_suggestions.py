"""A complaint or suggestion: apart from the questionnaire, with its own consent, the day only, once, within limits."""

from typing import Any

import pytest

from survey.pages.residents.guesses import LIMIT
from survey.pages.residents.visitors import COOKIE
from survey.store.database import Database
from survey.store.suggestions import LONGEST_TEXT, Suggestion, list_suggestions
from tests.survey.answering import EAST, Online
from tests.survey.pages.page_client import OWN, read_html
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_LINK, Phone, answer_all, begin

WHOLE = {"kind": "complaint", "area": EAST, "text": "路灯不亮。\r\n第二行", "consent": "yes"}


def stored(database: Database) -> tuple[Suggestion, ...]:
    with database.reading() as session:
        return list_suggestions(session)


def form_of(phone: Phone) -> dict[str, Any]:
    page = read_html(phone.get("/suggest").text)[0]
    return {field.get("name"): field.get("value") for field in page.all("input") if field.get("type") == "hidden"}


def test_it_is_kept_once_with_the_day_only(database: Database, online: Online, phone: Phone) -> None:
    form = form_of(phone) | WHOLE
    for _ in range(2):
        reply = phone.post("/suggest", data=form)
        assert (reply.status_code, "已经收到" in reply.text) == (200, True)
    (one,) = stored(database)
    assert (one.area, one.text, one.contact) == (EAST, "路灯不亮。\n第二行", "")


def test_the_questionnaires_cookie_is_neither_read_nor_set(online: Online, phone: Phone) -> None:
    finished = answer_all(begin(phone, f"/o/{online.link}"), BY_LINK)
    (link,) = [link for link in finished.last.all("a") if link.get("href") == "/suggest"]
    assert "noreferrer" in link.get("rel")
    with_cookie = phone.get("/suggest")
    assert with_cookie.headers["Referrer-Policy"] == "no-referrer"
    assert "Set-Cookie" not in with_cookie.headers
    phone.delete_cookie(COOKIE)
    without = phone.get("/suggest")

    def plain(text: str) -> str:
        text = OWN.sub(r"\1", text)
        (own,) = [f.get("value") for f in read_html(text)[0].all("input") if f.get("name") == "form"]
        return text.replace(own, "")

    assert plain(with_cookie.text) == plain(without.text)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"consent": ""}, "不能保存"),
        ({"text": "  "}, "请写下"),
        ({"text": "长" * (LONGEST_TEXT + 1)}, "最多1000个字"),
        ({"kind": "praise"}, "投诉还是建议"),
        ({"area": "999"}, "从列表里选"),
        ({"contact": "13800000000"}, "同时勾选"),
        ({"contact": "1" * 101, "contact_consent": "yes"}, "最多100个字"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(
    database: Database, online: Online, phone: Phone, change: dict[str, str], words: str
) -> None:
    reply = phone.post("/suggest", data=form_of(phone) | WHOLE | change)
    assert reply.status_code == 422
    page = read_html(reply.text)[0]
    assert words in page.text
    if "text" not in change:
        assert "路灯不亮" in page.all("textarea")[0].text
    assert stored(database) == ()


@pytest.mark.parametrize(
    ("action", "mark"), [("type:large", 'class="govuk-template resident resident--large'), ("language:en", 'lang="en')]
)
def test_larger_type_or_another_language_lose_nothing_that_was_written(
    database: Database, online: Online, phone: Phone, action: str, mark: str
) -> None:
    reply = phone.post("/suggest", data=form_of(phone) | WHOLE | {"action": action})
    assert (reply.status_code, mark in reply.text) == (200, True)
    page = read_html(reply.text)[0]
    assert "路灯不亮" in page.all("textarea")[0].text
    assert [one.get("id") for one in page.all("input") if "checked" in one.attributes] == ["kind-complaint", "consent"]
    assert stored(database) == ()
    assert mark in phone.get("/suggest").text, "chosen for the next page too"


def test_the_enter_key_hands_in_and_does_not_enlarge_the_type(online: Online, phone: Phone) -> None:
    """A browser presses the first button of a form: one without a name, so that the form is sent as by the last."""
    page = read_html(phone.get("/suggest").text)[0]
    first = page.all("form")[0].all("button")[0]
    assert (first.get("name"), first.get("type")) == ("", "")
    assert first.text == "交上"


def test_a_way_to_be_reached_needs_its_own_consent(database: Database, online: Online, phone: Phone) -> None:
    both = {"contact": " 13800000000 ", "contact_consent": "yes"}
    assert phone.post("/suggest", data=form_of(phone) | WHOLE | both).status_code == 200
    (one,) = stored(database)
    assert one.contact == "13800000000"


@pytest.mark.parametrize("text", ["\x00路灯", "<script>alert(1)</script>", "🙂" * 300, "\u202e反", "\ud800a", "';--"])
def test_naughty_texts_are_kept_as_text(database: Database, online: Online, phone: Phone, text: str) -> None:
    data = form_of(phone) | WHOLE | {"text": text.encode("utf-8", "replace")}
    assert phone.post("/suggest", data=data).status_code == 200
    (one,) = stored(database)
    assert "\x00" not in one.text


def test_a_flood_is_slowed_down(database: Database, online: Online, new_phone: NewPhone) -> None:
    flooder = new_phone()
    for _ in range(LIMIT + 1):
        assert flooder.post("/suggest", data=WHOLE | {"consent": ""}).status_code == 422, "not kept, not counted"
    for _ in range(LIMIT):
        assert flooder.post("/suggest", data=WHOLE).status_code == 200
    assert flooder.post("/suggest", data=WHOLE).status_code == 429
    elsewhere = new_phone().post("/suggest", data=WHOLE, environ_base={"REMOTE_ADDR": "198.51.100.7"})
    assert elsewhere.status_code == 200
    assert len(stored(database)) == LIMIT + 1


def test_a_second_one_after_going_back_is_offered_with_its_words(
    database: Database, online: Online, phone: Phone
) -> None:
    form = form_of(phone) | WHOLE
    assert phone.post("/suggest", data=form).status_code == 200
    reply = phone.post("/suggest", data=form | {"text": "电梯也坏了"})
    page = read_html(reply.text)[0]
    assert (reply.status_code, page.all("textarea")[0].text.strip()) == (422, "电梯也坏了")
    assert "前一份已经收到了" in page.text
    assert "问卷" not in "".join(one.text for one in page.all("li"))
    (own,) = [one.get("value") for one in page.all("input") if one.get("name") == "form"]
    assert phone.post("/suggest", data=form | {"text": "电梯也坏了", "form": own}).status_code == 200
    assert sorted(one.text for one in stored(database)) == ["电梯也坏了", "路灯不亮。\n第二行"]


def test_a_text_far_too_long_is_looked_at_before_anything_is_locked(
    database: Database, online: Online, phone: Phone
) -> None:
    with database.writing():  # somebody else writes meanwhile
        reply = phone.post("/suggest", data=form_of(phone) | WHOLE | {"text": " " + "长\x01" * 20_000})
    assert reply.status_code == 422
    assert "最多1000个字" in reply.text


@pytest.mark.parametrize("address", ["/suggest", "/withdraw", "/receipts/1"])
def test_refusals_here_speak_of_no_questionnaire(online: Online, phone: Phone, address: str) -> None:
    large = phone.post(address, data={"text": "x" * 1_000_000})
    assert large.status_code == 413
    wrong = phone.delete(address)
    for reply in (large, wrong):
        assert "接着填" not in reply.text
        assert "填的答案" not in reply.text
