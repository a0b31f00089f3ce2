"""The share of grids kept is the one asked for, and every grid keeps its probability: all starts are gone through."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.sampling.overlap import Shift, moved_start, shift_by_size, shift_equal
from analysis.sampling.pps_inclusion import Inclusion, inclusion
from analysis.sampling.series_draw import positions_from
from analysis.sampling.stage_errors import OverlapError

LABEL = "grids:A"


def kept_equal(taken: int, n: int, total: int, shift: int) -> int:
    before = set(range(taken))
    return len(before & {(shift + k) % total for k in range(n)})


@given(st.integers(1, 12), st.integers(1, 12), st.integers(0, 4), st.integers(0, 20))
def test_equal_probabilities(taken: int, n: int, more: int, twentieths: int) -> None:
    total, overlap = max(taken, n) + more, twentieths / 20
    possible = {kept_equal(taken, n, total, shift) for shift in range(total)}
    wanted = Fraction(twentieths, 20) * taken
    if not min(possible) <= wanted <= max(possible):
        with pytest.raises(OverlapError) as caught:
            shift_equal(LABEL, taken=taken, n=n, total=total, overlap=overlap)
        assert (caught.value.least, caught.value.most) == (min(possible) / taken, max(possible) / taken)
        return
    shift = shift_equal(LABEL, taken=taken, n=n, total=total, overlap=overlap)
    here = kept_equal(taken, n, total, shift.least)
    one_more = kept_equal(taken, n, total, shift.least + 1)
    assert here + (one_more - here) * shift.one_more == wanted


@pytest.mark.parametrize(("total", "now"), [(1, 1), (4, 4), (3, 5), (7, 2), (1, 6)])
@pytest.mark.parametrize("shift", [0, 1, 9])
def test_a_moved_start_stays_uniform(total: int, now: int, shift: int) -> None:
    starts = [
        moved_start(start, total, jitter=jitter, now=now, shift=shift)
        for start in range(total)
        for jitter in range(now)
    ]

    assert {start: starts.count(start) for start in range(now)} == dict.fromkeys(range(now), total)


def test_without_a_change_of_the_list_the_start_moves_by_the_shift_alone() -> None:
    assert {moved_start(3, 10, jitter=jitter, now=10, shift=4) for jitter in range(10)} == {7}


def expected_kept(before: Inclusion, now: Inclusion, shift: int) -> Fraction:
    """Over all starts and jitters."""
    total, total_now = max(before.total, 1), max(now.total, 1)
    kept = 0
    for start in range(total):
        first = set(positions_from(before, start).tolist())
        for jitter in range(total_now):
            moved = moved_start(start, total, jitter=jitter, now=total_now, shift=shift)
            kept += len(first.intersection(positions_from(now, moved).tolist()))
    return Fraction(kept, total * total_now)


@settings(max_examples=30, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 7), min_size=2, max_size=5),
    tenths=st.integers(0, 10),
    same=st.booleans(),
    data=st.data(),
)
def test_proportional_to_size(sizes: list[int], tenths: int, same: bool, data: st.DataObject) -> None:
    counts = st.integers(1, len(sizes))
    taken = data.draw(counts)
    before = inclusion(np.array(sizes), n=taken)
    now = before if same else inclusion(np.array(sizes), n=data.draw(counts))
    every = [expected_kept(before, now, shift) for shift in range(max(now.total, 1))]
    wanted = Fraction(tenths, 10) * taken
    if not min(every) <= wanted <= max(every):
        with pytest.raises(OverlapError) as caught:
            shift_by_size(LABEL, before=before, now=now, overlap=tenths / 10)
        assert caught.value.least <= float(min(every) / taken)
        assert caught.value.most >= float(max(every) / taken)
        return
    shift = shift_by_size(LABEL, before=before, now=now, overlap=tenths / 10)
    here, one_more = (every[(shift.least + more) % len(every)] for more in (0, 1))
    assert here + (one_more - here) * shift.one_more == wanted


def test_the_smallest_shift_is_taken() -> None:
    """Ten of one size, four drawn: an arc is 4 of 10 starts, a shift of 2 leaves half of it, and so does one of 8."""
    same = inclusion(np.ones(10, np.int64), n=4)

    assert shift_by_size(LABEL, before=same, now=same, overlap=0.5) == Shift(least=2, one_more=Fraction(0))
    assert shift_by_size(LABEL, before=same, now=same, overlap=1.0).least == 0


def test_a_large_grid_cannot_be_left() -> None:
    same = inclusion(np.array([9, 1, 1, 1]), n=2)

    with pytest.raises(OverlapError) as caught:
        shift_by_size(LABEL, before=same, now=same, overlap=0.25)

    assert (caught.value.label, caught.value.got, caught.value.least) == (LABEL, 0.25, 0.5)


def test_sizes_beyond_63_bits_in_products() -> None:
    same = inclusion(np.array([2**55 + 7 * k for k in range(40)]), n=8)

    shift = shift_by_size(LABEL, before=same, now=same, overlap=0.5)

    assert abs(shift.least / same.total - 0.1) < 1e-9
