from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.simple import draw_simple


@given(st.binary(min_size=1, max_size=8), st.integers(0, 60), st.data())
def test_the_same_as_choosing_from_a_list(seed: bytes, total: int, data: st.DataObject) -> None:
    n = data.draw(st.integers(0, max(total - 1, 0)))
    chosen = CounterStream(seed=seed, label="x").choose(range(total), n)

    drawn = draw_simple(CounterStream(seed=seed, label="x"), n=n, total=total)

    assert drawn.tolist() == sorted(chosen)


def test_every_pair_is_about_as_likely() -> None:
    counts = Counter(
        tuple(draw_simple(CounterStream(seed=b"s", label=str(i)), n=2, total=5).tolist()) for i in range(5000)
    )

    assert set(counts) == set(combinations(range(5), 2))
    assert all(abs(count - 500) < 4 * (5000 * 0.1 * 0.9) ** 0.5 for count in counts.values())


@pytest.mark.parametrize("total", [0, 1, 7])
def test_all_of_them_needs_no_stream(total: int) -> None:
    stream = CounterStream(seed=b"s", label="x")

    assert draw_simple(stream, n=total, total=total).tolist() == list(range(total))
    assert stream.word() == CounterStream(seed=b"s", label="x").word()
