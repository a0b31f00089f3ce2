"""Every page and state that a resident meets, one after the other: for looking at each of them."""

from collections.abc import Iterator

from playwright.sync_api import Page

from tests.journeys.answering import go_on
from tests.journeys.looking import press
from tests.journeys.resident_site import ResidentSite


def start(page: Page) -> None:
    """Consent, by the first named button of the form."""
    press(page.locator("#questionnaire button[name=action]").first)


def take_other(page: Page) -> None:
    """On the page that asks whose a questionnaire is: another one than those half filled in."""
    press(page.locator("form[action='/questionnaire/other'] button:not([name])"))


def resume(page: Page) -> None:
    """On that page: the first of them is one's own."""
    press(page.locator("form[action='/questionnaire/other'] button[name=mine]").first)


def every_state(page: Page, site: ResidentSite) -> Iterator[str]:
    """Open page after page of ``site``, whose instrument is ``everything``; the name of each once it is open."""
    page.goto(f"{site.url}/a")
    yield "code"
    page.goto(f"{site.url}/questionnaire")
    yield "refusal-without-cookie"
    page.goto(f"{site.url}/a/0000-0000-0000-0000")
    yield "refusal-wrong-code"
    page.goto(site.link)
    yield "welcome"
    start(page)
    yield from _screens(page)
    yield "thanks"
    page.locator("details summary").click()
    yield "thanks-with-code"
    code = page.locator("details .resident__code").inner_text()
    page.goto(site.letter())
    yield "which-after-handing-in"
    take_other(page)
    yield "welcome-by-letter"
    start(page)
    page.locator("#q-S1").check(force=True)
    go_on(page)
    page.goto(site.letter())
    yield "whose"
    resume(page)
    page.goto(site.letter(1))
    yield "which-of-two"
    take_other(page)
    start(page)
    page.locator("#q-S1-2").check(force=True)
    go_on(page)
    yield "end-screened"
    page.goto(f"{site.url}/questionnaire/stop")
    yield "stop"
    press(page.locator("button[value=decline]"))
    yield "declined"
    yield from _afterwards(page, site, code)


def _screens(page: Page) -> Iterator[str]:
    yield "single"
    go_on(page)
    yield "single-required-again"
    page.locator("#q-S1").check(force=True)
    go_on(page)
    yield "note-and-number"
    page.locator("#q-N1").fill("很多")
    go_on(page)
    yield "number-error"
    page.locator("#q-N1").fill("3")
    go_on(page)
    page.locator("#q-N2").fill("3")
    page.locator("#q-D1").fill("2026")
    page.locator('[name="q-D1.month"]').fill("2")
    page.locator('[name="q-D1.day"]').fill("30")
    go_on(page)
    yield "soft-check-and-date-error"
    page.locator('[name="q-D1.day"]').fill("3")
    go_on(page)
    while page.locator("#q-A2").count() == 0:
        yield "again"
        go_on(page)
    page.locator('input[value="10"]').check(force=True)
    yield "multi-with-words"
    page.locator('input[value="90"]').check(force=True)
    go_on(page)
    yield "multi-error"
    page.locator('input[value="10"]').uncheck(force=True)
    go_on(page)
    number = 0
    while page.locator("#questionnaire input[name=shown]").count():
        number += 1
        yield f"screen-{number}"
        go_on(page)


def _afterwards(page: Page, site: ResidentSite, code: str) -> Iterator[str]:
    page.goto(f"{site.url}/rights")
    yield "rights"
    page.goto(f"{site.url}/receipts")
    yield "receipts"
    page.goto(f"{site.url}/withdraw")
    yield "withdraw"
    page.locator("#code").fill("0000")
    press(page.locator("main .govuk-button--warning"))
    yield "withdraw-wrong"
    page.locator("#code").fill(code)
    press(page.locator("main .govuk-button--warning"))
    yield "withdrawn"
    page.goto(f"{site.url}/suggest")
    yield "suggest"
    press(page.locator("main form .govuk-button"))
    yield "suggest-error"
    page.locator("#text").fill("路灯不亮")
    page.locator("#consent").check(force=True)
    press(page.locator("main form .govuk-button"))
    yield "suggested"
