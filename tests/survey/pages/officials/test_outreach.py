"""The plan of a wave as officials see it: made, filtered, made again, taken away."""

import io

import openpyxl
import pytest

from survey.outreach import ActionKind, LedgerOutcome
from survey.roles import Role, Scope
from survey.store import ledger_visits, outreach_actions
from survey.store.database import Database
from survey.workflow.edit_outreach import cancel_action, change_action, change_type
from tests.survey.outreach_world import (
    AT,
    EAST,
    EAST_ONLY,
    ESTIMATES,
    EVERYWHERE,
    SOUTH,
    TODAY,
    WEST,
    World,
    build_world,
)
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import Element, PageClient

ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def outreach(sqlite_database: Database) -> World:
    """A published wave, without a plan, and accounts of every role."""
    example.open_accounts(sqlite_database)
    return build_world(sqlite_database)


@pytest.fixture
def official(signed_in: SignIn, outreach: World) -> PageClient:
    return signed_in(Role.OFFICIAL)


def address(world: World) -> str:
    return f"/waves/{world.wave}/outreach"


def make(browser: PageClient, world: World, **form: str) -> int:
    return browser.submit(address(world), form, page=address(world)).status_code


def edit(world: World, action_id: int, **texts: str) -> None:
    with world.database.writing() as session:
        action = outreach_actions.get_action(session, action_id)
        change_action(session, action_id, texts, revision=action.revision, scope=EVERYWHERE, at=AT, by="wang")


def rows(page: Element) -> list[str]:
    tables = [table for table in page.all("table") if "outreach-table" in (table.get("class") or "")]
    return [row.text for table in tables for row in table.all("tr") if row.all("td")]


def test_before_there_is_a_plan_it_can_be_made(official: PageClient, outreach: World) -> None:
    page = official.page(address(outreach))
    assert "还没有计划" in page.text
    assert "从不用宣传来回答" in page.text
    assert "单价在有人填入本地价格以前都是假定" in page.text
    assert not page.all("table")
    assert make(official, outreach, budget="") == 303
    assert len(outreach.actions()) == 5
    assert len(rows(official.page(address(outreach)))) == 5


@pytest.mark.parametrize("role", [Role.LEADER, Role.STATISTICIAN, Role.DEPARTMENT, Role.GRID_WORKER])
def test_the_others_read_and_send_nothing(signed_in: SignIn, outreach: World, role: Role) -> None:
    browser = signed_in(role)
    empty = browser.page(address(outreach))
    assert "还没有计划" in empty.text
    assert "budget" not in [field.get("name") for field in empty.all("input")]
    assert make(browser, outreach, budget="") == 403
    outreach.plan()
    page = browser.page(address(outreach))
    assert len(rows(page)) == 5
    assert "重新计算" not in page.text
    action = outreach.action(ActionKind.TELL)
    assert browser.submit(f"{address(outreach)}/{action.id}", {}, page=address(outreach)).status_code == 403


@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.SUPERVISOR, Role.CANVASSER])
def test_those_who_survey_have_nothing_to_do_with_it(signed_in: SignIn, outreach: World, role: Role) -> None:
    browser = signed_in(role)
    for ending in ("", ".pdf", ".xlsx"):
        assert browser.get(f"{address(outreach)}{ending}").status_code == 403


def test_problems_stand_by_residents_and_places_by_code(official: PageClient, outreach: World) -> None:
    outreach.plan()
    page = official.page(address(outreach))
    headings = [heading.text for heading in page.all("h2")]
    assert headings == [
        "停车秩序满意率明显低于目标 整改",
        "知晓率明显低于目标 宣传",
        "支持率明显低于目标，原因不明：先听居民说 补充调查",
        "现有数据说不清 补充调查",
        "合计",
        "重新计算计划",
    ]
    parking, east, west, meeting, unclear = rows(page)
    assert "停车秩序满意率50%（42%–58%），明显低于目标80%" in parking
    assert "公安交通管理部门" in parking
    assert "东社区" in east
    assert "知晓率62%（54%–70%），明显低于目标80%" in east
    assert "已做0 / 29户次（0%）" in east
    assert "西社区" in west
    assert "楼院座谈会" in meeting
    assert "样本不足" in unclear
    assert "2个社区，离目标约差460名居民" in page.text
    assert "排名" not in page.text


def test_the_plan_is_there_in_english(official: PageClient, outreach: World) -> None:
    outreach.plan()
    response = official.get(address(outreach), headers=ENGLISH)
    assert response.status_code == 200
    assert '<html lang="en"' in response.text
    assert "62% (54%–70%)" in response.text


def test_a_budget_limits_the_quantities_in_this_order(official: PageClient, outreach: World) -> None:
    assert make(official, outreach, budget="25,040") == 303
    page = official.page(address(outreach))
    parking, east, west, *_ = rows(page)
    assert "足额" not in parking
    assert "已做0 / 8户次（0%） 足额应为29户次" in east
    assert "没有排数量 足额应为20户次" in west
    assert "25,040元" in page.text
    assert "没有排足" in page.text
    assert [field.get("value") for field in page.all("input") if field.get("name") == "budget"] == ["25040"]


@pytest.mark.parametrize("budget", ["很多", "-5", "1e9", "nan", "9" * 14])
def test_a_budget_that_is_no_money_is_refused_and_stays_in_the_form(
    official: PageClient, outreach: World, budget: str
) -> None:
    response = official.submit(address(outreach), {"budget": budget}, page=address(outreach))
    assert response.status_code == 422
    assert f'value="{budget}"' in response.text
    assert 'id="budget-problem"' in response.text  # beside the field, and in the list above it
    assert 'href="#budget"' in response.text
    assert outreach.actions() == ()


def test_making_it_again_asks_first_and_keeps_what_was_edited(official: PageClient, outreach: World) -> None:
    outreach.plan()
    tell = outreach.action(ActionKind.TELL)
    edit(outreach, tell.id, quantity="7", owner="张勤华")
    assert make(official, outreach, budget="100") == 422
    assert outreach.action(ActionKind.TELL, WEST).quantity == 20
    assert make(official, outreach, budget="100", confirm="yes") == 303
    assert outreach.action(ActionKind.TELL, WEST).quantity < 20
    assert (outreach.action(ActionKind.TELL).quantity, outreach.action(ActionKind.TELL).owner) == (7, "张勤华")
    page = official.page(address(outreach))
    assert "保留：有人改过" in page.text
    again, first = [row.text for row in page.all("tr") if "制定计划" in row.text or "重新计算" in row.text]
    assert "重新计算 100元" in again
    assert "制定计划 未设" in first


def test_filters_narrow_the_list_and_what_is_taken_away(official: PageClient, outreach: World) -> None:
    outreach.plan()
    tell = outreach.action(ActionKind.TELL)
    edit(outreach, tell.id, end="2020-01-01")
    for query, count in (
        ("kind=tell", 2),
        ("kind=fix", 1),
        ("status=overdue", 1),
        ("status=not_started", 4),
        (f"area={WEST}", 2),
        ("department=公安交通管理部门", 1),
        (f"kind=tell&area={SOUTH}", 0),
        ("kind=nonsense&status=x", 5),
    ):
        page = official.page(f"{address(outreach)}?{query}")
        assert len(rows(page)) == count, query
    page = official.page(f"{address(outreach)}?kind=tell&status=overdue")
    assert "显示 5 项行动中的 1 项" in page.text
    assert "逾期" in rows(page)[0]
    chosen = [option.get("value") for option in page.all("option") if "selected" in option.attributes]
    assert chosen == ["tell", "overdue"]
    links = [link.get("href") for link in page.all("a") if "outreach." in link.get("href")]
    assert [link.partition("?")[2] for link in links] == ["kind=tell&status=overdue"] * 2
    assert "没有符合条件" in official.page(f"{address(outreach)}?kind=tell&area={SOUTH}").text


def test_totals_leave_out_what_was_cancelled(official: PageClient, outreach: World) -> None:
    outreach.plan()
    west = outreach.action(ActionKind.TELL, WEST)
    with outreach.database.writing() as session:
        cancel_action(session, west.id, revision=west.revision, scope=EVERYWHERE, at=AT, by="wang")
    edit(outreach, outreach.action(ActionKind.TELL).id, spent="120.50", budget="145")
    page = official.page(address(outreach))
    totals = [row.text for row in page.all("table")[-2].all("tr")]  # the last is the history
    assert "入户宣传 项数1 计划数量29户次 完成数量0户次 计划费用145元 预算145元 已支出120.50元" in totals
    assert totals[-1].startswith("合计 项数4 计划数量— 完成数量—")


def test_work_and_visited_homes_show_in_words(official: PageClient, outreach: World, sqlite_database: Database) -> None:
    outreach.plan()
    tell = outreach.action(ActionKind.TELL)
    with sqlite_database.writing() as session:
        for serial, outcome in enumerate(("reached", "reached", "nobody", "do_not_disturb"), start=1):
            ledger_visits.tick(
                session,
                action_id=tell.id,
                frame_id=outreach.frame,
                unit_serial=serial,
                outcome=LedgerOutcome(outcome),
                day=TODAY,
                by="wangge",
            )
    assert "入户率13.8%：29户中到过4户（见到人2，无人1，勿扰1）" in official.page(address(outreach)).text
    sheet = openpyxl.load_workbook(io.BytesIO(official.get(f"{address(outreach)}.xlsx").data)).worksheets[0]
    lines = list(sheet.iter_rows(values_only=True))
    first = lines[0].index("应到户数")
    (visits,) = (line[first : first + 5] for line in lines[1:] if line[0] == tell.id)
    assert visits == (29, 4, 2, 1, 1)
    assert None in {line[first] for line in lines[1:]}, "of what is not done at doors nothing"


def test_whoever_is_limited_to_an_area_sees_that_alone(signed_in: SignIn, outreach: World) -> None:
    outreach.plan()
    example.limit(outreach.database, Role.OFFICIAL, EAST_ONLY)
    browser = signed_in(Role.OFFICIAL)
    page = browser.page(address(outreach))
    assert len(rows(page)) == 2
    assert "西社区" not in page.text
    assert "重新计算" not in page.text
    assert make(browser, outreach, budget="", confirm="yes") == 403
    west = outreach.action(ActionKind.TELL, WEST)
    assert browser.get(f"{address(outreach)}/{west.id}").status_code == 404
    workbook = openpyxl.load_workbook(io.BytesIO(browser.get(f"{address(outreach)}.xlsx").data))
    assert {row[3] for row in workbook.worksheets[0].iter_rows(min_row=2, values_only=True)} == {EAST}
    example.limit(outreach.database, Role.OFFICIAL, Scope(waves=frozenset({outreach.wave + 1})))
    assert signed_in(Role.OFFICIAL).get(address(outreach)).status_code == 404


def test_an_unpublished_wave_has_no_plan(signed_in: SignIn, sqlite_database: Database) -> None:
    example.open_accounts(sqlite_database)
    world = build_world(sqlite_database, published=False)
    assert signed_in(Role.OFFICIAL).get(address(world)).status_code == 404
    page = signed_in(Role.STATISTICIAN).page(address(world))
    assert "还没有发布" in page.text
    assert not page.all("table")
    official = signed_in(Role.OFFICIAL)
    assert official.submit(address(world), {"budget": ""}, page="/waves").status_code == 404


def test_a_wave_that_asks_for_nothing(signed_in: SignIn, sqlite_database: Database) -> None:
    example.open_accounts(sqlite_database)
    world = build_world(sqlite_database, tuple(each for each in ESTIMATES if each.area is None))
    browser = signed_in(Role.OFFICIAL)
    assert make(browser, world, budget="") == 303
    page = browser.page(address(world))
    assert "没有要求任何行动" in page.text or rows(page)


def test_officials_find_it_from_the_wave_and_its_reports(signed_in: SignIn, outreach: World) -> None:
    for role in (Role.OFFICIAL, Role.LEADER, Role.STATISTICIAN):
        for page in (f"/waves/{outreach.wave}", f"/waves/{outreach.wave}/reports"):
            links = [link.get("href") for link in signed_in(role).page(page).all("a")]
            assert address(outreach) in links, (role, page)
    links = [link.get("href") for link in signed_in(Role.ADMINISTRATOR).page(f"/waves/{outreach.wave}").all("a")]
    assert address(outreach) not in links


def test_the_pdf_is_the_plan(official: PageClient, outreach: World) -> None:
    assert official.get(f"{address(outreach)}.pdf").status_code == 409
    outreach.plan()
    response = official.get(f"{address(outreach)}.pdf")
    assert (response.status_code, response.mimetype) == (200, "application/pdf")
    assert response.data.startswith(b"%PDF-")
    assert response.headers["Content-Disposition"].startswith(
        f"attachment; filename=wave-{outreach.wave}-outreach.pdf; filename*=UTF-8''"
    )


def test_a_very_long_plan_is_no_pdf_but_part_of_it_is(
    official: PageClient, outreach: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    outreach.plan()
    monkeypatch.setattr("survey.pages.officials.outreach.MOST_IN_PDF", 3)
    refused = official.page(f"{address(outreach)}.pdf", status=409)
    assert "有 5 项行动，PDF 最多 3 项" in refused.text
    assert official.get(f"{address(outreach)}.pdf?area={EAST}").status_code == 200


def test_a_workbook_runs_nothing_and_its_numbers_are_numbers(official: PageClient, outreach: World) -> None:
    outreach.plan()
    tell = outreach.action(ActionKind.TELL)
    edit(outreach, tell.id, owner="=1+1", result='=HYPERLINK("http://evil")', spent="12.5", start="2026-05-01")
    response = official.get(f"{address(outreach)}.xlsx")
    assert response.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(response.data)).worksheets[0]
    found = {header.value: cell for header, cell in zip(next(sheet.iter_rows()), sheet[3], strict=True) if header.value}
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert found["责任人"].value == "'=1+1"
    assert (found["计划数量"].value, found["已支出（元）"].value) == (29, 12.5)
    assert str(found["开始日期"].value)[:10] == "2026-05-01"
    assert "知晓率62%" in found["依据"].value


def test_absurd_plans_stay_pages(signed_in: SignIn, sqlite_database: Database) -> None:
    """Very long names, nothing to do, and two hundred actions."""
    example.open_accounts(sqlite_database)
    world = build_world(sqlite_database)
    world.plan(budget=0)
    name = '<script>alert("1")</script>' + "很长的名字" * 6
    with sqlite_database.writing() as session:
        for action in outreach_actions.list_actions(session, world.wave):
            texts = {"department": name[:60], "leader": "x" * 60, "owner": "长" * 60, "result": "<b>" * 100}
            change_action(session, action.id, texts, revision=action.revision, scope=EVERYWHERE, at=AT, by="wang")
        change_type(
            session,
            "HOME_VISIT",
            {"name_zh": name[:60], "name_en": name[:60], "unit_zh": "个" * 60, "unit_en": "u" * 60, "unit_cost": "1"},
            at=AT,
            by="wang",
        )
    browser = signed_in(Role.OFFICIAL)
    page = browser.page(address(world))
    assert len(rows(page)) == 5
    assert name[:60] in page.text
    assert browser.get(f"{address(world)}.pdf").status_code == 200
    assert browser.get(f"{address(world)}.xlsx").status_code == 200
