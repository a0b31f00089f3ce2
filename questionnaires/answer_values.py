"""One value given to one item -> the answer that is stored, or why there is none. Nothing is raised."""

import unicodedata
from enum import StrEnum

from questionnaires.codes import calendar_day, is_blank, parts_of, whole_number
from questionnaires.comparisons import chosen_codes
from questionnaires.definition import Item, ItemType
from questionnaires.problems import shown

Answer = int | tuple[int, ...] | str | None

_LONGEST_TEXT = 10_000
#: Characters of the words to an open option.
LONGEST_WORDS = 200


class AnswerProblemKind(StrEnum):
    UNKNOWN_ITEM = "unknown_item"  # no such item: the value was left out
    UNKNOWN_CODE = "unknown_code"  # asked, no answer (of several codes the known ones stay)
    BLANK = "blank"  # asked, no answer
    NOT_A_NUMBER = "not_a_number"  # asked, no answer
    NOT_A_DATE = "not_a_date"  # asked, no answer
    OUT_OF_RANGE = "out_of_range"  # asked, no answer
    CONTRADICTION = "contradiction"  # an exclusive option beside others: asked, no answer
    TOO_MANY_CHOICES = "too_many_choices"  # asked, no answer
    TOO_LONG = "too_long"  # the text was cut
    NOT_ROUTED = "not_routed"  # answered though the answers before lead past it: kept, counts nowhere
    NOT_CHOSEN = "not_chosen"  # words to an open option that was not chosen: left out
    CHECK_FAILED = "check_failed"  # at odds with another answer: kept, or if the check is hard asked, no answer


Kinds = tuple[AnswerProblemKind, ...]
_FINE: Kinds = ()
_BLANK: Kinds = (AnswerProblemKind.BLANK,)


def check_value(item: Item, value: object) -> tuple[Answer, Kinds]:
    """What of ``value`` given to ``item`` can be used, and what is wrong with it."""
    answer, kinds = _check(item, value)
    return answer, _FINE if item.optional and kinds is _BLANK else kinds


def check_words(value: object) -> tuple[str | None, Kinds]:
    """The words said to an open option; there may be none."""
    words, kinds = check_text(value, LONGEST_WORDS)
    return words, _FINE if kinds is _BLANK else kinds


def _check(item: Item, value: object) -> tuple[Answer, Kinds]:
    if item.type is ItemType.SINGLE and (type(value) is str or type(value) is int):
        code = item.codes_by_writing.get(value)
        if code is not None:
            return code, _FINE  # by far the most frequent
    if item.type is ItemType.NOTE:
        return None, _FINE
    if is_blank(value):
        return None, _BLANK
    if item.type is ItemType.TEXT:
        return check_text(value, item.max_chars)
    if item.type is ItemType.DATE:
        return _check_day(item, value)
    if item.type is ItemType.NUMBER:
        return _check_number(item, value)
    if item.type is ItemType.MULTI:
        return _check_multi(item, value)
    code = whole_number(value)
    if code is None or code not in item.options_by_code:
        return None, (AnswerProblemKind.UNKNOWN_CODE,)
    return code, _FINE


def check_text(value: object, most: int | None = None) -> tuple[str | None, Kinds]:
    """The text without control characters and halves of characters: they break files and databases. Cut at ``most``.

    >>> check_text("a\\x00b\\ud800c", 9)[0]
    'abc'
    """
    if is_blank(value):
        return None, _BLANK
    text = value if isinstance(value, str) else shown(value)
    most = min(most or _LONGEST_TEXT, _LONGEST_TEXT)
    kept = "".join(mark for mark in text[:most] if mark == "\n" or unicodedata.category(mark) not in ("Cc", "Cs"))
    if not kept.strip():
        return None, _BLANK
    return kept, (AnswerProblemKind.TOO_LONG,) if len(text) > most else _FINE


def _check_day(item: Item, value: object) -> tuple[Answer, Kinds]:
    day = calendar_day(value)
    if day is None:
        return None, (AnswerProblemKind.NOT_A_DATE,)
    too_early = item.earliest is not None and day < item.earliest
    too_late = item.latest is not None and day > item.latest
    return (None, (AnswerProblemKind.OUT_OF_RANGE,)) if too_early or too_late else (day, _FINE)


def _check_number(item: Item, value: object) -> tuple[Answer, Kinds]:
    number = whole_number(value)
    if number is None:
        return None, (AnswerProblemKind.NOT_A_NUMBER,)
    too_low = item.minimum is not None and number < item.minimum
    too_high = item.maximum is not None and number > item.maximum
    return (None, (AnswerProblemKind.OUT_OF_RANGE,)) if too_low or too_high else (number, _FINE)


def _check_multi(item: Item, value: object) -> tuple[Answer, Kinds]:
    codes = {whole_number(part) for part in parts_of(value) if not is_blank(part)}
    if not codes:
        return None, _BLANK
    known = sorted(code for code in codes if code is not None and code in item.options_by_code)
    unknown = (AnswerProblemKind.UNKNOWN_CODE,) if len(known) < len(codes) else _FINE
    if len(known) > 1 and not item.exclusive_codes.isdisjoint(known):
        return None, (*unknown, AnswerProblemKind.CONTRADICTION)
    if item.max_choices is not None and len(known) > item.max_choices:
        return None, (*unknown, AnswerProblemKind.TOO_MANY_CHOICES)
    return tuple(known) or None, unknown


def is_answered(item: Item, answer: Answer) -> bool:
    """Neither empty nor refused."""
    if answer is None:
        return False
    if isinstance(answer, int):
        return answer not in item.refused_codes
    return item.refused_codes.isdisjoint(chosen_codes(answer))
