"""Double taps, two tabs, lost replies, one code on two phones: nothing is lost and nothing counts twice."""

from uuid import uuid4

from survey.pages.residents.visitors import COOKIE
from survey.store import inbox
from survey.store.database import Database
from survey.store.inbox import InboxRecord, PayloadKind, PayloadState
from survey.store.responses import NewResponse, add_response
from survey.store.wave_keys import open_sealer
from survey.waves import Mode
from tests.survey import answering
from tests.survey.answering import AT, EAST, Online
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.phone import BY_CODE, BY_LINK, Phone, answer_all, begin


def responses_in(database: Database, online: Online) -> list[dict[str, object]]:
    with database.reading() as session:
        return list(answering.stored(session, online.wave).values())


def inbox_of(database: Database, online: Online) -> list[tuple[PayloadKind, PayloadState]]:
    with database.reading() as session:
        return [(row.kind, row.state) for row in inbox.list_inbox(session, online.wave)]


def test_a_double_tap_on_the_last_button_is_one_answer(database: Database, online: Online, entered: Phone) -> None:
    form = entered.form()
    cookie = entered.get_cookie(COOKIE)
    assert cookie is not None
    replies = []
    for _ in range(3):
        entered.set_cookie(COOKIE, cookie.value)  # the phone has not seen any reply yet
        replies.append(entered.post("/questionnaire", data=form))
    assert [(reply.status_code, reply.location) for reply in replies] == [(303, "/questionnaire/end")] * 3
    assert entered.go("/questionnaire/end").state == "complete"
    assert len(responses_in(database, online)) == 1
    assert len(inbox_of(database, online)) <= 1, "by link none, by code the visit"


def test_a_lost_reply_is_asked_for_again(database: Database, online: Online, entered: Phone) -> None:
    cookie = entered.get_cookie(COOKIE)
    assert cookie is not None
    entered.press()
    entered.set_cookie(COOKIE, cookie.value)
    assert entered.go("/questionnaire").state == "complete", "opened again instead of sent again"
    assert entered.go("/questionnaire/end").state == "complete"
    assert len(responses_in(database, online)) == 1


def test_a_stale_tab_changes_nothing_after_the_end(database: Database, online: Online, entered: Phone) -> None:
    stale = entered.form() | {"q-T1": "从旧标签页来"}
    entered.press()
    reply = entered.post("/questionnaire", data=stale)
    assert (reply.status_code, reply.location) == (303, "/questionnaire/end")
    (answers,) = responses_in(database, online)
    assert answers["T1"] is None


def test_a_double_tap_on_the_way_keeps_one_answer(online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    form = phone.form(answers={"S1": "1"})
    for _ in range(2):
        assert phone.post("/questionnaire", data=form).location == "/questionnaire?at=A1"
    assert phone.again().items == ["A1"]


def test_two_tabs_on_different_screens_lose_nothing(database: Database, online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    answer_all(phone, BY_LINK[:4])
    old = phone.form(answers={"D1": "1", "D2": "2", "D3": "3"})
    phone.go("/questionnaire?at=A1").press(answers={"A1": "2"})  # the other tab goes back and changes something
    assert phone.post("/questionnaire", data=old).location == "/questionnaire?at=T1"
    phone.again().press()
    (answers,) = responses_in(database, online)
    assert (answers["A1"], answers["D2"]) == (2, 2)


def test_a_tab_of_another_questionnaire_is_not_mixed_in(database: Database, online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    form = phone.form(answers={"S1": "1"})
    begin(phone, f"/a/{online.codes[0]}")
    reply = phone.post("/questionnaire", data=form)
    assert reply.status_code == 400
    assert "另一份问卷" in reply.text
    assert phone.go("/questionnaire?at=S1").chosen == {}


def test_two_people_with_one_code(database: Database, online: Online, new_phone: NewPhone) -> None:
    first, second = new_phone(), new_phone()
    for phone in (first, second):
        answer_all(begin(phone, f"/a/{online.codes[0]}"), BY_CODE[:3])
    assert answer_all(first, BY_CODE[3:]).state == "complete"
    answer_all(second, BY_CODE[3:])
    assert second.state == "kept-aside"
    assert "单独保存" in second.words
    assert len(responses_in(database, online)) == 1
    assert sorted(inbox_of(database, online)) == [
        (PayloadKind.INTERVIEW, PayloadState.QUARANTINED),
        (PayloadKind.VISIT, PayloadState.PLACED),
    ]


def test_the_code_of_a_home_interviewed_at_the_door_is_handed_in_with_once(
    database: Database, online: Online, new_phone: NewPhone
) -> None:
    """Whoever has a letter of such a home cannot fill the supervisor's list with it."""
    interview = uuid4()
    with database.writing() as session:
        sealer = open_sealer(session, online.keys, online.wave, at=AT)
        record = InboxRecord(
            uuid=interview,
            kind=PayloadKind.INTERVIEW,
            wave_id=online.wave,
            tag=sealer.tag(f"case:{online.cases[0]}"),
            sha256="0" * 64,
            state=PayloadState.PLACED,
            reason="",
            body=b"sealed",
        )
        inbox.add(session, record)
        answer = NewResponse(
            uuid=interview, area=EAST, mode=Mode.CAPI, day=AT.date(), answers="{}", completeness="complete"
        )
        add_response(session, online.wave, answer)
    first = answer_all(begin(new_phone(), f"/a/{online.codes[0]}"), BY_CODE)
    assert first.state == "kept-aside"
    second = new_phone().go(f"/a/{online.codes[0]}")
    assert (second.status, second.heading) == (409, "您家已经答过了")
    assert "访员上门" in second.words
    assert sorted(inbox_of(database, online)) == [
        (PayloadKind.INTERVIEW, PayloadState.PLACED),
        (PayloadKind.INTERVIEW, PayloadState.QUARANTINED),
    ]


def test_a_spent_code_says_so_on_another_phone(online: Online, new_phone: NewPhone) -> None:
    first, second = new_phone(), new_phone()
    second.go(f"/a/{online.codes[0]}")
    answer_all(begin(first, f"/a/{online.codes[0]}"), BY_CODE)
    third = new_phone().go(f"/a/{online.codes[0]}")
    assert (third.status, third.heading) == (409, "您家已经答过了")
    assert second.go("/questionnaire").heading == third.heading, "entered before, begun never"
    assert first.go(f"/a/{online.codes[0]}").heading == "这部手机上刚交过一份"
    assert "换一个人" not in first.words, "one of each home"
    assert first.go("/questionnaire/end").state == "complete"
