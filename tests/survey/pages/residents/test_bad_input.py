"""Lost cookies, wrong codes, photos, a wave that closes: a clear page, nothing lost, nothing told."""

import io
from pathlib import Path

import pytest
from flask import Flask

from survey.config import Config
from survey.keys import KeyRing
from survey.messages import Failure, Message
from survey.pages.residents.visitors import COOKIE
from survey.store import invitations
from survey.store.database import Database
from survey.store.invitations import InvitationState
from survey.waves import WaveState
from tests.survey import answering
from tests.survey.answering import EAST, Online
from tests.survey.pages.page_client import read_html
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin


def responses_in(database: Database, online: Online) -> list[dict[str, object]]:
    with database.reading() as session:
        return list(answering.stored(session, online.wave).values())


@pytest.mark.parametrize("code", ["0000-0000-0000-0000", "hello", "%00", "a/../b", "é" * 16])
def test_a_wrong_code_says_what_to_do(online: Online, phone: Phone, code: str) -> None:
    response = phone.post("/a", data={"code": code})
    assert response.status_code == 404
    page = read_html(response.text)[0]
    assert "再输一遍" in page.text
    assert [field for field in page.all("input") if field.get("name") == "code"]
    assert phone.get(f"/o/{code[:4]}").status_code == 404


def test_a_revoked_code_points_to_the_new_letter(database: Database, online: Online, phone: Phone) -> None:
    with database.writing() as session:
        invitations.revoke_all(session, online.wave, EAST)
    assert "最新一封信" in phone.go(f"/a/{online.codes[0]}").words


@pytest.mark.parametrize(("state", "heading"), [(WaveState.DRAWN, "还没有开始"), (WaveState.CLOSED, "已经结束")])
def test_outside_the_field_the_page_says_so(
    database: Database, config: Config, phone: Phone, state: WaveState, heading: str
) -> None:
    online = answering.start(database, KeyRing(folder=config.keys), state=state)
    for address in (f"/a/{online.codes[0]}", f"/o/{online.link}"):
        phone.go(address)
        assert (phone.status, heading in phone.heading) == (409, True)


def test_a_wave_that_closes_on_the_way_takes_nothing_more(database: Database, online: Online, entered: Phone) -> None:
    answering.close(database, online)
    entered.press()
    assert (entered.status, entered.heading) == (409, "这次调查已经结束")
    assert entered.go("/questionnaire").heading == "这次调查已经结束"
    assert responses_in(database, online) == []


def test_without_cookies_the_page_says_how(online: Online, new_phone: NewPhone) -> None:
    phone = new_phone()
    phone.get(f"/a/{online.codes[0]}")
    phone.delete_cookie(COOKIE)
    for address in ("/questionnaire", "/questionnaire/end"):
        phone.go(address)
        assert phone.status == 400
        assert "Cookie" in phone.words
        assert "微信" in phone.words
    assert phone.post("/questionnaire", data={"action": "next"}).status_code == 400


def test_a_lost_cookie_leaves_the_code_and_shows_nobody_the_answers(
    database: Database, online: Online, phone: Phone
) -> None:
    begin(phone, f"/a/{online.codes[0]}")
    answer_all(phone, BY_CODE[:3])
    form = phone.form(answers={"B1": "1"})
    phone.delete_cookie(COOKIE)
    assert "没有交过的填答码还能用" in phone.post("/questionnaire", data=form).text
    begin(phone, f"/a/{online.codes[0]}")
    assert phone.chosen == {}
    answer_all(phone, BY_CODE)
    assert phone.state == "complete"


@pytest.mark.parametrize("cookie", ["", "nonsense", "W10.AAAA", "x" * 3000, "ÿ"])
def test_a_forged_cookie_is_no_cookie(online: Online, phone: Phone, cookie: str) -> None:
    phone.set_cookie(COOKIE, cookie)
    assert phone.get("/questionnaire").status_code == 400


def test_a_forged_form_changes_nothing(database: Database, online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    form = phone.form(answers={"S1": "1"})
    for token in ("", "0" * 32, "错"):
        assert phone.post("/questionnaire", data=form | {"csrf_token": token}).status_code == 400
    assert phone.go("/questionnaire?at=A1").items == ["S1"]


def test_a_body_of_300_kb_is_refused_kindly(online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    answer_all(phone, BY_LINK[:5])
    reply = phone.post("/questionnaire", data=phone.form(answers={"T1": "长" * 100_000}))
    assert reply.status_code == 413
    assert "都还在" in reply.text
    assert phone.again().items == ["T1"]


def test_a_photo_in_the_form_is_left_aside(database: Database, online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    photo = (io.BytesIO(b"\xff\xd8\xff\xe0" + bytes(1000)), "IMG_1.jpg")
    phone.post("/questionnaire", data=phone.form(answers={"S1": "1"}) | {"q-S1-photo": photo})
    assert phone.again().items == ["A1"], "the answers beside it are kept"


@pytest.mark.parametrize("size", [10_000, 300_000])
def test_a_photo_instead_of_the_form_is_refused_kindly(online: Online, phone: Phone, size: int) -> None:
    begin(phone, f"/o/{online.link}").press(answers={"S1": "1"})
    reply = phone.post("/questionnaire", data=b"\xff\xd8\xff\xe0" * (size // 4), content_type="image/jpeg")
    assert reply.status_code in (400, 413)
    assert "都还在" in reply.text
    assert phone.again().items == ["A1"]


@pytest.mark.parametrize(
    "text", ["\x00", "\ufffd", "<script>alert(1)</script>", "𝕏" * 20, "\u202e", "';--", "{campaign}"]
)
def test_naughty_texts_are_kept_or_refused_never_fatal(
    database: Database, online: Online, phone: Phone, text: str
) -> None:
    begin(phone, f"/o/{online.link}")
    answer_all(phone, BY_LINK[:5])
    phone.press(answers={"T1": text})
    if phone.state != "complete":
        assert phone.status == 422
        phone.press(answers={"T1": ""})
    assert phone.state == "complete"
    assert len(responses_in(database, online)) == 1


def test_items_that_are_not_this_persons_are_ignored(database: Database, online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    answer_all(phone, BY_LINK[:5])
    phone.post("/questionnaire", data=phone.form() | {"shown": "T1 N1 XX", "q-N1": "3", "q-XX": "1"})
    (answers,) = responses_in(database, online)
    assert "N1" not in answers
    assert "XX" not in answers


def test_a_database_that_does_not_answer_is_said_in_plain_words(
    app: Flask, database: Database, online: Online, phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    begin(phone, f"/o/{online.link}")
    form = phone.form(answers={"S1": "1"})

    def broken(*_: object, **__: object) -> None:
        raise Failure(Message("磁盘已满 /srv/secret"))

    with monkeypatch.context() as patch:
        patch.setattr("survey.pages.residents.turns.save_answers", broken)
        reply = phone.post("/questionnaire", data=form)
    assert reply.status_code == 503
    assert "没有存上" in reply.text
    assert "secret" not in reply.text
    assert phone.post("/questionnaire", data=form).status_code == 303, "sent again, it is kept"


def test_a_lost_key_is_a_failure_not_a_new_questionnaire(online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}").press(answers={"S1": "1"})
    for file in Path(online.keys.folder).iterdir():
        file.rename(file.with_suffix(".lost"))
    assert phone.go("/questionnaire").status == 503


def test_no_cookie_of_a_finished_questionnaire_leads_to_the_answer(
    database: Database, online: Online, entered: Phone
) -> None:
    entered.press()
    cookie = entered.get_cookie(COOKIE)
    assert cookie is not None
    with database.reading() as session:
        (uuid,) = answering.stored(session, online.wave)
    assert uuid.hex not in cookie.decoded_value


def test_only_the_code_that_was_used_is_spent(database: Database, online: Online, phone: Phone) -> None:
    answer_all(begin(phone, f"/a/{online.codes[0]}"), BY_CODE)
    with database.reading() as session:
        found = [invitations.find_invitation(session, [hashed]) for hashed in online.hashes]
    assert [one.state for one in found if one] == [InvitationState.SPENT, InvitationState.OPEN]
