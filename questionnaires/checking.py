"""Raw answers of one person -> CheckedAnswers: what can be used, and what could not and why. Nothing is raised."""

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Set
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


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedItem:
    """What one item's value came to. ``value`` is as given, for the report; ``answered``: neither empty nor refused."""

    item: str
    value: object
    answer: Answer
    kinds: tuple[AnswerProblemKind, ...]
    answered: bool
    known: bool = True  # the questionnaire has this item


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
    checker = AnswerChecker(questionnaire, mode=mode, modules=modules)
    return checker.check([checker.check_item(item_id, value) for item_id, value in raw.items()])


class AnswerChecker:
    """Checks the answers of many people to one questionnaire.

    People differ in a few ways only: the value of an item is checked once by the caller (:meth:`check_item`) and the
    route through the questionnaire once per combination of the answers that steer it.
    """

    def __init__(
        self, questionnaire: Questionnaire, *, mode: str | None = None, modules: Collection[str] | None = None
    ) -> None:
        self._questionnaire, self._mode, self._modules = questionnaire, mode, modules
        conditions = {condition.item for item in questionnaire.items for condition in item.ask_if}
        self._steering = [i.id for i in questionnaire.items if i.id in conditions or i.terminating_codes]
        self._bound = [item.id for item in questionnaire.items if item.modes or item.module]
        self._routes: dict[tuple[object, ...], _Route] = {}

    def check_item(self, item_id: str, value: object) -> CheckedItem:
        """One value by itself, whoever gave it."""
        item = self._questionnaire.items_by_id.get(item_id)
        if item is None:
            unknown = (AnswerProblemKind.UNKNOWN_ITEM,)
            return CheckedItem(item=item_id, value=value, answer=None, kinds=unknown, answered=False, known=False)
        answer, kinds = _check(item, value)
        if item.optional and kinds is _BLANK:
            kinds = _FINE
        return CheckedItem(item=item_id, value=value, answer=answer, kinds=kinds, answered=_is_answered(item, answer))

    def check(self, given: Iterable[CheckedItem]) -> CheckedAnswers:
        """The values of one person together: what lies on their route, and how complete it is."""
        checked = {item.item: item for item in given}
        answers = {item_id: item.answer for item_id, item in checked.items() if item.known}
        route = self._route(answers)
        problems = [
            _problem(item, kind)
            for item in checked.values()
            for kind in item.kinds
            if item.item in route.ids or not item.known
        ]
        for item_id in answers.keys() - route.ids:
            if answers[item_id] is None:
                del answers[item_id]  # blank, and rightly so
            else:
                problems.append(_problem(checked[item_id], AnswerProblemKind.NOT_ROUTED))
        unanswered = {item_id for item_id in route.needed if item_id not in checked or not checked[item_id].answered}
        return CheckedAnswers(
            answers=answers,
            problems=tuple(problems),
            screened=route.screened,
            completeness=self._completeness(len(route.needed), unanswered),
        )

    def _route(self, answers: Mapping[str, Answer]) -> "_Route":
        key = (*[answers.get(item_id) for item_id in self._steering], *[item_id in answers for item_id in self._bound])
        route = self._routes.get(key)
        if route is None:
            routed = routed_items(self._questionnaire, answers, mode=self._mode, modules=self._modules)
            route = self._routes[key] = _Route(
                ids=frozenset(item.id for item in routed),
                needed=tuple(item.id for item in routed if not item.optional),
                screened=ends_screened(routed, answers),
            )
        return route

    def _completeness(self, asked: int, unanswered: Set[str]) -> Completeness:
        """By the share of routed items that were answered; optional ones do not weigh. "Don't know" answers an item,
        a refusal does not (skipping an item one saw is a refusal)."""
        percent = 100 * (asked - len(unanswered))
        headline_answered = self._questionnaire.headline_items.isdisjoint(unanswered)
        if asked and percent >= COMPLETE * asked and headline_answered:
            return Completeness.COMPLETE
        if asked and percent >= PARTIAL * asked:
            return Completeness.PARTIAL
        return Completeness.BREAK_OFF


@dataclass(frozen=True, kw_only=True)
class _Route:
    """The items someone came to, those among them that must be answered, and whether it ended early."""

    ids: frozenset[str]
    needed: tuple[str, ...]
    screened: bool


def _problem(item: CheckedItem, kind: AnswerProblemKind) -> AnswerProblem:
    value = item.value
    text = "" if value is None else value if isinstance(value, str) else shown(value)
    if len(text) > _LONGEST_SHOWN:
        text = text[: _LONGEST_SHOWN - 1] + "…"
    return AnswerProblem(item=item.item, value=text, kind=kind)


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


def _is_answered(item: Item, answer: Answer) -> bool:
    if answer is None:
        return False
    if isinstance(answer, int):
        return answer not in item.refused_codes
    return item.refused_codes.isdisjoint(chosen_codes(answer))
