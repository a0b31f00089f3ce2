"""Rates by group: right where they are shown, and beside all areas and other groups no way to what is hidden."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from analysis.answers import VALID, AnswerState
from analysis.design import DesignError
from analysis.disclosure import Cell, suppress
from analysis.divisions import CrossedDivisions, Division
from analysis.domains import Domains
from analysis.group_estimates import estimate_groups
from analysis.publication import Base, PublishedEstimate, Reason
from analysis.wave_estimates import WaveAnswers, estimate_wave
from tests.analysis.waves import DK, NO, YES, simple_wave


def division(name: str, units: Sequence[int], groups: int | None = None) -> Division:
    count = groups or max(units) + 1
    return Division(name=name, groups=tuple("abcdefgh"[:count]), units=np.array(units, dtype=np.int64))


def rows_of(
    wave: WaveAnswers, *divisions: Division, base: Base = Base.ASKED
) -> dict[str, dict[str | None, PublishedEstimate]]:
    return {
        name: {row.area: row for row in rows if row.base is base}
        for name, rows in estimate_groups(wave, divisions).items()
    }


def test_a_group_is_a_domain_of_the_whole_design() -> None:
    wave = simple_wave({"A": [YES] * 30 + [NO] * 30, "B": [YES] * 45 + [NO] * 15})
    found = rows_of(wave, division("sex", [0, 1] * 60))["sex"]
    whole = next(row for row in estimate_wave(wave) if row.area is None and row.base is Base.ASKED)
    assert {code: (row.n, row.proportion) for code, row in found.items()} == {
        "a": (60, pytest.approx(38 / 60)),
        "b": (60, pytest.approx(37 / 60)),
    }
    assert found["a"].df == 58  # respondents of the group less the strata they are in
    assert not found["a"].pooled
    assert found["a"].low is not None
    assert whole.n == 120


def test_a_small_group_takes_another_one_with_it() -> None:
    wave = simple_wave({"A": [YES, NO] * 40})
    found = rows_of(wave, division("age", [0] * 7 + [1] * 23 + [2] * 50))["age"]
    assert {code: row.published for code, row in found.items()} == {"a": False, "b": False, "c": True}
    assert {found["a"].reason, found["b"].reason} == {Reason.TOO_FEW}
    assert found["a"].n is None


def test_a_group_that_answered_alike_is_a_range_and_so_is_another_one() -> None:
    # All 20 of a group satisfied, of the others 25 of 30 and 25 of 50: the whole less the others would say it.
    wave = simple_wave({"A": [YES] * 20 + [YES] * 25 + [NO] * 5 + [YES, NO] * 25})
    found = rows_of(wave, division("age", [0] * 20 + [1] * 30 + [2] * 50))["age"]
    assert {code: row.shown_range for code, row in found.items()} == {"a": (0.9, 1.0), "b": (0.8, 0.9), "c": None}
    assert (found["a"].published, found["a"].n) == (True, 20)
    for ranged in (found["a"], found["b"]):
        numbers = (ranged.proportion, ranged.low, ranged.se, ranged.n_effective, ranged.pooled, ranged.dont_know_share)
        assert numbers == (None,) * 6


def test_two_groups_that_answered_alike_do_not_cover_each_other() -> None:
    wave = simple_wave({"A": [YES] * 20 + [YES] * 15 + [YES, NO] * 25})
    found = rows_of(wave, division("age", [0] * 20 + [1] * 15 + [2] * 50))["age"]
    assert all(row.shown_range for row in found.values())


def test_both_bases_are_hidden_together() -> None:
    wave = simple_wave({"A": [YES] * 6 + [DK] * 10 + [YES, NO] * 40})
    sex = division("sex", [0] * 16 + [1] * 80)
    for base in Base:
        assert not any(row.published for row in rows_of(wave, sex, base=base)["sex"].values())


def test_a_group_does_not_give_a_community_away() -> None:
    # A's 6 are hidden, and B covers them. The agency asked in A and C: without C, which is shown, that is A.
    wave = simple_wave({"A": [YES, NO] * 3, "B": [YES, NO] * 10, "C": [YES, NO] * 30, "D": [YES, NO] * 30})
    agency = [1] * 6 + [0] * 20 + [1] * 60 + [0] * 60
    alone = rows_of(wave, division("type", [index // 2 % 2 for index in range(146)]))["type"]
    found = rows_of(wave, division("type", agency))["type"]
    assert all(row.published for row in alone.values())
    assert not any(row.published for row in found.values())


def test_a_later_division_does_not_give_an_earlier_one_away() -> None:
    # Mode: 8 online, so both are hidden. Those without a canvasser are the same 8 and 30 more from paper: shown, the
    # 30 of paper, a group of an earlier division, would be subtracted.
    wave = simple_wave({"A": [YES, NO] * 50, "B": [NO, YES] * 50})
    mode = division("mode", [0] * 8 + [1] * 30 + [2] * 62 + [2] * 100)
    nobody = division("type", [0] * 38 + [1] * 162)
    found = rows_of(wave, mode, nobody)
    assert {code: row.published for code, row in found["mode"].items()} == {"a": False, "b": False, "c": True}
    assert all(row.published for row in found["type"].values()), "8 and 30 together were to be had already"
    paper = division("paper", [1] * 8 + [0] * 30 + [1] * 162)
    found = rows_of(wave, mode, paper)
    assert not any(row.published for row in found["paper"].values())


def test_what_is_decided_does_not_depend_on_later_divisions() -> None:
    wave = simple_wave({"A": [YES, NO] * 20, "B": [YES, NO] * 4})
    sex, age = division("sex", [0, 0, 1] * 16), division("age", [0] * 9 + [1] * 39)
    assert rows_of(wave, sex)["sex"] == rows_of(wave, sex, age)["sex"]


def test_a_group_with_all_of_a_hidden_area_has_no_variance_of_its_own() -> None:
    wave = simple_wave({"A": [YES, NO] * 3, "B": [YES, NO] * 10, "C": [YES, NO] * 30, "D": [YES, NO] * 30})
    found = rows_of(wave, division("mode", [0] * 26 + [0] * 40 + [1] * 80))["mode"]
    assert (found["a"].pooled, found["b"].pooled) == (True, False)


def test_nothing_of_a_whole_that_is_hidden() -> None:
    wave = simple_wave({"A": [YES, NO] * 4})
    found = rows_of(wave, division("sex", [0] * 8, groups=1))["sex"]
    assert not found["a"].published


def test_somebody_in_no_group_is_refused() -> None:
    wave = simple_wave({"A": [YES, NO] * 4})
    with pytest.raises(DesignError, match="sex"):
        division("sex", [-1, 0, 1, 1, 1, 1, 1, 1])
    with pytest.raises(DesignError):
        estimate_groups(wave, [division("sex", [0, 1])])


STATES = st.sampled_from([YES, NO, DK])


@settings(max_examples=settings().max_examples // 4)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 2), st.integers(0, 2), STATES), min_size=20, max_size=60))
def test_whoever_reads_every_table_cannot_work_out_a_small_group(
    people: list[tuple[int, int, int, AnswerState]],
) -> None:
    """The attacker has every sum that is printed and one unknown for each respondent."""
    people = sorted(people, key=lambda one: one[0])
    answers = {f"area{area}": [one[3] for one in people if one[0] == area] for area in {one[0] for one in people}}
    wave = simple_wave(answers)
    divisions = [division("sex", [one[1] for one in people], 3), division("age", [one[2] for one in people], 3)]
    areas = Domains(design=wave.design, tree=wave.tree, unit_areas=wave.unit_areas)
    (decided,) = CrossedDivisions(areas, divisions).decide([wave.rates[0].states])
    states = wave.rates[0].states
    counted, valid = states == YES, np.isin(states, VALID)
    sets = [np.ones(len(people), bool), *(wave.unit_areas == area for area in sorted(set(wave.unit_areas.tolist())))]
    cells = [
        Cell(sizes=(int(one.sum()), int(one[valid].sum())), count=int(one[counted].sum()), parent=None if not at else 0)
        for at, one in enumerate(sets)
    ]
    hidden = suppress(cells).hidden
    printed = [one for at, one in enumerate(sets) if at not in hidden]
    guarded = [one for one, cell in zip(sets, cells, strict=True) if cell.small]
    before = [_range(printed, one, counted, valid) for one in guarded]
    for part, (decision, _) in zip(divisions, decided, strict=True):
        groups = [part.units == group for group in range(3)]
        small = [one for one in groups if one.any() and one[valid].sum() < 10]
        guarded += small
        before += [_range(printed, one, counted, valid) for one in small]
        printed += [one for at, one in enumerate(groups) if at not in decision.hidden and one.any()]
    for one, (low, high) in zip(guarded, before, strict=True):
        left = _range(printed, one, counted, valid)
        assert left[1] - left[0] >= min(high - low, 0.2 * one[valid].sum()) - 1e-6


def _range(
    printed: Sequence[np.ndarray], target: np.ndarray, counted: np.ndarray, valid: np.ndarray
) -> tuple[float, float]:
    if not printed:
        return 0.0, float(target[valid].sum())
    matrix = np.array(printed, dtype=float)
    bounds = [(0.0, 1.0 if one else 0.0) for one in valid]
    told = matrix @ counted.astype(float)
    found = [
        linprog(sign * target.astype(float), A_eq=matrix, b_eq=told, bounds=bounds, method="highs") for sign in (1, -1)
    ]
    assert all(one.status == 0 for one in found)
    return float(found[0].fun), -float(found[1].fun)


def test_few_who_were_told_what_to_say_are_not_counted_in_a_group() -> None:
    # 16 of 100 men and women said it, 4 of them men; the whole less the women would say so.
    told = [YES] * 4 + [NO] * 46 + [YES] * 12 + [NO] * 38
    wave = simple_wave({"A": told}, coaching="r")
    found = rows_of(wave, division("sex", [0] * 50 + [1] * 50))["sex"]
    assert {code: row.shown_range for code, row in found.items()} == {"a": (0.05, 0.2), "b": (0.2, 0.3)}
    assert {row.proportion for row in found.values()} == {None}
    other_rate = rows_of(replace(wave, coaching=None), division("sex", [0] * 50 + [1] * 50))["sex"]
    assert other_rate["a"].proportion == pytest.approx(0.08)
