"""Sums by place and answer state of many rates in few passes over the units."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from analysis.answers import AnswerState
from analysis.design import DesignError, FloatArray, IntArray

States = NDArray[np.int8]

#: States are kept in this order: state s at s - FIRST.
FIRST = min(AnswerState)
STATES = len(AnswerState)
#: Joined states fit into a byte, and their sums at 3,000 places into a processor's own memory.
_MOST_JOINED = STATES**2
_MOST_SUMS = 2**21


def joint_sums(
    places: IntArray, size: int, states: Sequence[States], values: Sequence[FloatArray | None]
) -> list[FloatArray]:
    """For each of ``values`` (n,) its sums by rate, state and place (rates, states, ``size``); ``None``: the counts.

    ``places`` (n,): codes 0…size-1; ``states``: of each rate (n,). Adding up a million numbers costs the same however
    many sums they go to, so rates are taken together: one pass by place and by both states of two rates, and the sums
    of either rate are sums of those.

    >>> one, other = np.array([0, 1, 1], dtype=np.int8), np.array([2, -1, 2], dtype=np.int8)
    >>> sums = joint_sums(np.array([0, 0, 1]), 2, [one, other], [np.array([1.0, 2.0, 4.0])])[0]
    >>> sums[0, 1].tolist(), sums[0, 2].tolist()  # not counted, counted in the first rate, at both places
    ([1.0, 0.0], [2.0, 4.0])
    >>> sums[1, 0].tolist(), sums[1, 3].tolist()  # outside, don't know in the second
    ([2.0, 0.0], [1.0, 4.0])

    Raises :class:`DesignError` for a state that is none.
    """
    found = [np.zeros((len(states), STATES, size)) for _ in values]
    key = np.empty(len(places), dtype=np.int64)
    for rates, lows, spans in _together(states, size):
        joined = states[rates[0]] - np.int8(lows[0])
        for rate, low, span in zip(rates[1:], lows[1:], spans[1:], strict=True):
            joined *= np.int8(span)
            joined += states[rate] - np.int8(low)
        np.multiply(joined, size, out=key, dtype=np.int64)
        np.add(key, places, out=key)
        for value, target in zip(values, found, strict=True):
            sums = np.bincount(key, weights=value, minlength=int(np.prod(spans)) * size).reshape(*spans, size)
            for axis, (rate, low) in enumerate(zip(rates, lows, strict=True)):
                others = tuple(other for other in range(len(rates)) if other != axis)
                target[rate, low - FIRST : low - FIRST + spans[axis]] = sums.sum(axis=others) if others else sums
    return found


def _together(states: Sequence[States], size: int) -> Iterator[tuple[list[int], list[int], list[int]]]:
    """Rates to be taken together, the lowest state of each and how far its states reach."""
    rates: list[int] = []
    lows: list[int] = []
    spans: list[int] = []
    for rate, of_rate in enumerate(states):
        low, high = (int(of_rate.min()), int(of_rate.max())) if len(of_rate) else (FIRST, FIRST)
        if not FIRST <= low <= high < FIRST + STATES:
            raise DesignError(f"states: got {low} to {high}, expected {FIRST} to {FIRST + STATES - 1}")
        span = high - low + 1
        joined = int(np.prod(spans, dtype=np.int64)) * span
        if rates and (joined > _MOST_JOINED or joined * size > _MOST_SUMS):
            yield rates, lows, spans
            rates, lows, spans = [], [], []
        rates, lows, spans = [*rates, rate], [*lows, low], [*spans, span]
    if rates:
        yield rates, lows, spans
