"""An interview at the door: who is asked, one item a screen, breaking off, and one interview whatever happens."""

from uuid import UUID, uuid4

import pytest

from analysis.sampling.household import select_adult
from analysis.sampling.sample_design import Respondent
from survey.fieldwork.payloads import Ended, Presence
from survey.roles import Scope
from survey.store import assignments, drafts, inbox, responses
from survey.store.database import Database
from survey.store.draws import get_draw
from survey.store.inbox import PayloadState
from survey.store.interviews import InterviewRecord, read_interviews
from survey.store.wave_keys import open_sealer
from survey.workflow.settle_quarantine import Decision, settle_quarantine
from tests.survey.field import NOW, Field, open_field
from tests.survey.pages.field_site import Browser
from tests.survey.pages.page_client import Element, PageClient
from tests.survey.pages.told_fields import told_fields

#: The way through the questionnaire of the field: item -> what is ticked.
ANSWERS = {"S1": "1", "A1": "1", "B1": "1", "B2": "2", "C1": "90"}


def interviews_of(database: Database, field: Field, case: UUID) -> tuple[InterviewRecord, ...]:
    with database.reading() as session:
        sealer = open_sealer(session, field.keys, field.wave, at=NOW)
        return read_interviews(session, sealer, field.wave, sealer.tag(f"case:{case}"))


def begin(client: PageClient, case: UUID, *, adults: str = "3", number: str | None = None) -> None:
    data = {"interview": number or str(uuid4()), "adults": adults, "led_by": "community_staff"}
    done = client.submit(f"/cases/{case}/interview", data, page=f"/cases/{case}")
    assert (done.status_code, done.location.partition("?")[0]) == (303, f"/cases/{case}/interview")


def answer(client: PageClient, address: str, value: str | None, action: str = "next") -> str:
    """Where the answer leads; a text or number left out is skipped by a second try."""
    page = client.page(address)
    item = address.rpartition("/")[2]
    state = {one.get("name"): one.get("value") for one in page.all("input") if one.get("type") == "hidden"}
    data = {**state, "action": action, **({f"q-{item}": value} if value is not None else {})}
    done = client.post(address, data=data)
    assert done.status_code == 303, done.text
    return done.location


def walk(client: PageClient, case: UUID, answers: dict[str, str] = ANSWERS) -> str:
    """Answer everything on the way; returns where it ends."""
    address = f"/cases/{case}/interview/items/S1"
    while "/items/" in address:
        address = answer(client, address, answers.get(address.rpartition("/")[2]))
    return address


def finish(client: PageClient, case: UUID, *present: str, ended: str = "complete") -> int:
    address = f"/cases/{case}/interview/end"
    tokens = [one.get("value") for one in client.page(address).all("input") if one.get("name") == "csrf_token"]
    return client.post(address, data={"csrf_token": tokens[0], "present": list(present), "ended": ended}).status_code


def asked(page: Element) -> str:
    return page.all("legend")[0].text


def test_who_is_asked_follows_from_the_draw_and_not_from_the_canvasser(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    begin(li, case, adults="3")
    with database.reading() as session:
        seed = bytes.fromhex(get_draw(session, field.draw).seed)
    chosen = select_adult(seed, str(case), 3)
    assert li.page(f"/cases/{case}/interview").all("h1")[0].text == f"请访问第 {chosen} 位"
    # Another number of adults, sent again, changes nothing any more.
    again = li.submit(
        f"/cases/{case}/interview",
        {"interview": str(uuid4()), "adults": "1", "led_by": "nobody"},
        page=f"/cases/{case}/interview/items/S1",
    )
    assert again.status_code == 303
    assert "家中 3 位合格成年人" in li.page(f"/cases/{case}/interview").text


@pytest.mark.parametrize("adults", ["0", "21", "two", "", "-1"])
def test_the_number_of_adults_is_one_to_twenty(li: PageClient, case: UUID, adults: str) -> None:
    sent = {"interview": str(uuid4()), "adults": adults, "led_by": "nobody"}
    back = li.submit(f"/cases/{case}/interview", sent, page=f"/cases/{case}")
    assert back.status_code == 422
    assert told_fields(back.text).keys() == {"adults"}
    assert 'id="begin-led_by-nobody" name="led_by" type="radio" value="nobody" checked' in back.text
    assert 'id="led_by-nobody" name="led_by" type="radio" value="nobody">' in back.text
    assert "访问已经开始" not in li.page(f"/cases/{case}").text


def test_what_is_missing_of_a_household_is_told_beside_it(li: PageClient, case: UUID) -> None:
    back = li.submit(f"/cases/{case}/interview", {"interview": str(uuid4()), "adults": ""}, page=f"/cases/{case}")
    assert told_fields(back.text) == {
        "adults": "家中合格成年人数：请填一个整数。",
        "begin-led_by-nobody": "请选择：谁带的路。",
    }


def test_a_whole_interview_becomes_one_response(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    begin(li, case)
    assert walk(li, case).endswith("/interview/end")
    assert finish(li, case, "alone") == 303
    (interview,) = interviews_of(database, field, case)
    assert interview.state is PayloadState.PLACED
    assert interview.payload.answers == {"S1": 1, "A1": 1, "B1": 1, "B2": 2, "C1": [90], "N1": None, "T1": None}
    assert (interview.payload.adults, interview.payload.canvasser) == (3, field.li.id)
    assert (interview.payload.present, interview.payload.ended) == ((Presence.ALONE,), Ended.COMPLETE)
    assert set(interview.payload.elapsed) == set(interview.payload.answers)
    with database.reading() as session:
        assert responses.count_responses(session, field.wave) == 1
        sealer = open_sealer(session, field.keys, field.wave, at=NOW)
        assert drafts.list_drafts_by_tag(session, field.wave, sealer.tag(f"case:{case}")) == ()
    assert "访问已经交上来" in li.page(f"/cases/{case}").text
    assert "访问已交" in li.page("/cases").text


def test_skips_follow_the_answers(li: PageClient, case: UUID) -> None:
    begin(li, case)
    answer(li, f"/cases/{case}/interview/items/S1", "1")
    answer(li, f"/cases/{case}/interview/items/A1", "2")
    assert answer(li, f"/cases/{case}/interview/items/B1", "1").endswith("/items/C1"), "B2 is for those who know"


def test_an_item_left_empty_is_asked_once_more_and_then_skipped(li: PageClient, case: UUID) -> None:
    begin(li, case)
    answer(li, f"/cases/{case}/interview/items/S1", "1")
    address = f"/cases/{case}/interview/items/A1"
    state = {one.get("name"): one.get("value") for one in li.page(address).all("input") if one.get("type") == "hidden"}
    first = li.post(address, data={**state, "action": "next"})
    assert first.status_code == 422
    assert "这道题还没有答" in first.text
    second = li.post(address, data={**state, "again": "A1", "action": "next"})
    assert second.location.endswith("/items/B1")


def test_a_contradiction_is_shown_beside_the_item(li: PageClient, case: UUID) -> None:
    begin(li, case)
    for item in ("S1", "A1", "B1", "B2"):
        answer(li, f"/cases/{case}/interview/items/{item}", ANSWERS[item])
    address = f"/cases/{case}/interview/items/C1"
    state = {one.get("name"): one.get("value") for one in li.page(address).all("input") if one.get("type") == "hidden"}
    wrong = li.post(address, data={**state, "action": "next", "q-C1": ["1", "90"]})
    assert wrong.status_code == 422
    assert "请去掉一边" in wrong.text


def test_back_keeps_what_was_said(li: PageClient, case: UUID) -> None:
    begin(li, case)
    answer(li, f"/cases/{case}/interview/items/S1", "1")
    back = answer(li, f"/cases/{case}/interview/items/A1", "1", action="back")
    assert back.endswith("/items/S1")
    page = li.page(f"/cases/{case}/interview/items/A1")
    assert [one.get("value") for one in page.all("input") if "checked" in one.attributes] == ["1"]


def test_broken_off_and_resumed_another_day(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    begin(li, case)
    answer(li, f"/cases/{case}/interview/items/S1", "1")
    assert "访问未完" in li.page("/cases").text
    resumed = li.page(f"/cases/{case}/interview")
    assert "从停下的地方继续" in resumed.text
    assert any(one.get("href").endswith("/items/A1") for one in resumed.all("a"))
    assert interviews_of(database, field, case) == ()


def test_someone_who_does_not_want_to_go_on(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    begin(li, case)
    answer(li, f"/cases/{case}/interview/items/S1", "1")
    end = answer(li, f"/cases/{case}/interview/items/A1", None, action="stop")
    assert "中途停止" in li.page(end).text
    assert finish(li, case, "alone", ended="break_off") == 303
    (interview,) = interviews_of(database, field, case)
    assert interview.payload.ended is Ended.BREAK_OFF
    with database.reading() as session:
        assert responses.count_responses(session, field.wave) == 0, "less than half is no response"


def test_somebody_screened_out_ends_at_once(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    begin(li, case)
    assert walk(li, case, {"S1": "2"}).endswith("/interview/end")
    assert "这一位不合格" in li.page(f"/cases/{case}/interview/end").text
    assert finish(li, case, "alone") == 303
    (interview,) = interviews_of(database, field, case)
    with database.reading() as session:
        assert responses.count_responses(session, field.wave) == 0
    assert "等督导裁定" in li.page("/cases").all("ol")[0].text, "among those that are not done"
    assert "另有 1 户等督导裁定，先不去。" in li.page("/cases").text
    page = li.page(f"/cases/{case}").text
    assert "裁定以前先不去" in page
    assert "选出受访者" not in page
    with database.writing() as session:
        settle_quarantine(
            session, field.keys, interview.uuid, decision=Decision.VOID, note="家里还有一位", scope=Scope(), at=NOW
        )
    assert "督导请再去" in li.page("/cases").all("ol")[0].text
    page = li.page(f"/cases/{case}").text
    assert "重新数家中合格成年人" in page
    assert "还没有去过" not in page
    assert "家里还有一位" not in page, "what the supervisor wrote is for the record"
    begin(li, case, adults="1")
    walk(li, case)
    assert finish(li, case, "alone") == 303
    with database.reading() as session:
        assert responses.count_responses(session, field.wave) == 1


def test_who_takes_over_is_told_what_was_counted_first(
    browser: Browser, database: Database, field: Field, li: PageClient, case: UUID
) -> None:
    begin(li, case, adults="3")
    with database.writing() as session:
        assignments.assign(session, [(case, field.zhou.id)], at=NOW, by="tests")
    zhou, address = browser(field.zhou), f"/cases/{case}"
    page = zhou.page(address)
    assert "这一户先前已经数过：合格成年人 3 位" in page.text
    assert "adults" not in {one.get("name") for one in page.all("input")}, "nobody counts again"
    typed = {"interview": str(uuid4()), "adults": "5", "led_by": "nobody"}  # on a page from before
    done = zhou.submit(f"{address}/interview", typed, page=address)
    assert done.location == f"{address}/interview?counted=before"
    selected = zhou.page(done.location).text
    assert "合格成年人 3 位。以先数的为准" in selected
    assert "家中 3 位合格成年人" in selected


def test_who_was_present_is_asked_and_must_make_sense(li: PageClient, case: UUID) -> None:
    begin(li, case)
    walk(li, case)
    assert finish(li, case) == 422
    assert finish(li, case, "alone", "family") == 422
    assert finish(li, case, "nonsense") == 422
    assert finish(li, case, "family", "neighbours") == 303


def test_handed_in_twice_is_one(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    begin(li, case)
    walk(li, case)
    address = f"/cases/{case}/interview/end"
    token = next(one.get("value") for one in li.page(address).all("input") if one.get("name") == "csrf_token")
    sent = {"csrf_token": token, "present": ["alone"], "ended": "complete"}
    assert [li.post(address, data=sent).status_code for _ in range(2)] == [303, 303]
    assert len(interviews_of(database, field, case)) == 1
    with database.reading() as session:
        assert responses.count_responses(session, field.wave) == 1


def test_two_tabs_begin_one_interview(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    begin(li, case, adults="2")
    begin_again = {"interview": str(uuid4()), "adults": "4", "led_by": "nobody"}
    assert (
        li.submit(f"/cases/{case}/interview", begin_again, page=f"/cases/{case}/interview/items/S1").status_code == 303
    )
    with database.reading() as session:
        sealer = open_sealer(session, field.keys, field.wave, at=NOW)
        assert len(drafts.list_drafts_by_tag(session, field.wave, sealer.tag(f"case:{case}"))) == 1


def test_an_address_off_the_way_leads_back_to_it(li: PageClient, case: UUID) -> None:
    assert li.get(f"/cases/{case}/interview/items/A1").location == f"/cases/{case}", "nothing was begun"
    begin(li, case)
    answer(li, f"/cases/{case}/interview/items/S1", "1")
    answer(li, f"/cases/{case}/interview/items/A1", "2")
    assert li.get(f"/cases/{case}/interview/items/B2").location.endswith("/items/B1")
    assert li.get(f"/cases/{case}/interview/items/nonsense").location.endswith("/items/B1")


def test_in_english(li: PageClient, case: UUID) -> None:
    begin(li, case)
    page = li.get(f"/cases/{case}/interview/items/S1", headers={"Accept-Language": "en"})
    assert "Have you lived here for six months" in page.text


def test_who_takes_over_a_case_sees_no_answers_and_asks_the_same_person(
    li: PageClient, browser: Browser, database: Database, field: Field, case: UUID
) -> None:
    begin(li, case, adults="3")
    answer(li, f"/cases/{case}/interview/items/S1", "1")
    chosen = li.page(f"/cases/{case}/interview").all("h1")[0].text
    with database.writing() as session:
        assignments.assign(session, [(case, field.zhou.id)], at=NOW, by="dudao")
    zhou = browser(field.zhou)
    assert "继续访问" not in zhou.page(f"/cases/{case}").text
    begin(zhou, case, adults="1")
    assert zhou.page(f"/cases/{case}/interview").all("h1")[0].text == chosen, "the number committed first stands"
    page = zhou.page(f"/cases/{case}/interview/items/S1")
    assert not [one for one in page.all("input") if "checked" in one.attributes]


def test_a_page_from_before_a_voided_interview_can_be_handed_in(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    number = uuid4()
    other = field.zhou if field.owner(case) == field.li else field.li
    field.send(database, field.interview(case), uuid=number, account=other)
    with database.writing() as session:
        inbox.set_state(session, number, state=PayloadState.VOID, reason="")
    begin(li, case, number=str(number))
    walk(li, case)
    assert finish(li, case, "alone") == 303
    assert len([one for one in interviews_of(database, field, case) if one.state is PayloadState.PLACED]) == 1


@pytest.mark.parametrize(
    ("respondent", "counted", "heading", "words"),
    [
        (Respondent.KISH, {"men": "0", "women": "1"}, "请访问女性中的第 1 位", "男 0 位，女 1 位"),
        (Respondent.KISH, {"men": "1", "women": "0"}, "请访问男性中的第 1 位", "男 1 位，女 0 位"),
        (Respondent.BIRTHDAY, {"adults": "3", "birthday": "2"}, "请访问下一个过生日的那一位", "第 2 位下一个过生日"),
    ],
)
def test_each_method_asks_in_its_own_way(
    database: Database,
    field: Field,
    browser: Browser,
    respondent: Respondent,
    counted: dict[str, str],
    heading: str,
    words: str,
) -> None:
    other = open_field(database, field.keys, respondent=respondent)
    case = next(case for case in other.east if other.owner(case) == other.li)
    client = browser(other.li)
    page = client.page(f"/cases/{case}")
    assert {one.get("name") for one in page.all("input") if one.get("inputmode") == "numeric"} == counted.keys()
    data = {"interview": str(uuid4()), "led_by": "nobody"}
    bad = dict.fromkeys(counted, "-1")
    assert client.submit(f"/cases/{case}/interview", {**data, **bad}, page=f"/cases/{case}").status_code == 422
    assert client.submit(f"/cases/{case}/interview", {**data, **counted}, page=f"/cases/{case}").status_code == 303
    page = client.page(f"/cases/{case}/interview")
    assert page.all("h1")[0].text == heading
    assert words in page.text
