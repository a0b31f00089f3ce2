from dataclasses import replace

import numpy as np
import pytest

from analysis.design import (
    DesignError,
    FloatArray,
    LonelyPsu,
    Replicates,
    SelectionMethod,
    Stage,
    SurveyDesign,
    UnequalSelection,
)
from analysis.design_errors import EmptyStratum, InvalidWeights, LengthsDiffer


def unequal(*probabilities: float, method: str = "brewer", joint: FloatArray | None = None) -> UnequalSelection:
    return UnequalSelection(method=SelectionMethod(method), probabilities=np.array(probabilities), joint=joint)


def replicates(weights: FloatArray, count: int) -> Replicates:
    return Replicates(weights=weights, scale=1.0, rscales=np.ones(count))


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


class TestOtherPartsOfADesign:
    """Stages, unequal probabilities, replicates: what does not fit is refused by name."""

    @pytest.mark.parametrize(
        ("wrong", "error", "says"),
        [
            ({"strata": np.zeros(3, dtype=np.int64)}, LengthsDiffer, "strata: got 3"),
            ({"weights": np.array([1.0, -0.5])}, InvalidWeights, "negative or not finite"),
            ({"order": np.zeros(3, dtype=np.int64)}, LengthsDiffer, "order: got 3 values, expected 2"),
            ({"sampling_fractions": np.array([1.2])}, DesignError, "outside 0-1"),
            ({"sampling_fractions": np.array([np.nan])}, DesignError, "outside 0-1"),
            (
                {"sampling_fractions": np.array([0.1, 0.2])},
                EmptyStratum,
                "got 0.2 for stratum 1, expected a unit in it",
            ),
            ({"sampling_fractions": np.zeros(0)}, DesignError, "got 0 values, expected one per stratum"),
            (
                {"sampling_fractions": np.array([0.1]), "population": np.array([9.0])},
                DesignError,
                "expected one of the two",
            ),
            (
                {"later_stages": (Stage(units=np.arange(3), strata=np.zeros(3, dtype=np.int64)),)},
                LengthsDiffer,
                "stage 2 units: got 3",
            ),
            (
                {"later_stages": (Stage(units=np.arange(2), strata=np.arange(2), fractions=np.array([0.1, 2.0])),)},
                DesignError,
                "stage 2 fractions",
            ),
            ({"selection": unequal(0.5)}, LengthsDiffer, "probabilities: got 1"),
            ({"selection": unequal(0.5, 0.0)}, DesignError, "probabilities: got one outside 0-1"),
            ({"selection": unequal(0.5, 0.5, method="joint")}, DesignError, "joint: expected joint probabilities"),
            (
                {"selection": unequal(0.5, 0.5, method="joint", joint=np.ones((1, 2)))},
                DesignError,
                "got a matrix \\(1, 2\\), expected \\(2, 2\\)",
            ),
            (
                {"selection": unequal(0.5, 0.5, method="joint", joint=np.eye(2))},
                DesignError,
                "joint: got one outside 0-1",
            ),
            ({"replicates": replicates(np.ones((3, 2)), 2)}, DesignError, "expected 2 rows"),
            ({"replicates": replicates(np.ones((2, 2)), 3)}, DesignError, "rscales: got 3 values, expected 2"),
            ({"replicates": replicates(np.full((2, 2), np.nan), 2)}, InvalidWeights, "not finite"),
        ],
    )
    def test_what_cannot_be(self, wrong: dict[str, object], error: type[DesignError], says: str) -> None:
        good: dict[str, object] = {"weights": np.ones(2), "strata": np.zeros(2, dtype=np.int64)}
        with pytest.raises(error, match=says):
            SurveyDesign(**{**good, **wrong})  # type: ignore[arg-type]

    @pytest.mark.parametrize(
        "more",
        [
            {"lonely": LonelyPsu.REMOVE},
            {"adjust_domain_lonely": True},
            {"order": np.arange(2)},
            {"selection": unequal(0.5, 0.5)},
            {"replicates": replicates(np.ones((2, 2)), 2)},
            {"later_stages": (Stage(units=np.arange(2), strata=np.arange(2)),)},
        ],
    )
    def test_what_sums_by_stratum_are_not_enough_for(self, more: dict[str, object]) -> None:
        plain = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=np.int64), psus=np.arange(2))
        assert plain.is_plain
        assert not replace(plain, **more).is_plain  # type: ignore[arg-type]

    def test_fractions_as_given(self) -> None:
        design = SurveyDesign(
            weights=np.ones(2), strata=np.zeros(2, dtype=np.int64), sampling_fractions=np.array([0.25, 0.0])
        )
        assert design.fractions.tolist() == [0.25, 0]
        assert design.stratum_count == 2
