import numpy as np
import pytest

from analysis.fieldwork.refusal_contrasts import LEAST_MET, refusal_contrasts


def test_newcombes_example_by_hand() -> None:
    """56 of 70 against 48 of 80: 5.2 to 33.4 points apart at 95 %; with two comparisons the level is 97.5 %."""
    first, second = refusal_contrasts([70, 80], [56, 48])
    assert first is not None
    assert second is not None
    assert (first.rate, first.others, second.rate, second.others) == pytest.approx((0.8, 0.6, 0.6, 0.8))
    assert (first.low, first.high) == pytest.approx((0.692, 0.877), abs=5e-4)
    assert first.stands_out
    assert second.stands_out
    assert not any(one.stands_out for one in refusal_contrasts([70, 80], [50, 48]) if one)


def test_of_few_homes_nothing_is_said() -> None:
    assert refusal_contrasts([LEAST_MET - 1, 500], [LEAST_MET - 1, 0]) == [None, None]
    assert refusal_contrasts([500], [40]) == [None]
    assert refusal_contrasts([], []) == []


def test_nobody_and_everybody_refusing_have_limits() -> None:
    never, always = refusal_contrasts([40, 40], [0, 40])
    assert never is not None
    assert always is not None
    assert (never.low, always.high) == (0, 1)
    assert never.high > 0
    assert never.stands_out


def test_among_like_canvassers_hardly_anybody_stands_out() -> None:
    """40 canvassers, all with the same chance of a refusal: in at most 5 % of 400 waves is anybody named (2 % more for
    the noise of the simulation)."""
    rng = np.random.default_rng(3)
    named = 0
    for _ in range(400):
        refused = rng.binomial(30, 0.2, size=40)
        named += any(one and one.stands_out for one in refusal_contrasts([30] * 40, refused.tolist()))
    assert named / 400 <= 0.07


def test_what_does_not_fit_is_refused() -> None:
    for met, refused in (([1], [2]), ([3], [-1]), ([1, 2], [1])):
        with pytest.raises(ValueError, match="refusals"):
            refusal_contrasts(met, refused)
