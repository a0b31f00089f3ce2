from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.pps_inclusion import exact_sum, inclusion
from analysis.sampling.selection_errors import (
    SizesError,
    SizesNotPositiveError,
    SizesTooLargeError,
    TooFewUnitsError,
)

SIZES = st.lists(st.one_of(st.integers(1, 40), st.integers(1, 2**50)), min_size=1, max_size=30)


@given(SIZES, st.data())
def test_probabilities_add_up_to_n_and_are_in_proportion_where_nobody_is_certain(
    sizes: list[int], data: st.DataObject
) -> None:
    n = data.draw(st.integers(0, len(sizes)))

    found = inclusion(np.array(sizes), n=n)
    numerators, denominators = found.fractions(np.arange(len(sizes)))

    chances = [Fraction(int(a), int(b)) for a, b in zip(numerators, denominators, strict=True)]
    assert sum(chances) == n
    assert [(c.numerator, c.denominator) for c in chances] == list(zip(numerators, denominators, strict=True))
    assert [i for i, chance in enumerate(chances) if chance == 1] == found.certain.tolist()
    left = [i for i, chance in enumerate(chances) if chance < 1]
    assert left == found.uncertain().tolist()
    assert len({chances[i] / sizes[i] for i in left}) <= 1
    if not len(found.certain) and n:
        assert chances == [Fraction(n * size, sum(sizes)) for size in sizes]


@given(SIZES, st.data())
def test_certain_is_who_was_too_large_at_some_round(sizes: list[int], data: st.DataObject) -> None:
    n = data.draw(st.integers(0, len(sizes)))
    left, take, certain = dict(enumerate(sizes)), n, set[int]()
    while take and (more := {i for i, size in left.items() if take * size >= sum(left.values())}):
        certain |= more
        take -= len(more)
        left = {i: size for i, size in left.items() if i not in more}

    found = inclusion(np.array(sizes), n=n)

    assert set(found.certain.tolist()) == certain
    assert (found.take, found.total) == (take, sum(left.values()))
    assert found.left().tolist() == [left.get(i, 0) for i in range(len(sizes))]


def test_who_is_certain_only_once_others_are_left_out() -> None:
    found = inclusion(np.array([100, 30, 10, 10, 10]), n=3)

    assert found.certain.tolist() == [0, 1]
    assert found.take == 1
    assert found.probabilities().tolist() == pytest.approx([1, 1, 1 / 3, 1 / 3, 1 / 3])


def test_equal_sizes_all_taken_are_certain() -> None:
    assert inclusion(np.full(4, 7), n=4).certain.tolist() == [0, 1, 2, 3]


def test_large_totals_are_exact() -> None:
    sizes = np.array([2**61, 2**61 - 1, 2**61 + 1])

    found = inclusion(sizes, n=2)

    assert found.total == 3 * 2**61
    assert found.fractions(np.array([1]))[0].tolist() == [2**61 - 1]
    assert found.fractions(np.array([1]))[1].tolist() == [3 * 2**60]
    assert exact_sum(np.array([2**62, 2**62, 2**62, 5])) == 3 * 2**62 + 5


def test_sizes_of_other_integer_types() -> None:
    for dtype in (np.int32, np.uint16, np.uint64):
        assert inclusion(np.array([3, 2, 1], dtype), n=1).fractions(np.arange(3))[1].tolist() == [2, 3, 6]


def test_sizes_that_are_not_positive_are_named() -> None:
    with pytest.raises(SizesNotPositiveError, match="units 1, 3, expected 1 or more") as caught:
        inclusion(np.array([4, 0, 2, -1]), n=1)
    assert caught.value.positions == (1, 3)

    with pytest.raises(SizesNotPositiveError, match="0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and 20 more"):
        inclusion(np.zeros(30, np.int64), n=1)


def test_totals_beyond_63_bits() -> None:
    with pytest.raises(SizesTooLargeError) as caught:
        inclusion(np.array([2**62, 2**62, 1]), n=1)
    assert caught.value.total == 2**63 + 1
    assert inclusion(np.array([2**62, 2**62 - 1]), n=1).total == 2**63 - 1
    with pytest.raises(SizesTooLargeError):
        inclusion(np.array([2**63 + 5], np.uint64), n=1)


@pytest.mark.parametrize("sizes", [np.array([1.0, 2.0]), np.array([[1, 2]]), np.array(["1"]), np.array([True])])
def test_sizes_that_are_no_whole_numbers(sizes: np.ndarray) -> None:
    with pytest.raises(SizesError, match="expected whole numbers"):
        inclusion(sizes, n=1)


@pytest.mark.parametrize(("n", "units"), [(-1, 3), (4, 3), (1, 0)])
def test_more_than_there_are(n: int, units: int) -> None:
    with pytest.raises(TooFewUnitsError, match=f"from 0 to {units}") as caught:
        inclusion(np.ones(units, np.int64), n=n)
    assert (caught.value.n, caught.value.total) == (n, units)


def test_nobody_of_nobody() -> None:
    found = inclusion(np.empty(0, np.int64), n=0)

    assert (found.take, found.total, found.probabilities().tolist()) == (0, 0, [])
