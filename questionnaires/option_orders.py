"""In which of a few orders one person is shown the options of items that mix them.

Whoever answers is dealt an order seed, 0…11, by chance and apart from everything else about them; it is stored beside
the answers, so that an analyst can tell who saw what first. It is small on purpose. Beside an answer stand its
community, its day and its mode already, and a number of many digits would be a name: with twelve values a community's
thirty answers share each with two or three others. Twelve is the smallest number under which lists of two, three, four
and six options are balanced exactly and others nearly so; chance over all orders would balance nothing with so few.
"""

import hashlib
import secrets

from questionnaires.definition import Item, Option, OptionKind, Questionnaire

#: How many different order seeds there are: 0 … ORDERS - 1.
ORDERS = 12


def deal_order_seed(questionnaire: Questionnaire, mode: str) -> int | None:
    """A seed for somebody who answers in ``mode``, by chance: it follows from nothing, and nothing but orders from it.
    ``None`` where nobody is shown anything in another order than the file's.
    """
    mixes = any(
        (item.reverse_order or item.random_order) and (not item.modes or mode in item.modes)
        for item in questionnaire.items
    )
    return secrets.randbelow(ORDERS) if mixes else None


def is_reversed(seed: int) -> bool:
    """Whether items with ``reverse_order`` are shown from the other end: under every second seed, all of them."""
    return seed % 2 == 1


def options_for(item: Item, seed: int | None) -> tuple[Option, ...]:
    """The options in the order of ``seed``; ``None``: as in the file.

    Only the options of the scale or list move; "none", "other", "don't know" and their like stay at the end.
    ``random_order`` of m options: they stand in a circle, beginning with the option of place (t·m) // 12 and going on
    by 1, -1, 2, -2 … from there (by -1, 1, … for odd t), so that each comes first, and beside each other one, about
    equally often (of more than twelve, twelve do). t is the seed's place among all twelve sorted by the SHA-256 of
    "item.seed": what comes first in one item says nothing of the next. ``reverse_order``: see :func:`is_reversed`.
    """
    if seed is None:
        return item.options
    if not item.random_order:
        return ordered_options(item, reverse=is_reversed(seed))
    moved = [option for option in item.options if _turns(option)]
    turn = sorted(range(ORDERS), key=lambda one: _digest(item.id, one)).index(seed)
    start, way = turn * len(moved) // ORDERS, -1 if turn % 2 else 1
    steps = (way * (place + 1) // 2 if place % 2 else -way * place // 2 for place in range(len(moved)))
    mixed = [moved[(start + step) % len(moved)] for step in steps]
    return (*mixed, *(option for option in item.options if not _turns(option)))


def ordered_options(item: Item, *, reverse: bool) -> tuple[Option, ...]:
    """The options as in the file, or from the other end. Only those of the scale or list are turned round; "none",
    "other", "don't know" and their like stay at the end. An item without ``reverse_order`` keeps its order.
    """
    if not (reverse and item.reverse_order):
        return item.options
    turned = [option for option in item.options if _turns(option)]
    return (*reversed(turned), *(option for option in item.options if not _turns(option)))


def _turns(option: Option) -> bool:
    return option.kind is OptionKind.SUBSTANTIVE and not option.exclusive and not option.open


def _digest(item_id: str, seed: int) -> bytes:
    return hashlib.sha256(f"{item_id}.{seed}".encode()).digest()
