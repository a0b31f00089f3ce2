"""Who comes by: a visitor who follows one answer, a resident with a link, an administrator who closes a door."""

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.journeys.answering import fill_screen, go_on, is_item
from tests.journeys.conftest import RunningSite, sign_in
from tests.journeys.demo_people import FICTITIOUS, go, visitor
from tests.journeys.looking import look, look_in_both_languages, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def test_a_visitor_follows_one_answer(browser: Browser, site: RunningSite) -> None:
    with visitor(browser) as page:
        go(page, site, "/")
        look_in_both_languages(page)
        expect(page.locator("body")).to_contain_text(FICTITIOUS)
        expect(page.get_by_role("button", name="身份登录")).to_have_count(7)
        press(page.locator("main").get_by_role("link", name="一份答卷的旅程"))
        look_in_both_languages(page)
        press(page.locator("#outreach").get_by_role("button", name="以干部身份看已发布的一轮"))
        expect(page.locator("h1")).to_contain_text("第一轮（虚构数据）：宣传与整改")
        page.go_back()
        press(page.locator("#review").get_by_role("button", name="以督导身份看正在调查的一轮"))
        expect(page.locator("h1")).to_contain_text("第三轮（虚构数据）：访问审核")
        press(page.locator("footer").get_by_role("link", name="用语"))
        look_in_both_languages(page)
        expect(page.locator("main")).to_contain_text("95%的次数里，这样算出的区间会包含全体居民的真实比例")


def test_a_visitor_from_abroad_on_a_phone(browser: Browser, site: RunningSite) -> None:
    with visitor(browser, phone=True, tag="en-GB") as page:
        go(page, site, "/walk")
        assert not re.search("[一-龥]", "".join(page.locator(".walk__step").all_inner_texts()))
        press(page.locator("#change").get_by_role("button"))
        expect(page.locator("html")).to_have_attribute("lang", "en")
        expect(page.locator("#changes")).to_have_text("Since the last wave")


def test_a_resident_answers_by_the_link_without_scripts(browser: Browser, site: RunningSite) -> None:
    with visitor(browser, phone=True, scripts=False) as page:
        go(page, site, "/walk")
        press(page.locator("#answer a"))
        look(page, scripts=False)
        expect(page.locator("main")).to_contain_text(FICTITIOUS)
        press(page.locator("#questionnaire button[value=start]"))
        look(page, scripts=False)
        while is_item(page):
            fill_screen(page)
            go_on(page)
        expect(page.locator('main[data-survey-state="complete"]')).to_be_visible()
        look(page, scripts=False)
        expect(page.locator("h1")).to_contain_text("谢")
    with visitor(browser, phone=True) as page:
        go(page, site, "/walk")
        press(page.locator("#answer a"))
        look_in_both_languages(page)
        press(page.locator("#questionnaire button[value=start]"))
        look_in_both_languages(page)


def test_an_administrator_closes_an_example(browser: Browser, site: RunningSite) -> None:
    """Who still has the front page open is told so; who was signed in is out; opened again, all is as before."""
    with visitor(browser) as page, visitor(browser) as late, visitor(browser) as inside:
        go(late, site, "/")
        go(inside, site, "/")
        press(_leader(inside))
        sign_in(page, site, "admin")
        look_in_both_languages(page)
        press(page.get_by_role("link", name="leader", exact=True))
        look_in_both_languages(page)
        expect(page.locator("main")).to_contain_text("示例账号")
        press(page.locator("main").get_by_role("link", name="停用账号"))
        look_in_both_languages(page)
        press(page.get_by_role("button", name="停用", exact=True))
        try:
            press(_leader(late))
            expect(late.locator("main")).to_contain_text("没有可以一键登录的示例账号")
            look_in_both_languages(late)
            go(late, site, "/")
            expect(_leader(late)).to_have_count(0)
            inside.reload()
            expect(inside.locator("h1")).to_have_text("登录")
        finally:
            press(page.locator("main").get_by_role("link", name="重新启用账号"))
            press(page.get_by_role("button", name="重新启用", exact=True))
        go(late, site, "/")
        press(_leader(late))
        expect(late.locator("h1")).to_have_text("轮次")


def _leader(page: Page) -> Locator:
    return page.get_by_role("button", name="以领导身份登录")
