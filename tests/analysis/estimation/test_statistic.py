"""Means, totals and ratios with their variances: by scores, by replicates, where there is nothing, and as laws."""

import math
from dataclasses import dataclass, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import (
    BoolArray,
    FloatArray,
    JointVariance,
    Replicates,
    SelectionMethod,
    SurveyDesign,
    UnequalSelection,
)
from analysis.design_errors import DesignError, LengthsDiffer, NotANumber
from analysis.estimation.design_effects import Compared, design_effect
from analysis.estimation.means import estimate_mean
from analysis.estimation.ratios import estimate_ratio
from analysis.estimation.statistic import Estimate, estimate, t_limits
from analysis.estimation.totals import Total, estimate_total
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.estimation.variance import design_df


def plain(n: int, weight: float = 1.0) -> SurveyDesign:
    return SurveyDesign(weights=np.full(n, weight), strata=np.zeros(n, dtype=np.int64))


def defined(found: Estimate | Undefined) -> Estimate:
    assert isinstance(found, Estimate)
    return found


def reason(found: object) -> UndefinedReason:
    assert isinstance(found, Undefined)
    return found.reason


def jackknife(design: SurveyDesign) -> Replicates:
    """Each unit left out once."""
    n = len(design.weights)
    weights = np.where(np.eye(n, dtype=bool), 0.0, n / (n - 1)) * design.weights[:, np.newaxis]
    return Replicates(weights=weights, scale=(n - 1) / n, rscales=np.ones(n))


def test_joint_probabilities_that_leave_a_negative_variance() -> None:
    # Yates and Grundy of two: (.25 - .3)/.3 x (1/.5 - 3/.5)² is below 0. R's survey 4.1-1 has NaN for the standard
    # error: svytotal(~y, svydesign(~1, fpc = ~p, pps = ppsmat(matrix(c(.5, .3, .3, .5), 2)), variance = "YG", data =
    # data.frame(y = c(1, 3), p = .5)))
    selection = UnequalSelection(
        method=SelectionMethod.JOINT,
        probabilities=np.full(2, 0.5),
        joint=np.array([[0.5, 0.3], [0.3, 0.5]]),
        variance=JointVariance.YATES_GRUNDY,
    )
    design = replace(plain(2, weight=2.0), selection=selection)
    assert reason(estimate_total(design, np.array([1.0, 3.0]))) is UndefinedReason.NEGATIVE_VARIANCE
    # Everybody alike: rounding, no more.
    assert defined(estimate_total(design, np.ones(2))).se.tolist() == [0.0]


class TestDomains:
    def test_the_whole_design_stays(self) -> None:
        # Values 1 and 3 of a domain in a sample of 4: scores -1/2, 1/2, 0, 0; 4/3 x 1/2.
        inside = np.array([True, True, False, False])
        found = defined(estimate_mean(plain(4), np.array([1.0, 3, 8, 9]), inside=inside))
        assert found.value.tolist() == [2]
        assert found.covariance[0, 0] == pytest.approx(2 / 3)
        assert (found.df, found.n) == (1, 2)

    def test_several_values_at_once(self) -> None:
        y = np.array([[1.0, 0], [3, 0], [5, 6]])
        found = defined(estimate_mean(plain(3), y))
        assert found.value.tolist() == [3, 2]
        for place in (0, 1):
            alone = defined(estimate_mean(plain(3), y[:, place]))
            assert found.covariance[place, place] == pytest.approx(alone.covariance[0, 0])

    def test_all_alike_is_exact(self) -> None:
        weights = np.array([0.1, 0.2, 0.7, 1 / 3])
        design = SurveyDesign(weights=weights, strata=np.zeros(4, dtype=np.int64))
        found = defined(estimate_mean(design, np.full(4, 1.0)))
        assert (found.value[0], found.covariance[0, 0]) == (1.0, 0.0)


class TestNothing:
    def test_empty_domain(self) -> None:
        nobody = np.zeros(3, dtype=bool)
        assert reason(estimate_mean(plain(3), np.ones(3), inside=nobody)) is UndefinedReason.EMPTY_DOMAIN
        weightless = plain(3, weight=0.0)
        assert reason(estimate_total(weightless, np.ones(3))) is UndefinedReason.EMPTY_DOMAIN

    def test_ratio_to_nothing(self) -> None:
        assert reason(estimate_ratio(plain(2), np.ones(2), np.zeros(2))) is UndefinedReason.ZERO_DENOMINATOR

    def test_coefficient_of_variation_of_nothing(self) -> None:
        assert reason(defined(estimate_total(plain(2), np.array([1.0, -1]))).cv) is UndefinedReason.ZERO_DENOMINATOR

    def test_limits_without_degrees_of_freedom(self) -> None:
        assert reason(t_limits(1.0, 0.1, 0, 0.95)) is UndefinedReason.NO_DEGREES_OF_FREEDOM

    def test_replicates_without_a_value_are_left_out(self) -> None:
        # A domain of one unit: the replicate that leaves it out has no mean, the others have the same.
        design = plain(3)
        design = replace(design, replicates=jackknife(design))
        only = np.array([True, False, False])
        found = defined(estimate_mean(design, np.array([4.0, 5, 9]), inside=only))
        assert (found.value[0], found.covariance[0, 0]) == (4, 0)

    def test_no_replicate_has_a_value(self) -> None:
        design = plain(2)
        none = Replicates(weights=np.zeros((2, 2)), scale=0.5, rscales=np.ones(2))
        assert reason(estimate_mean(replace(design, replicates=none), np.ones(2))) is UndefinedReason.NO_VARIANCE


class TestBadInput:
    def test_a_value_inside_that_is_no_number(self) -> None:
        y = np.array([1.0, np.nan, 2])
        with pytest.raises(NotANumber, match="y: got 1 values that are no finite numbers"):
            estimate_mean(plain(3), y)
        assert defined(estimate_mean(plain(3), y, inside=~np.isnan(y))).value[0] == 1.5
        weightless = SurveyDesign(weights=np.array([1.0, 0, 1]), strata=np.zeros(3, dtype=np.int64))
        assert defined(estimate_mean(weightless, y)).value[0] == 1.5

    @pytest.mark.parametrize("estimator", [estimate_mean, estimate_total])
    def test_lengths(self, estimator: object) -> None:
        assert callable(estimator)
        with pytest.raises(LengthsDiffer, match="y: got 2 values, expected 3"):
            estimator(plain(3), np.ones(2))
        with pytest.raises(LengthsDiffer, match="inside: got 2 values, expected 3"):
            estimator(plain(3), np.ones(3), inside=np.ones(2, dtype=bool))

    def test_statistics_of_others(self) -> None:
        with pytest.raises(DesignError, match="inside: got 1 values"):
            estimate(plain(2), Total(y=np.ones((2, 1))), inside=np.ones(1, dtype=bool))


@dataclass(frozen=True)
class ToTheTotal:
    """Weights brought to one known total: scores leave their mean."""

    total: float

    def residuals(self, scores: FloatArray) -> FloatArray:
        return scores - scores.mean(axis=0)

    def apply(self, weights: FloatArray) -> FloatArray:
        adjusted: FloatArray = weights * (self.total / weights.sum(axis=0))
        return adjusted


class TestAdjustments:
    def test_what_is_known_has_no_variance(self) -> None:
        step = ToTheTotal(total=12)
        before = plain(4)
        design = before.adjusted(weights=step.apply(before.weights), adjustment=step)
        assert defined(estimate_total(design, np.ones(4))).se[0] == 0
        # Values 1, 2, 3, 6 of weight 3: 4/3 x 9 x 14.
        assert defined(estimate_total(design, np.array([1.0, 2, 3, 6]))).covariance[0, 0] == pytest.approx(168)
        assert not design.is_plain

    def test_replicates_go_through_the_step(self) -> None:
        step = ToTheTotal(total=12)
        before = plain(4)
        before = replace(before, replicates=jackknife(before))
        design = before.adjusted(weights=step.apply(before.weights), adjustment=step)
        assert design.replicates is not None
        np.testing.assert_allclose(design.replicates.weights.sum(axis=0), 12)
        assert defined(estimate_total(design, np.ones(4))).se[0] == 0


class TestReplicates:
    def test_of_totals_they_are_the_scores(self) -> None:
        design, y = plain(5, weight=3.0), np.array([1.0, 4, 4, 9, 2])
        by_scores = defined(estimate_total(design, y))
        found = defined(estimate_total(replace(design, replicates=jackknife(design)), y))
        assert found.covariance[0, 0] == pytest.approx(by_scores.covariance[0, 0])
        assert found.df == by_scores.df == 4

    def test_about_the_full_estimate(self) -> None:
        # Ratios of sums without one unit each, about the full one and about their own mean.
        design = plain(3)
        y, x = np.array([1.0, 2, 6]), np.array([1.0, 3, 2])
        ratios = np.array([8 / 5, 7 / 3, 3 / 4])
        for mse, centre in ((True, 9 / 6), (False, ratios.mean())):
            one = replace(jackknife(design), mse=mse)
            found = defined(estimate_ratio(replace(design, replicates=one), y, x))
            assert found.covariance[0, 0] == pytest.approx(2 / 3 * ((ratios - centre) ** 2).sum())

    def test_degrees_of_freedom(self) -> None:
        design = plain(6)
        design = replace(design, replicates=jackknife(design))
        assert design_df(design) == 5
        inside = np.array([True] * 4 + [False] * 2)
        # Four units left out one after the other, and two replicates that leave out none of them.
        assert defined(estimate_mean(design, np.arange(6.0), inside=inside)).df == 3
        assert design.replicates is not None
        given_df = replace(design, replicates=replace(design.replicates, df=17))
        assert defined(estimate_mean(given_df, np.arange(6.0))).df == 17


class TestDesignEffects:
    def test_simple_sampling(self) -> None:
        y = np.array([1.0, 2, 3, 6])
        design = replace(plain(4, weight=5.0), sampling_fractions=np.array([0.2]))
        mean, total = defined(estimate_mean(design, y)), defined(estimate_total(design, y))
        assert design_effect(design, y, variance=float(mean.covariance[0, 0])) == pytest.approx(1)
        assert design_effect(design, y, variance=float(total.covariance[0, 0]), total=True) == pytest.approx(1)
        with_replacement = design_effect(
            design, y, variance=float(mean.covariance[0, 0]), kind=Compared.WITH_REPLACEMENT
        )
        assert with_replacement == pytest.approx(0.8)

    def test_clusters(self) -> None:
        # Three PSUs of two alike: as good as three units. 3/2 x 2 x .25 x (2/6)², over .25/5: 2 less what n/(n-1) does.
        design = replace(plain(6), psus=np.array([0, 0, 1, 1, 2, 2]))
        y = np.array([1.0, 1, 0, 0, 0.5, 0.5])
        mean = defined(estimate_mean(design, y))
        effect = design_effect(design, y, variance=float(mean.covariance[0, 0]), kind=Compared.WITH_REPLACEMENT)
        assert effect == pytest.approx(3 / 2 * 2 * 0.25 / 9 * 4 / (1 / 6 / 5) / 4 * 1)

    @pytest.mark.parametrize(
        ("inside", "expected"),
        [
            (np.zeros(3, dtype=bool), UndefinedReason.EMPTY_DOMAIN),
            (np.array([True, False, False]), UndefinedReason.ONE_RESPONDENT),
            (np.array([True, True, False]), UndefinedReason.NO_VARIANCE),
        ],
    )
    def test_nothing_to_compare_with(self, inside: BoolArray, expected: UndefinedReason) -> None:
        y = np.array([1.0, 1, 5])
        assert reason(design_effect(plain(3, weight=2.0), y, inside, variance=0.1)) is expected

    def test_everyone_was_asked(self) -> None:
        assert reason(design_effect(plain(3), np.arange(3.0), variance=0.1)) is UndefinedReason.CENSUS


# ---- laws ----


@st.composite
def answered(draw: st.DrawFn) -> tuple[SurveyDesign, FloatArray, FloatArray]:
    n = draw(st.integers(2, 30))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    strata = np.sort(rng.integers(0, draw(st.integers(1, 3)), n))
    design = SurveyDesign(weights=rng.uniform(0.5, 4, n), strata=strata, psus=strata * 10 + rng.integers(0, 6, n))
    return design, rng.normal(5, 2, n), rng.uniform(1, 3, n)


@given(answered(), st.floats(0.01, 100))
def test_scaled_weights_change_totals_alone(given_: tuple[SurveyDesign, FloatArray, FloatArray], times: float) -> None:
    design, y, x = given_
    scaled = replace(design, weights=design.weights * times)
    for before, after, factor in (
        (estimate_mean(design, y), estimate_mean(scaled, y), 1.0),
        (estimate_ratio(design, y, x), estimate_ratio(scaled, y, x), 1.0),
        (estimate_total(design, y), estimate_total(scaled, y), times),
    ):
        assert defined(after).value[0] == pytest.approx(defined(before).value[0] * factor)
        assert defined(after).se[0] == pytest.approx(defined(before).se[0] * factor, rel=1e-6, abs=1e-9 * factor)


@given(answered())
def test_totals_of_parts_add_up(given_: tuple[SurveyDesign, FloatArray, FloatArray]) -> None:
    design, y, x = given_
    parts = [np.where(x < 2, y, 0.0), np.where(x < 2, 0.0, y)]
    both, whole = defined(estimate_total(design, np.column_stack(parts))), defined(estimate_total(design, y))
    assert both.value.sum() == pytest.approx(whole.value[0])
    assert both.covariance.sum() == pytest.approx(whole.covariance[0, 0], rel=1e-9, abs=1e-9)
    inside = x < 2
    if inside.any() and design.psu_counts[design.psu_counts > 0].min() > 1:
        alone = defined(estimate_total(design, y, inside=inside))
        assert alone.value[0] == pytest.approx(both.value[0])
        assert alone.covariance[0, 0] == pytest.approx(both.covariance[0, 0], rel=1e-9, abs=1e-9)


@given(answered())
def test_a_mean_is_a_ratio_to_the_size(given_: tuple[SurveyDesign, FloatArray, FloatArray]) -> None:
    design, y, x = given_
    inside = x < 2.5
    if inside.any():
        mean = defined(estimate_mean(design, y, inside=inside))
        ratio = defined(estimate_ratio(design, y, np.ones(len(y)), inside=inside))
        assert mean.value[0] == pytest.approx(ratio.value[0])
        assert mean.se[0] == pytest.approx(ratio.se[0], rel=1e-6, abs=1e-9)
        assert (mean.df, mean.n) == (ratio.df, ratio.n)


@given(answered(), st.floats(0.5, 0.999), st.sampled_from([1.0, 3.0, 17.0, math.inf]))
def test_limits_hold_the_estimate(given_: tuple[SurveyDesign, FloatArray, FloatArray], level: float, df: float) -> None:
    design, y, _ = given_
    found = defined(estimate_mean(design, y))
    limits = t_limits(float(found.value[0]), float(found.se[0]), df, level)
    assert not isinstance(limits, Undefined)
    assert limits[0] <= found.value[0] <= limits[1]
    wider = t_limits(float(found.value[0]), float(found.se[0]), df, (1 + level) / 2)
    assert not isinstance(wider, Undefined)
    assert wider[0] <= limits[0] and limits[1] <= wider[1]  # noqa: PT018
