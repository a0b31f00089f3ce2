"""A resident answers on a cheap phone: without scripts, on a weak signal, in WeChat, with slips of the finger."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from questionnaires.loading import BUILT_IN, load_file
from survey.store.database import Database
from survey.store.waves import get_wave
from survey.workflow.add_recording import add_recording
from tests.journeys.answering import fill_screen, go_on, is_item
from tests.journeys.looking import PHONE, press, violations
from tests.journeys.resident_pages import resume, start, take_other
from tests.journeys.resident_site import ResidentSite, serving

pytestmark = [pytest.mark.browser]

SHORT = BUILT_IN["urban-community-short"]
QUESTIONNAIRE = load_file(SHORT)
#: As its browser on Android calls itself.
WECHAT = (
    "Mozilla/5.0 (Linux; Android 10; M2006C3LC) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/86.0.4240.99 "
    "XWEB/4317 MMWEBSDK/20220903 Mobile Safari/537.36 MMWEBID/4321 MicroMessenger/8.0.28.2240(0x28001C57) "
    "WeChat/arm64 Weixin NetType/3gnet Language/zh_CN ABI/arm64"
)
NO_VOICE = "delete window.speechSynthesis; Object.defineProperty(window, 'speechSynthesis', {value: undefined});"
#: A phone with one voice; what it is asked to say is kept.
A_VOICE = """
window.said = [];
Object.defineProperty(window, "speechSynthesis", {value: {
  getVoices: () => [{lang: "zh-CN", localService: %s, name: "of the test"}],
  speak: one => window.said.push(one.text), cancel: () => {}}});
window.SpeechSynthesisUtterance = function (text) { this.text = text; };
"""


@pytest.fixture
def site(sqlite_database: Database, tmp_path: Path) -> Iterator[ResidentSite]:
    with serving(sqlite_database, tmp_path, SHORT.read_text(encoding="utf-8")) as found:
        yield found


@contextmanager
def phone(browser: Browser, **settings: Any) -> Iterator[BrowserContext]:
    context = browser.new_context(**({"viewport": PHONE, "locale": "zh-CN", "has_touch": True} | settings))
    yield context
    context.close()


def fill(page: Page) -> None:
    fill_screen(page, QUESTIONNAIRE)


def answer_to_the_end(page: Page, site: ResidentSite) -> None:
    """From the screen that is open to the thanks; exactly one answer is stored."""
    while is_item(page):
        fill(page)
        go_on(page)
    expect(page.locator("main[data-survey-state=complete]")).to_be_visible()
    assert page.locator("main").get_attribute("data-receipt")
    assert len(site.stored()) == 1


def shown(page: Page) -> str:
    return page.locator("#questionnaire input[name=shown]").input_value()


def checked(page: Page) -> list[str]:
    found = page.locator("#questionnaire input:checked")
    return [f"{one.get_attribute('name')}={one.get_attribute('value')}" for one in found.all()]


def test_without_scripts_by_the_link(browser: Browser, site: ResidentSite) -> None:
    with phone(browser, java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(site.link)
        start(page)
        answer_to_the_end(page, site)
        assert page.locator(".resident__voice").count() == 0


def test_on_a_weak_signal(browser: Browser, site: ResidentSite) -> None:
    """A second each way and 50 kbit/s: slower than the old mobile networks of a village."""
    with phone(browser) as context:
        page = context.new_page()
        page.set_default_timeout(60_000)
        network = context.new_cdp_session(page)
        slow = {"offline": False, "latency": 1_000, "downloadThroughput": 6_250, "uploadThroughput": 6_250}
        network.send("Network.enable")
        network.send("Network.emulateNetworkConditions", slow)
        page.goto(site.link, timeout=60_000)
        start(page)
        answer_to_the_end(page, site)


def test_a_lost_signal_loses_the_screen_and_nothing_before_it(browser: Browser, site: ResidentSite) -> None:
    with phone(browser) as context:
        page = context.new_page()
        page.goto(site.letter())
        start(page)
        fill(page)
        go_on(page)
        second = shown(page)
        context.set_offline(True)
        page.locator("#questionnaire .govuk-button[value=next]").click()
        context.set_offline(False)
        page.goto(site.letter())
        resume(page)
        assert shown(page) == second
        answer_to_the_end(page, site)


def test_closed_midway_it_goes_on_with_the_same_phone(browser: Browser, site: ResidentSite) -> None:
    with phone(browser) as context:
        page = context.new_page()
        page.goto(site.letter())
        start(page)
        fill(page)
        go_on(page)
        fill(page)
        given = checked(page)
        go_on(page)
        third = shown(page)
        page.close()
        page = context.new_page()
        page.goto(site.letter())
        resume(page)
        assert shown(page) == third  # it goes on where it was left
        press(page.locator("#questionnaire .govuk-button[value=back]"))
        assert checked(page) == given
        go_on(page)
        answer_to_the_end(page, site)


def test_on_another_phone_the_code_alone_shows_no_earlier_answer(browser: Browser, site: ResidentSite) -> None:
    with phone(browser) as first, phone(browser) as second:
        page = first.new_page()
        page.goto(site.letter())
        start(page)
        fill(page)
        go_on(page)
        other = second.new_page()
        other.goto(site.letter())
        expect(other.locator("button[value=start]")).to_contain_text("开始填写")
        start(other)
        assert shown(other) == QUESTIONNAIRE.items[0].id
        assert checked(other) == []
        answer_to_the_end(other, site)
        answer = site.stored()
        while is_item(page):  # who began first may finish; a supervisor decides between the two
            fill(page)
            go_on(page)
        expect(page.locator("main[data-survey-state=kept-aside]")).to_be_visible()
        assert site.stored() == answer


@pytest.mark.parametrize("settings", [{"java_script_enabled": False}, {"user_agent": WECHAT}])
def test_two_people_at_one_poster_with_one_phone(
    browser: Browser, site: ResidentSite, settings: dict[str, Any]
) -> None:
    """The second scans it while the first is half way through, and neither sees what the other chose."""
    with phone(browser, **settings) as context:
        page = context.new_page()
        page.goto(site.link)
        start(page)
        for _ in range(3):
            fill(page)
            go_on(page)
        fourth = shown(page)
        page.goto(site.link)
        expect(page.locator("#questionnaire")).to_have_count(0)
        if "user_agent" in settings:
            assert violations(page) == []
        page.go_back()
        assert not is_item(page), "nor by the browser's own way back"
        take_other(page)
        start(page)
        assert (shown(page), checked(page)) == (QUESTIONNAIRE.items[0].id, [])
        answer_to_the_end(page, site)
        page.goto(site.link)
        resume(page)
        assert shown(page) == fourth
        while is_item(page):
            fill(page)
            go_on(page)
        expect(page.locator("main[data-survey-state=complete]")).to_be_visible()
        assert len(site.stored()) == 2


def test_larger_type_on_the_way_keeps_what_was_chosen(browser: Browser, site: ResidentSite) -> None:
    with phone(browser) as context:
        page = context.new_page()
        page.goto(site.link)
        start(page)
        fill(page)
        given, size = checked(page), _size(page)
        press(page.get_by_role("button", name="大字", exact=True))
        large = _size(page)
        press(page.get_by_role("button", name="更大的字"))
        press(page.get_by_role("button", name="高对比"))
        assert size < large < _size(page)
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(0, 0, 0)"
        assert checked(page) == given
        answer_to_the_end(page, site)


def _size(page: Page) -> float:
    return float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('legend')).fontSize)"))


def test_inside_wechat(browser: Browser, site: ResidentSite) -> None:
    """Nothing there needs a voice, a worker or a download; the back arrow of its bar is the browser's own."""
    with phone(browser, user_agent=WECHAT, service_workers="block", accept_downloads=False) as context:
        context.add_init_script(NO_VOICE)
        page = context.new_page()
        broken: list[str] = []
        page.on("pageerror", lambda error: broken.append(str(error)))
        page.goto(site.letter())
        start(page)
        assert page.locator(".resident__voice").count() == 0
        answer_to_the_end(page, site)
        assert broken == []


@pytest.mark.parametrize(("local", "buttons"), [("true", True), ("false", False)])
def test_only_a_voice_of_the_phone_itself_reads_aloud(
    browser: Browser, site: ResidentSite, local: str, buttons: bool
) -> None:
    with phone(browser) as context:
        context.add_init_script(A_VOICE % local)
        page = context.new_page()
        page.goto(site.link)
        start(page)
        button = page.get_by_role("button", name="读给我听")
        assert (button.count() > 0) == buttons
        if buttons:
            button.first.click()
            said = page.evaluate("window.said")
            assert page.locator("legend").first.inner_text() in said[0]
            assert page.locator(".question label").first.inner_text() in said[0]
            expect(page.get_by_role("button", name="停")).to_be_visible()


def test_two_tabs_are_one_answer(browser: Browser, site: ResidentSite) -> None:
    with phone(browser) as context:
        one, two = context.new_page(), context.new_page()
        one.goto(site.letter())
        start(one)
        two.goto(site.letter())
        start(two)
        while is_item(one):
            fill(one)
            go_on(one)
        expect(one.locator("main[data-survey-state=complete]")).to_be_visible()
        fill(two)
        go_on(two)  # the other tab learns that it is done
        expect(two.locator("main[data-survey-state=complete]")).to_be_visible()
        assert len(site.stored()) == 1


def test_the_browsers_own_back_and_forward_lose_nothing(browser: Browser, site: ResidentSite) -> None:
    with phone(browser) as context:
        page = context.new_page()
        page.goto(site.link)
        start(page)
        given: list[tuple[str, list[str]]] = []
        for _ in range(3):
            fill(page)
            given.append((shown(page), checked(page)))
            go_on(page)
        for before in reversed(given):
            page.go_back()
            assert (shown(page), checked(page)) == before
        page.go_forward()
        assert (shown(page), checked(page)) == given[1]
        press(page.locator("#questionnaire button[name=action]").first)  # the button of the enter key, as programs do
        assert (shown(page), checked(page)) == given[2]
        answer_to_the_end(page, site)


def test_the_last_button_pressed_twice_hands_in_once(browser: Browser, site: ResidentSite) -> None:
    with phone(browser) as context:
        page = context.new_page()
        page.goto(site.link)
        page.locator("#questionnaire button[value=start]").dblclick()
        page.wait_for_url(lambda url: "at=welcome" not in url)
        while is_item(page):
            fill(page)
            before = shown(page)
            page.locator("#questionnaire .govuk-button[value=next]").dblclick(no_wait_after=True)
            page.wait_for_function(
                "before => { const shown = document.querySelector('#questionnaire input[name=shown]');"
                " return document.readyState === 'complete' && (!shown || shown.value !== before); }",
                arg=before,
            )
        expect(page.locator("main[data-survey-state=complete]")).to_be_visible()
        assert len(site.stored()) == 1


def test_a_recording_is_fetched_when_it_is_played(browser: Browser, site: ResidentSite) -> None:
    first = QUESTIONNAIRE.items[0].id
    with site.database.writing() as session:
        wave = get_wave(session, site.online.wave)
        add_recording(session, wave, item=first, dialect="客家话", body=_tone())
    with phone(browser) as context:
        page = context.new_page()
        fetched: list[str] = []
        page.on("request", lambda request: fetched.append(request.url))
        page.goto(site.link)
        start(page)
        page.wait_for_load_state("networkidle")
        assert violations(page) == []
        assert not [url for url in fetched if "/recordings/" in url]
        page.locator("audio").evaluate("one => one.play().catch(() => null)")
        page.wait_for_function("document.querySelector('audio').readyState > 0")
        assert [url for url in fetched if "/recordings/" in url]


def _tone() -> bytes:
    """A tenth of a second of silence as MP3: frames of 32 kbit/s at 16 kHz, of which nothing but the head counts."""
    return (b"\xff\xf3\x48\xc4" + bytes(140)) * 10
