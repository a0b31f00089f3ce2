from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from analysis.areas import AreaTree
from analysis.design import DesignError, SurveyDesign
from analysis.estimation.bands import Member, assign_bands
from analysis.estimation.intervals import wilson
from analysis.publication import Band, Base, PublishedEstimate, Reason, Reliability, Subset
from analysis.wave_estimates import Rate, WaveAnswers, estimate_wave
from tests.analysis.waves import (
    DK,
    NO,
    NOTHING,
    OUT,
    REFUSED,
    YES,
    Found,
    asked,
    by_key,
    city_of,
    same,
    simple_wave,
    valid,
)


class TestThreeCommunitiesByHand:
    """A: 18 of 20. B: all 30. C: 25 of 50, of the others 15 said no, 4 did not know, 5 refused, 1 left nothing."""

    @pytest.fixture
    def found(self) -> Found:
        c = [YES] * 25 + [NO] * 15 + [DK] * 4 + [REFUSED] * 5 + [NOTHING]
        return by_key(estimate_wave(simple_wave({"A": [YES] * 18 + [NO] * 2, "B": [YES] * 30, "C": c}, target=0.8)))

    def test_rows(self, found: Found) -> None:
        assert list(found) == [(area, base, Subset.ALL) for base in Base for area in (None, "city", "A", "B", "C")]
        assert all(row.published and row.reason is None for row in found.values())

    def test_points(self, found: Found) -> None:
        assert [asked(found, area).n for area in (None, "A", "B", "C")] == [100, 20, 30, 50]
        assert [asked(found, area).proportion for area in (None, "A", "B", "C")] == [0.73, 0.9, 1.0, 0.5]
        # 25 of the 40 with a valid answer; 73 of 90.
        assert (valid(found, "C").n, valid(found, "C").proportion) == (40, 0.625)
        assert (valid(found, None).n, valid(found, None).proportion) == (90, pytest.approx(73 / 90))

    def test_shares_stand_beside_the_asked(self, found: Found) -> None:
        row = asked(found, "C")
        assert (row.dont_know_share, row.refusal_share, row.no_answer_share) == (0.08, 0.1, 0.02)
        assert asked(found, None).refusal_share == 0.05
        assert valid(found, "C").dont_know_share is None

    def test_own_variance(self, found: Found) -> None:
        # v = .9 x .1 / 19, so n_eff = 19, with t of 19 degrees of freedom.
        row = asked(found, "A")
        low, high = wilson(np.array([0.9]), np.array([19.0]), 19)
        assert (row.n_effective, row.df, row.pooled) == (pytest.approx(19), 19, False)
        assert (row.low, row.high) == (pytest.approx(low[0]), pytest.approx(high[0]))
        assert row.se == pytest.approx((0.09 / 19) ** 0.5)
        assert row.design_effect == pytest.approx(20 / 19)

    def test_pooled_where_everyone_is_counted(self, found: Found) -> None:
        # deff* = (.09/19 + 0 + .25/49) / (.09/20 + 0 + .25/50) = .00983888/.0095 = 1.035672; df 19 + 29 + 49.
        row = asked(found, "B")
        low, _ = wilson(np.array([1.0]), np.array([30 / 1.0356719]), 97)
        assert (row.df, row.pooled, row.se) == (97, True, None)
        assert row.design_effect == pytest.approx(1.0356719)
        assert (row.low, row.high) == (pytest.approx(low[0]), 1.0)

    def test_whole(self, found: Found) -> None:
        # v = .2² x .09/19 + 0 + .5² x .25/49 = .0001895 + .0012755 = .0014650; .73 x .27 / v = 134.5, capped at 100.
        row = asked(found, None)
        assert row.se == pytest.approx(0.00146498**0.5, rel=1e-5)
        assert (row.n_effective, row.df, row.pooled) == (pytest.approx(100), 97, False)

    def test_bands(self, found: Found) -> None:
        # A has too few respondents. B (100 %) and C (50 %) are a family; city and whole each one of its own.
        assert [asked(found, area).band for area in ("A", "B", "C")] == [None, Band.ABOVE, Band.BELOW]
        assert asked(found, "A").reliability is Reliability.WITH_CARE
        assert asked(found, None).band is Band.INDISTINGUISHABLE
        assert asked(found, "B").target == 0.8
        assert (valid(found, "B").band, valid(found, "B").target) == (None, None)


class TestReasons:
    def test_self_chosen_answers_have_points_only(self) -> None:
        found = by_key(estimate_wave(simple_wave({"A": [YES] * 20 + [NO] * 20}, target=0.9, probability=False)))
        row = asked(found, "A")
        assert (row.published, row.n, row.proportion, row.reason) == (True, 40, 0.5, Reason.NON_PROBABILITY)
        assert (row.low, row.high, row.se, row.n_effective, row.df, row.method) == (None,) * 6
        assert (row.reliability, row.band) == (None, None)

    def test_nobody_asked(self) -> None:
        found = by_key(estimate_wave(simple_wave({"A": [OUT] * 12, "B": [YES] * 20 + [NO] * 20})))
        assert (asked(found, "A").published, asked(found, "A").reason) == (False, Reason.NOBODY_ASKED)
        assert asked(found, "B").published
        assert asked(found, None).n == 40

    def test_nobody_answered(self) -> None:
        # 12 were asked and none gave a valid answer: how many did is few, so both bases stay unprinted.
        found = by_key(estimate_wave(simple_wave({"A": [DK] * 12, "B": [YES] * 20 + [NO] * 20, "C": [YES, NO] * 20})))
        assert asked(found, "A").reason is valid(found, "A").reason is Reason.TOO_FEW

    def test_one_respondent(self) -> None:
        found = by_key(estimate_wave(simple_wave({"A": [YES], "B": [YES, NO] * 10, "C": [YES, NO] * 20})))
        for area in ("A", "B"):  # B covers A
            row = asked(found, area)
            assert (row.published, row.reason) == (False, Reason.TOO_FEW)
            assert (row.n, row.proportion, row.low, row.dont_know_share, row.shown_range, row.target) == (None,) * 6
        assert asked(found, "C").published

    def test_all_suppressed(self) -> None:
        found = by_key(estimate_wave(simple_wave({"A": [YES] * 4, "B": [NO] * 5})))
        assert {row.reason for row in found.values()} == {Reason.TOO_FEW}
        assert not any(row.published or row.n is not None for row in found.values())

    def test_one_cluster_each(self) -> None:
        wave = simple_wave({"A": [YES, NO] * 10, "B": [YES, NO] * 10})
        found = by_key(estimate_wave(replace(wave, design=replace(wave.design, psus=wave.design.strata))))
        assert asked(found, "A").reason is Reason.SINGLE_PSU
        assert (asked(found, "A").proportion, asked(found, "A").low) == (0.5, None)

    def test_census(self) -> None:
        wave = simple_wave({"A": [YES] * 20 + [NO] * 10, "B": [YES, NO] * 20})
        found = by_key(estimate_wave(replace(wave, design=replace(wave.design, population=np.array([30.0, 400.0])))))
        assert (asked(found, "A").reason, asked(found, "A").low) == (Reason.CENSUS, None)
        assert asked(found, "A").proportion == pytest.approx(2 / 3)
        assert asked(found, "B").low is not None

    def test_areas_without_respondents_have_no_row(self) -> None:
        wave = simple_wave({"A": [YES, NO] * 10, "B": []})
        assert {row.area for row in estimate_wave(wave)} == {None, "city", "A"}

    def test_respondents_of_no_area(self) -> None:
        wave = simple_wave({"A": [YES, NO] * 10})
        with pytest.raises(DesignError, match="unit_areas"):
            estimate_wave(replace(wave, unit_areas=wave.unit_areas + 1))


class TestShownRange:
    def test_unanimous_and_one_short(self) -> None:
        answers = {"A": [YES] * 20, "B": [YES] * 19 + [NO], "C": [YES] * 18 + [NO] * 2, "D": [YES] * 30}
        found = by_key(estimate_wave(simple_wave(answers)))
        shown = [asked(found, area).shown_range for area in "ABCD"]
        # C covers A and B: 87 of the 90 less 18 and 30 would be 39 of their 40.
        assert shown == [(0.9, 1.0), (0.9, 1.0), (0.8, 1.0), None]
        assert asked(found, None).shown_range is None

    def test_unanimous_among_the_valid(self) -> None:
        # 20 of 25 asked would tell that all 20 with a valid answer agree.
        found = by_key(estimate_wave(simple_wave({"A": [YES] * 20 + [DK] * 5, "B": [YES, NO] * 20})))
        assert (asked(found, "A").shown_range, valid(found, "A").shown_range) == ((0.7, 0.8), (0.9, 1.0))

    def test_large_share_of_a_small_community(self) -> None:
        wave = simple_wave({"A": [YES] * 40})
        assert asked(by_key(estimate_wave(wave)), "A").shown_range is None
        known = replace(wave, tree=city_of(["A"], {"A": 60, "city": 100_000}))
        # The city's 40 are the same 40.
        assert {row.shown_range for row in estimate_wave(known)} == {(0.95, 1.0)}


def tiers_wave() -> WaveAnswers:
    """City, two streets, twelve communities of 60: eleven at 90 %, one at 70 %."""
    tree = AreaTree(
        codes=("city", "s1", "s2", *(f"c{i}" for i in range(12))),
        parents=(None, 0, 0, *(1 + i // 6 for i in range(12))),
        tiers=(0, 2, 2, *[4] * 12),
        populations=(None,) * 15,
    )
    unit_areas = np.repeat(np.arange(3, 15), 60)
    states = np.concatenate(
        [np.array([YES] * (42 if i == 0 else 54) + [NO] * (18 if i == 0 else 6)) for i in range(12)]
    )
    return WaveAnswers(
        rates=[Rate(code="r", states=states.astype(np.int8), target=0.82)],
        tree=tree,
        unit_areas=unit_areas,
        design=SurveyDesign(weights=np.ones(720), strata=unit_areas - 3),
        probability=True,
        pooling_tier=4,
    )


def test_families_are_tiers() -> None:
    """70 % of 60 is p = .034 against 82 %: below if alone, not among twelve. Streets and city are families apart."""
    found = by_key(estimate_wave(tiers_wave()))
    assert assign_bands([Member(proportion=0.7, n=60, n_effective=59, df=59)], 0.82) == (Band.BELOW,)
    assert {asked(found, f"c{i}").band for i in range(12)} == {Band.INDISTINGUISHABLE}
    assert {asked(found, area).band for area in (None, "city", "s1", "s2")} == {Band.ABOVE}


class TestLaws:
    def agree(self, rows: Sequence[PublishedEstimate], others: Sequence[PublishedEstimate]) -> None:
        for one, two in zip(rows, others, strict=True):
            assert (one.area, one.base, one.published, one.band, one.n) == (
                two.area,
                two.base,
                two.published,
                two.band,
                two.n,
            )
            for name in ("proportion", "low", "high", "se", "n_effective", "dont_know_share"):
                assert same(getattr(one, name), getattr(two, name))

    def example(self) -> WaveAnswers:
        rng = np.random.default_rng(5)
        unit_areas = rng.integers(1, 9, 400)
        states = rng.choice(
            np.array([YES, NO, DK, REFUSED, NOTHING, OUT], dtype=np.int8), 400, p=[0.7, 0.1, *[0.05] * 4]
        )
        return WaveAnswers(
            rates=[Rate(code="r", states=states, target=0.7)],
            tree=city_of([f"c{i}" for i in range(8)]),
            unit_areas=unit_areas,
            design=SurveyDesign(weights=rng.uniform(1, 4, 400), strata=unit_areas - 1),
            probability=True,
            pooling_tier=4,
        )

    def test_order_of_respondents(self) -> None:
        wave, order = self.example(), np.random.default_rng(6).permutation(400)
        shuffled = replace(
            wave,
            rates=[replace(wave.rates[0], states=wave.rates[0].states[order])],
            unit_areas=wave.unit_areas[order],
            design=SurveyDesign(weights=wave.design.weights[order], strata=wave.design.strata[order]),
        )
        self.agree(estimate_wave(wave), estimate_wave(shuffled))

    @pytest.mark.parametrize("scale", [0.01, 1000.0])
    def test_scale_of_weights(self, scale: float) -> None:
        wave = self.example()
        scaled = replace(wave.design, weights=wave.design.weights * scale)
        self.agree(estimate_wave(wave), estimate_wave(replace(wave, design=scaled)))

    def test_areas_add_up(self) -> None:
        found = by_key(estimate_wave(self.example()))
        for base in Base:
            rows = {area: found[area, base, Subset.ALL] for area in [None, "city", *(f"c{i}" for i in range(8))]}
            assert rows[None].n == rows["city"].n == sum(rows[f"c{i}"].n or 0 for i in range(8))

    def test_every_published_number_is_one(self) -> None:
        for row in estimate_wave(self.example()):
            assert row.published
            assert row.proportion is not None
            assert row.low is not None
            assert row.high is not None
            assert 0 <= row.low <= row.proportion <= row.high <= 1
            assert row.high - row.low > 0.01
            assert row.se is not None
            assert np.isfinite(row.se)
