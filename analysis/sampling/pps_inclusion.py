"""Inclusion probabilities in proportion to size, as fractions of whole numbers.

With sizes x, their total X and n units to be drawn, a unit with n x >= X is taken for certain. It is then left out, n
and X become what remains, and so on until no unit is so large. The others have probability n x / X, of what remains.

Reference: Särndal, Swensson, Wretman, Model Assisted Survey Sampling (1992), 3.6.1.
"""

import math
from dataclasses import dataclass

import numpy as np

from analysis.design import FloatArray, IntArray
from analysis.sampling.selection_errors import SizesError, SizesNotPositiveError, SizesTooLargeError, TooFewUnitsError

_BEYOND = 2**63


@dataclass(frozen=True, kw_only=True)
class Inclusion:
    """``sizes`` (N,); ``certain``: positions taken for certain, rising; ``take`` of the others are drawn, whose sizes
    add up to ``total``.
    """

    sizes: IntArray
    certain: IntArray
    take: int
    total: int

    def left(self) -> IntArray:
        """The sizes, 0 where certain, (N,): not a copy where nobody is."""
        if not len(self.certain):
            return self.sizes
        left = self.sizes.copy()
        left[self.certain] = 0
        return left

    def uncertain(self) -> IntArray:
        """Positions of the units not taken for certain, rising."""
        return np.delete(np.arange(len(self.sizes)), self.certain)

    def fractions(self, positions: IntArray) -> tuple[IntArray, IntArray]:
        """Reduced numerators and denominators of the inclusion probabilities of some units, each (k,)."""
        # With n and X free of common factors, gcd(n x, X) is gcd(x, X): of small numbers, and soon found.
        shared = math.gcd(self.take, self.total)
        take, total = (self.take // shared, self.total // shared) if shared else (0, 1)
        sizes = self.sizes[positions]
        common = _gcd(sizes, total)
        numerators, denominators = sizes // common * take, total // common
        if len(self.certain):
            certain = np.isin(positions, self.certain)
            numerators[certain] = denominators[certain] = 1
        return numerators, denominators

    def probabilities(self) -> FloatArray:
        """Of all units, (N,)."""
        numerators, denominators = self.fractions(np.arange(len(self.sizes)))
        return numerators / denominators


def inclusion(sizes: IntArray, *, n: int) -> Inclusion:
    """Who is certain and how many are drawn from the others.

    Raises :class:`SizesError` for sizes that are no integers, zero, negative or with a total of 2^63 or more, and
    :class:`TooFewUnitsError` unless 0 <= n <= N.

    >>> found = inclusion(np.array([50, 30, 10, 10]), n=2)
    >>> found.certain.tolist(), found.take, found.total
    ([0], 1, 50)
    >>> [part.tolist() for part in found.fractions(np.arange(4))]
    [[1, 3, 1, 1], [1, 5, 5, 5]]
    """
    total = checked_total(sizes)
    if not 0 <= n <= len(sizes):
        raise TooFewUnitsError(n, len(sizes))
    certain = np.empty(0, np.int64)
    take, largest = n, int(sizes.max(initial=0))
    left = sizes = sizes.astype(np.int64, copy=False)
    while take and largest > (bound := (total - 1) // take):
        more = np.flatnonzero(left > bound)
        left = left.copy()
        total -= int(left[more].sum())
        left[more] = 0
        certain = np.concatenate([certain, more])
        take -= len(more)
        largest = int(left.max())
    return Inclusion(sizes=sizes, certain=np.sort(certain), take=take, total=total)


def checked_total(sizes: IntArray) -> int:
    """The total of sizes that probabilities can be proportional to. Raises :class:`SizesError` as said above."""
    if sizes.ndim != 1 or sizes.dtype.kind not in "iu":
        raise SizesError(f"sizes: got {sizes.dtype} in {sizes.ndim} dimensions, expected whole numbers, one per unit")
    if len(sizes) and sizes.min() < 1:
        raise SizesNotPositiveError(np.flatnonzero(sizes < 1).tolist())
    total = exact_sum(sizes)
    if total >= _BEYOND:
        raise SizesTooLargeError(total)
    return total


def _gcd(sizes: IntArray, total: int) -> IntArray:
    """Greatest common divisors with ``total``: from a table where sizes repeat."""
    largest = int(sizes.max(initial=0))
    if largest < len(sizes):
        table: IntArray = np.gcd(np.arange(largest + 1, dtype=np.int64), total)[sizes]
        return table
    return np.gcd(sizes, total)


def exact_sum(numbers: IntArray) -> int:
    """The sum of numbers from 0 up, however large."""
    if int(numbers.max(initial=0)) * len(numbers) < _BEYOND:
        return int(numbers.sum())
    low = 2**32 - 1
    return (int((numbers >> 32).sum()) << 32) + int((numbers & low).sum())
