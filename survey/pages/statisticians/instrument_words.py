"""What kinds of hints and changes are called on the pages of instruments."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from questionnaires.hint_kinds import HintKind
from questionnaires.item_changes import ChangeKind, PartChange
from survey.messages import N_, Message
from survey.pages.statisticians.change_words import detail_words, differing, place_words
from survey.pages.statisticians.file_problems import grouped
from survey.pages.statisticians.language_names import language_name

#: Problems or hints in one table; whoever has more mends these first.
MOST_SHOWN = 200
HINT_WORDS: Mapping[HintKind, str] = {
    HintKind.DOUBLE_BARRELLED: N_("一题两问"),
    HintKind.TWO_DEPARTMENTS: N_("两个部门"),
    HintKind.LEADING: N_("有引导性"),
    HintKind.ANSWER_TOLD: N_("告诉答案"),
    HintKind.NO_DONT_KNOW: N_("没有“说不清”"),
    HintKind.UNMARKED_DONT_KNOW: N_("“说不清”没有标明"),
    HintKind.NO_REFUSAL: N_("没有“拒答”"),
    HintKind.UNBALANCED_SCALE: N_("选项不对称"),
    HintKind.MANY_READ_OUT: N_("选项太多"),
    HintKind.LONG_WORDING: N_("题目太长"),
    HintKind.REQUIRED: N_("必答"),
    HintKind.NO_DECOY: N_("没有干扰项"),
    HintKind.NO_POLARITY: N_("没有写正反面"),
    HintKind.NONE_NOT_EXCLUSIVE: N_("“都没有”不互斥"),
    HintKind.INTRODUCTION: N_("开场白不符合实际"),
    HintKind.MISSING_WORDING: N_("缺译文"),
}
CHANGE_WORDS: Mapping[ChangeKind, str] = {
    ChangeKind.ADDED: N_("新增"),
    ChangeKind.REMOVED: N_("删去"),
    ChangeKind.RENAMED: N_("换了编号"),
    ChangeKind.MOVED: N_("换了位置"),
    ChangeKind.TYPE: N_("题型变了"),
    ChangeKind.WORDING: N_("措辞变了"),
    ChangeKind.OPTION_ADDED: N_("增加选项"),
    ChangeKind.OPTION_REMOVED: N_("删去选项"),
    ChangeKind.OPTION_WORDING: N_("选项措辞变了"),
    ChangeKind.OPTION_MEANING: N_("选项含义变了"),
    ChangeKind.OPTION_ORDER: N_("选项顺序变了"),
    ChangeKind.SCORE: N_("分值变了"),
    ChangeKind.ROUTING: N_("跳转变了"),
    ChangeKind.MODES: N_("调查方式变了"),
    ChangeKind.LIMITS: N_("取值范围变了"),
    ChangeKind.SKIPPING: N_("能否跳过变了"),
    ChangeKind.NOTE: N_("访员提示变了"),
    ChangeKind.PLACE: N_("所在部分变了"),
    ChangeKind.CODES: N_("计入的选项变了"),
    ChangeKind.LABEL: N_("名称变了"),
    ChangeKind.OTHER: N_("其他改动"),
}


def reason_text(change: PartChange) -> Message:
    """A change in one line, where there is no room for its wordings."""
    words = [*place_words(change.part), *detail_words(change)]
    place = Message(
        " ".join(f"{{part{n}}}" for n in range(len(words))), {f"part{n}": word for n, word in enumerate(words)}
    )
    return Message(N_("{place} {what}"), {"place": place, "what": Message(CHANGE_WORDS[change.kind])})


_TITLE = re.compile(r'^title\s*=\s*\{[^\n]*?zh_Hans\s*=\s*"([^"\n]*)"', re.MULTILINE)


def draft_title(text: str) -> str:
    """The Chinese title in a draft, which may be no questionnaire yet; empty when none is found.

    >>> draft_title('[instrument]\\ntitle = { en = "Tiny", zh_Hans = "小问卷" }')
    '小问卷'
    """
    found = _TITLE.search(text)
    return found[1] if found else ""


def line_of(lines: Sequence[str], item: str) -> int | None:
    """The line (from 1) of a text that begins the item; ``None`` where there is no text, or it is written otherwise.

    >>> line_of(["[[item]]", 'id = "Q1"'], "Q1"), line_of([], "Q1")
    (2, None)
    """
    written = re.compile(rf"""\s*id\s*=\s*["']{re.escape(item)}["']""")
    return next((number for number, line in enumerate(lines, 1) if written.match(line)), None)


#: What the templates of instruments know beside their page.
WORDS: Mapping[str, Any] = {
    "hint_words": HINT_WORDS,
    "change_words": CHANGE_WORDS,
    "reason_text": reason_text,
    "draft_title": draft_title,
    "language_name": language_name,
    "line_of": line_of,
    "place_words": place_words,
    "detail_words": detail_words,
    "differing": differing,
    "grouped": grouped,
    "most_shown": MOST_SHOWN,
}
