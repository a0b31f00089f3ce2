"""A supervisor deals the cases and hands them over; recusal holds and is shown."""

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest

from analysis.sampling.sample_design import TeamRules
from survey.roles import CanvasserType, Role, Scope
from survey.store.accounts import add_account, find_account, set_active
from survey.store.assignments import standing
from survey.store.cases import Case, list_cases
from survey.store.database import Database
from survey.store.team_exceptions import list_team_exceptions
from survey.store.waves import change_state
from survey.waves import WaveState
from survey.workflow.draw_teams import Period
from tests.survey.drawn_teams import make
from tests.survey.drawn_wave import AT, EAST, WEST, add_canvasser, drawn_wave, open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.public_draw import RESERVES, promised_wave


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    """Drawn and approved; canvassers 甲 and 乙, and 本地 who belongs to the east."""
    example.open_accounts(sqlite_database)
    made = drawn_wave(sqlite_database)
    for name in ("甲", "乙"):
        add_canvasser(sqlite_database, name)
    add_canvasser(sqlite_database, "本地", ties=[EAST])
    with sqlite_database.writing() as session:
        example_account = find_account(session, example.NAMES[Role.CANVASSER])
        assert example_account is not None
        set_active(session, example_account[0].id, False)
    return made


def address(wave: int) -> str:
    return f"/waves/{wave}/assignments"


def cases(database: Database) -> tuple[Case, ...]:
    with database.reading() as session:
        return list_cases(session, 1)


def holders(database: Database, wave: int) -> Counter[int]:
    with database.reading() as session:
        return Counter(standing(session, wave).values())


def account(database: Database, name: str) -> str:
    with database.reading() as session:
        found = find_account(session, name)
    assert found is not None
    return str(found[0].id)


def test_cases_are_dealt_with_one_button(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.SUPERVISOR)
    page = browser.page(address(wave))
    assert "随机分派 20 个还没有访员的样本户" in page.text
    assert "东风社区（回避：与该社区有关联）" in page.text
    response = browser.submit(address(wave), {}, page=address(wave))
    assert (response.status_code, response.location) == (303, f"{address(wave)}?assigned=20")
    page = browser.page(response.location)
    assert "已分派 20 个样本户。" in page.text
    assert "还没有访员的样本户" not in page.text
    assert sum(holders(sqlite_database, wave).values()) == 20


def test_what_is_missing_is_named_by_community(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    gone = int(account(sqlite_database, "甲"))
    with sqlite_database.writing() as session:
        set_active(session, gone, False)
    response = signed_in(Role.SUPERVISOR).submit(address(wave), {}, page=address(wave))
    assert response.status_code == 409
    assert "东风社区 1：应为 至少 2 名" in response.text.replace("\n", "")
    assert not holders(sqlite_database, wave)


def test_chosen_cases_are_handed_over(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.SUPERVISOR)
    browser.submit(address(wave), {}, page=address(wave))
    here = f"{address(wave)}?community={WEST}"
    page = browser.page(here)
    boxes = [box.get("value") for box in page.all("input") if box.get("name") == "case"]
    assert boxes == [str(case.id) for case in cases(sqlite_database) if case.area == WEST]
    to = account(sqlite_database, "甲")
    token = next(field.get("value") for field in page.all("input") if field.get("name") == "csrf_token")
    form = {"csrf_token": token, "community": WEST, "to": to, "case": boxes[:3]}
    response = browser.post(f"{address(wave)}/handover", data=form)
    assert (response.status_code, response.location) == (303, f"{here}&handed_over=3&to={to}")
    assert "已把 3 个样本户改派给甲同学 (甲)。" in browser.page(response.location).text
    with sqlite_database.reading() as session:
        taken = standing(session, wave)
    assert {taken[case.id] for case in cases(sqlite_database) if str(case.id) in boxes[:3]} == {int(to)}


def test_who_never_activated_the_account_is_named_before_and_after_dealing(
    signed_in: SignIn, wave: int, sqlite_database: Database
) -> None:
    browser = signed_in(Role.SUPERVISOR)
    assert "还没有激活" not in browser.page(address(wave)).text
    with sqlite_database.writing() as session:
        add_account(
            session,
            name="丁",
            password_hash=None,
            role=Role.CANVASSER,
            canvasser_type=CanvasserType.STUDENT,
            at=AT,
        )
    assert "还没有激活账号的访员：丁。" in browser.page(address(wave)).text
    browser.submit(address(wave), {}, page=address(wave))
    page = browser.page(address(wave))
    assert "还没有激活账号的访员：丁。" in page.text
    assert holders(sqlite_database, wave)[int(account(sqlite_database, "丁"))], (
        "the lot does not depend on who signed in"
    )
    rows = {row.children[0].text: row for row in page.all("tr") if "还没有激活" in row.text}
    assert len(rows) == 1


def test_recusal_holds_by_hand_too(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.SUPERVISOR)
    here = f"{address(wave)}?community={EAST}"
    options = {option.get("value") for option in browser.page(here).all("option")}
    local = account(sqlite_database, "本地")
    east = [str(case.id) for case in cases(sqlite_database) if case.area == EAST]
    form = {"community": EAST, "to": local, "case": east[0]}
    response = browser.submit(f"{address(wave)}/handover", form, page=here)
    assert response.status_code == 409
    assert "不能把东风社区的样本户派给" in response.text
    assert f'value="{east[0]}" checked' in response.text, "what was ticked is still ticked"
    assert f'value="{east[1]}" checked' not in response.text
    assert not holders(sqlite_database, wave)
    assert local not in options


def test_all_open_cases_of_one_go_to_another(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    add_canvasser(sqlite_database, "丙")
    browser = signed_in(Role.SUPERVISOR)
    browser.submit(address(wave), {}, page=address(wave))
    first, second = account(sqlite_database, "甲"), account(sqlite_database, "乙")
    before = holders(sqlite_database, wave)
    response = browser.submit(f"{address(wave)}/handover", {"from": first, "to": second}, page=address(wave))
    there = f"{address(wave)}?handed_over={before[int(first)]}&to={second}"
    assert (response.status_code, response.location) == (303, there)
    after = holders(sqlite_database, wave)
    assert after[int(first)] == 0
    assert after[int(second)] == before[int(first)] + before[int(second)]


def test_what_may_not_change_hands_stays_and_is_named(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.SUPERVISOR)
    browser.submit(address(wave), {}, page=address(wave))
    first, local = account(sqlite_database, "甲"), account(sqlite_database, "本地")
    response = browser.submit(f"{address(wave)}/handover", {"from": first, "to": local}, page=address(wave))
    assert response.status_code == 303
    page = browser.page(response.location)
    assert "下列社区的样本户没有改派" in page.text
    assert "东风社区（回避：与该社区有关联）" in page.text
    response = browser.submit(
        f"{address(wave)}/handover", {"from": first, "to": account(sqlite_database, "乙")}, page=address(wave)
    )
    assert response.status_code == 409
    assert "不能把东风社区的样本户派给“乙”：交接以后全部样本户只在一名访员手里" in response.text
    assert "应为" not in response.text


def test_outside_the_team_a_reason_that_says_something(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    for name in ("丙", "丁"):
        add_canvasser(sqlite_database, name)
    members = make(sqlite_database, wave).record.members
    browser = signed_in(Role.SUPERVISOR)
    browser.submit(address(wave), {}, page=address(wave))
    here = f"{address(wave)}?community={EAST}"
    east = next(str(case.id) for case in cases(sqlite_database) if case.area == EAST)
    form = {"community": EAST, "case": east, "to": str(members[WEST][0])}
    refused = browser.submit(f"{address(wave)}/handover", form | {"reason": "病了"}, page=here)
    assert refused.status_code == 422
    assert "理由“病了”太短：至少 4 个汉字或 10 个字母" in refused.text
    assert f'value="{east}" checked' in refused.text, "what was ticked stays ticked"
    assert 'value="病了"' in refused.text
    done = browser.submit(f"{address(wave)}/handover", form | {"reason": "队员病了"}, page=here)
    assert done.status_code == 303
    with sqlite_database.reading() as session:
        assert [one.reason for one in list_team_exceptions(session, 1)] == ["队员病了"]


def test_promised_teams_come_first(signed_in: SignIn, sqlite_database: Database) -> None:
    """The page offers nothing that would be refused, and says what is to be done instead."""
    example.open_accounts(sqlite_database)
    days = tuple(date(2026, 5, day) for day in (6, 7))
    wave = promised_wave(sqlite_database, replace(RESERVES, teams=TeamRules(size=2, per_day=20, days=days)))
    for name in ("甲", "乙", "丙", "丁"):
        add_canvasser(sqlite_database, name)
    browser = signed_in(Role.SUPERVISOR)
    page = browser.page(address(wave))
    assert "设计里承诺了抽队伍和日期" in page.text
    assert "随机分派" not in [button.text[:4] for button in page.all("button")]
    assert "（设计里承诺了，在分派之前）" in browser.page(f"/waves/{wave}/draw").text
    make(sqlite_database, wave, period=Period())
    assert "随机分派" in [button.text[:4] for button in browser.page(address(wave)).all("button")]


def test_only_who_can_take_a_case_is_offered(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    gone = int(account(sqlite_database, "本地"))
    browser = signed_in(Role.SUPERVISOR)
    page = browser.page(f"{address(wave)}?community={EAST}")
    options = [option.get("value") for option in page.all("option")]
    assert account(sqlite_database, "甲") in options
    assert str(gone) not in options
    with sqlite_database.writing() as session:
        set_active(session, gone, False)
    browser.submit(address(wave), {}, page=address(wave))
    assert "现在没有可以接手的访员" in browser.page(address(wave)).text


@pytest.mark.parametrize(
    "form",
    [{}, {"to": "x"}, {"to": "999", "case": "1"}, {"from": "x", "to": "1"}, {"from": "999999", "to": "999999"}],
)
def test_a_form_that_says_nothing_changes_nothing(
    signed_in: SignIn, wave: int, sqlite_database: Database, form: dict[str, str]
) -> None:
    response = signed_in(Role.SUPERVISOR).submit(f"{address(wave)}/handover", form, page=address(wave))
    assert response.status_code == 422
    assert not holders(sqlite_database, wave)


def test_a_supervisor_of_the_west_sees_and_assigns_the_west(
    signed_in: SignIn, wave: int, sqlite_database: Database
) -> None:
    example.limit(sqlite_database, Role.SUPERVISOR, Scope(areas=frozenset({WEST})))
    browser = signed_in(Role.SUPERVISOR)
    assert "东风社区" not in browser.page(f"{address(wave)}?community={EAST}").text
    assert "随机分派 10 个" in browser.page(address(wave)).text
    browser.submit(address(wave), {}, page=address(wave))
    with sqlite_database.reading() as session:
        taken = standing(session, wave)
    assert {case.area for case in cases(sqlite_database) if case.id in taken} == {WEST}
    east = next(str(case.id) for case in cases(sqlite_database) if case.area == EAST)
    form = {"to": account(sqlite_database, "甲"), "case": east}
    assert browser.submit(f"{address(wave)}/handover", form, page=address(wave)).status_code == 422


def test_before_the_draw_is_approved_there_is_nothing(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    fresh = open_wave_with_units(sqlite_database)
    browser = signed_in(Role.SUPERVISOR)
    assert "还没有样本户" in browser.page(address(fresh)).text
    assert browser.submit(address(fresh), {}, page=address(fresh)).status_code == 409


def test_a_closed_wave_only_shows(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        change_state(session, wave, WaveState.CLOSED, at=AT, by="tongji")
    browser = signed_in(Role.SUPERVISOR)
    page = browser.page(f"{address(wave)}?community={EAST}")
    assert not [form for form in page.all("form") if "assignments" in form.get("action")]
    assert browser.submit(address(wave), {}, page=address(wave)).status_code == 409


def test_another_wave_is_out_of_reach(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    example.limit(sqlite_database, Role.SUPERVISOR, Scope(waves=frozenset({99})))
    assert signed_in(Role.SUPERVISOR).get(address(wave)).status_code == 404


@pytest.mark.parametrize("role", [Role.CANVASSER, Role.OFFICIAL, Role.LEADER, Role.GRID_WORKER, Role.ADMINISTRATOR])
def test_others_do_not_see_who_was_drawn(signed_in: SignIn, sqlite_database: Database, wave: int, role: Role) -> None:
    example_account = int(account(sqlite_database, example.NAMES[Role.CANVASSER]))
    with sqlite_database.writing() as session:
        set_active(session, example_account, True)
    browser = signed_in(role)
    assert browser.get(address(wave)).status_code == 403
    for path in (address(wave), f"{address(wave)}/handover"):
        assert browser.submit(path, {}, page="/nowhere", page_status=404).status_code == 403
