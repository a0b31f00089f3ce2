"""What cannot be held is refused with what to write instead, in the author's own names; what says the same is taken."""

import pytest

from questionnaires.definition import Condition
from tests.questionnaires.xlsform.forms import CHOICES, SURVEY, problems, read, sheets

#: Three options, so that "the others" are some of them.
LISTS = CHOICES + "sat | good | 满意 | Satisfied\nsat | fair | 一般 | Fair\nsat | bad | 不满意 | Dissatisfied\n"
ASKED = SURVEY + "select_one sat | S1 | 满意吗 | Satisfied | | |\n"


def told(relevant: str) -> str:
    (problem,) = problems(sheets(survey=f"{ASKED}integer | C1 | 几人 | How many | | {relevant} |", choices=LISTS))
    assert (problem.item, problem.field) == ("survey:9", "relevant")
    return str(problem).partition("应为：")[2]


@pytest.mark.parametrize(
    ("relevant", "instead"),
    [
        ("count-selected(${Q2}) >= 2", "selected(${Q2}, '1') or selected(${Q2}, '2')"),
        ("${S1} = ''", "${S1} = 'good' or ${S1} = 'fair'"),
        ("${N1} = ''", "${N1} >= 2"),
        ("${T1} != ''", "${Q1} = '1'"),
        ("${S1} = '满意'", "${S1} = 'good'"),
        ("${S1} = 'Dissatisfied'", "${S1} = 'bad'"),
        ("${S1} = 'god'", "good、fair、bad"),
        ("${S1} != 'bad'", "${S1} = 'good' or ${S1} = 'fair'"),
        ("${Q2} != '90'", "selected(${Q2}, '1') or selected(${Q2}, '2')"),
        ("not(selected(${Q2}, '90'))", "selected(${Q2}, '1') or selected(${Q2}, '2')"),
        ("not(${S1} = 'bad')", "${S1} = 'good' or ${S1} = 'fair'"),
        ("${Q1} > 1", "${Q1} = '2'"),
        ("${Q2} = '2'", "selected(${Q2}, '2')"),
        ("${N1} > ${Q1}", ". <= ${N1}"),
        ("${Q1} = '1' or ${N1} > 2", "and"),
        (". > 2", "constraint"),
        ("if(${S1} = 'bad', 1, 0) = 1", "没有 if( )"),
        ("${S1} = bad", "'bad'"),
        ("S1 = 'bad'", "${S1}"),
        ("${Q1} == '1'", "一个 ="),
        ("${Q1} = '1' AND ${N1} > 2", "小写的 and"),
        ("${Q1} = '1' && ${N1} > 2", "小写的 and"),
        ("${Q1} <> '1'", "没有“不等于”"),
        ("${N1} + 1 > 2", "${N1} >= 2"),
    ],
)
def test_a_condition_comes_back_with_what_is_understood(relevant: str, instead: str) -> None:
    assert instead in told(relevant)


@pytest.mark.parametrize(
    ("kind", "constraint", "instead"),
    [
        ("date", ". <= today()", "没有“今天”"),
        ("date", ". >= '2026-03-01'", ". >= date('2026-03-01')"),
        ("date", ". >= 2026-03-01", "date('2026-03-01')"),
        ("integer", "0 < . < 20", "and"),
        ("integer", ">= 18", ". >= 18"),
        ("integer", "18-60", ". >= 18 and . <= 60"),
        ("integer", "${C1} <= 20", "“.”"),
        ("integer", "${N1} <= 20", "relevant"),
        ("integer", ". <= 20 or . = 99", "跳过"),
        ("integer", ". != ''", "required"),
        ("text", "regex(., '1[0-9]{10}')", "没有 regex"),
        ("text", "string-length(.) = 11", "string-length(.) <= "),
        ("select_multiple acts", "count-selected(.) >= 2", "count-selected(.) <= "),
        (
            "select_multiple acts",
            "not(selected(., '90') and selected(., '1'))",
            "not(selected(., '90') and count-selected(.) > 1)",
        ),
        ("select_one sat", ". != 'bad'", "relevant"),
    ],
)
def test_a_limit_comes_back_with_what_is_understood(kind: str, constraint: str, instead: str) -> None:
    (problem,) = problems(sheets(survey=f"{ASKED}{kind} | C1 | 几人 | How many | | | {constraint}", choices=LISTS))
    assert (problem.item, problem.field) == ("survey:9", "constraint")
    assert instead in str(problem).partition("应为：")[2]


@pytest.mark.parametrize(
    ("relevant", "condition"),
    [
        ("${S1} != ''", Condition(item="S1", codes=frozenset({1, 2, 3}))),
        ("not(${S1} = '')", Condition(item="S1", codes=frozenset({1, 2, 3}))),
        ("count-selected(${Q2}) >= 1", Condition(item="Q2", codes=frozenset({1, 2, 90}))),
        ("count-selected(${Q2}) > 0", Condition(item="Q2", codes=frozenset({1, 2, 90}))),
        ("18 <= ${N1}", Condition(item="N1", at_least=18)),
        ("（${N1} ≥ 2 and ${N1}＜5）", Condition(item="N1", at_least=2, at_most=4)),
    ],
)
def test_other_words_for_what_can_be_held_are_taken(relevant: str, condition: Condition) -> None:
    form = read(sheets(survey=f"{ASKED}integer | C1 | 几人 | How many | | {relevant} |", choices=LISTS))
    assert form.questionnaire.item("C1").ask_if == (condition,)


def test_a_day_that_is_itself_left_out_is_the_day_beside_it() -> None:
    row = "date | C1 | 哪天 | Which day | | | . > date('2026-02-28') and . < date('2027-01-01')"
    item = read(sheets(survey=f"{SURVEY}{row}")).questionnaire.item("C1")
    assert (item.earliest, item.latest) == ("2026-03-01", "2026-12-31")
    edge = "date | C1 | 哪天 | Which day | | | . > date('9999-12-31')"
    assert [problem.field for problem in problems(sheets(survey=f"{SURVEY}{edge}"))] == ["constraint"]
