"""When cases may change hands: where two canvassers work, two remain."""

from collections.abc import Collection, Mapping
from typing import TypeVar

from analysis.sampling.assignment import LEAST
from survey.messages import N_

Canvasser = TypeVar("Canvasser")

LEAVES_ONE_WORDS = N_("交接以后全部样本户只在一名访员手里")


def leaves_one(holders: Mapping[Canvasser, int], moved: Mapping[Canvasser, int], to: Canvasser) -> bool:
    """Whether a community that has two canvassers or more would be left with one.

    ``holders``: canvasser -> cases, done ones too. ``moved``: how many of them go to ``to``.

    >>> leaves_one({7: 5, 8: 5}, {7: 5}, 8), leaves_one({7: 5, 8: 5}, {7: 4}, 8), leaves_one({7: 5, 8: 5}, {7: 5}, 9)
    (True, False, False)
    >>> leaves_one({7: 5}, {7: 5}, 8), leaves_one({7: 5}, {}, 8)
    (False, False)
    """
    after = {one for one, cases in holders.items() if cases > moved.get(one, 0)} | {to}
    return len(holders) >= LEAST > len(after)


def can_take_one(holders: Mapping[Canvasser, int], unassigned: int, to: Canvasser) -> bool:
    """Whether there is a single case that ``to`` could be given.

    >>> can_take_one({7: 1, 8: 5}, 0, 8), can_take_one({7: 2, 8: 5}, 0, 8), can_take_one({7: 1, 8: 5}, 1, 8)
    (False, True, True)
    """
    return unassigned > 0 or any(one != to and not leaves_one(holders, {one: 1}, to) for one in holders)


def can_take_over(holders: Mapping[Canvasser, int], open_cases: Mapping[Canvasser, int], to: Canvasser) -> bool:
    """Whether ``to`` could get all open cases of somebody else here.

    >>> can_take_over({7: 5, 8: 5}, {7: 5}, 8), can_take_over({7: 5, 8: 5}, {7: 4}, 8)
    (False, True)
    """
    others: Collection[Canvasser] = [one for one, cases in open_cases.items() if cases and one != to]
    return any(not leaves_one(holders, {one: open_cases[one]}, to) for one in others)
