"""A PPS systematic draw from 10,000,000 units beside one ``numpy.cumsum`` over the same sizes, in turn in the same run.

The machine's own speed goes out so. The draw has all it does: sizes checked, certain units, the counter stream, the
exact probabilities of those drawn.

Beside it what Rao-Sampford and Brewer take for numbers they are used with.
"""

import statistics
import time
from collections.abc import Callable

import numpy as np

from analysis.design import IntArray
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.sample_design import Method
from analysis.sampling.selection import Selection, select
from tests.benchmarks.measurement import Measurement, median_cpu

UNITS = 10_000_000
DRAWN = 100_000
ROUNDS = 9
MOST_TIMES = 5


def run() -> list[Measurement]:
    sizes = np.random.default_rng(20240917).integers(1, 2_000, UNITS)
    ratio, seconds = _beside_cumsum(sizes, DRAWN)
    few, many = (_beside_cumsum(sizes, n)[0] for n in (1_000, 1_000_000))
    return [
        Measurement(name="PPS systematic, 100,000 of 10,000,000", value=1000 * seconds, unit="ms CPU"),
        Measurement(
            name="pps_systematic_over_cumsum",
            value=ratio,
            unit="times",
            target=f"at most {MOST_TIMES} times",
            met=ratio <= MOST_TIMES,
        ),
        Measurement(name="the same, 1,000 drawn", value=few, unit="times"),
        Measurement(name="the same, 1,000,000 drawn", value=many, unit="times"),
        *(
            Measurement(
                name=f"{method.value}, {n:,} of {units:,}",
                value=1000 * median_cpu(lambda method=method, units=units, n=n: draw(method, sizes[:units], n), 5),
                unit="ms CPU",
            )
            for units, n in ((1_000, 100), (10_000, 300))
            for method in (Method.SAMPFORD, Method.BREWER)
        ),
    ]


def draw(method: Method, sizes: IntArray, n: int) -> Selection:
    stream = CounterStream(seed=bytes(range(32)), label="units")
    return select(method, stream, n=n, sizes=sizes, total=len(sizes))


def _beside_cumsum(sizes: IntArray, n: int) -> tuple[float, float]:
    """Median of the draw ÷ median of the sum, and the draw's CPU seconds."""
    actions: tuple[Callable[[], object], ...] = (
        lambda: np.cumsum(sizes),
        lambda: draw(Method.PPS_SYSTEMATIC, sizes, n),
    )
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        for action, times in zip(actions, taken, strict=True):
            start = time.process_time()
            action()
            times.append(time.process_time() - start)
    one_sum, whole = (statistics.median(times) for times in taken)
    return whole / one_sum, whole
