"""Reserves are seen by those who direct the fieldwork, and released whole by the statistician."""

from uuid import UUID

import pytest

from survey.roles import Role, Scope
from survey.store import accounts
from survey.store.assignments import assign, list_held
from survey.store.database import Database
from survey.store.draws import standing_draw
from survey.store.replicate_releases import list_releases
from survey.workflow.close_wave import close_wave
from survey.workflow.draw_sample import draw_sample
from tests.survey.conftest import NO_KEYS
from tests.survey.drawn_wave import AT, EAST, SEED, WEST, approve, drawn_wave, open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.promised_draw import WITH_RESERVES

FORM = {"replicate": f"{EAST}.1", "reason": "走访三次以后完成数不够", "confirm": "yes"}


@pytest.fixture
def wave(sqlite_database: Database) -> int:
    """Eight homes in the east and in the west, and two reserves of three."""
    example.open_accounts(sqlite_database)
    number = open_wave_with_units(sqlite_database)
    with sqlite_database.writing() as session:
        drawn = draw_sample(session, number, design=WITH_RESERVES, seed=SEED, at=AT, by="tongji").draw
    approve(sqlite_database, drawn)
    return number


def address(wave: int) -> str:
    return f"/waves/{wave}/draw/reserves"


def released(database: Database) -> list[tuple[str, int]]:
    with database.reading() as session:
        return [(one.area, one.replicate) for one in list_releases(session, 1)]


def test_a_replicate_is_released_whole(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    page = browser.page(address(wave))
    assert "没有哪一户是替换另一户的" in page.text
    assert "东风社区 主样本8 还在备用2 组：3 + 3 户 现在共问8 已经放出—" in page.text
    done = browser.submit(address(wave), FORM, page=address(wave))
    assert (done.status_code, done.location) == (303, f"{address(wave)}?released={EAST}.1")
    page = browser.page(done.location)
    (said,) = [one for one in page.all("div") if one.get("role") == "status"]
    assert "已放出东风社区第 1 组，共 3 户。" in said.text
    assert "这个社区还有 11 户没有访员" in said.text
    untrue = browser.page(f"{address(wave)}?released={EAST}.2")
    assert not [one for one in untrue.all("div") if one.get("role") == "status"]
    assert "第 1 组 3 户：走访三次以后完成数不够（tongji，" in page.text
    assert "东风社区 主样本8 还在备用1 组：3 户 现在共问11 已经放出第 1 组" in page.text
    assert "东风社区：第 2 组，3 户" in page.text
    assert released(sqlite_database) == [(EAST, 1)]
    assert "东风社区 54 11 3 11/54" in browser.page(f"/waves/{wave}/draw").text


def test_who_has_no_canvasser_is_counted(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    assert "有 16 户还没有派给访员" in browser.page(address(wave)).text, (
        "eight in each community; reserves are not asked"
    )
    with sqlite_database.writing() as session:
        somebody = accounts.list_accounts(session, Role.CANVASSER)[0].id
        draw = standing_draw(session, wave)
        assert draw is not None
        cases = [(UUID(one.id), somebody) for one in list_held(session, draw.id)]
        assign(session, cases, at=AT, by="tests")
    text = browser.page(address(wave)).text
    assert "派给访员" not in text
    assert "分派访员" not in text
    browser.submit(address(wave), FORM, page=address(wave))
    assert "有 3 户还没有派给访员" in browser.page(address(wave)).text


def test_a_double_click_releases_once(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    browser.submit(address(wave), FORM, page=address(wave))
    again = browser.submit(address(wave), FORM, page=address(wave))
    assert again.status_code == 409
    assert "刚刚放出过一组" in again.text
    assert released(sqlite_database) == [(EAST, 1)]


@pytest.mark.parametrize(
    ("change", "said", "beside"),
    [
        ({"confirm": ""}, "请先勾选", "confirm-release"),
        ({"reason": " "}, "请写明放出备用样本的理由", "reason"),
        ({"replicate": ""}, "请从列表里选择", "replicate"),
        ({"replicate": "440983102201.1"}, "请从列表里选择", "replicate"),
        ({"replicate": "440983102001.1; DROP"}, "刚刚放出过", ""),
    ],
)
def test_what_releases_nothing(
    signed_in: SignIn, wave: int, sqlite_database: Database, change: dict[str, str], said: str, beside: str
) -> None:
    browser = signed_in(Role.STATISTICIAN)
    response = browser.submit(address(wave), {**FORM, **change}, page=address(wave))
    assert response.status_code in (409, 422)
    assert said in response.text
    assert [
        field for field in ("replicate", "reason", "confirm-release") if f'id="{field}-error"' in response.text
    ] == ([beside] if beside else [])
    assert released(sqlite_database) == []


def test_a_supervisor_sees_them(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.SUPERVISOR)
    page = browser.page(address(wave))
    assert "放出备用样本由统计员来做" in page.text
    assert "整组放出" not in page.text
    assert browser.submit(address(wave), FORM, page=address(wave)).status_code == 403
    assert released(sqlite_database) == []


@pytest.mark.parametrize("role", [role for role in Role if role not in (Role.STATISTICIAN, Role.SUPERVISOR)])
def test_nobody_else_sees_them(signed_in: SignIn, wave: int, role: Role) -> None:
    assert signed_in(role).get(address(wave)).status_code == 403


def test_who_reaches_the_west_releases_there(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(areas=frozenset({WEST})))
    browser = signed_in(Role.STATISTICIAN)
    assert "东风社区" not in browser.page(address(wave)).text
    assert browser.submit(address(wave), FORM, page=address(wave)).status_code == 422
    assert browser.submit(address(wave), FORM | {"replicate": f"{WEST}.1"}, page=address(wave)).status_code == 303
    assert released(sqlite_database) == [(WEST, 1)]


def test_when_all_is_released_and_after_the_wave(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    for area in (EAST, WEST):
        for number in (1, 2):
            form = FORM | {"replicate": f"{area}.{number}"}
            assert browser.submit(address(wave), form, page=address(wave)).status_code == 303
    assert "备用样本都已放出" in browser.page(address(wave)).text
    with sqlite_database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="tongji")
    assert "备用样本不再放出" in browser.page(address(wave)).text
    assert browser.submit(address(wave), FORM, page=address(wave)).status_code == 409


def test_without_reserves_or_a_draw(signed_in: SignIn, sqlite_database: Database) -> None:
    example.open_accounts(sqlite_database)
    wave = drawn_wave(sqlite_database)
    assert "没有备用样本：要在抽样以前写进设计" in signed_in(Role.STATISTICIAN).page(address(wave)).text


def test_before_the_approval(signed_in: SignIn, sqlite_database: Database) -> None:
    example.open_accounts(sqlite_database)
    wave = open_wave_with_units(sqlite_database)
    assert "还没有批准的抽样" in signed_in(Role.SUPERVISOR).page(address(wave)).text


def test_it_reads_in_english(signed_in: SignIn, wave: int) -> None:
    response = signed_in(Role.STATISTICIAN).get(address(wave), headers={"Accept-Language": "en"})
    assert response.status_code == 200
