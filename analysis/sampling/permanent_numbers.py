r"""Permanent random numbers: every grid and community keeps its number from draw to draw of a series.

The number of a unit is the first 8 bytes, big-endian, of

    SHA-256( series seed || 0x00 || "permanent:" level || 0x00 || key )

with the level ``grid`` or ``community`` (``dwelling`` in draws of method stages/1) and a key that stays the same from
frame to frame: its code. The series seed is the seed of the first draw of the series. Units with one number stand by
the next 8 bytes. In this order :mod:`analysis.sampling.overlap` keeps a chosen share of them; how dwellings rest is
said under :mod:`analysis.sampling.rest_windows`.

References: Ohlsson 1995, Coordination of samples using permanent random numbers, in Cox et al. (eds), Business Survey
Methods; Brewer, Early and Joyce 1972, Australian Journal of Statistics 14.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analysis.design import IntArray
from analysis.sampling.sample_design import StageUnit
from analysis.sampling.stage_errors import PermanentKeysError

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
    words = digest_words(series_seed + f"\0permanent:{unit}\0".encode(), keys)
    order = in_order(words, keys, code=code)
    return Circle(order=order, numbers=words[order, 0])


def digest_words(head: bytes, keys: Sequence[bytes]) -> Numbers:
    """The first 16 bytes of SHA-256(head || key) of each key as two numbers, big-endian, (N, 2)."""
    start = hashlib.sha256(head)
    digests = []
    for key in keys:
        one = start.copy()
        one.update(key)
        digests.append(one.digest())
    return np.frombuffer(b"".join(digests), ">u8").reshape(-1, 4)[:, :2].astype(np.uint64)


def in_order(words: Numbers, keys: Sequence[bytes], *, code: str) -> IntArray:
    """Positions by rising numbers, (N,). Raises :class:`PermanentKeysError` where two units have one key."""
    order = np.lexsort((words[:, 1], words[:, 0]))
    same = np.flatnonzero((words[order[1:]] == words[order[:-1]]).all(axis=1))
    if len(same):
        raise PermanentKeysError(code, twice=keys[int(order[same[0]])].hex())
    return order
