import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.weighting.area_classes import area_classes
from analysis.weighting.errors import CellsTooSmall


def test_large_areas_are_alone_and_small_ones_stay_under_their_parent() -> None:
    """25 and 30 are enough; 12 and 10 of one parent are together; 3 of another joins the 25 there."""
    found = area_classes(np.array([25, 12, 30, 10, 3]), [0, 1, 2, 1, 0], least=20)

    assert found.tolist() == [0, 1, 2, 1, 0]


def test_where_a_parent_has_too_few_they_join_the_smallest_class_of_all() -> None:
    assert area_classes(np.array([30, 24, 5]), [0, 1, 2], least=20).tolist() == [0, 1, 1]


def test_areas_without_anybody_are_in_a_class_too() -> None:
    assert area_classes(np.array([20, 0]), [0, 1], least=20).tolist() == [0, 0]


def test_too_few_in_all() -> None:
    with pytest.raises(CellsTooSmall, match="got 19 respondents in all, expected at least 20"):
        area_classes(np.array([10, 9]), [0, 0], least=20)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 3)), min_size=1, max_size=20))
def test_every_class_has_enough_and_none_is_left_out(areas: list[tuple[int, int]]) -> None:
    answers, parents = np.array([number for number, _ in areas]), [parent for _, parent in areas]
    if answers.sum() < 20:
        return

    found = area_classes(answers, parents, least=20)

    assert set(found.tolist()) == set(range(int(found.max()) + 1))
    assert (np.bincount(found, weights=answers) >= 20).all()
