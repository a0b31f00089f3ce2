"""Which items come, given the answers: conditions are data, and they only look back."""

from collections.abc import Collection, Mapping, Sequence

from questionnaires.comparisons import chosen_codes, meets
from questionnaires.definition import Condition, Item, ItemType, Questionnaire

__all__ = ["NeededItems", "chosen_codes", "ends_screened", "is_fielded", "is_needed", "routed_items", "terminates"]

Answers = Mapping[str, object]


def routed_items(
    questionnaire: Questionnaire,
    answers: Answers,
    *,
    mode: str | None = None,
    modules: Collection[str] | None = None,
) -> tuple[Item, ...]:
    """The items to ask someone who gave ``answers`` so far, in the order of the file.

    An item comes when every condition of it is met by an item that came itself; after a terminating option nothing
    comes. Where ``mode`` or ``modules`` is not given, an item bound to modes or to a module comes if ``answers``
    holds its id (with any value): whoever recorded the answers knew.
    """
    routed: dict[str, Item] = {}
    for item in questionnaire.items:
        if (item.modes or item.module) and not is_fielded(item, answers, mode, modules):
            continue
        if item.ask_if and not all(_met(answers, routed, condition) for condition in item.ask_if):
            continue
        routed[item.id] = item
        if item.terminating_codes and terminates(item, answers.get(item.id)):
            break
    return tuple(routed.values())


class NeededItems:
    """The items on the way of one person after another that want an answer: those of :func:`routed_items` that are not
    optional. A way is worked out once for all whom the conditions lead alike.
    """

    def __init__(self, questionnaire: Questionnaire, *, mode: str | None = None) -> None:
        self._questionnaire, self._mode = questionnaire, mode
        self._conditions = tuple({condition for item in questionnaire.items for condition in item.ask_if})
        self._ends = tuple(item for item in questionnaire.items if item.terminating_codes)
        self._bound = tuple(item.id for item in questionnaire.items if item.modes or item.module)
        self._found: dict[tuple[bool, ...], tuple[Item, ...]] = {}

    def of(self, answers: Answers) -> tuple[Item, ...]:
        everything = self._questionnaire.items_by_id
        led = [_met(answers, everything, condition) for condition in self._conditions]
        ended = [terminates(item, answers.get(item.id)) for item in self._ends]
        key = (*led, *ended, *[item in answers for item in self._bound])
        if (found := self._found.get(key)) is None:
            route = routed_items(self._questionnaire, answers, mode=self._mode)
            found = self._found[key] = tuple(item for item in route if is_needed(item))
        return found


def ends_screened(routed: Sequence[Item], answers: Answers) -> bool:
    """Whether the last of the items someone came to ended the interview: they do not belong to the population."""
    return bool(routed) and terminates(routed[-1], answers.get(routed[-1].id))


def is_fielded(item: Item, answers: Answers, mode: str | None, modules: Collection[str] | None) -> bool:
    """Whether this person's questionnaire held the item at all."""
    if item.modes and (item.id not in answers if mode is None else mode not in item.modes):
        return False
    if item.module is None:
        return True
    return item.id in answers if modules is None else item.module in modules


def terminates(item: Item, answer: object) -> bool:
    return not item.terminating_codes.isdisjoint(chosen_codes(answer))


def is_needed(item: Item) -> bool:
    """Whether an item somebody came to counts when it is asked how complete the answers are. There is nothing to
    answer in a note, and an optional item may stay empty.
    """
    return item.type is not ItemType.NOTE and not item.optional


def _met(answers: Answers, routed: Mapping[str, Item], condition: Condition) -> bool:
    return condition.item in routed and meets(condition, answers.get(condition.item))
