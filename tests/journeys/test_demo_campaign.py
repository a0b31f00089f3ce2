"""The campaign in the demo: an official plans, a grid worker counts, a department mends, a leader reads."""

import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Browser, Page, expect

from survey.reports.wording import BEIJING
from tests.journeys.conftest import RunningSite
from tests.journeys.demo_people import FICTITIOUS, PLANNED, enter, fields, go, in_order_of_codes, person, tab
from tests.journeys.looking import look_in_both_languages, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]

OFFICIAL, GRID_WORKER, DEPARTMENT = "以干部身份登录", "以网格员身份登录", "以部门身份登录"
OWNER = "社区工作站 小许（虚构）"
REMARK = "先约好时间再去（演示）"


def test_an_official_reads_plans_and_takes_away(browser: Browser, site: RunningSite, tmp_path: Path) -> None:
    with person(browser, site, OFFICIAL) as page:
        look_in_both_languages(page)
        press(page.get_by_role("link", name="第二轮（虚构数据）"))
        look_in_both_languages(page)
        _what_changed(page)
        tab(page, "宣传与整改")
        look_in_both_languages(page)
        for table in page.locator(".outreach-table").all():
            places = [text.partition("：")[0].strip() for text in table.locator("tbody th").all_inner_texts()]
            assert len(places) == 1 or in_order_of_codes(places)
        _filter(page)
        _edit(page)
        _take_away(page, tmp_path)
        press(page.get_by_role("link", name="行动类型和单价"))
        look_in_both_languages(page)


def _what_changed(page: Page) -> None:
    """What rose says so with an interval above nothing; what cannot be told says so, too. Nobody is ranked."""
    section = page.locator("section[aria-labelledby=changes]")
    for words in ("看不出变化", "不能比较", "不说明它有效果", "不是名次"):
        expect(section).to_contain_text(words)
    text = section.inner_text()
    risen = re.findall(r"↑ 上升[^（]*（(?:区间)?(.)", text)
    assert risen
    assert set(risen) == {"+"}, risen
    assert in_order_of_codes(section.locator(".survey-figures tbody th").all_inner_texts())


def _filter(page: Page) -> None:
    whole = _numbers(page)[0]
    page.locator("#kind").select_option("ask")
    press(page.get_by_role("button", name="显示", exact=True))
    total, shown = _numbers(page)
    assert (total, shown) == (whole, page.locator(".outreach-table tbody tr").count())
    assert shown < whole


def _numbers(page: Page) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", page.locator("main p[role=status]").inner_text())]


def _edit(page: Page) -> None:
    """Dates, an owner and a remark; each is in the history, on the list and in what others take away."""
    press(page.locator(".outreach-table tbody th a").first)
    look_in_both_languages(page)
    first = (datetime.now(BEIJING) + timedelta(days=7)).date()
    page.locator("#start").fill(first.isoformat())
    page.locator("#end").fill((first + timedelta(days=20)).isoformat())
    page.locator("#owner").fill(OWNER)
    press(page.get_by_role("button", name="保存", exact=True))
    expect(page.get_by_role("status")).to_contain_text("已保存")
    page.locator("#comment").fill(REMARK)
    press(page.get_by_role("button", name="发表", exact=True))
    expect(page.locator(".outreach-comment")).to_contain_text(REMARK)
    history = page.locator("table:has(#caption-history) tbody tr")
    expect(history.filter(has_text=OWNER)).to_contain_text("official")
    expect(history.filter(has_text="开始日期")).to_contain_text(f"{first.month}月{first.day}日")
    press(page.locator("a.govuk-back-link"))
    expect(page.locator(".outreach-table tbody tr").filter(has_text=OWNER)).to_have_count(1)


def _take_away(page: Page, folder: Path) -> None:
    pdf, xlsx = folder / "plan.pdf", folder / "plan.xlsx"
    for words, path in (("下载 PDF", pdf), ("下载表格（XLSX）", xlsx)):
        with page.expect_download() as download:
            page.get_by_role("link", name=words).click()
        download.value.save_as(path)
    pages = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    for text in pages.rstrip("\f\n").split("\f"):
        assert FICTITIOUS in "".join(text.split())
    assert "小许" in pages
    cells = [cell for sheet in load_workbook(xlsx).worksheets for row in sheet.values for cell in row if cell]
    assert OWNER in cells
    assert any(FICTITIOUS in str(cell) for cell in cells)


def test_a_grid_worker_counts_on_a_phone(browser: Browser, site: RunningSite) -> None:
    with person(browser, site, GRID_WORKER, phone=True) as page:
        look_in_both_languages(page)
        press(page.get_by_role("link", name="入户宣传").first)
        look_in_both_languages(page)
        assert fields(page.locator("main form.cases__form")) == {
            "csrf_token",
            "work",
            "grid",
            "day",
            "people",
            "quantity",
        }
        _record_once(page)
        press(page.get_by_role("link", name="打开走访台账"))
        look_in_both_languages(page)
        assert fields(page.locator("main form[method=post]")) == {"csrf_token", "grid", "page", "day", "tick"}
        _tick(page)
        assert page.locator("main textarea, main input[type=text]").count() == 0
        press(page.locator("a.govuk-back-link"))
        expect(page.locator("main")).to_contain_text("入户率")


def _record_once(page: Page) -> None:
    """Tapped twice, and sent once more by a phone that was not sure."""
    log = page.locator("ol.cases__log > li")
    before = log.count()
    page.locator("#people").fill("3")
    page.locator("#quantity").fill("17")
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="记下", exact=True).dblclick()
    expect(page.get_by_role("status")).to_contain_text("已记下")
    again = page.request.post(
        sent.value.url, data=sent.value.post_data_buffer, headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert again.ok
    page.reload()
    expect(log).to_have_count(before + 1)
    expect(log.filter(has_text="17户次，参加3人")).to_have_count(1)


def _tick(page: Page) -> None:
    """Three homes of a grid where nobody was, one of them taken back."""
    grids = page.locator("#grid-choice option").count() - 1  # after them all together
    page.locator("#grid-choice").select_option(index=grids - 1)
    press(page.get_by_role("button", name="打开", exact=True))
    before = _visited(page)
    homes = [home.get_attribute("id") for home in page.locator(".ledger__home").all()[:3]]
    for home, words in zip(homes, ("见到人", "无人", "勿扰"), strict=True):
        press(page.locator(f"#{home}").get_by_role("button", name=words))
        expect(page.locator(f"#{home} .ledger__tick")).to_contain_text(words)
    assert _visited(page) == before + 3
    press(page.locator(f"#{homes[1]}").get_by_role("button", name="撤销"))
    expect(page.locator(f"#{homes[1]} .ledger__tick")).to_have_count(0)
    assert _visited(page) == before + 2


def _visited(page: Page) -> int:
    found = re.search(r"到过 ([\d,]+) 户", page.locator("main").inner_text())
    assert found
    return int(found[1].replace(",", ""))


def test_a_department_mends_and_the_official_sees_it(browser: Browser, site: RunningSite) -> None:
    with person(browser, site, DEPARTMENT, phone=True) as page:
        look_in_both_languages(page)
        press(page.locator("main section").first.locator(".cases__item", has_text="进行中").first.get_by_role("link"))
        look_in_both_languages(page)
        number = page.url.rpartition("/")[2]
        page.locator("#status-done").check()
        page.locator("#result").fill("")
        press(page.get_by_role("button", name="保存", exact=True))
        expect(page.get_by_role("alert")).to_contain_text("结果")
        page.locator("#result").fill("路灯照到的地方都补平了（演示）")
        page.locator("#spent").fill("18600")
        press(page.get_by_role("button", name="保存", exact=True))
        expect(page.get_by_role("status")).to_contain_text("已保存")
        enter(page, site, OFFICIAL)
        go(page, site, f"/waves/{PLANNED}/outreach?status=done")
        press(page.locator(f".outreach-table a[href$='/outreach/{number}']"))
        expect(page.locator("main")).to_contain_text("已完成")
        expect(page.locator("#result")).to_have_value("路灯照到的地方都补平了（演示）")
        history = page.locator("table:has(#caption-history) tbody tr").filter(has_text="补平")
        expect(history).to_contain_text("department")


def test_a_leader_reads_only(browser: Browser, site: RunningSite) -> None:
    with person(browser, site, "Sign in as Leader", tag="en-GB") as page:
        paths = [f"/waves/{PLANNED}", f"/waves/{PLANNED}/outreach"]
        for path in ("/waves", *paths):
            go(page, site, path)
            _reads_only(page)
        press(page.locator(".outreach-table tbody th a").first)
        look_in_both_languages(page)
        _reads_only(page)
        token = page.locator("form[action='/sign-out'] input[name=csrf_token]").input_value()
        form = {"csrf_token": token, "confirm": "yes", "budget": "1"}
        refused = page.request.post(f"{site.url}/waves/{PLANNED}/outreach", form=form)
        assert refused.status == 403
        go(page, site, "/outreach/types", status=200)
        _reads_only(page)
        go(page, site, f"/waves/{PLANNED}/fieldwork", status=403)
        look_in_both_languages(page)


def _reads_only(page: Page) -> None:
    actions = {form.get_attribute("action") for form in page.locator("form[method=post]").all()}
    assert actions == {"/sign-out", "/language"}, page.url
