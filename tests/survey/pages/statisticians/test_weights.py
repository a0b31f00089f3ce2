"""A statistician uploads known totals, looks at what came of them, and freezes; nobody else sees any of it."""

import io
from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from survey.config import Config
from survey.keys import KeyRing
from survey.roles import Role, Scope
from survey.store.areas import AreaRow
from survey.store.database import Database
from survey.store.weight_versions import get_version, list_versions, standing_version
from tests.survey.conftest import run_estimates
from tests.survey.field import open_field
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import PageClient
from tests.survey.small_wave import EAST
from tests.survey.weighed_wave import Weighed, close_small_wave

SHARES = "变量,类别,比例\nH1,男,60%\nH1,女,40%\n"
FREEZE = {"confirm": "yes", "reason": "性别与人口一致"}
FORM = {"trim": "4", "response": "classes", "frame_totals": "yes"}


@pytest.fixture
def closed(sqlite_database: Database, config: Config) -> Weighed:
    made = close_small_wave(sqlite_database, KeyRing(folder=config.keys))
    example.open_accounts(sqlite_database)
    return made


def address(wave: Weighed) -> str:
    return f"/waves/{wave.wave}/weights"


def upload(browser: PageClient, wave: Weighed, margins: str = SHARES, **fields: str) -> TestResponse:
    files = {"margins": (io.BytesIO(margins.encode()), "总数.csv")} if margins else {}
    return browser.submit(address(wave), {**FORM, **fields, **files}, page=address(wave))  # type: ignore[dict-item]


def test_a_refused_table_names_line_and_column(signed_in: SignIn, closed: Weighed) -> None:
    refused = upload(signed_in(Role.STATISTICIAN), closed, "variable,category,count\nH1,1,-3\nH1,7,400\n")
    assert refused.status_code == 422
    assert "第 2 行 count -3：应为 0 以上的数" in refused.text
    assert "第 3 行 category 7：应为 以下之一：1, 2" in refused.text


def test_communities_without_population_are_named(
    signed_in: SignIn, closed: Weighed, sqlite_database: Database
) -> None:
    with sqlite_database.writing() as session:
        change_population(session, closed, None)
    browser = signed_in(Role.STATISTICIAN)
    upload(browser, closed)
    assert "没有校准到抽样框里各社区的成年人数：东社区" in browser.page(f"{address(closed)}/1").text
    upload(browser, closed, frame_totals="")
    assert "没有校准到抽样框里" not in browser.page(f"{address(closed)}/2").text


def change_population(session: Session, wave: Weighed, people: int | None) -> None:
    """Of the east."""
    session.execute(update(AreaRow).where(AreaRow.code == EAST).values(population=people))


def test_build_look_and_freeze(signed_in: SignIn, closed: Weighed, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    assert "估计使用基础权重" in browser.page(address(closed)).text
    done = upload(browser, closed)
    assert (done.status_code, done.location) == (303, f"{address(closed)}/1")
    page = browser.page(f"{address(closed)}/1")
    assert "未定版" in page.text
    moved, community, known, *_ = page.all("table")
    assert "知道率 50.0% (34.8–65.2) 60.0%" in moved.text
    assert "+10.0" in moved.text
    assert "东社区 24 53 1,200 1,200" in community.text
    assert "男 22" in known.text
    assert page.all("svg")
    assert "44 份答卷" in page.text
    refused = browser.submit(f"{address(closed)}/1/freeze", {}, page=f"{address(closed)}/1")
    assert refused.status_code == 422
    assert "请先勾选" in refused.text
    unsaid = browser.submit(f"{address(closed)}/1/freeze", {**FREEZE, "reason": " "}, page=f"{address(closed)}/1")
    assert unsaid.status_code == 422
    assert "请写明为什么用这一版" in unsaid.text
    with sqlite_database.reading() as session:
        assert standing_version(session, closed.wave) is None
    frozen = browser.submit(f"{address(closed)}/1/freeze", FREEZE, page=f"{address(closed)}/1")
    assert frozen.status_code == 303
    page = browser.page(f"{address(closed)}/1")
    assert "估计所用" in page.text
    assert "定版的人和时间" in page.text
    assert "为什么用这一版 性别与人口一致" in page.text
    again = browser.submit(f"{address(closed)}/1/freeze", FREEZE, page=f"{address(closed)}/1")
    assert again.status_code == 409
    listed = browser.page(address(closed)).text
    assert "估计使用第 1 版权重。 最近一次估计还没有用它" in listed


def test_the_figures_name_the_version(signed_in: SignIn, closed: Weighed, sqlite_database: Database) -> None:
    browser = signed_in(Role.STATISTICIAN)
    upload(browser, closed)
    run_estimates(sqlite_database, closed.wave, keys=closed.keys)
    estimates = f"/waves/{closed.wave}/estimates"
    assert "权重：基础权重" in browser.page(estimates).text
    browser.submit(f"{address(closed)}/1/freeze", FREEZE, page=f"{address(closed)}/1")
    assert "权重又定了版" in browser.page(estimates).text
    run_estimates(sqlite_database, closed.wave, keys=closed.keys)
    with sqlite_database.reading() as session:
        digest = get_version(session, 1).digest
    told = f"权重：第1版，校验码{digest[:16]}。"
    assert told in browser.page(estimates).text
    assert told in browser.get(f"{estimates}?format=csv").data.decode("utf-8-sig")
    facts = browser.page(f"/waves/{closed.wave}").text
    assert f"第1版，{digest}" in facts
    assert "最近一次估计还没有用它" not in browser.page(address(closed)).text


@pytest.mark.parametrize(
    ("margins", "fields", "said"),
    [
        ("", {}, "请选择已知总数的表"),
        ("变量,类别,比例\nH1,1,60%\nH1,2,30%\n", {}, "加起来是 100%"),
        ("变量,类别,比例\nZ9,1,100%\n", {}, "单选题的题号"),
        (SHARES, {"trim": "much"}, "“much”不是数"),
        (SHARES, {"trim": "0"}, "截尾的上限 0 不能用"),
        ("GIF89a", {}, "是图片"),
    ],
)
def test_what_cannot_be_used_is_named_and_the_form_comes_back(
    signed_in: SignIn, closed: Weighed, sqlite_database: Database, margins: str, fields: dict[str, str], said: str
) -> None:
    browser = signed_in(Role.STATISTICIAN)
    refused = upload(browser, closed, margins, **fields, response="shrunk")
    assert refused.status_code == 422
    assert said in refused.text
    assert f'id="{"trim" if fields else "margins"}-error"' in refused.text
    assert 'value="shrunk" checked' in refused.text
    with sqlite_database.reading() as session:
        assert list_versions(session, closed.wave) == ()


def test_an_open_wave_says_what_comes_first(signed_in: SignIn, sqlite_database: Database, config: Config) -> None:
    field = open_field(sqlite_database, KeyRing(folder=config.keys))
    example.open_accounts(sqlite_database)
    browser = signed_in(Role.STATISTICIAN)
    page = browser.page(f"/waves/{field.wave}/weights")
    assert "还没有结束" in page.text
    assert not [form for form in page.all("form") if "weights" in form.get("action")]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.STATISTICIAN])
def test_weights_are_for_statisticians(signed_in: SignIn, closed: Weighed, role: Role) -> None:
    browser = signed_in(role)
    for path in (address(closed), f"{address(closed)}/1"):
        assert browser.get(path).status_code in (403, 404)


def test_who_is_limited_does_not_see_the_whole(signed_in: SignIn, closed: Weighed, sqlite_database: Database) -> None:
    upload(signed_in(Role.STATISTICIAN), closed)
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(areas=frozenset({EAST})))
    assert signed_in(Role.STATISTICIAN).get(address(closed)).status_code == 403
    assert signed_in(Role.STATISTICIAN).get(f"{address(closed)}/1").status_code == 403
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(waves=frozenset({closed.wave + 1})))
    assert signed_in(Role.STATISTICIAN).get(address(closed)).status_code == 404
    assert signed_in(Role.STATISTICIAN).get(f"{address(closed)}/1").status_code == 404


def test_a_version_stands_under_its_own_wave(signed_in: SignIn, closed: Weighed) -> None:
    browser = signed_in(Role.STATISTICIAN)
    upload(browser, closed)
    other = replace(closed, wave=closed.wave + 1)
    assert browser.get(f"{address(other)}/1").status_code == 404
    assert browser.get(f"{address(closed)}/2").status_code == 404
