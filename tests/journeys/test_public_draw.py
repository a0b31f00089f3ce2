"""A public lottery in the browser: promised, the value come, drawn, looked at, approved, told; then a reserve."""

import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from survey.reports.wording import BEIJING
from tests.journeys.conftest import RunningSite
from tests.journeys.drawn_wave import AREAS, DETAILS, units_file
from tests.journeys.looking import look_in_both_languages, press
from tests.journeys.test_drawn_wave import World

pytestmark = [pytest.mark.browser, pytest.mark.slow]

DESIGN = """
[[stage]]
unit = "dwelling"
method = "systematic"
[allocation]
rule = "equal"
per_community = 12
[reserves]
replicates = 2
per_community = 4
"""
VALUE, NEXT = "云山彩 第 1 期（虚构）", "云山彩 第 2 期（虚构）"
#: The value is to come so many seconds after the form of the promise was filled in.
SOON = 6


def test_a_draw_that_everybody_can_check(site: RunningSite, browser: Browser, tmp_path: Path) -> None:
    world = prepare(World(site=site, browser=browser, folder=tmp_path))
    promise(world)
    draw(world)
    review_and_approve(world)
    release(world)


def prepare(world: World) -> World:
    """A draft wave with forty homes in each of two communities."""
    files = {"areas.csv": AREAS.encode(), "units.csv": units_file(), "wave.toml": DETAILS.encode()}
    for name, content in files.items():
        (world.folder / name).write_bytes(content)
    areas, units, details = (str(world.folder / name) for name in files)
    dropped = ("--map", "户主姓名=")
    frame = world.verb("--as", "statistician", "frame", "import", "--areas", areas, "--units", units, *dropped)
    opened = world.verb(
        *("--as", "statistician", "wave", "open", "--instrument", "urban-community", "--frame", str(frame["frame"])),
        *("--name", "2026年云山市公开抽签（虚构）", "--details", details),
    )
    return World(site=world.site, browser=world.browser, folder=world.folder, wave=opened["wave"])


def promise(world: World) -> None:
    with world.person("statistician") as page:
        world.open(page, f"/waves/{world.wave}/draw")
        look_in_both_languages(page)
        press(page.get_by_role("link", name="别的设计"))
        look_in_both_languages(page)
        page.locator("#toml").fill(DESIGN.replace("equal", "fair"))
        press(page.get_by_role("button", name="看看这个设计"))
        expect(page.get_by_role("alert")).to_contain_text("allocation rule")
        page.locator("#toml").fill(DESIGN)
        press(page.get_by_role("button", name="看看这个设计"))
        expect(page.locator("#preview")).to_be_visible()
        soon = datetime.now(BEIJING) + timedelta(seconds=SOON)
        for number, (name, at) in enumerate(((VALUE, soon), (NEXT, soon + timedelta(days=2))), start=1):
            page.locator(f"#value-name-{number}").fill(name)
            fill_moment(page, f"#not-before-{number}", at)
            page.locator(f"#spelling-{number}").select_option("digits_drawn")
            page.locator(f"#spelling-count-{number}").fill("14")
        page.locator("#confirm-promise").check()
        press(page.get_by_role("button", name="公布承诺"))
        expect(page.locator(".wave-steps [aria-current]")).to_contain_text("公开数字产生后抽签")
        look_in_both_languages(page)
        press(page.get_by_role("link", name="可以打印、张贴的公告"))
        look_in_both_languages(page)
        time.sleep(max(0.0, (soon - datetime.now(BEIJING)).total_seconds()) + 1)


def fill_moment(page: Page, field: str, at: datetime) -> None:
    """To the second, as no person would have to: nobody waits a minute here."""
    page.locator(field).evaluate(
        "(field, text) => { field.form.noValidate = true; field.step = 1; field.value = text; }",
        f"{at:%Y-%m-%dT%H:%M:%S}",
    )


def draw(world: World) -> None:
    with world.person("statistician") as page:
        world.open(page, f"/waves/{world.wave}/draw")
        press(page.get_by_role("button", name="看承诺，输入公开数字"))
        page.locator("#public-value").fill("03 07  11 19 22 30 05")
        fill_moment(page, "#published-at", datetime.now(BEIJING) + timedelta(hours=1))
        page.locator("#source").fill("云山日报（虚构）")
        page.locator("#confirm-value").check()
        press(page.get_by_role("button", name="抽签"))
        expect(page.get_by_role("alert")).to_contain_text("还没有到")
        assert page.locator("#public-value").input_value() == "03 07  11 19 22 30 05"
        fill_moment(page, "#published-at", datetime.now(BEIJING))
        page.locator("#confirm-value").check()
        press(page.get_by_role("button", name="抽签"))
        expect(page.locator("h2#draw")).to_contain_text("公开抽签")
        expect(page.locator("main")).to_contain_text("轮次结束以后公布")
        expect(page.locator("button[value=approve]")).to_have_count(0)


def review_and_approve(world: World) -> None:
    with world.person("supervisor") as page:
        world.open(page, f"/waves/{world.wave}/draw")
        press(page.get_by_role("button", name="重抽一遍，核对记录"))
        expect(page.get_by_role("status")).to_contain_text("核对一致")
        press(page.get_by_role("link", name="审核第"))
        press(page.get_by_role("button", name="审核这次抽样"))
        look_in_both_languages(page)
        world.open(page, f"/waves/{world.wave}/draw")
        expect(page.locator("main")).to_contain_text("个标准差")
        look_in_both_languages(page)
        page.locator("#confirm-approval").check()
        press(page.locator("button[value=approve]"))
        expect(page.locator("h2#draw")).to_contain_text("已批准")
        with page.expect_download() as download:
            page.get_by_role("link", name="的公证单（PDF）").click()
        assert Path(download.value.path()).read_bytes().startswith(b"%PDF")


def release(world: World) -> None:
    with world.person("statistician") as page:
        world.open(page, f"/waves/{world.wave}/draw")
        press(page.get_by_role("link", name="备用样本"))
        look_in_both_languages(page)
        page.locator("#replicate").select_option(index=1)
        page.locator("#reason").fill("完成数不够")
        page.locator("#confirm-release").check()
        press(page.get_by_role("button", name="整组放出"))
        expect(page.locator("main")).to_contain_text("第 1 组 4 户：完成数不够")
        look_in_both_languages(page)
    for name in ("official", "canvasser", "leader"):
        with world.person(name) as page:
            for path in ("draw", "draw/commitment", "draw/reserves"):
                reply = page.goto(f"{world.site.url}/waves/{world.wave}/{path}")
                assert reply is not None
                assert reply.status == 403, f"{name}: {path}"
