"""An author sees every problem that can be told in one list, and none that only follows from another."""

import pytest

from tests.questionnaires.xlsform.forms import CHOICES, SETTINGS, SURVEY, places, problems, sheets, table

#: As somebody in an office writes one: a label column without a language, and slips of every kind.
OFFICE = """
type | name | label | required | relevant | constraint | constraint_message
select_one yesno | q1 | 您住满半年了吗 | yes | | |
select_one sat | q2 | 您对环境卫生满意吗 | | ${q1} = '是' | |
select_multiple probs | q3 | 有哪些问题 | | | count-selected(.) >= 2 |
integer | q4 | 您家几口人 | | . > 0 | 0 < . < 20 |
date | q5 | 哪一天搬来的 | | ${q4} = '' | . <= today() | 太晚
select_one sat | q6 | | | count-selected(${q3}) >= 2 | |
text | q 7 | 还有什么意见 | | | |
"""
LISTS = """
list_name | name | label
yesno | 1 | 是
yesno | 2 | 否
sat | 1 | 满意
sat | 2 | 不满意
sat | 2 | 很不满意
probs | 1 | 停车
probs | 2 | 垃圾
probs | 3 |
"""


def test_an_office_workers_form_is_told_everything_in_the_order_of_the_workbook() -> None:
    assert places(sheets(survey=OFFICE, choices=LISTS, settings="form_title | form_id\n小区调查 | small")) == [
        ("survey:3", "relevant"),
        ("survey:4", "constraint"),
        ("survey:5", "relevant"),
        ("survey:5", "constraint"),
        ("survey:6", "relevant"),
        ("survey:6", "constraint"),
        ("survey:7", "relevant"),
        ("survey:7", "label"),
        ("survey:8", "name"),
        ("choices:6", "name"),
        ("choices:9", "label"),
        ("settings:2", "version"),
    ]


def test_a_misspelt_heading_hides_neither_the_other_sheets_nor_their_rows() -> None:
    """Its own column is empty for everybody; that is not said of every row."""
    form = sheets(
        survey=SURVEY.replace("label::English (en)", "lable::English (en)").replace("integer | N1", "decimal | N1"),
        choices=CHOICES.replace("yesno | 2", "yesno | 1"),
        settings=SETTINGS.replace("| 3", "|"),
    )
    assert places(form) == [
        ("survey:1", "lable::English (en)"),
        ("survey:5", "type"),
        ("choices:3", "name"),
        ("settings:2", "version"),
    ]


@pytest.mark.parametrize("heading", ["type", "name"])
def test_without_types_or_names_the_other_sheets_are_still_read(heading: str) -> None:
    form = sheets(
        survey=SURVEY.replace(f"{heading} |", f"{heading}x |", 1), choices=CHOICES.replace("yesno | 2", "yesno | 1")
    )
    assert places(form) == [("survey:1", f"{heading}x"), ("choices:3", "name")]


def test_questions_are_not_told_that_a_sheet_of_lists_cannot_be_read() -> None:
    form = sheets(
        choices=CHOICES.replace("list_name", "lists_names"), survey=SURVEY.replace("integer | N1", "decimal | N1")
    )
    assert places(form) == [("survey:5", "type"), ("choices:1", "lists_names")]


def test_what_refers_to_a_row_that_was_refused_is_judged_when_that_row_is_mended() -> None:
    survey = SURVEY.replace("select_one yesno | Q1", "select_one yesn | Q1").replace("integer", "decimal")
    survey += "integer | C1 | 几个 | How many | | ${N1} > ${Q1} |\ninteger | C2 | 几个 | | | ${Q2} = '1' |\n"
    indicators = table("code | item | set | codes | label::zh | label::en\nIND_A | Q1 | other | 1 | 甲 | A")
    parts = table("code | set | parts | label::zh | label::en\nSUM | other | IND_A 1 | 和 | Sum")
    assert places({**sheets(survey=survey), "civ_indicators": indicators, "civ_composites": parts}) == [
        ("survey:3", "type"),
        ("survey:5", "type"),
        ("survey:9", "relevant"),
        ("survey:9", "label::English (en)"),
    ]


def test_a_row_of_a_refused_type_is_judged_as_far_as_it_stays() -> None:
    row = "integr | C1 | | | | ${Q1} != '1' |"
    assert places(sheets(survey=SURVEY + row)) == [
        ("survey:8", "type"),
        ("survey:8", "label::Chinese (zh-Hans)"),
        ("survey:8", "label::English (en)"),
        ("survey:8", "relevant"),
    ]
    assert places(sheets(survey=SURVEY + "calculate | C1 | | | | |")) == [("survey:8", "type")]


def test_a_section_with_a_bad_name_is_told_once_not_at_each_of_its_items() -> None:
    assert places(sheets(survey=SURVEY.replace("begin_group | about", "begin_group | 关于您"))) == [
        ("survey:2", "name")
    ]


def test_of_two_rows_with_one_name_each_is_told_its_own() -> None:
    survey = SURVEY.replace("integer | N1 | 几个成年人 | How many adults", "integer | Q1 | | How many adults")
    assert places(sheets(survey=survey)) == [("survey:5", "name")]
    survey = SURVEY.replace("Do you live here", "").replace("| N1 |", "| Q1 |")
    assert places(sheets(survey=survey)) == [("survey:3", "label::English (en)"), ("survey:5", "name")]


def test_an_option_without_words_is_told_once_however_many_questions_take_its_list() -> None:
    survey = SURVEY + "select_one yesno | C1 | 一 | One | | |\nselect_one yesno | C2 | 二 | Two | | |\n"
    assert places(sheets(survey=survey, choices=CHOICES.replace("| Yes", "|"))) == [
        ("choices:2", "label::English (en)")
    ]


def test_who_is_not_asked_is_told_beside_other_problems() -> None:
    survey = SURVEY + "integer | C1 | 几人 | | | not(${Q1} = '1') |\n"
    assert places(sheets(survey=survey)) == [("survey:8", "label::English (en)"), ("survey:8", "relevant")]


@pytest.mark.parametrize(
    ("columns", "heading"),
    [
        ("label", "label"),
        ("Label", "Label"),
        ("label::中文 (zh)", "label::中文 (zh)"),
        ("label:English", "label:English"),
    ],
)
def test_a_missing_wording_names_the_column_the_author_has(columns: str, heading: str) -> None:
    survey = f"type | name | {columns} | relevance\ninteger | N1 | |\ninteger | N2 | 几 | ${{N1}} = ''"
    found = problems({"survey": table(survey), "settings": table(SETTINGS)})
    assert [(problem.item, problem.field) for problem in found] == [("survey:2", heading), ("survey:3", "relevance")]
    assert "zh_Hans" not in str(found[0])


def test_a_form_without_any_wording_lacks_the_plain_column() -> None:
    survey = "type | name\ninteger | N1\ninteger | N2"
    assert places({"survey": table(survey), "settings": table(SETTINGS)}) == [("survey:1", "label")]
