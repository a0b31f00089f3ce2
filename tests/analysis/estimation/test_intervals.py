import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln

from analysis.design import FloatArray
from analysis.estimation.intervals import Pooled, korn_graubard, pool, wilson, wilson_effective
from analysis.estimation.proportions import Proportions
from analysis.publication import Reason

UNPOOLED = Pooled(design_effect=1.0, df=100)


def proportions(
    rows: list[tuple[int, int]],
    variances: list[float] | None = None,
    df: list[int] | None = None,
    fractions: list[float] | None = None,
) -> Proportions:
    """One domain per (n, count); variances as of single units of one weight unless given."""
    n, count = np.array([row[0] for row in rows]), np.array([row[1] for row in rows])
    p = np.divide(count, n, out=np.zeros(len(n)), where=n > 0)
    simple = np.divide(p * (1 - p), n - 1, out=np.zeros(len(n)), where=n > 1)
    return Proportions(
        n=n,
        count=count,
        proportion=p,
        variance=simple if variances is None else np.array(variances),
        df=np.maximum(n - 1, 0) if df is None else np.array(df),
        fraction=np.zeros(len(n)) if fractions is None else np.array(fractions),
    )


class TestWilson:
    def test_twenty_with_ninety_percent(self) -> None:
        low, high = wilson(np.array([0.9]), np.array([20.0]), math.inf)
        assert (round(100 * low[0], 1), round(100 * high[0], 1)) == (69.9, 97.2)

    def test_limits_solve_the_score_equation(self) -> None:
        # (p - L)² = t² L(1-L)/n at both limits.
        low, high = wilson(np.array([0.37]), np.array([55.0]), math.inf)
        for limit in (low[0], high[0]):
            assert (0.37 - limit) ** 2 == pytest.approx(1.959963984540054**2 * limit * (1 - limit) / 55)

    def test_everyone_and_nobody(self) -> None:
        # t² / (n + t²) above 0 and below 1: 3.8415 / 23.8415 = .1611.
        low, high = wilson(np.array([0.0, 1.0]), np.array([20.0, 20.0]), math.inf)
        assert (low[0], high[1]) == (0.0, 1.0)
        assert (high[0], 1 - low[1]) == (pytest.approx(0.1611, abs=5e-5), pytest.approx(0.1611, abs=5e-5))

    @given(
        p=st.floats(0, 1),
        n=st.floats(1, 1e9),
        df=st.sampled_from([1.0, 2.0, 8.0, 100.0, math.inf]),
        level=st.floats(0.5, 0.999),
    )
    def test_holds_the_estimate_and_stays_a_rate(self, p: float, n: float, df: float, level: float) -> None:
        low, high = wilson(np.array([p]), np.array([n]), df, level)
        assert 0 <= low[0] <= p <= high[0] <= 1
        assert low[0] < high[0]

    @given(p=st.floats(0, 1), n=st.floats(1, 1e4), more=st.floats(1.01, 10), df=st.sampled_from([8.0, math.inf]))
    def test_more_respondents_narrow_it(self, p: float, n: float, more: float, df: float) -> None:
        low, high = wilson(np.array([p, p]), np.array([n, n * more]), df)
        assert high[1] - low[1] < high[0] - low[0]

    @given(p=st.floats(0, 1), n=st.floats(2, 1e4), df=st.integers(1, 50))
    def test_fewer_degrees_of_freedom_widen_it(self, p: float, n: float, df: int) -> None:
        low, high = wilson(np.array([p, p]), np.array([n, n]), np.array([df, df + 1]))
        assert low[0] <= low[1] + 1e-12  # the square root leaves dust near 0 and 1
        assert high[0] >= high[1] - 1e-12

    @given(p=st.floats(0, 1), n=st.floats(1, 1e4))
    def test_the_unsatisfied_mirror_the_satisfied(self, p: float, n: float) -> None:
        low, high = wilson(np.array([p, 1 - p]), np.array([n, n]), 20)
        assert low[0] == pytest.approx(1 - high[1], abs=1e-9)


class TestPool:
    def test_two_communities(self) -> None:
        # Σv = .02 + .01; Σp(1-p)/n = .25/50 + .16/40 = .009.
        found = pool(proportions([(50, 25), (40, 32)], variances=[0.02, 0.01], df=[4, 5]))
        assert found.design_effect == pytest.approx(0.03 / 0.009)
        assert found.df == 9

    def test_never_below_one(self) -> None:
        assert pool(proportions([(50, 25)], variances=[0.001])).design_effect == 1.0

    def test_who_has_no_variance_says_nothing(self) -> None:
        # The first lies in one cluster, the second is one respondent, the third a census: only the last counts.
        some = proportions(
            [(50, 25), (1, 1), (60, 30), (40, 32)],
            variances=[0.0, 0.0, 0.0, 0.008],
            df=[0, 0, 59, 5],
            fractions=[0, 0, 1, 0],
        )
        assert pool(some).design_effect == pytest.approx(2.0)
        assert pool(some).df == 5

    def test_nobody_disagrees_anywhere(self) -> None:
        assert pool(proportions([(20, 20), (30, 30)])) == Pooled(design_effect=1.0, df=48)
        assert pool(proportions([])) == Pooled(design_effect=1.0, df=0)


class TestDefaultInterval:
    def test_own_variance(self) -> None:
        # n = 100, p = .8, v = .0032 = twice .8 x .2 / 100: n_eff = 50, t with 9 df.
        found = wilson_effective(proportions([(100, 80)], variances=[0.0032], df=[9]), UNPOOLED)
        low, high = wilson(np.array([0.8]), np.array([50.0]), 9)
        assert found.n_effective[0] == pytest.approx(50)
        assert (found.low[0], found.high[0]) == (pytest.approx(low[0]), pytest.approx(high[0]))
        assert (found.df[0], bool(found.pooled[0]), found.reasons[0]) == (9, False, None)

    def test_effective_size_is_capped(self) -> None:
        # A variance far too small: 100 respondents of 400 are worth at most 100/(3/4).
        found = wilson_effective(proportions([(100, 80)], variances=[1e-6], fractions=[0.25]), UNPOOLED)
        assert found.n_effective[0] == pytest.approx(100 / 0.75)

    @pytest.mark.parametrize(
        ("row", "variance", "df"),
        [((100, 80), 0.0032, 7), ((100, 80), 0.0, 99), ((100, 100), 0.0, 99), ((100, 0), 0.0, 99)],
        ids=["few df", "no variance", "everyone", "nobody"],
    )
    def test_pooled_where_its_own_variance_says_too_little(
        self, row: tuple[int, int], variance: float, df: int
    ) -> None:
        found = wilson_effective(proportions([row], variances=[variance], df=[df]), Pooled(design_effect=1.6, df=42))
        assert (found.n_effective[0], found.df[0], bool(found.pooled[0])) == (pytest.approx(100 / 1.6), 42, True)
        assert found.high[0] - found.low[0] > 0.05

    def test_pooled_where_its_own_variance_would_tell_too_much(self) -> None:
        found = wilson_effective(
            proportions([(100, 80), (100, 80)]), Pooled(design_effect=1.25, df=42), guarded=np.array([1.6, 0.0])
        )
        assert found.pooled.tolist() == [True, False]
        assert found.n_effective.tolist() == [pytest.approx(50), pytest.approx(99)]

    @pytest.mark.parametrize(
        ("row", "fraction", "pooled_df", "reason"),
        [
            ((0, 0), 0.0, 50, Reason.NOBODY_ASKED),
            ((1, 1), 0.0, 50, Reason.ONE_RESPONDENT),
            ((30, 30), 1.0, 50, Reason.CENSUS),
            ((30, 20), 1.0, 50, Reason.CENSUS),
            ((30, 30), 0.0, 0, Reason.SINGLE_PSU),
        ],
    )
    def test_named_reasons(self, row: tuple[int, int], fraction: float, pooled_df: int, reason: Reason) -> None:
        found = wilson_effective(proportions([row], fractions=[fraction]), Pooled(design_effect=1.0, df=pooled_df))
        assert found.reasons == (reason,)

    def test_level(self) -> None:
        wide, narrow = (wilson_effective(proportions([(50, 40)]), UNPOOLED, level) for level in (0.99, 0.9))
        assert wide.low[0] < narrow.low[0] < narrow.high[0] < wide.high[0]
        with pytest.raises(ValueError, match="level: got 95"):
            wilson_effective(proportions([(50, 40)]), UNPOOLED, 95)

    @given(
        rows=st.lists(st.integers(0, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), max_size=8),
        deff=st.floats(0.2, 5),
        fraction=st.sampled_from([0.0, 0.4, 1.0]),
        pooled=st.builds(Pooled, design_effect=st.floats(1, 9), df=st.integers(0, 99)),
    )
    def test_a_width_or_a_reason(
        self, rows: list[tuple[int, int]], deff: float, fraction: float, pooled: Pooled
    ) -> None:
        some = proportions(rows, fractions=[fraction] * len(rows))
        some = proportions(rows, variances=list(some.variance * deff), fractions=[fraction] * len(rows))
        found = wilson_effective(some, pooled)
        for place, reason in enumerate(found.reasons):
            if reason is None:
                assert 0 <= found.low[place] <= some.proportion[place] <= found.high[place] <= 1
                assert found.high[place] - found.low[place] > 0.01


def binomial(n: int, rate: float) -> FloatArray:
    """Chances of 0…n."""
    k = np.arange(n + 1)
    logs = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + k * math.log(rate) + (n - k) * math.log1p(-rate)
    chances: FloatArray = np.exp(logs)
    return chances


def test_exact_coverage_of_simple_random_samples() -> None:
    """n from 20 to 200, rates .80 to .99, every outcome enumerated; the interval is the one a wave of 16 like
    communities prints, with its pooled fallback where nobody or everyone is counted.
    """
    coverages = []
    for n in range(20, 201, 4):
        outcomes = proportions([(n, k) for k in range(n + 1)])
        found = wilson_effective(outcomes, Pooled(design_effect=n / (n - 1), df=16 * (n - 1)))
        assert all(reason is None for reason in found.reasons)
        for rate in np.arange(80, 100) / 100:
            covered = (found.low <= rate) & (rate <= found.high)
            coverages.append(binomial(n, rate)[covered].sum())
    cells = np.array(coverages)
    assert cells.min() >= 0.90
    assert (cells < 0.93).mean() <= 0.05
    assert 0.95 <= cells.mean() <= 0.97


class TestKornGraubard:
    @pytest.mark.parametrize("n", [5, 20, 61])
    def test_of_simple_samples_it_is_clopper_and_pearson(self, n: int) -> None:
        # At the lower limit the chance of the count or more is 2.5 %, at the upper that of the count or fewer.
        for count in range(1, n):
            low, high = korn_graubard(count / n, n=n, n_effective=n, df=n - 1)
            assert binomial(n, low)[count:].sum() == pytest.approx(0.025)
            assert binomial(n, high)[: count + 1].sum() == pytest.approx(0.025)

    def test_everyone_and_nobody(self) -> None:
        # .025 ** (1/20) = .8316
        assert korn_graubard(1.0, n=20, n_effective=math.inf, df=19) == (pytest.approx(0.8316, abs=5e-5), 1.0)
        assert korn_graubard(0.0, n=20, n_effective=20, df=19) == (0.0, pytest.approx(0.1684, abs=5e-5))

    def test_never_more_than_its_respondents(self) -> None:
        assert korn_graubard(0.9, n=20, n_effective=500, df=19) == korn_graubard(0.9, n=20, n_effective=20, df=19)

    def test_few_degrees_of_freedom(self) -> None:
        # t(39) = 2.0227, t(4) = 2.7764: 40 respondents count as 40 x (2.0227/2.7764)² = 21.230.
        assert korn_graubard(0.8, n=40, n_effective=40, df=4) == pytest.approx(
            korn_graubard(0.8, n=40, n_effective=40 * (2.022691 / 2.776445) ** 2, df=39), abs=1e-6
        )

    @pytest.mark.parametrize(("n", "df"), [(1, 5), (20, 0)])
    def test_undefined(self, n: int, df: int) -> None:
        with pytest.raises(ValueError, match="expected at least 2 respondents and 1 degree of freedom"):
            korn_graubard(0.5, n=n, n_effective=n, df=df)

    @given(
        p=st.floats(0, 1),
        n=st.integers(2, 2000),
        ratio=st.floats(0.05, 3),
        df=st.integers(1, 500),
        level=st.floats(0.5, 0.999),
    )
    def test_holds_the_estimate_and_stays_a_rate(self, p: float, n: int, ratio: float, df: int, level: float) -> None:
        low, high = korn_graubard(p, n=n, n_effective=n * ratio, df=df, level=level)
        assert 0 <= low <= p <= high <= 1
        assert low < high
