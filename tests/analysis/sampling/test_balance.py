"""A sample beside its frame, and beside samples of the same design."""

import numpy as np
import pytest

from analysis.sampling.balance import Redrawn, balance, standardised_differences
from analysis.sampling.sampling_error import SamplingError

FRAME = np.column_stack([np.arange(200) % 2, np.arange(200), np.ones(200)]).astype(float)
NAMES = ("even", "place", "everyone")


def simple(rng: np.random.Generator, n: int = 50) -> Redrawn:
    return Redrawn(units=np.sort(rng.choice(200, n, replace=False)), weights=np.full(n, 200 / n))


def test_the_whole_frame_differs_from_itself_in_nothing() -> None:
    whole = Redrawn(units=np.arange(200), weights=np.ones(200))
    assert standardised_differences(FRAME, whole) == pytest.approx([0, 0, 0])


def test_weights_make_up_for_what_is_drawn_more_often() -> None:
    """All 100 odd units and every fourth of the even ones: the weights 1 and 4 give the frame's mean."""
    odd, even = np.arange(1, 200, 2), np.arange(0, 200, 8)
    sample = Redrawn(units=np.concatenate([odd, even]), weights=np.concatenate([np.ones(100), np.full(25, 4.0)]))
    assert standardised_differences(FRAME, sample)[0] == pytest.approx(0, abs=1e-12)


@pytest.mark.slow
def test_an_honest_draw_lies_anywhere_among_its_redraws() -> None:
    rng = np.random.default_rng(1)
    places = [balance(NAMES, FRAME, simple(rng), lambda: simple(rng), times=60).larger for _ in range(200)]
    assert 0.02 < np.mean(np.array(places) <= 0.1) < 0.2
    assert 0.4 < np.mean(places) < 0.6


def test_a_sample_of_one_corner_is_seen() -> None:
    rng = np.random.default_rng(2)
    corner = Redrawn(units=np.arange(50), weights=np.full(50, 4.0))
    found = balance(NAMES, FRAME, corner, lambda: simple(rng), times=99)
    place = {one.name: one for one in found.differences}["place"]
    assert place.difference == pytest.approx(-1.299, abs=0.001)  # (24.5 - 99.5) / 57.73
    assert (place.larger, found.larger) == (0.01, 0.01)  # not one of 99: 1 / 100
    assert place.usual[0] > -0.5
    assert found.constant == ("everyone",)


def test_a_design_without_chance_is_as_large_as_all_its_redraws() -> None:
    whole = Redrawn(units=np.arange(200), weights=np.ones(200))
    backwards = Redrawn(units=np.arange(200)[::-1], weights=np.ones(200))
    found = balance(NAMES, FRAME, whole, lambda: backwards, times=20)
    assert (found.larger, found.differences, found.constant) == (1, (), NAMES)


@pytest.mark.parametrize(
    ("covariates", "sample"),
    [
        (FRAME[:, :2], Redrawn(units=np.arange(3), weights=np.ones(3))),
        (FRAME * np.nan, Redrawn(units=np.arange(3), weights=np.ones(3))),
        (FRAME, Redrawn(units=np.arange(0), weights=np.ones(0))),
    ],
)
def test_what_cannot_be_compared_is_refused(covariates: np.ndarray, sample: Redrawn) -> None:
    with pytest.raises(SamplingError):
        balance(NAMES, covariates, sample, lambda: sample)
