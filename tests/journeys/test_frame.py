"""A statistician brings a street's table as it is, says what its odd headers mean, and gets the frame back out."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from survey.files.spreadsheets import read_rows
from tests.journeys.conftest import RunningSite, sign_in
from tests.journeys.looking import look, look_in_both_languages, press
from tests.survey.unit_tables import AREAS, OFFICE, TONGXIN, xlsx

pytestmark = pytest.mark.browser


def write_tables(folder: Path) -> tuple[Path, Path]:
    areas, units = folder / "地区.xlsx", folder / "住户.xlsx"
    header = ("代码", "名称", "级别", "上级代码", "成年人口")
    areas.write_bytes(
        xlsx([header, *((area.code, area.name, area.level.value, area.parent, area.population) for area in AREAS)])
    )
    odd = [row if len(row) < 5 or row[0] != "序号" else (*row[:7], "门头", *row[8:]) for row in OFFICE]
    units.write_bytes(xlsx(odd, merged=("A1:O1",)))
    return areas, units


def send(page: Page, areas: Path, units: Path) -> None:
    page.locator("#areas").set_input_files(areas)
    page.locator("#units").set_input_files(units)
    press(page.locator("main form button"))


def test_a_table_of_a_street_becomes_a_frame(page: Page, site: RunningSite, tmp_path: Path) -> None:
    areas, units = write_tables(tmp_path)
    sign_in(page, site)
    press(page.get_by_role("link", name="抽样框", exact=True))
    look_in_both_languages(page)
    press(page.get_by_role("button", name="导入抽样框"))
    look_in_both_languages(page)

    send(page, areas, units)
    expect(page.get_by_role("alert")).to_contain_text("有 1 个表头不认识")
    look(page)
    page.get_by_label("“门头”是").select_option("entrance")
    send(page, areas, units)
    expect(page.get_by_role("status")).to_contain_text("7 个单元")
    expect(page.get_by_role("status")).to_contain_text("丢弃了“户主姓名”列")
    expect(page.locator("main")).not_to_contain_text("张三")
    look(page)

    number = page.locator("h1").inner_text().split()[1]
    page.goto(f"{site.url}/frames/{number}")
    look_in_both_languages(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="导出单元（XLSX）").click()
    rows = read_rows(Path(download.value.path()).read_bytes(), "out.xlsx").rows
    assert rows[1][1][:4] == ("440983102001", "河东街道", "水口社区", "440983102001003")

    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(xlsx([("区划代码", "房号"), ("4.40983E+11", 101), (TONGXIN, "101-604")]))
    page.goto(f"{site.url}/frames/import")
    send(page, areas, bad)
    expect(page.locator("table")).to_contain_text("设为文本")
    look(page)
