"""Every method by name: laws, written rules, and numbers that can be worked out by hand."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import SurveyDesign
from analysis.estimation.interval_methods import Interval, IntervalMethod, interval_by_method
from analysis.estimation.likelihood_interval import curve_through, likelihood_limits
from analysis.estimation.log_odds import LogOdds
from analysis.estimation.statistic import Estimate, estimate
from analysis.estimation.undefined import NotDefined, Undefined, UndefinedReason

METHODS = list(IntervalMethod)
ON_ANOTHER_SCALE = (IntervalMethod.LOGIT, IntervalMethod.XLOGIT, IntervalMethod.ASIN)


def limits(method: IntervalMethod, p: float, variance: float, n: float, df: float, level: float = 0.95) -> Interval:
    found = interval_by_method(method, p=p, variance=variance, n=n, df=df, level=level)
    assert isinstance(found, Interval)
    return found


def reason(method: IntervalMethod, **given: float) -> UndefinedReason | None:
    usual = {"p": 0.9, "variance": 0.001, "n": 100.0, "df": 99.0}
    found = interval_by_method(method, **{**usual, **given})
    return found.reason if isinstance(found, Undefined) else None


class TestByHand:
    """p = .9, n = 100, v = .0009, so se = .03 and n_eff = 100; normal."""

    @pytest.mark.parametrize(
        ("method", "low", "high"),
        [
            # .9 ± 1.96 x .03
            ("mean", 0.8412, 0.9588),
            # log 9 = 2.1972 ± 1.96 x .03/.09 = 1.5439, 2.8505
            ("xlogit", 0.8240, 0.9453),
            ("logit", 0.8240, 0.9453),
            # asin √.9 = 1.24905 ± 1.96 x .03/(2 x .3) = 1.15105, 1.34705
            ("asin", 0.8339, 0.9508),
            # Wilson 1927
            ("wilson", 0.8256, 0.9448),
        ],
    )
    def test_limits(self, method: str, low: float, high: float) -> None:
        found = limits(IntervalMethod(method), 0.9, 0.0009, 100, math.inf)
        assert (round(found.low, 4), round(found.high, 4)) == (low, high)

    def test_clopper_and_pearson(self) -> None:
        # 18 of 20 with the variance of a simple sample: .683 to .988, whether capped or not.
        for method in (IntervalMethod.BETA, IntervalMethod.KORN_GRAUBARD_NCHS):
            found = limits(method, 0.9, 0.0045, 20, 19)
            assert (round(found.low, 4), round(found.high, 4)) == (0.683, 0.9877)

    def test_the_likelihood_has_fallen_to_its_limits(self) -> None:
        for p, n, effective in ((0.9, 100, 80.0), (0.3, 40, 40.0), (0.97, 500, 350.0)):
            for limit in likelihood_limits(p, n=n, n_effective=effective, t=1.96):
                fall = p * math.log(p / limit) + (1 - p) * math.log((1 - p) / (1 - limit))
                assert math.sqrt(2 * effective * fall * (n - 1) / n) == pytest.approx(1.96, rel=1e-3)

    def test_a_likelihood_that_falls_too_slowly_for_any_number(self) -> None:
        assert likelihood_limits(0.999, n=2, n_effective=0.1, t=12.7) == (0.0, 1.0)

    def test_the_sine_turns_back_as_in_r(self) -> None:
        # svyciprop(method = "asin", level = .99, df = Inf) of survey 4.1-1: schools of apiclus2 with api00 > 930
        found = interval_by_method(
            IntervalMethod.ASIN, p=0.011070110701107, variance=0.00868448381223466**2, n=126, df=math.inf, level=0.99
        )
        assert isinstance(found, Interval)
        assert found.low == pytest.approx(2.21710300766942e-06, rel=1e-6)
        assert found.high == pytest.approx(0.0444016557190776, rel=1e-9)

    def test_a_scale_ends(self) -> None:
        assert limits(IntervalMethod.MEAN, 0.97, 0.001, 30, 29).high > 1

    def test_what_the_effective_size_was(self) -> None:
        capped = limits(IntervalMethod.KORN_GRAUBARD_NCHS, 0.8, 0.0016, 40, 39)
        assert (capped.n_effective, capped.n_adjusted) == (pytest.approx(100), 40)
        assert limits(IntervalMethod.BETA, 0.8, 0.0016, 40, 39).n_adjusted == pytest.approx(100)

    def test_the_capped_one_takes_the_designs_df(self) -> None:
        usual = {"p": 0.8, "variance": 0.004, "n": 40.0, "df": 3.0}
        by_design = interval_by_method(IntervalMethod.KORN_GRAUBARD_NCHS, **usual, design_df=39.0)
        assert by_design == limits(IntervalMethod.KORN_GRAUBARD_NCHS, 0.8, 0.004, 40, 39)
        assert interval_by_method(IntervalMethod.WILSON, **usual, design_df=39.0) == limits(
            IntervalMethod.WILSON, 0.8, 0.004, 40, 3
        )


class TestRules:
    @pytest.mark.parametrize("method", METHODS)
    def test_nobody(self, method: IntervalMethod) -> None:
        assert reason(method, n=0, p=0, variance=0, df=0) is UndefinedReason.EMPTY_DOMAIN

    @pytest.mark.parametrize("method", METHODS)
    def test_a_census(self, method: IntervalMethod) -> None:
        assert reason(method, fraction=1.0) is UndefinedReason.CENSUS

    @pytest.mark.parametrize("method", sorted(set(METHODS) - {IntervalMethod.MEAN, IntervalMethod.KORN_GRAUBARD_NCHS}))
    def test_one_respondent(self, method: IntervalMethod) -> None:
        assert reason(method, n=1, p=1, variance=0) is UndefinedReason.ONE_RESPONDENT

    @pytest.mark.parametrize("method", METHODS)
    def test_one_psu(self, method: IntervalMethod) -> None:
        assert reason(method, df=0) is UndefinedReason.NO_DEGREES_OF_FREEDOM

    @pytest.mark.parametrize("p", [0.0, 1.0])
    @pytest.mark.parametrize("method", ["xlogit", "asin", "beta", "wilson", "likelihood"])
    def test_everyone_and_nobody(self, method: str, p: float) -> None:
        assert reason(IntervalMethod(method), p=p, variance=0) is UndefinedReason.ALL_OR_NONE

    @pytest.mark.parametrize("method", ["beta", "wilson", "likelihood"])
    def test_no_variance(self, method: str) -> None:
        assert reason(IntervalMethod(method), variance=0) is UndefinedReason.NO_VARIANCE

    @pytest.mark.parametrize("method", ["mean", "logit", "xlogit", "asin"])
    def test_no_width_where_other_software_has_none(self, method: str) -> None:
        found = limits(IntervalMethod(method), 0.9, 0, 100, 99)
        assert (found.low, found.high, found.has_width) == (0.9, 0.9, False)

    @pytest.mark.parametrize("method", ["mean", "logit"])
    def test_no_width_at_the_ends_either(self, method: str) -> None:
        assert not limits(IntervalMethod(method), 1.0, 0, 100, 99).has_width

    def test_the_capped_one_knows_its_respondents(self) -> None:
        # No variance: Clopper and Pearson with n. .025 ** (1/12) = .7354, and .025 of one.
        for n, low in ((12, 0.7354), (1, 0.025)):
            found = limits(IntervalMethod.KORN_GRAUBARD_NCHS, 1.0, 0, n, 0)
            assert (round(found.low, 4), found.high, found.n_adjusted) == (low, 1.0, n)
        assert limits(IntervalMethod.KORN_GRAUBARD_NCHS, 0.5, 0, 12, 0).has_width
        assert reason(IntervalMethod.KORN_GRAUBARD_NCHS, n=1, p=0.5) is UndefinedReason.ONE_RESPONDENT

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"p": 1.2}, "p: got 1.2"),
            ({"p": math.nan}, "p: got nan"),
            ({"variance": -1.0}, "variance: got -1.0"),
            ({"variance": math.nan}, "variance: got nan"),
            ({"level": 95.0}, "level: got 95.0"),
        ],
    )
    def test_no_numbers_to_work_with(self, given: dict[str, float], message: str) -> None:
        with pytest.raises(ValueError, match=message):
            reason(IntervalMethod.WILSON, **given)


RATES = st.tuples(
    st.floats(0.001, 0.999), st.integers(2, 3000), st.floats(0.2, 20), st.sampled_from([1.0, 4.0, math.inf])
)
#: The sine turns back past the ends of the scale.
NOT_TURNING = sorted(set(METHODS) - {IntervalMethod.ASIN})


class TestLaws:
    @given(RATES, st.sampled_from(NOT_TURNING), st.sampled_from([0.5, 0.9, 0.95, 0.999]))
    def test_holds_the_estimate(
        self, rate: tuple[float, int, float, float], method: IntervalMethod, level: float
    ) -> None:
        p, n, effect, df = rate
        found = limits(method, p, effect * p * (1 - p) / n, n, df, level)
        assert found.low <= p <= found.high
        assert method is IntervalMethod.MEAN or 0 <= found.low <= found.high <= 1

    @given(RATES, st.sampled_from(NOT_TURNING))
    def test_the_surer_the_wider(self, rate: tuple[float, int, float, float], method: IntervalMethod) -> None:
        p, n, effect, df = rate
        found = [limits(method, p, effect * p * (1 - p) / n, n, df, level) for level in (0.8, 0.9, 0.95, 0.99)]
        # Limits of the likelihood are read off a curve: to its fourth digit.
        dust = 2e-3 if method is IntervalMethod.LIKELIHOOD else 1e-12
        for narrow, wide in itertools.pairwise(found):
            assert wide.low <= narrow.low + dust
            assert wide.high >= narrow.high - dust

    @given(RATES, st.sampled_from(METHODS))
    def test_turns_with_the_rate(self, rate: tuple[float, int, float, float], method: IntervalMethod) -> None:
        p, n, effect, df = rate
        here, there = (limits(method, q, effect * p * (1 - p) / n, n, df) for q in (p, 1 - p))
        assert (here.low, here.high) == (
            pytest.approx(1 - there.high, abs=1e-6),
            pytest.approx(1 - there.low, abs=1e-6),
        )

    @given(RATES, st.sampled_from([IntervalMethod.LOGIT, IntervalMethod.XLOGIT, IntervalMethod.WILSON]))
    def test_the_larger_the_variance_the_wider(
        self, rate: tuple[float, int, float, float], method: IntervalMethod
    ) -> None:
        p, n, effect, df = rate
        small, large = (limits(method, p, more * effect * p * (1 - p) / n, n, df) for more in (1, 1.5))
        assert large.low <= small.low + 1e-12
        assert large.high >= small.high - 1e-12


class TestLogOdds:
    def test_by_scores_they_are_those_of_the_rate(self) -> None:
        design = SurveyDesign(weights=np.array([1.0, 2.0, 3.0, 1.0, 2.0]), strata=np.zeros(5, dtype=int))
        counted = np.array([True, False, True, True, False])
        found = estimate(design, LogOdds(counted=counted, inside=np.ones(5, dtype=bool)))
        assert isinstance(found, Estimate)
        p = 5 / 9
        residuals = design.weights * (counted - p)
        variance = 5 / 4 * float((residuals**2).sum()) / 9**2
        assert float(found.value[0]) == pytest.approx(math.log(p / (1 - p)))
        assert float(found.covariance[0, 0]) == pytest.approx(variance / (p * (1 - p)) ** 2)

    @pytest.mark.parametrize(
        ("inside", "why"),
        [([False] * 3, UndefinedReason.EMPTY_DOMAIN), ([True, True, False], UndefinedReason.ALL_OR_NONE)],
    )
    def test_none(self, inside: list[bool], why: UndefinedReason) -> None:
        odds = LogOdds(counted=np.array([True, True, False]), inside=np.array(inside))
        with pytest.raises(NotDefined) as raised:
            odds.at(np.ones(3))
        assert raised.value.reason is why

    def test_its_variance_is_used_where_a_regression_is_fitted(self) -> None:
        given = {"p": 0.9, "variance": 0.0009, "n": 100.0, "df": math.inf}
        for method in (IntervalMethod.LOGIT, IntervalMethod.LIKELIHOOD):
            found = interval_by_method(method, **given, log_odds_variance=4 * 0.0009 / 0.09**2)
            other = interval_by_method(method, **{**given, "variance": 0.0036})
            assert isinstance(found, Interval)
            assert isinstance(other, Interval)
            assert (found.low, found.high) == (pytest.approx(other.low), pytest.approx(other.high))
            assert interval_by_method(method, **given, log_odds_variance=math.inf) == Undefined(
                reason=UndefinedReason.ALL_OR_NONE
            )
        assert interval_by_method(IntervalMethod.XLOGIT, **given, log_odds_variance=9.0) == interval_by_method(
            IntervalMethod.XLOGIT, **given
        )


@given(st.lists(st.floats(-5, 5), min_size=3, max_size=12), st.floats(0.1, 3))
def test_the_curve_goes_through_its_points(values: list[float], width: float) -> None:
    x = np.arange(len(values)) * width
    assert curve_through(x, np.array(values), x).tolist() == pytest.approx(values, abs=1e-9)


def test_three_points_have_a_parabola() -> None:
    assert curve_through(np.array([0.0, 1.0, 3.0]), np.array([0.0, 1.0, 9.0]), np.array([2.0])).tolist() == [4.0]


@pytest.mark.parametrize("method", [method for method in METHODS if method is not IntervalMethod.KORN_GRAUBARD_NCHS])
def test_a_margin_that_was_met_is_known(method: IntervalMethod) -> None:
    """What rounding leaves of a variance makes an interval next to no width, never one of no number."""
    found = limits(method, 0.83, 1e-20, 200, 199)
    assert 0.83 - 1e-6 < found.low <= 0.83 <= found.high < 0.83 + 1e-6
