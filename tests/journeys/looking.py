"""Looking at a page as everybody may meet it: on a phone and on a desk, in both languages."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

PHONE = {"width": 375, "height": 667}
DESKTOP = {"width": 1280, "height": 900}
AXE = Axe()
#: The pages of the site switch with a button; those of residents with a link or, on a form, with a button.
SWITCH = "header button[name=language], .resident__tools [lang]"


def press(found: Locator) -> None:
    """Click a link or a button and wait for the page it leads to."""
    with found.page.expect_navigation():
        found.click()


def violations(page: Page, *, contrast: bool = True) -> list[str]:
    """What breaks a rule of accessibility, with the element that does; ``contrast`` takes most of the time."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE.axe_script)
    rules = {"color-contrast": {"enabled": contrast}}
    # To load the styles once more beforehand is for rules that only ask a person to look.
    options = {"resultTypes": ["violations"], "rules": rules, "preload": False}
    found = page.evaluate("options => axe.run(options).then(results => results.violations)", options)
    return [f"{v['id']}: {node['html'][:200]}" for v in found for node in v["nodes"]]


def fits(page: Page) -> bool:
    """Whether nothing makes the page itself scroll sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"))


def look(page: Page, *, scripts: bool = True, contrast: bool = True) -> None:
    """Check the page that is open, in the language it is in, at both sizes; it ends at the size it had.

    Without ``scripts`` the rules of accessibility cannot be checked: they are a script themselves.
    """
    size = page.viewport_size or DESKTOP
    for viewport in (PHONE, DESKTOP):
        page.set_viewport_size(viewport)  # type: ignore[arg-type]
        where = f"{page.url} at {viewport['width']} px in {page.locator('html').get_attribute('lang')}"
        assert not scripts or violations(page, contrast=contrast) == [], where
        assert fits(page), where
    assert page.title().startswith(page.locator("h1").inner_text().strip()), page.url
    page.set_viewport_size(size)


def look_in_both_languages(page: Page, *, scripts: bool = True) -> None:
    """For a page that may be opened again: it comes back in the language it was in. Colours know no language."""
    look(page, scripts=scripts)
    _switch(page)
    look(page, scripts=scripts, contrast=False)
    _switch(page)


def _switch(page: Page) -> None:
    before = page.locator("html").get_attribute("lang")
    press(page.locator(SWITCH).first)
    assert page.locator("html").get_attribute("lang") != before
