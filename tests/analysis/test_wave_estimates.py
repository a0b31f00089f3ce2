from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.answers import AnswerState
from analysis.areas import AreaTree
from analysis.design import DesignError, IntArray, SurveyDesign
from analysis.estimation.bands import Member, assign_bands
from analysis.estimation.intervals import wilson
from analysis.publication import Band, Base, PublishedEstimate, Reason, Reliability, Subset
from analysis.wave_estimates import Rate, WaveAnswers, estimate_wave

YES, NO = AnswerState.COUNTED, AnswerState.NOT_COUNTED
DK, REFUSED, NOTHING, OUT = (
    AnswerState.DONT_KNOW,
    AnswerState.REFUSED,
    AnswerState.NO_ANSWER,
    AnswerState.OUTSIDE,
)
Found = dict[tuple[str | None, Base, Subset], PublishedEstimate]


def city_of(communities: Sequence[str], populations: Mapping[str, int] | None = None) -> AreaTree:
    """A city and its communities."""
    known = populations or {}
    return AreaTree(
        codes=("city", *communities),
        parents=(None, *[0] * len(communities)),
        tiers=(0, *[4] * len(communities)),
        populations=tuple(known.get(code) for code in ("city", *communities)),
    )


def simple_wave(answers: Mapping[str, Sequence[int]], *, target: float | None = None, **more: object) -> WaveAnswers:
    """One rate; communities are strata of single respondents of one weight."""
    tree = city_of(list(answers))
    unit_areas = np.array([place for place, states in enumerate(answers.values(), 1) for _ in states], dtype=np.int64)
    states = np.array([int(state) for states in answers.values() for state in states], dtype=np.int8)
    wave = WaveAnswers(
        rates=[Rate(code="r", states=states, target=target)],
        tree=tree,
        unit_areas=unit_areas,
        design=SurveyDesign(weights=np.ones(len(states)), strata=unit_areas - 1),
        probability=True,
        pooling_tier=4,
    )
    return replace(wave, **more)  # type: ignore[arg-type]


def by_key(rows: Sequence[PublishedEstimate], indicator: str = "r") -> Found:
    return {(row.area, row.base, row.subset): row for row in rows if row.indicator == indicator}


def asked(found: Found, area: str | None) -> PublishedEstimate:
    return found[area, Base.ASKED, Subset.ALL]


def valid(found: Found, area: str | None) -> PublishedEstimate:
    return found[area, Base.VALID, Subset.ALL]


def same(one: float | None, other: float | None) -> bool:
    return one == other or one == pytest.approx(other, rel=1e-9, abs=1e-12)


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
        assert shown == [(0.9, 1.0), (0.9, 1.0), None, None]

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


class TestCoaching:
    def wave(self, coached: Mapping[str, int], answers: Mapping[str, Sequence[int]]) -> WaveAnswers:
        """The first so many of a community say that they were told how to answer."""
        wave = simple_wave(answers)
        told = [YES if i < coached[area] else NO for area, states in answers.items() for i in range(len(states))]
        asked_too = Rate(code="coached", states=np.array(told, dtype=np.int8))
        return replace(wave, rates=[*wave.rates, asked_too], coaching="coached", headline=frozenset({"r"}))

    def test_recomputed_where_it_shows(self) -> None:
        # A: 15 of 60 coached, all 15 satisfied; of the other 45 are 30. B: nobody. Whole: 15 of 120 coached.
        answers = {"A": [YES] * 45 + [NO] * 15, "B": [YES] * 40 + [NO] * 20}
        rows = estimate_wave(self.wave({"A": 15, "B": 0}, answers))
        without = {row.area: row for row in rows if row.subset is Subset.NOT_COACHED and row.base is Base.ASKED}
        assert set(without) == {None, "city", "A"}
        assert (without["A"].n, without["A"].proportion) == (45, pytest.approx(30 / 45))
        assert (without[None].n, without[None].proportion) == (105, pytest.approx(70 / 105))
        assert without["A"].low is not None
        assert (without["A"].band, without["A"].target) == (None, None)
        assert asked(by_key(rows), "A").proportion == 0.75

    def test_withheld_where_the_coached_are_few(self) -> None:
        # 5 coached in A, 20 in B: what they answered would be all less those without them; together they are enough.
        answers = {"A": [YES] * 30 + [NO] * 30, "B": [YES] * 30 + [NO] * 30}
        rows = estimate_wave(self.wave({"A": 5, "B": 20}, {**answers, "B": [YES, NO] * 30}))
        without = {row.area: row for row in rows if row.subset is Subset.NOT_COACHED and row.base is Base.ASKED}
        assert [(without[area].published, without[area].reason) for area in ("A", "B")] == [(False, Reason.TOO_FEW)] * 2
        assert (without["A"].n, without["A"].proportion) == (None, None)
        assert without[None].n == 95
        # Its own variance would tell how the 25 are spread over A and B.
        assert without[None].pooled

    def test_withheld_everywhere_where_only_a_few_are_coached(self) -> None:
        rows = estimate_wave(self.wave({"A": 6, "B": 0}, {"A": [YES, NO] * 30, "B": [YES, NO] * 20}))
        without = [row for row in rows if row.subset is Subset.NOT_COACHED]
        assert {row.area for row in without} == {None, "city", "A"}
        assert not any(row.published for row in without)

    def test_no_warning_no_rows(self) -> None:
        rows = estimate_wave(self.wave({"A": 2, "B": 2}, {"A": [YES, NO] * 30, "B": [YES, NO] * 30}))
        assert {row.subset for row in rows} == {Subset.ALL}

    def test_only_headline_rates(self) -> None:
        rows = estimate_wave(self.wave({"A": 20, "B": 20}, {"A": [YES, NO] * 30, "B": [YES, NO] * 30}))
        assert {row.indicator for row in rows if row.subset is Subset.NOT_COACHED} == {"r"}

    def test_a_rate_that_is_hidden_raises_no_warning(self) -> None:
        # A has 40 respondents, but covers the 8 of B: that it has a warning would tell of its coaching rate.
        answers = {"A": [YES, NO] * 20, "B": [YES, NO] * 4, "C": [YES, NO] * 40}
        rows = estimate_wave(self.wave({"A": 12, "B": 1, "C": 16}, answers))
        assert not asked(by_key(rows, "coached"), "A").published
        assert "A" not in {row.area for row in rows if row.subset is Subset.NOT_COACHED}


class TestNothingElseTells:
    """Errors, effective sizes and pooled design effects of what is printed say nothing about what is not."""

    def test_pooled_over_printed_communities_only(self) -> None:
        answers = {"A": [YES] * 7 + [NO], "B": [YES] * 6 + [NO] * 6, "C": [YES] * 30 + [NO] * 10, "D": [YES] * 40}
        found = by_key(estimate_wave(simple_wave(answers)))
        assert [area for area in "ABCD" if asked(found, area).published] == ["C", "D"]
        # deff* = (40/39 of C's p(1-p)/n) / the same = 1.0256; A and B would make it larger.
        assert asked(found, "D").design_effect == pytest.approx(40 / 39)
        assert asked(found, "C").pooled is False
        assert (asked(found, None).pooled, asked(found, None).design_effect) == (True, pytest.approx(40 / 39))

    def test_where_no_community_is_printed(self) -> None:
        wave = simple_wave({area: [YES] * 4 + [NO] * 4 for area in "ABCDE"})
        row = asked(by_key(estimate_wave(wave)), None)
        assert (row.pooled, row.design_effect, row.df) == (True, 1.0, 35)
        # Of clusters nothing can be said without telling about the suppressed.
        clusters = replace(wave.design, psus=np.arange(40) // 2)
        row = asked(by_key(estimate_wave(replace(wave, design=clusters))), None)
        assert (row.published, row.proportion, row.low, row.reason) == (True, 0.5, None, Reason.TOO_FEW)

    def test_grids_inside_a_stratum_of_single_units_cost_nothing(self) -> None:
        # n and rate of the community tell its variance already.
        tree = AreaTree(
            codes=("c", "g1", "g2", "g3"), parents=(None, 0, 0, 0), tiers=(4, 5, 5, 5), populations=(None,) * 4
        )
        unit_areas: IntArray = np.repeat([1, 2, 3], [6, 30, 40])
        states = np.tile(np.array([YES, YES, YES, NO], dtype=np.int8), 19)
        wave = WaveAnswers(
            rates=[Rate(code="r", states=states)],
            tree=tree,
            unit_areas=unit_areas,
            design=SurveyDesign(weights=np.ones(76), strata=np.zeros(76, dtype=np.int64)),
            probability=True,
            pooling_tier=4,
        )
        found = by_key(estimate_wave(wave))
        assert [asked(found, area).published for area in ("c", "g1", "g2", "g3")] == [True, False, False, True]
        assert asked(found, "c").pooled is False
        # Drawn in clusters it is another matter.
        clustered = replace(wave, design=replace(wave.design, psus=np.arange(76) // 2))
        assert asked(by_key(estimate_wave(clustered)), "c").reason is Reason.TOO_FEW

    @settings(max_examples=60)
    @given(st.data())
    def test_who_answered_what_among_the_hidden_changes_nothing(self, data: st.DataObject) -> None:
        """Shuffle answers among the respondents of the hidden communities: every printed number stays."""
        sizes = data.draw(st.lists(st.one_of(st.integers(1, 12), st.integers(20, 45)), min_size=3, max_size=7))
        unit_areas = np.repeat(np.arange(1, len(sizes) + 1), sizes)
        n = len(unit_areas)
        states = np.array(data.draw(st.lists(st.sampled_from([YES, YES, NO]), min_size=n, max_size=n)), dtype=np.int8)
        psus = np.arange(n) // 2 * 10 + unit_areas if data.draw(st.booleans()) else None
        weights = unit_areas % 2 + 1.0 if data.draw(st.booleans()) else np.ones(n)
        wave = WaveAnswers(
            rates=[Rate(code="r", states=states, target=0.6)],
            tree=city_of([f"c{i}" for i in range(len(sizes))]),
            unit_areas=unit_areas,
            design=SurveyDesign(weights=weights, strata=unit_areas - 1, psus=psus),
            probability=True,
            pooling_tier=4,
        )
        rows = estimate_wave(wave)
        hidden = {row.area for row in rows if not row.published}
        places = np.flatnonzero([wave.tree.codes[area] in hidden for area in unit_areas])
        # With two weights, answers go round among respondents of one weight: the weighted total is printed.
        other = states.copy()
        for weight in (1.0, 2.0):
            own = places[weights[places] == weight]
            other[own] = other[data.draw(st.permutations(own.tolist()))] if len(own) else other[own]
        again = estimate_wave(replace(wave, rates=[replace(wave.rates[0], states=other)]))
        assert [row.published for row in again] == [row.published for row in rows]
        for one, two in zip(rows, again, strict=True):
            for name in ("n", "proportion", "se", "n_effective", "low", "high", "df", "design_effect"):
                assert same(getattr(one, name), getattr(two, name))
            assert (one.band, one.reliability, one.pooled, one.shown_range) == (
                two.band,
                two.reliability,
                two.pooled,
                two.shown_range,
            )


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
