import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import DesignError
from analysis.weighting.area_trimming import AreaTrimming
from analysis.weighting.given_factors import GivenFactors


def test_large_areas_may_weigh_more_than_small_ones() -> None:
    step = AreaTrimming(areas=np.array([0, 0, 1, 1]), times=1.5)
    assert step.factor(np.array([1.0, 1, 90, 110])).tolist() == [1, 1, 1, 1]


def test_what_is_cut_is_cut_again_where_others_get_over_the_limit() -> None:
    """Mean 4, at most 6: 9 gives 3 to 1, 1, 5, of which 5 is 6 at last; the others take the rest in equal parts."""
    weights = np.array([1.0, 1, 5, 9])

    found = weights * AreaTrimming(areas=np.zeros(4, dtype=np.int64), times=1.5).factor(weights)

    assert found.tolist() == [2, 2, 6, 6]


@given(st.lists(st.tuples(st.integers(0, 2), st.floats(0.1, 100)), min_size=1, max_size=30), st.floats(1.2, 5))
def test_sums_of_areas_stay_and_nobody_is_over(people: list[tuple[int, float]], times: float) -> None:
    areas, weights = np.array([area for area, _ in people]), np.array([weight for _, weight in people])

    found = weights * AreaTrimming(areas=areas, times=times).factor(weights)

    for area in set(areas.tolist()):
        inside = areas == area
        assert found[inside].sum() == pytest.approx(weights[inside].sum())
        assert found[inside].max() <= times * weights[inside].mean() * (1 + 1e-9)


def test_what_cannot_be() -> None:
    with pytest.raises(DesignError, match="more than 1"):
        AreaTrimming(areas=np.zeros(1, dtype=np.int64), times=1.0)
    with pytest.raises(DesignError, match="areas"):
        AreaTrimming(areas=np.zeros(1, dtype=np.int64), times=2.0).check(np.ones(2))
    with pytest.raises(DesignError, match="adults: got a factor of 0 or less"):
        GivenFactors(name="adults", given=np.array([1.0, 0.0]))
    with pytest.raises(DesignError, match="adults"):
        GivenFactors(name="adults", given=np.ones(1)).check(np.ones(2))
