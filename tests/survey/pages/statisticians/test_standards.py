"""The page of the item bank: standards with their questions, and what either side leaves open."""

import pytest

from survey.roles import Role
from survey.store.database import Database
from tests.survey.pages import example
from tests.survey.pages.conftest import SignIn, app, client, config, queue, signed_in
from tests.survey.pages.page_client import PageClient

__all__ = ["app", "client", "config", "queue", "signed_in"]


@pytest.fixture
def browser(sqlite_database: Database, signed_in: SignIn) -> PageClient:
    example.open_accounts(sqlite_database)
    return signed_in(Role.STATISTICIAN)


def test_standards_with_questions_and_what_the_city_has_to_fill_in(browser: PageClient) -> None:
    page = browser.page("/standards")
    rows = {row.children[0].text: row.children[1].text for row in page.all("tr")}
    aware = rows["群众对创建工作的知晓 编号：由城市填写 问卷调查"]
    assert "您知道我们市正在创建全国文明城市吗？" in aware
    assert "urban-community-short A1" in aware
    assert rows["未成年人思想道德建设 编号：由城市填写 材料审核、实地考察、问卷调查"] == "没有题目"
    assert "国办发〔2019〕51号" in page.text
    assert "没有题目的标准：2条" in page.text


def test_the_page_in_english(browser: PageClient) -> None:
    browser.submit("/language", {"language": "en"}, page="/standards")
    text = browser.page("/standards").text
    assert "Residents know of the campaign" in text
    assert "Do you know that our city is working to become a National Civilized City?" in text


def test_it_is_for_statisticians_and_in_their_navigation(browser: PageClient, signed_in: SignIn) -> None:
    assert "测评标准" in browser.page("/waves").text
    assert signed_in(Role.OFFICIAL).get("/standards").status_code == 403
