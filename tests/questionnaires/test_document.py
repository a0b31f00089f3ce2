"""The stored form of a questionnaire stands by itself."""

import json

import pytest
from hypothesis import given

from questionnaires.definition import Questionnaire
from questionnaires.loading import BUILT_IN, InstrumentError, from_document, load_file, to_document
from tests.questionnaires.drawn import questionnaires
from tests.questionnaires.tiny import REPORTED, SATISFIED, SOLVED, indicator, tiny


@pytest.mark.parametrize("slug", BUILT_IN)
def test_a_built_in_questionnaire_comes_back_from_json_as_it_was(slug: str) -> None:
    questionnaire = load_file(BUILT_IN[slug])
    assert from_document(json.loads(json.dumps(to_document(questionnaire)))) == questionnaire


def test_options_and_labels_are_in_the_document() -> None:
    document = to_document(tiny(SATISFIED, indicator("IND_SAT_OVERALL", "Q1", '{ polarity = ["pos"] }', "headline")))
    assert document["item"][0]["options"][0]["text"] == {"zh_Hans": "非常满意", "en": "Very satisfied"}
    assert document["indicator"][0]["label"]["zh_Hans"] == "总体满意率"
    assert document["indicator"][0]["counted"] == {"codes": [1, 2]}


def test_a_stored_document_keeps_the_wording_it_was_stored_with() -> None:
    document = to_document(tiny(SATISFIED, indicator("IND_SAT_OVERALL", "Q1", '{ polarity = ["pos"] }', "headline")))
    document["indicator"][0]["label"]["zh_Hans"] = "从前的说法"
    document["item"][0]["options"][0]["text"]["en"] = "As it was called then"
    questionnaire = from_document(document)
    assert questionnaire.indicator("IND_SAT_OVERALL").label.zh_Hans == "从前的说法"
    assert questionnaire.item("Q1").options[0].text.en == "As it was called then"


def test_what_has_its_default_is_not_written() -> None:
    first = to_document(tiny(REPORTED, SOLVED))["item"][0]
    assert first.keys() == {"id", "section", "type", "text", "options", "scale"}


def test_a_damaged_document_is_refused() -> None:
    document = to_document(tiny())
    del document["item"][0]["text"]
    with pytest.raises(InstrumentError) as caught:
        from_document(document)
    assert caught.value.file == "tiny"


@given(questionnaires())
def test_any_questionnaire_comes_back_as_it_was(questionnaire: Questionnaire) -> None:
    assert from_document(json.loads(json.dumps(to_document(questionnaire)))) == questionnaire
