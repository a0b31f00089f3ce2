"""Synthetic cities for redraws whose grids are drawn in one stage, by every method."""

from collections.abc import Iterator

import numpy as np

from analysis.design import (
    FloatArray,
    JointVariance,
    LonelyPsu,
    SelectionMethod,
    SurveyDesign,
    UnequalSelection,
)
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.joint import joint_inclusion
from analysis.sampling.pps_inclusion import inclusion
from analysis.sampling.sample_design import PROPORTIONAL_TO_SIZE, Method
from analysis.sampling.selection import Selection, select
from tests.benchmarks.redraws import City, Drawn

TAKEN = 36
GRIDS = 127
#: For systematic draws: whether intervals hold the truth hangs on the order, the less the more samples do not meet.
MANY_GRIDS = 4_001
IN_ORDER = frozenset({Method.SYSTEMATIC, Method.PPS_SYSTEMATIC})
#: Analysed with joint probabilities, where all of them are above 0.
WITH_JOINT = frozenset({Method.SAMPFORD})


def city_of_grids(method: Method) -> City:
    """36 of 127 or 4,001 grids, two of them so large that they are certain in proportion to size.

    The values are satisfied adults; grids that are near in the order are somewhat alike.
    """
    rng, count = np.random.default_rng(20240917), MANY_GRIDS if method in IN_ORDER else GRIDS
    by_size = method in PROPORTIONAL_TO_SIZE
    sizes = rng.integers(60, 300, count)
    sizes[[17, 80]] = (9 * count, 20 * count)
    rates = 0.8 + 0.05 * np.sin(np.arange(count) * 9 / count) + rng.normal(0, 0.06, count)
    values = rng.binomial(sizes if by_size else 200, np.clip(rates, 0.3, 1)).astype(np.float64)
    probabilities = inclusion(sizes, n=TAKEN).probabilities() if by_size else np.full(count, TAKEN / count)
    joint = joint_inclusion(method, n=TAKEN, sizes=sizes) if method in WITH_JOINT else None

    def draw(seed: bytes) -> Drawn:
        stream = CounterStream(seed=seed, label="grids")
        drawn = select(method, stream, n=TAKEN, sizes=sizes, total=count)
        return Drawn(units=drawn.positions, design=_as_analysed(method, drawn, joint))

    return City(name=f"{method.value} of grids", probabilities=probabilities, values=values, draw=draw)


def _as_analysed(method: Method, drawn: Selection, joint: FloatArray | None) -> SurveyDesign:
    """What is certain is a stratum of its own."""
    chances = drawn.numerators / drawn.denominators
    order = drawn.positions if method in IN_ORDER else None
    if method not in PROPORTIONAL_TO_SIZE:
        strata, fractions = np.zeros(len(chances), np.int64), chances[:1]
        return SurveyDesign(weights=1 / chances, strata=strata, sampling_fractions=fractions, order=order)
    selection = UnequalSelection(method=SelectionMethod.BREWER, probabilities=chances)
    if joint is not None:
        selection = UnequalSelection(
            method=SelectionMethod.JOINT,
            probabilities=chances,
            joint=joint[np.ix_(drawn.positions, drawn.positions)],
            variance=JointVariance.YATES_GRUNDY,
        )
    strata = np.where(drawn.certain, np.cumsum(drawn.certain), 0)
    return SurveyDesign(
        weights=1 / chances, strata=strata, lonely=LonelyPsu.CERTAINTY, selection=selection, order=order
    )


def cities() -> Iterator[City]:
    """Every method that is drawn from a stream alone."""
    for method in Method:
        if method is not Method.PERMANENT:
            yield city_of_grids(method)
