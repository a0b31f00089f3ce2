import numpy as np
import pytest

from analysis.design import DesignError
from analysis.weighting.area_response import AreaResponse
from analysis.weighting.errors import CellsTooSmall
from analysis.weighting.nonresponse import ResponseClasses

AREAS = np.array([0, 0, 0, 1, 1, 2])
INCLUSION = np.array([4.0, 4, 8, 10, 10, 5])
ELIGIBLE = np.array([32.0, 60, 5])


def response() -> AreaResponse:
    return AreaResponse(areas=AREAS, inclusion=INCLUSION, eligible=ELIGIBLE)


def test_classes_as_from_the_cases_one_by_one() -> None:
    """The same factors as with a row for each case: 16 of 32 answered by weight, 20 of 60, all of 5."""
    found = response().in_classes(np.array([0, 1, 2]))

    rows = np.concatenate([INCLUSION, [8.0, 8, 10, 10, 10, 10]])
    classes = np.concatenate([AREAS, [0, 0, 1, 1, 1, 1]])
    step = ResponseClasses(classes=classes, responded=np.arange(12) < 6, least_class=1)
    assert found.tolist() == step.factor(rows)[:6].tolist() == [2, 2, 2, 3, 3, 1]


def test_classes_of_several_areas() -> None:
    assert response().in_classes(np.array([0, 0, 1])).tolist() == [92 / 36] * 5 + [1.0]


def test_shrunk_rates_lie_between_the_own_and_that_of_all() -> None:
    own, everybody = response().in_classes(np.arange(3)), ELIGIBLE.sum() / INCLUSION.sum()

    found = response().shrunk()

    low, high = np.minimum(own, everybody), np.maximum(own, everybody)
    assert ((found >= low - 1e-12) & (found <= high + 1e-12)).all()


def test_where_all_answered_nothing_changes() -> None:
    everybody = AreaResponse(areas=AREAS, inclusion=INCLUSION, eligible=np.array([16.0, 20, 5]))
    assert everybody.shrunk().tolist() == everybody.in_classes(np.arange(3)).tolist() == [1.0] * 6


def test_what_cannot_be() -> None:
    with pytest.raises(DesignError, match="area 1: got respondents that weigh 20, expected at most 19"):
        AreaResponse(areas=AREAS, inclusion=INCLUSION, eligible=np.array([32.0, 19, 5]))
    with pytest.raises(DesignError, match="inclusion"):
        AreaResponse(areas=AREAS, inclusion=INCLUSION[:2], eligible=ELIGIBLE)
    with pytest.raises(CellsTooSmall, match="class 1"):
        AreaResponse(areas=AREAS[:3], inclusion=INCLUSION[:3], eligible=ELIGIBLE).in_classes(np.array([0, 1, 0]))
