"""A statistician begins a wave and tells its facts on the site alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from survey.roles import Role, Scope
from survey.store.accounts import add_account
from survey.store.database import Database
from survey.store.example_accounts import all_invented
from survey.store.waves import get_wave, list_waves, set_details
from survey.waves import Approval, Mode, WaveDetails, WaveState
from tests.survey.drawn_wave import AT, DETAILS, EAST, open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import Element, PageClient, read_html


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    """In draft, with an account for each role."""
    example.open_accounts(sqlite_database)
    return open_wave_with_units(sqlite_database, details=DETAILS)


def facts(database: Database, wave: int) -> WaveDetails:
    with database.reading() as session:
        return get_wave(session, wave).details


def standing(page: Element) -> MultiDict[str, str]:
    """What a browser would send of the form as it stands."""
    (form,) = [form for form in page.all("form") if form.all("textarea")]
    sent: MultiDict[str, str] = MultiDict()
    for one in form.all("input"):
        if one.get("type") not in ("checkbox", "radio") or "checked" in one.attributes:
            sent.add(one.get("name"), one.get("value"))
    for one in form.all("textarea"):
        sent.add(one.get("name"), one.text)
    return sent


def change(browser: PageClient, address: str, values: Mapping[str, str]) -> TestResponse:
    """Type ``values`` over what stands in the form, and save it."""
    sent = standing(browser.page(address))
    for name, value in values.items():
        sent[name] = value
    return browser.post(address, data=sent)


def test_from_nothing_to_a_wave_that_says_who_asks(signed_in: SignIn, sqlite_database: Database, wave: int) -> None:
    browser = signed_in(Role.STATISTICIAN)
    assert "新建轮次" in browser.page("/waves").text
    page = browser.page("/waves/new")
    frame = next(one.get("value") for one in page.all("input") if one.get("name") == "frame")
    slug = next(one.get("value") for one in page.all("input") if one.get("name") == "instrument")
    made = browser.submit(
        "/waves/new", {"name": " 2027年 第一轮 ", "instrument": slug, "frame": frame}, page="/waves/new"
    )
    assert made.status_code == 303
    with sqlite_database.reading() as session:
        newest = max(list_waves(session), key=lambda one: one.id)
    assert (newest.name, newest.state, made.location) == (
        "2027年 第一轮",
        WaveState.DRAFT,
        f"/waves/{newest.id}/details",
    )
    typed = {"sponsor": "云城市委宣传部", "start": "2027-03-01"}
    assert change(browser, f"/waves/{newest.id}/details", typed).status_code == 303
    assert facts(sqlite_database, newest.id) == WaveDetails(sponsor="云城市委宣传部", start=date(2027, 3, 1))
    assert "委托单位" not in browser.page(f"/waves/{newest.id}/state").all("ul")[-1].text, "no longer missing"


def test_a_wave_of_an_example_account_is_invented_and_the_examples_go_on(
    app: Flask, sqlite_database: Database, wave: int
) -> None:
    with sqlite_database.writing() as session:
        frame = get_wave(session, wave).frame_id
        set_details(session, wave, replace(DETAILS, fictitious=True), at=AT, by="demo")
        guest = add_account(session, name="guest", password_hash="x" * 40, role=Role.STATISTICIAN, at=AT, example=True)
    browser = app.test_client()
    assert isinstance(browser, PageClient)
    browser.be(guest)
    asked = {"name": "试一试", "instrument": "online", "frame": str(frame)}
    slug = next(one.get("value") for one in browser.page("/waves/new").all("input") if one.get("name") == "instrument")
    made = browser.submit("/waves/new", asked | {"instrument": slug}, page="/waves/new")
    assert made.status_code == 303
    assert "虚构数据" in browser.page(str(made.location)).text, "still signed in"
    with sqlite_database.reading() as session:
        assert all_invented(session)


@pytest.mark.parametrize("left_out", ["name", "instrument", "frame"])
def test_a_wave_needs_a_name_a_questionnaire_and_a_frame(
    signed_in: SignIn, sqlite_database: Database, wave: int, left_out: str
) -> None:
    browser = signed_in(Role.STATISTICIAN)
    whole = {"name": "新的一轮", "instrument": "online", "frame": "1"}
    answer = browser.submit("/waves/new", whole | {left_out: ""}, page="/waves/new")
    assert answer.status_code == 422
    assert 'value="新的一轮"' in answer.text or left_out == "name"
    assert [field for field in whole if f'id="{field}-error"' in answer.text] == [left_out]
    with sqlite_database.reading() as session:
        assert len(list_waves(session)) == 1


def test_everything_a_wave_lacks_is_told_at_once(signed_in: SignIn, wave: int) -> None:
    answer = signed_in(Role.STATISTICIAN).submit("/waves/new", {}, page="/waves/new").text
    for field in ("name", "instrument", "frame"):
        assert f'href="#{field}"' in answer
        assert f'id="{field}-error"' in answer


def test_saving_the_form_as_it_stands_changes_nothing(signed_in: SignIn, sqlite_database: Database, wave: int) -> None:
    browser = signed_in(Role.STATISTICIAN)
    before = facts(sqlite_database, wave)
    assert change(browser, f"/waves/{wave}/details", {}).status_code == 303
    assert facts(sqlite_database, wave) == before


def test_every_kind_of_fact_is_kept_as_it_was_typed(signed_in: SignIn, sqlite_database: Database, wave: int) -> None:
    browser = signed_in(Role.STATISTICIAN)
    code = next(
        one.get("name").removeprefix("target-")
        for one in browser.page(f"/waves/{wave}/details").all("input")
        if one.get("name").startswith("target-")
    )
    typed = {
        "modes": "paper_entry",
        "approval": "not_statistical",
        "approval_ground": "内部评估",
        "limitations": "第一行\r\n第二行",
        "valid_until": "2027-06-30",
        f"target-{code}": "87.5%",
    }
    assert change(browser, f"/waves/{wave}/details", typed).status_code == 303
    assert facts(sqlite_database, wave) == replace(
        DETAILS,
        modes=(Mode.PAPER,),
        approval=Approval.NOT_STATISTICAL,
        approval_ground="内部评估",
        limitations="第一行\n第二行",
        valid_until=date(2027, 6, 30),
        targets={code: 0.875},
    )


def test_what_is_wrong_stands_beside_its_field_and_nothing_is_lost_or_saved(
    signed_in: SignIn, sqlite_database: Database, wave: int
) -> None:
    browser = signed_in(Role.STATISTICIAN)
    typed = {"start": "2027-03-09", "end": "2027-03-01", "funder": "市财政"}
    answer = change(browser, f"/waves/{wave}/details", typed)
    assert answer.status_code == 422
    page = read_html(answer.text)[0]
    (summary,) = [part for part in page.all("div") if part.get("class") == "govuk-error-summary"]
    assert [link.get("href") for link in summary.all("a")] == ["#end"]
    assert "调查结束日期" in summary.text
    assert standing(page)["funder"] == "市财政"
    assert facts(sqlite_database, wave) == DETAILS


@pytest.mark.parametrize("typed", ["90.5.1", "120", "100", "0", "-3", "九成", "inf", "nan"])
def test_a_target_is_a_percentage(signed_in: SignIn, sqlite_database: Database, wave: int, typed: str) -> None:
    browser = signed_in(Role.STATISTICIAN)
    names = [one.get("name") for one in browser.page(f"/waves/{wave}/details").all("input")]
    target = next(name for name in names if name.startswith("target-"))
    refused = change(browser, f"/waves/{wave}/details", {target: typed, "end": "2026-13-01"})
    assert refused.status_code == 422
    # Beside its own field, with what else is wrong; no name of the program's own.
    assert f'id="{target}-error"' in refused.text
    assert 'id="end-error"' in refused.text
    (summary,) = [part for part in read_html(refused.text)[0].all("div") if part.get("class") == "govuk-error-summary"]
    assert "IND_" not in summary.text
    assert facts(sqlite_database, wave) == DETAILS


def test_two_at_once_do_not_undo_each_other(signed_in: SignIn, sqlite_database: Database, wave: int) -> None:
    first, second = signed_in(Role.STATISTICIAN), signed_in(Role.STATISTICIAN)
    late = standing(second.page(f"/waves/{wave}/details"))
    assert change(first, f"/waves/{wave}/details", {"sponsor": "市文明办"}).status_code == 303
    late["telephone"] = "0763-7654321"
    answer = second.post(f"/waves/{wave}/details", data=late)
    assert answer.status_code == 409
    assert "0763-7654321" in answer.text
    assert facts(sqlite_database, wave) == replace(DETAILS, sponsor="市文明办")


def test_who_is_responsible_for_some_areas_reads_and_changes_nothing(
    signed_in: SignIn, sqlite_database: Database, wave: int
) -> None:
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(areas=frozenset({EAST})))
    browser = signed_in(Role.STATISTICIAN)
    page = browser.page(f"/waves/{wave}/details")
    assert "只负责部分地区" in page.text
    assert not page.all("textarea")
    assert browser.submit(f"/waves/{wave}/details", {"sponsor": "x"}, page="/waves").status_code == 403
    assert browser.get("/waves/new").status_code == 403
