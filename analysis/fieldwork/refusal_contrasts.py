"""Whose doors refuse more often, or less, than the others' together: a fact with its interval, never a verdict.

Homes differ by street and by chance, and of thirty canvassers one or two always stand out. So the difference from all
others has an interval at the level that holds for all of them at once (Bonferroni), and is told only where it leaves
out zero. Interval of a difference of two independent rates: Newcombe 1998 (Statist. Med. 17:873-890), method 10.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import FloatArray
from analysis.estimation.intervals import wilson
from analysis.estimation.mover import mover

#: Of fewer homes where somebody was met nothing is said.
LEAST_MET = 20


@dataclass(frozen=True, kw_only=True)
class RefusalContrast:
    """``rate`` of ``refused`` among ``met`` homes with its plain 95 % interval; ``others``: the rate of all others.

    ``stands_out``: the difference from the others is told apart from zero, with all comparisons together at 5 %.
    """

    met: int
    refused: int
    rate: float
    low: float
    high: float
    others: float
    stands_out: bool


def refusal_contrasts(
    met: Sequence[int], refused: Sequence[int], *, level: float = 0.95
) -> list[RefusalContrast | None]:
    """Of each canvasser: homes where somebody was ``met``, of them ``refused``. ``None``: too few met, or no others.

    Raises ``ValueError`` for more refusals than homes, and numbers below 0.

    Thirty of forty against ten of sixty stand out; nothing is said of three homes.

    >>> found = refusal_contrasts([40, 60, 3], [30, 10, 3])
    >>> [one.stands_out if one else None for one in found], round(found[0].others, 3)
    ([True, True, None], 0.206)
    """
    if len(met) != len(refused) or any(not 0 <= part <= whole for part, whole in zip(refused, met, strict=True)):
        raise ValueError("expected of each canvasser no more refusals than homes, and no fewer than 0")
    homes, lost = sum(met), sum(refused)
    told = [place for place, whole in enumerate(met) if whole >= LEAST_MET and homes - whole >= LEAST_MET]
    found: list[RefusalContrast | None] = [None] * len(met)
    if not told:
        return found
    n = np.array([met[place] for place in told], dtype=np.float64)
    p = np.array([refused[place] for place in told], dtype=np.float64) / n
    rest = homes - n
    others: FloatArray = (lost - p * n) / rest
    strict = 1 - (1 - level) / len(told)
    low, high = wilson(p, n, np.inf, level)
    below, above = mover(_limits(others, rest, strict), _limits(p, n, strict))
    for index, place in enumerate(told):
        found[place] = RefusalContrast(
            met=met[place],
            refused=refused[place],
            rate=float(p[index]),
            low=float(low[index]),
            high=float(high[index]),
            others=float(others[index]),
            stands_out=bool(below[index] > 0 or above[index] < 0),
        )
    return found


def _limits(p: FloatArray, n: FloatArray, level: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    low, high = wilson(p, n, np.inf, level)
    return low, p, high
