import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design import DesignError, FloatArray, SurveyDesign
from analysis.estimation.means import estimate_mean
from analysis.estimation.outcome_families import Family
from analysis.estimation.regression import Regression, estimate_regression
from analysis.estimation.regression_errors import Separated
from analysis.estimation.separation import is_separated
from analysis.estimation.statistic import Estimate
from analysis.estimation.undefined import Undefined, UndefinedReason
from tests.analysis.estimation.small_designs import Answers, answers_of, any_answers, jackknifed, simple

NAMES = ("all", "score", "group")


def matrix_of(answers: Answers) -> FloatArray:
    return np.column_stack([np.ones(len(answers.score)), answers.score, answers.group])


def fitted(design: SurveyDesign, outcome: FloatArray, matrix: FloatArray, **more: Any) -> Regression:
    names = NAMES[: matrix.shape[1]]
    found = estimate_regression(design, outcome=outcome, matrix=matrix, names=names, **more)
    assert isinstance(found, Regression)
    return found


def reason(design: SurveyDesign, outcome: FloatArray, matrix: FloatArray, **more: Any) -> UndefinedReason:
    names = NAMES[: matrix.shape[1]]
    found = estimate_regression(design, outcome=outcome, matrix=matrix, names=names, **more)
    assert isinstance(found, Undefined)
    return found.reason


@pytest.mark.slow
@pytest.mark.parametrize("family", list(Family))
def test_coefficients_are_those_of_statsmodels(family: Family) -> None:
    import statsmodels.api as sm

    answers = answers_of(11)
    kinds = {
        Family.QUASIBINOMIAL: (sm.families.Binomial(), answers.yes),
        Family.GAUSSIAN: (sm.families.Gaussian(), answers.score),
        Family.QUASIPOISSON: (sm.families.Poisson(), answers.score),
    }
    kind, outcome = kinds[family]
    matrix = np.column_stack([np.ones(60), answers.group, answers.design.weights])
    found = fitted(answers.design, outcome, matrix, family=family)
    other = sm.GLM(outcome, matrix, family=kind, freq_weights=answers.design.weights).fit(tol=1e-12)
    assert found.coefficients == pytest.approx(other.params, rel=1e-6)


@settings(deadline=None)
@given(answers=any_answers(), factor=st.floats(0.01, 100), seed=st.integers(0, 99))
def test_scale_of_weights_and_order_of_units_do_not_matter(answers: Answers, factor: float, seed: int) -> None:
    found = fitted(answers.design, answers.yes, matrix_of(answers))
    for other in (answers.scaled(factor), answers.shuffled(seed)):
        again = fitted(other.design, other.yes, matrix_of(other))
        assert again.coefficients == pytest.approx(found.coefficients, rel=1e-6, abs=1e-9)
        assert again.covariance == pytest.approx(found.covariance, rel=1e-6, abs=1e-9)
        assert again.dispersion == pytest.approx(found.dispersion, rel=1e-6)


@settings(deadline=None)
@given(answers=any_answers(), shift=st.floats(-5, 5), scale=st.floats(0.1, 10))
def test_columns_may_be_measured_otherwise(answers: Answers, shift: float, scale: float) -> None:
    """Odds per point are those per ``scale`` points to the power of 1/scale, from wherever points are counted."""
    matrix = matrix_of(answers)
    found = fitted(answers.design, answers.yes, matrix)
    matrix[:, 1] = (matrix[:, 1] + shift) * scale
    again = fitted(answers.design, answers.yes, matrix)
    assert again.coefficients[1] * scale == pytest.approx(found.coefficients[1], rel=1e-6, abs=1e-9)
    assert again.se[1] * scale == pytest.approx(found.se[1], rel=1e-6)


@given(answers=any_answers())
def test_a_mean_is_a_regression_on_nothing(answers: Answers) -> None:
    mean = estimate_mean(answers.design, answers.score)
    found = fitted(answers.design, answers.score, np.ones((60, 1)), family=Family.GAUSSIAN)
    assert isinstance(mean, Estimate)
    assert found.coefficients == pytest.approx(mean.value)
    assert found.se == pytest.approx(mean.se)
    assert found.df == mean.df


@given(answers=any_answers())
def test_log_odds_of_a_rate_have_the_delta_methods_error(answers: Answers) -> None:
    mean = estimate_mean(answers.design, answers.yes)
    found = fitted(answers.design, answers.yes, np.ones((60, 1)))
    assert isinstance(mean, Estimate)
    p = float(mean.value[0])
    assert found.coefficients[0] == pytest.approx(math.log(p / (1 - p)), abs=1e-8)
    assert found.se[0] == pytest.approx(float(mean.se[0]) / (p * (1 - p)), rel=1e-4)


@pytest.mark.parametrize("family", [Family.QUASIBINOMIAL, Family.GAUSSIAN])
def test_the_jackknife_is_near_to_linearisation(family: Family) -> None:
    answers = answers_of(3, n=400)
    design = SurveyDesign(weights=answers.design.weights, strata=np.zeros(400, dtype=np.int64))
    matrix = matrix_of(answers)
    taylor = fitted(design, answers.yes, matrix, family=family)
    again = fitted(jackknifed(design), answers.yes, matrix, family=family)
    assert again.coefficients == pytest.approx(taylor.coefficients)
    assert again.se == pytest.approx(taylor.se, rel=0.03)
    assert again.df == taylor.df == 400 - 1 + 1 - 3


def test_a_domain_keeps_the_design_and_leaves_out_who_missed_something() -> None:
    answers = answers_of(9)
    matrix, outcome = matrix_of(answers), answers.yes.copy()
    answered = np.arange(60) % 7 != 0
    outcome[~answered], matrix[~answered, 1] = np.nan, np.nan
    inside = answers.group > 0
    found = fitted(answers.design, outcome, matrix[:, :2], inside=inside, answered=answered)
    other = fitted(answers.design, answers.yes, matrix_of(answers)[:, :2], inside=inside & answered)
    assert found.n == other.n == np.count_nonzero(inside & answered)
    assert found.coefficients == pytest.approx(other.coefficients, abs=1e-7)
    assert found.se == pytest.approx(other.se, rel=1e-3)


class TestUndefined:
    def test_who_is_satisfied_is_certain(self) -> None:
        women = np.repeat([0.0, 1.0], 10)
        matrix = np.column_stack([np.ones(20), women])
        # Every woman is satisfied and half of the men; every woman and no man.
        for outcome in (np.tile([0.0, 1.0], 10), np.zeros(20)):
            outcome[10:] = 1
            with pytest.raises(
                Separated, match=r"outcome: got 20 answers that all, score tell apart for certain, expected"
            ):
                fitted(simple(20), outcome, matrix)
        with pytest.raises(Separated):
            fitted(simple(20), np.ones(20), np.ones((20, 1)))

    def test_a_threshold_separates_as_well(self) -> None:
        score = np.arange(20.0)
        matrix = np.column_stack([np.ones(20), score])
        outcome = (score > 8).astype(float)
        with pytest.raises(Separated):
            fitted(simple(20), outcome, matrix)
        outcome[15] = 0
        assert isinstance(fitted(simple(20), outcome, matrix), Regression)

    def test_columns_that_say_the_same(self) -> None:
        answers = answers_of(1)
        matrix = np.column_stack([np.ones(60), answers.score, 3 - answers.score])
        assert reason(answers.design, answers.yes, matrix) is UndefinedReason.COLLINEAR
        matrix[:, 2] = 0
        assert reason(answers.design, answers.yes, matrix) is UndefinedReason.COLLINEAR
        few = np.arange(60) < 2
        assert reason(answers.design, answers.yes, matrix_of(answers), inside=few) is UndefinedReason.COLLINEAR

    def test_nobody(self) -> None:
        answers = answers_of(1)
        nobody = np.zeros(60, dtype=bool)
        assert reason(answers.design, answers.yes, matrix_of(answers), inside=nobody) is UndefinedReason.EMPTY_DOMAIN

    def test_no_degrees_of_freedom_but_coefficients(self) -> None:
        design = SurveyDesign(weights=np.ones(40), strata=np.zeros(40, dtype=np.int64), psus=np.repeat([0, 1], 20))
        answers = answers_of(2, n=40)
        found = fitted(design, answers.yes, matrix_of(answers)[:, :2])
        assert found.df == 0
        assert found.tests() == found.limits() == Undefined(reason=UndefinedReason.NO_DEGREES_OF_FREEDOM)

    def test_one_fits_all(self) -> None:
        found = fitted(simple(4), np.full(4, 2.0), np.ones((4, 1)), family=Family.GAUSSIAN)
        assert found.tests() == Undefined(reason=UndefinedReason.NO_VARIANCE)


class TestErrors:
    @pytest.mark.parametrize(
        ("outcome", "family"),
        [
            ([0.0, 2.0, 1.0], Family.QUASIBINOMIAL),
            ([-1.0, 2.0, 1.0], Family.QUASIPOISSON),
            ([0.0, math.nan, 1.0], None),
        ],
    )
    def test_outcomes_beyond_their_family(self, outcome: list[float], family: Family | None) -> None:
        with pytest.raises(DesignError, match="expected"):
            fitted(simple(3), np.array(outcome), np.ones((3, 1)), family=family or Family.GAUSSIAN)

    def test_shapes_that_do_not_fit(self) -> None:
        with pytest.raises(DesignError, match="outcome: got 2"):
            fitted(simple(3), np.zeros(2), np.ones((3, 1)))
        with pytest.raises(DesignError, match="one column for each of 1"):
            estimate_regression(simple(3), outcome=np.zeros(3), matrix=np.ones((3, 2)), names=["one"])
        with pytest.raises(ValueError, match="level"):
            fitted(simple(4), np.array([0.0, 1, 1, 0]), np.ones((4, 1))).limits(95)


@settings(deadline=None, max_examples=30)
@given(seed=st.integers(0, 9999), n=st.integers(4, 14))
def test_separation_is_what_makes_scoring_run_away(seed: int, n: int) -> None:
    """Where nothing separates them every coefficient stays small enough; where something does, none is given."""
    random = np.random.default_rng(seed)
    matrix = np.column_stack([np.ones(n), random.integers(0, 3, n), random.integers(0, 2, n)]).astype(np.float64)
    outcome = random.integers(0, 2, n).astype(np.float64)
    try:
        found = estimate_regression(simple(n), outcome=outcome, matrix=matrix, names=NAMES)
    except Separated:
        assert is_separated(matrix, outcome)
        return
    if isinstance(found, Regression):
        assert not is_separated(matrix, outcome)
        assert np.abs(matrix @ found.coefficients).max() < 14
    else:
        assert found.reason is UndefinedReason.COLLINEAR


def test_an_outcome_between_both_holds_its_place() -> None:
    """Half satisfied at a score of 1: no line through the scores can have that one on either side."""
    matrix = np.column_stack([np.ones(3), [0.0, 1, 2]])
    assert is_separated(matrix, np.array([0.0, 0, 1]))
    assert is_separated(matrix, np.array([0.0, 0.5, 1]))
    assert not is_separated(matrix, np.array([0.0, 0.5, 0]))
