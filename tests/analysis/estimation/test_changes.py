"""Change between two waves: Newcombe's printed limits, coverage by enumeration, p-values, families."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.estimation.changes import Rates, find_changes, intervals, p_values
from analysis.estimation.intervals import wilson
from analysis.estimation.mover import mover
from analysis.publication import ChangeFinding


def rates(counts: list[int], n: float, df: float = np.inf) -> Rates:
    size = np.full(len(counts), float(n))
    return Rates(proportion=np.array(counts) / n, n_effective=size, df=np.full(len(counts), df))


def one(count: int, n: int, df: float = np.inf) -> Rates:
    return rates([count], n, df)


@pytest.mark.parametrize(
    ("later", "earlier", "low", "high"),
    [
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((0, 10), (0, 10), -0.2775, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
        ((10, 10), (0, 10), 0.6075, 1.0),
    ],
)
def test_the_limits_newcombe_prints(later, earlier, low, high) -> None:
    """Newcombe 1998 (Statist. Med. 17:873-890), table II, method 10."""
    found = intervals(one(*earlier), one(*later))
    assert [round(float(limit[0]), 4) for limit in found] == [low, high]


def test_a_correlation_narrows_what_rises_together() -> None:
    before, after = (0.7, 0.8, 0.88), (0.76, 0.85, 0.91)
    widths = []
    for correlation in (-1.0, -0.5, 0.0, 0.5, 1.0):
        low, high = mover(before, after, correlation)
        widths.append(high - low)
    assert widths == sorted(widths, reverse=True)
    # Wholly together: the differences of the limits themselves.
    low, high = mover(before, after, 1.0)
    assert (low, high) == (pytest.approx(0.05 - 0.01), pytest.approx(0.05 + 0.04))
    with pytest.raises(ValueError, match="correlation"):
        mover(before, after, 1.01)


def coverage(n: int, first: float, second: float) -> tuple[float, float]:
    """Of MOVER and of Wald's interval, over all pairs of counts of two simple random samples of ``n``."""
    from scipy.stats import binom  # a second, in every process that only collects

    counts = np.arange(n + 1)
    p = counts / n
    low, high = wilson(p, np.full(n + 1, float(n)), n - 1.0)
    earlier, later = (index.ravel() for index in np.meshgrid(counts, counts, indexing="ij"))
    chance = binom.pmf(earlier, n, first) * binom.pmf(later, n, second)
    below, above = mover((low[earlier], p[earlier], high[earlier]), (low[later], p[later], high[later]))
    wald = 1.96 * np.sqrt((p * (1 - p))[earlier] / n + (p * (1 - p))[later] / n)
    true, seen = second - first, p[later] - p[earlier]
    covered = (below <= true + 1e-12) & (true - 1e-12 <= above)
    return float(chance[covered].sum()), float(chance[np.abs(seen - true) <= wald + 1e-12].sum())


PAIRS = [(a, b) for a in (0.8, 0.85, 0.9, 0.93, 0.95, 0.97) for b in (0.8, 0.85, 0.9, 0.93, 0.95, 0.97)]


def test_it_covers_where_wald_does_not() -> None:
    """By enumeration at the sizes of a community and of a small one; METHODS: at least .95, Wald .55 to .84."""
    at_100 = np.array([coverage(100, *pair) for pair in PAIRS])
    assert at_100[:, 0].min() >= 0.95
    assert at_100[:, 0].mean() <= 0.97
    assert (at_100[:, 1] < 0.95).sum() > len(PAIRS) / 2
    at_20 = np.array([coverage(20, *pair) for pair in PAIRS])
    assert at_20[:, 0].min() >= 0.95
    assert at_20[:, 1].min() < 0.8


def test_the_fieldworks_own_example_is_no_change() -> None:
    """97.2 %, then 96.73 % of 3,280 each: z = 1.11."""
    before, after = (
        Rates(proportion=np.array([p]), n_effective=np.array([3280.0]), df=np.array([3279.0])) for p in (0.972, 0.9673)
    )
    p = p_values(before, after)
    low, high = intervals(before, after)
    assert float(p[0]) == pytest.approx(0.267, abs=0.003)
    assert (float(low[0]), float(high[0])) == (pytest.approx(-0.0131, abs=2e-4), pytest.approx(0.0036, abs=2e-4))
    assert find_changes(after.proportion - before.proportion, p) == (ChangeFinding.NO_CHANGE,)


class TestPValue:
    def test_nothing_moved(self) -> None:
        assert p_values(one(90, 100), one(90, 100)).tolist() == [1.0]

    def test_everything_moved(self) -> None:
        assert 0 < float(p_values(one(0, 400), one(400, 400))[0]) < 1e-10

    def test_nobody(self) -> None:
        assert p_values(rates([], 10), rates([], 10)).tolist() == []

    @given(
        first=st.integers(0, 60),
        second=st.integers(0, 60),
        ratio=st.floats(0.3, 1.2),
        df=st.integers(8, 1000),
        level=st.sampled_from([0.8, 0.95, 0.99, 0.9999]),
    )
    def test_is_the_interval_turned_round(self, first, second, ratio, df, level) -> None:
        before = Rates(proportion=np.array([first / 60]), n_effective=np.array([60 * ratio]), df=np.array([float(df)]))
        after = one(second, 60, 59)
        p = float(p_values(before, after)[0])
        low, high = (float(limit[0]) for limit in intervals(before, after, level))
        if abs(p - (1 - level)) > 1e-8:
            assert (p > 1 - level) == (low <= 0 <= high)

    @settings(max_examples=20)
    @given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), min_size=1, max_size=6))
    def test_many_at_once_are_as_each_alone(self, pairs) -> None:
        together = p_values(rates([a for a, _ in pairs], 50, 49), rates([b for _, b in pairs], 50, 49))
        alone = [float(p_values(one(a, 50, 49), one(b, 50, 49))[0]) for a, b in pairs]
        assert together.tolist() == pytest.approx(alone, rel=1e-9)

    @settings(max_examples=30)
    @given(first=st.integers(0, 80), second=st.integers(0, 80))
    def test_time_may_run_backwards(self, first, second) -> None:
        forth, back = p_values(one(first, 80), one(second, 80)), p_values(one(second, 80), one(first, 80))
        assert float(forth[0]) == pytest.approx(float(back[0]), rel=1e-6)


class TestFamilies:
    def words(self, pairs: list[tuple[int, int]]) -> list[str]:
        before, after = rates([a for a, _ in pairs], 100, 99), rates([b for _, b in pairs], 100, 99)
        return [str(word) for word in find_changes(after.proportion - before.proportion, p_values(before, after))]

    def test_a_family_costs(self) -> None:
        moved = (80, 91)  # alone p = .03
        assert self.words([moved]) == ["rose"]
        assert self.words([(91, 80)]) == ["fell"]
        assert self.words([moved, (85, 85)]) == ["no_change", "no_change"]

    def test_holm_steps_down(self) -> None:
        assert self.words([(60, 90), (90, 60), (80, 91)]) == ["rose", "fell", "rose"]

    def test_identical_communities_seldom_rise(self) -> None:
        """16 communities at 90 %, 100 of each asked twice: some word of change in at most 5 % of such pairs of waves;
        without the correction it would be every second.
        """
        chance = np.random.default_rng(4)
        pairs = chance.binomial(100, 0.9, size=(400, 16, 2))
        before, after = (rates(pairs[:, :, side].ravel().tolist(), 100, 99) for side in (0, 1))
        p = p_values(before, after).reshape(400, 16)
        moved = (pairs[:, :, 1] - pairs[:, :, 0]) / 100
        said = [find_changes(moved[row], p[row]) for row in range(400)]
        wrong = np.mean([any(word is not ChangeFinding.NO_CHANGE for word in words) for words in said])
        assert wrong <= 0.06
        assert np.mean((p < 0.05).any(axis=1)) > 0.3
