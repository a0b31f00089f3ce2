from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.sampling_error import SamplingError
from analysis.sampling.systematic import draw_systematic, positions


@given(st.integers(1, 120), st.data())
def test_over_all_starts_every_unit_is_taken_exactly_n_times(total: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(0, total))

    taken = Counter(position for start in range(total) for position in positions(n=n, total=total, start=start))

    assert set(taken.values()) <= {n}
    assert len(taken) == (total if n else 0)


@given(st.integers(1, 10**12), st.integers(1, 200), st.data())
def test_rising_inside_and_as_far_apart_as_they_can_be(total: int, n: int, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, total - 1))

    taken = positions(n=n, total=total, start=start)

    assert len(taken) == min(n, total)
    assert all(0 <= position < total for position in taken)
    assert {after - before for before, after in pairwise(taken)} <= {total // n, -(-total // n), 1}


@pytest.mark.parametrize(
    ("n", "total", "expected"), [(0, 0, ()), (0, 5, ()), (3, 0, ()), (1, 1, (0,)), (9, 1, (0,)), (3, 3, (0, 1, 2))]
)
def test_edges(n: int, total: int, expected: tuple[int, ...]) -> None:
    assert positions(n=n, total=total, start=0) == expected
    assert draw_systematic(CounterStream(seed=b"1", label="x"), n=n, total=total) == expected


def test_the_start_comes_from_the_stream() -> None:
    start = CounterStream(seed=b"1", label="x").below(50)

    drawn = draw_systematic(CounterStream(seed=b"1", label="x"), n=7, total=50)

    assert drawn == positions(n=7, total=50, start=start)


@pytest.mark.parametrize(("n", "total", "start"), [(-1, 5, 0), (1, -5, 0), (1, 5, 5), (1, 5, -1), (0, 0, 1)])
def test_what_cannot_be_drawn(n: int, total: int, start: int) -> None:
    with pytest.raises(SamplingError, match="expected"):
        positions(n=n, total=total, start=start)
