"""The review of a draw as a page: looked at before approval, whoever may approve."""

import pytest

from survey.pages.statisticians import draw_reviews
from survey.roles import Role, Scope
from survey.store.database import Database
from tests.survey.drawn_wave import EAST, approve, draw, open_wave_with_units
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn


@pytest.fixture
def address(sqlite_database: Database) -> str:
    """Of the review of a proposed draw."""
    example.open_accounts(sqlite_database)
    wave = open_wave_with_units(sqlite_database)
    drawn = draw(sqlite_database, wave)
    return f"/waves/{wave}/draw/{drawn.draw}/review"


@pytest.mark.parametrize("role", [Role.STATISTICIAN, Role.SUPERVISOR])
def test_who_may_approve_reviews_and_sees_what_was_found(signed_in: SignIn, address: str, role: Role) -> None:
    browser = signed_in(role)
    page = browser.page(address)
    assert "还没有人审核过这次抽样" in page.text
    done = browser.submit(address, {}, page=address)
    assert (done.status_code, done.location) == (303, address)
    page = browser.page(address)
    assert "主样本 20 户和抽样框的最大差异是" in page.text
    assert "都不是理由" in page.text
    assert "东风社区 60" in page.text  # 1,200 adults for 54 units
    (drawing,) = page.all("svg")
    assert drawing.text.startswith("500 次重抽各自的最大差异")
    assert "再审核一次" in page.text


@pytest.mark.parametrize(
    ("rare", "unusual", "words"),
    [
        (1.0, 1.0, "这很少见"),
        (-1.0, 1.0, "比同样设计的大多数样本偏一些"),
        (-1.0, -1.0, "没有什么两样"),
    ],
)
def test_how_far_out_a_draw_lies_is_said_in_three_steps(
    signed_in: SignIn, address: str, monkeypatch: pytest.MonkeyPatch, rare: float, unusual: float, words: str
) -> None:
    monkeypatch.setattr(draw_reviews, "RARE", rare)
    monkeypatch.setattr(draw_reviews, "UNUSUAL", unusual)
    browser = signed_in(Role.SUPERVISOR)
    browser.submit(address, {}, page=address)
    assert words in browser.page(address).text
    assert "由另一人批准或否决" in browser.page(address).text, "where to go on"


def test_a_review_after_the_decision_says_so(signed_in: SignIn, address: str, sqlite_database: Database) -> None:
    approve(sqlite_database, 1)
    browser = signed_in(Role.SUPERVISOR)
    draws = address.split("/draw/")[0] + "/draw"
    assert "批准或否决以前没有审核过。" in browser.page(draws).text
    browser.submit(address, {}, page=address)
    assert "不是批准或否决的依据" in browser.page(address).text
    assert "批准或否决以前没有审核过。 批准或否决以后：" in browser.page(draws).text


def test_it_never_names_a_drawn_home(signed_in: SignIn, address: str) -> None:
    browser = signed_in(Role.SUPERVISOR)
    browser.submit(address, {}, page=address)
    assert "花园小区" not in browser.page(address).text


@pytest.mark.parametrize("role", [Role.OFFICIAL, Role.GRID_WORKER, Role.DEPARTMENT, Role.CANVASSER, Role.LEADER])
def test_nobody_else_reads_it(signed_in: SignIn, address: str, role: Role) -> None:
    assert signed_in(role).get(address).status_code == 403


def test_a_draw_of_another_wave_is_not_there(signed_in: SignIn, address: str) -> None:
    browser = signed_in(Role.STATISTICIAN)
    assert browser.get(address.replace("/draw/1/", "/draw/2/")).status_code == 404
    assert browser.get(address.replace("/waves/1/", "/waves/2/")).status_code == 404


def test_a_part_of_the_wave_is_not_enough(signed_in: SignIn, address: str, sqlite_database: Database) -> None:
    example.limit(sqlite_database, Role.SUPERVISOR, Scope(areas=frozenset({EAST})))
    browser = signed_in(Role.SUPERVISOR)
    assert browser.get(address).status_code == 403
    assert browser.submit(address, {}, page="/waves").status_code == 403
