import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimation.bands import Member, assign_bands, p_value, p_values
from analysis.estimation.families import ALPHA, HOLM_UP_TO
from analysis.estimation.intervals import korn_graubard
from analysis.publication import Band


def member(count: float, n: int, n_effective: float | None = None, df: float | None = None) -> Member:
    return Member(
        proportion=count / n,
        n=n,
        n_effective=n if n_effective is None else n_effective,
        df=n - 1 if df is None else df,
    )


def at_least(count: int, n: int, rate: float) -> float:
    return sum(math.comb(n, k) * rate**k * (1 - rate) ** (n - k) for k in range(count, n + 1))


class TestPValue:
    @pytest.mark.parametrize(("count", "n", "target"), [(18, 20, 0.8), (45, 50, 0.75), (97, 100, 0.9), (30, 30, 0.9)])
    def test_of_a_simple_sample_it_is_twice_the_tail(self, count: int, n: int, target: float) -> None:
        assert p_value(member(count, n), target) == pytest.approx(min(1, 2 * at_least(count, n, target)))

    def test_on_the_target(self) -> None:
        assert p_value(member(18, 20), 0.9) == 1.0

    def test_targets_nobody_can_reach(self) -> None:
        assert p_value(member(18, 20), 1.0) < 1e-14
        assert p_value(member(18, 20), 0.0) < 1e-14
        assert p_value(member(20, 20), 1.0) == 1.0

    @pytest.mark.parametrize("target", [-0.1, 1.1, math.nan])
    def test_no_rate(self, target: float) -> None:
        with pytest.raises(ValueError, match="target: got"):
            p_value(member(18, 20), target)

    @given(
        count=st.integers(0, 60),
        ratio=st.floats(0.3, 1.2),
        df=st.integers(8, 1000),
        near=st.floats(0, 1),
        far=st.floats(0, 1),
    )
    def test_the_further_the_target_the_smaller(
        self, count: int, ratio: float, df: int, near: float, far: float
    ) -> None:
        one = member(count, 60, n_effective=60 * ratio, df=df)
        same_side = (near - one.proportion) * (far - one.proportion) >= 0
        if same_side and abs(near - one.proportion) <= abs(far - one.proportion):
            assert p_value(one, far) <= p_value(one, near) * (1 + 1e-9)

    @given(
        count=st.integers(0, 60),
        ratio=st.floats(0.3, 1.2),
        df=st.integers(8, 1000),
        target=st.floats(0.01, 0.99),
        level=st.sampled_from([0.8, 0.95, 0.99, 0.9999]),
    )
    def test_is_the_interval_turned_round(self, count: int, ratio: float, df: int, target: float, level: float) -> None:
        one = member(count, 60, n_effective=60 * ratio, df=df)
        low, high = korn_graubard(one.proportion, n=60, n_effective=one.n_effective, df=df, level=level)
        p = p_value(one, target)
        if abs(p - (1 - level)) > 1e-9:
            assert (p > 1 - level) == (low <= target <= high)


class TestBands:
    @given(count=st.integers(0, 100), target=st.floats(0.01, 0.99))
    def test_a_family_of_one_is_its_interval(self, count: int, target: float) -> None:
        low, high = korn_graubard(count / 100, n=100, n_effective=100, df=99)
        (band,) = assign_bands([member(count, 100)], target)
        if min(abs(low - target), abs(high - target)) > 1e-9:
            expected = Band.ABOVE if target < low else Band.BELOW if target > high else Band.INDISTINGUISHABLE
            assert band is expected

    def test_a_family_costs(self) -> None:
        # 96 of 100 against 90 %: two-sided p = .0474; alone that is above, among two it would have to be .025.
        assert p_value(member(96, 100), 0.9) == pytest.approx(2 * at_least(96, 100, 0.9))
        assert assign_bands([member(96, 100)], 0.9) == (Band.ABOVE,)
        assert assign_bands([member(96, 100), member(90, 100)], 0.9) == (Band.INDISTINGUISHABLE,) * 2

    def test_holm_steps_down(self) -> None:
        # Three: the clearest must pass .05/3, the next .05/2, the last .05.
        family = [member(96, 100), member(60, 100), member(70, 100)]
        assert assign_bands(family, 0.9) == (Band.ABOVE, Band.BELOW, Band.BELOW)

    def test_nobody(self) -> None:
        assert assign_bands([], 0.9) == ()

    @pytest.mark.slow
    @settings(max_examples=15, deadline=None)
    @given(st.lists(st.integers(60, 100), min_size=1, max_size=80), st.sampled_from([0.7, 0.85, 0.9]))
    def test_agrees_with_statsmodels(self, counts: list[int], target: float) -> None:
        from statsmodels.stats.multitest import multipletests  # seconds, in every process that only collects

        family = [member(count, 100) for count in counts]
        method = "holm" if len(family) <= HOLM_UP_TO else "fdr_bh"
        rejected = multipletests(p_values(family, target), alpha=ALPHA, method=method)[0]
        assert [band is not Band.INDISTINGUISHABLE for band in assign_bands(family, target)] == list(rejected)

    @given(st.permutations(range(6)))
    def test_order_does_not_matter(self, order: list[int]) -> None:
        family = [member(count, 100) for count in (96, 60, 90, 97, 83, 80)]
        bands = assign_bands(family, 0.9)
        assert assign_bands([family[i] for i in order], 0.9) == tuple(bands[i] for i in order)

    def test_many_are_judged_by_their_false_discoveries(self) -> None:
        # 51 members, every one at p = .0474 ≤ .05: Holm would need .05/51 for the first, Benjamini-Hochberg takes all.
        assert set(assign_bands([member(96, 100)] * 50, 0.9)) == {Band.INDISTINGUISHABLE}
        assert set(assign_bands([member(96, 100)] * 51, 0.9)) == {Band.ABOVE}
