"""Waves pooled beside each wave by itself: nobody subtracts one from the other."""

import numpy as np
import pytest

from analysis.design import DesignError
from analysis.pooled_disclosure import suppress_pooled
from analysis.publication import Base, PublishedEstimate
from analysis.wave_estimates import WaveAnswers, estimate_wave
from analysis.wave_pooling import pool_answers
from tests.analysis.waves import NO, YES, simple_wave


def wave(a: int, b: int, c: int) -> WaveAnswers:
    """So many of each community, two in three of whom are satisfied."""
    states = [YES, YES, NO]
    return simple_wave({name: (states * size)[:size] for name, size in (("A", a), ("B", b), ("C", c))})


def shown(*waves: WaveAnswers) -> dict[str | None, PublishedEstimate]:
    pooled = pool_answers(waves, ["r"])
    rows = estimate_wave(pooled, {"r": suppress_pooled(waves, pooled, "r")})
    return {row.area: row for row in rows if row.base is Base.ASKED}


def test_where_every_wave_shows_it_the_pooled_rate_is_shown() -> None:
    found = shown(wave(20, 25, 60), wave(22, 31, 60))
    assert [row.published for row in found.values()] == [True] * 5
    assert (found["A"].n, found["A"].pooled) == (42, False)


def test_together_less_one_would_be_the_other() -> None:
    # A: 8 in the first wave, which B covers; 30 in the second, where it is shown.
    found = shown(wave(8, 25, 60), wave(30, 25, 60))
    assert {code: row.published for code, row in found.items()} == {
        None: True,
        "city": True,
        "A": False,
        "B": False,
        "C": True,
    }


def test_hidden_in_each_wave_enough_together() -> None:
    found = shown(*(wave(9, 9, 60) for _ in range(4)))
    assert (found["A"].published, found["A"].n) == (True, 36)
    assert found["A"].pooled, "its own variance adds up those of the waves"
    assert found["city"].pooled


def test_other_waves_are_refused() -> None:
    pooled = pool_answers([wave(20, 20, 20)], ["r"])
    with pytest.raises(DesignError, match="40"):
        suppress_pooled([wave(20, 10, 10)], pooled, "r")


def test_an_area_that_only_one_wave_has() -> None:
    first = simple_wave({"A": [YES, NO] * 15, "B": [YES, NO] * 20})
    found = shown(first, wave(30, 30, 30))
    assert (found["C"].n, found["A"].n) == (30, 60)
    assert np.isclose(found["A"].proportion or 0, 35 / 60)
