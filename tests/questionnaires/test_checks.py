"""Comparisons between answers: a soft one is reported, a hard one takes the answer out, wherever it may have led."""

import pytest

from questionnaires.checking import AnswerProblemKind, check_answers
from questionnaires.comparisons import failed_checks
from questionnaires.screens import Walk
from tests.questionnaires.tiny import ADULTS, REPORTED, behaviour, tiny


def failed(name: str, answers: dict[str, object]) -> list[str]:
    found = check_answers(behaviour(name), answers, mode="capi").problems
    return [problem.check for problem in found if problem.kind is AnswerProblemKind.CHECK_FAILED]


@pytest.mark.parametrize(
    ("answers", "checks"),
    [
        ({"N1": 4, "N2": 1, "N3": 1}, []),
        ({"N1": 4, "N2": 4, "N3": 1}, ["some-adult"]),
        ({"N1": 13, "N2": 13}, ["some-adult", "large"]),
        ({"N1": 13, "N2": None}, ["large"]),
        ({"N1": 1, "N2": 5}, []),  # nobody asked for the second number
        ({"N1": "many", "N2": 5}, []),
    ],
)
def test_numbers_are_compared_where_both_were_asked_and_answered(answers: dict[str, object], checks: list[str]) -> None:
    assert failed("numbers", answers) == checks


def test_what_a_soft_check_finds_odd_is_kept() -> None:
    found = check_answers(behaviour("numbers"), {"N1": 4, "N2": 4, "N3": 1}, mode="capi")
    assert found.answers == {"N1": 4, "N2": 4, "N3": 1}
    assert found.completeness == "complete"


def test_what_a_hard_check_refuses_is_no_answer() -> None:
    found = check_answers(behaviour("dates"), {"D1": "2026-03-02", "D2": "2026/3/1"}, mode="capi")
    assert found.answers == {"D1": "2026-03-02", "D2": None}
    assert [(problem.item, problem.value, problem.check) for problem in found.problems] == [
        ("D2", "2026/3/1", "settled-later")
    ]


HARD = """
[[check]]
id = "few"
item = "N1"
compare = "at_most"
value = 9
hard = true
zh_Hans = "最多九个"
en = "At most nine"
"""


def test_an_answer_that_a_hard_check_refuses_leads_nowhere() -> None:
    led = REPORTED.replace('section = "main"', 'section = "main"\nask_if = [{ item = "N1", at_least = 5 }]')
    questionnaire = tiny(ADULTS, led, HARD)
    assert check_answers(questionnaire, {"N1": 7, "E1": 1}).answers == {"N1": 7, "E1": 1}
    refused = check_answers(questionnaire, {"N1": 12, "E1": 1})
    assert refused.answers == {"N1": None, "E1": 1}
    kinds = {problem.item: problem.kind for problem in refused.problems}
    assert kinds == {"N1": AnswerProblemKind.CHECK_FAILED, "E1": AnswerProblemKind.NOT_ROUTED}


def test_a_check_runs_where_the_later_of_its_items_is_answered() -> None:
    walk = Walk(behaviour("numbers"), mode="capi")
    first, second, *_ = walk.screens({"N1": 13})
    assert [check.id for check in walk.failed_checks({"N1": 13}, first)] == ["large"]
    assert [check.id for check in walk.failed_checks({"N1": 3, "N2": 3}, second)] == ["some-adult"]
    assert walk.failed_checks({"N1": 3, "N2": 3}, first) == ()


def test_a_check_holds_for_those_it_is_about() -> None:
    text = HARD.replace("hard = true", 'ask_if = [{ item = "E1", codes = [1] }]')
    questionnaire = tiny(REPORTED, ADULTS, text)
    routed = {"E1", "N1"}
    assert [check.id for check in failed_checks(questionnaire, {"E1": 1, "N1": 10}, routed)] == ["few"]
    assert failed_checks(questionnaire, {"E1": 2, "N1": 10}, routed) == ()
