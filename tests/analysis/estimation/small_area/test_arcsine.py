import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.estimation.small_area.arcsine import WayBack, arcsine_fay_herriot, back_transform
from analysis.estimation.small_area.errors import NotANumber, SmallAreaError, VarianceNotPositive


@given(st.floats(0, np.pi / 2), st.floats(0, 0.5))
def test_the_way_back_is_the_mean_over_normal_errors(angle: float, variance: float) -> None:
    nodes, weights = np.polynomial.hermite_e.hermegauss(60)
    mean = (weights * np.sin(angle + np.sqrt(variance) * nodes) ** 2).sum() / weights.sum()
    assert back_transform(np.array([angle]), np.array([variance]))[0] == pytest.approx(mean, abs=1e-12)


def bias(way_back: WayBack, *, rate: float, size: int, runs: int = 40) -> float:
    rng = np.random.default_rng(7)
    sizes = np.full(100, float(size))
    errors = []
    for _ in range(runs):
        found = arcsine_fay_herriot(rng.binomial(size, rate, 100) / size, sizes, way_back=way_back)
        errors.append(found.estimate.mean() - rate)
    return float(np.mean(errors))


def test_without_correction_high_rates_of_small_samples_gain_a_point_and_a_half() -> None:
    assert bias(WayBack.PLAIN, rate=0.97, size=20) == pytest.approx(0.015, abs=0.003)
    assert abs(bias(WayBack.SAMPLING, rate=0.97, size=20)) < 0.003
    assert abs(bias(WayBack.SAMPLING, rate=0.8, size=60)) < 0.002


@given(
    counted=st.lists(st.integers(0, 20), min_size=10, max_size=30),
    way_back=st.sampled_from(list(WayBack)),
)
def test_everything_is_a_rate_and_intervals_hold_their_estimate(counted: list[int], way_back: WayBack) -> None:
    found = arcsine_fay_herriot(np.array(counted) / 20, np.full(len(counted), 20.0), way_back=way_back)
    assert (found.low >= 0).all()
    assert (found.high <= 1).all()
    assert ((found.low <= found.estimate) & (found.estimate <= found.high)).all()
    assert (found.low < found.high).all()
    assert found.modelled


def test_areas_without_a_sample() -> None:
    rates = np.array([np.nan, *np.linspace(0.8, 0.99, 12)])
    found = arcsine_fay_herriot(rates, np.array([0.0, *[30.0] * 12]))
    assert found.shrinkage[0] == 1
    assert found.estimate[0] == pytest.approx(found.synthetic[0])
    assert found.low[0] < 0.9 < found.high[0]


def test_names() -> None:
    sizes = np.full(5, 20.0)
    with pytest.raises(SmallAreaError, match="not percents"):
        arcsine_fay_herriot(np.full(5, 97.0), sizes)
    with pytest.raises(VarianceNotPositive):
        arcsine_fay_herriot(np.full(5, 0.9), -sizes)
    with pytest.raises(NotANumber):
        arcsine_fay_herriot(np.full(5, np.nan), sizes)
    with pytest.raises(SmallAreaError, match="level"):
        arcsine_fay_herriot(np.full(5, 0.9), sizes, level=95)
    with pytest.raises(SmallAreaError, match="expected 5, one per area"):
        arcsine_fay_herriot(np.full(5, 0.9), sizes[1:])
