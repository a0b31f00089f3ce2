"""Two waves side by side: what is compared, what is not and why, and that it holds in samples that are not simple."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from analysis.answers import AnswerState
from analysis.design import SurveyDesign
from analysis.publication import Base, Change, ChangeFinding, NotCompared, PublishedEstimate, Reason, Subset
from analysis.wave_changes import WaveSide, compare_waves, shifted, unshared
from analysis.wave_estimates import Rate, WaveAnswers, estimate_wave
from tests.analysis.waves import NO, YES, city_of, simple_wave

TIERS: Mapping[str | None, int] = {None: -1, "city": 0, "A": 4, "B": 4}
ANSWERS = {"A": [YES] * 80 + [NO] * 20, "B": [YES] * 90 + [NO] * 30}


def side(rows: tuple[PublishedEstimate, ...], **changes: object) -> WaveSide:
    parts = {area: {"A": 900.0, "B": 1100.0} for area in (None, "city")}
    plain = WaveSide(
        rows=rows,
        probability=True,
        population="adults",
        wordings={"r": "words"},
        parts={**parts, "A": {"A": 900.0}, "B": {"B": 1100.0}},
        modes={area: {"capi": 80, "web": 20} for area in (None, "city", "A", "B")},
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def wave(answers: Mapping[str, list[AnswerState]] = ANSWERS, **changes: object) -> WaveSide:
    return replace(side(estimate_wave(simple_wave(answers))), **changes)  # type: ignore[arg-type]


def by_area(changes: tuple[Change, ...]) -> dict[str | None, Change]:
    return {change.area: change for change in changes}


def test_every_rate_of_the_sample_has_its_change() -> None:
    later = wave({"A": [YES] * 97 + [NO] * 3, "B": ANSWERS["B"]})
    found = by_area(compare_waves(wave(), later, TIERS))
    assert list(found) == [None, "city", "A", "B"]
    assert {change.reason for change in found.values()} == {None}
    moved = found["A"]
    assert (moved.finding, moved.difference) == (ChangeFinding.ROSE, pytest.approx(0.17))
    assert (moved.level, moved.low > 0, moved.low < 0.17 < moved.high) == (0.95, True, True)
    assert (found["B"].finding, found["B"].difference, found["B"].p_value) == (ChangeFinding.NO_CHANGE, 0.0, 1.0)


def test_the_intervals_are_made_of_the_published_ones() -> None:
    earlier, later = wave(), wave({"A": [YES] * 90 + [NO] * 10, "B": ANSWERS["B"]})
    change = by_area(compare_waves(earlier, later, TIERS))["A"]
    (before,), (now,) = (
        [row for row in each.rows if row.area == "A" and row.base is Base.ASKED] for each in (earlier, later)
    )
    expected = 0.1 - np.hypot(now.proportion - now.low, before.high - before.proportion)
    assert change.low == pytest.approx(expected)


def test_only_the_asked_base_of_the_sample_is_compared() -> None:
    rows = estimate_wave(simple_wave(ANSWERS))
    apart = tuple(replace(row, subset=Subset.OPEN_LINK) for row in rows)
    assert len(compare_waves(side(rows + apart), side(apart + rows), TIERS)) == 4
    assert compare_waves(side(apart), side(apart), TIERS) == ()
    assert compare_waves(wave(), wave(wordings={}), TIERS) == ()


@pytest.mark.parametrize(
    ("earlier", "reason"),
    [
        ({"probability": False}, NotCompared.NON_PROBABILITY),
        ({"wordings": {}}, NotCompared.NOT_ASKED_BEFORE),
        ({"wordings": {"r": "other words"}}, NotCompared.WORDING),
        ({"population": "adults and children"}, NotCompared.POPULATION),
        ({"rows": ()}, NotCompared.NO_EARLIER_ANSWERS),
    ],
)
def test_waves_that_differ_are_not_compared(earlier: dict[str, object], reason: NotCompared) -> None:
    found = compare_waves(wave(**earlier), wave(), TIERS)
    assert {change.reason for change in found} == {reason}
    for change in found:
        assert (change.finding, change.difference, change.low, change.high, change.p_value) == (None,) * 5
    if reason is NotCompared.NON_PROBABILITY:
        assert {change.reason for change in compare_waves(wave(), wave(**earlier), TIERS)} == {reason}


def test_an_area_where_others_answered_is_not_compared() -> None:
    parts = {None: {"A": 900.0}, "city": {"A": 900.0}, "A": {"A": 900.0}, "B": {"B": 1100.0}}
    found = by_area(compare_waves(wave(parts=parts), wave(), TIERS))
    assert [found[area].reason for area in (None, "city", "A", "B")] == [NotCompared.POPULATION] * 2 + [None] * 2


def test_another_mix_of_modes_is_not_compared() -> None:
    plain = {"capi": 80, "web": 20}
    modes = {None: plain, "city": plain, "A": {"capi": 10, "web": 90}, "B": {"capi": 70, "web": 30}}
    found = by_area(compare_waves(wave(), wave(modes=modes), TIERS))
    assert [found[area].reason for area in (None, "city", "A", "B")] == [None, None, NotCompared.MODE_MIX, None]
    whole = by_area(compare_waves(wave(), wave(modes={**modes, None: {"capi": 69, "web": 31}}), TIERS))
    assert whole[None].reason is NotCompared.MODE_MIX


def unfit(**changes: object) -> tuple[PublishedEstimate, ...]:
    rows = estimate_wave(simple_wave(ANSWERS))
    return tuple(replace(row, **changes) if row.area == "A" else row for row in rows)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (unfit(published=False, reason=Reason.TOO_FEW, proportion=None, low=None), NotCompared.SUPPRESSED),
        (unfit(shown_range=(0.9, 1.0)), NotCompared.SHOWN_AS_RANGE),
        (unfit(low=None, high=None, reason=Reason.CENSUS), NotCompared.NO_INTERVAL),
    ],
)
def test_what_may_not_be_shown_has_no_change(rows: tuple[PublishedEstimate, ...], reason: NotCompared) -> None:
    for pair in ((side(rows), wave()), (wave(), side(rows))):
        found = by_area(compare_waves(*pair, TIERS))
        assert (found["A"].reason, found["A"].difference) == (reason, None)
        assert found["B"].reason is None


def test_what_is_to_be_used_with_care_is_not_compared_and_costs_the_others_nothing() -> None:
    few = wave({"A": [YES] * 20 + [NO] * 8, "B": [YES] * 65 + [NO] * 55})
    found = by_area(compare_waves(wave(), few, TIERS))
    assert found["A"].reason is NotCompared.WITH_CARE
    # B alone is the family: 90 of 120, then 65.
    assert (found["B"].finding, found["B"].p_value < 0.025) == (ChangeFinding.FELL, True)
    # 90 of 120, then 103: p between .025 and .05.
    edge = wave({"A": ANSWERS["A"], "B": [YES] * 103 + [NO] * 17})
    alone = wave({"A": [YES] * 20 + [NO] * 8, "B": [YES] * 103 + [NO] * 17})
    assert by_area(compare_waves(wave(), edge, TIERS))["B"].finding is ChangeFinding.NO_CHANGE
    assert by_area(compare_waves(wave(), alone, TIERS))["B"].finding is ChangeFinding.ROSE


def test_a_suppressed_area_has_no_change_and_the_whole_tells_no_more_than_it_did() -> None:
    """Whatever the few people said in one wave and in the other, all that is said of change is the same as long as
    what is published is.
    """
    tiers = {**TIERS, "C": 4, "D": 4}
    parts: dict[str | None, dict[str, float]] = {area: {area or "x": 1.0} for area in tiers}
    modes: dict[str | None, dict[str, int]] = {area: {"capi": 50} for area in tiers}

    def asked(yes: int, known: int) -> WaveSide:
        """Nine people in A, the others of the same fifty in C, so that the whole is the same; ``known``: in B."""
        rest = [YES] * (41 - yes) + [NO] * (9 + yes)
        answers = {"A": [YES] * yes + [NO] * (9 - yes), "B": [YES] * known + [NO] * (120 - known), "C": rest}
        rows = estimate_wave(simple_wave({**answers, "D": [YES, NO] * 40}))
        return side(rows, parts=parts, modes=modes)

    said = [by_area(compare_waves(asked(first, 60), asked(second, 110), tiers)) for first, second in ((1, 8), (8, 1))]
    for found in said:
        assert {area for area, change in found.items() if change.reason is NotCompared.SUPPRESSED} == {"A", "C"}
        assert {found[area].finding for area in (None, "city", "B")} == {ChangeFinding.ROSE}
    for area in tiers:
        assert said[0][area] == said[1][area], area


def test_mixes_and_parts() -> None:
    assert not shifted({}, {}, by_chance=True)
    assert not shifted({"capi": 90, "web": 10}, {"capi": 80, "web": 20}, by_chance=False)  # just ten points
    assert shifted({"capi": 90, "web": 10}, {"capi": 79, "web": 21}, by_chance=False)
    assert shifted({"capi": 500, "web": 500}, {"capi": 640, "web": 360}, by_chance=True) is False
    assert shifted({"capi": 500, "web": 500}, {"capi": 700, "web": 300}, by_chance=True) is True
    assert unshared({}, {"a": 1}) == 1.0
    assert unshared({"a": 95, "b": 5}, {"a": 95, "c": 10}) == pytest.approx(10 / 105)


COMMUNITIES = [f"{number:02}" for number in range(16)]


def clustered(chance: np.random.Generator, rate: float) -> WaveAnswers:
    """16 communities, 20 clusters of 5 in each (ρ = .05), weights 1 to 4."""
    tree = city_of(COMMUNITIES)
    inside = chance.beta(rate * 19, (1 - rate) * 19, size=16 * 20)
    states = chance.random((16 * 20, 5)) < inside[:, None]
    places = np.repeat(np.arange(16), 100)
    return WaveAnswers(
        rates=[Rate(code="r", states=np.where(states.ravel(), YES, NO).astype(np.int8))],
        tree=tree,
        unit_areas=places + 1,
        design=SurveyDesign(
            weights=chance.integers(1, 5, size=1600).astype(np.float64),
            strata=places,
            psus=np.repeat(np.arange(16 * 20), 5),
        ),
        probability=True,
        pooling_tier=4,
    )


@pytest.mark.slow
@pytest.mark.parametrize(("before", "after"), [(0.9, 0.9), (0.85, 0.93), (0.95, 0.9)])
def test_it_covers_in_clustered_and_weighted_samples(before: float, after: float) -> None:
    """150 pairs of waves of 16 communities: at least .93 covered; of waves alike at most 8 % say anything moved."""
    chance = np.random.default_rng(20260302)
    tiers: dict[str | None, int] = {None: -1, "city": 0} | dict.fromkeys(COMMUNITIES, 4)
    everywhere: dict[str | None, dict[str, float]] = {area: {area or "all": 1.0} for area in tiers}
    modes: dict[str | None, dict[str, int]] = {area: {"capi": 100} for area in tiers}
    covered: list[bool] = []
    said = 0
    for _ in range(150):
        sides = [
            side(estimate_wave(clustered(chance, rate)), parts=everywhere, modes=modes) for rate in (before, after)
        ]
        found = [c for c in compare_waves(*sides, tiers) if c.area in COMMUNITIES and c.finding is not None]
        covered += [c.low <= after - before <= c.high for c in found]
        said += any(c.finding is not ChangeFinding.NO_CHANGE for c in found)
    assert len(covered) > 1500
    assert np.mean(covered) >= 0.93
    if before == after:
        assert said / 150 <= 0.08
