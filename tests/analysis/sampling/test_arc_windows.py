"""Homes at rest in draws of stages/1, so that these can still be drawn again as they were."""

import numpy as np

from analysis.sampling.arc_windows import inside, take
from analysis.sampling.earlier_draws import Window
from analysis.sampling.sample_design import Method


def test_given_numbers_and_earlier_draws_each_free_unit_is_alike() -> None:
    numbers = np.array([3, 8, 20, 21, 40, 60, 61], np.uint64)
    resting = [(4, 20), (50, 60)]
    taken = [place for start in range(4) for place in take(numbers, n=3, start=start, resting=resting)[0].tolist()]

    assert {place: taken.count(place) for place in taken} == {0: 3, 3: 3, 4: 3, 6: 3}


def test_arcs_hold_who_was_taken_and_nobody_else() -> None:
    numbers = np.array([3, 8, 20, 21, 40, 60, 61], np.uint64)
    resting = [(9, 20)]

    for start in range(6):
        places, window = take(numbers, n=3, start=start, resting=resting)
        assert sorted(places.tolist()) == np.flatnonzero(inside(numbers, window.arcs)).tolist()
        assert not inside(np.array([9, 15, 20], np.uint64), window.arcs).any()


def test_the_gap_after_the_last_number_is_nobodys() -> None:
    """So that the arcs of n of N units are n of N + 1 gaps, and a new unit falls into them with n/(N + 1)."""
    numbers = np.array([3, 8], np.uint64)

    _, window = take(numbers, n=2, start=1)

    assert window == Window(method=Method.PERMANENT, taken=2, arcs=((4, 8), (0, 3)))
    assert not inside(np.array([9, 2**64 - 1], np.uint64), window.arcs).any()
