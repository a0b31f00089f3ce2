"""Sample plans on pages: worked out without scripts, saved, compared, taken away as a design."""

import tomllib
from urllib.parse import urlencode

import pytest
from flask import Flask

from survey.roles import Role, Scope
from survey.store.database import Database
from survey.store.sample_plans import list_sample_plans
from tests.survey.drawn_wave import open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import PageClient, read_html

FORM = "/plans/new"
MARGIN = {"goal": "margin", "margin": "7", "rate": "90", "population": "1778", "level": "95"}


@pytest.fixture
def browser(sqlite_database: Database, signed_in: SignIn) -> PageClient:
    example.open_accounts(sqlite_database)
    return signed_in(Role.STATISTICIAN)


def stored(database: Database) -> int:
    with database.reading() as session:
        return len(list_sample_plans(session))


def save(browser: PageClient, name: str, **changes: str) -> str:
    sent = browser.submit(FORM, {**MARGIN, **changes, "name": name}, page=FORM)
    assert sent.status_code == 303
    return sent.location


def main_text(html: str) -> str:
    (main,) = read_html(html)[0].all("main")
    return main.text


def test_the_form_shows_a_result_at_once(browser: PageClient) -> None:
    page = browser.page(FORM)
    assert "139" in page.text
    assert "20户能说明什么、不能说明什么" in page.text
    assert len(page.all("svg")) >= 2


def test_the_size_for_a_margin(browser: PageClient) -> None:
    text = main_text(browser.get(FORM, query_string=MARGIN).text)
    assert "正态近似要完成68户，本站公布的区间要69户" in text
    assert "已按社区的1,778名成年人作有限总体校正" in text


def test_what_twenty_homes_cannot_show(browser: PageClient) -> None:
    text = main_text(browser.get(FORM, query_string={"goal": "given", "completes": "20", "rate": "90"}).text)
    assert "真实的率大约在69.9%到97.2%之间" in text
    assert "真是90%的社区有13%的机会落到线下，真只有80%的有41%的机会过线" in text
    assert "27个社区就算全都是90%，查出来最高与最低平均也相差24.9个百分点" in text
    assert "看不出上升：两轮各20户" in text


def test_in_english(browser: PageClient) -> None:
    assert '<html lang="en"' in browser.get(FORM, headers={"Accept-Language": "en"}).text


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"margin": "很小"}, "允许误差：得到“很小”，应为百分数"),
        ({"margin": "0"}, "允许误差：得到“0%”，应为大于 0、小于 50 个百分点"),
        ({"rate": "100"}, "预期的率：得到“100%”"),
        ({"margin": ""}, "允许误差：得到“（空）”"),
        ({"goal": "change", "later": "90"}, "应为与前一轮不同的率"),
        ({"goal": "given", "completes": "2000"}, "完成户数：得到“2000”，应为1 到 1,778 的数"),
        ({"goal": ""}, "请选择目标"),
        ({"rho": "2"}, "网格内相关 ρ：得到“2”，应为0 到 1"),
        ({"population": "", "clusters": "2", "rho": "0.5"}, "达不到"),
        ({"frame": "77"}, "没有编号为 77 的抽样框"),
    ],
)
def test_what_cannot_be_worked_out_is_said_and_not_stored(
    browser: PageClient, sqlite_database: Database, wrong: dict[str, str], said: str
) -> None:
    shown = browser.get(FORM, query_string=MARGIN | wrong)
    assert (shown.status_code, said in main_text(shown.text)) == (422, True)

    sent = browser.submit(FORM, {**MARGIN, **wrong, "name": "错"}, page=FORM)
    assert (sent.status_code, said in main_text(sent.text)) == (422, True)
    assert stored(sqlite_database) == 0


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"margin": "很小", "rho": "x"}, ["margin", "rho"]),
        ({"rate": "100"}, ["rate"]),
        ({"goal": ""}, ["goal"]),
        ({"population": "", "clusters": "2", "rho": "0.5"}, ["margin"]),
        ({"frame": "1", "rule": "proportional", "total": "1", "minimum": "3"}, ["total"]),
        ({"frame": "1", "rates": "火星 90"}, ["rates"]),
        ({"frame": "77"}, ["frame"]),
    ],
)
def test_every_problem_leads_to_its_field_and_stands_beside_it(
    browser: PageClient, sqlite_database: Database, wrong: dict[str, str], fields: list[str]
) -> None:
    open_wave_with_units(sqlite_database)
    page = read_html(browser.get(FORM, query_string=MARGIN | wrong).text)[0]
    (summary,) = [one for one in page.all("div") if one.get("class") == "govuk-error-summary"]
    assert [link.get("href") for link in summary.all("a")] == [f"#{name}" for name in fields]
    there = {one.get("id"): one for one in page.all("input", "select", "textarea", "p")}
    for name in fields:
        beside = there.get(f"{name}-problem")
        assert beside is None or name == "goal" or f"{name}-problem" in there[name].get("aria-describedby")
    assert ("rho" in fields) == ("rho-problem" in there)


def test_a_plan_needs_a_name(browser: PageClient, sqlite_database: Database) -> None:
    sent = browser.submit(FORM, {**MARGIN, "name": "  "}, page=FORM)
    assert sent.status_code == 422
    assert 'href="#name"' in sent.text
    assert "请给方案起一个名称" in main_text(sent.text)
    assert "69" in main_text(sent.text), "what was typed is still worked out"
    assert stored(sqlite_database) == 0


def test_a_plan_is_saved_shown_and_changed_into_another(browser: PageClient) -> None:
    address = save(browser, "每社区七个点", response="60")
    page = browser.page(address)
    assert "每社区七个点" in page.text
    assert "115" in page.text  # 69 ÷ .6
    assert "每社区七个点" in browser.page("/plans").text

    (again,) = [link.get("href") for link in page.all("a") if link.text == "改一改，另存一个"]
    form = browser.page(again)
    values = {field.get("name"): field.get("value") for field in form.all("input") if field.get("type") == "text"}
    assert (values["margin"], values["rate"], values["response"], values["population"]) == ("7", "90", "60", "1778")


def test_an_empty_list(browser: PageClient) -> None:
    assert "还没有保存过方案" in browser.page("/plans").text


def test_plans_side_by_side(browser: PageClient) -> None:
    save(browser, "七个点")
    save(browser, "五个点", margin="5")
    page = browser.page("/plans/comparison?plan=1&plan=2")
    rows = {row.all("th")[0].text: [cell.text for cell in row.all("td")] for row in page.all("tr")}
    assert rows["允许误差"] == ["±7个百分点", "±5个百分点"]
    assert rows["每个社区完成"] == ["69", "129"]
    assert rows["真是90%，却落到85%以下的机会"][1] == "4%"
    assert "分到哪个抽样框" not in rows


def test_plans_for_different_frames_say_for_which(browser: PageClient, sqlite_database: Database) -> None:
    for _ in range(2):
        open_wave_with_units(sqlite_database)
    for name, frame in (("甲", "1"), ("乙", "2"), ("丙", "")):
        save(browser, name, frame=frame, rule="equal")
    page = browser.page("/plans/comparison?plan=1&plan=2&plan=3")
    rows = {row.all("th")[0].text: [cell.text for cell in row.all("td")] for row in page.all("tr")}
    assert rows["分到哪个抽样框"] == ["第 1 号", "第 2 号", "—"]


@pytest.mark.parametrize("query", ["", "?plan=1", "?plan=1&plan=1", "?plan=x&plan=1", "?" + "&plan=1" * 2])
def test_too_few_to_compare(browser: PageClient, query: str) -> None:
    save(browser, "七个点")
    shown = browser.get(f"/plans/comparison{query}")
    assert (shown.status_code, "请选 2 到 4 个方案来比较" in main_text(shown.text)) == (422, True)
    assert 'href="#plan-' in shown.text


def test_plans_that_are_not_there(browser: PageClient) -> None:
    assert browser.get("/plans/7").status_code == 404
    assert browser.get("/plans/comparison?plan=7&plan=8").status_code == 404


def test_the_design_of_a_plan(browser: PageClient) -> None:
    save(browser, "七个点", response="60")
    sent = browser.get("/plans/1/design.toml")
    assert sent.headers["Content-Disposition"] == "attachment; filename=design-1.toml"
    document = tomllib.loads(sent.text)
    assert document["allocation"]["per_community"] == 115
    assert document["stage"] == [{"unit": "dwelling", "method": "systematic"}]


def test_a_plan_nothing_can_be_drawn_by_says_why(browser: PageClient, sqlite_database: Database) -> None:
    open_wave_with_units(sqlite_database)
    address = save(
        browser, "网格", population="", margin="20", clusters="4", rho="0.02", frame="1", rule="proportional", total="9"
    )
    page = browser.page(address)
    assert "按网格分两步抽时，各社区的户数相同" in page.text
    assert not [link for link in page.all("a") if "design.toml" in str(link.get("href"))]
    assert browser.get(f"{address}/design.toml").status_code == 400


def test_the_communities_of_a_frame(browser: PageClient, sqlite_database: Database) -> None:
    open_wave_with_units(sqlite_database)
    query = {"goal": "margin", "margin": "10", "rate": "90", "frame": "1", "rule": "proportional", "total": "38"}
    page = browser.page(f"{FORM}?{urlencode(query | {'rates': '西湖社区 80'})}")
    rows = {row.all("th")[0].text: [cell.text for cell in row.all("td")] for row in page.all("tr")}
    assert rows["东风社区"][0] == "27"  # 38 × 54 ÷ 76
    assert rows["西湖社区"][0] == "11"
    assert rows["西湖社区"][3] == "80%"
    assert rows["无房村"][:2] == ["0", "—"]
    assert "共抽38户" in page.text
    assert "2个社区抽的户数少于上面算出的" in page.text

    unknown = browser.get(f"{FORM}?{urlencode(query | {'rates': '火星 80'})}")
    assert (unknown.status_code, "得到“火星”，应为抽样框里的社区代码或名称" in main_text(unknown.text)) == (422, True)
    many = browser.get(f"{FORM}?{urlencode(query | {'total': '77'})}")
    assert (many.status_code, "至多 76" in main_text(many.text)) == (422, True)


@pytest.mark.parametrize("scope", [Scope(areas=frozenset({example.EAST})), Scope(waves=frozenset({1}))])
def test_who_is_limited_to_a_part_has_no_plans(
    app: Flask, sqlite_database: Database, signed_in: SignIn, scope: Scope
) -> None:
    example.open_accounts(sqlite_database)
    example.limit(sqlite_database, Role.STATISTICIAN, scope)
    browser = signed_in(Role.STATISTICIAN)
    assert {browser.get(path).status_code for path in ("/plans", FORM)} == {403}
