import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from analysis.design import FloatArray
from analysis.estimation.small_area.benchmarking import BenchmarkMethod, BenchmarkOutOfReach, benchmarked
from analysis.estimation.small_area.errors import NotANumber, SmallAreaError

rates = arrays(np.float64, 12, elements=st.floats(0.001, 0.999))
shares = arrays(np.float64, 12, elements=st.floats(0.01, 100))


@given(estimates=rates, part=shares, target=st.floats(0.001, 0.999), method=st.sampled_from(list(BenchmarkMethod)))
def test_the_figure_is_met(estimates: FloatArray, part: FloatArray, target: float, method: BenchmarkMethod) -> None:
    found = benchmarked(estimates, part, target, method=method, mse=estimates)
    assert float(part / part.sum() @ found) == pytest.approx(target, abs=1e-14, rel=1e-13)


@given(estimates=rates, part=shares, target=st.floats(0.001, 0.999))
def test_shifted_rates_stay_rates_in_their_order(estimates: FloatArray, part: FloatArray, target: float) -> None:
    found = benchmarked(estimates, part, target, method=BenchmarkMethod.LOG_ODDS)
    assert ((found >= 0) & (found <= 1)).all()
    order = np.argsort(estimates)
    assert (np.diff(found[order]) >= -1e-12).all()


@given(estimates=rates, part=shares, order=st.permutations(range(12)))
def test_the_order_of_areas_does_not_matter(estimates: FloatArray, part: FloatArray, order: list[int]) -> None:
    for method in BenchmarkMethod:
        found = benchmarked(estimates, part, 0.9, method=method, mse=estimates)
        again = benchmarked(estimates[order], part[order], 0.9, method=method, mse=estimates[order])
        np.testing.assert_allclose(again, found[order], rtol=1e-9)


def test_what_adds_up_stays() -> None:
    estimates, part = np.array([0.9, 0.8]), np.array([3.0, 1.0])
    for method in BenchmarkMethod:
        found = benchmarked(estimates, part, 0.875, method=method, mse=np.ones(2))
        np.testing.assert_allclose(found, estimates)


def test_names() -> None:
    one = np.ones(3)
    with pytest.raises(BenchmarkOutOfReach, match="expected a rate between"):
        benchmarked(np.array([0, 1, 0.5]), one, 0.9, method=BenchmarkMethod.LOG_ODDS)
    with pytest.raises(BenchmarkOutOfReach):
        benchmarked(one / 2, one, 1.0, method=BenchmarkMethod.LOG_ODDS)
    with pytest.raises(BenchmarkOutOfReach, match="total of 0"):
        benchmarked(one * 0, one, 0.5, method=BenchmarkMethod.RATIO)
    with pytest.raises(SmallAreaError, match="not percents"):
        benchmarked(one * 90, one, 0.5, method=BenchmarkMethod.LOG_ODDS)
    with pytest.raises(SmallAreaError, match="mse"):
        benchmarked(one, one, 0.5, method=BenchmarkMethod.WEIGHTED_DIFFERENCE)
    with pytest.raises(SmallAreaError, match="shares: got a share below 0"):
        benchmarked(one, -one, 0.5, method=BenchmarkMethod.RATIO)
    with pytest.raises(SmallAreaError, match="expected 3, one per area"):
        benchmarked(one, one[1:], 0.5, method=BenchmarkMethod.RATIO)
    with pytest.raises(NotANumber, match="target"):
        benchmarked(one, one, np.nan, method=BenchmarkMethod.RATIO)
