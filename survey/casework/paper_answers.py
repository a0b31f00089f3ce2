"""What was keyed from a paper form, as answers; and where two keyings of it differ."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from questionnaires.answer_values import check_value
from questionnaires.checking import AnswerProblem, Completeness, check_answers
from questionnaires.definition import Item, ItemType, Questionnaire, open_key
from questionnaires.jumps import form_items
from questionnaires.routing import routed_items
from questionnaires.screens import skipped_answer
from survey.fieldwork.paper_serials import Serial, modules_on
from survey.store.responses import Answer
from survey.waves import Mode

#: Item id, or the key of the words to an open option -> what was typed.
Typed = Mapping[str, str]
_EIGHT_DIGITS = re.compile(r"(\d{4})(\d{2})(\d{2})")


@dataclass(frozen=True, kw_only=True)
class PaperAnswers:
    """``answers`` as they are stored; ``problems``: what could not be used, and what is at odds with the routing."""

    answers: Mapping[str, Answer]
    problems: tuple[AnswerProblem, ...]
    screened: bool
    completeness: Completeness


@dataclass(frozen=True, kw_only=True)
class Differences:
    """``items``: each item that holds something in one keying at least -> whether they differ; most people are led
    past some items, and two blanks would say that those are keyed well. ``keys``: everything that is to be settled,
    words too; words are no part of the rate, because people write the same in many ways.
    """

    items: Mapping[str, bool]
    keys: tuple[str, ...]


def items_to_key(questionnaire: Questionnaire, serial: Serial) -> tuple[Item, ...]:
    """The items on this form that somebody can answer, in the order of the paper."""
    fielded = form_items(questionnaire, mode=Mode.PAPER, modules=modules_on(questionnaire, serial))
    return tuple(item for item in fielded if item.type is not ItemType.NOTE)


def read_typed(questionnaire: Questionnaire, serial: Serial, typed: Typed) -> PaperAnswers:
    """What was typed, checked as every questionnaire is; whatever is off the route is kept and counts nowhere.

    An item left empty with an answer after it was seen and skipped; after the last answer the person had stopped.
    """
    modules = modules_on(questionnaire, serial)
    items = items_to_key(questionnaire, serial)
    raw: dict[str, object] = {item.id: spelled(item, typed.get(item.id, "")) for item in items}
    raw |= {key: typed[key] for item in items for code in item.open_codes if typed.get(key := open_key(item.id, code))}
    checked = check_answers(questionnaire, raw, mode=Mode.PAPER, modules=modules)
    answers = dict(checked.answers)
    on_route = routed_items(questionnaire, answers, mode=Mode.PAPER, modules=modules)
    route = [item for item in on_route if item.type is not ItemType.NOTE]
    last = max((at for at, item in enumerate(route) if typed.get(item.id, "").strip()), default=-1)
    for at, item in enumerate(route):
        if typed.get(item.id, "").strip():
            continue
        if at > last:
            answers.pop(item.id, None)
        elif not item.optional:
            answers[item.id] = skipped_answer(item)
    return PaperAnswers(
        answers=answers, problems=checked.problems, screened=checked.screened, completeness=checked.completeness
    )


def spelled(item: Item, value: str) -> str:
    """A date may be typed as eight digits."""
    found = _EIGHT_DIGITS.fullmatch(value.strip()) if item.type is ItemType.DATE else None
    return "-".join(found.groups()) if found else value


def compare_typed(questionnaire: Questionnaire, serial: Serial, first: Typed, second: Typed) -> Differences:
    items: dict[str, bool] = {}
    keys: list[str] = []
    for item in items_to_key(questionnaire, serial):
        differs = _value(item, first.get(item.id, "")) != _value(item, second.get(item.id, ""))
        if item.type is not ItemType.TEXT and any(typed.get(item.id, "").strip() for typed in (first, second)):
            items[item.id] = differs
        if differs:
            keys.append(item.id)
        words = [open_key(item.id, code) for code in sorted(item.open_codes)]
        keys += [key for key in words if _bare(first.get(key, "")) != _bare(second.get(key, ""))]
    return Differences(items=items, keys=tuple(keys))


def _value(item: Item, typed: str) -> object:
    """What it means, or where it means nothing what was typed."""
    answer, _ = check_value(item, spelled(item, typed))
    if answer is None or item.type is ItemType.TEXT:
        return _bare(typed)
    return answer


def _bare(text: str) -> str:
    """Without blanks and punctuation, in one width."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(mark for mark in plain if unicodedata.category(mark)[0] in "LNMS")
