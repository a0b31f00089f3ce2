"""Any questionnaire as the text of an instrument file."""

from dataclasses import replace

import pytest
from hypothesis import given

from questionnaires.definition import Questionnaire
from questionnaires.loading import BUILT_IN, load_file, load_text
from questionnaires.toml_text import to_toml
from tests.questionnaires.strategies import questionnaires


@pytest.mark.parametrize("slug", BUILT_IN)
def test_a_built_in_questionnaire_reads_as_it_was(slug: str) -> None:
    questionnaire = load_file(BUILT_IN[slug])
    assert load_text(to_toml(questionnaire), "again.toml") == questionnaire


def test_shared_scales_stay_shared() -> None:
    text = to_toml(load_file(BUILT_IN["civilized-village"]))
    assert 'scale = "sat5"' in text
    assert "非常满意" not in text


@given(questionnaires())
def test_any_questionnaire_reads_as_it_was(questionnaire: Questionnaire) -> None:
    """But for the name of a scale that means other options elsewhere."""
    assert _nameless(load_text(to_toml(questionnaire), "again.toml")) == _nameless(questionnaire)


def _nameless(questionnaire: Questionnaire) -> Questionnaire:
    return replace(questionnaire, items=tuple(replace(item, scale=None) for item in questionnaire.items))
