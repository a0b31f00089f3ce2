"""Which rows of the ``survey`` sheet are no items but ask for the words of an option, "other, please say"."""

import re

from questionnaires.definition import Condition, ItemType
from questionnaires.problems import N_
from questionnaires.xlsform.read_survey import Survey
from questionnaires.xlsform.rows import Question

#: How an option is called that asks for words, and how the row is called that takes them.
_CALLED_OTHER = re.compile("其他|其它|别的|说明|注明|other|specify|please say", re.IGNORECASE)
_SUFFIXES = frozenset({"other", "oth", "else", "specify", "words", "text", "txt", "qita"})


def find_words(survey: Survey, *, marked: bool) -> None:
    """Find the rows that ask for the words of an open option: marked, or "A2_other" right after A2. "A2_why" after
    an option that is not called "other" is a question of its own.

    ``marked``: the form has ``civ_words_of``, which says it for every row.
    """
    asked: Question | None = None
    for question in survey.questions:
        conditions = question.relevant.conditions
        one = conditions[0] if len(conditions) == 1 and len(conditions[0].codes) == 1 else None
        if question.type is not ItemType.TEXT or (marked and not question.line.get("civ_words_of")):
            asked = question
        elif marked:
            question.words_of = _marked(question, one)
        elif one and asked and one.item == asked.name and _asks_for_words(question, asked, next(iter(one.codes))):
            question.words_of = one.item, next(iter(one.codes))
            question.line.note("label", N_("已略去：“{item}”的其他选项由本系统请人说明"), item=one.item)
        else:
            asked = question
    survey.words = [question for question in survey.questions if question.words_of is not None]
    survey.questions = [question for question in survey.questions if question.words_of is None]


def _asks_for_words(question: Question, asked: Question, code: int) -> bool:
    """Whether the row stands for what "other, please say" says: by its name or the option's."""
    options = asked.choices.options if asked.choices else ()
    option = next((option for option in options if option.code == code), None)
    if option is None or not question.name.startswith(f"{asked.name}_"):
        return False
    suffix = question.name.removeprefix(f"{asked.name}_").lower()
    called = any(_CALLED_OTHER.search(text) for text in (option.text.zh_Hans, option.text.en))
    return called or suffix.strip("_0123456789") in _SUFFIXES


def _marked(question: Question, condition: Condition | None) -> tuple[str, int]:
    mark = question.line.get("civ_words_of")
    item, _, code = mark.rpartition(".")
    if condition is None or mark != f"{condition.item}.{next(iter(condition.codes))}":
        question.line.problem("civ_words_of", N_("relevant 里的题目和选项，例如 A2.10"))
    return item, int(code) if code.isdecimal() and len(code) < 6 else -1
