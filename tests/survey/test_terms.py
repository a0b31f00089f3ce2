"""The explanations: short enough, in both languages, and one text for pages and PDF."""

import re

import pytest

from survey.i18n import LANGUAGES, render
from survey.reports import document, rates
from survey.terms import COACHING_TEXT, INTERVAL_TEXT, RESPONSE_RATE_TEXT, TERMS, Term, Word


def explanation(term: Term, language: str) -> str:
    return "".join(render(part, language) + " " * (language == "en") for part in term.parts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("word", list(Word))
def test_every_word_is_explained_in_at_most_two_sentences(word: Word, language: str) -> None:
    told = explanation(TERMS[word], language)
    sentences = re.findall(r"。|\.(?=\s|$)", told)
    assert 1 <= len(sentences) <= 2, told
    assert "{" not in told
    assert len(told) < (120 if language == "zh_Hans" else 330), told


def test_the_words_are_listed_in_the_order_of_their_names() -> None:
    assert list(TERMS) == list(Word)


def test_the_interval_is_told_at_its_level() -> None:
    assert "95%的次数里" in explanation(TERMS[Word.INTERVAL], "zh_Hans")


def test_the_pdf_says_the_same() -> None:
    assert document.INTERVAL_TEXT is INTERVAL_TEXT
    assert document.RESPONSE_RATE_TEXT is RESPONSE_RATE_TEXT
    assert rates.COACHING_TEXT is COACHING_TEXT
