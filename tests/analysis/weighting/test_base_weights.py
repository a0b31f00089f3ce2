from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import DesignError
from analysis.weighting.base_weights import BaseWeights, base_weights

UNKNOWN = np.nan


def weigh(
    communities: list[int],
    adults: list[float],
    drawn: tuple[int, ...] = (10, 10),
    dwellings: tuple[int, ...] = (100, 50),
    populations: tuple[float, ...] = (np.inf, np.inf),
) -> BaseWeights:
    """All dwellings of a community drawn with one probability."""
    codes, cases, units = np.array(communities, dtype=np.int64), np.array(drawn), np.array(dwellings, dtype=np.float64)
    return base_weights(
        communities=codes,
        inclusion=(units / cases)[codes],
        cases=units,
        adults=np.array(adults, dtype=np.float64),
        populations=np.array(populations, dtype=np.float64),
    )


def test_two_communities_by_hand() -> None:
    found = weigh([0, 0, 1, 1, 1], [1, 3, 2, 2, 2], populations=(200, 120))

    # 10 × 1 and 10 × 3 add up to 40 for 200 adults; 5 × 2, three times, to 30 for 120.
    assert found.inclusion.tolist() == [10, 10, 5, 5, 5]
    assert found.adjustment.tolist() == [5, 5, 4, 4, 4]
    assert found.weights.tolist() == [50, 150, 40, 40, 40]


def test_without_totals_nobody_shrinks_for_answering_less() -> None:
    found = weigh([0, 0, 0, 0, 0, 1], [2] * 6, dwellings=(100, 100))

    assert found.weights[:5].sum() == pytest.approx(found.weights[5:].sum()) == pytest.approx(200)


def test_unknown_adults_take_the_communitys_mean_after_trimming() -> None:
    found = weigh([0, 0, 0, 1], [9, 2, UNKNOWN, UNKNOWN])

    assert found.adults.tolist() == [4, 2, 3, 1]
    assert (found.at_limit, found.unknown) == (1, 2)


def test_a_total_smaller_than_the_completes_is_not_believed() -> None:
    found = weigh([0, 0, 1], [1, 1, 1], populations=(1, 500))

    assert found.to_total.tolist() == [False, True]
    assert found.adjustment.tolist() == [5, 5, 100]


def test_a_community_without_answers_changes_nothing() -> None:
    found = weigh([1], [2], populations=(300, 400))

    assert found.weights.tolist() == [400]


def test_nobody() -> None:
    assert weigh([], []).weights.tolist() == []


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(1, 9)), min_size=1, max_size=30))
def test_weights_add_up_to_the_totals_that_are_known(people: list[tuple[int, int]]) -> None:
    communities = [community for community, _ in people]

    found = weigh(
        communities,
        [adults for _, adults in people],
        drawn=(40, 40, 40),
        dwellings=(400, 90, 40),
        populations=(900, 200, 77),
    )

    for community, total in enumerate((900, 200, 77)):
        if community in communities:
            assert found.weights[np.array(communities) == community].sum() == pytest.approx(total)


def test_unequal_probabilities_inside_a_community_by_hand() -> None:
    """Two grids: 10 of 100 and 10 of 20 dwellings, 100 and 20 in all. One answers in the first, two in the second."""
    found = base_weights(
        communities=np.zeros(3, dtype=np.int64),
        inclusion=np.array([10.0, 2, 2]),
        cases=np.array([120.0]),
        adults=np.array([1.0, 2, 3]),
        populations=np.array([np.inf]),
    )

    # 120 / (10 + 2 + 2) for everybody: 20 cases ÷ 3 completes would stand for 93 dwellings alone.
    assert found.adjustment.tolist() == [120 / 14] * 3
    assert found.weights == pytest.approx([10 * 120 / 14, 4 * 120 / 14, 6 * 120 / 14])


def test_a_community_that_was_drawn_stands_for_others() -> None:
    """One of two communities was drawn, with probability .5: its 300 adults stand for 600."""
    found = base_weights(
        communities=np.zeros(2, dtype=np.int64),
        inclusion=np.array([20.0, 20]),
        cases=np.array([200.0]),
        adults=np.array([1.0, 2]),
        populations=np.array([300 / 0.5]),
    )

    assert found.weights.tolist() == [200, 400]


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"adults": np.ones(1)}, "adults: got 1 values, expected 2"),
        ({"inclusion": np.ones(3)}, "inclusion: got 3 values, expected 2"),
        ({"adults": np.array([1.0, 0])}, "fewer than one"),
        ({"communities": np.array([0, 2])}, "from 0 to 1"),
        ({"inclusion": np.array([0.5, 1])}, "below 1"),
        ({"inclusion": np.array([np.inf, 1])}, "not finite"),
        ({"cases": np.array([19.0, 50])}, "weigh 20, expected at most 19"),
        ({"populations": np.ones(1)}, "populations: got 1"),
        ({"populations": np.array([np.nan, 1])}, "inf where it is unknown"),
    ],
)
def test_what_cannot_be(change: dict[str, Any], said: str) -> None:
    values: dict[str, Any] = {
        "communities": np.array([0, 0]),
        "inclusion": np.array([10.0, 10]),
        "cases": np.array([100.0, 50]),
        "adults": np.ones(2),
        "populations": np.full(2, np.inf),
    }

    with pytest.raises(DesignError, match=said):
        base_weights(**{**values, **change})
