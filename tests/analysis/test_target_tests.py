"""The p-values shown are those the bands were assigned by."""

from dataclasses import replace

from analysis.publication import Band, Base, PublishedEstimate, Reliability
from analysis.target_tests import targets_tested
from analysis.wave_estimates import estimate_wave
from tests.analysis.waves import NO, YES, simple_wave

TIERS: dict[str | None, int] = {None: -1, "city": 0, "A": 4, "B": 4, "C": 4}


def run() -> list[PublishedEstimate]:
    answers = {"A": [YES] * 60 + [NO] * 40, "B": [YES] * 88 + [NO] * 12, "C": [YES] * 79 + [NO] * 21}
    return list(estimate_wave(simple_wave(answers, target=0.9)))


def test_a_band_is_an_adjusted_p_value_of_at_most_five_percent() -> None:
    rows = [row for row in run() if row.base is Base.ASKED]
    found = targets_tested(rows, TIERS)
    assert {area: test.family for (_, area), test in found.items()} == {None: 1, "city": 1, "A": 3, "B": 3, "C": 3}
    for row in rows:
        test = found["r", row.area]
        assert (test.adjusted <= 0.05) is (row.band is not Band.INDISTINGUISHABLE)
        assert test.p_value <= test.adjusted


def test_only_reliable_rates_with_a_target() -> None:
    rows = run()
    careful = [replace(row, reliability=Reliability.WITH_CARE) if row.area == "A" else row for row in rows]
    found = targets_tested(careful, TIERS)
    assert ("r", "A") not in found
    assert found["r", "B"].family == 2
    assert targets_tested([replace(row, target=None) for row in rows], TIERS) == {}
    assert targets_tested(rows, {None: -1}).keys() == {("r", None)}
