"""The page of all words, and the help where a word stands."""

import pytest

from survey.roles import Role
from survey.terms import Word
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import World
from tests.survey.pages.page_client import Element, PageClient


def helped(page: Element) -> str:
    return " ".join(part.text for part in page.all("details"))


@pytest.mark.parametrize("language", ["zh-CN", "en"])
def test_every_word_has_its_place(client: PageClient, language: str) -> None:
    response = client.get("/terms", headers={"Accept-Language": language})
    assert response.status_code == 200
    for word in Word:
        assert f'id="{word}"' in response.text


def test_the_wave_page_explains_what_stands_on_it(signed_in: SignIn, world: World) -> None:
    told = helped(signed_in(Role.OFFICIAL).page(f"/waves/{world.published}"))
    for word in ("置信区间", "看不出差别", "慎用", "样本不足"):
        assert word in told
    assert "非公开抽签" not in told, "nothing was drawn here"
    assert "设计效应" not in told


def test_a_wave_without_numbers_explains_nothing(signed_in: SignIn, world: World) -> None:
    assert "置信区间" not in helped(signed_in(Role.SUPERVISOR).page(f"/waves/{world.draft}"))


def test_the_reports_page_explains_the_words_of_the_reports(signed_in: SignIn, world: World) -> None:
    assert "置信区间" in helped(signed_in(Role.LEADER).page(f"/waves/{world.published}/reports"))
