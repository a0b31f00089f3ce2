"""How an interview at the door ends: what a check refuses is shown first, and whoever stops decides what is kept."""

from pathlib import Path
from uuid import UUID

import pytest

from analysis.fieldwork.dispositions import Outcome
from survey.casework.case_log import read_case_logs
from survey.fieldwork.payloads import Ended
from survey.keys import KeyRing
from survey.store import drafts, responses
from survey.store.database import Database
from survey.store.inbox import PayloadState
from survey.store.wave_keys import open_sealer
from survey.store.waves import get_wave
from tests.survey.field import NOW, Field, open_field
from tests.survey.pages.canvassers.test_interviews import answer, begin, finish, interviews_of, walk
from tests.survey.pages.canvassers.test_items import TEXT, WHOLE, Door, stored
from tests.survey.pages.page_client import Element, PageClient

REFUSED = "办好的日子早于反映的日子"
DAY = {f"q-D2{part}": value for part, value in ((".year", "2026"), (".month", "3"), (".day", "5"))}
LATER = {"q-D1.year": "2026", "q-D1.month": "4", "q-D1.day": "1"}


@pytest.fixture
def whole(database: Database, tmp_path: Path) -> Field:
    return open_field(database, KeyRing(folder=tmp_path / "keys"), instrument=TEXT)


def door_of(client: PageClient, field: Field) -> Door:
    return Door(client, next(case for case in field.east if field.owner(case) == field.li))


def settle(door: Door, *, until: str = "") -> None:
    """Answer what is asked; settled on 5 March what was reported on the 1st."""
    while "/items/" in door.address and door.item != until:
        assert door.press(DAY if door.item == "D2" else WHOLE[door.item]) == 303


def report_later(door: Door) -> None:
    """Back at the report's day: it was in April. So the day it was settled cannot be, which was fine when it came."""
    door.go(f"/cases/{door.case}/interview/items/D1")
    assert door.press(LATER) == 303


def outcome_of(database: Database, field: Field, case: UUID) -> Outcome:
    with database.reading() as session:
        sealer = open_sealer(session, field.keys, field.wave, at=NOW)
        (log,) = (one for one in read_case_logs(session, sealer, get_wave(session, field.wave)) if one.case.id == case)
    return log.interviews[0].outcome


def words(page: Element) -> str:
    return page.all("main")[0].text


def stop(door: Door, kept: str | None, *, also: str = "alone") -> int:
    """What comes of the page for whoever stops."""
    door.go(f"/cases/{door.case}/interview/end?stop=1")
    token = next(one.get("value") for one in door.page.all("input") if one.get("name") == "csrf_token")
    data = {"csrf_token": token, "present": [also], "ended": "break_off", **({"kept": kept} if kept else {})}
    return door.client.post(f"/cases/{door.case}/interview/end", data=data).status_code


def test_what_an_earlier_answer_made_impossible_is_asked_again_before_the_end(
    li: PageClient, database: Database, whole: Field
) -> None:
    door = door_of(li, whole)
    settle(door)
    report_later(door)
    door.go(f"/cases/{door.case}/interview/items/T1")
    assert door.press({}) == 303
    assert door.item == "D2", "not the end: something there does not fit any more"
    assert REFUSED in words(door.page)
    assert "清空以后再点“继续”" in words(door.page)
    assert door.value("q-D2.day") == "05", "what was said is still there to be mended"
    assert door.press({}) == 422, "as it stands it goes nowhere"
    assert li.get(f"/cases/{door.case}/interview/end").location == door.address
    assert door.hand_in() == 303
    assert stored(database, whole) == [], "nothing is handed in past it"
    assert door.press({"q-D2.month": "4"}) == 303
    settle(door)
    assert door.hand_in() == 303
    (answers,) = stored(database, whole)
    assert (answers["D1"], answers["D2"]) == ("2026-04-01", "2026-04-05")


def test_it_may_be_left_out_once_it_was_shown(li: PageClient, database: Database, whole: Field) -> None:
    door = door_of(li, whole)
    settle(door)
    report_later(door)
    door.go(f"/cases/{door.case}/interview/items/D2")
    assert door.press(WHOLE["D2"]) == 303
    settle(door)
    assert door.hand_in() == 303
    (answers,) = stored(database, whole)
    assert (answers["D1"], answers["D2"]) == ("2026-04-01", None)


def test_whoever_stops_is_told_which_answers_do_not_count(li: PageClient, database: Database, whole: Field) -> None:
    door = door_of(li, whole)
    settle(door, until="T1")
    report_later(door)
    door.go(f"/cases/{door.case}/interview/items/N2")
    assert door.press({"q-N2": "许多"}, "stop") == 303
    assert (REFUSED in words(door.page), "写下的还不能用" in words(door.page)) == (True, True)
    links = {one.get("href").rpartition("/")[2] for one in door.page.all("a") if "/items/" in one.get("href")}
    assert {"D2", "N2"} <= links
    door.go(f"/cases/{door.case}/interview/items/D2")
    assert door.press({}) == 422
    assert REFUSED in words(li.page(f"/cases/{door.case}/interview/end?stop=1")), (
        "sent again as it was, the reason stays"
    )
    assert stop(door, "yes") == 303
    (answers,) = stored(database, whole)
    assert (answers["D2"], answers["N2"]) == (None, None), "as the page said, what was answered before is no answer now"


def test_what_was_typed_over_an_answer_and_cannot_be_read_is_asked_again(
    li: PageClient, database: Database, whole: Field
) -> None:
    door = door_of(li, whole)
    settle(door)
    door.go(f"/cases/{door.case}/interview/items/N2")
    door.press({"q-N2": "许多"}, "back")
    end = f"/cases/{door.case}/interview/end"
    assert li.get(end).location == f"/cases/{door.case}/interview/items/N2"
    assert door.hand_in() == 303
    assert stored(database, whole) == []
    door.go(f"/cases/{door.case}/interview/items/N2")
    assert (door.value("q-N2"), "上次写下的还不能用" in words(door.page)) == ("许多", True)
    assert door.press({"q-N2": "2"}) == 303
    assert li.get(end).status_code == 200


def test_whoever_stops_after_half_is_asked_and_nothing_is_chosen_for_them(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    door = half(li, case)
    assert "可以留着，同别人的合起来算" in words(li.page(f"/cases/{case}/interview/end?stop=1"))
    assert stop(door, None) == 422
    assert stop(door, "perhaps") == 422
    assert interviews_of(database, field, case) == ()


def half(client: PageClient, case: UUID) -> Door:
    """Stopped after three items of five that need an answer."""
    door = Door(client, case)
    for item, value in {"S1": "1", "A1": "1", "B1": "1"}.items():
        answer(client, f"/cases/{case}/interview/items/{item}", value)
    return door


def test_kept_it_is_a_partial_answer(li: PageClient, database: Database, field: Field, case: UUID) -> None:
    assert stop(half(li, case), "yes") == 303
    (response,) = stored_responses(database, field)
    assert (response.answers["B1"], "B2" in response.answers) == (1, False)
    assert outcome_of(database, field, case) is Outcome.PARTIAL
    (interview,) = interviews_of(database, field, case)
    assert interview.payload.ended is Ended.BREAK_OFF


def test_deleted_it_is_a_break_off_that_says_nothing(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    assert stop(half(li, case), "no") == 303
    assert stored_responses(database, field) == ()
    assert outcome_of(database, field, case) is Outcome.BREAK_OFF
    (interview,) = interviews_of(database, field, case)
    assert (interview.payload.answers, interview.payload.elapsed) == ({}, {})
    assert interview.payload.adults == 2, "how many were counted stays: it was asked of the home, not of the person"
    with database.reading() as session:
        assert drafts.count_drafts(session, field.wave) == 0
    page = li.page(f"/cases/{case}?saved=stopped").text
    assert "说过的都删掉了" in page
    assert "说过的没有留。不用再去" in page


def test_of_less_than_half_nothing_stays_whatever_is_sent(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    begin(li, case)
    answer(li, f"/cases/{case}/interview/items/S1", "1")
    page = li.page(f"/cases/{case}/interview/end?stop=1")
    assert "答了不到一半，您刚才说的都不留下" in words(page)
    assert "kept" not in {one.get("name") for one in page.all("input")}
    assert finish(li, case, "alone", ended="break_off") == 303
    (interview,) = interviews_of(database, field, case)
    assert interview.payload.answers == {}
    assert outcome_of(database, field, case) is Outcome.BREAK_OFF


@pytest.mark.parametrize(("kept", "count"), [("yes", 1), ("no", 0)])
def test_after_the_last_item_too_it_is_theirs_to_hand_in(
    li: PageClient, database: Database, field: Field, case: UUID, kept: str, count: int
) -> None:
    door = Door(li, case)
    walk(li, case)
    page = li.page(f"/cases/{case}/interview/end")
    assert any(one.get("href").endswith("end?stop=1") for one in page.all("a"))
    assert stop(door, kept) == 303
    assert len(stored_responses(database, field)) == count
    assert outcome_of(database, field, case) is (Outcome.COMPLETE if count else Outcome.BREAK_OFF)


def test_whoever_is_not_eligible_is_not_asked_what_becomes_of_that(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    begin(li, case)
    answer(li, f"/cases/{case}/interview/items/S1", "2", action="stop")
    page = li.page(f"/cases/{case}/interview/end?stop=1")
    assert "这一位不合格" in words(page)
    assert "kept" not in {one.get("name") for one in page.all("input")}
    assert finish(li, case, "alone", ended="break_off") == 303
    (interview,) = interviews_of(database, field, case)
    assert (interview.payload.answers, interview.state) == ({"S1": 2}, PayloadState.QUARANTINED)


def test_what_is_ticked_stays_when_something_is_missing(li: PageClient, case: UUID) -> None:
    half(li, case)
    address = f"/cases/{case}/interview/end"
    token = next(one.get("value") for one in li.page(address).all("input") if one.get("name") == "csrf_token")
    back = li.post(address, data={"csrf_token": token, "present": ["family"], "ended": "break_off"})
    assert back.status_code == 422
    assert 'value="family" checked' in back.text


def test_a_refusal_after_answers_is_not_written_past_them(
    li: PageClient, database: Database, field: Field, case: UUID
) -> None:
    half(li, case)
    page = li.page(f"/cases/{case}")
    offered = {one.get("value") for one in page.all("input") if one.get("name") == "outcome"}
    assert offered.isdisjoint({"refused_person", "break_off"})
    assert {"refused_household", "away"} <= offered
    assert any("interview/end?stop=1" in one.get("href") for one in page.all("a"))
    visit = {"visit": str(UUID(int=5, version=4)), "outcome": "break_off", "led_by": "nobody", "again": "1"}
    back = li.submit(f"/cases/{case}/visits", visit, page=f"/cases/{case}")
    assert (back.status_code, "问对方说过的留不留" in back.text) == (422, True)


def test_before_the_first_answer_a_refusal_is_one(li: PageClient, case: UUID) -> None:
    begin(li, case)
    offered = {one.get("value") for one in li.page(f"/cases/{case}").all("input") if one.get("name") == "outcome"}
    assert {"refused_person", "break_off"} <= offered


def stored_responses(database: Database, field: Field) -> tuple[responses.StoredResponse, ...]:
    with database.reading() as session:
        return tuple(responses.read_responses(session, field.wave))
