from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.counter_stream import CounterStream, SamplingError
from analysis.sampling.stratified import draw_stratified
from analysis.sampling.systematic import positions

SEED = bytes(range(16))
SIZES = st.dictionaries(st.text(st.characters(exclude_characters="\0", codec="utf-8"), max_size=6), st.integers(0, 500))


@given(SIZES, st.integers(0, 60), st.binary(min_size=1, max_size=32))
def test_the_others_do_not_change_what_is_drawn_in_a_stratum(sizes: dict[str, int], n: int, seed: bytes) -> None:
    together = draw_stratified(sizes, per_stratum=n, seed=seed)

    assert {name: draw_stratified({name: size}, per_stratum=n, seed=seed)[name] for name, size in sizes.items()} == (
        together
    )
    assert {name: len(drawn) for name, drawn in together.items()} == {s: min(n, size) for s, size in sizes.items()}


def test_the_start_is_the_first_number_of_the_stratums_own_stream() -> None:
    start = CounterStream(seed=SEED, label="stratum:东街").below(1778)

    assert draw_stratified({"东街": 1778}, per_stratum=100, seed=SEED)["东街"] == positions(
        n=100, total=1778, start=start
    )


def test_strata_of_one_size_are_drawn_differently() -> None:
    drawn = draw_stratified({str(i): 100_003 for i in range(20)}, per_stratum=10, seed=SEED)

    assert len(set(drawn.values())) == 20


def test_over_many_seeds_every_unit_is_about_as_likely() -> None:
    taken = Counter(
        position
        for i in range(4000)
        for position in draw_stratified({"A": 10}, per_stratum=3, seed=i.to_bytes(4, "big"))["A"]
    )

    assert all(abs(taken[position] - 1200) < 150 for position in range(10))


def test_nothing_and_everything() -> None:
    assert draw_stratified({}, per_stratum=5, seed=SEED) == {}
    assert draw_stratified({"A": 0, "B": 2}, per_stratum=5, seed=SEED) == {"A": (), "B": (0, 1)}
    with pytest.raises(SamplingError, match="expected"):
        draw_stratified({"A": 3}, per_stratum=-1, seed=SEED)
