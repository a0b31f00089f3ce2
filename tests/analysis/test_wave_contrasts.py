"""Areas of a wave against the city, and the ranks they may have."""

import numpy as np
import pytest

from analysis.estimation.ranking import JointLimits
from analysis.publication import Band
from analysis.wave_contrasts import contrasts_with_whole, rank_sets
from analysis.wave_estimates import WaveAnswers, estimate_wave
from tests.analysis.waves import NO, YES, simple_wave

COUNTS = {"low": (50, 50), "near": (85, 15), "like": (80, 20), "high": (99, 1), "small": (15, 5)}
TIERS = {"city": 0, **dict.fromkeys(COUNTS, 4)}


@pytest.fixture
def wave() -> WaveAnswers:
    return simple_wave({code: [YES] * yes + [NO] * no for code, (yes, no) in COUNTS.items()})


def test_three_words_against_the_city(wave: WaveAnswers) -> None:
    found = {row.area: row for row in contrasts_with_whole(wave, estimate_wave(wave), 4)}
    assert set(found) == {"low", "near", "like", "high"}  # the small one is to be used with care
    assert found["low"].band is Band.BELOW
    assert found["near"].band is Band.INDISTINGUISHABLE
    assert found["high"].band is Band.ABOVE
    city = sum(yes for yes, _ in COUNTS.values()) / sum(yes + no for yes, no in COUNTS.values())
    for area, row in found.items():
        assert row.low <= row.difference <= row.high
        assert row.difference == pytest.approx(COUNTS[area][0] / 100 - city)
        assert (row.p_value < 0.05) == (not row.low <= 0 <= row.high)


def test_the_larger_a_part_of_the_city_the_surer(wave: WaveAnswers) -> None:
    """The same 85 of 100 as a quarter of a city at 80 % and as nearly all of it."""
    widths = []
    for more in (10, 1):
        others = {"other": [YES] * (30 * more) + [NO] * (10 * more)}
        city = simple_wave({"part": [YES] * 85 + [NO] * 15, **others})
        found = {row.area: row for row in contrasts_with_whole(city, estimate_wave(city), 4)}
        widths.append(found["part"].high - found["part"].low)
    assert widths[1] < widths[0]


def test_no_area_to_compare(wave: WaveAnswers) -> None:
    assert contrasts_with_whole(wave, estimate_wave(wave), 3) == ()
    assert contrasts_with_whole(wave, (), 4) == ()
    assert rank_sets((), {}, 4) == ()


def test_ranks(wave: WaveAnswers) -> None:
    found = {row.area: row for row in rank_sets(estimate_wave(wave), TIERS, 4)}
    assert {area: (row.low, row.high) for area, row in found.items()} == {
        "high": (1, 1),
        "near": (2, 3),
        "like": (2, 3),
        "low": (4, 4),
    }
    assert {row.areas for row in found.values()} == {4}
    careful = rank_sets(estimate_wave(wave), TIERS, 4, level=0.999999, joint=JointLimits.BONFERRONI)
    assert all(row.low <= found[row.area].low and found[row.area].high <= row.high for row in careful)


def test_like_communities_have_all_ranks() -> None:
    rng = np.random.default_rng(6)
    answers = {f"c{place}": np.where(rng.random(60) < 0.9, YES, NO).tolist() for place in range(8)}
    rows = estimate_wave(simple_wave(answers))
    found = rank_sets(rows, {"city": 0, **dict.fromkeys(answers, 4)}, 4)
    assert all(row.low <= 2 and row.high >= row.areas - 1 for row in found)
