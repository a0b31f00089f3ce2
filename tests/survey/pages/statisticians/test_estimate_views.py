"""The views of a wave's estimates that are worked out from its answers: groups, periods, changes, models."""

import csv
import io
import random
from itertools import takewhile

import pytest
from openpyxl import load_workbook

from survey.areas import Level
from survey.config import Config
from survey.fieldwork.payloads import LedBy
from survey.keys import KeyRing
from survey.roles import Role
from survey.store.database import Database
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.estimate_wave import estimate_wave
from tests.survey.conftest import AT, run_estimates
from tests.survey.field import NOW, Field, open_field
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn, app, client, config, queue, signed_in
from tests.survey.pages.page_client import Element, PageClient
from tests.survey.two_waves import answers, first_wave, next_wave

__all__ = ["app", "client", "config", "queue", "signed_in"]

#: Columns that hold a number in percent or points, whatever the view.
RATES = ("比例（%）", "差（百分点）")


@pytest.fixture
def field(sqlite_database: Database, config: Config) -> Field:
    """40 of 40 interviewed in each of two communities, a third of them led to the door; estimated, still open."""
    example.open_accounts(sqlite_database)
    made = open_field(sqlite_database, KeyRing(folder=config.keys), per_community=40)
    chance = random.Random(5)  # noqa: S311 - an example, not a secret
    for number, case in enumerate(made.cases):
        told = {"S1": 1, "A1": 1 if chance.random() < 0.6 else 2, "B1": chance.choice([1, 1, 3]), "C1": [90]}
        led = LedBy.COMMUNITY_STAFF if number % 3 == 0 else LedBy.NOBODY
        assert made.send(sqlite_database, made.interview(case, told, led_by=led)).reason is None
    estimate(sqlite_database, made)
    return made


def estimate(database: Database, field: Field) -> None:
    with database.writing() as session:
        estimate_wave(session, field.keys, field.wave, by_level=Level.COMMUNITY, code_version="0", at=AT, by="t")


@pytest.fixture
def browser(signed_in: SignIn, field: Field) -> PageClient:
    return signed_in(Role.STATISTICIAN)


@pytest.fixture
def later(sqlite_database: Database, signed_in: SignIn) -> tuple[PageClient, int]:
    """The later one of two waves of imported answers, estimated."""
    example.open_accounts(sqlite_database)
    first_wave(sqlite_database)
    wave = next_wave(sqlite_database, answers(95, 72))
    run_estimates(sqlite_database, wave)
    return signed_in(Role.STATISTICIAN), wave


def table(page: Element) -> list[list[str]]:
    return [[cell.text for cell in row.children] for row in page.all("tr")]


def options(page: Element, name: str) -> list[str]:
    (select,) = [select for select in page.all("select") if select.get("name") == name]
    return [option.text for option in select.all("option")]


def test_groups_of_an_open_wave_from_its_log(browser: PageClient, field: Field) -> None:
    address = f"/waves/{field.wave}/estimates/groups"
    page = browser.page(f"{address}?by=guided&base=asked&indicator=IND_SMALL_KNOWS")
    assert options(page, "by") == ["调查方式", "访员类别", "有没有人带路"]
    rows = table(page)[1:]
    assert [row[0] for row in rows] == ["全部", "没有人带路", "有人带路"]
    assert [row[5] for row in rows] == ["80", "53", "27"]
    assert "带路的人认得自己带去的那几家" in page.text
    assert "没有保留" not in page.text
    nonsense = browser.page(f"{address}?by=shoe-size")
    assert "知道率：按调查方式" in [heading.text for heading in nonsense.all("h2")]


def test_after_closing_the_same_table_is_there(browser: PageClient, sqlite_database: Database, field: Field) -> None:
    address = f"/waves/{field.wave}/estimates/groups?by=guided&indicator=all"
    before = table(browser.page(address))
    with sqlite_database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="tests")
    destroy_keys(sqlite_database, field.keys)
    estimate(sqlite_database, field)
    page = browser.page(address)
    assert table(page) == before
    assert len(before) > 4


@pytest.mark.slow
def test_answers_that_came_after_the_run_are_told_of(
    browser: PageClient, sqlite_database: Database, field: Field
) -> None:
    other = open_field(sqlite_database, field.keys, per_community=20)
    for case in other.cases[:30]:
        other.send(sqlite_database, other.interview(case))
    estimate(sqlite_database, other)
    other.send(sqlite_database, other.interview(other.cases[30]))
    assert "之后又来了 1 份" in browser.page(f"/waves/{other.wave}/estimates").text
    assert "估计用的是30份答卷，这里用的是31份" in browser.page(f"/waves/{other.wave}/estimates/groups").text
    page = browser.page(f"/waves/{other.wave}/estimates/targets?indicator=IND_SMALL_KNOWS")
    assert "各地区与全部地区的差" not in page.text


def test_a_key_that_is_gone_is_an_error_in_words(browser: PageClient, field: Field) -> None:
    for file in field.keys.folder.iterdir():
        file.unlink()
    response = browser.get(f"/waves/{field.wave}/estimates/groups")
    assert response.status_code >= 500
    assert "密钥" in response.text


def test_two_waves_together_with_their_dates(later: tuple[PageClient, int]) -> None:
    browser, wave = later
    page = browser.page(f"/waves/{wave}/estimates/pooled?indicator=IND_SMALL_KNOWS&base=asked")
    assert "时段：2026年3月1日至2026年6月20日。" in page.text
    assert "测试轮次：2026年3月1日至2026年3月20日，200份样本答卷。" in page.text
    rows = table(page)[1:]
    found = {row[0]: (row[1], row[5]) for row in rows}
    assert (found["全部地区"], found["东社区"], found["西社区"]) == (("79.2%", "400"), ("88%", "200"), ("71%", "200"))
    short = browser.page(f"/waves/{wave}/estimates/pooled?indicator=IND_SMALL_KNOWS&days=182")
    assert len(short.all("table")) == 1
    assert "合并" in short.text
    browser.page(f"/waves/{wave}/estimates/pooled?days=0&indicator=nothing")


def test_changes_with_their_p_values_drawn(later: tuple[PageClient, int]) -> None:
    browser, wave = later
    page = browser.page(f"/waves/{wave}/estimates/changes?indicator=IND_SMALL_KNOWS")
    rows = table(page)
    assert rows[0][1:3] == ["上一轮（%）", "本轮（%）"]
    east = next(row for row in rows if row[0] == "东社区")
    assert (east[1], east[2], east[4]) == ("80%", "95%", "+15")
    assert east[3].endswith("↑ 上升")
    west = next(row for row in rows if row[0] == "西社区")
    assert "看不出变化" in west[3]
    assert len(page.all("svg")) == len(rows)
    whole = browser.page(f"/waves/{wave}/estimates/changes")
    assert len(whole.all("tr")) > 1


def test_areas_against_the_whole_and_their_ranks(later: tuple[PageClient, int]) -> None:
    browser, wave = later
    page = browser.page(f"/waves/{wave}/estimates/targets?indicator=IND_SMALL_KNOWS")
    contrasts = table(page.all("table")[1])[1:]
    assert [(row[0], row[1]) for row in contrasts] == [("东社区", "+12"), ("西社区", "−12")]
    assert "明显高于全部地区" in contrasts[0][2]
    ranks = table(browser.page(f"/waves/{wave}/estimates/ranks?indicator=IND_SMALL_KNOWS"))[1:]
    assert [(row[0], row[1], row[3]) for row in ranks] == [("东社区", "1", "1"), ("西社区", "2", "2")]
    assert "不足30个" in browser.page(f"/waves/{wave}/estimates/modelled").text


@pytest.mark.parametrize("view", ["", "/groups", "/targets", "/changes", "/pooled", "/ranks"])
@pytest.mark.parametrize("form", ["csv", pytest.param("xlsx", marks=pytest.mark.slow)])
def test_every_view_with_a_table_can_be_taken_away(later: tuple[PageClient, int], view: str, form: str) -> None:
    browser, wave = later
    response = browser.get(f"/waves/{wave}/estimates{view}?indicator=IND_SMALL_KNOWS&as={form}")
    assert response.status_code == 200
    assert response.mimetype == (
        "text/csv" if form == "csv" else "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    )
    lines = csv_lines(response.data) if form == "csv" else sheet_lines(response.data)
    heads = [number for number, line in enumerate(lines) if line and line[0] == "指标代码"]
    assert heads
    for head in heads:
        told = list(takewhile(len, lines[head + 1 :]))
        assert told
        for line in told:
            assert len(line) == len(lines[head]), (lines[head], line)
            figures = dict(zip(lines[head], line, strict=True))
            assert figures["指标代码"] == "IND_SMALL_KNOWS"
            rate = next((figures[name] for name in RATES if name in figures), "0")
            assert -100 <= float(rate) <= 100, figures


def csv_lines(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))


def sheet_lines(data: bytes) -> list[list[str]]:
    """All sheets one below the other, an empty line after each."""
    lines = []
    for sheet in load_workbook(io.BytesIO(data)):
        lines += [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
        lines.append([])
    return lines
