"""A sheet of ours that was changed by hand: what stands twice must be the same in both places."""

from collections.abc import Callable

import pytest

from questionnaires.xlsform import write_xlsform
from tests.questionnaires.tiny import ACTS, ADULTS, RESIDENT, SATISFIED, indicator, tiny
from tests.questionnaires.xlsform.forms import places, problems, read

SHOPS = """
[[item]]
id = "N2"
section = "main"
type = "number"
zh_Hans = "几个孩子"
en = "How many children"

[[item]]
id = "A2"
section = "main"
type = "single"
zh_Hans = "从哪里知道"
en = "Where from"
options = [
  { code = 1, zh_Hans = "电视", en = "TV" },
  { code = 9, zh_Hans = "其他", en = "Other", open = true },
]

[[check]]
id = "children"
item = "N2"
compare = "at_most"
other = "N1"
hard = true
zh_Hans = "孩子比人多"
en = "More children than people"
"""
QUESTIONNAIRE = tiny(
    RESIDENT, ACTS, ADULTS, SHOPS, SATISFIED, indicator("IND_SAT_OVERALL", "Q1", '{ polarity = ["pos"] }', "headline")
)

Sheets = dict[str, list[list[str]]]


def cell(form: Sheets, sheet: str, name: str, column: str) -> tuple[list[str], int]:
    """The row whose name is ``name``, and the place of ``column`` in it."""
    header = form[sheet][0]
    (row,) = [row for row in form[sheet][1:] if row[1] == name or row[0] == name]
    return row, header.index(column)


def change(sheet: str, name: str, column: str, old: str, new: str) -> Callable[[Sheets], None]:
    def act(form: Sheets) -> None:
        row, place = cell(form, sheet, name, column)
        assert old in row[place]
        row[place] = row[place].replace(old, new)

    return act


@pytest.mark.parametrize(
    ("act", "place"),
    [
        (change("survey", "C1", "relevant", "not(${S1} = '2')", ""), ("survey:4", "relevant")),
        (change("survey", "C1", "relevant", "not(${S1} = '2')", "not(${S1} = '1')"), ("survey:4", "relevant")),
        (change("survey", "C1", "constraint", "'90'", "'1'"), ("survey:4", "constraint")),
        (change("survey", "N2", "constraint", "<=", "<"), ("survey:6", "constraint")),
        (
            change("survey", "N2", "constraint_message::English (en)", "More", "Fewer"),
            ("survey:6", "constraint_message"),
        ),
        (change("civ_checks", "children", "hard", "yes", "no"), ("survey:6", "constraint")),
        (change("survey", "A2_9_words", "civ_words_of", "A2.9", "A2.1"), ("survey:8", "civ_words_of")),
        (change("survey", "A2_9_words", "civ_words_of", "A2.9", ""), ("survey:7", "type")),
        (change("settings", "小问卷", "form_title", "小", "大"), ("settings:2", "form_title")),
    ],
)
def test_one_place_changed_and_not_the_other(act: Callable[[Sheets], None], place: tuple[str, str]) -> None:
    form = write_xlsform(QUESTIONNAIRE)
    assert not problems(form)
    act(form)
    assert place in places(form)


def test_what_the_other_column_would_have_is_said() -> None:
    form = write_xlsform(QUESTIONNAIRE)
    change("survey", "N1", "relevant", "not(${S1} = '2')", "")(form)
    assert "not(${S1} = '2')" in str(problems(form)[0])


def test_what_stands_once_may_be_changed() -> None:
    form = write_xlsform(QUESTIONNAIRE)
    row, place = cell(form, "survey", "N1", "relevant")
    row[place] += " and selected(${C1}, '3')"
    change("survey", "N1", "constraint", "20", "9")(form)
    change("survey", "N1", "label::English (en)", "How many", "Number of")(form)
    change("civ_wordings", "population", "label::English (en)", "Adults", "Grown-ups")(form)
    found = read(form).questionnaire
    assert found.item("N1").ask_if[0].item == "C1"
    assert found.item("N1").maximum == 9
    assert found.item("N1").text.en == "Number of adults"
    assert found.population.en == "Grown-ups"


def test_values_of_our_own_columns_are_checked_where_they_stand() -> None:
    for (
        column,
        text,
    ) in (("civ_polarity", "positive"), ("civ_score", "many"), ("civ_kind", "unknown")):
        form = write_xlsform(QUESTIONNAIRE)
        place = form["choices"][0].index(column)
        form["choices"][9][place] = text
        assert places(form) == [("choices:10", column)]
    form = write_xlsform(QUESTIONNAIRE)
    change("civ_indicators", "IND_SAT_OVERALL", "item", "Q1", "Q7")(form)
    assert places(form) == [("civ_indicators:2", "item")]
    change("civ_indicators", "IND_SAT_OVERALL", "item", "Q7", "Q1")(form)
    change("civ_indicators", "IND_SAT_OVERALL", "codes", "1", "7")(form)
    assert places(form) == [("civ_indicators:2", "codes")]
