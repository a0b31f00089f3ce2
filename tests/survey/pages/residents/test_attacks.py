"""Attacks that were published against other survey systems, and some of our own, each against the running pages."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from flask import Flask, Response

from survey.config import Config
from survey.keys import KeyRing
from survey.pages.residents.visitors import COOKIE, new_visitor, remember
from survey.store import inbox, invitations, schema
from survey.store.database import Database
from survey.store.inbox import PayloadKind
from survey.store.invitations import InvitationState
from survey.store.sheets import Entrance
from tests.survey import answering
from tests.survey.answering import EAST, Online
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin

AT_ONCE = 8


def stored(database: Database, online: Online) -> list[dict[str, object]]:
    with database.reading() as session:
        return list(answering.stored(session, online.wave).values())


def rows(database: Database, *tables: str) -> dict[str, int]:
    with database.reading() as session:
        return {name: len(session.execute(schema.METADATA.tables[name].select()).all()) for name in tables}


def all_at_once(actions: list[Callable[[], object]]) -> list[object]:
    """Each action in a thread of its own, begun together."""
    start = threading.Barrier(len(actions))

    def one(action: Callable[[], object]) -> object:
        start.wait(60)
        return action()

    with ThreadPoolExecutor(len(actions)) as pool:
        return list(pool.map(one, actions))


def cookie_of(phone: Phone) -> str:
    cookie = phone.get_cookie(COOKIE)
    assert cookie is not None
    return cookie.value


def forge(app: Flask, entrance: Entrance) -> str:
    """A cookie signed with the site's own secret: what an insider could make."""
    with app.test_request_context():
        response = Response()
        remember(response, new_visitor(entrance))
        return response.headers["Set-Cookie"].split("=", 1)[1].split(";")[0].strip('"')


# The code: absent, null, another's, spent.


@pytest.mark.parametrize(
    "form", [{}, {"code": ""}, {"code": " "}, {"code": "null"}, {"code": "None"}, {"code": "undefined"}]
)
def test_no_code_or_a_null_lets_nobody_in(
    database: Database, online: Online, phone: Phone, form: dict[str, str]
) -> None:
    reply = phone.post("/a", data=form)
    assert reply.status_code == 404
    assert phone.get_cookie(COOKIE) is None
    assert phone.get("/questionnaire").status_code == 400
    assert phone.post("/questionnaire", data={"action": "finish", "code": "null"}).status_code == 400
    assert stored(database, online) == []


@pytest.mark.parametrize("body", ['{"code": null}', '{"code": [""]}', "code[]=x", "code=null&code="])
def test_a_body_of_another_kind_lets_nobody_in(online: Online, phone: Phone, body: str) -> None:
    kind = "application/json" if body.startswith("{") else "application/x-www-form-urlencoded"
    assert phone.post("/a", data=body, content_type=kind).status_code == 404
    assert phone.get_cookie(COOKIE) is None


def test_of_two_codes_in_one_form_only_one_counts(database: Database, online: Online, phone: Phone) -> None:
    reply = phone.post("/a", data={"code": [online.codes[0], online.codes[1]]})
    assert reply.status_code == 303
    answer_all(begin(phone, "/questionnaire"), BY_CODE)
    with database.reading() as session:
        assert invitations.count_invitations(session, online.wave)[EAST] == {
            InvitationState.OPEN: 1,
            InvitationState.SPENT: 1,
        }


def test_a_code_of_another_wave_opens_that_wave_alone(
    app: Flask, database: Database, config: Config, online: Online, new_phone: NewPhone
) -> None:
    other = answering.start(database, KeyRing(folder=config.keys), codes=1)
    answer_all(begin(new_phone(), f"/a/{other.codes[0]}"), BY_CODE)
    assert (len(stored(database, online)), len(stored(database, other))) == (0, 1)
    mixed = Entrance(wave_id=other.wave, area=EAST, uuid=uuid4(), code_hash=online.hashes[0])
    phone = new_phone()
    phone.set_cookie(COOKIE, forge(app, mixed))
    assert phone.go("/questionnaire").status == 404, "even signed by the site itself"
    assert phone.post("/questionnaire", data={"action": "finish"}).status_code == 400


def test_a_code_that_is_revoked_on_the_way_gives_no_second_answer(
    database: Database, online: Online, new_phone: NewPhone
) -> None:
    begun, entered = new_phone(), begin(new_phone(), f"/a/{online.codes[0]}")
    answer_all(begin(begun, f"/a/{online.codes[0]}"), BY_CODE[:-1])
    with database.writing() as session:
        assert invitations.revoke_all(session, online.wave, EAST) == 2
    assert new_phone().go(f"/a/{online.codes[0]}").status == 409
    entered.press(answers=BY_CODE[0])
    assert (entered.status, entered.heading) == (409, "这个填答码已经作废")
    begun.press(answers=BY_CODE[-1])
    assert begun.state == "kept-aside", "nothing that was answered is lost; a supervisor decides"
    assert stored(database, online) == []


def test_a_spent_code_gives_nothing_more(database: Database, online: Online, new_phone: NewPhone) -> None:
    answer_all(begin(new_phone(), f"/a/{online.codes[0]}"), BY_CODE)
    for _ in range(2):
        assert new_phone().go(f"/a/{online.codes[0]}").status == 409
        assert new_phone().post("/a", data={"code": online.codes[0].lower()}).status_code == 409
    assert len(stored(database, online)) == 1


def test_anothers_code_under_my_cookie_is_another_questionnaire(
    database: Database, online: Online, phone: Phone
) -> None:
    answer_all(begin(phone, f"/a/{online.codes[0]}"), BY_CODE[:-1])
    form = phone.form(answers=BY_CODE[-1])
    phone.go(f"/a/{online.codes[1]}").take_other()
    assert phone.post("/questionnaire", data=form).status_code == 400, "a form of the first is none of the second"
    assert begin(phone, "/questionnaire").chosen == {}
    assert stored(database, online) == []


# At once, twice, again.


def test_one_code_on_many_devices_at_once_counts_once(database: Database, online: Online, new_phone: NewPhone) -> None:
    phones = [answer_all(begin(new_phone(), f"/a/{online.codes[0]}"), BY_CODE[:-1]) for _ in range(AT_ONCE)]
    all_at_once([lambda phone=phone: phone.press(answers=BY_CODE[-1]) for phone in phones])  # type: ignore[misc]
    assert sorted(phone.state for phone in phones) == ["complete"] + ["kept-aside"] * (AT_ONCE - 1)
    assert len(stored(database, online)) == 1
    with database.reading() as session:
        assert len(list(inbox.list_inbox(session, online.wave, kind=PayloadKind.INTERVIEW))) == AT_ONCE - 1


@pytest.mark.parametrize("way", ["code", "link"])
def test_one_form_sent_many_times_at_once_is_one_answer(
    app: Flask, database: Database, online: Online, phone: Phone, new_phone: NewPhone, way: str
) -> None:
    address, screens = (f"/a/{online.codes[0]}", BY_CODE) if way == "code" else (f"/o/{online.link}", BY_LINK)
    answer_all(begin(phone, address), screens[:-1])
    form, cookie = phone.form(answers=screens[-1]), cookie_of(phone)

    def send() -> object:
        copy = new_phone()
        copy.set_cookie(COOKIE, cookie)
        reply = copy.post("/questionnaire", data=form)
        return reply.status_code, reply.location

    assert set(all_at_once([send] * AT_ONCE)) == {(303, "/questionnaire/end")}
    assert len(stored(database, online)) == 1
    assert rows(database, "receipts", "withdrawals", "drafts") == {"receipts": 1, "withdrawals": 1, "drafts": 0}


def test_an_old_form_sent_again_after_the_end_changes_nothing(
    database: Database, online: Online, entered: Phone
) -> None:
    form, cookie = entered.form(), cookie_of(entered)
    entered.press()
    (before,) = stored(database, online)
    for again in (cookie, cookie_of(entered)):
        entered.set_cookie(COOKIE, again)
        for action in ("next", "back", "finish", "decline"):
            reply = entered.post("/questionnaire", data=form | {"q-T1": "重放", "action": action})
            assert reply.status_code in (303, 400)
    assert stored(database, online) == [before]
    assert rows(database, "drafts") == {"drafts": 0}


# The cookie and the form.


@pytest.mark.parametrize("place", range(6))
def test_a_cookie_changed_anywhere_is_none(online: Online, phone: Phone, place: int) -> None:
    begin(phone, f"/a/{online.codes[0]}")
    parts = cookie_of(phone).split(".")
    parts[place] = f"{parts[place]}1" if parts[place].isdigit() else parts[place][:-1] + "0" or "complete"
    if ".".join(parts) == cookie_of(phone):
        parts[place] += "a"
    phone.set_cookie(COOKIE, ".".join(parts))
    assert phone.get("/questionnaire").status_code == 400
    assert phone.post("/questionnaire", data=phone.form()).status_code == 400


def test_a_cookie_without_its_code_is_no_open_link(
    app: Flask, database: Database, online: Online, phone: Phone
) -> None:
    """The mode follows from the entrance: who takes the code out has another entrance, and no signature for it."""
    begin(phone, f"/a/{online.codes[0]}")
    wave, area, uuid, _, *rest = cookie_of(phone).split(".")
    phone.set_cookie(COOKIE, ".".join((wave, area, uuid, "", *rest)))
    assert phone.get("/questionnaire").status_code == 400


def test_the_form_of_another_visitor_is_refused(database: Database, online: Online, new_phone: NewPhone) -> None:
    first, second = (begin(new_phone(), f"/o/{online.link}") for _ in range(2))
    reply = second.post("/questionnaire", data=first.form(answers=BY_LINK[0]))
    assert reply.status_code == 400
    assert second.go("/questionnaire?at=A1").items == ["S1"]
    assert rows(database, "drafts") == {"drafts": 0}


def test_items_never_shown_cannot_be_answered_by_saying_they_were(
    database: Database, online: Online, phone: Phone
) -> None:
    """Of another mode, off the way, unknown, or the whole questionnaire in one go."""
    begin(phone, f"/o/{online.link}")
    everything = "S1 N1 A1 B1 C1 D1 D2 D3 T1 ZZ"
    sneaked = {"shown": everything, "q-S1": "1", "q-N1": "3", "q-A1": "2", "q-B1": "1", "q-ZZ": "1", "action": "finish"}
    phone.post("/questionnaire", data=phone.form() | sneaked)
    assert stored(database, online) == [], "nobody is at the end who has not seen what comes before it"
    phone.go("/questionnaire")
    for _ in range(8):
        if phone.state:
            break
        known = {item: value for screen in BY_LINK for item, value in screen.items()}
        phone.press(answers={item: known[item] for item in phone.items if item != "A1" and item not in phone.chosen})
    (answers,) = stored(database, online)
    assert answers["A1"] == 2, "it is on the way, and theirs to answer"
    assert {"N1", "B1", "ZZ"}.isdisjoint(answers)
