"""The statistician's estimates of the demo city: every view on a phone and a desk, in both languages, and as a file."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.conftest import RunningSite
from tests.journeys.demo_people import IN_FIELD, PLANNED, enter, go, person, tab, visitor
from tests.journeys.looking import fits, look_in_both_languages, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STATISTICIAN = "以统计员身份登录"
VIEWS = ("分组", "其他口径", "与目标比较", "变化", "多轮合并", "满意的关联", "模型估计", "可能的名次", "估计表")


def view(page: Page, words: str) -> None:
    press(page.locator(".estimate-tabs").get_by_role("link", name=words, exact=True))


def choose(page: Page, label: str, words: str) -> None:
    page.get_by_label(label, exact=True).select_option(words)
    press(page.get_by_role("button", name="显示"))


def test_a_statistician_reads_every_view(browser: Browser, site: RunningSite) -> None:
    with person(browser, site, STATISTICIAN) as page:
        go(page, site, f"/waves/{PLANNED}")
        tab(page, "统计分析")
        for words in VIEWS:
            view(page, words)
            look_in_both_languages(page)
        choose(page, "指标", "知晓率")
        expect(page.locator("main")).to_contain_text("有效样本量")
        with page.expect_download() as download:
            page.get_by_role("link", name="XLSX", exact=True).click()
        assert download.value.suggested_filename.endswith("估计表.xlsx")


def test_groups_of_a_wave_in_the_field_and_of_a_closed_one(browser: Browser, site: RunningSite) -> None:
    with person(browser, site, STATISTICIAN, phone=True) as page:
        for wave in (IN_FIELD, PLANNED):
            go(page, site, f"/waves/{wave}/estimates/groups")
            for grouping in ("年龄组", "访员类别", "有没有人带路"):
                choose(page, "分组", grouping)
                expect(page.locator("h2").first).to_contain_text(grouping)
                assert fits(page)
        expect(page.locator("main")).to_contain_text("带路的人认得自己带去的那几家")


def test_without_scripts(browser: Browser, site: RunningSite) -> None:
    with visitor(browser, scripts=False) as page:
        enter(page, site, STATISTICIAN)
        go(page, site, f"/waves/{PLANNED}/estimates")
        choose(page, "级别", "社区")
        expect(page.locator("main")).to_contain_text("按代码排列，不是名次")
