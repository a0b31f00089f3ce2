"""Forms of KoboToolbox users: what is taken over with a note, and refusals that say what to write instead."""

from datetime import date

from questionnaires.xlsform import ReadForm, read_form
from tests.questionnaires.xlsform.forms import CHOICES, SURVEY, Sheets, numbered, places, problems, read, sheets, table

DAY = date(2026, 11, 22)


def noted(form: ReadForm) -> set[tuple[str, str]]:
    return {(note.item, note.field) for note in form.notes}


def with_row(row: str, *, choices: str = CHOICES) -> Sheets:
    return sheets(survey=f"{SURVEY.strip()}\n{row}", choices=choices)


def test_columns_of_choices_for_a_filter_are_left_out_and_said() -> None:
    choices = [[*row, "d1" if number else "district"] for number, row in enumerate(table(CHOICES))]
    form = read({**sheets(), "choices": choices})
    assert form.questionnaire == read(sheets()).questionnaire
    assert ("choices:1", "district") in noted(form)
    misspelt = [[*row, "" if number else "civ_exclusve"] for number, row in enumerate(table(CHOICES))]
    assert places({**sheets(), "choices": misspelt}) == [("choices:1", "civ_exclusve")]


def test_a_form_without_settings_takes_the_name_and_the_day_of_its_file() -> None:
    form = sheets()
    bare = {"survey": form["survey"], "choices": form["choices"]}
    found = read_form(numbered(bare), "居民 survey 2026.xlsx", day=DAY)
    assert (found.questionnaire.slug, found.questionnaire.version) == ("survey_2026", "2026-11-22")
    assert found.questionnaire.title.zh_Hans == "居民 survey 2026"
    assert {("settings", "form_id"), ("settings", "version"), ("settings", "form_title")} <= noted(found)
    assert read_form(numbered(bare), "居民.xlsx", day=DAY).questionnaire.slug == "form"
    assert places(bare) == [("settings", "version")]


def test_a_form_id_with_blanks_is_mended_and_said() -> None:
    found = read(sheets(settings="form_title | form_id | version\n题 | Form 18 | 1"))
    assert found.questionnaire.slug == "Form_18"
    assert ("settings:2", "form_id") in noted(found)


def test_blocks_of_kobotoolbox_are_refused_once_with_the_way_out() -> None:
    rows = """begin_kobomatrix | mx | 矩阵 | Matrix | | |
select_one yesno | mx_1 | 行 | Row | | |
end_kobomatrix | | | | | |
begin_score | sc | 打分 | Score | | |
score__row | r1 | 行 | Row | | |
end_score | | | | | |
begin_rank | rk | 排序 | Rank | | |
rank__level | r2 | 第一 | First | | |
end_rank | | | | | |"""
    found = problems(with_row(rows))
    assert [(problem.item, problem.field) for problem in found] == [(f"survey:{row}", "type") for row in (8, 11, 14)]
    assert "civ_battery" in str(found[0])
    assert "civ_battery" in str(found[1])
    assert "select_multiple" in str(found[2])


def test_a_list_of_a_refused_row_is_not_called_superfluous() -> None:
    spare = CHOICES + "towns | 1 | 东 | East\ntowns | 2 | 西 | West\n"
    block = "begin_kobomatrix | mx | 矩阵 | Matrix | | |\nend_kobomatrix | | | | | |"
    assert places(with_row(block, choices=spare)) == [("survey:8", "type")]
    assert places(with_row("rank towns | C1 | 先后 | Order | | |", choices=spare)) == [("survey:8", "type")]


def test_a_group_in_a_group_is_one_problem() -> None:
    rows = """begin_group | g1 | 外 | Outer | | |
begin_group | g2 | 里 | Inner | | |
integer | C1 | 几人 | How many | | |
end_group | | | | | |
end_group | | | | | |"""
    assert places(with_row(rows)) == [("survey:9", "type")]


def test_who_is_not_meant_becomes_who_is() -> None:
    choices = CHOICES.replace("acts | 1", "yesno | 3 | 说不准 | Unsure\nacts | 1")
    (problem,) = problems(with_row("integer | C1 | 几人 | How many | | ${Q1} != '1' |", choices=choices))
    assert "${Q1} = '2' or ${Q1} = '3'" in str(problem)
    (problem,) = problems(with_row("integer | C1 | 几人 | How many | | not(selected(${Q1}, '1')) |", choices=choices))
    assert "${Q1} = '2' or ${Q1} = '3'" in str(problem)


def test_what_a_form_in_one_language_lacks_is_said_once() -> None:
    survey = "type | name | label\ninteger | N1 | 几人\ninteger | N2 |\ninteger | N3 | ${N1} 人里几个孩子"
    settings = table("form_title | form_id | version\n题 | small | 1")
    assert places({"survey": table(survey), "settings": settings}) == [("survey:3", "label"), ("survey:4", "label")]


def test_the_code_of_other_is_said() -> None:
    form = read(sheets(survey=SURVEY.replace("select_multiple acts", "select_multiple acts or_other")))
    (note,) = [note for note in form.notes if "or_other" in note.expected_msgid]
    assert (note.item, note.params) == ("survey:4", {"code": 3})


def test_whoever_fills_in_alone_does_not_see_a_hint_and_that_is_said() -> None:
    survey = [[*row, "hint::zh" if number == 0 else "按周岁"] for number, row in enumerate(table(SURVEY))]
    assert ("survey", "hint") in noted(read({**sheets(), "survey": survey}))
    assert ("survey", "hint") not in noted(read(sheets()))
