"""Where a wave stands, what its next step needs, and the two steps that cannot be taken back."""

from dataclasses import replace

import pytest

from survey.config import Config
from survey.roles import Role, Scope
from survey.store.database import Database
from survey.store.open_links import list_open_links
from survey.store.waves import get_wave
from survey.waves import Mode, WaveState
from tests.survey.drawn_wave import DETAILS, EAST, drawn_wave, open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn

CONFIRMED = {"confirm": "yes"}


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    """Drawn and approved, with an account for each role."""
    example.open_accounts(sqlite_database)
    return drawn_wave(sqlite_database)


def address(wave: int) -> str:
    return f"/waves/{wave}/state"


def state(database: Database, wave: int) -> WaveState:
    with database.reading() as session:
        return get_wave(session, wave).state


def test_a_wave_is_started_and_gives_out_its_links(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    assert "本轮还没有公开链接" in browser.page(f"/waves/{wave}/posters").text
    page = browser.page(address(wave))
    assert "样本户 20 个，已分派 0 个" in page.text
    assert "还有 20 个样本户没有分派" in page.text
    response = browser.submit(f"{address(wave)}/start", CONFIRMED, page=address(wave))
    assert response.status_code == 303
    assert state(sqlite_database, wave) is WaveState.FIELDING
    with sqlite_database.reading() as session:
        links = list_open_links(session, wave)
    page = browser.page(address(wave))
    assert len(page.all("svg")) == 3
    for token in links.values():
        assert f"http://localhost/o/{token}" in page.text
    posters = browser.page(f"/waves/{wave}/posters")
    assert len(posters.all("article")) == 3
    (poster,) = browser.page(f"/waves/{wave}/posters?area={EAST}").all("article")
    for told in ("东风社区", "云城市委宣传部", "云城调查队", "0763-1234567", "云统制〔2026〕1号", links[EAST]):
        assert told in poster.text
    assert poster.text.count(f"http://localhost/rights/{wave}") == 2, "in both languages"
    assert browser.get(f"/waves/{wave}/posters?area=1").status_code == 404


def test_what_is_missing_is_listed(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    other = open_wave_with_units(sqlite_database, details=replace(DETAILS, telephone=""))
    browser = signed_in(Role.STATISTICIAN)
    page = browser.page(address(other))
    assert "还缺 2 项" in page.text
    assert "下一步：先抽样" in page.text
    assert f"/waves/{other}/draw" in [link.get("href") for link in page.all("a")]
    assert "我知道结束以后不能再打开" not in page.text  # nothing was collected
    assert "咨询电话" in page.text
    response = browser.submit(f"{address(other)}/start", CONFIRMED, page=address(other))
    assert response.status_code == 409
    assert state(sqlite_database, other) is WaveState.DRAFT


@pytest.mark.parametrize("step", ["start", "close"])
def test_nothing_happens_unconfirmed(signed_in: SignIn, wave: int, sqlite_database: Database, step: str) -> None:
    response = signed_in(Role.STATISTICIAN).submit(f"{address(wave)}/{step}", {}, page=address(wave))
    assert response.status_code == 422
    assert "请先勾选确认" in response.text
    assert ('id="confirm-start-error"' in response.text) == (step == "start")
    assert state(sqlite_database, wave) is WaveState.DRAWN


def test_a_double_click_starts_once(signed_in: SignIn, wave: int) -> None:
    browser = signed_in(Role.STATISTICIAN)
    codes = [browser.submit(f"{address(wave)}/start", CONFIRMED, page=address(wave)).status_code for _ in range(2)]
    assert codes == [303, 409]


def test_closing_destroys_the_key(signed_in: SignIn, wave: int, sqlite_database: Database, config: Config) -> None:
    browser = signed_in(Role.STATISTICIAN)
    browser.submit(f"{address(wave)}/start", CONFIRMED, page=address(wave))
    assert len(list(config.keys.iterdir())) == 1
    page = browser.page(address(wave))
    assert "密钥被销毁" in page.text
    assert browser.submit(f"{address(wave)}/close", CONFIRMED, page=address(wave)).status_code == 303
    assert state(sqlite_database, wave) is WaveState.CLOSED
    assert list(config.keys.iterdir()) == []
    page = browser.page(address(wave))
    assert not page.all("svg")
    assert "公开链接已经失效" in browser.page(f"/waves/{wave}/posters").text
    steps = [form.get("action").rpartition("/")[2] for form in page.all("form") if "/state/" in form.get("action")]
    assert steps == ["estimate"], "publication waits for it"
    assert browser.submit(f"{address(wave)}/close", CONFIRMED, page=address(wave)).status_code == 409


def test_open_links_alone_start_without_a_draw(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    other = open_wave_with_units(sqlite_database, details=replace(DETAILS, modes=(Mode.WEB_OPEN,)))
    browser = signed_in(Role.STATISTICIAN)
    assert browser.submit(f"{address(other)}/start", CONFIRMED, page=address(other)).status_code == 303


def test_a_part_of_a_wave_is_neither_started_nor_closed(
    signed_in: SignIn, wave: int, sqlite_database: Database
) -> None:
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(areas=frozenset({EAST})))
    browser = signed_in(Role.STATISTICIAN)
    assert not [form for form in browser.page(address(wave)).all("form") if "/state/" in form.get("action")]
    for step in ("start", "close", "estimate", "publish"):
        assert browser.submit(f"{address(wave)}/{step}", CONFIRMED, page=address(wave)).status_code == 403


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.STATISTICIAN])
def test_nobody_else_gets_here(signed_in: SignIn, wave: int, role: Role) -> None:
    browser = signed_in(role)
    for path in (address(wave), f"/waves/{wave}/posters"):
        assert browser.get(path).status_code == 403
    for step in ("start", "close", "estimate", "publish"):
        answer = browser.submit(f"{address(wave)}/{step}", CONFIRMED, page="/nowhere", page_status=404)
        assert answer.status_code == 403


def test_the_navigation_of_a_wave_follows_the_role(signed_in: SignIn, wave: int) -> None:
    def names(role: Role, path: str) -> list[str]:
        (bar,) = [nav for nav in signed_in(role).page(path).all("nav") if "wave-nav" in nav.get("class")]
        return [link.text for link in bar.all("a")]

    assert names(Role.STATISTICIAN, address(wave)) == [
        *("结果", "统计分析", "状态", "抽样", "邀请信", "队伍", "分派", "入户进展", "纸质问卷"),
        *("访问审核", "公开链接", "权重", "宣传与整改"),
    ]
    assert names(Role.SUPERVISOR, f"/waves/{wave}/assignments") == [
        "结果",
        "抽样",
        "队伍",
        "分派",
        "入户进展",
        "纸质问卷",
        "访问审核",
    ]
