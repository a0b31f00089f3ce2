"""How far a budget reaches: problems in the order of the residents they concern, each action as much of its full
quantity as the money left pays for.

A problem is one indicator below target (or not to be told) in whatever communities. Problems are ranked, communities
never: which problem comes first depends on the residents of all its communities together.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Wish:
    """One action. ``residents``: whom its gap concerns, ``None`` where nobody can tell. ``quantity``: the full one.
    ``unit_cost``: yuan.
    """

    problem: str
    residents: int | None
    quantity: int
    unit_cost: float


def allocate(wishes: Sequence[Wish], budget: float | None) -> tuple[int, ...]:
    """The quantity of each wish; without a ``budget`` (yuan) the full ones.

    Problems with the most residents first, those nobody can count last; inside a problem the actions that concern most
    residents first. Each gets what the money left pays for, up to its full quantity; what costs nothing is always full.

    Problem A concerns 300 + 500 people, B 600. 100 yuan: 500's 10 × 5 = 50; 300's 10 × 4 = 40; of B 10 ÷ 6 = 1.

    >>> wishes = [
    ...     Wish(problem="B", residents=600, quantity=9, unit_cost=6.0),
    ...     Wish(problem="A", residents=300, quantity=10, unit_cost=4.0),
    ...     Wish(problem="A", residents=500, quantity=10, unit_cost=5.0),
    ...     Wish(problem="C", residents=None, quantity=7, unit_cost=1.0),
    ... ]
    >>> allocate(wishes, 100), allocate(wishes, None), allocate(wishes, 0)
    ((1, 10, 10, 4), (9, 10, 10, 7), (0, 0, 0, 0))
    """
    if budget is None:
        return tuple(wish.quantity for wish in wishes)
    left = round(budget * 100)
    given = [0] * len(wishes)
    for index in ranked(wishes):
        wish = wishes[index]
        price = round(wish.unit_cost * 100)
        given[index] = min(wish.quantity, max(0, left) // price) if price else wish.quantity
        left -= given[index] * price
    return tuple(given)


def ranked(wishes: Sequence[Wish]) -> tuple[int, ...]:
    """The positions of the wishes in the order in which they are paid."""
    concerned: defaultdict[str, int] = defaultdict(int)
    for wish in wishes:
        concerned[wish.problem] += wish.residents or 0

    def rank(index: int) -> tuple[int, str, int, int]:
        wish = wishes[index]
        return -concerned[wish.problem], wish.problem, -(wish.residents or 0), index

    return tuple(sorted(range(len(wishes)), key=rank))
