"""Forms that were written for other tools: what of them is taken over, and what the reader is told was not."""

from dataclasses import replace

from questionnaires.definition import Check, Comparison, Condition, ItemType, Text
from questionnaires.xlsform import write_xlsform
from tests.questionnaires.xlsform.forms import CHOICES, SETTINGS, SURVEY, read, sheets, table


def test_types_wordings_conditions_and_limits_are_taken_over() -> None:
    found = read(sheets()).questionnaire
    assert (found.slug, found.version, found.title.zh_Hans) == ("small", "3", "小问卷")
    assert [(item.id, item.type, item.section) for item in found.items] == [
        ("Q1", ItemType.SINGLE, "about"),
        ("Q2", ItemType.MULTI, "about"),
        ("N1", ItemType.NUMBER, "about"),
        ("T1", ItemType.TEXT, "main"),
    ]
    assert found.item("Q1").required
    assert found.item("Q1").text == Text(zh_Hans="您住在这里吗", en="Do you live here")
    assert found.item("Q2").ask_if == (Condition(item="Q1", codes=frozenset({1})),)
    assert found.item("Q2").exclusive_codes == {90}
    assert (found.item("N1").minimum, found.item("N1").maximum) == (1, 20)
    assert found.item("T1").ask_if == (Condition(item="Q2", codes=frozenset({1, 2})),)


def test_who_imports_a_form_is_told_what_it_did_not_say() -> None:
    form = read(sheets())
    assert form.questionnaire.modes == ("imported",)
    assert [(note.item, note.field) for note in form.notes] == [
        ("civ_wordings", "population"),
        ("civ_wordings", "closing"),
        ("settings:2", "civ_modes"),
        ("civ_indicators", ""),
    ]


def test_a_form_in_one_language_shows_it_in_both() -> None:
    survey = """
    type | name | label
    integer | N1 | 几个成年人
    """
    form = read({"survey": table(survey), "settings": table(SETTINGS)})
    assert form.questionnaire.item("N1").text == Text(zh_Hans="几个成年人", en="几个成年人")
    assert ("survey:1", "label::English (en)") in [(note.item, note.field) for note in form.notes]


def test_the_default_language_says_what_a_label_without_one_is_in() -> None:
    settings = "form_title | form_id | version | default_language\nSmall | small | 3 | English (en)"
    survey = "type | name | label | label::中文 (zh)\ninteger | N1 | How many | 几人"
    form = read({"survey": table(survey), "settings": table(settings)})
    assert form.questionnaire.item("N1").text == Text(zh_Hans="几人", en="How many")


def test_a_third_language_comes_along() -> None:
    survey = "type | name | label::zh | label::en | label::Tibetan (bo)\nnote | I1 | 您好 | Hello | བཀྲ"
    found = read({"survey": table(survey), "settings": table(SETTINGS)}).questionnaire
    assert found.languages == ("bo",)
    assert found.item("I1").text.in_language("bo") == "བཀྲ"


def test_names_of_choices_become_codes_and_the_reader_is_told() -> None:
    choices = CHOICES.replace("yesno | 1", "yesno | yes").replace("yesno | 2", "yesno | no")
    form = read(sheets(survey=SURVEY.replace("${Q1} = '1'", "${Q1} = 'yes'"), choices=choices))
    assert [option.code for option in form.questionnaire.item("Q1").options] == [1, 2]
    assert form.questionnaire.item("Q2").ask_if == (Condition(item="Q1", codes=frozenset({1})),)
    (note,) = [note for note in form.notes if note.item.startswith("choices")]
    assert note.params["codes"] == "yes = 1、no = 2"


def test_or_other_and_a_text_beside_it_are_an_open_option() -> None:
    survey = SURVEY.replace("select_multiple acts", "select_multiple acts or_other")
    (other,) = [option for option in read(sheets(survey=survey)).questionnaire.item("Q2").options if option.open]
    assert (other.code, other.text.zh_Hans) == (3, "其他")
    row = "text | Q2_other | 请说明 | Please say | | selected(${Q2}, '2') |\ninteger | N1"
    found = read(sheets(survey=SURVEY.replace("integer | N1", row))).questionnaire
    assert "Q2_other" not in found.items_by_id
    assert found.item("Q2").open_codes == {2}


def test_the_condition_of_a_group_is_that_of_each_of_its_items() -> None:
    survey = """
    type | name | label::Chinese (zh-Hans) | label::English (en) | relevant
    integer | N1 | 几人 | How many |
    begin_group | more | 更多 | More | ${N1} > 2
    integer | N2 | 几个孩子 | How many children |
    date | D1 | 哪天 | Which day | ${N2} >= 1 and ${N2} <= 3
    end_group | | | |
    """
    found = read({"survey": table(survey), "settings": table(SETTINGS)}).questionnaire
    assert found.item("N2").ask_if == (Condition(item="N1", at_least=3),)
    assert found.item("D1").ask_if == (
        Condition(item="N1", at_least=3),
        Condition(item="N2", at_least=1),
        Condition(item="N2", at_most=3),
    )


def test_a_comparison_with_another_answer_is_a_hard_check() -> None:
    survey = """
    type | name | label::zh | label::en | constraint | constraint_message::zh | constraint_message::en
    integer | N1 | 几人 | How many | | |
    integer | N2 | 几个孩子 | How many children | . >= 0 and . < ${N1} | 孩子比人多 | More children than people
    """
    found = read({"survey": table(survey), "settings": table(SETTINGS)}).questionnaire
    assert found.item("N2").minimum == 0
    (check,) = found.checks
    assert check == Check(
        id="N2_1",
        item="N2",
        compare=Comparison.LESS,
        other="N1",
        text=Text(zh_Hans="孩子比人多", en="More children than people"),
        hard=True,
    )


def test_what_phones_record_and_looks_are_left_out_and_said() -> None:
    survey = SURVEY.replace("begin_group", "start | start | | | | |\nbegin_group").replace(
        "relevant | constraint", "relevant | constraint | appearance"
    )
    survey = survey.replace("count-selected(.) > 1)", "count-selected(.) > 1) | minimal")
    form = read(sheets(survey=survey))
    assert len(form.questionnaire.items) == 4
    assert {("survey:2", "type"), ("survey:5", "appearance")} <= {(note.item, note.field) for note in form.notes}


def test_columns_of_kobotoolbox_are_read_past() -> None:
    survey = [[*row, "x" if number else "$kuid"] for number, row in enumerate(table(SURVEY))]
    assert read({**sheets(), "survey": survey}).questionnaire == read(sheets()).questionnaire


def test_quotes_and_spacing_of_spreadsheet_programs_do_not_matter() -> None:
    survey = SURVEY.replace("${Q1} = '1'", "${ Q1 }=’1’").replace(". >= 1 and . <= 20", ".>=1 and .<=20")
    survey = survey.replace("begin_group", "begin group").replace("select_one yesno", "Select_One  yesno")
    assert read(sheets(survey=survey)).questionnaire == read(sheets()).questionnaire


def test_to_field_a_form_of_another_tool_its_modes_and_introductions_are_enough() -> None:
    """Whoever takes up one column of ours need not take up the others: the limits still say what they said."""
    survey = SURVEY.replace(
        "integer | N1", "text | Q2_other | 请说明 | Please say | | selected(${Q2}, '2') |\ninteger | N1"
    )
    settings = "form_title | form_id | version | civ_modes\n小问卷 | small | 3 | web_open"
    wordings = "what | name | label::zh | label::en\nintroduction | web_open | 您好 | Hello"
    plain = read(sheets(survey=survey)).questionnaire
    found = read({**sheets(survey=survey, settings=settings), "civ_wordings": table(wordings)}).questionnaire
    assert found.modes == ("web_open",)
    assert found.items == plain.items
    assert found.item("Q2").open_codes == {2}
    assert found.item("Q2").exclusive_codes == {90}


def test_a_question_why_is_no_other_please_say() -> None:
    row = "text | Q1_why | 为什么 | Why | | ${Q1} = '2' |\ninteger | N1"
    survey = SURVEY.replace("select_multiple acts | Q2", row.removesuffix("integer | N1") + "select_multiple acts | Q2")
    found = read(sheets(survey=survey)).questionnaire
    assert found.item("Q1_why").text.zh_Hans == "为什么"
    assert not found.item("Q1").open_codes


def test_an_export_says_which_rows_are_words_even_where_none_is() -> None:
    """So a follow-up that looks like "other, please say" comes back as the question it is."""
    row = "text | Q1_text | 哪里 | Where | | ${Q1} = '2' |\n"
    survey = SURVEY.replace(
        "select_multiple acts | Q2", f"text | Q1_a | 名称 | Name | | |\n{row}select_multiple acts | Q2"
    )
    made = read(sheets(survey=survey)).questionnaire
    assert "Q1_text" in made.items_by_id
    alone = replace(made, items=tuple(item for item in made.items if item.id != "Q1_a"))
    assert read(write_xlsform(alone)).questionnaire == alone
