"""The page of a wave with a draw and an open link."""

import pytest

from analysis.fieldwork.dispositions import Outcome
from survey.areas import Level
from survey.config import Config
from survey.keys import KeyRing
from survey.roles import Role
from survey.store.database import Database
from survey.store.responses import add_responses
from survey.workflow.close_wave import close_wave
from survey.workflow.estimate_wave import estimate_wave
from tests.survey.conftest import AT
from tests.survey.field import NOW, Field, open_field
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.small_wave import EAST, WEST
from tests.survey.workflow.test_estimate_drawn_wave import ask, open_link


@pytest.fixture
def field(sqlite_database: Database, config: Config) -> Field:
    """12 of 24 interviewed in the east, 1 refused there; 15 open answers there."""
    example.open_accounts(sqlite_database)
    made = open_field(sqlite_database, KeyRing(folder=config.keys), per_community=24)
    ask(sqlite_database, made, [(1 + i % 3, i % 4 > 0) for i in range(12)], east=True)
    made.send(sqlite_database, made.visit(made.east[12], Outcome.REFUSED_PERSON))
    with sqlite_database.writing() as session:
        add_responses(session, made.wave, None, [open_link(EAST, 1 + i % 2) for i in range(15)])
    return made


def estimate(database: Database, field: Field) -> None:
    with database.writing() as session:
        estimate_wave(session, field.keys, field.wave, by_level=Level.COMMUNITY, code_version="0", at=AT, by="t")


def test_before_estimates_both_counts_stand_apart(signed_in: SignIn, field: Field) -> None:
    browser = signed_in(Role.STATISTICIAN)
    page = browser.page(f"/waves/{field.wave}")
    assert "已有 27 份答卷" in page.text
    assert "答卷数 12" in page.text
    assert "公开链接和纸质问卷的答卷（不并入样本） 15" in page.text
    assert "调查结束后由入户记录算出" in page.text
    (row,) = browser.page("/waves").all("tr")[1:]
    assert row.text.endswith("12 另有公开链接、纸质 15")


def test_the_page_says_how_it_was_drawn_and_shows_the_open_link_apart(
    signed_in: SignIn, sqlite_database: Database, field: Field
) -> None:
    estimate(sqlite_database, field)
    page = signed_in(Role.STATISTICIAN).page(f"/waves/{field.wave}")
    assert "非公开抽签" in page.text
    assert "f" * 64 in page.text
    assert "1个社区没有答卷（西社区）" in page.text
    rows = [row.text for row in page.all("tr") if row.text.startswith("西社区")]
    assert rows
    assert all("没有答卷" in row and "%" not in row for row in rows)
    assert "现在已有" not in page.text
    headings = [heading.text for heading in page.all("h2")]
    assert "公开链接和纸质问卷的回答（非概率样本）" in headings
    missing = [item.text for item in page.all("li")]
    assert "委托单位" in missing
    assert "应答率或没有应答率的原因" not in missing


def test_a_drawn_community_without_answers_can_be_chosen(
    signed_in: SignIn, sqlite_database: Database, field: Field
) -> None:
    estimate(sqlite_database, field)
    browser = signed_in(Role.STATISTICIAN)
    page = browser.page(f"/waves/{field.wave}?area={WEST}")
    assert [option.text for option in page.all("option")][-1] == f"西社区 {WEST}"
    assert "没有人作答" not in browser.page(f"/waves/{field.wave}?area={EAST}").text
    assert "没有答卷，也就没有数字" in page.text
    assert "总体指标" not in [heading.text for heading in page.all("h2")]


def test_once_closed_it_has_its_response_rates(signed_in: SignIn, sqlite_database: Database, field: Field) -> None:
    with sqlite_database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="tests")
    estimate(sqlite_database, field)
    page = signed_in(Role.STATISTICIAN).page(f"/waves/{field.wave}")
    assert "RR1 25.0%" in page.text
    assert "由48个样本户的入户记录算出" in page.text
    assert "全轮应答率" not in page.text


def test_an_area_has_its_own_response_rate_beside_that_of_the_whole_wave(
    signed_in: SignIn, sqlite_database: Database, field: Field
) -> None:
    with sqlite_database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="tests")
    estimate(sqlite_database, field)
    page = signed_in(Role.STATISTICIAN).page(f"/waves/{field.wave}?area={EAST}")
    facts = dict(zip((key.text for key in page.all("dt")), (value.text for value in page.all("dd")), strict=True))
    assert facts["东社区的应答率"].startswith("RR1 ")
    assert facts["全轮应答率或没有应答率的原因"].startswith("RR1 25.0%")
    assert "应答率或没有应答率的原因" not in facts


def test_without_answers_nobody_is_sent_to_import(signed_in: SignIn, sqlite_database: Database, config: Config) -> None:
    example.open_accounts(sqlite_database)
    made = open_field(sqlite_database, KeyRing(folder=config.keys))
    page = signed_in(Role.STATISTICIAN).page(f"/waves/{made.wave}")
    assert "样本户答了以后才能计算" in page.text
    assert "survey response import" not in page.text
