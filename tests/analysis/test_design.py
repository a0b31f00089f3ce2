import numpy as np
import pytest

from analysis.design import DesignError, SurveyDesign


def test_one_unit_per_psu_where_none_are_given() -> None:
    design = SurveyDesign(weights=np.ones(5), strata=np.array([0, 2, 0, 2, 2]))
    assert design.stratum_count == 3
    assert design.psu_counts.tolist() == [2, 0, 3]
    assert design.fractions.tolist() == [0, 0, 0]


def test_psus_are_counted_once_each() -> None:
    design = SurveyDesign(weights=np.ones(6), strata=np.array([0, 0, 0, 1, 1, 1]), psus=np.array([7, 7, 3, 4, 4, 4]))
    assert design.psu_counts.tolist() == [2, 1]


def test_fraction_is_completes_by_eligible_adults() -> None:
    # 3 of 12 in stratum 0; stratum 1 has nobody and no eligible adults; of stratum 2 the number is unknown.
    design = SurveyDesign(weights=np.ones(4), strata=np.array([0, 0, 0, 2]), population=np.array([12.0, 0.0, np.inf]))
    assert design.fractions.tolist() == [0.25, 0, 0]
    assert design.stratum_count == 3


def test_nobody_at_all() -> None:
    design = SurveyDesign(weights=np.zeros(0), strata=np.zeros(0, dtype=np.int64))
    assert design.stratum_count == 0
    assert design.psu_counts.tolist() == []


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"strata": np.zeros(3, dtype=np.int64)}, "strata: got 3 values, expected 2"),
        ({"psus": np.zeros(1, dtype=np.int64)}, "psus: got 1 values, expected 2"),
        ({"weights": np.array([1.0, -0.5])}, "negative or not finite"),
        ({"weights": np.array([1.0, np.nan])}, "negative or not finite"),
        ({"weights": np.array([1.0, np.inf])}, "negative or not finite"),
        ({"strata": np.array([0, -1])}, "strata: got -1"),
        ({"strata": np.array([0, 1]), "psus": np.array([5, 5])}, "PSU in two strata"),
        ({"population": np.array([1.0])}, "got 1 eligible adults in stratum 0, expected at least its 2 completes"),
        ({"population": np.array([np.nan])}, "no number"),
        ({"strata": np.array([0, 1]), "population": np.array([5.0])}, "expected one per stratum"),
    ],
)
def test_designs_that_cannot_be(wrong: dict[str, np.ndarray], says: str) -> None:
    good = {"weights": np.ones(2), "strata": np.zeros(2, dtype=np.int64)}
    with pytest.raises(DesignError, match=says):
        SurveyDesign(**{**good, **wrong})
