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
    valid,
)


class TestCoaching:
    def wave(self, coached: Mapping[str, int], answers: Mapping[str, Sequence[int]]) -> WaveAnswers:
        """The first so many of a community say that they were told how to answer."""
        wave = simple_wave(answers)
        told = [YES if i < coached[area] else NO for area, states in answers.items() for i in range(len(states))]
        asked_too = Rate(code="coached", states=np.array(told, dtype=np.int8))
        return replace(wave, rates=[*wave.rates, asked_too], coaching="coached", headline=frozenset({"r"}))

    def test_recomputed_where_it_shows(self) -> None:
        # A: 15 of 60 coached, 12 of them satisfied; of the other 45 are 33.
        # B: 12 of 60 coached, 6 of them satisfied; of the other 48 are 24.
        answers = {"A": [NO] * 3 + [YES] * 45 + [NO] * 12, "B": [YES, NO] * 30}
        rows = estimate_wave(self.wave({"A": 15, "B": 12}, answers))
        without = {row.area: row for row in rows if row.subset is Subset.NOT_COACHED and row.base is Base.ASKED}
        assert set(without) == {None, "city", "A", "B"}
        assert (without["A"].n, without["A"].proportion) == (45, pytest.approx(33 / 45))
        assert (without[None].n, without[None].proportion) == (93, pytest.approx(57 / 93))
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

    @pytest.mark.parametrize("satisfied", [0, 1, 11, 12])
    def test_withheld_where_the_coached_are_of_one_mind(self, satisfied: int) -> None:
        """53 of 55 with them and 41 of 43 without would say of each of the 12 who reported it what they answered."""
        answers = {"A": [YES] * satisfied + [NO] * (12 - satisfied) + [YES] * 41 + [NO] * 2, "B": [YES, NO] * 30}
        rows = estimate_wave(self.wave({"A": 12, "B": 0}, answers))
        without = [row for row in rows if row.subset is Subset.NOT_COACHED]
        assert {row.area for row in without} == {None, "city", "A"}
        assert not any(row.published for row in without)

    def test_one_of_several_of_one_mind_is_not_had_from_the_whole(self) -> None:
        """A's 12 all say yes; the whole without the coached, less B and C without theirs, would tell."""
        answers = {"A": [YES] * 40 + [NO] * 20, "B": [YES, NO] * 30, "C": [YES, NO] * 40}
        rows = estimate_wave(self.wave({"A": 12, "B": 14, "C": 20}, answers))
        without = {row.area for row in rows if row.subset is Subset.NOT_COACHED and row.published}
        assert without == {None, "city", "C"}

    def test_nobody_can_be_looked_for(self) -> None:
        """One person of 53 who said it, named by community, is somebody to look for; so is one by subtraction."""
        answers = {area: [YES, NO] * 30 for area in "ABCD"}
        found = by_key(estimate_wave(self.wave({"A": 1, "B": 0, "C": 13, "D": 4}, answers)), "coached")
        shown = {area: asked(found, area).shown_range for area in (None, *"ABCD")}
        # 18 of 240 are told exactly. 3 to 9 of 60 call for the warning, fewer do not.
        assert shown == {None: None, "A": (0.0, 0.05), "B": (0.0, 0.05), "C": None, "D": (0.05, 0.15)}
        found = by_key(estimate_wave(self.wave({"A": 1, "B": 13, "C": 13, "D": 13}, answers)), "coached")
        shown = {area: asked(found, area).shown_range for area in (None, *"ABCD")}
        assert shown == {None: None, "A": (0.0, 0.05), "B": (0.15, 0.25), "C": None, "D": None}

    def test_how_many_remain_does_not_count_the_coached(self) -> None:
        answers = {area: [YES, NO] * 30 for area in "ABCD"}
        rows = estimate_wave(self.wave({"A": 0, "B": 14, "C": 16, "D": 16}, answers))
        assert asked(by_key(rows, "coached"), "B").shown_range is not None
        sizes = {row.area: row.n for row in rows if row.subset is Subset.NOT_COACHED and row.base is Base.ASKED}
        assert sizes == {None: 194, "city": 194, "B": None, "C": 44, "D": 44}

    def test_nor_those_who_denied_it(self) -> None:
        answers = {area: [YES, NO] * 30 for area in "ABC"}
        found = by_key(estimate_wave(self.wave({"A": 59, "B": 20, "C": 20}, answers)), "coached")
        assert asked(found, "A").shown_range == valid(found, "A").shown_range == (0.85, 1.0)

    def test_where_they_are_does_not_show_in_the_error_of_the_whole(self) -> None:
        answers = {"A": [YES, NO] * 20, "B": [YES, NO] * 40, "C": [YES, NO] * 40}
        one, two = (
            by_key(estimate_wave(self.wave(told, answers)), "coached")
            for told in ({"A": 2, "B": 0, "C": 12}, {"A": 0, "B": 2, "C": 12})
        )
        for base in (asked, valid):
            assert (base(one, None).se, base(one, None).low) == (base(two, None).se, base(two, None).low)

    def test_an_area_with_few_answers_is_not_named(self) -> None:
        answers = {"A": [YES, NO] * 14, "B": [YES, NO] * 30, "C": [YES, NO] * 30}
        found = by_key(estimate_wave(self.wave({"A": 12, "B": 12, "C": 12}, answers)), "coached")
        assert (asked(found, "A").published, asked(found, "A").n, asked(found, "A").reason) == (
            False,
            None,
            Reason.TOO_FEW,
        )

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
