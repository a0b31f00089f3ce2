"""Homes at rest in draws of method stages/1, which are repeated for verification and never made anew.

Dwellings stood by the number of one circle, :func:`analysis.sampling.permanent_numbers.circle` of level ``dwelling``,
for the whole series. A draw stepped over the arcs of the windows at rest: with F of the N units outside of them its
start was ``below(F)``, and it took the next n of those, past the end to the beginning again. Its arcs were read from
the number after the last one read up to the number of each of its units. The recorded n/N was not exact where a window
beside a resting or expired one was stepped over in its turn and units had come since (by up to 1.6 % of it among five
units, .8 % among six): hence the windows of :mod:`analysis.sampling.rest_windows`.
"""

from collections.abc import Iterable, Sequence

import numpy as np

from analysis.design import BoolArray, IntArray
from analysis.sampling.earlier_draws import Window
from analysis.sampling.permanent_numbers import Numbers
from analysis.sampling.sample_design import Method

Arc = tuple[int, int]


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
