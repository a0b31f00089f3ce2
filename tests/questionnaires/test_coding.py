"""Where each response stands in each rate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.coding import AnswerState, code_responses
from questionnaires.definition import OptionKind, Questionnaire
from questionnaires.routing import routed_items
from tests.questionnaires.tiny import ACTS, LIGHTING, REPORTED, RESIDENT, SATISFIED, SOLVED, WHY, indicator, tiny

OUT, NO, YES = AnswerState.NOT_IN_BASE, AnswerState.NOT_COUNTED, AnswerState.COUNTED
UNSURE, REFUSED, NOTHING = AnswerState.DONT_KNOW, AnswerState.REFUSED, AnswerState.NO_ANSWER

SATISFACTION = tiny(SATISFIED, indicator("IND_SAT_OVERALL", "Q1", '{ polarity = ["pos"] }', "headline"))
RESOLVED = tiny(RESIDENT, REPORTED, SOLVED, indicator("IND_RESOLVE", "E2", "{ codes = [1] }"))
TOOK_PART = tiny(ACTS, indicator("IND_PARTICIPATE", "C1", "{ codes = [1, 2] }", "headline"))
LIGHTS = tiny(SATISFIED, LIGHTING, indicator("IND_SAT_LIGHTING", "M1", '{ polarity = ["pos"] }', "domain"))
EVERYTHING = tiny(
    RESIDENT,
    SATISFIED,
    REPORTED,
    SOLVED,
    WHY,
    ACTS,
    LIGHTING,
    indicator("IND_SAT_OVERALL", "Q1", '{ polarity = ["pos"] }', "headline"),
    indicator("IND_RESOLVE", "E2", "{ codes = [1] }"),
    indicator("IND_AGAIN", "E3", "{ codes = [1] }", label="希望重办率"),
    indicator("IND_PARTICIPATE", "C1", "{ codes = [1, 2] }", "headline"),
    indicator("IND_SAT_LIGHTING", "M1", '{ polarity = ["pos"] }', "domain"),
)


def states(questionnaire: Questionnaire, *responses: dict[str, object]) -> list[int]:
    """The states of the only indicator."""
    coded = code_responses(questionnaire, questionnaire.indicators, responses)
    (found,) = coded.states.values()
    return found.tolist()


def test_each_answer_has_its_state() -> None:
    answers = [{"Q1": code} for code in (1, 2, 3, 4, 5, 98, 99, None, 7)]
    assert states(SATISFACTION, *answers) == [YES, YES, NO, NO, NO, UNSURE, REFUSED, NOTHING, NOTHING]


def test_who_broke_off_before_an_item_is_outside_and_who_skipped_it_is_not() -> None:
    assert states(SATISFACTION, {"Q1": 1}, {}, {"Q1": None}) == [YES, OUT, NOTHING]
    assert states(RESOLVED, {"S1": 1, "E1": 1}, {"S1": 1}, {"S1": 1, "E1": 1, "E2": None}) == [OUT, OUT, NOTHING]


def test_an_item_no_response_holds_was_not_part_of_the_survey() -> None:
    assert states(SATISFACTION, {}, {}) == [OUT, OUT]
    assert states(SATISFACTION, {"Q1": None}, {}) == [NOTHING, OUT]


def test_who_was_not_routed_is_outside_whatever_was_recorded() -> None:
    assert states(
        RESOLVED,
        {"S1": 1, "E1": 1, "E2": 1},
        {"S1": 1, "E1": 2},
        {"S1": 1, "E1": 2, "E2": 1},
        {"S1": 1, "E1": 1, "E2": None},
        {"S1": 1, "E1": None, "E2": 2},
        {"S1": 2, "E1": 1, "E2": 1},
    ) == [YES, OUT, OUT, NOTHING, OUT, OUT]


def test_not_applicable_leaves_the_base() -> None:
    assert states(RESOLVED, {"S1": 1, "E1": 1, "E2": 97}, {"S1": 1, "E1": 1, "E2": 98}) == [OUT, UNSURE]


@pytest.mark.parametrize(
    ("answer", "state"),
    [
        ([1], YES),
        ([2, 3], YES),
        ([3], NO),
        ([90], NO),
        ([98], UNSURE),
        ([99], REFUSED),
        ([3, 99], NO),
        ([], NOTHING),
        (None, NOTHING),
        ((1, 3), YES),
    ],
)
def test_one_counted_choice_of_several_is_enough(answer: object, state: AnswerState) -> None:
    assert states(TOOK_PART, {"C1": answer}) == [state]


def test_a_module_has_only_those_in_its_base_who_got_it() -> None:
    assert states(LIGHTS, {"Q1": 1, "M1": 1}, {"Q1": 1}, {"Q1": 1, "M1": None}) == [YES, OUT, NOTHING]


def test_states_are_small_integers_one_for_each_response() -> None:
    coded = code_responses(EVERYTHING, EVERYTHING.indicators, [{"Q1": 1}] * 3)
    assert coded.responses == 3
    assert [indicator.code for indicator in coded.indicators] == list(coded.states)
    assert all(found.dtype == np.int8 and found.shape == (3,) for found in coded.states.values())


def test_no_responses_give_empty_states() -> None:
    assert states(SATISFACTION) == []


def test_only_the_wanted_indicators_are_coded() -> None:
    wanted = EVERYTHING.indicator("IND_RESOLVE")
    assert list(code_responses(EVERYTHING, [wanted], [{"E1": 1}]).states) == ["IND_RESOLVE"]


def one_by_one(questionnaire: Questionnaire, response: dict[str, object], code: str) -> int:
    """The state by the plain rule, for one response alone."""
    rate = questionnaire.indicator(code)
    item = questionnaire.item(rate.item)
    if item.id not in response or item not in routed_items(questionnaire, response):
        return OUT
    answer = response.get(item.id)
    chosen = set(answer) if isinstance(answer, list) else {answer}
    if chosen & rate.codes:
        return YES
    kinds = {option.kind for option in item.options if option.code in chosen}
    if OptionKind.SUBSTANTIVE in kinds:
        return NO
    for kind, state in (
        (OptionKind.REFUSED, REFUSED),
        (OptionKind.DONT_KNOW, UNSURE),
        (OptionKind.NOT_APPLICABLE, OUT),
    ):
        if kind in kinds:
            return state
    return NOTHING


ANSWERS = {
    item.id: st.lists(st.sampled_from([option.code for option in item.options]), unique=True)
    if item.type == "multi"
    else st.sampled_from([None, *(option.code for option in item.options)])
    for item in EVERYTHING.items
}
#: Any item may be missing: of a module, or after a break-off.
RESPONSES = st.fixed_dictionaries({}, optional=ANSWERS)


@settings(max_examples=200)
@given(st.lists(RESPONSES, min_size=1, max_size=6))
def test_coding_many_agrees_with_the_rule_for_one(responses: list[dict[str, object]]) -> None:
    coded = code_responses(EVERYTHING, EVERYTHING.indicators, responses)
    for code, found in coded.states.items():
        assert found.tolist() == [one_by_one(EVERYTHING, response, code) for response in responses]
