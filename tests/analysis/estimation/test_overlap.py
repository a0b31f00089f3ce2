"""The covariance of waves that share PSUs: by hand, against the design's own variance, and by simulation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import DesignError, FloatArray, LonelyPsu, Replicates, SurveyDesign
from analysis.estimation.changes import Rates, intervals
from analysis.estimation.mover import mover
from analysis.estimation.overlap import WaveScores, overlap_correlation, overlap_covariance
from analysis.estimation.variance import covariance

ROWS = st.lists(st.tuples(st.floats(-3, 3), st.floats(-3, 3), st.integers(0, 2)), min_size=2, max_size=20)


def design_of(n: int, fraction: float = 0.0) -> SurveyDesign:
    strata = np.zeros(n, dtype=np.int64)
    return SurveyDesign(weights=np.ones(n), strata=strata, sampling_fractions=np.array([fraction]))


def wave(scores: list[float], labels: str, fraction: float = 0.0) -> WaveScores:
    return WaveScores(
        design=design_of(len(scores), fraction),
        scores=np.array(scores),
        psu_labels=[None if label == "-" else label for label in labels],
    )


class TestByHand:
    def test_nothing_shared(self) -> None:
        assert overlap_covariance(wave([1, 2], "ab"), wave([1, 2], "cd")).tolist() == [[0.0]]
        assert overlap_covariance(wave([1, 2], "--"), wave([1, 2], "--")).tolist() == [[0.0]]

    def test_two_of_three_shared(self) -> None:
        # b: 2 and 5, c: 6 and 9; means 4 and 7: 2/1 x (-2 x -2 + 2 x 2) = 16.
        assert overlap_covariance(wave([1, 2, 6], "abc"), wave([5, 9, 0], "bcd")).tolist() == [[16.0]]

    def test_population_correction(self) -> None:
        # As above, f = .4 and three PSUs drawn each time: 1 - .4 x 3/2 = .4.
        found = overlap_covariance(wave([1, 2, 6], "abc", 0.4), wave([5, 9, 0], "bcd", 0.4))
        assert found[0, 0] == pytest.approx(6.4)
        # Less shared than chance would: as good as independent.
        assert overlap_covariance(wave([1, 2, 6], "abc", 0.9), wave([5, 9, 0], "bcd", 0.9))[0, 0] == 0

    def test_one_shared_psu_says_nothing(self) -> None:
        assert overlap_covariance(wave([1, 2], "ab"), wave([5, 9], "bc")).tolist() == [[0.0]]

    def test_correlation(self) -> None:
        assert overlap_correlation(0.01, 0.0, 0.2) == 0
        assert overlap_correlation(-0.01, 0.05, 0.1) == -1


class TestLaws:
    @given(ROWS, st.sampled_from([0.0, 0.3]))
    def test_the_same_psus_twice_are_one_design(self, rows: list[tuple[float, float, int]], fraction: float) -> None:
        one, two = np.array([row[:2] for row in rows]).T
        strata = np.unique([row[2] for row in rows], return_inverse=True)[1]
        sizes = np.bincount(strata)
        design = SurveyDesign(
            weights=np.arange(1.0, len(rows) + 1),
            strata=strata,
            sampling_fractions=np.full(len(sizes), fraction),
            lonely=LonelyPsu.CERTAINTY,  # a single PSU shared says nothing
        )
        labels = range(len(rows))
        found = overlap_covariance(
            WaveScores(design=design, scores=one, psu_labels=labels),
            WaveScores(design=design, scores=two, psu_labels=labels),
        )
        together = covariance(design, np.column_stack([one, two]))
        assert found[0, 0] == pytest.approx(together[0, 1], rel=1e-9, abs=1e-9)

    @given(ROWS)
    def test_time_may_run_backwards(self, rows: list[tuple[float, float, int]]) -> None:
        one, two = np.array([row[:2] for row in rows]).T
        labels = [f"{row[2]}{place}" for place, row in enumerate(rows)]
        first = WaveScores(design=design_of(len(rows)), scores=one, psu_labels=labels)
        second = WaveScores(design=design_of(len(rows)), scores=two[::-1], psu_labels=labels[::-1])
        assert overlap_covariance(first, second)[0, 0] == pytest.approx(overlap_covariance(second, first)[0, 0])

    def test_many_statistics_at_once(self) -> None:
        rng = np.random.default_rng(1)
        one, two = rng.normal(size=(2, 6, 2))
        labels = list("abcdef")

        def scored(scores: FloatArray) -> WaveScores:
            return WaveScores(design=design_of(6), scores=scores, psu_labels=labels)

        found = overlap_covariance(scored(one), scored(two))
        for place in np.ndindex(2, 2):
            alone = overlap_covariance(scored(one[:, place[0]]), scored(two[:, place[1]]))
            assert found[place] == pytest.approx(alone[0, 0])


class TestBrokenInput:
    def test_lengths(self) -> None:
        with pytest.raises(DesignError, match="psu_labels: got 1 values, expected 2"):
            wave([1, 2], "a")

    def test_labels(self) -> None:
        with pytest.raises(DesignError, match="got a in two PSUs"):
            overlap_covariance(wave([1, 2], "aa"), wave([1, 2], "ab"))
        one = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=int), psus=np.zeros(2, dtype=int))
        with pytest.raises(DesignError, match="two labels in one PSU"):
            overlap_covariance(WaveScores(design=one, scores=np.ones(2), psu_labels="ab"), wave([1, 2], "ab"))

    def test_replicates(self) -> None:
        design = replace(design_of(2), replicates=Replicates(weights=np.ones((2, 3)), scale=1.0, rscales=np.ones(3)))
        with pytest.raises(DesignError, match="replicates: got replicate weights"):
            overlap_covariance(WaveScores(design=design, scores=np.ones(2), psu_labels="ab"), wave([1, 2], "ab"))


def rotating_panel(rng: np.random.Generator, clusters: int = 20, kept: int = 10) -> tuple[FloatArray, FloatArray]:
    """Rates and MOVER limits of the change of 400 pairs of waves, with and without the covariance: 20 clusters of 10,
    half of them kept; .88 satisfied, then .92; answers alike in a cluster and from one wave to the next.
    """
    held = []
    for _ in range(400):
        cluster = rng.beta(0.88 * 9, 0.12 * 9, 2 * clusters - kept)
        later = 1 - (1 - cluster) * 0.08 / 0.12
        waves = []
        for rate, who in ((cluster, np.arange(clusters)), (later, np.arange(clusters - kept, 2 * clusters - kept))):
            share = rng.binomial(10, rate[who]) / 10
            p = float(share.mean())
            design = design_of(clusters)
            scored = WaveScores(design=design, scores=(share - p) / clusters, psu_labels=who.tolist())
            variance = float(covariance(design, scored.scores)[0, 0])
            waves.append((scored, p, variance))
        (one, p, v), (two, q, w) = waves
        correlation = overlap_correlation(float(overlap_covariance(one, two)[0, 0]), v**0.5, w**0.5)
        before, after = (
            Rates(proportion=np.array([rate]), n_effective=np.array([rate * (1 - rate) / var]), df=np.array([19.0]))
            for rate, var in ((p, v), (q, w))
        )
        held.append(
            [
                (low[0] <= 0.04 <= high[0], high[0] - low[0])
                for low, high in (intervals(before, after, correlation=rho) for rho in (np.array([correlation]), 0.0))
            ]
        )
    found = np.array(held, dtype=float)
    return found[:, 0].mean(axis=0), found[:, 1].mean(axis=0)


def test_a_panel_tells_more_about_change() -> None:
    (covered, width), (apart, wider) = rotating_panel(np.random.default_rng(11))
    assert covered >= 0.94
    assert apart >= covered
    assert width < 0.93 * wider


def test_a_correlation_for_each() -> None:
    before, after = (np.full(2, value) for value in (0.1, 0.2))
    low, high = mover((before - 0.05, before, before + 0.05), (after - 0.05, after, after + 0.05), np.array([0.0, 0.5]))
    assert high[0] - low[0] > high[1] - low[1]
    with pytest.raises(ValueError, match="correlation"):
        mover((before, before, before), (after, after, after), np.array([0.0, 1.5]))
