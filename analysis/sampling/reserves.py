"""Main sample and reserves: random parts of one draw.

A community's main sample and its R replicates are drawn at once and then parted, so that a replicate is as random as
the main sample, and main sample and released replicates together are as well: a dwelling's chance to be asked is its
chance to be drawn, times released cases ÷ drawn cases of its community. Nobody can choose whom a replicate holds, and
no household replaces another.

From the stream ``"replicates:C"`` of community C, in this order: its cases stand by drawn grid (one group where no
grids are drawn), grids by code, cases in canonical order, and each group is shuffled (``shuffle``); the main sample is
a systematic draw (:mod:`analysis.sampling.systematic`) from this line, replicate 1 one from what is left of it, and so
on; the last takes what is left. As every part is spread evenly, each grid gives it its share, exactly where the numbers
are multiples. A community that has fewer cases than all parts together fills them in turn: the last get less.
"""

from collections.abc import Sequence

import numpy as np

from analysis.design import IntArray
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.sampling_error import SamplingError
from analysis.sampling.systematic import draw_systematic


def replicate_sizes(total: int, *, main: int, replicates: int, each: int) -> tuple[int, ...]:
    """How many cases are in the main sample and in each replicate, of ``total`` drawn.

    ``total`` is below ``main`` + ``replicates`` × ``each`` where a small community was taken whole: the last get less.

    >>> replicate_sizes(140, main=100, replicates=2, each=20)
    (100, 20, 20)
    >>> replicate_sizes(110, main=100, replicates=2, each=20)
    (100, 10, 0)
    """
    sizes, left = [], total
    for wanted in (main, *[each] * replicates):
        sizes.append(min(wanted, left))
        left -= sizes[-1]
    return tuple(sizes)


def split(groups: Sequence[int], sizes: Sequence[int], stream: CounterStream) -> IntArray:
    """The part (0 main, 1 … R) of each case, (m,).

    ``groups``: cases of each group, in order; ``sizes``: of the parts. Raises :class:`SamplingError` unless both add
    up to the same. From the stream: first each group's ``shuffle``, then each part's systematic draw but the last's.

    >>> parts = split([4, 4], [4, 2, 2], CounterStream(seed=bytes(range(16)), label="replicates:A"))
    >>> [sorted(parts[:4].tolist()), sorted(parts[4:].tolist())]
    [[0, 0, 1, 2], [0, 0, 1, 2]]
    """
    if sum(groups) != sum(sizes):
        raise SamplingError(f"replicates: got parts of {sum(sizes)} cases, expected {sum(groups)}")
    line: list[int] = []
    for group in groups:
        line += stream.shuffle(range(len(line), len(line) + group))
    parts = np.zeros(len(line), np.int64)
    for part, size in enumerate(sizes):
        taken = draw_systematic(stream, n=size, total=len(line))
        parts[[line[position] for position in taken]] = part
        left = set(range(len(line))).difference(taken)
        line = [line[position] for position in sorted(left)]
    return parts
