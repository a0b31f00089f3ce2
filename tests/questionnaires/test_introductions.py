"""What people are told first must be so: who was drawn, and whose hands a form goes through."""

from dataclasses import replace

import pytest

from questionnaires.definition import Questionnaire, Text
from questionnaires.hint_kinds import HintKind
from questionnaires.hints import hints
from questionnaires.introductions import claims_draw
from questionnaires.loading import BUILT_IN, load_file
from tests.questionnaires.tiny import RESIDENT, SATISFIED, tiny

SEALED = Text(zh_Hans="请装进信封封好，再交回。", en="Please seal it in the envelope and hand it back.")
DRAWN = Text(zh_Hans="您家是随机抽到的。请封好交回。", en="Your household was drawn at random. Please seal it.")


def told(**introductions: Text) -> list[tuple[str, str]]:
    """Mode and reason of each introduction that says what is not so."""
    questionnaire: Questionnaire = replace(
        tiny(RESIDENT, SATISFIED), modes=tuple(introductions), introductions=introductions
    )
    found = [hint for hint in hints(questionnaire) if hint.kind is HintKind.INTRODUCTION]
    assert all(hint.item == "introductions" for hint in found)
    return [(hint.field, hint.msgid) for hint in found]


@pytest.mark.parametrize("mode", ["web_open", "paper_entry"])
def test_whoever_comes_by_themselves_must_not_be_told_of_a_draw(mode: str) -> None:
    ((field, reason),) = told(**{mode: DRAWN})
    assert field == mode
    assert "抽到" in reason


@pytest.mark.parametrize("mode", ["capi", "web_token", "cati_entry", "kiosk"])
def test_whoever_was_drawn_may_be_told_so(mode: str) -> None:
    assert told(**{mode: DRAWN}) == []


def test_paper_says_that_it_is_to_be_sealed_in_each_language() -> None:
    assert told(paper_entry=SEALED) == []
    ((field, reason),) = told(paper_entry=Text(zh_Hans=SEALED.zh_Hans, en="Hand it back."))
    assert (field, "封好" in reason) == ("paper_entry", True)
    assert told(web_open=Text(zh_Hans="您好。", en="Hello.")) == []


@pytest.mark.parametrize(
    ("chinese", "english", "claims"),
    [
        ("您家是随机抽到的。", "Hello.", True),
        ("门牌只用于抽样和核查。", "Hello.", True),
        ("您好。", "Your home was selected for this survey.", True),
        ("您好。", "You were drawn by lot.", True),
        ("您好。", "The door number serves only for sampling.", True),
        ("这不是抽签，谁都可以填。", "Nobody was drawn.", False),
        ("填写的人不是抽签抽中的。没有对错。", "Those who answer were not selected at random.", False),
        ("请在选中的答案前打勾。", "Tick the answer you have selected or chosen.", False),
    ],
)
def test_what_counts_as_telling_of_a_draw(chinese: str, english: str, claims: bool) -> None:
    assert claims_draw(Text(zh_Hans=chinese, en=english)) is claims


@pytest.mark.parametrize("slug", BUILT_IN)
def test_the_questionnaires_that_come_with_the_program_tell_the_truth(slug: str) -> None:
    assert not [hint for hint in hints(load_file(BUILT_IN[slug])) if hint.kind is HintKind.INTRODUCTION]
