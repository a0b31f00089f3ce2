"""Pooling of waves and of areas: what is taken together, what its numbers are, and how often they are right."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.areas import AreaTree
from analysis.design import DesignError, FloatArray, LonelyPsu, SurveyDesign
from analysis.estimation.intervals import pool, wilson_effective
from analysis.estimation.pooled_design import pool_designs
from analysis.estimation.pooling import (
    FieldedWave,
    NotPooled,
    default_levels,
    group_areas,
    rolling_period,
)
from analysis.estimation.proportions import estimate_proportions
from analysis.estimation.variance import covariance
from analysis.wave_estimates import Rate, estimate_wave
from analysis.wave_pooling import pool_answers
from tests.analysis.waves import NO, YES, asked, by_key, simple_wave

LATEST = FieldedWave(
    wave="latest", first=date(2024, 9, 1), last=date(2024, 9, 30), wording="asked so", population="adults"
)


class TestPeriod:
    @pytest.mark.parametrize(
        ("change", "reason"),
        [
            ({}, None),
            ({"probability": False}, NotPooled.NON_PROBABILITY),
            ({"wording": "asked otherwise"}, NotPooled.WORDING),
            ({"population": "tenants"}, NotPooled.POPULATION),
            ({"first": date(2023, 9, 30)}, NotPooled.OUTSIDE_PERIOD),
            ({"wording": "otherwise", "population": "tenants"}, NotPooled.WORDING),
        ],
    )
    def test_what_is_left_out_and_why(self, change: dict[str, object], reason: NotPooled | None) -> None:
        usual = {"wave": "earlier", "first": date(2023, 10, 1), "last": date(2023, 10, 30)}
        earlier = replace(LATEST, **{**usual, **change})  # type: ignore[arg-type]
        found = rolling_period([LATEST, earlier], days=366)
        assert found.left_out == ((("earlier", reason),) if reason else ())
        assert found.waves == (("latest",) if reason else ("earlier", "latest"))
        assert (found.first, found.last) == (LATEST.first if reason else earlier.first, LATEST.last)

    def test_a_period_is_counted_with_its_first_and_last_day(self) -> None:
        earlier = replace(LATEST, wave="earlier", first=date(2024, 9, 21), last=date(2024, 9, 22))
        assert rolling_period([earlier, LATEST], days=10).waves == ("earlier", "latest")
        assert rolling_period([earlier, LATEST], days=9).waves == ("latest",)

    def test_a_latest_wave_that_is_no_sample(self) -> None:
        found = rolling_period([replace(LATEST, probability=False)], days=1)
        assert (found.waves, found.left_out) == ((), (("latest", NotPooled.NON_PROBABILITY),))

    def test_no_period(self) -> None:
        for waves, days in (([], 1), ([LATEST], 0)):
            with pytest.raises(ValueError, match="period: got"):
                rolling_period(waves, days=days)
        with pytest.raises(ValueError, match="expected it to begin before it ends"):
            rolling_period([replace(LATEST, last=date(2024, 1, 1))], days=1)


def simple(n: int, population: float | None = None, strata: int = 1) -> SurveyDesign:
    return SurveyDesign(
        weights=np.full(n, 2.0),
        strata=np.arange(n) % strata,
        population=None if population is None else np.full(strata, population),
    )


class TestDesign:
    @given(st.lists(st.booleans(), min_size=2, max_size=20), st.lists(st.booleans(), min_size=2, max_size=20))
    def test_waves_drawn_apart_add_their_variances(self, one: list[bool], two: list[bool]) -> None:
        """The pooled rate of equal totals is the mean of both; scores are halved."""
        designs = [
            simple(len(one)),
            SurveyDesign(weights=np.full(len(two), 2.0 * len(one) / len(two)), strata=np.zeros(len(two), dtype=int)),
        ]
        pooled = pool_designs(designs)
        both = np.array([*one, *two])
        found = estimate_proportions(
            pooled,
            counted=both,
            in_base=np.ones(len(both), dtype=bool),
            domains=np.zeros(len(both), dtype=int),
            domain_count=1,
        )
        assert found.proportion[0] == pytest.approx((np.mean(one) + np.mean(two)) / 2)
        scores = (both - found.proportion[0]) / pooled.weights.sum()
        apart = np.concatenate([np.repeat(0.5, len(one)), np.repeat(0.5, len(two))])
        direct = sum(
            float(covariance(design, part)[0, 0])
            for design, part in zip(designs, np.split(scores * apart, [len(one)]), strict=True)
        )
        if 0 < both.mean() < 1:
            assert found.variance[0] == pytest.approx(direct, abs=1e-15)

    def test_population_correction_stays_each_waves_own(self) -> None:
        pooled = pool_designs([simple(4, population=8.0), simple(4, population=16.0), simple(4)])
        assert pooled.fractions.tolist() == [0.5, 0.25, 0.0]
        assert pool_designs([simple(4), simple(4)]).population is None

    def test_kept_psus_are_one(self) -> None:
        one = SurveyDesign(
            weights=np.ones(4), strata=np.array([0, 0, 1, 1]), psus=np.arange(4), population=np.array([10.0, 10.0])
        )
        pooled = pool_designs([one, one], psu_labels=[["a", "b", None, None], ["b", "c", None, None]])
        assert pooled.stratum_count == 3
        assert pooled.psu_counts.tolist() == [3, 2, 2]
        # Four completes of twenty adults, two of ten each.
        assert pooled.fractions.tolist() == [0.2, 0.2, 0.2]

    def test_a_panel_is_no_larger_than_its_psus(self) -> None:
        """The same people asked twice, answering alike: as sure as once."""
        one, answers = simple(20), np.arange(20) % 4 > 0
        kept = pool_designs([one, one], psu_labels=[range(20), range(20)])
        apart = pool_designs([one, one])
        found = [
            estimate_proportions(
                design,
                counted=np.tile(answers, 2),
                in_base=np.ones(40, dtype=bool),
                domains=np.zeros(40, dtype=int),
                domain_count=1,
            ).variance[0]
            for design in (kept, apart)
        ]
        assert found[0] == pytest.approx(0.75 * 0.25 / 19)
        assert found[1] == pytest.approx(0.75 * 0.25 / 19 / 2)

    def test_each_waves_calibration_stays_its_own(self) -> None:
        class Centred:
            """A wave whose weights were made to meet its size: scores lose their mean."""

            def residuals(self, scores: FloatArray) -> FloatArray:
                centred: FloatArray = scores - scores.mean(axis=0)
                return centred

            def apply(self, weights: FloatArray) -> FloatArray:
                return weights * 2

        calibrated = simple(3).adjusted(weights=np.full(3, 2.0), adjustment=Centred())
        (together,) = pool_designs([calibrated, simple(2)]).adjustments
        assert together.residuals(np.arange(5.0)).tolist() == [-1, 0, 1, 3, 4]
        assert together.apply(np.ones(5)).tolist() == [2, 2, 2, 1, 1]

    @pytest.mark.parametrize(
        ("designs", "labels", "message"),
        [
            ([], None, "designs: got none"),
            ([simple(2)], [["a"]], "psu_labels: got 1 values, expected 2"),
            ([simple(2)], [["a", "b"], []], "psu_labels: got 2 lists, expected 1"),
            ([simple(2), replace(simple(2), lonely=LonelyPsu.FAIL)], None, "different rules for lonely PSUs"),
            ([replace(simple(2), order=np.arange(2))], None, "systematic selection"),
        ],
    )
    def test_what_cannot_be_laid_together(self, designs, labels, message) -> None:
        with pytest.raises(DesignError, match=message):
            pool_designs(designs, psu_labels=labels)


def test_pooled_intervals_hold_the_rate_of_the_period() -> None:
    """Three waves of 12 in each of 16 communities, whose rates drift by two points a wave: the mean of the period."""
    rng = np.random.default_rng(21)
    held, community = [], np.repeat(np.arange(16), 12)
    design = SurveyDesign(weights=np.ones(192), strata=community)
    for _ in range(150):
        rates = np.clip(rng.normal(0.9, 0.03, 16), 0.5, 0.98)
        of_wave = [rates - 0.02, rates, rates + 0.02]
        counted = np.concatenate([rng.random(192) < np.repeat(rate, 12) for rate in of_wave])
        found = estimate_proportions(
            pool_designs([design] * 3),
            counted=counted,
            in_base=np.ones(576, dtype=bool),
            domains=np.tile(community, 3),
            domain_count=16,
        )
        intervals = wilson_effective(found, pool(found))
        held.append((intervals.low <= rates) & (rates <= intervals.high))
    assert np.mean(held) >= 0.93


TREE = AreaTree(
    codes=("city", "street", "a", "b", "c"), parents=(None, 0, 1, 1, 0), tiers=(0, 3, 4, 4, 4), populations=(None,) * 5
)


class TestAreas:
    def test_shown_where_there_are_enough(self) -> None:
        n = np.array([130, 60, 40, 20, 70])
        assert default_levels(TREE, n=n, n_effective=n * 0.9).tolist() == [0, 1, 2, 1, 4]
        assert default_levels(TREE, n=n, n_effective=n * 0.4).tolist() == [0, 0, 0, 0, 0]
        assert default_levels(TREE, n=n // 10, n_effective=n * 1.0).tolist() == [-1] * 5
        with pytest.raises(DesignError, match="n_effective: got 1 values"):
            default_levels(TREE, n=n, n_effective=np.ones(1))

    def test_a_group_holds_all_below_it(self) -> None:
        codes, groups = group_areas(TREE, np.arange(5), {"south": ["street"], "north": ["c"]})
        assert codes.tolist() == [-1, 0, 0, 0, 1]
        assert [(group.name, group.areas) for group in groups] == [("south", ("street",)), ("north", ("c",))]

    @pytest.mark.parametrize(
        ("groups", "message"),
        [
            ({"x": ["nowhere"]}, "got area nowhere"),
            ({"x": ["a"], "y": ["a"]}, "which is in another group"),
            ({"x": ["street"], "y": ["a"]}, "apart from the area it lies in"),
        ],
    )
    def test_no_groups(self, groups: dict[str, list[str]], message: str) -> None:
        with pytest.raises(DesignError, match=message):
            group_areas(TREE, np.arange(5), groups)


class TestAnswers:
    def test_two_waves_are_one_of_both(self) -> None:
        one = simple_wave({"a": [YES] * 15 + [NO] * 5, "b": [YES] * 20 + [NO] * 20})
        two = simple_wave({"b": [YES] * 30 + [NO] * 10, "a": [YES] * 18 + [NO] * 2}, target=0.8)
        pooled = pool_answers([one, two], ["r"])
        rows = by_key(estimate_wave(pooled))
        assert (asked(rows, "a").n, asked(rows, "b").n, asked(rows, None).n) == (40, 80, 120)
        assert asked(rows, "a").proportion == pytest.approx(33 / 40)
        assert asked(rows, "b").proportion == pytest.approx(50 / 80)
        assert asked(rows, "a").target == 0.8

    def test_one_wave_alone_is_itself(self) -> None:
        wave = simple_wave({"a": [YES] * 15 + [NO] * 15, "b": [YES] * 20 + [NO] * 20})
        assert estimate_wave(pool_answers([wave], ["r"])) == estimate_wave(wave)

    def test_what_cannot_be_pooled(self) -> None:
        wave = simple_wave({"a": [YES, NO], "b": [YES, NO]})
        other = replace(wave, rates=[Rate(code="q", states=wave.rates[0].states)])
        for waves, message in (
            ([], "waves: got none"),
            ([replace(wave, probability=False), wave], "no probability sample"),
            ([other, wave], "indicator r: got it in 1 waves"),
            ([simple_wave({"c": [YES, NO]}), wave], "area c: got answers from it"),
        ):
            with pytest.raises(DesignError, match=message):
                pool_answers(waves, ["r"])
