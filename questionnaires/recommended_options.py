"""Marks in the label of an option that say: choose this one. No honest question has one, so they are refused."""

import re
from collections.abc import Sequence

from questionnaires.definition import Text
from questionnaires.problems import N_

NO_RECOMMENDATION = N_("不带“{mark}”的文字：选项里不能有推荐的记号，每个选项都一样写")

#: Without one of these there is no mark: nearly all lists are done with after looking for them.
_SIGNS = (
    *(
        "推荐",
        "建议",
        "首选",
        "最佳",
        "正确",
        "标准",
        "参考",
        "选此",
        "选这",
        "选本",
        "★",
        "☆",
        "⭐",
        "✔",
        "✓",
        "☑",
        "√",
        "✅",
    ),
    *("recommended", "suggested", "correct", "preferred", "best"),
)
_STARS = re.compile(r"[★☆⭐]")
#: In brackets, before a colon, or behind a dash; elsewhere the same words may be an honest answer ("was handed model
#: answers").
_MARKS = re.compile(
    r"[（(【\[〔](推荐|建议|首选|最佳|正确|标准|参考)(选项|答案|选择|选此项|选)?[）)】\]〕]"
    r"|^(推荐|首选|建议|标准|正确|参考)(答案|选项|选择)?[：:\s]|[-—–]\s*(推荐|首选)$|建议选(我|此|这|本|它)|请选(此|这|本)项"
    r"|[✔✓☑√✅]"
    r"|[(\[](recommended|suggested|correct|preferred|best)( (answer|option|choice))?[)\]]"
    r"|^(recommended|suggested|correct|preferred)( (answer|option|choice))?:|[-—–]\s*recommended$",
    re.IGNORECASE,
)


def recommended(labels: Sequence[Text]) -> dict[int, str]:
    """Which of the options of a question are marked out, by position, and with what.

    Stars are marks unless every answer but those of no opinion has some, as in a scale from one to five.

    >>> recommended([Text(zh_Hans="满意（推荐）", en="Yes"), Text(zh_Hans="★不满意", en="No")])
    {0: '（推荐）', 1: '★'}
    >>> recommended([Text(zh_Hans="★", en="1"), Text(zh_Hans="★★", en="2"), Text(zh_Hans="说不清", en="3")])
    {}
    """
    plain = "|".join(wording for label in labels for wording in _wordings(label)).lower()
    if not any(sign in plain for sign in _SIGNS):
        return {}
    found = {}
    starred = [position for position, label in enumerate(labels) if _search(_STARS, label)]
    scale = len(starred) > 1 and len(starred) >= len(labels) - 2
    for position, label in enumerate(labels):
        if mark := _search(_MARKS, label) or ("" if scale else _search(_STARS, label)):
            found[position] = mark
    return found


def _wordings(label: Text) -> tuple[str, ...]:
    return label.zh_Hans, label.en, *(part for _, part in label.others)


def _search(marks: re.Pattern[str], label: Text) -> str:
    for wording in _wordings(label):
        plain = wording.lower()
        if any(sign in plain for sign in _SIGNS) and (found := marks.search(wording)):
            return found[0].strip()
    return ""
