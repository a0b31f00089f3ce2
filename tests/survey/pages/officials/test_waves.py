"""The list of waves and the page of one."""

import pytest

from survey.areas import Area, Level
from survey.roles import Role, Scope
from survey.store.database import Database
from survey.waves import WaveDetails, WaveState
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import EAST, FRAME, WEST, World
from tests.survey.pages.page_client import PageClient

ENGLISH = {"Accept-Language": "en"}


def test_those_who_work_on_waves_see_all_of_them(signed_in: SignIn, world: World) -> None:
    rows = [row.text for row in signed_in(Role.STATISTICIAN).page("/waves").all("tr")[1:]]
    assert len(rows) == 2
    assert "2026年第2轮" in rows[0]
    assert "已发布" in rows[0]
    assert "2026年第1轮" in rows[1]
    assert "草稿" in rows[1]
    assert "小问卷" in rows[1]
    assert "2026年3月1日至2026年3月20日" in rows[1]
    assert rows[1].endswith("27")
    assert "虚构数据" in rows[1]


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.ADMINISTRATOR, Role.LEADER])
def test_the_others_see_published_waves_only(signed_in: SignIn, world: World, role: Role) -> None:
    browser = signed_in(role)
    rows = [row.text for row in browser.page("/waves").all("tr")[1:]]
    assert len(rows) == 1
    assert "2026年第2轮" in rows[0]
    hidden = browser.page(f"/waves/{world.draft}", status=404)
    absent = browser.page("/waves/999", status=404)
    assert "还没有发布" in hidden.text
    # The page does not tell whether there is such a wave.
    assert hidden.text.replace(str(world.draft), "N") == absent.text.replace("999", "N")


def test_supervisors_see_unpublished_waves_without_numbers(signed_in: SignIn, world: World) -> None:
    browser = signed_in(Role.SUPERVISOR)
    assert len(browser.page("/waves").all("tr")[1:]) == 2
    page = browser.page(f"/waves/{world.draft}")
    assert "发布以后，结果会出现在这里" in page.text
    assert not page.all("svg")
    assert browser.get(f"/waves/{world.draft}/reports").status_code == 404
    assert browser.page(f"/waves/{world.published}").all("svg")


def test_whoever_is_limited_to_an_area_is_offered_that_alone(
    signed_in: SignIn, world: World, sqlite_database: Database
) -> None:
    example.limit(sqlite_database, Role.OFFICIAL, Scope(areas=frozenset({EAST})))
    browser = signed_in(Role.OFFICIAL)
    page = browser.page(f"/waves/{world.published}")
    assert [option.get("value") for option in page.all("option")] == [EAST]
    assert "西湖社区" not in page.text
    assert browser.get(f"/waves/{world.published}?area={WEST}").status_code == 404
    assert browser.get(f"/reports/{world.published_report}.pdf").status_code == 404
    reports = browser.page(f"/waves/{world.published}/reports")
    assert [option.get("value") for option in reports.all("option")] == ["all", EAST]
    example.limit(sqlite_database, Role.OFFICIAL, Scope(waves=frozenset({world.draft})))
    again = signed_in(Role.OFFICIAL)
    assert "还没有已发布的轮次" in again.page("/waves").text
    assert again.get(f"/waves/{world.published}").status_code == 404


def test_an_empty_list_says_what_to_do(signed_in: SignIn, sqlite_database: Database) -> None:
    example.open_accounts(sqlite_database)
    assert "survey wave open" in signed_in(Role.STATISTICIAN).page("/waves").text
    official = signed_in(Role.OFFICIAL).page("/waves").text
    assert "survey wave open" not in official
    assert "还没有已发布的轮次" in official


def test_a_wave_shows_rates_as_chart_and_table(signed_in: SignIn, world: World) -> None:
    page = signed_in(Role.OFFICIAL).page(f"/waves/{world.published}")
    assert len(page.all("svg")) >= 3  # headline, and each headline rate by community
    tables = {table.all("caption")[0].text: table.text for table in page.all("table")}
    headline = next(text for caption, text in tables.items() if "总体指标" in caption)
    assert "知晓率" in headline
    assert "80.0%" in headline
    assert "72.0%–86.2%" in headline
    assert "支持率" in headline


def test_each_area_has_its_own_page(signed_in: SignIn, world: World) -> None:
    browser = signed_in(Role.OFFICIAL)
    whole = browser.page(f"/waves/{world.published}")
    codes = [option.get("value") for option in whole.all("select")[0].all("option")]
    assert codes == ["", EAST, WEST]
    east = browser.page(f"/waves/{world.published}?area={EAST}")
    assert "80%" in east.text
    assert "慎用" in east.text
    selected = [option.get("value") for option in east.all("option") if "selected" in option.attributes]
    assert selected == [EAST]
    west = browser.page(f"/waves/{world.published}?area={WEST}")
    assert "样本不足" in west.text
    assert "80" not in west.all("table")[0].text
    assert browser.get(f"/waves/{world.published}?area=nowhere").status_code == 404


def test_the_facts_and_the_history_are_there(signed_in: SignIn, world: World) -> None:
    text = signed_in(Role.OFFICIAL).page(f"/waves/{world.published}").text
    for fact in ("云城市委宣传部", "云调 1 号表", "云统制〔2026〕1 号", "批准文号", "外部数据导入", "小问卷 1"):
        assert fact in text
    assert "已结束改为已发布" in text
    assert "2026年3月9日 09:30" in text
    assert "虚构数据：" in text


def test_an_unpublished_wave_says_so_and_what_it_lacks(signed_in: SignIn, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        example.add_accounts(session)
        wave = example.add_wave(session, details=WaveDetails())
        example.add_run(session, wave)
    page = signed_in(Role.STATISTICIAN).page(f"/waves/{wave}")
    assert "这一轮还没有发布" in page.text
    assert "发布前还缺 15 项" in page.text
    assert "表号" in page.all("details")[0].text
    assert "虚构数据：" not in page.text


@pytest.mark.parametrize(("answers", "command"), [(0, "survey response import"), (2, "survey estimate --wave")])
def test_without_estimates_the_next_command_is_named(
    signed_in: SignIn, sqlite_database: Database, answers: int, command: str
) -> None:
    with sqlite_database.writing() as session:
        example.add_accounts(session)
        wave = example.add_wave(session)
        example.add_responses(session, wave, {EAST: answers} if answers else {})
    page = signed_in(Role.STATISTICIAN).page(f"/waves/{wave}?area={EAST}")
    assert "还没有估计值" in page.text
    assert command in page.text
    assert not page.all("svg")


def test_a_wave_without_a_single_published_number(signed_in: SignIn, sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        example.add_accounts(session)
        wave = example.add_wave(session, states=[WaveState.CLOSED])
        example.add_run(session, wave, [example.hidden("IND_Q1", None), example.hidden("IND_Q1", WEST)])
        empty = example.add_wave(session, name="空的")
        example.add_run(session, empty, [])
    browser = signed_in(Role.STATISTICIAN)
    assert "样本不足" in browser.page(f"/waves/{wave}").text
    assert browser.page(f"/waves/{empty}").all("h1")[0].text == "空的"


def test_absurd_names_stay_words(signed_in: SignIn, sqlite_database: Database) -> None:
    name = '<script>alert("1")</script>' + "很长的名字" * 40 + "x" * 200
    frame = (*FRAME, Area(code="441800001003", name=name, level=Level.COMMUNITY, parent=FRAME[0].code, population=1))
    with sqlite_database.writing() as session:
        example.add_accounts(session)
        wave = example.add_wave(session, name=name, frame=frame, details=WaveDetails(sponsor=name))
        example.add_run(session, wave, [example.estimate("IND_Q1", None), example.estimate("IND_Q1", "441800001003")])
    browser = signed_in(Role.STATISTICIAN)
    assert name in browser.page("/waves").text
    page = browser.page(f"/waves/{wave}?area=441800001003")
    assert page.all("h1")[0].text == name


def test_everything_is_there_in_english(signed_in: SignIn, world: World) -> None:
    browser: PageClient = signed_in(Role.STATISTICIAN)
    response = browser.get(f"/waves/{world.draft}", headers=ENGLISH)
    assert '<html lang="en"' in response.text
    assert "Awareness" in response.text
    assert "Tiny questionnaire" in response.text
