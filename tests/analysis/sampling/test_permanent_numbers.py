"""Rest by shifting leaves every unit its probability: all orders of the numbers and all starts are gone through."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import permutations
from math import factorial

import numpy as np
import pytest

from analysis.sampling.earlier_draws import Window
from analysis.sampling.permanent_numbers import circle, inside, take
from analysis.sampling.sample_design import Method, StageUnit
from analysis.sampling.stage_errors import PermanentKeysError

#: Units of one wave, how many are drawn, and which waves before rest.
Wave = tuple[Sequence[int], int, Sequence[int]]


def histories(waves: Sequence[Wave], units: int) -> Iterator[tuple[Fraction, tuple[frozenset[int], ...]]]:
    """(probability, who was drawn in each wave) over all orders of the numbers and all starts."""
    for order in permutations(range(units)):
        for probability, drawn, _ in _waves(waves, order, ()):
            yield probability / factorial(units), drawn


def _waves(
    waves: Sequence[Wave], number: Sequence[int], windows: tuple[Window, ...]
) -> Iterator[tuple[Fraction, tuple[frozenset[int], ...], tuple[Window, ...]]]:
    if not waves:
        yield Fraction(1), (), windows
        return
    there, n, resting = waves[0]
    around = sorted(there, key=lambda unit: number[unit])
    numbers = np.array([10 * (number[unit] + 1) for unit in around], np.uint64)
    arcs = [arc for wave in resting for arc in windows[wave].arcs]
    free = len(around) - int(inside(numbers, arcs).sum())
    for start in range(free):
        places, window = take(numbers, n=n, start=start, resting=arcs)
        drawn = frozenset(around[place] for place in places.tolist())
        assert len(drawn) == n
        for probability, later, found in _waves(waves[1:], number, (*windows, window)):
            yield probability / free, (drawn, *later), found


def probabilities(waves: Sequence[Wave], units: int) -> list[dict[int, Fraction]]:
    found: list[dict[int, Fraction]] = [defaultdict(Fraction) for _ in waves]
    for probability, drawn in histories(waves, units):
        for wave, who in enumerate(drawn):
            assert all(not who & drawn[before] for before in waves[wave][2])
            for unit in who:
                found[wave][unit] += probability
    return found


@pytest.mark.parametrize(
    "waves",
    [
        # The same units: a second wave, a third that rests the second alone, a third that rests both.
        [(range(5), 2, ()), (range(5), 2, (0,)), (range(5), 3, (1,))],
        [(range(5), 1, ()), (range(5), 2, (0,)), (range(5), 2, (0, 1))],
        # Unit 0 has gone, 4 and 5 are new.
        [(range(4), 2, ()), (range(1, 6), 1, (0,))],
        [(range(4), 1, ()), (range(1, 6), 2, (0,))],
        # New ones before each wave; some gone before each; some new, then some gone.
        [(range(3), 1, ()), (range(4), 1, (0,)), (range(5), 1, (0, 1))],
        [(range(5), 1, ()), (range(1, 5), 1, (0,)), (range(2, 5), 1, (0, 1))],
        [(range(3), 1, ()), (range(4), 1, (0,)), (range(2, 6), 1, (1,))],
    ],
)
def test_every_unit_has_n_of_all_in_every_wave(waves: list[Wave]) -> None:
    units = 1 + max(max(there) for there, _, _ in waves)

    for (there, n, _), found in zip(waves, probabilities(waves, units), strict=True):
        assert found == {unit: Fraction(n, len(there)) for unit in there}


def test_two_resting_windows_with_units_gone_and_new_ones_between_are_all_but_exact() -> None:
    waves: list[Wave] = [(range(4), 1, ()), (range(1, 5), 1, (0,)), (range(1, 6), 1, (0, 1))]

    third = probabilities(waves, 6)[2]

    assert sum(third.values()) == 1
    assert {unit: round(float(5 * chance), 3) for unit, chance in third.items()} == {
        1: 0.996, 2: 0.996, 3: 0.996, 4: 0.997, 5: 1.016
    }  # fmt: skip


def test_the_first_window_is_a_simple_random_sample() -> None:
    samples: dict[frozenset[int], Fraction] = defaultdict(Fraction)

    for probability, (drawn,) in histories([(range(5), 2, ())], 5):
        samples[drawn] += probability

    assert set(samples.values()) == {Fraction(1, 10)}


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


def test_numbers_are_what_the_rule_says() -> None:
    keys = ["幸福小区 3栋 501".encode(), b"b", b"c", b"d"]
    said = [hashlib.sha256(b"series\0permanent:dwelling\0" + key).digest()[:8] for key in keys]

    around = circle(b"series", StageUnit.DWELLING, keys, code="A")

    assert [int(number) for number in around.numbers] == sorted(int.from_bytes(number, "big") for number in said)
    assert [said[unit] for unit in around.order.tolist()] == sorted(said)


def test_a_key_stands_for_one_unit() -> None:
    with pytest.raises(PermanentKeysError) as caught:
        circle(b"series", StageUnit.DWELLING, [b"a", b"b", b"a"], code="A")

    assert (caught.value.code, caught.value.twice) == ("A", "61")
