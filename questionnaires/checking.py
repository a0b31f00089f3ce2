"""Raw answers of one person -> CheckedAnswers: what can be used, and what could not and why. Nothing is raised."""

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.codes import is_blank, parts_of, whole_number
from questionnaires.definition import Item, ItemType, Questionnaire
from questionnaires.problems import shown
from questionnaires.routing import chosen_codes, ends_screened, routed_items

Answer = int | tuple[int, ...] | str | None

#: Percent of the routed items that must be answered.
COMPLETE, PARTIAL = 80, 50
_LONGEST_SHOWN = 60
_LONGEST_TEXT = 10_000


class AnswerProblemKind(StrEnum):
    UNKNOWN_ITEM = "unknown_item"  # no such item: the value was left out
    UNKNOWN_CODE = "unknown_code"  # asked, no answer (of several codes the known ones stay)
    BLANK = "blank"  # asked, no answer
    NOT_A_NUMBER = "not_a_number"  # asked, no answer
    OUT_OF_RANGE = "out_of_range"  # asked, no answer
    CONTRADICTION = "contradiction"  # an exclusive option beside others: asked, no answer
    TOO_MANY_CHOICES = "too_many_choices"  # asked, no answer
    TOO_LONG = "too_long"  # the text was cut
    NOT_ROUTED = "not_routed"  # answered though the answers before lead past it: kept, counts nowhere


Kinds = tuple[AnswerProblemKind, ...]
_FINE: Kinds = ()
_BLANK: Kinds = (AnswerProblemKind.BLANK,)


class Completeness(StrEnum):
    COMPLETE = "complete"
    PARTIAL = "partial"
    BREAK_OFF = "break_off"


@dataclass(frozen=True, kw_only=True)
class AnswerProblem:
    item: str
    value: str
    kind: AnswerProblemKind


@dataclass(frozen=True, kw_only=True)
class CheckedAnswers:
    """``answers`` holds ``None`` for an item that was there and got no usable answer, and nothing for one that was
    not there at all: the difference decides whether someone stands in the base of a module's item."""

    answers: Mapping[str, Answer]
    problems: tuple[AnswerProblem, ...]
    screened: bool
    completeness: Completeness


def check_answers(
    questionnaire: Questionnaire,
    raw: Mapping[str, object],
    *,
    mode: str | None = None,
    modules: Collection[str] | None = None,
) -> CheckedAnswers:
    """What of ``raw`` (item id -> code, numeric string, list of codes, or text) can be used.

    A blank or unknown code is "asked, no answer". An answer that breaks the rule of its item (two choices of which
    one excludes the other, more choices than allowed, a number out of range) cannot be understood and is no answer
    either. ``mode`` and ``modules`` as in :func:`questionnaires.routing.routed_items`.
    """
    items = questionnaire.items_by_id
    answers: dict[str, Answer] = {}
    found: list[tuple[str, AnswerProblemKind]] = []
    for item_id, value in raw.items():
        item = items.get(item_id)
        if item is None:
            found.append((item_id, AnswerProblemKind.UNKNOWN_ITEM))
            continue
        answers[item_id], kinds = _check(item, value)
        if kinds and not (item.optional and kinds is _BLANK):
            found.extend((item_id, kind) for kind in kinds)
    routed = routed_items(questionnaire, answers, mode=mode, modules=modules)
    for item_id in answers.keys() - {item.id for item in routed}:
        found = [(named, kind) for named, kind in found if named != item_id]
        if answers[item_id] is None:
            del answers[item_id]  # blank, and rightly so
        else:
            found.append((item_id, AnswerProblemKind.NOT_ROUTED))
    return CheckedAnswers(
        answers=answers,
        problems=tuple(_problem(item_id, raw[item_id], kind) for item_id, kind in found),
        screened=ends_screened(routed, answers),
        completeness=_completeness(questionnaire, routed, answers),
    )


def _problem(item_id: str, value: object, kind: AnswerProblemKind) -> AnswerProblem:
    text = "" if value is None else value if isinstance(value, str) else shown(value)
    if len(text) > _LONGEST_SHOWN:
        text = text[: _LONGEST_SHOWN - 1] + "…"
    return AnswerProblem(item=item_id, value=text, kind=kind)


def _check(item: Item, value: object) -> tuple[Answer, Kinds]:
    if item.type is ItemType.SINGLE and (type(value) is str or type(value) is int):
        code = item.codes_by_writing.get(value)
        if code is not None:
            return code, _FINE  # by far the most frequent
    if is_blank(value):
        return None, _BLANK
    if item.type is ItemType.TEXT:
        return _check_text(item, value)
    if item.type is ItemType.NUMBER:
        return _check_number(item, value)
    if item.type is ItemType.MULTI:
        return _check_multi(item, value)
    code = whole_number(value)
    if code is None or code not in item.options_by_code:
        return None, (AnswerProblemKind.UNKNOWN_CODE,)
    return code, _FINE


def _check_text(item: Item, value: object) -> tuple[Answer, Kinds]:
    """The text without control characters and halves of characters: they break files and databases."""
    text = value if isinstance(value, str) else shown(value)
    most = min(item.max_chars or _LONGEST_TEXT, _LONGEST_TEXT)
    kept = "".join(mark for mark in text[:most] if mark == "\n" or unicodedata.category(mark) not in ("Cc", "Cs"))
    if not kept.strip():
        return None, _BLANK
    return kept, (AnswerProblemKind.TOO_LONG,) if len(text) > most else _FINE


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


def _completeness(
    questionnaire: Questionnaire, routed: Collection[Item], answers: Mapping[str, Answer]
) -> Completeness:
    """By the share of routed items that were answered; optional ones do not weigh. "Don't know" answers an item,
    a refusal does not (skipping an item one saw is a refusal)."""
    asked = [item for item in routed if not item.optional]
    unanswered = {item.id for item in asked if not _is_answered(item, answers.get(item.id))}
    percent = 100 * (len(asked) - len(unanswered))
    headline_answered = questionnaire.headline_items.isdisjoint(unanswered)
    if asked and percent >= COMPLETE * len(asked) and headline_answered:
        return Completeness.COMPLETE
    if asked and percent >= PARTIAL * len(asked):
        return Completeness.PARTIAL
    return Completeness.BREAK_OFF


def _is_answered(item: Item, answer: Answer) -> bool:
    if answer is None:
        return False
    if isinstance(answer, int):
        return answer not in item.refused_codes
    return item.refused_codes.isdisjoint(chosen_codes(answer))
