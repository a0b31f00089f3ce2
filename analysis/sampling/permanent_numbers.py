r"""Permanent random numbers: every unit keeps its number, and draws take windows of the circle of numbers.

The number of a unit is the first 8 bytes, big-endian, of

    SHA-256( series seed || 0x00 || "permanent:" level || 0x00 || key )

with the level ``dwelling``, ``grid`` or ``community`` and a key that stays the same from frame to frame (of grids and
communities their code). Units with one number stand by the next 8 bytes. A draw takes a *window*: from a random start
the next n units of its stratum, past the end to the beginning again.

**Rest.** Arcs of earlier windows are stepped over: with F of the N units outside of them, the start is uniform on the
F (``below(F)``), and the window takes the next n of those. Nobody is deleted from the frame. What is exact:

- Given the numbers and the earlier draws each of the F units has n/F, a resting one 0.
- Over the series seed every unit has n/N, also in the second and any later draw: the windows before say how many and
  where, not who, so whoever is outside of them is any of the N alike. This holds, too, after units have gone, and for
  new ones: a window's arcs are read from the number after the last one read up to the number of each of its units, so
  they end where enough units have been read and do not look at what comes next. The share of new units in what is left
  to read is then on average what it is in the whole (a martingale at a stopping time), whatever number of them the
  arcs hold. Hence the recorded probability is n/N.
- One case alone is not exact: several windows rest, and between them units have gone *and* new ones have come. The
  chance of the newest then is a little too large, by 1.6 % of it among 5 units, 0.8 % among 6, and less and less.

So a dwelling's chance does not hang on whether it was visited before; over one year's draws together its visits
exclude each other.

References: Ohlsson 1995, Coordination of samples using permanent random numbers, in Cox et al. (eds), Business Survey
Methods; Brewer, Early and Joyce 1972, Australian Journal of Statistics 14.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.design import BoolArray, IntArray
from analysis.sampling.earlier_draws import Window
from analysis.sampling.sample_design import Method, StageUnit
from analysis.sampling.stage_errors import PermanentKeysError

Arc = tuple[int, int]
Numbers = NDArray[np.uint64]


@dataclass(frozen=True, kw_only=True)
class Circle:
    """``order`` (N,): positions of the units by their numbers; ``numbers`` (N,): in that order."""

    order: IntArray
    numbers: Numbers


def circle(series_seed: bytes, unit: StageUnit, keys: Sequence[bytes], *, code: str) -> Circle:
    """The units of one stratum (``code``, for what is said of it) by their permanent numbers.

    Raises :class:`PermanentKeysError` for a key that stands twice.

    >>> around = circle(b"series", StageUnit.GRID, [b"a", b"b", b"c"], code="A")
    >>> around.order.tolist(), f"{around.numbers[0]:016x}"
    ([1, 2, 0], '30ee496aeccf5ef0')
    """
    start = hashlib.sha256(series_seed + f"\0permanent:{unit}\0".encode())
    digests = []
    for key in keys:
        one = start.copy()
        one.update(key)
        digests.append(one.digest())
    words = np.frombuffer(b"".join(digests), ">u8").reshape(-1, 4).astype(np.uint64)
    order = np.lexsort((words[:, 1], words[:, 0]))
    same = np.flatnonzero((words[order[1:], :2] == words[order[:-1], :2]).all(axis=1))
    if len(same):
        raise PermanentKeysError(code, twice=keys[int(order[same[0]])].hex())
    return Circle(order=order, numbers=words[order, 0])


def inside(numbers: Numbers, arcs: Iterable[Arc]) -> BoolArray:
    """Which numbers lie in one of the arcs, (N,)."""
    found = np.zeros(len(numbers), np.bool_)
    for first, last in arcs:
        found |= (numbers >= np.uint64(first)) & (numbers <= np.uint64(last))
    return found


def take(numbers: Numbers, *, n: int, start: int, resting: Sequence[Arc] = ()) -> tuple[IntArray, Window]:
    """``n`` of the units outside the resting arcs, from the ``start``-th of them on: places along ``numbers`` (n,), in
    the order read, and the window. ``numbers`` rise; the units outside are at least ``n``.

    >>> places, window = take(np.array([10, 20, 30, 40], np.uint64), n=2, start=2, resting=[(11, 20)])
    >>> places.tolist(), window.arcs
    ([3, 0], ((31, 40), (0, 10)))
    """
    free = np.flatnonzero(~inside(numbers, resting))
    places = free[(start + np.arange(n)) % max(len(free), 1)]
    ends = sorted(last for _, last in resting)
    arcs: list[Arc] = []
    for place in places.tolist():
        last = int(numbers[place])
        before = int(numbers[place - 1]) if place else -1
        before = max([before, *(end for end in ends if end < last)])
        if arcs and arcs[-1][1] == before:
            arcs[-1] = (arcs[-1][0], last)
        else:
            arcs.append((before + 1, last))
    return places, Window(method=Method.PERMANENT, taken=n, arcs=tuple(arcs))
