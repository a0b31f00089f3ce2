from collections import Counter
from itertools import accumulate, combinations
from math import prod

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.pps_inclusion import inclusion
from analysis.sampling.sampford import MOST_WORDS, draw_sampford, expected_words
from analysis.sampling.selection_errors import DrawTooLongError
from tests.daily import first


def stream(label: object) -> CounterStream:
    return CounterStream(seed=b"sampford", label=str(label))


def chances_of_sets(sizes: list[int], n: int) -> dict[tuple[int, ...], float]:
    """By the formula of Sampford's paper, every set looked at."""
    total = sum(sizes)
    shares = [size / total for size in sizes]
    odds = [share / (1 - n * share) for share in shares]
    found = {
        chosen: prod(odds[i] for i in chosen) * (1 - sum(shares[i] for i in chosen))
        for chosen in combinations(range(len(sizes)), n)
    }
    whole = sum(found.values())
    return {chosen: chance / whole for chosen, chance in found.items()}


@pytest.mark.parametrize(
    ("sizes", "n"),
    first(2, [([1, 2, 3, 4], 2), ([5, 1, 2, 2, 3, 3], 3), ([7, 1, 3, 3, 6], 2), ([4, 4, 3, 3], 3), ([3, 1, 2], 1)]),
)
def test_sets_are_as_likely_as_the_formula_says(sizes: list[int], n: int) -> None:
    draws, expected = 4000, chances_of_sets(sizes, n)
    chances = inclusion(np.array(sizes), n=n)
    assert not len(chances.certain)

    counts = Counter(tuple(draw_sampford(stream(i), chances).tolist()) for i in range(draws))

    assert set(counts) <= set(expected)
    square = sum((counts[s] - draws * p) ** 2 / (draws * p) for s, p in expected.items())
    assert square < len(expected) + 4 * (2 * len(expected)) ** 0.5


def test_certain_units_are_there_and_the_others_drawn() -> None:
    chances = inclusion(np.array([3, 100, 4, 5, 90, 4]), n=4)

    drawn = [draw_sampford(stream(i), chances).tolist() for i in range(50)]

    assert all({1, 4} <= set(sample) and len(sample) == 4 and sample == sorted(sample) for sample in drawn)
    assert len(set(map(tuple, drawn))) > 1


def in_words(drawn: CounterStream, sizes: list[int], n: int) -> list[int]:
    """The rule as the module states it, one number after the other."""
    total = sum(sizes)
    running = list(accumulate(x * (total - n * x) for x in sizes))
    while True:
        t = drawn.below_large(running[-1])
        first = next(i for i, upto in enumerate(running) if upto > t)
        taken = [i for i, x in enumerate(sizes) if drawn.below(total) < n * x]
        sample = {first, *taken}
        if len(sample) == n:
            return sorted(sample)


@given(st.binary(min_size=1, max_size=4), st.lists(st.integers(20, 39), min_size=4, max_size=12))
def test_the_rule_in_words(seed: bytes, sizes: list[int]) -> None:
    n = len(sizes) // 2
    chances = inclusion(np.array(sizes), n=n)
    if not len(chances.certain):
        drawn = draw_sampford(CounterStream(seed=seed, label="x"), chances)
        assert drawn.tolist() == in_words(CounterStream(seed=seed, label="x"), sizes, n)


def test_what_is_drawn_is_the_same_everywhere() -> None:
    """Numbers another program must come to."""
    sizes = np.arange(1, 21)

    drawn = draw_sampford(CounterStream(seed=bytes(range(16)), label="test"), inclusion(sizes, n=6))

    assert drawn.tolist() == [3, 10, 11, 16, 17, 18]


def test_sizes_that_are_almost_certain_do_not_take_long() -> None:
    chances = inclusion(np.array([10**9 - 1, 10**9 - 1, 2]), n=2)

    assert [draw_sampford(stream(i), chances).tolist() for i in range(20)].count([0, 1]) >= 19


def test_the_words_needed_are_about_those_expected() -> None:
    chances = inclusion(np.arange(1, 201), n=60)
    one = stream("all")
    for _ in range(200):
        draw_sampford(one, chances)

    assert 4 * one._next_block / 200 == pytest.approx(expected_words(chances), rel=0.35)


def test_a_draw_that_would_not_end_is_refused() -> None:
    chances = inclusion(np.ones(400_000, np.int64), n=100_000)

    with pytest.raises(DrawTooLongError, match="sampford") as caught:
        draw_sampford(stream(0), chances)
    assert caught.value.steps > caught.value.most == MOST_WORDS
