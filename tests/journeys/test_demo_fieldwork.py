"""The wave that is in the field in the demo: a statistician watches, a supervisor settles, a canvasser goes on."""

import re

import pytest
from playwright.sync_api import Browser, expect

from tests.journeys.answering import fill_screen, go_on, is_item
from tests.journeys.conftest import RunningSite
from tests.journeys.demo_people import IN_FIELD, go, person, tab
from tests.journeys.drawn_wave import cases_of_name
from tests.journeys.looking import look_in_both_languages, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]

STATISTICIAN, SUPERVISOR, CANVASSER = "以统计员身份登录", "以督导身份登录", "以访员身份登录"
#: A community of the example.
BRIDGE = "990101001003"


def test_a_statistician_watches_a_wave(browser: Browser, site: RunningSite) -> None:
    with person(browser, site, STATISTICIAN) as page:
        press(page.get_by_role("link", name="抽样框", exact=True))
        look_in_both_languages(page)
        press(page.get_by_role("link", name="第 1 号", exact=True))
        look_in_both_languages(page)
        press(page.get_by_role("link", name="轮次", exact=True))
        press(page.get_by_role("link", name="第三轮（虚构数据）"))
        expect(page.locator("main")).to_contain_text("这一轮还没有发布：只有统计员能看到数字")
        expect(page.locator("#changes")).to_have_text("与上一轮相比")
        look_in_both_languages(page)
        tab(page, "抽样")
        look_in_both_languages(page)
        press(page.get_by_role("button", name="重抽一遍，核对记录"))
        expect(page.get_by_role("status")).to_contain_text("与记录一户不差")
        for words in ("状态", "邀请信", "入户进展"):
            tab(page, words)
            look_in_both_languages(page)
        expect(page.locator("main")).to_contain_text("户还没有派给访员")
        tab(page, "宣传与整改")
        expect(page.locator("main")).to_contain_text("这一轮还没有发布")
    with person(browser, site, "以干部身份登录") as page:
        expect(page.locator("main")).not_to_contain_text("第三轮")
        go(page, site, f"/waves/{IN_FIELD}", status=404)


def test_a_supervisor_settles_what_waits(browser: Browser, site: RunningSite) -> None:
    """By what is said of the interview, never by what was answered."""
    with person(browser, site, SUPERVISOR) as page:
        go(page, site, f"/waves/{IN_FIELD}/assignments?community={BRIDGE}")
        look_in_both_languages(page)
        tab(page, "访问审核")
        look_in_both_languages(page)
        waiting = page.locator(".review--waiting")
        before = waiting.count()
        twice = waiting.filter(has_text="这个样本户已经有一份访问")
        twice.locator("input[name=note]").fill("同一户访了两次，留先到的一份（演示）")
        press(twice.get_by_role("button", name="作废"))
        expect(page.get_by_role("status")).to_contain_text("已作废")
        expect(waiting).to_have_count(before - 1)
        late = waiting.filter(has_text="现在不负责这个样本户")
        late.locator("input[name=note]").fill("改派晚了，确实去过（演示）")
        press(late.get_by_role("button", name="采用"))
        expect(waiting).to_have_count(before - 2)
        flagged = page.locator("details.review", has_text="比一般短得多").first
        flagged.locator("summary").click()
        expect(flagged).to_contain_text("分钟")
        assert not re.search("满意|支持|知道", page.locator("main").inner_text())


def test_a_canvasser_goes_on_with_an_interview_on_a_phone(browser: Browser, site: RunningSite) -> None:
    with person(browser, site, CANVASSER, phone=True) as page:
        look_in_both_languages(page)
        press(page.locator(".cases__item", has_text="访问未完").get_by_role("link"))
        case = page.url
        look_in_both_languages(page)
        press(page.get_by_role("link", name="继续访问"))
        look_in_both_languages(page)
        press(page.get_by_role("link", name="从停下的地方继续"))
        look_in_both_languages(page)
        asked = 0
        while is_item(page):
            fill_screen(page)
            go_on(page)
            asked += 1
        assert asked > 5
        look_in_both_languages(page)
        page.locator("#present-alone").check()
        press(page.get_by_role("button", name="交上", exact=True))
        expect(page.get_by_role("status")).to_contain_text("访问已交上")
        press(page.locator("a.govuk-back-link"))
        page.locator("details summary").click()
        line = page.locator(".cases__item").filter(has=page.locator(f"a[href='{case.removeprefix(site.url)}']"))
        expect(line).to_contain_text("访问已交")
        other = next(iter(cases_of_name(site, "canvasser2", IN_FIELD, BRIDGE)))
        go(page, site, f"/cases/{other}", status=404)
