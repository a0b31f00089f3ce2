"""Nobody can put down which answer is wanted: every channel is tried, and refused or harmless."""

import json

import pytest

from questionnaires.document import to_document
from questionnaires.hints import HintKind, hints
from questionnaires.loading import BUILT_IN, load_file, load_text
from questionnaires.toml_text import to_toml
from questionnaires.xlsform import write_xlsform
from tests.questionnaires.tiny import HEAD, REPORTED, SATISFIED, SOLVED, indicator, places, tiny
from tests.questionnaires.xlsform.forms import CHOICES, SETTINGS, SURVEY, problems, read, sheets

#: What somebody would call it.
NAMES = ("answer", "best", "correct", "default", "expected", "key", "model", "preset", "recommended", "选", "推荐答案")
WHOLE = HEAD + REPORTED + SOLVED + SATISFIED + indicator("IND_S", "E2", "{ codes = [1] }", label="解决")
#: A line of each table of a file, after which one more field is tried.
TABLES = {
    "instrument": 'version = "1"',
    "introductions": '[introductions.capi]\nzh_Hans = "您好"',
    "section": 'id = "main"',
    "item": 'id = "Q1"',
    "indicator": 'item = "E2"',
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("table", TABLES)
def test_no_table_has_such_a_field(table: str, name: str) -> None:
    key = name if name.isascii() else f'"{name}"'
    line = TABLES[table]
    assert WHOLE.count(line) == 1
    assert places(WHOLE.replace(line, f"{line}\n{key} = 1"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("inline", ['en = "No"', 'item = "E1", codes = [1]', "codes = [1] }", 'en = "Thank you"'])
def test_no_table_in_a_line_has_it_either(inline: str, name: str) -> None:
    key = name if name.isascii() else f'"{name}"'
    changed = inline.replace(" }", f", {key} = 1 }}") if inline.endswith("}") else f"{inline}, {key} = 1"
    assert places(WHOLE.replace(inline, changed))


@pytest.mark.parametrize("sheet", ["survey", "choices"])
@pytest.mark.parametrize("column", ["default", "calculation", "answer", "civ_answer", "civ_best", "recommended"])
def test_no_column_of_a_form_has_it(sheet: str, column: str) -> None:
    parts = {"survey": SURVEY, "choices": CHOICES}
    head, first, *rest = parts[sheet].strip().splitlines()
    parts[sheet] = "\n".join([f"{head} | {column}", f"{first} | 1", *rest])
    found = problems(sheets(**parts, settings=SETTINGS))
    # Another tool's column that means nothing here is read past: then nothing of it is kept.
    if not found:
        assert column not in json.dumps(to_document(read(sheets(**parts, settings=SETTINGS)).questionnaire))


def test_a_remark_in_a_file_is_in_no_version_and_no_export() -> None:
    questionnaire = load_text(WHOLE.replace('id = "Q1"', 'id = "Q1" # 标准答案：非常满意'), "tiny")
    for text in (json.dumps(to_document(questionnaire)), to_toml(questionnaire), str(write_xlsform(questionnaire))):
        assert "标准答案" not in text


@pytest.mark.parametrize(
    "told",
    [
        SATISFIED + 'interviewer_note = { zh_Hans = "请选“非常满意”。", en = "Choose very satisfied." }\n',
        SATISFIED + 'interviewer_note = { zh_Hans = "标准答案：1", en = "Key: 1" }\n',
        SATISFIED.replace("您满意吗", "您满意吗（建议选择满意）"),
        SOLVED.replace('zh_Hans = "解决了",', 'zh_Hans = "解决了（推荐答案）",'),
        SATISFIED.replace("Are you satisfied", "Are you satisfied (please choose yes)"),
    ],
)
def test_where_words_say_which_answer_to_choose_it_is_told(told: str) -> None:
    found = hints(tiny(REPORTED, told))
    assert HintKind.ANSWER_TOLD in {hint.kind for hint in found}


def test_introductions_and_placeholders_are_looked_at_too() -> None:
    told = HEAD.replace('zh_Hans = "您好"', 'zh_Hans = "您好，请选择非常满意"')
    assert HintKind.ANSWER_TOLD in {hint.kind for hint in hints(load_text(told + SATISFIED, "tiny"))}
    named = HEAD + '[placeholders]\nx = { zh_Hans = "最佳选项是满意", en = "x" }\n' + SATISFIED
    assert HintKind.ANSWER_TOLD in {hint.kind for hint in hints(load_text(named, "tiny"))}


@pytest.mark.parametrize("slug", BUILT_IN)
def test_the_programs_questionnaires_tell_nobody_what_to_choose(slug: str) -> None:
    questionnaire = load_file(BUILT_IN[slug])
    assert HintKind.ANSWER_TOLD not in {hint.kind for hint in hints(questionnaire)}
