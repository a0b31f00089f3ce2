"""People who look around in the demo: each gets in by the button of the front page, in a browser of their own."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, Locator, Page

from survey.demo.city import read_city
from tests.journeys.conftest import RunningSite
from tests.journeys.looking import DESKTOP, PHONE, press

#: Of the waves about communities: the one with a plan that is under way, and the one in the field.
PLANNED, IN_FIELD = 2, 3
FICTITIOUS = "虚构数据"


@contextmanager
def visitor(browser: Browser, *, phone: bool = False, tag: str = "zh-CN", scripts: bool = True) -> Iterator[Page]:
    context = browser.new_context(
        locale=tag, viewport=PHONE if phone else DESKTOP, accept_downloads=True, java_script_enabled=scripts
    )
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
    yield page
    context.close()


@contextmanager
def person(
    browser: Browser, site: RunningSite, words: str, *, phone: bool = False, tag: str = "zh-CN"
) -> Iterator[Page]:
    """Signed in by the button that says ``words``."""
    with visitor(browser, phone=phone, tag=tag) as page:
        enter(page, site, words)
        yield page


def enter(page: Page, site: RunningSite, words: str) -> None:
    """By one click on the front page; whoever is signed in signs out first."""
    go(page, site, "/")
    leave = page.locator("form[action='/sign-out'] button")
    if leave.count():
        press(leave)
        go(page, site, "/")
    press(page.get_by_role("button", name=words))


def go(page: Page, site: RunningSite, path: str, *, status: int = 200) -> None:
    reply = page.goto(f"{site.url}{path}")
    assert reply is not None
    assert reply.status == status, f"{path}: {reply.status}"


def tab(page: Page, words: str) -> None:
    """One of the pages of the wave that is open."""
    press(page.locator("nav.wave-nav").get_by_role("link", name=words, exact=True))


def fields(form: Locator) -> set[str]:
    """What a form can send, buttons included."""
    names: list[str] = form.evaluate("form => [...form.elements].map(element => element.name)")
    return set(names) - {""}


def in_order_of_codes(names: list[str]) -> bool:
    """Whether communities stand in the order of their codes, as nobody's ranking does by chance."""
    order = [place.name for place in read_city().communities]
    return len(names) > 1 and names == [name for name in order if name in names]
