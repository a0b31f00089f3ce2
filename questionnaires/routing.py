"""Which items come, given the answers: conditions are data, and they only look back."""

from collections.abc import Collection, Mapping

from questionnaires.definition import Item, Questionnaire

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
        if not is_fielded(item, answers, mode, modules):
            continue
        if not all(_met(answers, routed, condition.item, condition.codes) for condition in item.ask_if):
            continue
        routed[item.id] = item
        if terminates(item, answers.get(item.id)):
            break
    return tuple(routed.values())


def is_screened(questionnaire: Questionnaire, answers: Answers, *, mode: str | None = None) -> bool:
    """Whether an option was chosen that ends the interview: the person does not belong to the population."""
    routed = routed_items(questionnaire, answers, mode=mode)
    return bool(routed) and terminates(routed[-1], answers.get(routed[-1].id))


def is_fielded(item: Item, answers: Answers, mode: str | None, modules: Collection[str] | None) -> bool:
    """Whether this person's questionnaire held the item at all."""
    if item.modes and (item.id not in answers if mode is None else mode not in item.modes):
        return False
    if item.module is None:
        return True
    return item.id in answers if modules is None else item.module in modules


def terminates(item: Item, answer: object) -> bool:
    return any(option.terminate and option.code in chosen_codes(answer) for option in item.options)


def chosen_codes(answer: object) -> Collection[object]:
    """The codes in a stored answer: one, several, or none.

    >>> chosen_codes(3), chosen_codes([1, 3]), chosen_codes(None)
    ((3,), [1, 3], ())
    """
    if isinstance(answer, list | tuple | set | frozenset):
        return answer
    return (answer,) if isinstance(answer, int | float) else ()


def _met(answers: Answers, routed: Mapping[str, Item], item_id: str, codes: frozenset[int]) -> bool:
    return item_id in routed and any(code in codes for code in chosen_codes(answers.get(item_id)))
