"""Signs of answers by open link: what is one, and what never is alone."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.integrity.open_answers import BURST_FROM, CROWD_FROM, OpenSign, Seen, decide_signs, is_strong
from analysis.integrity.same_patterns import LEAST_ANSWERS, Pattern, at_least, find_same_patterns

SEEN = st.builds(
    Seen,
    from_network=st.integers(0, 100),
    proved=st.booleans(),
    elapsed=st.none() | st.integers(0, 10_000),
    reading=st.floats(0, 1000),
    handed_in_before=st.booleans(),
)


@given(SEEN)
def test_numbers_of_a_network_alone_are_never_a_strong_sign(seen: Seen) -> None:
    signs = decide_signs(seen)
    assert signs not in (OpenSign.BURST, OpenSign.BURST | OpenSign.CROWD)
    assert (OpenSign.BURST in signs) <= (seen.from_network >= BURST_FROM)


@given(SEEN)
def test_weak_signs_alone_are_never_strong(seen: Seen) -> None:
    signs = decide_signs(seen)
    assert is_strong(signs) == bool(set(signs) - {OpenSign.NO_PROOF, OpenSign.CROWD})


@given(SEEN)
def test_very_many_of_one_network_are_a_weak_sign_whatever_else_there_is(seen: Seen) -> None:
    assert (OpenSign.CROWD in decide_signs(seen)) == (seen.from_network >= CROWD_FROM)


@given(SEEN)
def test_what_is_not_known_is_no_sign(seen: Seen) -> None:
    unknown = Seen(**{**vars(seen), "elapsed": None, "from_network": 0})
    assert not decide_signs(unknown) & (OpenSign.FAST | OpenSign.BURST | OpenSign.CROWD)


def pattern(seed: int, length: int = 20, codes: int = 5) -> Pattern:
    chance = random.Random(seed)  # noqa: S311 - people of a test
    return tuple((f"q{place}", chance.randint(1, codes)) for place in range(length))


def test_copies_of_a_mixed_pattern_are_found_in_every_community() -> None:
    copied = pattern(3)
    areas = ["a"] * 30 + ["b"] * 30
    patterns = (
        [copied] * 10 + [pattern(100 + n) for n in range(20)] + [copied] * 10 + [pattern(n) for n in range(200, 220)]
    )
    found = find_same_patterns(areas, patterns)
    assert [(one.area, len(one.responses), one.uniform) for one in found] == [("a", 10, False), ("b", 10, False)]
    assert all(one.expected < 0.01 for one in found)


def test_a_whole_community_of_copies_is_found_though_nobody_else_answered() -> None:
    (found,) = find_same_patterns(["a"] * 15, [pattern(3)] * 15)
    assert len(found.responses) == 15


def test_the_same_box_throughout_is_measured_by_the_other_communities() -> None:
    ticked: Pattern = tuple((f"q{place}", 1) for place in range(20))
    areas = ["a"] * 40 + ["b"] * 40
    usual = [ticked] * 12 + [pattern(n) for n in range(28)] + [ticked] * 12 + [pattern(n) for n in range(30, 58)]
    assert find_same_patterns(areas, usual) == ()
    only_here = [ticked] * 25 + [pattern(n) for n in range(15)] + [ticked] + [pattern(n) for n in range(30, 69)]
    (found,) = find_same_patterns(areas, only_here)
    assert (found.area, len(found.responses), found.uniform) == ("a", 25, True)
    assert found.expected == pytest.approx(1.0, abs=0.1)


def test_two_alike_or_few_questions_are_no_pattern() -> None:
    short = pattern(3, length=LEAST_ANSWERS - 1)
    assert find_same_patterns(["a"] * 10, [short] * 10) == ()
    assert find_same_patterns(["a"] * 10, [pattern(3)] * 2 + [pattern(n) for n in range(50, 58)]) == ()
    assert find_same_patterns([], []) == ()


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("kindness", [None, (4, 1.5), (1.2, 0.6)])
def test_people_who_answer_for_themselves_give_no_flag(seed: int, kindness: tuple[float, float] | None) -> None:
    """30 communities of 60: each answers apart, or kinder people are kinder in everything (``betavariate``)."""
    rng = random.Random(seed)  # noqa: S311 - people of a test
    everybody = []
    for _ in range(1800):
        kind = rng.betavariate(*kindness) if kindness else 0.75
        everybody.append(tuple((f"q{place}", 1 if rng.random() < kind else rng.randint(2, 4)) for place in range(10)))
    assert find_same_patterns([f"c{n % 30}" for n in range(1800)], everybody) == ()


@pytest.mark.parametrize(
    ("count", "expected", "probability"), [(3, 1.0, 0.08030139707), (10, 0.5, 1.709670e-10), (5, 20.0, 0.99998306)]
)
def test_tails_of_poisson_as_r_gives_them(count: int, expected: float, probability: float) -> None:
    """scipy.stats.poisson.sf(count - 1, expected)"""
    assert at_least(count, expected) == pytest.approx(probability, rel=1e-4)
