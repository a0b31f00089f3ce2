"""From which answer a paper form leads where: the routing of :mod:`questionnaires.routing` as words can say it.

Paper cannot follow conditions. So each item says from which option one goes on to which item, as far as that option
alone decides; and whoever answers an item with conditions is told above it. Both follow from the same data.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from questionnaires.definition import Item, ItemType, Option, Questionnaire
from questionnaires.routing import is_fielded


@dataclass(frozen=True, kw_only=True)
class Jump:
    """Whoever chooses one of ``codes`` goes on with the item ``to`` (id; ``None``: there is nothing left to answer)."""

    codes: tuple[int, ...]
    to: str | None


def form_items(questionnaire: Questionnaire, *, mode: str, modules: Collection[str]) -> tuple[Item, ...]:
    """The items on the form of somebody who gets ``modules``, in order: those that some answers lead to."""
    there: dict[str, Item] = {}
    for item in questionnaire.items:
        if is_fielded(item, {}, mode, modules) and all(condition.item in there for condition in item.ask_if):
            there[item.id] = item
    return tuple(there.values())


def jumps_from(items: Sequence[Item], place: int) -> tuple[Jump, ...]:
    """Where the options of ``items[place]`` lead, the largest group last; empty where all lead to the next item.

    An option leads to the first later item that can still be asked of who chose it, whatever else they answered: in a
    list to choose several from, whatever else of it they chose, too.
    """
    item, rest = items[place], items[place + 1 :]
    led: dict[str | None, list[int]] = {}
    for option in item.options:
        ends = option.code in item.terminating_codes
        led.setdefault(None if ends else _first_open(rest, item.id, _beside(item, option)), []).append(option.code)
    if len(led) < 2:
        return ()
    jumps = [Jump(codes=tuple(codes), to=to) for to, codes in led.items()]
    order = {None: -1} | {other.id: at for at, other in enumerate(rest)}
    jumps.sort(key=lambda jump: order[jump.to])
    widest = max(jumps, key=lambda jump: (len(jump.codes), order[jump.to]))
    return (*(jump for jump in jumps if jump is not widest), widest)


def _beside(item: Item, option: Option) -> frozenset[int]:
    """The codes that an answer with ``option`` may hold."""
    if item.type is not ItemType.MULTI or option.exclusive:
        return frozenset({option.code})
    return frozenset(item.options_by_code) - item.exclusive_codes - item.terminating_codes


def _first_open(rest: Sequence[Item], item_id: str, codes: frozenset[int]) -> str | None:
    closed: set[str] = set()
    for other in rest:
        if any(
            condition.item in closed or (condition.item == item_id and condition.codes.isdisjoint(codes))
            for condition in other.ask_if
        ):
            closed.add(other.id)
        elif other.type is not ItemType.NOTE:
            return other.id
    return None
