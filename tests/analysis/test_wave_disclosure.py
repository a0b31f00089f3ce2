"""What a wave prints about those who were told how to answer, and about those who are too few."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.areas import AreaTree
from analysis.design import IntArray, SurveyDesign
from analysis.publication import Base, Reason, Subset
from analysis.wave_estimates import Rate, WaveAnswers, estimate_wave
from tests.analysis.waves import (
    NO,
    YES,
    asked,
    by_key,
    city_of,
    same,
    simple_wave,
)


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

    @settings(max_examples=settings().max_examples // 2)
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
