"""A wave from the frame to the report: drawn, approved, visited, answered, looked at, closed, published and read."""

import json
import random
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.journeys.answering import fill_screen, go_on, is_item
from tests.journeys.conftest import RunningSite, sign_in
from tests.journeys.drawn_wave import AREAS, DETAILS, EAST, SEED, WEST, cases_of_name, send_interview, units_file
from tests.journeys.looking import DESKTOP, PHONE, look, look_in_both_languages, press

pytestmark = [pytest.mark.browser, pytest.mark.slow]

NAME = "2026年云山市入户（虚构）"
PER_COMMUNITY = 20


@dataclass(frozen=True, kw_only=True)
class World:
    """The site, its browser, a folder for files, and the wave once it is open."""

    site: RunningSite
    browser: Browser
    folder: Path
    wave: int = 0

    @contextmanager
    def person(
        self, name: str = "", *, phone: bool = False, tag: str = "zh-CN", scripts: bool = True
    ) -> Iterator[Page]:
        """A browser of their own; with a ``name`` they have signed in."""
        context = self.browser.new_context(
            locale=tag, viewport=PHONE if phone else DESKTOP, accept_downloads=True, java_script_enabled=scripts
        )
        page = context.new_page()
        page.on("pageerror", lambda error: pytest.fail(f"a script broke: {error}"))
        if name:
            sign_in(page, self.site, name)
        yield page
        context.close()

    def open(self, page: Page, path: str) -> None:
        reply = page.goto(f"{self.site.url}{path}")
        assert reply is not None
        assert reply.ok, f"{path}: {reply.status}"

    def verb(self, *arguments: str) -> dict[str, Any]:
        done = self.site.survey(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        document: dict[str, Any] = json.loads(done.stdout)
        return document


@pytest.mark.timeout(900)
def test_from_the_frame_to_the_report(site: RunningSite, browser: Browser, tmp_path: Path) -> None:
    world = World(site=site, browser=browser, folder=tmp_path)
    frame = import_frame(world)
    world = open_wave(world, frame)
    draw_sample(world)
    approve_and_assign(world)
    start(world)
    address = canvasser_visits_and_interviews(world)
    resident_answers_by_code(world, address)
    resident_answers_by_link(world)
    supervisor_settles(world)
    close_and_publish(world)
    official_reads(world)


def import_frame(world: World) -> int:
    """Its number."""
    areas, units = world.folder / "areas.csv", world.folder / "units.csv"
    areas.write_text(AREAS, "utf-8")
    units.write_bytes(units_file())
    with world.person("statistician") as page:
        world.open(page, "/frames/import")
        page.locator("#areas").set_input_files(areas)
        page.locator("#units").set_input_files(units)
        press(page.locator("main form button.govuk-button"))
        expect(page.locator("main")).to_contain_text("户主姓名")
        frame = int("".join(filter(str.isdigit, page.locator("h1").inner_text())))
        world.open(page, f"/frames/{frame}")
        assert "张某" not in page.content()
    return frame


def open_wave(world: World, frame: int) -> World:
    details = world.folder / "wave.toml"
    details.write_text(DETAILS, "utf-8")
    opened = world.verb(
        *("--as", "statistician", "wave", "open", "--instrument", "urban-community", "--frame", str(frame)),
        *("--name", NAME, "--details", str(details)),
    )
    return World(site=world.site, browser=world.browser, folder=world.folder, wave=opened["wave"])


def draw_sample(world: World) -> None:
    with world.person("statistician") as page:
        world.open(page, f"/waves/{world.wave}/draw")
        look_in_both_languages(page)
        page.locator("#per_community").fill(str(PER_COMMUNITY))
        page.locator("#seed").fill(SEED)
        press(page.locator("form[method=post] button", has_text="现在就抽"))
        expect(page.locator("main")).to_contain_text("非公开抽签")
        expect(page.locator("button[value=approve]")).to_have_count(0)


def approve_and_assign(world: World) -> None:
    with world.person("supervisor") as page:
        world.open(page, f"/waves/{world.wave}/draw")
        look_in_both_languages(page)
        page.locator("#unreviewed").fill("框已核过，只试一遍")
        page.locator("#confirm-approval").check()
        press(page.locator("button[value=approve]"))
        expect(page.locator("main")).to_contain_text("已批准")
        world.open(page, f"/waves/{world.wave}/assignments")
        press(page.get_by_role("button", name=f"随机分派 {2 * PER_COMMUNITY} 个"))
        expect(page.get_by_role("status")).to_be_visible()
        world.open(page, f"/waves/{world.wave}/assignments?community={EAST}")
        look_in_both_languages(page)


def start(world: World) -> None:
    with world.person("statistician") as page:
        world.open(page, f"/waves/{world.wave}/state")
        look(page)
        page.locator("#confirm-start").check()
        press(page.locator("form[action$=start] button"))
        expect(page.locator(".open-links__link")).to_have_count(2)
        look_in_both_languages(page)


def canvasser_visits_and_interviews(world: World) -> str:
    """The address of a case that nobody has been to and nobody else will go to."""
    first, second = cases_of_name(world.site, "canvasser", world.wave, EAST)[:2]
    with world.person("canvasser", phone=True) as page:
        world.open(page, "/cases")
        look_in_both_languages(page)
        mine = page.locator(f"section[aria-labelledby=wave-{world.wave}] a")
        address = mine.nth(2).inner_text().strip()
        press(mine.nth(1))
        assert page.url.endswith(f"/cases/{second}")
        look_in_both_languages(page)
        page.locator("#outcome-no_answer").check()
        page.locator("#occupied-yes").check()
        page.locator("#led_by-nobody").check()
        press(page.get_by_role("button", name="记录", exact=True))
        expect(page.get_by_role("status")).to_contain_text("已记录")
        world.open(page, f"/cases/{first}")
        _interview(page)
        world.open(page, "/cases")
        expect(page.locator(f"section[aria-labelledby=wave-{world.wave}]")).to_contain_text("访问已交")
    return address


def _interview(page: Page) -> None:
    """Begun, put aside after three items, gone on with and handed in."""
    page.locator("#adults").fill("2")
    page.locator("#begin-led_by-nobody").check()
    press(page.get_by_role("button", name="选出受访者"))
    look_in_both_languages(page)
    press(page.get_by_role("link", name="对方同意，开始提问"))
    look_in_both_languages(page)
    for _ in range(3):
        fill_screen(page)
        go_on(page)
    stopped_at = page.url
    press(page.get_by_role("link", name="先停一停，以后继续"))
    press(page.get_by_role("link", name="继续访问"))
    press(page.get_by_role("link", name="从停下的地方继续"))
    assert page.url == stopped_at
    while is_item(page):
        fill_screen(page)
        go_on(page)
    look_in_both_languages(page)
    page.locator("#present-alone").check()
    press(page.get_by_role("button", name="交上"))
    expect(page.get_by_role("status")).to_contain_text("访问已交上")


def resident_answers_by_code(world: World, address: str) -> None:
    """On a phone without scripts; a second tab hands in once more; nobody else gets in with the spent code."""
    with world.person("statistician") as page:
        world.open(page, f"/waves/{world.wave}/letters")
        look_in_both_languages(page)
        page.locator("#community").select_option(EAST)
        press(page.get_by_role("button", name="生成打印页"))
        look(page)
        code = page.locator("article.letter", has_text=address).locator(".letter__code strong").inner_text().strip()
    with world.person(phone=True, scripts=False) as page:
        world.open(page, "/a")
        page.locator("#code").fill(code.lower())
        press(page.locator("main button.govuk-button"))
        look_in_both_languages(page, scripts=False)
        assert code not in page.url
        press(page.locator("#questionnaire button[value=start]"))
        look_in_both_languages(page, scripts=False)
        _answer_all(page, twice=True)
        expect(page.locator('main[data-survey-state="complete"]')).to_be_visible()
        look_in_both_languages(page, scripts=False)
    with world.person(phone=True) as page:
        world.open(page, "/a")
        look_in_both_languages(page)
        page.goto(f"{world.site.url}/a/{code}")
        expect(page.locator("h1")).to_contain_text("您家已经答过了")
        look(page)
    assert _count(world) == 2


def _answer_all(page: Page, *, twice: bool = False) -> None:
    """Every screen; ``twice``: the last one is handed in from a second tab, too."""
    while is_item(page):
        fill_screen(page)
        last = "交卷" in page.locator("#questionnaire .govuk-button[value=next]").inner_text()
        other = page.context.new_page() if twice and last else None
        if other:
            other.goto(page.url)
            fill_screen(other)
        go_on(page)
        if other:
            go_on(other)
            expect(other.locator('main[data-survey-state="complete"]')).to_be_visible()
            other.close()


def resident_answers_by_link(world: World) -> None:
    """In English at a desk, and what was answered is kept on the way back."""
    links = next(w for w in world.verb("wave", "list")["waves"] if w["wave"] == world.wave)["open_links"]
    with world.person(tag="en-GB") as page:
        world.open(page, links[EAST])
        look_in_both_languages(page)
        press(page.locator("#questionnaire button[value=start]"))
        look_in_both_languages(page)
        fill_screen(page)
        go_on(page)
        press(page.locator("#questionnaire .govuk-button[value=back]"))
        assert page.locator("#questionnaire input:checked").count() > 0
        _answer_all(page)
        expect(page.locator('main[data-survey-state="complete"]')).to_be_visible()
        look_in_both_languages(page)
    assert _count(world) == 3


def _count(world: World) -> int:
    return int(world.verb("response", "count", "--wave", str(world.wave))["count"])


def supervisor_settles(world: World) -> None:
    """Devices hand in more interviews, one of them from somebody whose case it is not."""
    chance = random.Random(5)  # noqa: S311 - an example
    tokens = {name: world.verb("user", "token", name)["token"] for name in ("canvasser2", "canvasser3")}
    for name, token in tokens.items():
        for area in (EAST, WEST):
            for case in cases_of_name(world.site, name, world.wave, area):
                assert send_interview(world.site, token, case, chance) == (201, "placed")
    foreign = cases_of_name(world.site, "canvasser", world.wave, WEST)[0]
    assert send_interview(world.site, tokens["canvasser2"], foreign, chance) == (201, "quarantined")
    with world.person("supervisor") as page:
        world.open(page, f"/waves/{world.wave}/interviews")
        look_in_both_languages(page)
        waiting = page.locator(".review--waiting").filter(has_text="何东住")
        waiting.locator("input[name=note]").fill("改派晚了，访员确实去过")
        press(waiting.locator("button[value=accept]"))
        expect(page.locator(".review--waiting")).to_have_count(0)
        world.open(page, f"/waves/{world.wave}/fieldwork")
        look_in_both_languages(page)
        expect(page.locator("main")).to_contain_text("RR1")


def close_and_publish(world: World) -> None:
    keys = len(list(world.site.instance.glob("keys/*.key")))
    with world.person("statistician") as page:
        world.open(page, f"/waves/{world.wave}/state")
        page.locator("#confirm-close").check()
        press(page.locator("form[action$=close] button"))
        expect(page.locator("main")).to_contain_text("调查已经结束")
        look_in_both_languages(page)
        world.verb("--as", "statistician", "estimate", "--wave", str(world.wave), "--by", "community")
        world.open(page, f"/waves/{world.wave}")
        look_in_both_languages(page)
    world.verb("--as", "statistician", "wave", "publish", str(world.wave))
    assert len(list(world.site.instance.glob("keys/*.key"))) == keys - 1


def official_reads(world: World) -> None:
    with world.person("official") as page:
        world.open(page, f"/waves/{world.wave}/reports")
        look_in_both_languages(page)
        page.locator("#choice").select_option(value="whole")
        press(page.locator("main form button.govuk-button"))
        link = page.locator("tbody tr", has_text="中文").first.get_by_role("link")
        expect(link).to_be_visible(timeout=120_000)
        with page.expect_download() as download:
            link.click()
        pdf = world.folder / "report.pdf"
        download.value.save_as(pdf)
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, text=True, check=True).stdout
    flat = "".join(text.split())
    for wanted in ("云山市", "RR1", "非公开抽签", f"{2 * PER_COMMUNITY}", "批准文号", "虚构数据"):
        assert wanted in flat, wanted
