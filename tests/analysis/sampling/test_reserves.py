from collections import Counter, defaultdict
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.counter_stream import CounterStream
from analysis.sampling.reserves import replicate_sizes, split
from analysis.sampling.sampling_error import SamplingError
from tests.analysis.sampling.every_draw import CountedStream, every_draw


def stream(seed: bytes = b"1") -> CounterStream:
    return CounterStream(seed=seed, label="replicates:A")


@given(st.lists(st.integers(1, 30), min_size=1, max_size=6), st.binary(min_size=1, max_size=8), st.data())
def test_parts_have_their_sizes_and_every_group_its_share(groups: list[int], seed: bytes, data: st.DataObject) -> None:
    main = data.draw(st.integers(0, sum(groups)))
    sizes = (main, sum(groups) - main)

    parts = split(groups, sizes, stream(seed)).tolist()

    assert Counter(parts) == Counter({part: size for part, size in enumerate(sizes) if size})
    first = 0
    for group in groups:
        in_main = parts[first : first + group].count(0)
        assert abs(in_main - Fraction(group * main, sum(groups))) < 1
        first += group


@pytest.mark.parametrize(("groups", "sizes"), [([2, 3], (2, 2, 1)), ([1, 1, 2], (2, 1, 1)), ([4], (2, 1, 1, 0))])
def test_every_case_has_the_same_chance_of_every_part(groups: list[int], sizes: tuple[int, ...]) -> None:
    found: dict[tuple[int, int], Fraction] = defaultdict(Fraction)

    for probability, parts in every_draw(lambda: split(groups, sizes, CountedStream(seed=b"1", label="x")).tolist()):
        for case, part in enumerate(parts):
            found[case, part] += probability

    for case in range(sum(groups)):
        assert [found[case, part] for part in range(len(sizes))] == [Fraction(size, sum(groups)) for size in sizes]


def test_parts_that_do_not_add_up() -> None:
    with pytest.raises(SamplingError, match="replicates"):
        split([2, 3], (2, 2), stream())


def test_sizes_where_a_small_community_was_taken_whole() -> None:
    assert replicate_sizes(95, main=100, replicates=2, each=20) == (95, 0, 0)
    assert replicate_sizes(130, main=100, replicates=2, each=20) == (100, 20, 10)
