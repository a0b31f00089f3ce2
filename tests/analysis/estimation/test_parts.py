"""A community against its city: variances and covariance in any design, and the bands made from them."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import DesignError, LonelyPsu, SurveyDesign
from analysis.estimation.bands import (
    Member,
    assign_bands_against,
    contrast,
    p_values_of_contrasts,
)
from analysis.estimation.parts import PartsAndWhole, parts_and_whole
from analysis.estimation.proportions import estimate_proportions
from analysis.estimation.statistic import estimate
from analysis.publication import Band

UNITS = st.lists(
    st.tuples(
        st.booleans(), st.booleans(), st.integers(-1, 2), st.integers(0, 2), st.integers(0, 3), st.integers(0, 4)
    ),
    min_size=1,
    max_size=25,
)


def measured(rows: list[tuple[bool, bool, int, int, int, int]], fraction: float = 0.0) -> tuple[PartsAndWhole, ...]:
    """By sums alone and, as a design that is not plain, by the general variance; with the design and the answers."""
    in_base = np.array([row[0] for row in rows])
    counted = in_base & np.array([row[1] for row in rows])
    parts = np.array([row[2] for row in rows])
    strata = np.array([row[3] for row in rows])
    psus = strata * 10 + np.array([row[4] for row in rows])
    design = SurveyDesign(
        weights=np.array([float(row[5]) for row in rows]),
        strata=strata,
        psus=psus,
        sampling_fractions=np.where(np.bincount(strata, minlength=3) > 0, fraction, 0.0),
    )
    # "certainty" is as "adjust" but for strata of a single PSU, which are in the general variance alone.
    if (design.psu_counts == 1).any():
        return ()
    other = replace(design, lonely=LonelyPsu.CERTAINTY)
    return tuple(
        parts_and_whole(one, counted=counted, in_base=in_base, parts=parts, part_count=3) for one in (design, other)
    )


class TestCovariance:
    @given(UNITS, st.sampled_from([0.0, 0.4]))
    def test_sums_are_the_general_variance(
        self, rows: list[tuple[bool, bool, int, int, int, int]], fraction: float
    ) -> None:
        found = measured(rows, fraction)
        if found:
            plain, general = found
            assert plain.proportion == pytest.approx(general.proportion)
            assert plain.variance == pytest.approx(general.variance, abs=1e-12)
            assert plain.covariance == pytest.approx(general.covariance, abs=1e-12)
            assert plain.whole_variance == pytest.approx(general.whole_variance, abs=1e-12)
            assert (np.abs(plain.correlation) <= 1).all()

    def test_variances_are_those_of_the_rates(self) -> None:
        rng = np.random.default_rng(3)
        strata = np.repeat(np.arange(4), 30)
        psus = strata * 10 + rng.integers(0, 6, 120)
        design = SurveyDesign(weights=rng.uniform(1, 3, 120), strata=strata, psus=psus, population=np.full(4, 90.0))
        counted, base = rng.random(120) < 0.8, np.ones(120, dtype=bool)
        found = parts_and_whole(design, counted=counted, in_base=base, parts=strata // 2, part_count=2)
        rates = estimate_proportions(design, counted=counted, in_base=base, domains=strata // 2, domain_count=2)
        assert found.proportion == pytest.approx(rates.proportion)
        assert found.variance == pytest.approx(rates.variance)
        whole = estimate_proportions(
            design, counted=counted, in_base=base, domains=np.zeros(120, dtype=int), domain_count=1
        )
        assert found.whole_variance == pytest.approx(whole.variance[0])

    def test_the_contrast_is_that_of_its_own_scores(self) -> None:
        rng = np.random.default_rng(4)
        strata = np.repeat(np.arange(3), 20)
        design = SurveyDesign(weights=rng.uniform(1, 3, 60), strata=strata)
        counted, base = rng.random(60) < 0.8, np.ones(60, dtype=bool)
        found = parts_and_whole(design, counted=counted, in_base=base, parts=strata, part_count=3)

        class Contrast:
            def at(self, weights: np.ndarray) -> np.ndarray:
                part, whole = weights * (strata == 1), weights
                return np.array([(part @ counted) / part.sum() - (whole @ counted) / whole.sum()])

            def scores(self, weights: np.ndarray) -> np.ndarray:
                part = weights * (strata == 1)
                p, q = (part @ counted) / part.sum(), (weights @ counted) / weights.sum()
                both = (strata == 1) * (counted - p) / part.sum() - (counted - q) / weights.sum()
                return np.asarray(both)[:, np.newaxis]

        direct = estimate(design, Contrast())
        assert found.contrast_variance[1] == pytest.approx(direct.covariance[0, 0])

    def test_the_whole_against_itself(self) -> None:
        design = SurveyDesign(weights=np.ones(10), strata=np.zeros(10, dtype=int))
        counted = np.arange(10) < 7
        found = parts_and_whole(
            design, counted=counted, in_base=np.ones(10, dtype=bool), parts=np.zeros(10, dtype=int), part_count=1
        )
        assert found.correlation.tolist() == [pytest.approx(1)]
        assert found.contrast_variance.tolist() == [pytest.approx(0)]

    def test_nobody(self) -> None:
        design = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=int))
        none = np.zeros(2, dtype=bool)
        found = parts_and_whole(design, counted=none, in_base=none, parts=np.zeros(2, dtype=int), part_count=2)
        assert (found.variance.tolist(), found.correlation.tolist(), found.whole_variance) == ([0, 0], [0, 0], 0)

    def test_broken_input(self) -> None:
        design = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=int))
        both, none = np.ones(2, dtype=bool), np.zeros(2, dtype=bool)
        with pytest.raises(DesignError, match="parts: got 1 values"):
            parts_and_whole(design, counted=both, in_base=both, parts=np.zeros(1, dtype=int), part_count=1)
        with pytest.raises(DesignError, match="counted outside the base"):
            parts_and_whole(design, counted=both, in_base=none, parts=np.zeros(2, dtype=int), part_count=1)


def member(p: float, n: float) -> Member:
    return Member(proportion=p, n=n, n_effective=n, df=n - 1)


class TestBands:
    @given(
        count=st.integers(0, 80),
        rate=st.floats(0.3, 0.99),
        rho=st.floats(0, 0.9),
        level=st.sampled_from([0.8, 0.95, 0.999]),
    )
    def test_is_the_interval_turned_round(self, count: int, rate: float, rho: float, level: float) -> None:
        part, whole = member(count / 80, 80), member(rate, 1600)
        low, high = contrast(part, whole, rho, level)
        assert low <= part.proportion - whole.proportion <= high
        (p,) = p_values_of_contrasts([part], whole, [rho]).tolist()
        if abs(p - (1 - level)) > 1e-9:
            assert (p > 1 - level) == (low <= 0 <= high)

    def test_the_shared_part_tells_more(self) -> None:
        part, whole = member(0.82, 150), member(0.9, 600)
        nearer, apart = p_values_of_contrasts([part, part], whole, [0.5, 0.0])
        assert nearer < apart

    def test_on_the_whole(self) -> None:
        assert p_values_of_contrasts([member(0.9, 50)], member(0.9, 600), [0.3]).tolist() == [1.0]

    def test_three_words(self) -> None:
        parts = [member(0.6, 100), member(0.89, 100), member(0.99, 100)]
        assert assign_bands_against(parts, member(0.87, 1600), [0.25] * 3) == (
            Band.BELOW,
            Band.INDISTINGUISHABLE,
            Band.ABOVE,
        )
        with pytest.raises(ValueError, match="correlations: got 1"):
            assign_bands_against(parts, member(0.87, 1600), [0.25])

    def test_like_communities_seldom_differ_from_their_city(self) -> None:
        """16 communities of 100 at 90 %: some band in at most 5 % of such cities."""
        rng = np.random.default_rng(8)
        wrong = 0
        community = np.repeat(np.arange(16), 100)
        design = SurveyDesign(weights=np.ones(1600), strata=community)
        for _ in range(60):
            counted = rng.random(1600) < 0.9
            found = parts_and_whole(
                design, counted=counted, in_base=np.ones(1600, dtype=bool), parts=community, part_count=16
            )
            parts = [member(float(p), 100) for p in found.proportion]
            bands = assign_bands_against(parts, member(found.whole_proportion, 1600), found.correlation.tolist())
            wrong += any(band is not Band.INDISTINGUISHABLE for band in bands)
        assert wrong <= 5
