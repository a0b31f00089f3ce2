"""Every kind of item on a cheap phone: without scripts, and looked at as everybody may meet it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect
from werkzeug.serving import make_server

from survey.config import Config
from survey.factory import create_app
from survey.keys import KeyRing
from survey.store.database import Database
from tests.journeys.answering import go_on
from tests.journeys.looking import PHONE, fits, violations
from tests.questionnaires.tiny import BEHAVIOURS
from tests.survey import answering


@pytest.fixture
def link(sqlite_database: Database, tmp_path: Path) -> Iterator[str]:
    """The address of an open link to the questionnaire that has everything."""
    config = Config(
        database_url=sqlite_database.url.render_as_string(),
        secret_key="a secret of these tests",
        admin_password=None,
        instance=tmp_path,
        keys=tmp_path / "keys",
    )
    text = (BEHAVIOURS / "everything.toml").read_text(encoding="utf-8")
    online = answering.start(sqlite_database, KeyRing(folder=config.keys), instrument=text)
    server = make_server("127.0.0.1", 0, create_app(config, sqlite_database, lambda _: None), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}/o/{online.link}"
    server.shutdown()
    thread.join()


def begin(page: Page, link: str) -> None:
    page.goto(link)
    page.locator("main .govuk-button").first.click()


def to_the_list(page: Page, link: str) -> None:
    """Up to the item with an open option."""
    begin(page, link)
    page.locator("#q-S1").check(force=True)
    go_on(page)
    page.locator("#q-N1").fill("3")
    go_on(page)
    page.locator("#q-N2").fill("1")
    page.locator("#q-D1").fill("2026")
    page.locator('[name="q-D1.month"]').fill("3")
    page.locator('[name="q-D1.day"]').fill("1")
    go_on(page)


def test_without_scripts_the_box_of_other_comes_with_its_option(browser: Browser, link: str) -> None:
    phone = ViewportSize(width=PHONE["width"], height=PHONE["height"])
    context = browser.new_context(java_script_enabled=False, viewport=phone, locale="zh-CN")
    page = context.new_page()
    to_the_list(page, link)
    box = page.locator('[name="q-A2.10"]')
    expect(box).to_be_hidden()
    page.locator('input[value="10"]').check(force=True)
    expect(box).to_be_visible()
    box.fill("邻居")
    go_on(page)
    page.locator(".govuk-button[value=back]").click()
    expect(page.locator('[name="q-A2.10"]')).to_have_value("邻居")
    context.close()


@pytest.mark.parametrize("context", [("zh-CN", PHONE), ("en", PHONE)], indirect=True)
def test_no_screen_breaks_a_rule_or_scrolls_sideways(page: Page, link: str, tmp_path: Path) -> None:
    begin(page, link)
    for number in range(12):
        if not page.locator("#questionnaire input[name=shown]").count():
            break
        page.screenshot(path=tmp_path / f"screen-{number}.png", full_page=True)
        assert violations(page) == []
        assert fits(page)
        go_on(page)  # nothing filled in: asked again
        if page.locator(".govuk-error-summary").count():
            page.screenshot(path=tmp_path / f"screen-{number}-again.png", full_page=True)
            assert violations(page) == []
            for name in ("q-S1", "q-N1", "q-N2"):
                found = page.locator(f"#{name}")
                if found.count() and found.get_attribute("type") == "radio":
                    found.check(force=True)
                elif found.count():
                    found.fill("3")
            go_on(page)
        if page.locator(".govuk-error-summary").count():  # three people, three minors
            page.screenshot(path=tmp_path / f"screen-{number}-odd.png", full_page=True)
            assert violations(page) == []
            go_on(page)
    expect(page.locator("[data-survey-state=complete]")).to_have_count(1)
