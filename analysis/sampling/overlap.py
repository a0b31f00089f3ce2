"""Grids and communities kept from one draw to the next: by how much the start has to be shifted.

``overlap`` is the expected share of the units of the draw before that are drawn again. The start moves along the order
of the permanent random numbers by a shift that is fixed without looking at where the earlier draw began, up to one
unit at random where the share asked for lies between two shifts.

- Equal probabilities (the next n of N units from a random one on, in the order of the numbers): the start moves by d
  units. Of m earlier units m - d are kept as long as max(0, m - n) <= d <= m - max(0, m + n - N); the mean of d is
  m (1 - overlap).
- Proportional to size (systematic along the running totals in the order of the permanent numbers): the start moves by
  d along the circle 0 … X-1. A unit of size x is drawn by the n x starts of its arc, so the expected number kept is the
  sum over units of the part of the earlier arc that the shifted arc covers, divided by X; certain units have the whole
  circle. It is computed at every kink and is linear between; the smallest shift that meets the share is taken.

Exact, given the permanent numbers and whatever has changed: the earlier start was uniform, :func:`moved_start` takes it
to the new list so that it stays uniform, and the shift does not hang on it. So the new start is uniform, and every unit
has exactly n/N, or n x / X. The expected share is exact for an unchanged list of units and sizes; the earlier ones are
not kept, so the present ones stand for them, and units that came or went move the start along the list by as many.

Whoever knows the earlier draw and the series seed can work out in part which grids come next: that is what keeping
them means. The dwellings in them are drawn anew from the new seed.

References: as in :mod:`analysis.sampling.permanent_numbers`.
"""

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis.sampling.pps_inclusion import Inclusion
from analysis.sampling.stage_errors import OverlapError

#: Whole numbers of any length: products of two totals go beyond 63 bits.
Whole = NDArray[np.object_]


@dataclass(frozen=True, kw_only=True)
class Shift:
    """``least``, or one more with probability ``one_more``."""

    least: int
    one_more: Fraction


def shift_equal(label: str, *, taken: int, n: int, total: int, overlap: float) -> Shift:
    """How many units after the earlier window's first the new one begins.

    Raises :class:`OverlapError` for a share that no shift can give.

    >>> shift_equal("grids:A", taken=4, n=4, total=10, overlap=0.5)
    Shift(least=2, one_more=Fraction(0, 1))
    >>> shift_equal("grids:A", taken=5, n=5, total=10, overlap=0.5)
    Shift(least=2, one_more=Fraction(1, 2))
    """
    shift = taken * (1 - _exact(overlap))
    if not max(0, taken - n) <= shift <= taken - max(0, taken + n - total):
        least, most = max(0, taken + n - total) / taken, min(taken, n) / taken
        raise OverlapError(label, got=overlap, least=least, most=most)
    return _rounded(shift)


def shift_by_size(label: str, *, before: Inclusion, now: Inclusion, overlap: float) -> Shift:
    """How far along 0 … X-1 the new start is from the earlier one; both draws with the present sizes, in the order of
    the permanent numbers. Raises :class:`OverlapError` for a share that no shift can give.

    Four units of one size, two drawn: half of the starts of an arc of 2 (of 4) are left by a shift of 1.

    >>> from analysis.sampling.pps_inclusion import inclusion
    >>> same = inclusion(np.ones(4, np.int64), n=2)
    >>> shift_by_size("grids:A", before=same, now=same, overlap=0.5)
    Shift(least=1, one_more=Fraction(0, 1))
    """
    drawn = len(before.certain) + before.take
    wanted = _exact(overlap) * drawn
    arcs = _Arcs(before, now)
    curve = arcs.curve()
    for (left, kept), (right, kept_then) in pairwise(curve):
        if min(kept, kept_then) <= wanted <= max(kept, kept_then):
            part = Fraction(0) if kept == kept_then else (kept - wanted) / (kept - kept_then)
            least = int((left + part * (right - left)) // arcs.step)
            here, next_one = arcs.kept(least), arcs.kept(least + 1)
            if min(here, next_one) <= wanted <= max(here, next_one):
                one_more = Fraction(0) if here == wanted else (here - wanted) / (here - next_one)
                return Shift(least=least, one_more=one_more)
    shares = [float(kept / drawn) for _, kept in curve]
    raise OverlapError(label, got=overlap, least=min(shares), most=max(shares))


def moved_start(start: int, total: int, *, jitter: int, now: int, shift: int) -> int:
    """The start on 0 … ``now``-1 that stands where ``start`` stood on 0 … ``total``-1, moved by ``shift``.

    Uniform if ``start`` and ``jitter`` (0 … ``now``-1) are, as start × now + jitter is uniform on 0 … total × now - 1.

    >>> [moved_start(start, 2, jitter=jitter, now=3, shift=0) for start in (0, 1) for jitter in (0, 1, 2)]
    [0, 0, 1, 1, 2, 2]
    """
    return ((start * now + jitter) // total + shift) % now


def _exact(overlap: float) -> Fraction:
    """As it is written: 0.1 is a tenth."""
    return Fraction(str(overlap))


def _rounded(shift: Fraction) -> Shift:
    least = shift.numerator // shift.denominator
    return Shift(least=least, one_more=shift - least)


class _Arcs:
    """The starts that draw each unit, before and now, on one circle fine enough for both."""

    def __init__(self, before: Inclusion, now: Inclusion) -> None:
        self._around = math.lcm(max(before.total, 1), max(now.total, 1))
        #: One unit of the present start.
        self.step = self._around // max(now.total, 1)
        self._from, self._length = self._arcs(before)
        self._from_now, self._length_now = self._arcs(now)

    def _arcs(self, chances: Inclusion) -> tuple[Whole, Whole]:
        sizes = chances.left().astype(object) * (chances.take * (self._around // max(chances.total, 1)))
        starts = (np.cumsum(sizes) - sizes) % self._around
        sizes[chances.certain] = self._around
        return starts, sizes

    def kept(self, shift: int) -> Fraction:
        """How many units are expected in both draws."""
        behind = (self._from_now - shift * self.step - self._from) % self._around
        first = np.minimum(self._length, behind + self._length_now) - behind
        again = np.minimum(self._length, behind + self._length_now - self._around)
        return Fraction(int((np.maximum(first, 0) + np.maximum(again, 0)).sum()), self._around)

    def curve(self) -> list[tuple[int, Fraction]]:
        """(shift in points of the circle, units expected in both) once around, at every kink; linear between.

        As the shift grows, an arc comes in over the end of the earlier one (slope +1), its beginning passes the
        beginning and its end the end (-1 each), and it goes out (+1). The slope at 0 is what brings it back to its
        value after one round.
        """
        apart = self._from_now - self._from
        bends = ((1, -self._length), (-1, 0), (-1, self._length_now - self._length), (1, self._length_now))
        kinks = [(int(at), slope) for slope, by in bends for at in (apart + by) % self._around]
        slope = -sum(change * (self._around - at) for at, change in kinks) // self._around
        at, value = 0, int(self.kept(0) * self._around)
        points = [(at, value)]
        for kink, change in sorted(kinks):
            value += slope * (kink - at)
            at, slope = kink, slope + change
            points.append((at, value))
        points.append((self._around, value + slope * (self._around - at)))
        return [(at, Fraction(value, self._around)) for at, value in points]
