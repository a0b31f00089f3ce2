"""The reader's language: what the browser wishes, until they choose."""

import pytest

from tests.survey.pages.page_client import PageClient


def language_of(client: PageClient, wish: str) -> str:
    return "en" if '<html lang="en"' in client.get("/sign-in", headers={"Accept-Language": wish}).text else "zh"


@pytest.mark.parametrize(
    ("wish", "language"),
    [("zh-CN,zh;q=0.9,en;q=0.8", "zh"), ("en-GB,en;q=0.9", "en"), ("", "zh"), ("fr-FR", "zh"), ("\x7f;;q=,", "zh")],
)
def test_the_browser_wishes(client: PageClient, wish: str, language: str) -> None:
    assert language_of(client, wish) == language


def test_a_choice_wins_and_returns_to_the_page(client: PageClient) -> None:
    response = client.submit("/language", {"language": "en", "next": "/sign-in?next=/waves"}, page="/sign-in")
    assert (response.status_code, response.location) == (303, "/sign-in?next=/waves")
    assert language_of(client, "zh-CN") == "en"
    client.submit("/language", {"language": "zh_Hans"}, page="/sign-in")
    assert language_of(client, "en-GB") == "zh"


def test_an_unknown_language_changes_nothing(client: PageClient) -> None:
    response = client.submit("/language", {"language": "xx", "next": "https://evil.example/"}, page="/sign-in")
    assert response.location == "/"
    assert "survey_language" not in str(response.headers)


def test_a_cookie_with_an_unknown_language_is_ignored(client: PageClient) -> None:
    client.set_cookie("survey_language", "../../etc")
    assert language_of(client, "en") == "en"
