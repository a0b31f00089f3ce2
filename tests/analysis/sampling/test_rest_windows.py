"""Homes rest, and everybody keeps n/N exactly: all orders of the numbers of all draws are gone through."""

import hashlib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import cache
from itertools import permutations
from math import factorial

import numpy as np
import pytest

from analysis.sampling.rest_windows import inside, numbers_in, take, window_key
from analysis.sampling.stage_errors import PermanentKeysError
from tests.daily import first

#: Units that are there, how many are drawn, and which waves before rest.
Wave = tuple[Sequence[int], int, Sequence[int]]
Units = frozenset[int]


@cache
def windows(there: Units, n: int, resting: Units, units: int) -> dict[tuple[Units, Units], Fraction]:
    """Probability of (who is drawn, who of all the units lies in the window)."""
    found: dict[tuple[Units, Units], Fraction] = defaultdict(Fraction)
    assert len(there - resting) >= n, "the draw would be refused"
    present = sorted(there)
    rests = np.array([unit in resting for unit in present])
    keys = [bytes([unit]) for unit in present]
    for order in permutations(range(units)):
        words = np.array([[10 * number, 0] for number in order], np.uint64)
        places, window = take(words[present], rests, keys, n=n, key="00" * 16, code="A")
        drawn = frozenset(present[place] for place in places.tolist())
        found[drawn, frozenset(np.flatnonzero(inside(window, words)).tolist())] += Fraction(1, factorial(units))
    return found


def histories(
    waves: Sequence[Wave], units: int, before: tuple[tuple[Units, Units], ...] = ()
) -> Iterator[tuple[Fraction, tuple[Units, ...]]]:
    """(probability, who was drawn in each wave)."""
    if len(before) == len(waves):
        yield Fraction(1), tuple(drawn for drawn, _ in before)
        return
    there, n, rest = waves[len(before)]
    resting = frozenset[int]().union(*(before[wave][1] for wave in rest)) & frozenset(there)
    for found, probability in windows(frozenset(there), n, resting, units).items():
        for later, drawn in histories(waves, units, (*before, found)):
            yield probability * later, drawn


@pytest.mark.parametrize(
    "waves",
    first(
        2,
        [
            # The same units: one window rests, both, the second alone.
            [(range(5), 2, ()), (range(5), 2, (0,)), (range(5), 1, (0, 1))],
            [(range(5), 2, ()), (range(5), 2, (0,)), (range(5), 1, (1,))],
            # Both windows rest; units have gone and new ones have come before each draw.
            [(range(4), 1, ()), (range(1, 5), 1, (0,)), (range(1, 6), 1, (0, 1))],
            [(range(1, 6), 1, ()), ((0, 2, 3, 4, 5), 1, (0,)), ((0, 1, 3, 4, 5), 1, (0, 1))],
            # The last window rests, which rested the one before it, which rested the one before.
            [(range(6), 1, ()), ((0, 1, 2, 4, 5), 1, (0,)), ((0, 1, 2, 4, 5), 1, (1,)), ((0, 2, 3, 4, 5), 1, (2,))],
            # Both windows rest, and the second did not step over the first.
            [((0, 1, 3, 4), 1, ()), ((0, 1, 2, 4, 5), 1, ()), ((0, 1, 3, 4, 5), 1, (0, 1))],
            # Rest is shorter, then longer again; a unit goes and comes back.
            [((0, 1, 4), 1, ()), ((1, 2, 4), 1, (0,)), ((0, 1, 3, 4), 1, ()), ((0, 1, 2, 4), 1, (0, 2))],
        ],
    ),
)
def test_every_unit_has_n_of_all_in_every_wave(waves: list[Wave]) -> None:
    units = 1 + max(max(there) for there, _, _ in waves)
    found: list[dict[int, Fraction]] = [defaultdict(Fraction) for _ in waves]

    for probability, drawn in histories(waves, units):
        for wave, who in enumerate(drawn):
            assert all(not who & drawn[before] for before in waves[wave][2])
            for unit in who:
                found[wave][unit] += probability

    for (there, n, _), chances in zip(waves, found, strict=True):
        assert chances == {unit: Fraction(n, len(there)) for unit in there}


def test_samples_not_only_units_are_alike() -> None:
    """The second wave is a simple random sample of those who are there, some gone and some new."""
    samples: dict[Units, Fraction] = defaultdict(Fraction)

    for probability, drawn in histories([(range(5), 1, ()), (range(1, 6), 2, (0,))], 6):
        samples[drawn[1]] += probability

    assert len(samples) == 10
    assert set(samples.values()) == {Fraction(1, 10)}


def test_numbers_are_what_the_rule_says() -> None:
    keys = ["幸福小区 3栋 501".encode(), b"b", b"c", b"d"]
    key = hashlib.sha256(b"seed\0window:stratum:A").digest()[:16]
    said = [int.from_bytes(hashlib.sha256(key + b"\0" + home).digest()[:8], "big") for home in keys]

    words = numbers_in(window_key(b"seed", "stratum:A"), keys)
    places, window = take(words, np.zeros(4, np.bool_), keys, n=2, key=window_key(b"seed", "stratum:A"), code="A")

    assert [int(number) for number in words[:, 0]] == said
    assert sorted(said.index(number) for number in sorted(said)[:2]) == places.tolist()
    assert (window.key, window.arcs) == (key.hex(), ((0, sorted(said)[1]),))


def test_nobody_is_taken_and_nobody_lies_in_the_window() -> None:
    words = numbers_in("00" * 16, [b"a", b"b"])

    places, window = take(words, np.zeros(2, np.bool_), [b"a", b"b"], n=0, key="00" * 16, code="A")

    assert not len(places)
    assert window.taken == 0
    assert not inside(window, words).any()


def test_a_key_stands_for_one_unit() -> None:
    keys = [b"a", b"b", b"a"]

    with pytest.raises(PermanentKeysError) as caught:
        take(numbers_in("00" * 16, keys), np.zeros(3, np.bool_), keys, n=1, key="00" * 16, code="A")

    assert (caught.value.code, caught.value.twice) == ("A", "61")
