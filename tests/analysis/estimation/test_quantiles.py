import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import DesignError, SurveyDesign
from analysis.estimation.means import estimate_mean
from analysis.estimation.quantiles import Quantile, QuantileRule, estimate_quantile, weighted_quantile
from analysis.estimation.statistic import Estimate
from analysis.estimation.undefined import Undefined, UndefinedReason
from tests.analysis.estimation.small_designs import Answers, any_answers, jackknifed, simple

NUMPY = {
    QuantileRule.MATH: "inverted_cdf",
    QuantileRule.HF1: "inverted_cdf",
    QuantileRule.SCHOOL: "averaged_inverted_cdf",
    QuantileRule.HF2: "averaged_inverted_cdf",
    QuantileRule.HF4: "interpolated_inverted_cdf",
    QuantileRule.HF5: "hazen",
    QuantileRule.HF6: "weibull",
    QuantileRule.HF7: "linear",
    QuantileRule.HF8: "median_unbiased",
    QuantileRule.HF9: "normal_unbiased",
}
SHARES = st.sampled_from([0.01, 0.1, 0.25, 0.3, 0.5, 0.7, 0.75, 0.9, 0.95])
RULES = st.sampled_from(list(QuantileRule))


@given(values=st.lists(st.integers(0, 20), min_size=1, max_size=40), p=SHARES, rule=RULES, weight=st.floats(0.1, 9))
def test_equal_weights_give_the_quantile_without_weights(
    values: list[int], p: float, rule: QuantileRule, weight: float
) -> None:
    x = np.array(values, dtype=np.float64)
    found = weighted_quantile(x, np.full(len(x), weight), p, rule)
    assert found == pytest.approx(float(np.quantile(x, p, method=NUMPY[rule])), abs=1e-9)


@given(answers=any_answers(), p=SHARES, rule=RULES, factor=st.floats(0.01, 100))
def test_only_the_shares_of_the_weights_matter(answers: Answers, p: float, rule: QuantileRule, factor: float) -> None:
    weights = answers.design.weights
    found = weighted_quantile(answers.score, weights, p, rule)
    assert weighted_quantile(answers.score, weights * factor, p, rule) == pytest.approx(found, abs=1e-9)


@given(answers=any_answers(), p=SHARES, seed=st.integers(0, 99))
@pytest.mark.parametrize("rule", [QuantileRule.MATH, QuantileRule.SCHOOL])
def test_the_order_of_units_does_not_matter(answers: Answers, p: float, seed: int, rule: QuantileRule) -> None:
    other = answers.shuffled(seed)
    found = estimate_quantile(answers.design, values=answers.score, p=p, rule=rule)
    again = estimate_quantile(other.design, values=other.score, p=p, rule=rule)
    assert isinstance(found, Quantile)
    assert isinstance(again, Quantile)
    assert (again.value, again.low, again.high) == (found.value, found.low, found.high)


@given(answers=any_answers(), rule=RULES, level=st.sampled_from([0.8, 0.95, 0.99]), p=SHARES)
def test_intervals_contain_the_estimate_and_stay_among_the_answers(
    answers: Answers, rule: QuantileRule, level: float, p: float
) -> None:
    found = estimate_quantile(answers.design, values=answers.score, p=p, rule=rule, level=level)
    assert isinstance(found, Quantile)
    limits = [limit for limit in (found.low, found.high) if isinstance(limit, float)]
    assert sorted(limits) == limits
    assert all(answers.score.min() <= limit <= answers.score.max() for limit in limits)
    if rule in (QuantileRule.MATH, QuantileRule.HF1):
        assert not isinstance(found.low, float) or found.low <= found.value
        assert not isinstance(found.high, float) or found.value <= found.high
    if len(limits) < 2:
        assert found.se == Undefined(reason=UndefinedReason.BEYOND_THE_ANSWERS)
        assert found.has_width
    else:
        assert isinstance(found.se, float)
        assert found.se >= 0


@given(answers=any_answers(), rule=RULES)
def test_quantiles_rise_with_the_share(answers: Answers, rule: QuantileRule) -> None:
    found = [weighted_quantile(answers.score, answers.design.weights, p, rule) for p in np.linspace(0.01, 0.99, 30)]
    assert found == sorted(found)


def test_a_weight_counts_as_so_many_people() -> None:
    values, weights = np.array([1.0, 2.0, 7.0]), np.array([3.0, 1.0, 2.0])
    for p in (0.4, 0.5, 0.6, 0.7):
        many = np.repeat(values, [3, 1, 2])
        assert weighted_quantile(values, weights, p, QuantileRule.MATH) == np.quantile(many, p, method="inverted_cdf")


def test_woodruffs_limits_are_those_of_the_share_carried_back() -> None:
    design, values = simple(100), np.arange(100.0)
    found = estimate_quantile(design, values=values, p=0.5, df=math.inf)
    share = estimate_mean(design, values <= 49)
    assert isinstance(found, Quantile)
    assert isinstance(share, Estimate)
    # .5 ± 1.96 x .0503: the values with at least the shares .4015 and .5985 at or below them.
    assert (found.value, found.low, found.high) == (49, 40, 59)
    assert found.se == pytest.approx(19 / (2 * 1.959964), rel=1e-6)


def test_a_limit_beyond_the_answers() -> None:
    # svyquantile(~y, svydesign(~1, weights = ~1, data = data.frame(y = 1:5)), .5) of survey 4.1-1: 3, NaN, NaN
    # (3 of 5 are at or below 3: .6 ± 2.776 x .245 = -.08 to 1.28).
    found = estimate_quantile(simple(5), values=np.arange(1.0, 6), p=0.5)
    beyond = Undefined(reason=UndefinedReason.BEYOND_THE_ANSWERS)
    assert isinstance(found, Quantile)
    assert (found.value, found.low, found.high, found.se) == (3, beyond, beyond, beyond)
    # With p = .8: .8 ± 2.776 x .2 = .245 to 1.355.
    found = estimate_quantile(simple(5), values=np.arange(1.0, 6), p=0.8)
    assert isinstance(found, Quantile)
    assert (found.value, found.low, found.high, found.se) == (4, 2, beyond, beyond)


def test_replicates_give_the_share_its_variance() -> None:
    design, values = simple(40), np.arange(40.0)
    taylor = estimate_quantile(design, values=values, p=0.3)
    again = estimate_quantile(jackknifed(design), values=values, p=0.3)
    assert isinstance(taylor, Quantile)
    assert isinstance(again, Quantile)
    # The jackknife of a mean is its Taylor variance; both have 39 degrees of freedom.
    assert (again.low, again.high, again.df) == (taylor.low, taylor.high, taylor.df)


def test_nobody_one_psu_and_no_spread() -> None:
    design = SurveyDesign(
        weights=np.array([1.0, 1, 1, 0]), strata=np.zeros(4, dtype=np.int64), psus=np.array([0, 0, 1, 1])
    )
    values = np.array([5.0, 5, 5, 9])
    nobody = estimate_quantile(design, values=values, p=0.5, inside=np.array([False, False, False, True]))
    assert nobody == Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
    one = estimate_quantile(design, values=values, p=0.5, inside=np.array([True, True, False, False]))
    assert one == Undefined(reason=UndefinedReason.NO_DEGREES_OF_FREEDOM)
    alike = estimate_quantile(design, values=values, p=0.5)
    assert isinstance(alike, Quantile)
    assert not alike.has_width


@pytest.mark.parametrize(("p", "level"), [(0.0, 0.95), (1.2, 0.95), (0.5, 0.0), (0.5, 95)])
def test_shares_and_levels_lie_between_0_and_1(p: float, level: float) -> None:
    with pytest.raises(ValueError, match="expected a"):
        estimate_quantile(simple(3), values=np.arange(3.0), p=p, level=level)


def test_missing_values_are_left_outside() -> None:
    values = np.array([1.0, math.nan, 3.0])
    with pytest.raises(DesignError, match="values"):
        estimate_quantile(simple(3), values=values, p=0.5)
    assert isinstance(estimate_quantile(simple(3), values=values, p=0.5, inside=~np.isnan(values)), Quantile)
    with pytest.raises(DesignError, match="nobody"):
        weighted_quantile(values, np.zeros(3), 0.5, QuantileRule.MATH)
