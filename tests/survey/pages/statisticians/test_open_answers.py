"""Answers by open link as a statistician sees them: by community, with signs, and what leaving some out changes."""

import random
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from analysis.integrity.open_answers import OpenSign
from survey.keys import KeyRing
from survey.roles import Role, Scope
from survey.store.database import Database
from survey.store.responses import NewResponse, add_response, answers_document
from survey.waves import Mode
from tests.survey import answering
from tests.survey.answering import AT, EAST, WEST
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.page_client import Element

NONE = OpenSign(0)
LONG = "".join(
    f"""
[[item]]
id = "E{number}"
section = "main"
type = "single"
scale = "sat5"
zh_Hans = "第{number}件事"
en = "Matter {number}"
"""
    for number in range(10)
)
HEAD, _, INDICATOR = answering.INSTRUMENT.partition("[[indicator]]")
INSTRUMENT = HEAD + LONG.lstrip() + "\n[[indicator]]" + INDICATOR


@pytest.fixture
def wave(sqlite_database: Database, tmp_path: Path) -> int:
    example.open_accounts(sqlite_database)
    return answering.start(sqlite_database, KeyRing(folder=tmp_path / "keys"), instrument=INSTRUMENT).wave


def add(
    database: Database,
    wave: int,
    count: int,
    *,
    area: str = EAST,
    knows: int = 1,
    signs: OpenSign | None = NONE,
    codes: Sequence[int] | None = None,
    mode: Mode = Mode.WEB_OPEN,
    day: int = 0,
) -> None:
    """Answers that differ from each other, unless ``codes`` says how the ten matters are answered."""
    with database.writing() as session:
        for number in range(count):
            chance = random.Random(f"{area} {number} {knows} {signs}")  # noqa: S311 - answers of a test
            given = codes or [chance.randint(1, 5) for _ in range(10)]
            answers = {"S1": 1, "A1": knows, **{f"E{place}": code for place, code in enumerate(given)}}
            add_response(
                session,
                wave,
                NewResponse(
                    uuid=uuid4(),
                    area=area,
                    mode=mode,
                    day=AT.date() + timedelta(days=day),
                    answers=answers_document(answers),
                    completeness="complete",
                    signs=signs,
                ),
            )


def cells(page: Element, table: int) -> dict[str, list[str]]:
    """First cell -> the others, of a table's body."""
    rows = page.all("table")[table].all("tbody")[0].all("tr")
    return {row.all("th")[0].text: [cell.text for cell in row.all("td")] for row in rows}


def address(wave: int) -> str:
    return f"/waves/{wave}/open-answers"


def test_nothing_yet(signed_in: SignIn, wave: int) -> None:
    assert "还没有公开链接的答卷" in signed_in(Role.STATISTICIAN).page(address(wave)).text


def test_communities_with_their_signs_and_rates_without_them(
    signed_in: SignIn, wave: int, sqlite_database: Database
) -> None:
    add(sqlite_database, wave, 20)
    add(sqlite_database, wave, 10, knows=2, signs=OpenSign.FAST | OpenSign.BURST)
    add(sqlite_database, wave, 10, area=WEST, knows=2, signs=OpenSign.NO_PROOF)
    add(sqlite_database, wave, 30, mode=Mode.WEB_TOKEN, signs=None)
    page = signed_in(Role.STATISTICIAN).page(address(wave))
    rows = cells(page, 0)
    assert rows == {
        "东风社区": ["30", "30 中位数 30", "10", "10", "0", "0", "0", "0", "10"],
        "西湖社区": ["10", "10 中位数 10", "0", "0", "0", "0", "10", "0", "0"],
    }
    rates = cells(page, 1)
    assert rates == {"知道率": ["50.0% n=40", "66.7% n=30", "100.0% n=20"]}
    words = page.text
    assert "不是样本" in words
    west = signed_in(Role.STATISTICIAN).page(f"{address(wave)}?area={WEST}")
    rates = cells(west, 1)
    assert rates == {"知道率": ["0.0% n=10", "0.0% n=10", "— n=0"]}


def test_a_day_with_far_more_than_the_others_stands_out(
    signed_in: SignIn, wave: int, sqlite_database: Database
) -> None:
    """Thirty by a script that waits, does the work and answers at random: no other sign than their day."""
    for day, count in enumerate((1, 2, 1, 30)):
        add(sqlite_database, wave, count, day=day, knows=1 + day % 2)
    row = cells(signed_in(Role.STATISTICIAN).page(address(wave)), 0)["东风社区"]
    assert row[:2] == ["34", "30 中位数 1.5"]


def test_so_few_left_out_that_they_could_be_told_are_not_told(
    signed_in: SignIn, wave: int, sqlite_database: Database
) -> None:
    add(sqlite_database, wave, 20)
    add(sqlite_database, wave, 1, knows=2, signs=OpenSign.SAME_DEVICE)
    page = signed_in(Role.STATISTICIAN).page(address(wave))
    rates = cells(page, 1)
    assert rates == {"知道率": ["95.2% n=21", "— n=20", "— n=20"]}


def test_copies_in_one_community_are_told_with_what_chance_gives(
    signed_in: SignIn, wave: int, sqlite_database: Database
) -> None:
    add(sqlite_database, wave, 20)
    add(sqlite_database, wave, 12, codes=[1, 3, 2, 4, 1, 2, 5, 1, 2, 2], knows=2)
    add(sqlite_database, wave, 20, area=WEST)
    page = signed_in(Role.STATISTICIAN).page(address(wave))
    row = cells(page, 0)["东风社区"]
    assert row == ["32", "32 中位数 32", "0", "0", "0", "0", "0", "12 按巧合约 0.0", "12"]
    rates = cells(page, 1)
    assert rates == {"知道率": ["76.9% n=52", "100.0% n=40", "100.0% n=40"]}


def test_a_city_that_ticks_the_same_box_everywhere_is_no_sign(
    signed_in: SignIn, wave: int, sqlite_database: Database
) -> None:
    for area in (EAST, WEST):
        add(sqlite_database, wave, 15, area=area)
        add(sqlite_database, wave, 12, area=area, codes=[1] * 10)
    page = signed_in(Role.STATISTICIAN).page(address(wave))
    alike = [row[7] for row in cells(page, 0).values()]
    assert alike == ["0", "0"]


def test_answers_from_before_are_told_apart(signed_in: SignIn, wave: int, sqlite_database: Database) -> None:
    add(sqlite_database, wave, 12, signs=None)
    page = signed_in(Role.STATISTICIAN).page(address(wave))
    words = page.text
    assert "其中 12 份收到时还没有留意迹象" in words
    row = cells(page, 0)["东风社区"]
    assert row == ["12", "12 中位数 12", "0", "0", "0", "0", "0", "0", "0"]


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_words_say_what_a_sign_is_not(signed_in: SignIn, wave: int, sqlite_database: Database, language: str) -> None:
    add(sqlite_database, wave, 12)
    browser = signed_in(Role.STATISTICIAN)
    browser.set_cookie("survey_language", language)
    page = browser.page(address(wave))
    assert len(page.all("dl")[0].all("dt")) == 6


def test_a_place_without_answers_or_out_of_reach_is_not_there(
    signed_in: SignIn, wave: int, sqlite_database: Database
) -> None:
    add(sqlite_database, wave, 12)
    assert signed_in(Role.STATISTICIAN).get(f"{address(wave)}?area={WEST}").status_code == 404
    add(sqlite_database, wave, 12, area=WEST)
    example.limit(sqlite_database, Role.STATISTICIAN, Scope(areas=frozenset({WEST})))
    assert signed_in(Role.STATISTICIAN).get(f"{address(wave)}?area={EAST}").status_code == 404
    words = signed_in(Role.STATISTICIAN).page(address(wave)).text
    assert "东风社区" not in words


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OFFICIAL, Role.CANVASSER, Role.ADMINISTRATOR])
def test_others_do_not_see_it(signed_in: SignIn, wave: int, role: Role) -> None:
    assert signed_in(role).get(address(wave)).status_code == 403
