"""What is drawn for the laws is lawful itself."""

import json

from hypothesis import given

from questionnaires.definition import Questionnaire
from questionnaires.loading import from_document, to_document
from tests.questionnaires.strategies import questionnaires


@given(questionnaires())
def test_any_questionnaire_comes_back_from_its_document(questionnaire: Questionnaire) -> None:
    assert from_document(json.loads(json.dumps(to_document(questionnaire)))) == questionnaire
