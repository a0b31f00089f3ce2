"""Whatever stands in a cell: the form is read, or refused with a place; it never crashes and never takes long."""

import time

from hypothesis import given, settings
from hypothesis import strategies as st

from questionnaires.definition import Questionnaire
from questionnaires.xlsform import write_xlsform
from tests.questionnaires.strategies import questionnaires
from tests.questionnaires.xlsform.forms import problems, sheets, table

CELLS = st.text(max_size=12) | st.sampled_from(
    [
        "",
        "NaN",
        "inf",
        "1e400",
        "-0",
        "９",
        "yes",
        "select_one",
        "${A}",
        "' or '",
        "((((",
        "not(",
        "{",
        "..",
        "9" * 5000,
        "=1+1",
    ]
)


@settings(max_examples=settings().max_examples // 2)
@given(questionnaires(), st.data())
def test_any_cell_may_hold_anything(questionnaire: Questionnaire, data: st.DataObject) -> None:
    form = write_xlsform(questionnaire)
    for _ in range(3):
        rows = form[data.draw(st.sampled_from(sorted(form)))]
        row = data.draw(st.sampled_from(rows))
        row[data.draw(st.integers(0, len(row) - 1))] = data.draw(CELLS)
    for problem in problems(form):
        assert problem.item
        assert str(problem)


@given(
    st.dictionaries(st.sampled_from(["survey", "choices", "settings", "civ_checks", "x"]), st.lists(st.lists(CELLS)))
)
def test_any_sheets_are_refused_in_words(form: dict[str, list[list[str]]]) -> None:
    assert problems(form)


def test_thousands_of_mistakes_do_not_take_long() -> None:
    survey = [["type", "name", "label", "relevant"]]
    survey += [["select_one list_x", f"name_of_item_{n}", "甲", f"${{nameofitem{n}}} = '1'"] for n in range(1000)]
    survey += [["integer", f"name_of_item_{n}", "甲", f"${{nameofitem{n}}} = '1'"] for n in range(1000, 2900)]
    choices = [["list_name", "name", "label"], *([f"list_of_{n}", "1", "甲"] for n in range(5000))]
    start = time.process_time()
    assert len(problems({**sheets(), "survey": survey, "choices": choices})) > 1000
    assert problems({**sheets(), "survey": table("type|name|label\n") + [["note", "A", "甲"]] * 5000})
    assert time.process_time() - start < 10
