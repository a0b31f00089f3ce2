"""Answers -> for each indicator and response: counted, not counted, don't know, refused, no answer, not in the base.

Works item by item over all responses: the answers of one item become an array once, routing is boolean algebra.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from questionnaires.comparisons import chosen_codes, meets
from questionnaires.definition import Condition, Indicator, Item, ItemType, OptionKind, Questionnaire

Flags = NDArray[np.bool_]
States = NDArray[np.int8]
Response = Mapping[str, object]


class AnswerState(IntEnum):
    """Where one response stands in one indicator. The asked base is everything but ``NOT_IN_BASE``; the valid base
    is ``COUNTED`` and ``NOT_COUNTED``."""

    NOT_IN_BASE = -1
    NOT_COUNTED = 0
    COUNTED = 1
    DONT_KNOW = 2
    REFUSED = 3
    NO_ANSWER = 4


#: In the order in which they win where several codes were chosen.
_STATE_OF_KIND = {
    OptionKind.SUBSTANTIVE: AnswerState.NOT_COUNTED,
    OptionKind.REFUSED: AnswerState.REFUSED,
    OptionKind.DONT_KNOW: AnswerState.DONT_KNOW,
    OptionKind.NOT_APPLICABLE: AnswerState.NOT_IN_BASE,
}


@dataclass(frozen=True, kw_only=True, eq=False)
class CodedIndicators:
    """``states[code][i]`` is the :class:`AnswerState` of response ``i`` (int8, shape: responses)."""

    indicators: tuple[Indicator, ...]
    states: Mapping[str, States]
    responses: int


def code_responses(
    questionnaire: Questionnaire, indicators: Iterable[Indicator], responses: Sequence[Response]
) -> CodedIndicators:
    """Code ``responses`` (item id -> code, codes, text or ``None``, as checked) for ``indicators``.

    An item someone was not routed to is outside the base, whatever was recorded for it. Routed without a usable
    answer is ``NO_ANSWER``. An item is in the base only of responses that hold its id, be it with ``None``: the others
    never saw it, because it was not part of their questionnaire (a module, a column that was not imported), or because
    they broke off before it.
    """
    indicators = tuple(indicators)
    items = _needed_items(questionnaire, indicators)
    routing = _Routing(len(responses))
    states: dict[str, States] = {}
    for item in items:
        column = _Column(item, responses)
        routed = routing.walk(column)
        for indicator in indicators:
            if indicator.item == item.id:
                found = column.states(indicator.codes)
                states[indicator.code] = np.where(routed, found, np.int8(AnswerState.NOT_IN_BASE))
    return CodedIndicators(
        indicators=indicators,
        states={indicator.code: states[indicator.code] for indicator in indicators},
        responses=len(responses),
    )


def items_of(questionnaire: Questionnaire, indicators: Iterable[Indicator]) -> tuple[str, ...]:
    """Ids of the items whose answers :func:`code_responses` looks at, in the order of the file."""
    return tuple(item.id for item in _needed_items(questionnaire, tuple(indicators)))


#: In place of an answer where the response does not hold the item.
_UNSEEN = object()


class _Column:
    """The answers to one item: the different ones, and which of them each response holds."""

    def __init__(self, item: Item, responses: Sequence[Response]) -> None:
        self.item = item
        answers = [response.get(item.id, _UNSEEN) for response in responses]
        try:
            different = tuple(set(answers))
        except TypeError:  # lists of codes
            answers = [tuple(answer) if isinstance(answer, list) else answer for answer in answers]
            different = tuple(set(answers))
        place = {answer: number for number, answer in enumerate(different)}
        self._places = np.fromiter(map(place.__getitem__, answers), np.intp, len(answers))
        self._different = [None if answer is _UNSEEN else answer for answer in different]
        #: Who came to see the item, whether they answered it or not.
        self.seen: Flags = np.array([answer is not _UNSEEN for answer in different], np.bool_)[self._places]

    def states(self, counted: frozenset[int]) -> States:
        """The state of each answer, given that its item was asked."""
        return np.array([_state(self.item, counted, answer) for answer in self._different], np.int8)[self._places]

    def has(self, codes: frozenset[int]) -> Flags:
        """Who chose one of ``codes``."""
        held = [not codes.isdisjoint(chosen_codes(answer)) for answer in self._different]
        return np.array(held, np.bool_)[self._places]

    def meets(self, condition: Condition) -> Flags:
        """Whose answer is what ``condition`` wants."""
        return np.array([meets(condition, answer) for answer in self._different], np.bool_)[self._places]


class _Routing:
    """Who comes to which item, walking the items in the order of the file."""

    def __init__(self, count: int) -> None:
        self._alive: Flags = np.ones(count, np.bool_)
        self._columns: dict[str, tuple[_Column, Flags]] = {}

    def walk(self, column: _Column) -> Flags:
        """Who comes to the item of ``column``."""
        routed = self._alive & column.seen
        for condition in column.item.ask_if:
            routed &= self._met(condition)
        ending = frozenset(option.code for option in column.item.options if option.terminate)
        if ending:
            self._alive &= ~(routed & column.has(ending))
        self._columns[column.item.id] = column, routed
        return routed

    def _met(self, condition: Condition) -> Flags:
        column, routed = self._columns[condition.item]
        return routed & column.meets(condition)


def _needed_items(questionnaire: Questionnaire, indicators: Sequence[Indicator]) -> list[Item]:
    """The items of the indicators, those their routing looks at, and those that can end an interview."""
    needed = {indicator.item for indicator in indicators}
    for item in reversed(questionnaire.items):  # conditions look back only, so one pass is enough
        if any(option.terminate for option in item.options):
            needed.add(item.id)
        if item.id in needed:
            needed.update(condition.item for condition in item.ask_if)
    return [item for item in questionnaire.items if item.id in needed]


def _state(item: Item, counted: frozenset[int], answer: object) -> AnswerState:
    """The state of an answer by someone who was asked. Of several codes, one that counts wins over those that do
    not, and any answer over none."""
    if isinstance(answer, tuple) and item.type is not ItemType.MULTI:
        return AnswerState.NO_ANSWER
    chosen = chosen_codes(answer)
    if not counted.isdisjoint(chosen):
        return AnswerState.COUNTED
    kinds = {option.kind for option in item.options if option.code in chosen}
    return next((state for kind, state in _STATE_OF_KIND.items() if kind in kinds), AnswerState.NO_ANSWER)
