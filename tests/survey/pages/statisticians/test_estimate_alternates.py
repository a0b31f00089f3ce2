"""The page of other readings: scores apart from shares, indexes with their weights, nothing that the rate hides."""

import csv
import io

import pytest

from survey.roles import Role
from survey.store.database import Database
from tests.survey.conftest import open_small_wave
from tests.survey.graded_wave import graded_wave
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn, app, client, config, queue, signed_in
from tests.survey.pages.page_client import Element, PageClient
from tests.survey.two_waves import answers, first_wave

__all__ = ["app", "client", "config", "queue", "signed_in"]

PAGE = "/waves/2/estimates/alternates"


@pytest.fixture
def browser(sqlite_database: Database, signed_in: SignIn) -> PageClient:
    example.open_accounts(sqlite_database)
    graded_wave(sqlite_database)
    return signed_in(Role.STATISTICIAN)


def table(page: Element) -> list[list[str]]:
    return [[cell.text for cell in row.children] for row in page.all("tr")]


def options(page: Element, name: str) -> list[str]:
    (select,) = [select for select in page.all("select") if select.get("name") == name]
    return [option.text for option in select.all("option")]


def test_scores_of_the_whole_with_intervals_and_the_weights_of_the_index(browser: PageClient) -> None:
    page = browser.page(PAGE)
    rows = {row[0]: row[1] for row in table(page)[1:]}
    assert rows == {"满意度（分）": "67.7", "不反感度（分）": "67.7", "小综合分": "67.7"}
    assert "权重：满意度（分） 75.0%、不反感度（分） 25.0%" in page.text
    assert "不是满意的人所占的比例" in page.text
    assert "满意率" not in " ".join(rows)


def test_communities_in_whole_points_by_code_and_only_what_rate_and_score_together_may_tell(
    browser: PageClient,
) -> None:
    """Of the 27 in the west 12 are satisfied, a rate of 44 %: a score of 44 would say that nobody else is neutral. So
    would the score of the whole less the east.
    """
    page = browser.page(f"{PAGE}?level=community&indicator=IND_SMALL_SATISFIED")
    assert [row[:2] for row in table(page)[1:]] == [["东社区", "—"], ["西社区", "—"]]
    assert "不排名，不与目标比较" in page.text
    assert options(page, "level") == ["全部地区合计", "市", "街道（乡镇）", "社区"]


def test_shares_are_a_table_of_their_own(browser: PageClient) -> None:
    page = browser.page(f"{PAGE}?of=shares")
    rows = [row[:2] for row in table(page)[1:]]
    assert rows == [["满意率（只算有效回答） 有效回答", "59.7%"], ["不反感率（只计最高一档） 全部被问到的人", "52.9%"]]
    assert options(page, "indicator") == ["全部指标", "满意率", "不反感率"]


def test_the_table_can_be_taken_away_with_the_weights(browser: PageClient) -> None:
    text = browser.get(f"{PAGE}?as=csv").text.removeprefix("\ufeff")
    lines = list(csv.reader(io.StringIO(text)))
    index = next(line for line in lines if "IND_SMALL_INDEX" in line)
    assert "67.7" in index
    assert "权重：满意度（分） 75.0%" in text


def test_the_page_in_english(browser: PageClient) -> None:
    browser.submit("/language", {"language": "en"}, page="/waves")
    assert [row[0] for row in table(browser.page(PAGE))[1:]] == [
        "Satisfied: mean score",
        "Content: mean score",
        "Small index",
    ]


def test_where_the_rate_is_hidden_so_is_its_score(sqlite_database: Database, signed_in: SignIn) -> None:
    example.open_accounts(sqlite_database)
    graded_wave(sqlite_database, answers(8, 8, size=9))
    page = signed_in(Role.STATISTICIAN).page(f"{PAGE}?level=community")
    assert {row[1] for row in table(page)[1:]} == {"—"}
    assert "样本不足" in page.text


def test_a_questionnaire_without_other_readings_says_so(sqlite_database: Database, signed_in: SignIn) -> None:
    example.open_accounts(sqlite_database)
    wave = first_wave(sqlite_database)
    page = signed_in(Role.STATISTICIAN).page(f"/waves/{wave}/estimates/alternates")
    assert "没有可以换口径的指标" in page.text
    assert not page.all("table")


def test_a_wave_without_estimates_says_what_to_do(sqlite_database: Database, signed_in: SignIn) -> None:
    example.open_accounts(sqlite_database)
    wave = open_small_wave(sqlite_database)
    assert "还没有估计值" in signed_in(Role.STATISTICIAN).page(f"/waves/{wave}/estimates/alternates").text
