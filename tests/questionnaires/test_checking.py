"""Raw answers are understood or reported; nothing is raised and nothing understood is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questionnaires.checking import AnswerProblemKind, Completeness, check_answers
from tests.questionnaires.tiny import (
    ACTS,
    ADULTS,
    COMMENT,
    LIGHTING,
    REPORTED,
    RESIDENT,
    SATISFIED,
    SOLVED,
    WHY,
    indicator,
    tiny,
)

EVERYTHING = tiny(
    RESIDENT,
    SATISFIED,
    REPORTED,
    SOLVED,
    WHY,
    ACTS,
    ADULTS,
    COMMENT,
    LIGHTING,
    indicator("IND_SAT_OVERALL", "Q1", '{ polarity = ["pos"] }', "headline"),
)


@pytest.mark.parametrize("value", [1, "1", " 1 ", "１", "1.0", 1.0, "\u3000１\u3000", "01", "+1"])
def test_a_code_is_understood_however_it_is_written(value: object) -> None:
    checked = check_answers(tiny(SATISFIED), {"Q1": value})
    assert checked.answers == {"Q1": 1}
    assert checked.problems == ()


@pytest.mark.parametrize("value", ["", "  ", "\u3000", None, float("nan"), []])
def test_a_blank_is_asked_without_answer_and_reported(value: object) -> None:
    checked = check_answers(tiny(SATISFIED), {"Q1": value})
    assert checked.answers == {"Q1": None}
    assert [(problem.item, problem.kind) for problem in checked.problems] == [("Q1", AnswerProblemKind.BLANK)]


@pytest.mark.parametrize(
    "value", [7, "7", "NA", "满意", -1, True, 1.5, "1.5", "²x", 10**30, "9" * 500, [1], [1, 2], {"a": 1}, object()]
)
def test_an_unknown_code_is_asked_without_answer_and_reported(value: object) -> None:
    checked = check_answers(tiny(SATISFIED), {"Q1": value})
    assert checked.answers == {"Q1": None}
    assert [problem.kind for problem in checked.problems] == [AnswerProblemKind.UNKNOWN_CODE]


def test_the_report_shows_the_value_as_it_stood_but_not_pages_of_it() -> None:
    assert check_answers(tiny(SATISFIED), {"Q1": "NA"}).problems[0].value == "NA"
    assert len(check_answers(tiny(SATISFIED), {"Q1": "x" * 10**6}).problems[0].value) == 60


@pytest.mark.parametrize(
    "value",
    [[1, 2], (2, 1), ["1", "２"], "1,2", "1;2", "1，2", "1、2", "1 2", " 1| 2 ", "2/1", [1, 1, 2], [1, "", 2]],
)
def test_several_choices_are_understood_however_they_are_written(value: object) -> None:
    assert check_answers(tiny(ACTS), {"C1": value}).answers == {"C1": (1, 2)}


def test_a_single_choice_of_a_multi_item_is_a_choice() -> None:
    assert check_answers(tiny(ACTS), {"C1": 90}).answers == {"C1": (90,)}


@pytest.mark.parametrize(
    ("value", "answer", "kind"),
    [
        ([1, 77], (1,), AnswerProblemKind.UNKNOWN_CODE),
        ([77], None, AnswerProblemKind.UNKNOWN_CODE),
        ([1, 90], None, AnswerProblemKind.CONTRADICTION),
        ([98, 2], None, AnswerProblemKind.CONTRADICTION),
        ([1, 2, 3], None, AnswerProblemKind.TOO_MANY_CHOICES),
        ([], None, AnswerProblemKind.BLANK),
        ([None, ""], None, AnswerProblemKind.BLANK),
    ],
)
def test_choices_that_break_the_rule_are_reported(value: object, answer: object, kind: AnswerProblemKind) -> None:
    checked = check_answers(tiny(ACTS), {"C1": value})
    assert checked.answers == {"C1": answer}
    assert [problem.kind for problem in checked.problems] == [kind]


@pytest.mark.parametrize(
    ("value", "answer", "kinds"),
    [
        ("３", 3, []),
        (1, 1, []),
        (20, 20, []),
        (0, None, [AnswerProblemKind.OUT_OF_RANGE]),
        (21, None, [AnswerProblemKind.OUT_OF_RANGE]),
        ("two", None, [AnswerProblemKind.NOT_A_NUMBER]),
        ("2.5", None, [AnswerProblemKind.NOT_A_NUMBER]),
    ],
)
def test_a_number_must_be_whole_and_in_range(value: object, answer: object, kinds: list[AnswerProblemKind]) -> None:
    checked = check_answers(tiny(ADULTS), {"N1": value})
    assert checked.answers == {"N1": answer}
    assert [problem.kind for problem in checked.problems] == kinds


def test_a_text_is_kept_without_what_breaks_files_and_cut_where_it_is_too_long() -> None:
    assert check_answers(tiny(COMMENT), {"T1": "路灯\x00坏\ud800了"}).answers == {"T1": "路灯坏了"[:3]}
    cut = check_answers(tiny(COMMENT), {"T1": "路灯坏了很久"})
    assert cut.answers == {"T1": "路灯坏了很"}
    assert cut.problems[0].kind is AnswerProblemKind.TOO_LONG


def test_an_optional_item_may_stay_blank() -> None:
    checked = check_answers(tiny(SATISFIED, COMMENT), {"Q1": 1, "T1": ""})
    assert checked.problems == ()
    assert checked.completeness is Completeness.COMPLETE


def test_an_item_nobody_knows_is_left_out_and_reported() -> None:
    checked = check_answers(tiny(SATISFIED), {"Q1": 1, "Q9": "3"})
    assert checked.answers == {"Q1": 1}
    assert [(problem.item, problem.value, problem.kind) for problem in checked.problems] == [
        ("Q9", "3", AnswerProblemKind.UNKNOWN_ITEM)
    ]


def test_an_item_the_answers_lead_past_may_be_blank_and_is_reported_when_answered() -> None:
    questionnaire = tiny(REPORTED, SOLVED)
    assert check_answers(questionnaire, {"E1": 2, "E2": ""}).problems == ()
    assert check_answers(questionnaire, {"E1": 2, "E2": ""}).answers == {"E1": 2}
    answered = check_answers(questionnaire, {"E1": 2, "E2": 1})
    assert answered.answers == {"E1": 2, "E2": 1}
    assert [problem.kind for problem in answered.problems] == [AnswerProblemKind.NOT_ROUTED]


def test_the_order_of_the_columns_does_not_matter() -> None:
    forward = check_answers(EVERYTHING, {"E1": 1, "E2": 2, "E3": 1})
    backward = check_answers(EVERYTHING, {"E3": 1, "E2": 2, "E1": 1})
    assert forward == backward


def test_someone_outside_the_population_is_screened() -> None:
    checked = check_answers(tiny(RESIDENT, SATISFIED), {"S1": 2, "Q1": ""})
    assert checked.screened
    assert checked.problems == ()


HEADLINE = indicator("IND_SAT_OVERALL", "Q1", '{ polarity = ["pos"] }', "headline")
TEN = tiny(SATISFIED, *(SATISFIED.replace('"Q1"', f'"Q{n}"') for n in range(2, 11)), HEADLINE)


@pytest.mark.parametrize(
    ("answered", "expected"),
    [
        (range(1, 11), Completeness.COMPLETE),
        (range(1, 9), Completeness.COMPLETE),  # 80 %
        (range(1, 8), Completeness.PARTIAL),  # 70 %
        (range(2, 11), Completeness.PARTIAL),  # 90 %, but not the headline item
        (range(1, 6), Completeness.PARTIAL),  # 50 %
        (range(1, 5), Completeness.BREAK_OFF),  # 40 %
        ((), Completeness.BREAK_OFF),
    ],
)
def test_completeness_goes_by_the_share_of_routed_items_and_the_headline_ones(
    answered: range, expected: Completeness
) -> None:
    raw = {f"Q{n}": 3 if n in answered else "" for n in range(1, 11)}
    assert check_answers(TEN, raw).completeness is expected
    assert check_answers(TEN, {item: code for item, code in raw.items() if code}).completeness is expected


def test_dont_know_is_an_answer_and_a_refusal_is_none() -> None:
    assert check_answers(TEN, {f"Q{n}": 98 for n in range(1, 11)}).completeness is Completeness.COMPLETE
    assert check_answers(TEN, {f"Q{n}": 99 for n in range(1, 11)}).completeness is Completeness.BREAK_OFF


def test_items_that_did_not_come_do_not_weigh() -> None:
    questionnaire = tiny(REPORTED, SOLVED, WHY)
    assert check_answers(questionnaire, {"E1": 2, "E2": "", "E3": ""}).completeness is Completeness.COMPLETE
    assert check_answers(questionnaire, {"E1": 1, "E2": "", "E3": ""}).completeness is Completeness.PARTIAL


def test_a_module_weighs_only_where_it_was_asked() -> None:
    questionnaire = tiny(SATISFIED, LIGHTING)
    assert check_answers(questionnaire, {"Q1": 1}).completeness is Completeness.COMPLETE
    assert check_answers(questionnaire, {"Q1": 1, "M1": ""}).completeness is Completeness.PARTIAL
    assert check_answers(questionnaire, {"Q1": 1}, modules=["streets"]).completeness is Completeness.PARTIAL


VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.lists(st.one_of(st.integers(-2, 100), st.text(max_size=3), st.none()), max_size=4),
)
NAMES = st.sampled_from([*EVERYTHING.items_by_id, "X9"])


@given(st.dictionaries(NAMES, VALUES))
def test_no_value_crashes_the_check_and_only_known_codes_come_through(raw: dict[str, object]) -> None:
    checked = check_answers(EVERYTHING, raw)
    for item_id, answer in checked.answers.items():
        item = EVERYTHING.item(item_id)
        codes = answer if isinstance(answer, tuple) else (answer,)
        assert answer is None or not item.options or all(code in item.options_by_code for code in codes)


@given(st.dictionaries(NAMES, VALUES))
def test_what_was_understood_is_understood_again(raw: dict[str, object]) -> None:
    once = check_answers(EVERYTHING, raw).answers
    assert check_answers(EVERYTHING, once).answers == once
