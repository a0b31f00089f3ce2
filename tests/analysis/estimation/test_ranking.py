import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design import DesignError
from analysis.estimation.changes import Rates
from analysis.estimation.families import Correction
from analysis.estimation.rank_differences import sets_from_counts, sets_from_differences
from analysis.estimation.ranking import (
    JointLimits,
    RankSets,
    level_of_each,
    ranks,
    sets_from_errors,
    sets_from_intervals,
    sets_from_limits,
)

INTERVALS = st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)).map(sorted), min_size=1, max_size=12)


def lists(found: RankSets) -> tuple[list[int], list[int]]:
    return found.low.tolist(), found.high.tolist()


class TestFromIntervals:
    @given(INTERVALS)
    def test_is_its_definition(self, intervals: list[list[float]]) -> None:
        found = sets_from_limits(*np.array(intervals).T)
        for place, (low, high) in enumerate(intervals):
            others = intervals[:place] + intervals[place + 1 :]
            assert found.low[place] == 1 + sum(other[1] <= low for other in others)
            assert found.high[place] == len(intervals) - sum(other[0] >= high for other in others)

    def test_nothing_known(self) -> None:
        assert lists(sets_from_limits(np.zeros(3), np.ones(3))) == ([1, 1, 1], [3, 3, 3])

    def test_nobody(self) -> None:
        assert lists(sets_from_errors(np.array([]), np.array([]))) == ([], [])

    @pytest.mark.parametrize("limits", [([0.5], [0.4]), ([np.nan], [1.0]), ([0.1, 0.2], [0.3])])
    def test_no_intervals(self, limits: tuple[list[float], list[float]]) -> None:
        with pytest.raises(DesignError, match="limits: got"):
            sets_from_limits(*(np.array(side) for side in limits))

    def test_bonferroni_is_the_more_careful(self) -> None:
        assert level_of_each(20, 0.9, JointLimits.BONFERRONI) > level_of_each(20, 0.9) > 0.9
        assert level_of_each(1, 0.9) == pytest.approx(level_of_each(1, 0.9, JointLimits.BONFERRONI))
        with pytest.raises(ValueError, match="level: got 90"):
            level_of_each(3, 90)

    def test_from_the_projects_own_intervals(self) -> None:
        rates = Rates(proportion=np.array([0.55, 0.93, 0.97]), n_effective=np.full(3, 200.0), df=np.full(3, 99.0))

        def limits(level: float) -> tuple[np.ndarray, np.ndarray]:
            low, _, high = rates.limits(level)
            return low, high

        assert lists(sets_from_intervals(limits, 3, level=0.9)) == ([1, 2, 2], [1, 3, 3])

    def test_all_true_ranks_are_held_together(self) -> None:
        """20 areas, each 100 of a true rate; 200 surveys."""
        rng = np.random.default_rng(7)
        true = np.linspace(0.8, 0.97, 20)
        place, held = 1 + np.argsort(np.argsort(true)), 0
        for _ in range(200):
            rates = Rates(
                proportion=rng.binomial(100, true) / 100, n_effective=np.full(20, 100.0), df=np.full(20, 99.0)
            )
            found = sets_from_intervals(lambda level, rates=rates: rates.limits(level)[::2], 20, level=0.9)
            held += bool(((found.low <= place) & (place <= found.high)).all())
        assert held >= 180


class TestFromDifferences:
    def found(self, simultaneous: bool = True, stepwise: bool = True, draws: int = 300) -> RankSets:
        estimates = np.array([0.6, 0.8, 0.83, 0.9, 0.97])
        return sets_from_differences(
            estimates,
            np.full(5, 0.03**2),
            rng=np.random.default_rng(5),
            simultaneous=simultaneous,
            stepwise=stepwise,
            draws=draws,
        )

    def test_all_together_are_wider_than_each_alone(self) -> None:
        together, alone = self.found(), self.found(simultaneous=False)
        assert (together.low <= alone.low).all()
        assert (together.high >= alone.high).all()

    def test_steps_narrow(self) -> None:
        in_one, in_steps = self.found(stepwise=False), self.found()
        assert (in_one.low <= in_steps.low).all()
        assert (in_one.high >= in_steps.high).all()

    def test_the_same_draws_the_same_sets(self) -> None:
        assert lists(self.found()) == lists(self.found())

    def test_estimates_that_err_alike_are_told_apart_sooner(self) -> None:
        estimates, variances = np.array([0.8, 0.86, 0.9]), np.full(3, 0.03**2)
        together = 0.95 * variances[0] * np.ones((3, 3)) + 0.05 * np.diag(variances)
        apart, alike = (
            sets_from_differences(estimates, covariance, rng=np.random.default_rng(2))
            for covariance in (variances, together)
        )
        assert lists(apart) == ([1, 1, 1], [3, 3, 3])
        assert lists(alike) == ([3, 2, 1], [3, 2, 1])

    def test_what_always_errs_alike_has_no_order(self) -> None:
        found = sets_from_differences(np.array([0.5, 0.9]), np.ones((2, 2)), rng=np.random.default_rng(2))
        assert lists(found) == ([1, 1], [2, 2])

    def test_nobody(self) -> None:
        assert lists(sets_from_differences(np.array([]), np.array([]), rng=np.random.default_rng(2))) == ([], [])

    def test_broken_input(self) -> None:
        rng = np.random.default_rng(2)
        with pytest.raises(DesignError, match="covariance: got"):
            sets_from_differences(np.zeros(2), np.ones(3), rng=rng)
        with pytest.raises(DesignError, match="not finite"):
            sets_from_differences(np.array([0, np.nan]), np.ones(2), rng=rng)
        with pytest.raises(ValueError, match="level"):
            sets_from_differences(np.zeros(2), np.ones(2), rng=rng, level=95)


class TestFromCounts:
    @settings(deadline=None)
    @given(st.lists(st.integers(0, 200), min_size=1, max_size=7), st.booleans())
    def test_holds_the_rank_seen(self, counts: list[int], simultaneous: bool) -> None:
        found = sets_from_counts(np.array(counts), simultaneous=simultaneous)
        seen = ranks(np.array(counts))
        assert (found.low <= seen).all()
        assert (seen <= found.high).all()

    def test_holm_finds_what_bonferroni_finds(self) -> None:
        counts = np.array([70, 60, 40, 38, 20, 3])
        holm, bonferroni = (
            sets_from_counts(counts, correction=name) for name in (Correction.HOLM, Correction.BONFERRONI)
        )
        assert (holm.low >= bonferroni.low).all()
        assert (holm.high <= bonferroni.high).all()

    def test_a_negative_count(self) -> None:
        with pytest.raises(DesignError, match="counts: got -1"):
            sets_from_counts(np.array([3, -1]))
