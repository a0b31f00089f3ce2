from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.sampling.assignment import TooFewCanvassersError, deal
from analysis.sampling.sampling_error import SamplingError

SEED = b"seed"


@given(st.integers(0, 120), st.sets(st.integers(1, 50), min_size=2, max_size=9))
def test_everyone_gets_as_many_as_any_other_or_one_more(cases: int, canvassers: set[int]) -> None:
    dealt = deal({"A": range(cases)}, {"A": canvassers}, SEED)

    loads = Counter(dealt.values())
    assert set(dealt) == set(range(cases))
    assert all(cases // len(canvassers) <= loads[one] <= -(-cases // len(canvassers)) for one in canvassers)


def test_a_community_is_dealt_by_itself() -> None:
    eligible = {"A": {1, 2, 3}, "B": {2, 3}}

    both = deal({"A": ["a1", "a2", "a3"], "B": ["b1", "b2"]}, eligible, SEED)

    assert both == deal({"B": ["b1", "b2"]}, eligible, SEED) | deal({"A": ["a1", "a2", "a3"]}, eligible, SEED)
    assert {both["b1"], both["b2"]} == {2, 3}


def test_neighbours_are_not_dealt_in_turns() -> None:
    dealt = deal({"A": range(100)}, {"A": [1, 2]}, SEED)

    changes = sum(dealt[i] != dealt[i + 1] for i in range(99))
    assert 30 < changes < 70


def test_every_pair_is_about_as_likely() -> None:
    counts = Counter(deal({"A": "abc"}, {"A": [1, 2]}, i.to_bytes(4, "big"))["a"] for i in range(2000))

    assert abs(counts[1] - 1000) < 120


def test_all_communities_with_fewer_than_two_are_named() -> None:
    with pytest.raises(TooFewCanvassersError, match="B, C") as caught:
        deal({"C": ["c"], "A": ["a"], "B": ["b"], "empty": []}, {"A": [1, 2], "B": [1, 1]}, SEED)

    assert caught.value.communities == ("B", "C")


def test_a_case_stands_once() -> None:
    with pytest.raises(SamplingError, match="twice"):
        deal({"A": ["a"], "B": ["a"]}, {"A": [1, 2], "B": [1, 2]}, SEED)
