"""Areas put together until each class has enough respondents for a factor of its own."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import IntArray
from analysis.weighting.errors import CellsTooSmall


@dataclass(frozen=True)
class _Class:
    parent: int | None
    areas: tuple[int, ...]
    answers: int


def area_classes(answers: IntArray, parents: Sequence[int | None], *, least: int) -> IntArray:
    """The class of each area, (A,), in order of its first area; ``answers`` (A,): respondents, ``parents``: of each.

    An area with ``least`` respondents or more is a class. The others under one parent are put together; where they are
    still too few, they join the smallest class under that parent, or else the smallest of all.

    Areas 0 and 1 under one parent have too few alone and enough together; area 3 joins area 2:

    >>> area_classes(np.array([1, 1, 2, 1]), [7, 7, 8, 8], least=2).tolist()
    [0, 0, 1, 1]

    Raises :class:`CellsTooSmall` where all respondents together are too few.
    """
    if answers.sum() < least:
        raise CellsTooSmall(f"areas: got {answers.sum()} respondents in all, expected at least {least}")
    small: defaultdict[int | None, list[int]] = defaultdict(list)
    classes: list[_Class] = []
    for area, number in enumerate(answers.tolist()):
        if number >= least:
            classes.append(_Class(parents[area], (area,), number))
        else:
            small[parents[area]].append(area)
    classes += [_Class(parent, tuple(areas), int(answers[areas].sum())) for parent, areas in small.items()]
    while len(classes) > 1 and (worst := min(classes, key=lambda one: one.answers)).answers < least:
        others = [one for one in classes if one is not worst]
        best = min(others, key=lambda one: (one.parent != worst.parent, one.answers, one.areas))
        joined = _Class(best.parent, tuple(sorted((*best.areas, *worst.areas))), best.answers + worst.answers)
        classes = [joined if one is best else one for one in others]
    found = np.zeros(len(answers), dtype=np.int64)
    for place, one in enumerate(sorted(classes, key=lambda one: one.areas)):
        found[list(one.areas)] = place
    return found
