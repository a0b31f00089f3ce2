import numpy as np
import pytest

from analysis.estimation.small_area.errors import NotANumber, NoVariation, TooFewAreas, VarianceNotPositive
from analysis.estimation.small_area.smoothed_variances import binomial_variances, smoothed_variances


def test_smoothed_variances_follow_the_law_and_keep_the_sum() -> None:
    rng = np.random.default_rng(2)
    sizes = rng.uniform(10, 200, 400)
    true = 0.3 / sizes
    estimated = true * rng.chisquare(4, 400) / 4
    found = smoothed_variances(estimated, sizes)
    assert found.sum() == pytest.approx(estimated.sum())
    np.testing.assert_allclose(found, true, rtol=0.3)


def test_equal_sizes_get_the_mean() -> None:
    assert smoothed_variances(np.array([1.0, 3.0]), np.array([5.0, 5.0])).tolist() == pytest.approx([2, 2])


def test_areas_that_vary_by_kind() -> None:
    kind = np.repeat([0.0, 1.0], 20)
    sizes = np.tile(np.linspace(10, 50, 20), 2)
    true = np.where(kind == 1, 4, 1) / sizes
    np.testing.assert_allclose(smoothed_variances(true, sizes, kind[:, None]), true)


def test_names() -> None:
    with pytest.raises(VarianceNotPositive):
        smoothed_variances(np.array([-1.0, 1, 1]), np.ones(3))
    with pytest.raises(VarianceNotPositive):
        smoothed_variances(np.ones(3), np.zeros(3))
    with pytest.raises(NotANumber):
        smoothed_variances(np.array([np.nan, 1, 1]), np.ones(3))
    with pytest.raises(TooFewAreas):
        smoothed_variances(np.zeros(3), np.array([1.0, 2, 3]))
    with pytest.raises(NoVariation):
        binomial_variances(np.ones(4), np.ones(4))
    with pytest.raises(VarianceNotPositive):
        binomial_variances(np.full(4, 0.5), np.zeros(4))
