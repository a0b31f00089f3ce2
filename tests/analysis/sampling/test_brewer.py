import math
from collections import Counter
from fractions import Fraction
from itertools import accumulate, permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.brewer import draw_brewer
from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.joint import joint_inclusion
from analysis.sampling.pps_inclusion import inclusion
from analysis.sampling.sample_design import Method
from analysis.sampling.selection_errors import DrawTooLongError
from tests.daily import first


def stream(label: object) -> CounterStream:
    return CounterStream(seed=b"brewer", label=str(label))


def chances_of_sets(sizes: list[int], n: int) -> dict[tuple[int, ...], Fraction]:
    """Every order of drawing, exactly."""
    found: Counter[tuple[int, ...]] = Counter()
    for order in permutations(range(len(sizes)), n):
        chance, left = Fraction(1), set(range(len(sizes)))
        for r, unit in zip(range(n, 0, -1), order, strict=True):
            total = sum(sizes[i] for i in left)
            weights = {i: Fraction(sizes[i] * (total - sizes[i]), total - r * sizes[i]) for i in left}
            chance *= weights[unit] / sum(weights.values())
            left.remove(unit)
        found[tuple(sorted(order))] += chance  # type: ignore[assignment]
    return dict(found)  # type: ignore[arg-type]


CASES = [([1, 2, 3, 4], 2), ([5, 1, 2, 2, 3, 3], 3), ([7, 1, 3, 3, 6], 2), ([4, 4, 3, 3], 3), ([3, 1, 2], 1)]


@pytest.mark.parametrize(("sizes", "n"), CASES)
def test_the_rule_gives_probabilities_in_proportion_to_size(sizes: list[int], n: int) -> None:
    sets = chances_of_sets(sizes, n)

    for unit, size in enumerate(sizes):
        assert sum(p for chosen, p in sets.items() if unit in chosen) == Fraction(n * size, sum(sizes))


@pytest.mark.parametrize(("sizes", "n"), [case for case in CASES if case[1] == 2])
def test_pairs_have_the_joint_probability(sizes: list[int], n: int) -> None:
    joint = joint_inclusion(Method.BREWER, n=n, sizes=np.array(sizes))

    assert {pair: joint[pair] for pair in chances_of_sets(sizes, n)} == pytest.approx(
        {pair: float(p) for pair, p in chances_of_sets(sizes, n).items()}, rel=1e-12
    )


@pytest.mark.parametrize("factor", [1, 2**40])
@pytest.mark.parametrize(("sizes", "n"), first(2, CASES))
def test_sets_are_drawn_as_often_as_the_rule_says(sizes: list[int], n: int, factor: int) -> None:
    """Also where products go beyond 63 bits."""
    draws, expected = 2000, chances_of_sets(sizes, n)
    chances = inclusion(np.array(sizes) * factor, n=n)

    counts = Counter(tuple(draw_brewer(stream(i), chances).tolist()) for i in range(draws))

    assert set(counts) <= set(expected)
    square = sum((counts[s] - draws * p) ** 2 / (draws * p) for s, p in expected.items())
    assert square < len(expected) + 4 * (2 * len(expected)) ** 0.5


@given(st.lists(st.integers(1, 2**58), min_size=1, max_size=12), st.data())
def test_n_different_units_and_the_certain_ones_among_them(sizes: list[int], data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len(sizes)))
    chances = inclusion(np.array(sizes), n=n)

    drawn = draw_brewer(stream(0), chances).tolist()

    assert drawn == sorted(set(drawn))
    assert len(drawn) == n
    assert set(chances.certain.tolist()) <= set(drawn)


def in_words(drawn: CounterStream, sizes: list[int], n: int) -> list[int]:
    """The rule as the module states it, one number after the other."""
    left, sample = dict(enumerate(sizes)), list[int]()
    for r in range(n, 0, -1):
        d = sum(left.values())
        rounded = {i: math.ceil(Fraction(x * (d - x), d - r * x)) for i, x in left.items()}
        while True:
            t = drawn.below_large(sum(rounded.values()))
            unit = next(i for i, upto in zip(rounded, accumulate(rounded.values()), strict=True) if upto > t)
            x = left[unit]
            if drawn.below_large(rounded[unit] * (d - r * x)) < x * (d - x):
                break
        sample.append(unit)
        del left[unit]
    return sorted(sample)


@given(st.binary(min_size=1, max_size=4), st.lists(st.integers(20, 39), min_size=4, max_size=12), st.integers(0, 52))
def test_the_rule_in_words(seed: bytes, sizes: list[int], power: int) -> None:
    n, large = len(sizes) // 2, [size * 2**power for size in sizes]
    chances = inclusion(np.array(large), n=n)
    if not len(chances.certain):
        drawn = draw_brewer(CounterStream(seed=seed, label="x"), chances)
        assert drawn.tolist() == in_words(CounterStream(seed=seed, label="x"), large, n)


def test_what_is_drawn_is_the_same_everywhere() -> None:
    """Numbers another program must come to."""
    sizes = np.arange(1, 21)

    drawn = draw_brewer(CounterStream(seed=bytes(range(16)), label="test"), inclusion(sizes, n=6))

    assert drawn.tolist() == [0, 5, 9, 13, 14, 19]


def test_a_draw_that_takes_long_is_refused() -> None:
    with pytest.raises(DrawTooLongError, match="brewer"):
        draw_brewer(stream(0), inclusion(np.ones(100_000, np.int64), n=50_000))
    with pytest.raises(DrawTooLongError, match="brewer"):
        draw_brewer(stream(0), inclusion(np.full(10_000, 2**40), n=5_000))
