"""What no questionnaire can hold is refused, with sheet, row, column and the reason."""

from typing import Any

import pytest

from tests.questionnaires.xlsform.forms import CHOICES, SETTINGS, SURVEY, places, problems, sheets, table


def with_row(row: str, *, column: str = "") -> dict[str, Any]:
    """The form with one more row, and perhaps one more column, at the end of ``survey``."""
    survey = SURVEY.strip().splitlines()
    survey[0] += f" | {column}" if column else ""
    return sheets(survey="\n".join([*survey, row]))


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("calculate | C1 | | | | |", "推荐答案"),
        ("hidden | C1 | | | | |", "推荐答案"),
        ("begin_repeat | C1 | 人 | People | | |", "重复"),
        ("begin repeat | C1 | 人 | People | | |", "重复"),
        ("geopoint | C1 | 哪里 | Where | | |", "地点"),
        ("image | C1 | 照片 | Picture | | |", "选项、数字、日期和文字"),
        ("audio | C1 | 声音 | Voice | | |", "选项、数字、日期和文字"),
        ("select_one_from_file towns.csv | C1 | 镇 | Town | | |", "choices"),
        ("decimal | C1 | 几亩 | Land | | |", "整数"),
        ("rank acts | C1 | 先后 | Order | | |", "select_multiple"),
        ("integr | C1 | 几人 | How many | | |", "integer"),
        ("| C1 | 几人 | How many | | |", "题型"),
    ],
)
def test_a_type_that_no_item_has(row: str, reason: str) -> None:
    (problem,) = problems(with_row(row))
    assert (problem.item, problem.field) == ("survey:8", "type")
    assert reason in str(problem)


@pytest.mark.parametrize(
    ("column", "cell", "reason"),
    [
        ("default", "1", "推荐答案"),
        ("calculation", "${N1} * 2", "推荐答案"),
        ("choice_filter", "town = ${Q1}", "选项不随"),
        ("media::image", "a.png", "图片"),
        ("image::English (en)", "a.png", "图片"),
        ("repeat_count", "3", "重复"),
        ("read_only", "yes", "note"),
        ("appearance", "map", "样子"),
        ("parameters", "randomize=true, seed=42", "随机数"),
        ("parameters", "start=1 end=5", "randomize"),
    ],
)
def test_a_column_that_says_what_no_item_can_hold(column: str, cell: str, reason: str) -> None:
    found = problems(with_row(f"integer | C1 | 几人 | How many | | | | {cell}", column=column))
    assert found[0].item == "survey:8"
    assert found[0].field == column
    assert reason in str(found[0])


def test_empty_columns_of_that_kind_harm_nobody() -> None:
    assert not problems(with_row("integer | C1 | 几人 | How many | | | |", column="calculation"))


@pytest.mark.parametrize(
    "relevant",
    [
        "${Q1} != '1'",
        "${Q1} = '1' or ${N1} > 2",
        "${Q2} = '1'",
        "not(${Q1} = '1') or ${N1} = 3",
        "count-selected(${Q2}) > 1",
        "if(${Q1} = '1', 1, 2) = 1",
        "today() > '2026-01-01'",
        "${N1} + 1 > 2",
        "${Q1} = ",
        "selected(${Q1}, '1'",
        "regex(${T1}, 'a')",
        "position(..) = 1",
        "(" * 500 + "${Q1} = '1'" + ")" * 500,
        "${Q1} = '1' and " * 3000 + "${Q1} = '1'",
        "true()",
    ],
)
def test_a_condition_beyond_codes_and_bounds(relevant: str) -> None:
    (problem,) = problems(with_row(f"integer | C1 | 几人 | How many | | {relevant} |"))
    assert (problem.item, problem.field) == ("survey:8", "relevant")
    assert problem.got


@pytest.mark.parametrize(
    "constraint",
    [
        "regex(., '[0-9]+')",
        ". < today()",
        ". >= 1 or . = 99",
        ". * 2 > 3",
        ". >= 1.5",
        ". > (",
        ". != 3",
        ". >= 1 and . >= 2",
    ],
)
def test_a_limit_that_no_item_can_hold(constraint: str) -> None:
    (problem,) = problems(with_row(f"integer | C1 | 几人 | How many | | | {constraint}"))
    assert (problem.item, problem.field) == ("survey:8", "constraint")


def test_a_comparison_needs_words_for_whoever_fails_it() -> None:
    assert places(with_row("integer | C1 | 几人 | How many | | | . <= ${N1}")) == [("survey:8", "constraint_message")]


def test_conditions_on_what_is_not_there_or_comes_later() -> None:
    assert places(with_row("integer | C1 | 几人 | How many | | ${Q9} = '1' |")) == [("survey:8", "relevant")]
    assert places(with_row("integer | C1 | 几人 | How many | | ${Q1} = '7' |")) == [("survey:8", "relevant")]
    early = SURVEY.replace("| yes | |", "| yes | ${N1} > 1 |")
    assert places(sheets(survey=early)) == [("survey:3", "relevant")]


def test_a_heading_that_does_not_exist_comes_with_the_nearest() -> None:
    (problem,) = problems(sheets(survey=SURVEY.replace("label::English (en)", "lable::English (en)")))[:1]
    assert (problem.item, problem.field) == ("survey:1", "lable::English (en)")
    assert problem.params == {"near": "label::English (en)"}
    (problem,) = problems(sheets(survey=SURVEY.replace("relevant", "relevent")))[:1]
    assert problem.params == {"near": "relevant"}
    assert places(sheets(survey=SURVEY.replace("relevant", "name")))[0] == ("survey:1", "name")
    assert places(sheets(survey=SURVEY.replace("English (en)", "Klingonese")))[0] == ("survey:1", "label::Klingonese")


def test_missing_sheets_and_columns() -> None:
    form = sheets()
    assert places({"settings": form["settings"]}) == [("survey", "")]
    assert "也许是 surveys" in str(problems({"surveys": form["survey"]})[0])
    assert places({"survey": form["survey"], "choices": form["choices"]}) == [("settings", "version")]
    assert places({"survey": form["survey"], "settings": form["settings"]}) == [
        ("survey:3", "type"),
        ("survey:4", "type"),
    ]
    assert places(sheets(survey=SURVEY.replace("type |", "|")))[-1:] == [("survey:7", "A")]
    assert places(sheets(survey=SURVEY.replace("relevant | constraint", "relevant |")))[0] == ("survey:4", "G")
    assert places({**form, "survey": [row[1:] for row in form["survey"]]}) == [("survey:1", "type")]
    assert places(sheets(settings="form_title\nSmall")) == [("settings:2", "version")]
    assert places({**form, "external_choices": table("list_name | name\na | 1")}) == [("external_choices", "")]
    assert places({**form, "civ_wording": table("what\ntitle")}) == [("civ_wording", "")]
    assert places({}) == [("survey", "")]


def test_sheets_of_notes_are_read_past() -> None:
    assert not problems({**sheets(), "作者的话": [["随便写"], ["什么"]]})


def test_lists_nobody_defined_or_uses() -> None:
    (problem,) = problems(sheets(survey=SURVEY.replace("select_one yesno", "select_one yesn")))[:1]
    assert (problem.item, problem.params) == ("survey:3", {"near": "yesno"})
    unused = CHOICES + "town | 1 | 东 | East\ntown | 2 | 西 | West\n"
    assert places(sheets(choices=unused)) == [("choices:7", "list_name")]


def test_twins() -> None:
    assert places(sheets(survey=SURVEY.replace("| N1 |", "| Q1 |")))[0] == ("survey:5", "name")
    assert places(sheets(choices=CHOICES.replace("yesno | 2", "yesno | 1")))[0] == ("choices:3", "name")


def test_groups_that_do_not_close_do_not_open_or_lie_in_another() -> None:
    assert places(sheets(survey=SURVEY.replace("end_group | | | | | |\n", ""))) == [("survey:2", "type")]
    assert places(with_row("end_group | | | | | |")) == [("survey:8", "type")]
    nested = SURVEY.replace("integer | N1", "begin_group | more | 更多 | More | | |\ninteger | N1")
    assert ("survey:5", "type") in places(sheets(survey=nested))


def test_the_rules_of_the_language_are_told_in_the_words_of_the_form() -> None:
    """One list of rules holds for every instrument file; here they name sheet, row and column."""
    assert places(sheets(settings=SETTINGS.replace("small", "小"))) == [("settings:2", "form_id")]
    assert places(sheets(survey=SURVEY.replace("| N1 |", "| 1N |"))) == [("survey:5", "name")]
    assert places(sheets(choices=CHOICES.replace("A meeting", "Volunteering"))) == [
        ("choices:5", "label::English (en)")
    ]
    assert places(sheets(choices=CHOICES.replace("| Yes", "|"))) == [("choices:2", "label::English (en)")]
    placed = places(sheets(survey=SURVEY.replace("How many adults", "{many}")))
    assert ("survey:5", "label::English (en)") in placed
    assert places(with_row("text | C1 | 几人 | How many | | | . >= 1")) == [("survey:8", "constraint")]


@pytest.mark.parametrize("naughty", ["\x00", "a\x07b", "\u202eabc\x1b", "x" * 40_000, "字" * 1_000_000])
def test_naughty_cells_are_named_and_cut(naughty: str) -> None:
    survey = table(SURVEY)
    survey[4][2] = naughty
    (problem,) = problems({**sheets(), "survey": survey})
    assert (problem.item, problem.field.partition("::")[0]) == ("survey:5", "label")
    assert len(problem.got) < 100
    survey[4][1] = naughty
    assert problems({**sheets(), "survey": survey})


def test_a_hundred_thousand_rows_are_refused_at_once() -> None:
    rows = table(SURVEY) + [["integer", "N9", "几", "How", "", "", ""]] * 100_000
    (problem,) = problems({**sheets(), "survey": rows})
    assert "20000" in str(problem)


def test_blank_rows_and_short_rows_do_not_matter() -> None:
    survey = table(SURVEY)
    survey.insert(3, ["", " ", ""])
    survey[5] = survey[5] + ["", ""]
    assert not problems({**sheets(), "survey": survey})
    assert places({**sheets(), "survey": [*survey, ["integer", "N7", "几", "How", "", "", "", "x"]]}) == [
        ("survey:9", "H")
    ]


def test_every_problem_is_named_in_one_go() -> None:
    survey = SURVEY.replace("integer", "decimal").replace("${Q1} = '1'", "${Q1} > '1'")
    assert len(places(sheets(survey=survey, choices=CHOICES + "spare | 1 | 东 | East\n"))) == 3


def test_words_to_an_option_that_does_not_exist_are_no_row_to_leave_out() -> None:
    row = "text | Q2_other | 请说明 | Please say | | selected(${Q2}, '7') |\ninteger | N1"
    assert places(sheets(survey=SURVEY.replace("integer | N1", row))) == [("survey:5", "relevant")]


@pytest.mark.parametrize("relevant", ["not(${Q1} = '2')", "not(selected(${Q2}, '90'))"])
def test_a_condition_that_says_who_is_not_asked_is_never_dropped(relevant: str) -> None:
    (problem,) = problems(with_row(f"integer | C1 | 几人 | How many | | {relevant} |"))
    assert (problem.item, problem.field) == ("survey:8", "relevant")
    assert "not( )" in str(problem)


def test_what_to_write_instead_is_said() -> None:
    (problem,) = problems(with_row("integer | C1 | 几人 | How many | | ${Q2} = '1' |"))
    assert "selected(${Q2}, '1')" in str(problem)
    (problem,) = problems(with_row("date | C1 | 哪天 | Which day | | | . <= date('2026-02-30')"))
    assert "date('2026-02-30')" in str(problem)


def test_the_answer_to_another_item_inside_a_wording() -> None:
    (problem,) = problems(with_row("integer | C1 | ${N1} 人里几个孩子 | How many children | | |"))
    assert (problem.item, problem.field) == ("survey:8", "label::Chinese (zh-Hans)")
    assert "${N1}" in str(problem)
