"""An official signs in, looks at the rates of a wave, asks for a report and reads the PDF."""

import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.journeys.conftest import RunningSite, sign_in
from tests.journeys.looking import look_in_both_languages

pytestmark = pytest.mark.browser


def test_every_page_is_accessible_and_fits(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/sign-in")
    look_in_both_languages(page)
    sign_in(page, site, "official")
    for path in ("/waves", "/waves/1", "/waves/1?area=990101001004", "/waves/1?area=990101001006", "/waves/1/reports"):
        page.goto(site.url + path)
        look_in_both_languages(page)


def test_sign_in_look_and_download_a_report(page: Page, site: RunningSite, tmp_path: Path) -> None:
    sign_in(page, site, "official")
    page.get_by_role("link", name="社区居民第一轮").click()
    expect(page.locator("h1")).to_contain_text("社区居民第一轮")
    expect(page.locator("main")).to_contain_text("知晓率")
    assert page.locator("main svg[role=img]").count() >= 2
    expect(page.locator("body")).to_contain_text("虚构数据")

    page.goto(f"{site.url}/waves/1/reports")
    page.locator("#choice").select_option(value="990101001001")
    page.locator("main form button.govuk-button").click()
    row = page.locator("tbody tr", has_text="河东社区").filter(has_text="中文")
    link = row.get_by_role("link")
    expect(link).to_be_visible(timeout=60_000)
    with page.expect_download() as download:
        link.click()
    pdf = tmp_path / "report.pdf"
    download.value.save_as(pdf)
    assert download.value.suggested_filename.endswith(".pdf")

    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    for wanted in ("河东社区", "知晓率", "置信区间", "应答率", "不属于统计调查项目", "示例调1表", "虚构数据"):
        assert wanted in text.replace(" ", "").replace("\n", "") or wanted in text
    fonts = subprocess.run(["pdffonts", pdf], capture_output=True, text=True, check=True).stdout.splitlines()[2:]
    assert fonts
    assert all("Survey-Sans-SC" in font and " yes yes " in font for font in fonts), fonts


def test_the_chart_and_the_table_beside_it_say_the_same(page: Page, site: RunningSite) -> None:
    sign_in(page, site, "official")
    page.goto(f"{site.url}/waves/1?area=990101001003")
    table = page.locator("main table").first
    share = table.locator("tbody tr", has_text="知晓率").locator("td").first.inner_text().strip()
    chart = page.locator("main svg[role=img]").first.text_content() or ""
    assert share.rstrip("%").isdigit()
    assert share in chart


def test_language_switch_stays_and_comes_back(page: Page, site: RunningSite) -> None:
    sign_in(page, site, "official")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.goto(f"{site.url}/waves/1")
    expect(page.locator("main")).to_contain_text("Awareness rate")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")


def test_everything_works_by_keyboard(page: Page, site: RunningSite) -> None:
    page.goto(f"{site.url}/sign-in")
    page.locator("#name").focus()
    page.keyboard.type("official")
    page.keyboard.press("Tab")
    page.keyboard.type(site.password)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{site.url}/waves")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main", (
        "the first stop skips to the content"
    )


def test_without_scripts_the_report_can_be_asked_for_too(browser, site: RunningSite) -> None:  # type: ignore[no-untyped-def]
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    sign_in(page, site, "official")
    page.goto(f"{site.url}/waves/1/reports")
    page.locator("#choice").select_option(value="whole")
    page.locator("main form button.govuk-button").click()
    expect(page.locator("tbody tr").first).to_be_visible()
    context.close()
