"""The numbers here are the docstring's: another language's program must come to the same."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling import counter_stream
from analysis.sampling.counter_stream import CounterStream, SeedError
from analysis.sampling.sampling_error import SamplingError

SEED = bytes(range(16))


def stream(label: str = "test", seed: bytes = SEED) -> CounterStream:
    return CounterStream(seed=seed, label=label)


def test_the_blocks_are_what_the_rule_says() -> None:
    said = hashlib.sha256(SEED + b"\x00test\x00" + b"\x00\x00\x00\x00\x00\x00\x00\x01").digest()

    assert stream().block(1) == said
    assert stream().block(0).hex() == "12fa4537a034fc4833c3c50e57087809f20ed69e0f501a15a327855369dc2f06"
    assert said.hex() == "36c65a4232f3965a6ca24ac2bb8c0d721c5e1566bfd0c134541afe0488cc358a"


def test_words_are_read_from_left_to_right_and_on_into_the_next_block() -> None:
    drawn = stream()

    words = [f"{drawn.word():016x}" for _ in range(5)]

    assert "".join(words[:4]) == stream().block(0).hex()
    assert words[4] == stream().block(1).hex()[:16]


def test_a_label_in_chinese_is_its_utf_8() -> None:
    drawn = stream("社区", b"\xff")

    assert drawn.block(0).hex() == "b6fd93dde8bc930addc6699346819628c1ecff31524b0bcbaadfb20dc1e711a3"
    assert [drawn.below(100) for _ in range(5)] == [30, 40, 79, 3, 97]


@pytest.mark.parametrize(
    ("n", "expected"),
    [
        (6, [4, 3, 5, 4, 2, 2, 4, 2, 2, 3]),
        (1000, [688, 481, 325, 566, 346, 82, 564, 394, 994, 67]),
        (2**63 + 1, [1367481542073711688, 3730041581773289481, 3946941363805984346]),
    ],
)
def test_numbers_below_n(n: int, expected: list[int]) -> None:
    drawn = stream()

    assert [drawn.below(n) for _ in expected] == expected


def test_words_that_would_favour_small_remainders_are_passed_over() -> None:
    words = stream()
    taken = [words.word() for _ in range(5)]

    assert taken[2] > 2**63
    assert taken[3] > 2**63
    assert [taken[0], taken[1], taken[4]] == [1367481542073711688, 3730041581773289481, 3946941363805984346]


def test_order_and_choice() -> None:
    assert stream().shuffle(range(10)) == (1, 3, 4, 9, 6, 2, 7, 5, 0, 8)
    assert stream().choose(range(10), 4) == (8, 1, 7, 0)


def test_the_vectors_in_the_docstring_are_these() -> None:
    text = counter_stream.__doc__ or ""

    assert "688 481 325 566 346 82 564 394 994 67" in text
    assert "1 3 4 9 6 2 7 5 0 8" in text
    assert "8 1 7 0" in text
    assert "30 40 79 3 97" in text
    assert stream().block(1).hex() in text


@given(st.binary(min_size=1, max_size=40), st.integers(1, 2**64))
def test_always_below_n(seed: bytes, n: int) -> None:
    assert 0 <= stream("x", seed).below(n) < n


@given(st.lists(st.integers(), max_size=30), st.data())
def test_a_choice_is_part_of_the_items_and_an_order_has_them_all(items: list[int], data: st.DataObject) -> None:
    k = data.draw(st.integers(0, len(items)))

    assert Counter(stream().shuffle(items)) == Counter(items)
    assert not Counter(stream().choose(items, k)) - Counter(items)
    assert len(stream().choose(items, k)) == k


def test_every_order_of_three_is_about_as_likely() -> None:
    counts = Counter(stream(str(i)).shuffle("abc") for i in range(6000))

    assert len(counts) == 6
    assert all(abs(count - 1000) < 120 for count in counts.values())


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 2**63), st.integers(0, 9)), max_size=8))
def test_many_at_once_are_the_same_as_one_after_the_other(steps: list[tuple[int, int, int]]) -> None:
    one, many = stream(), stream()
    for singles, n, count in steps:
        assert [one.word() for _ in range(singles)] == [many.word() for _ in range(singles)]
        assert many.below_many(n, count).tolist() == [one.below(n) for _ in range(count)]
        assert many.words(count).tolist() == [one.word() for _ in range(count)]


def test_numbers_below_more_than_a_word() -> None:
    drawn, words = stream(), stream()
    first, second = words.word(), words.word()

    expected = [32155439951483440925111777289, 94413099934312838497274965766, 212067137087279962663728975218]
    assert [drawn.below_large(10**30) for _ in range(3)] == expected
    assert expected[0] == (first * 2**64 + second) % 10**30
    assert all(str(number) in (counter_stream.__doc__ or "") for number in expected)


@given(st.integers(1, 2**200))
def test_large_numbers_are_below_n_and_small_ones_as_ever(n: int) -> None:
    assert 0 <= stream().below_large(n) < n
    if n <= 2**64:
        assert stream().below_large(n) == stream().below(n)


def test_streams_differ_by_seed_and_by_label() -> None:
    assert len({stream("a").block(0), stream("b").block(0), stream("a", b"\x01").block(0)}) == 3


@pytest.mark.parametrize("n", [0, -1, 2**64 + 1])
def test_no_number_below_nothing_or_beyond_a_word(n: int) -> None:
    with pytest.raises(SamplingError, match="expected 1 to 2"):
        stream().below(n)


def test_what_no_stream_can_be_made_of() -> None:
    with pytest.raises(SeedError, match="seed"):
        CounterStream(seed=b"", label="x")
    with pytest.raises(SeedError, match="got str, expected bytes"):
        CounterStream(seed="00ff", label="x")  # type: ignore[arg-type]
    with pytest.raises(SeedError, match="NUL"):
        CounterStream(seed=b"1", label="a\0b")
    with pytest.raises(SamplingError, match="expected 0 to 2"):
        stream().choose("ab", 3)
    with pytest.raises(SamplingError, match="expected 1 to 2"):
        stream().below_many(2**63 + 1, 1)
    with pytest.raises(SamplingError, match="expected 1 to 2"):
        stream().below_large(0)
