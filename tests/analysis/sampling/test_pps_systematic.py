from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.joint import joint_inclusion
from analysis.sampling.pps_inclusion import inclusion
from analysis.sampling.pps_systematic import draw_pps_systematic, points
from analysis.sampling.sample_design import Method
from analysis.sampling.sampling_error import SamplingError
from analysis.sampling.systematic import positions

SEED = bytes(range(16))


class Start(CounterStream):
    """A stream whose start is given."""

    def __init__(self, start: int) -> None:
        super().__init__(seed=SEED, label="x")
        self.start = start

    def below(self, n: int) -> int:
        assert 0 <= self.start < n
        return self.start


def all_samples(sizes: list[int], n: int) -> list[list[int]]:
    chances = inclusion(np.array(sizes), n=n)
    return [draw_pps_systematic(Start(start), chances).tolist() for start in range(chances.total)]


@settings(deadline=None)
@given(st.lists(st.integers(1, 12), min_size=2, max_size=9), st.data())
def test_over_all_starts_units_and_pairs_are_taken_as_often_as_their_probabilities_say(
    sizes: list[int], data: st.DataObject
) -> None:
    n = data.draw(st.integers(1, len(sizes) - 1))
    chances, joint = inclusion(np.array(sizes), n=n), joint_inclusion(Method.PPS_SYSTEMATIC, n=n, sizes=np.array(sizes))

    samples = all_samples(sizes, n)

    assert all(len(set(sample)) == n and sample == sorted(sample) for sample in samples)
    taken = Counter(unit for sample in samples for unit in sample)
    numerators, denominators = chances.fractions(np.arange(len(sizes)))
    assert [taken[i] * denominators[i] for i in range(len(sizes))] == [len(samples) * a for a in numerators]
    pairs = np.array([[sum(i in s and j in s for s in samples) for j in range(len(sizes))] for i in range(len(sizes))])
    assert (pairs / len(samples)).ravel().tolist() == pytest.approx(joint.ravel().tolist(), abs=1e-12)


@given(st.integers(2, 40), st.data())
def test_equal_sizes_are_the_systematic_draw(total: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(1, total - 1))
    start = data.draw(st.integers(0, total - 1))

    drawn = draw_pps_systematic(Start(start), inclusion(np.ones(total, np.int64), n=n))

    assert tuple(drawn.tolist()) == positions(n=n, total=total, start=start)


@given(st.integers(1, 2**63 - 1), st.integers(1, 2000), st.data())
def test_points_are_exact(total: int, n: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, total - 1))

    assert points(n=n, total=total, start=start).tolist() == [(start + k * total) // n for k in range(n)]


def test_the_start_comes_from_the_stream() -> None:
    chances = inclusion(np.array([5, 2, 9, 4, 4, 1]), n=2)
    start = CounterStream(seed=SEED, label="a").below(25)

    drawn = draw_pps_systematic(CounterStream(seed=SEED, label="a"), chances)

    assert drawn.tolist() == draw_pps_systematic(Start(start), chances).tolist()


def test_a_point_on_a_border_belongs_to_the_unit_behind_it() -> None:
    assert all_samples([2, 3, 1], 1) == [[0], [0], [1], [1], [1], [2]]


@pytest.mark.parametrize(("n", "total", "start"), [(1, 5, 5), (1, 5, -1), (2**31, 2**40, 0)])
def test_what_has_no_points(n: int, total: int, start: int) -> None:
    with pytest.raises(SamplingError, match="expected a start"):
        points(n=n, total=total, start=start)
