"""Nobody can put down which answer is wanted: every channel is tried, and refused or harmless."""

import json

import pytest

from questionnaires.definition import Text
from questionnaires.document import to_document
from questionnaires.hint_kinds import HintKind
from questionnaires.hints import hints
from questionnaires.loading import BUILT_IN, from_document, load_file, load_text
from questionnaires.question_words import told_answer
from questionnaires.recommended_options import recommended
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


#: As option, hint or note: what people write who want one answer.
TELLING = (
    "非常满意（推荐）",
    "★非常满意",
    "✔ 知道",
    "建议选A",
    "请选第一项",
    "答案：是",
    "应答口径：知道",
    "统一口径：知道",
    "示范回答：知道",
    "请引导居民选择非常满意",
    "提示居民回答知道",
    "请居民选满意",
    "希望您选择满意",
    "请给好评",
    "请打10分",
    "请选5分",
    "请在“非常满意”处打勾",
    "说“知道”就行",
    "正确的答案是知道",
    "默认选是",
    "recommended answer",
    "Suggested answer: yes",
    "The answer should be yes",
    "please pick 'very satisfied'",
)
#: Plain instructions and questions.
PLAIN = (
    "请选择是否愿意参加",
    "请选择满意程度",
    "请选择有代表性的一项",
    "请选择知道的途径",
    "请选择支持的理由",
    "请回答有关您家的几个问题",
    "请回答知道或不知道",
    "请选择“是”或“否”",
    "请填是否",
    "都回答有困难",
    "建议填有效的日期",
    "Please tick yes or no",
    "Please select yes if you have",
)


@pytest.mark.parametrize("wording", TELLING)
def test_a_wording_that_wants_one_answer_is_told(wording: str) -> None:
    assert told_answer(Text(zh_Hans=wording, en=wording))


@pytest.mark.parametrize("wording", PLAIN)
def test_a_plain_instruction_is_left_alone(wording: str) -> None:
    assert told_answer(Text(zh_Hans=wording, en=wording)) == ""


MARKED = (
    "解决了（推荐）",
    "★解决了",
    "✔ 解决了",
    "解决了【首选】",
    "解决了（推荐答案）",
    "推荐：解决了",
    "Solved (recommended)",
    "√解决了",
)


@pytest.mark.parametrize("label", MARKED)
def test_an_option_that_is_marked_out_is_refused(label: str) -> None:
    assert places(HEAD + REPORTED + SOLVED.replace('zh_Hans = "解决了",', f'zh_Hans = "{label}",')) == [
        ("E2", "options[0]")
    ]
    (problem,) = problems(sheets(choices=CHOICES.replace("yesno | 1 | 是", f"yesno | 1 | {label}")))
    assert (problem.item, problem.field) == ("choices:2", "label")


@pytest.mark.parametrize("label", ["解决了", "推荐别人来办", "参考书", "★★★", "建议增加公交", "Would recommend it"])
def test_plain_labels_and_stars_for_all_are_no_mark(label: str) -> None:
    other = "★" if "★" in label else "没有解决"
    assert recommended([Text(zh_Hans=label, en=label), Text(zh_Hans=other, en="x")]) == {}


def test_what_is_stored_with_a_mark_stays_readable() -> None:
    stored = to_document(load_text(HEAD + REPORTED + SOLVED, "tiny"))
    marked = json.loads(json.dumps(stored, ensure_ascii=False).replace('"解决了"', '"解决了（推荐）"'))
    assert from_document(marked).item("E2").options[0].text.zh_Hans == "解决了（推荐）"
