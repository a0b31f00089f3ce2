"""The short version of ``bench_sampling_proof``: every method and design drawn many times from a synthetic city."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.sampling.counter_stream import CounterStream
from tests.benchmarks import sampling_cities, staged_cities
from tests.benchmarks.redraws import City, Drawn, count_z, prove
from tests.daily import first

#: Draws of one stage are quick, draws in stages take 5 ms each.
GRIDS = [pytest.param(city, 200, id=city.name) for city in sampling_cities.cities()]
STAGES = [pytest.param(city, 50, id=city.name) for city in staged_cities.cities()]


@pytest.mark.parametrize(("city", "draws"), [*first(3, GRIDS), *first(2, STAGES)])
def test_drawn_as_often_as_promised_unbiased_and_covered(city: City, draws: int) -> None:
    proof = prove(city, draws)

    assert proof.frequencies_are_right, (proof.largest, proof.bound)
    assert proof.is_unbiased, proof.bias
    assert proof.covers(0.93), proof.coverage


def one_after_the_other() -> City:
    """Ten of 30 units in proportion to the size of what is left: a common mistake, large ones come too seldom."""
    sizes = np.array([1] * 20 + [6] * 10)
    (city,) = (city for city in sampling_cities.cities() if city.name.startswith("simple"))

    def draw(seed: bytes) -> Drawn:
        stream, left, drawn = CounterStream(seed=seed, label="x"), sizes.copy(), []
        for _ in range(10):
            drawn.append(int(np.searchsorted(np.cumsum(left), stream.below(int(left.sum())), side="right")))
            left[drawn[-1]] = 0
        units = np.sort(np.array(drawn))
        design = city.draw(seed).design
        return Drawn(units=units, design=replace(design, weights=80 / (10 * sizes[units]), strata=np.zeros(10, int)))

    return replace(city, probabilities=10 * sizes / 80, values=np.ones(30), draw=draw)


def test_a_wrong_draw_is_found() -> None:
    proof = prove(one_after_the_other(), 300)

    assert not proof.frequencies_are_right
    assert not proof.is_unbiased


def test_a_certain_unit_that_was_missed_once_is_found() -> None:
    z = count_z(np.array([299, 300, 150, 1]), 300, np.array([1.0, 1.0, 0.5, 0.0]))

    assert z.tolist() == [-np.inf, 0.0, 0.0, np.inf]
