"""A questionnaire comes back from its workbook as it was."""

import pytest
from hypothesis import given, settings

from questionnaires.definition import Questionnaire
from questionnaires.fingerprint import questionnaire_fingerprint
from questionnaires.loading import BUILT_IN, load_file
from questionnaires.xlsform import write_xlsform
from tests.questionnaires.strategies import questionnaires
from tests.questionnaires.xlsform.forms import read


@pytest.mark.parametrize("slug", BUILT_IN)
def test_a_built_in_questionnaire_comes_back_as_it_was(slug: str) -> None:
    _comes_back(load_file(BUILT_IN[slug]))


def _comes_back(questionnaire: Questionnaire) -> None:
    form = read(write_xlsform(questionnaire))
    assert form.questionnaire == questionnaire
    assert questionnaire_fingerprint(form.questionnaire) == questionnaire_fingerprint(questionnaire)
    assert not form.notes


@given(questionnaires())
def test_any_questionnaire_comes_back_as_it_was(questionnaire: Questionnaire) -> None:
    _comes_back(questionnaire)


@settings(max_examples=20)
@given(questionnaires())
def test_no_column_can_hold_a_recommended_answer(questionnaire: Questionnaire) -> None:
    for rows in write_xlsform(questionnaire).values():
        headings = {heading.partition("::")[0] for heading in rows[0]}
        assert headings.isdisjoint({"default", "calculation", "trigger", "answer", "civ_answer"})
