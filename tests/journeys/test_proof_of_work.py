"""The small script of open links in a real browser: it finds a proof in idle time, once, and nobody waits for it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from analysis.integrity.open_answers import OpenSign
from questionnaires.loading import BUILT_IN, load_file
from survey.pages.residents.watching import is_proof
from survey.store.database import Database
from survey.store.open_link_signs import read_open_answers
from tests.journeys.answering import fill_screen, go_on, is_item
from tests.journeys.looking import PHONE
from tests.journeys.resident_pages import start
from tests.journeys.resident_site import ResidentSite, serving

pytestmark = [pytest.mark.browser]

SHORT = BUILT_IN["urban-community-short"]
QUESTIONNAIRE = load_file(SHORT)
PROOF = "#questionnaire input[name=proof]"


@pytest.fixture
def site(sqlite_database: Database, tmp_path: Path) -> Iterator[ResidentSite]:
    with serving(sqlite_database, tmp_path, SHORT.read_text(encoding="utf-8")) as found:
        yield found


def answer(page: Page, site: ResidentSite) -> None:
    while is_item(page):
        fill_screen(page, QUESTIONNAIRE)
        go_on(page)
    assert page.locator("main").get_attribute("data-survey-state") == "complete"


def signs(site: ResidentSite) -> OpenSign:
    with site.database.reading() as session:
        (found,) = [one.signs for one in read_open_answers(session, site.online.wave)]
    assert found is not None
    return found


def proof_of(page: Page) -> tuple[str, str]:
    """The challenge of the page and the proof that its script found."""
    page.wait_for_selector(PROOF, state="attached")
    token = page.locator("#questionnaire input[name=csrf_token]").first.input_value()
    return token, page.locator(PROOF).input_value()


def test_on_a_slow_phone_the_script_finds_a_proof_and_keeps_it(browser: Browser, site: ResidentSite) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", has_touch=True)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": 6})
    page.goto(site.link)
    assert not page.locator("script[src*=proof]").count(), "nothing is worked on before consent"
    start(page)
    found = proof_of(page)
    assert is_proof(*found)
    fill_screen(page, QUESTIONNAIRE)
    go_on(page)
    assert proof_of(page) == found, "worked out once, found again by the next screen"
    answer(page, site)
    assert OpenSign.NO_PROOF not in signs(site)
    context.close()


def test_without_scripts_nothing_is_different_but_one_weak_sign(browser: Browser, site: ResidentSite) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto(site.link)
    start(page)
    answer(page, site)
    assert OpenSign.NO_PROOF in signs(site)
    context.close()


def test_where_nothing_may_be_kept_it_is_worked_out_again(browser: Browser, site: ResidentSite) -> None:
    context = browser.new_context(viewport=PHONE, locale="zh-CN")
    context.add_init_script("Object.defineProperty(window, 'sessionStorage', {get() { throw new Error('no'); }})")
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
    page.goto(site.link)
    start(page)
    assert is_proof(*proof_of(page))
    context.close()
