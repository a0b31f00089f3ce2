"""Raw answers of one person -> CheckedAnswers: what can be used, and what could not and why. Nothing is raised."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from enum import StrEnum

from questionnaires.answer_values import Answer, AnswerProblemKind, Kinds, check_value, check_words, is_answered
from questionnaires.comparisons import chosen_codes, failed_checks
from questionnaires.definition import ItemType, Questionnaire, open_key
from questionnaires.problems import shown
from questionnaires.routing import ends_screened, is_needed, routed_items

__all__ = [
    "Answer",
    "AnswerChecker",
    "AnswerProblem",
    "AnswerProblemKind",
    "CheckedAnswers",
    "CheckedItem",
    "Completeness",
    "check_answers",
]

#: Percent of the routed items that must be answered.
COMPLETE, PARTIAL = 80, 50
_LONGEST_SHOWN = 60
#: Routes kept in memory by one checker.
_MOST_ROUTES = 10_000


class Completeness(StrEnum):
    COMPLETE = "complete"
    PARTIAL = "partial"
    BREAK_OFF = "break_off"


@dataclass(frozen=True, kw_only=True)
class AnswerProblem:
    """``item``: as in the answers. ``check``: which one failed."""

    item: str
    value: str
    kind: AnswerProblemKind
    check: str = ""


@dataclass(frozen=True, kw_only=True)
class CheckedAnswers:
    """``answers`` holds ``None`` for an item that was there and got no usable answer, and nothing for one that was
    not there at all: the difference decides whether someone stands in the base of a module's item. The words to an
    open option stand under :func:`~questionnaires.definition.open_key` and only beside their option."""

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
    kinds: Kinds
    answered: bool
    known: bool = True  # the questionnaire has this item
    words_to: tuple[str, int] | None = None  # no item: the words to this open option of an item


def check_answers(
    questionnaire: Questionnaire,
    raw: Mapping[str, object],
    *,
    mode: str | None = None,
    modules: Collection[str] | None = None,
) -> CheckedAnswers:
    """What of ``raw`` (item id -> code, numeric string, list of codes, date, or text) can be used.

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
        self._notes = frozenset(item.id for item in questionnaire.items if item.type is ItemType.NOTE)
        self._words = {
            open_key(item.id, code): (item.id, code) for item in questionnaire.items for code in item.open_codes
        }

    def check_item(self, item_id: str, value: object) -> CheckedItem:
        """One value by itself, whoever gave it."""
        item = self._questionnaire.items_by_id.get(item_id)
        if item is None and (words_to := self._words.get(item_id)) is not None:
            words, kinds = check_words(value)
            return CheckedItem(item=item_id, value=value, answer=words, kinds=kinds, answered=False, words_to=words_to)
        if item is None:
            unknown = (AnswerProblemKind.UNKNOWN_ITEM,)
            return CheckedItem(item=item_id, value=value, answer=None, kinds=unknown, answered=False, known=False)
        answer, kinds = check_value(item, value)
        return CheckedItem(item=item_id, value=value, answer=answer, kinds=kinds, answered=is_answered(item, answer))

    def check(self, given: Iterable[CheckedItem]) -> CheckedAnswers:
        """The values of one person together: what lies on their route, and how complete it is."""
        checked = {item.item: item for item in given}
        answers = {
            item.item: item.answer
            for item in checked.values()
            if item.known and item.words_to is None and item.item not in self._notes
        }
        route, failed = self._consistent(checked, answers)
        problems = [
            _problem(item, kind)
            for item in checked.values()
            for kind in item.kinds
            if item.item in route.ids or not item.known
        ]
        problems += failed
        for item_id in sorted(answers.keys() - route.ids):
            if answers[item_id] is None:
                del answers[item_id]  # blank, and rightly so
            else:
                problems.append(_problem(checked[item_id], AnswerProblemKind.NOT_ROUTED))
        unanswered = {
            item_id
            for item_id in route.needed
            if item_id not in checked or answers[item_id] is None or not checked[item_id].answered
        }
        problems += _place_words(checked, answers, route)
        return CheckedAnswers(
            answers=answers,
            problems=tuple(problems),
            screened=route.screened,
            completeness=self._completeness(len(route.needed), unanswered),
        )

    def _consistent(
        self, checked: Mapping[str, CheckedItem], answers: dict[str, Answer]
    ) -> tuple["_Route", list[AnswerProblem]]:
        """The route, with every answer that a hard check refuses taken out of ``answers``: it may have steered."""
        refused: list[AnswerProblem] = []
        while True:
            route = self._route(answers)
            if not self._questionnaire.checks:
                return route, refused
            failed = failed_checks(self._questionnaire, answers, route.ids)
            hard = next((check for check in failed if check.hard), None)
            if hard is None:
                soft = [_problem(checked[check.item], AnswerProblemKind.CHECK_FAILED, check.id) for check in failed]
                return route, refused + soft
            refused.append(_problem(checked[hard.item], AnswerProblemKind.CHECK_FAILED, hard.id))
            answers[hard.item] = None

    def _route(self, answers: Mapping[str, Answer]) -> "_Route":
        key = (*[answers.get(item_id) for item_id in self._steering], *[item_id in answers for item_id in self._bound])
        route = self._routes.get(key)
        if route is None:
            routed = routed_items(self._questionnaire, answers, mode=self._mode, modules=self._modules)
            if len(self._routes) >= _MOST_ROUTES:  # numbers that steer
                self._routes.clear()
            route = self._routes[key] = _Route(
                ids=frozenset(item.id for item in routed),
                needed=tuple(item.id for item in routed if is_needed(item)),
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


def _place_words(
    checked: Mapping[str, CheckedItem], answers: dict[str, Answer], route: _Route
) -> Iterator[AnswerProblem]:
    """Put the words to open options beside their options."""
    for words in checked.values():
        if words.words_to is None or words.answer is None:
            continue
        item_id, code = words.words_to
        if item_id in route.ids and code in chosen_codes(answers.get(item_id)):
            answers[words.item] = words.answer
            yield from (_problem(words, kind) for kind in words.kinds)
        else:
            yield _problem(words, AnswerProblemKind.NOT_CHOSEN)


def _problem(item: CheckedItem, kind: AnswerProblemKind, check: str = "") -> AnswerProblem:
    value = item.value
    text = "" if value is None else value if isinstance(value, str) else shown(value)
    if len(text) > _LONGEST_SHOWN:
        text = text[: _LONGEST_SHOWN - 1] + "…"
    return AnswerProblem(item=item.item, value=text, kind=kind, check=check)
