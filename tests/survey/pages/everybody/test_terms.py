"""The page of all words, and the help where a word stands."""

import re
from collections.abc import Mapping

from survey.reports.wording import speaker
from survey.roles import Role
from survey.terms import TERMS, Word
from tests.survey.pages.conftest import SignIn
from tests.survey.pages.example import World
from tests.survey.pages.page_client import Element, PageClient, read_html


def helped(page: Element) -> str:
    return " ".join(part.text for part in page.all("details"))


def test_every_word_has_its_place_and_at_most_two_sentences(client: PageClient) -> None:
    page = client.page("/terms")
    assert set(TERMS) == set(Word)
    say = speaker("zh_Hans")
    for word, term in TERMS.items():
        parts = [say(part.msgid, **part.params) for part in term.parts]
        (place,) = (part for part in page.all("dt") if part.get("id") == word)
        assert say(term.name.msgid) in place.text
        assert all(part in page.text for part in parts), word
        assert 1 <= sum(part.count("。") for part in parts) <= 2, word


def test_an_english_reader_meets_no_chinese(client: PageClient) -> None:
    page, _ = read_html(client.get("/terms", headers={"Accept-Language": "en"}).text)
    (main,) = page.all("main")
    assert len(main.text) > 1000
    assert re.findall(r"[\u4e00-\u9fff]+", main.text) == []


def test_the_demo_says_so_here_too(client: PageClient, world: World, examples: Mapping[Role, int]) -> None:
    assert "虚构数据：" in client.page("/terms").text


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
