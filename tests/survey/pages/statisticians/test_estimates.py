"""The statistician's estimates: what is shown, what is not, and the same in files."""

import csv
import io
from dataclasses import replace

import pytest
from openpyxl import load_workbook

from analysis.publication import Base, PublishedEstimate, Reason
from survey.areas import Area, Level
from survey.roles import Role, Scope
from survey.store.database import Database
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn, app, client, config, queue, signed_in, world
from tests.survey.pages.example import CITY, EAST, FRAME, WEST, World, estimate, hidden
from tests.survey.pages.page_client import Element, PageClient

__all__ = ["app", "client", "config", "queue", "signed_in", "world"]


@pytest.fixture
def browser(signed_in: SignIn, world: World) -> PageClient:
    return signed_in(Role.STATISTICIAN)


def table(page: Element) -> list[list[str]]:
    return [[cell.text for cell in row.children] for row in page.all("tr")]


def csv_rows(browser: PageClient, address: str) -> list[list[str]]:
    response = browser.get(address)
    assert response.mimetype == "text/csv"
    text = response.data.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def add(database: Database, rows: list[PublishedEstimate], *, frame: tuple[Area, ...] = FRAME, name: str = "轮") -> int:
    """A draft wave with a run of these rows."""
    with database.writing() as session:
        wave = example.add_wave(session, name=name, frame=frame)
        example.add_run(session, wave, rows)
    return wave


def test_all_rates_of_the_whole_on_both_bases(browser: PageClient, world: World) -> None:
    page = browser.page(f"/waves/{world.published}/estimates")
    rows = table(page)
    assert rows[0][:2] == ["指标 基数", "比例（%）"]
    assert len(rows[0]) == len(rows[1])
    assert "区间方法：Wilson（有效样本量、t分布）。" in page.text
    assert rows[1] == [
        *("知晓率 全部被问到的人", "80.0%", "知晓率 全部地区 全部被问到的人 80.0% (72.0%–86.2%) ≈ 与目标85%看不出差别"),
        *("72.0%", "86.2%", "120", "120", "1.00", "119", "3.65", "否"),
        *("5.0%", "2.0%", "0.0%"),
    ]
    assert [row[0] for row in rows[1:]] == [
        f"{label} {base}" for label in ("知晓率", "支持率") for base in ("全部被问到的人", "有效回答")
    ]


def test_one_rate_in_all_areas_by_code_in_whole_percents(browser: PageClient, world: World) -> None:
    page = browser.page(f"/waves/{world.published}/estimates?indicator=IND_Q1&base=asked")
    rows = table(page)[1:]
    assert [row[:2] for row in rows] == [["全部地区", "80.0%"], ["东风社区", "80%"], ["西湖社区", "—"]]
    assert "慎用" in rows[1][2]
    assert "样本不足" in rows[2][2]
    assert set(rows[2][3:]) == {"—"}
    assert "只有统计员能看到数字" not in page.text
    draft = browser.page(f"/waves/{world.draft}/estimates?indicator=IND_Q1&base=asked")
    assert "只有统计员能看到数字" in draft.text


def test_a_level_alone(browser: PageClient, world: World) -> None:
    rows = table(browser.page(f"/waves/{world.published}/estimates?level=community&base=valid"))[1:]
    assert [row[0] for row in rows] == [
        *("知晓率 东风社区", "知晓率 西湖社区"),
        *("支持率 东风社区", "支持率 西湖社区"),
    ]
    browser.page(f"/waves/{world.published}/estimates?level=grid", status=404)
    browser.page(f"/waves/{world.published}/estimates?indicator=IND_NOBODY", status=404)
    nonsense = browser.page(f"/waves/{world.published}/estimates?level=&base=x&page=-1&as=pdf")
    assert len(nonsense.all("tr")) == 5


def test_where_a_range_is_shown_nothing_else_is(browser: PageClient, sqlite_database: Database, world: World) -> None:
    unanimous = estimate("IND_Q1", EAST, n=20, proportion=1.0, shown_range=(0.9, 1.0), pooled=True, se=None, band=None)
    nearly = replace(unanimous, area=WEST, proportion=0.95, pooled=False, se=0.05)
    wave = add(sqlite_database, [unanimous, nearly])
    one, other = table(browser.page(f"/waves/{wave}/estimates?indicator=IND_Q1"))[1:]
    assert one[1] == other[1] == "90%–100%"
    assert one[3:] == other[3:] == [*("—", "—", "20"), *["—"] * 8]
    told, again = csv_rows(browser, f"/waves/{wave}/estimates?indicator=IND_Q1&as=csv")[1:3]
    assert told[5:] == again[5:]


def test_a_coaching_rate_of_a_small_area_is_withheld(
    browser: PageClient, sqlite_database: Database, world: World
) -> None:
    asked = example.questionnaire()
    told = replace(asked, indicators=(replace(asked.indicators[0], code="IND_COACHING"), asked.indicators[1]))
    small = [estimate("IND_COACHING", EAST, n=29, base=base, target=None, band=None) for base in Base]
    with sqlite_database.writing() as session:
        wave = example.add_wave(session, name="授意", document=replace(told, slug="told"))
        example.add_run(session, wave, [*small, *(replace(row, area=None, n=300) for row in small)])
    rows = table(browser.page(f"/waves/{wave}/estimates?level=all"))[1:]
    assert [row[1] for row in rows] == ["80.0%", "80.0%", "—", "—"]


@pytest.mark.parametrize("name", ['=cmd|" /C calc"!A1', "<script>alert(1)</script>", "+1", "@SUM(A1)", "长" * 60])
def test_absurd_names(browser: PageClient, sqlite_database: Database, world: World, name: str) -> None:
    odd = Area(code="990000000077", name=name, level=Level.COMMUNITY, parent=CITY, population=None)
    wave = add(sqlite_database, [estimate("IND_Q1", odd.code)], frame=(*FRAME, odd), name=name)
    address = f"/waves/{wave}/estimates?indicator=IND_Q1"
    (row,) = table(browser.page(address))[1:]
    assert name in row[0]
    (told,) = [row for row in csv_rows(browser, f"{address}&as=csv") if odd.code in row]
    assert told[3] == (name if name[0] not in "=+@" else f"'{name}")
    book = load_workbook(io.BytesIO(browser.get(f"{address}&as=xlsx").data))
    cells = [cell for line in book.worksheets[0].iter_rows(min_row=2) for cell in line]
    assert all(cell.data_type != "f" for sheet in book for line in sheet.iter_rows() for cell in line)
    assert told[3] in [cell.value for cell in cells]


def test_the_file_is_the_whole_table_and_no_more_exact(browser: PageClient, world: World) -> None:
    rows = csv_rows(browser, f"/waves/{world.draft}/estimates?level=all&as=csv")
    head, *told = rows
    assert head[:6] == ["指标代码", "地区代码", "指标", "地区", "基数", "比例（%）"]
    figures = [row for row in told if row and row[0].startswith("IND_")]
    assert len(figures) == 12
    assert figures[0][:6] == ["IND_Q1", "", "知晓率", "全部地区", "全部被问到的人", "80"]
    assert figures[2][1:12] == [EAST, "知晓率", "东风社区", "全部被问到的人", "80", "72", "86", "24", "120", "1", "119"]
    assert figures[4][5:-1] == ["—"] * 13
    about = " ".join(row[0] for row in told if len(row) == 1)
    assert "虚构数据" in about
    assert "还没有发布" in about
    assert "置信水平95%" in about
    response = browser.get(f"/waves/{world.published}/estimates?as=xlsx")
    assert "wave-2-estimates.xlsx" in response.headers["Content-Disposition"]
    book = load_workbook(io.BytesIO(response.data))
    assert book.worksheets[0]["F2"].value == 80
    assert "还没有发布" not in str([line[0].value for line in book.worksheets[1].iter_rows()])


def test_a_long_table_comes_in_pages_and_its_file_whole(
    browser: PageClient, sqlite_database: Database, world: World
) -> None:
    many = tuple(
        Area(code=f"9900000{number:05}", name=f"第{number}社区", level=Level.COMMUNITY, parent=CITY, population=None)
        for number in range(230)
    )
    wave = add(sqlite_database, [estimate("IND_Q1", area.code) for area in many], frame=(*FRAME, *many))
    address = f"/waves/{wave}/estimates?indicator=IND_Q1"
    first, last = browser.page(address), browser.page(f"{address}&page=99")
    assert len(first.all("tr")) == 101
    assert "第1–100行，共230行" in first.text
    assert len(last.all("tr")) == 31
    (next_page,) = [link.get("href") for link in first.all("a") if link.text == "下一页"]
    assert len(browser.page(next_page).all("tr")) == 101
    assert len([row for row in csv_rows(browser, f"{address}&page=2&as=csv") if row and row[0] == "IND_Q1"]) == 230


def test_nothing_estimated_yet(browser: PageClient, sqlite_database: Database, world: World) -> None:
    with sqlite_database.writing() as session:
        wave = example.add_wave(session, name="空")
    for view in ("", "/groups", "/targets", "/changes", "/pooled", "/drivers", "/modelled", "/ranks"):
        page = browser.page(f"/waves/{wave}/estimates{view}")
        assert f"survey estimate --wave {wave}" in page.text
        assert not page.all("table")
    browser.page("/waves/999/estimates", status=404)


def test_views_without_anything_to_show_say_why(browser: PageClient, sqlite_database: Database, world: World) -> None:
    plain = replace(estimate("IND_Q1", None), target=None, band=None)
    wave = add(sqlite_database, [plain, hidden("IND_Q1", EAST)])
    for view, words in (
        ("changes", "没有可以比较的上一轮"),
        ("targets", "没有指标定了目标"),
        ("groups", "没有可以分的组"),
        ("drivers", "算不出关联"),
        ("modelled", "不足30个"),
        ("ranks", "不足两个"),
        ("pooled", "没有可以合并的另一轮"),
    ):
        page = browser.page(f"/waves/{wave}/estimates/{view}")
        assert words in page.text, view
        assert not page.all("table")


def test_targets_with_their_p_values(browser: PageClient, world: World) -> None:
    rows = table(browser.page(f"/waves/{world.published}/estimates/targets?indicator=IND_Q1"))
    assert rows[0][-3:] == ["p值", "校正后的p值", "同族地区数"]
    whole, east = rows[1:]
    assert whole[0] == "全部地区"
    assert "与目标看不出差别" in whole[2]
    assert whole[-1] == "1"
    assert 0.05 < float(whole[-3]) < 0.3
    assert (east[0], east[-3:]) == ("东风社区", ["—"] * 3), "to be used with care: not compared"


def test_a_non_probability_sample_has_points_alone(
    browser: PageClient, sqlite_database: Database, world: World
) -> None:
    point = PublishedEstimate(
        indicator="IND_Q1",
        area=None,
        base=Base.ASKED,
        published=True,
        n=300,
        proportion=0.8,
        reason=Reason.NON_PROBABILITY,
    )
    wave = add(sqlite_database, [point])
    (row,) = table(browser.page(f"/waves/{wave}/estimates"))[1:]
    assert (row[1], row[3:6]) == ("80.0%", ["—", "—", "300"])
    assert "非概率样本" in row[2]


def test_whoever_is_limited_to_areas_sees_these_alone(
    sqlite_database: Database, signed_in: SignIn, world: World
) -> None:
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(areas=frozenset({EAST})))
    browser = signed_in(Role.STATISTICIAN)
    page = browser.page(f"/waves/{world.published}/estimates?base=asked")
    assert [row[0] for row in table(page)[1:]] == ["知晓率", "支持率"]
    assert "西湖社区" not in page.text
    for view in ("groups", "changes", "drivers", "pooled", "modelled", "ranks"):
        browser.page(f"/waves/{world.published}/estimates/{view}", status=403)
    limited = table(browser.page(f"/waves/{world.published}/estimates/targets"))[1:]
    assert [row[0] for row in limited] == ["知晓率", "支持率"]
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(waves=frozenset({world.draft})))
    signed_in(Role.STATISTICIAN).page(f"/waves/{world.published}/estimates", status=404)


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.LEADER, Role.SUPERVISOR, Role.ADMINISTRATOR, Role.DEPARTMENT])
def test_words_of_statistics_stay_with_statisticians(signed_in: SignIn, world: World, role: Role) -> None:
    browser = signed_in(role)
    for view in ("", "/groups", "/targets", "/changes", "/pooled", "/drivers", "/modelled", "/ranks"):
        browser.page(f"/waves/{world.published}/estimates{view}", status=403)
    page = browser.get(f"/waves/{world.published}").text
    assert "统计分析</a>" not in page
    assert "/estimates" not in page
