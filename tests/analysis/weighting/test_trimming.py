import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from analysis.design import DesignError
from analysis.weighting.errors import NothingToTrimTo
from analysis.weighting.trimming import Trimming

WEIGHTS = st.lists(st.floats(0.1, 100), min_size=2, max_size=40).map(np.array)


@given(WEIGHTS, st.floats(0.5, 5), st.floats(6, 120))
def test_the_sum_stays_and_strict_limits_hold(weights: np.ndarray, lower: float, upper: float) -> None:  # type: ignore[type-arg]
    for strict in (False, True):
        step = Trimming(lower=lower, upper=upper, strict=strict)
        try:
            trimmed = step.trimmed(weights)
        except NothingToTrimTo:
            continue
        assert trimmed.sum() == pytest.approx(weights.sum())
        assert weights * step.factor(weights) == pytest.approx(trimmed)
        if strict:
            assert trimmed.min() >= lower - 1e-9
            assert trimmed.max() <= upper + 1e-9


@given(WEIGHTS, st.floats(0.01, 100))
def test_scale_and_order(weights: np.ndarray, scale: float) -> None:  # type: ignore[type-arg]
    upper = float(np.median(weights))
    assume(weights.min() < upper < weights.max())
    step, scaled = Trimming(upper=upper), Trimming(upper=upper * scale)

    assert scaled.trimmed(weights * scale) == pytest.approx(step.trimmed(weights) * scale)
    assert step.trimmed(weights[::-1])[::-1] == pytest.approx(step.trimmed(weights))


def test_what_was_cut_once_stays_cut() -> None:
    # 1 is raised to 2, 12 cut to 8: 3 to share, 1.5 each; then 8.5 is cut to 8 and 5.5 takes the .5.
    step = Trimming(lower=2, upper=8, strict=True)

    assert step.trimmed(np.array([1.0, 4, 7, 12])).tolist() == [2, 6, 8, 8]


def test_weights_inside_stay_and_0_is_nobody() -> None:
    assert Trimming(lower=1, upper=5).factor(np.array([1.0, 5, 0])).tolist() == [1, 1, 1]


def test_nobody_left_and_limits_the_wrong_way_round() -> None:
    with pytest.raises(NothingToTrimTo, match="their mean is 9"):
        Trimming(upper=5).trimmed(np.array([8.0, 10]))
    with pytest.raises(DesignError, match="lower one first"):
        Trimming(lower=5, upper=5)
