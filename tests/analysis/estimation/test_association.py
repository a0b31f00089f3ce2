from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.design import DesignError, SurveyDesign
from analysis.estimation.association import Association, AssociationTest, estimate_association
from analysis.estimation.undefined import Undefined, UndefinedReason
from tests.analysis.estimation.small_designs import Answers, answers_of, any_answers, simple

TESTS = st.sampled_from(list(AssociationTest))


def association_in(answers: Answers, test: AssociationTest, **more: Any) -> Association:
    found = estimate_association(
        answers.design, rows=answers.yes.astype(np.int64), columns=answers.group, test=test, **more
    )
    assert isinstance(found, Association)
    return found


@given(
    cells=st.lists(st.integers(1, 40), min_size=6, max_size=6),
)
def test_simple_samples_give_pearsons_test(cells: list[int]) -> None:
    """Drawn with replacement every design effect is n/(n - 1), for the variances divide by n - 1."""
    table = np.array(cells).reshape(2, 3)
    rows, columns = np.repeat(np.indices(table.shape).reshape(2, 6), cells, axis=1)
    found = estimate_association(simple(len(rows)), rows=rows, columns=columns, test=AssociationTest.CHISQ)
    expected = stats.chi2_contingency(table, correction=False)
    assert isinstance(found, Association)
    assert found.statistic == pytest.approx(expected.statistic, abs=1e-9)
    n = len(rows)
    assert found.p_value == pytest.approx(float(stats.chi2.sf(expected.statistic * (n - 1) / n, 2)), abs=1e-9)
    second = estimate_association(simple(n), rows=rows, columns=columns)
    assert isinstance(second, Association)
    assert (second.df, second.denominator_df) == (pytest.approx(2), pytest.approx(2 * (n - 1)))


@given(answers=any_answers(), test=TESTS, factor=st.floats(0.01, 100), seed=st.integers(0, 99))
def test_scale_of_weights_and_order_of_units_do_not_matter(
    answers: Answers, test: AssociationTest, factor: float, seed: int
) -> None:
    found = association_in(answers, test)
    for other in (answers.scaled(factor), answers.shuffled(seed)):
        again = association_in(other, test)
        assert again.statistic == pytest.approx(found.statistic, rel=1e-6, abs=1e-9)
        assert again.p_value == pytest.approx(found.p_value, rel=1e-6, abs=1e-9)
    assert 0 <= found.p_value <= 1


@given(answers=any_answers(), test=TESTS)
def test_rows_and_columns_may_change_places_and_names(answers: Answers, test: AssociationTest) -> None:
    found = association_in(answers, test)
    yes = answers.yes.astype(np.int64)
    for rows, columns in ((answers.group, yes), (1 - yes, (answers.group + 1) % 3), (yes * 5, answers.group * 2)):
        again = estimate_association(answers.design, rows=rows, columns=columns, test=test)
        assert isinstance(again, Association)
        assert again.statistic == pytest.approx(found.statistic, rel=1e-6, abs=1e-9)


def test_the_adjusted_wald_test_counts_its_own_degrees_of_freedom() -> None:
    answers = answers_of(5)
    plain, adjusted = (
        association_in(answers, AssociationTest.WALD),
        association_in(answers, AssociationTest.ADJUSTED_WALD),
    )
    assert (plain.df, plain.denominator_df, adjusted.denominator_df) == (2, 8, 7)
    assert adjusted.statistic == pytest.approx(plain.statistic * 7 / 8)


def test_what_has_no_answer_leaves_the_table() -> None:
    answers = answers_of(6)
    rows = np.where(answers.score > 7, -1, answers.yes.astype(np.int64))
    without = estimate_association(answers.design, rows=rows, columns=answers.group)
    outside = association_in(answers, AssociationTest.F, inside=answers.score <= 7)
    assert isinstance(without, Association)
    assert without == outside
    assert without.n == np.count_nonzero(answers.score <= 7)


def test_an_empty_cell_is_a_cell() -> None:
    design = SurveyDesign(weights=np.ones(30), strata=np.zeros(30, dtype=np.int64), psus=np.repeat(np.arange(10), 3))
    rows, columns = np.repeat([0, 0, 1], [7, 13, 10]), np.repeat([0, 1, 0], [7, 13, 10])
    for test in AssociationTest:
        found = estimate_association(design, rows=rows, columns=columns, test=test)
        assert isinstance(found, Association)
        assert 0 <= found.p_value < 0.1


@pytest.mark.parametrize("test", list(AssociationTest))
def test_what_is_not_defined_says_why(test: AssociationTest) -> None:
    answers = answers_of(7)
    yes = answers.yes.astype(np.int64)

    def reason(**more: Any) -> UndefinedReason:
        found = estimate_association(
            answers.design, **{"rows": yes, "columns": answers.group, "inside": None, "test": test} | more
        )
        assert isinstance(found, Undefined)
        return found.reason

    assert reason(inside=np.zeros(60, dtype=bool)) is UndefinedReason.EMPTY_DOMAIN
    assert reason(columns=np.full(60, -1)) is UndefinedReason.EMPTY_DOMAIN
    assert reason(rows=np.zeros(60, dtype=np.int64)) is UndefinedReason.NO_VARIANCE
    assert answers.design.psus is not None
    alone = np.arange(60) >= 0
    alone &= answers.design.psus == 2
    rows, columns = np.arange(60) % 2, np.arange(60) // 2 % 2
    assert reason(rows=rows, columns=columns, inside=alone) is UndefinedReason.NO_DEGREES_OF_FREEDOM


def test_a_missing_answer_takes_no_psu_away() -> None:
    # svychisq(~y + g, svydesign(~1, weights = ~w, data)) of survey 4.1-1 with y = rep(c(NA, 0, 1, 1), 5),
    # g = rep(c(0, 1), 10), w = 1:20: F = 2.688525913424 on 1 and 19 degrees of freedom, though 15 answered.
    rows, columns = np.tile([-1, 0, 1, 1], 5), np.tile([0, 1], 10)
    design = SurveyDesign(weights=np.arange(1.0, 21), strata=np.zeros(20, dtype=np.int64))
    found = estimate_association(design, rows=rows, columns=columns)
    assert isinstance(found, Association)
    assert (found.n, found.df, found.denominator_df) == (15, pytest.approx(1), pytest.approx(19))
    assert (found.statistic, found.p_value) == pytest.approx((2.688525913424, 0.117525446087))


def test_lengths_that_differ_are_named() -> None:
    with pytest.raises(DesignError, match="columns"):
        estimate_association(simple(3), rows=np.zeros(3, dtype=np.int64), columns=np.zeros(2, dtype=np.int64))
