"""One draw of one stage: which positions, and with which probability as a fraction of whole numbers."""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, IntArray
from analysis.sampling.brewer import draw_brewer
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.pps_inclusion import Inclusion, inclusion
from analysis.sampling.pps_systematic import draw_pps_systematic
from analysis.sampling.sampford import draw_sampford
from analysis.sampling.sample_design import PROPORTIONAL_TO_SIZE, Method
from analysis.sampling.sampling_error import SamplingError
from analysis.sampling.selection_errors import SizesError, TooFewUnitsError
from analysis.sampling.simple import draw_simple
from analysis.sampling.systematic import draw_systematic


@dataclass(frozen=True, kw_only=True)
class Selection:
    """k units: ``positions`` 0 … N-1, rising; ``numerators`` / ``denominators``: inclusion probabilities, reduced,
    below 2^63; ``certain``: taken with probability 1. Each (k,).
    """

    positions: IntArray
    numerators: IntArray
    denominators: IntArray
    certain: BoolArray


def select(method: Method, stream: CounterStream, *, n: int, sizes: IntArray | None, total: int) -> Selection:
    """Draw ``n`` of ``total`` units in their order.

    ``sizes`` (N,): for methods proportional to size, whole numbers from 1 up (others do not look at them).

    Raises :class:`SizesError`, :class:`TooFewUnitsError` unless 0 <= n <= ``total``,
    :class:`analysis.sampling.selection_errors.DrawTooLongError` where sizes make a method hopeless, and
    :class:`SamplingError` for a method that is not drawn here (permanent random numbers).

    >>> stream = CounterStream(seed=bytes(range(16)), label="test")
    >>> drawn = select(Method.PPS_SYSTEMATIC, stream, n=2, sizes=np.array([50, 30, 10, 10]), total=4)
    >>> drawn.positions.tolist(), drawn.numerators.tolist(), drawn.denominators.tolist(), drawn.certain.tolist()
    ([0, 2], [1, 1], [1, 5], [True, False])
    """
    if not 0 <= n <= total:
        raise TooFewUnitsError(n, total)
    if method in PROPORTIONAL_TO_SIZE:
        if sizes is None or len(sizes) != total:
            got = "none" if sizes is None else len(sizes)
            raise SizesError(f"sizes: got {got}, expected one for each of {total} units")
        chances = inclusion(sizes, n=n)
        positions = _draw_by_size(method, stream, chances)
        numerators, denominators = chances.fractions(positions)
        certain = numerators == denominators
        return Selection(positions=positions, numerators=numerators, denominators=denominators, certain=certain)
    return _equal(_draw_equal(method, stream, n, total), total)


def _draw_by_size(method: Method, stream: CounterStream, chances: Inclusion) -> IntArray:
    match method:
        case Method.PPS_SYSTEMATIC:
            return draw_pps_systematic(stream, chances)
        case Method.SAMPFORD:
            return draw_sampford(stream, chances)
        case Method.BREWER:
            return draw_brewer(stream, chances)
    raise SamplingError(f"method: got {method}, expected one that is drawn from a stream alone")


def _draw_equal(method: Method, stream: CounterStream, n: int, total: int) -> IntArray:
    match method:
        case Method.SIMPLE:
            return draw_simple(stream, n=n, total=total)
        case Method.SYSTEMATIC:
            return np.array(draw_systematic(stream, n=n, total=total), dtype=np.int64)
    raise SamplingError(f"method: got {method}, expected one that is drawn from a stream alone")


def _equal(positions: IntArray, total: int) -> Selection:
    n = len(positions)
    shared = int(np.gcd(n, total))
    return Selection(
        positions=positions,
        numerators=np.full(n, n // max(shared, 1), np.int64),
        denominators=np.full(n, total // max(shared, 1), np.int64),
        certain=np.full(n, n == total),
    )
