import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design import FloatArray
from analysis.estimation.small_area.area_variance import VarianceMethod, area_variance
from analysis.estimation.small_area.errors import (
    CollinearCovariates,
    NotANumber,
    SmallAreaError,
    TooFewAreas,
    VarianceNotPositive,
)
from analysis.estimation.small_area.fay_herriot import fay_herriot

METHODS = list(VarianceMethod)


def drawn(seed: int, areas: int, spread: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    rng = np.random.default_rng(seed)
    covariates = np.column_stack([np.ones(areas), rng.normal(size=areas)])
    variances = rng.uniform(0.2, 3, areas)
    truth = covariates @ [4.0, 1.0] + spread * rng.standard_normal(areas)
    return truth + np.sqrt(variances) * rng.standard_normal(areas), variances, covariates


samples = st.builds(
    drawn, seed=st.integers(0, 10_000), areas=st.integers(8, 40), spread=st.sampled_from([0.0, 0.3, 1.0, 20.0])
)


@given(sample=samples, method=st.sampled_from(METHODS))
def test_estimates_lie_between_direct_and_synthetic(
    sample: tuple[FloatArray, FloatArray, FloatArray], method: VarianceMethod
) -> None:
    direct, variances, covariates = sample
    found = fay_herriot(direct, variances, covariates=covariates, method=method)
    slack = 1e-9 * np.abs(direct).max()
    assert (found.estimate >= np.minimum(found.direct, found.synthetic) - slack).all()
    assert (found.estimate <= np.maximum(found.direct, found.synthetic) + slack).all()
    assert ((found.shrinkage >= 0) & (found.shrinkage <= 1)).all()
    mixed = found.shrinkage * found.synthetic + (1 - found.shrinkage) * direct
    np.testing.assert_allclose(found.estimate, mixed, atol=slack)
    assert (found.mse > 0).all()
    assert found.modelled


@given(sample=samples, method=st.sampled_from(METHODS), shuffle=st.randoms(use_true_random=False))
def test_the_order_of_areas_does_not_matter(
    sample: tuple[FloatArray, FloatArray, FloatArray], method: VarianceMethod, shuffle: random.Random
) -> None:
    direct, variances, covariates = sample
    order = list(range(len(direct)))
    shuffle.shuffle(order)
    found = fay_herriot(direct, variances, covariates=covariates, method=method)
    again = fay_herriot(direct[order], variances[order], covariates=covariates[order], method=method)
    np.testing.assert_allclose(again.estimate, found.estimate[order], rtol=1e-6)
    np.testing.assert_allclose(again.mse, found.mse[order], rtol=1e-6)


@given(sample=samples, method=st.sampled_from(METHODS), unit=st.sampled_from([1e-3, 100.0]))
def test_units_do_not_matter(
    sample: tuple[FloatArray, FloatArray, FloatArray], method: VarianceMethod, unit: float
) -> None:
    direct, variances, covariates = sample
    found = fay_herriot(direct, variances, covariates=covariates, method=method)
    again = fay_herriot(unit * direct, unit**2 * variances, covariates=covariates * [1, 7], method=method)
    np.testing.assert_allclose(again.estimate, unit * found.estimate, rtol=1e-6)
    np.testing.assert_allclose(again.coefficients, unit * found.coefficients / [1, 7], rtol=1e-5)


@pytest.mark.parametrize("method", METHODS)
def test_areas_without_a_sample_get_what_the_model_says(method: VarianceMethod) -> None:
    direct, variances, covariates = drawn(3, 30, 1.0)
    sampled = np.arange(30) >= 4
    unknown = np.where(sampled, direct, np.nan)
    found = fay_herriot(unknown, np.where(sampled, variances, 0), covariates=covariates, sampled=sampled, method=method)
    alone = fay_herriot(direct[4:], variances[4:], covariates=covariates[4:], method=method)
    np.testing.assert_allclose(found.estimate[4:], alone.estimate)
    np.testing.assert_allclose(found.estimate[:4], covariates[:4] @ alone.coefficients)
    assert (found.shrinkage[:4] == 1).all()
    assert (found.direct[:4] == 0).all()
    assert np.isfinite(found.mse).all()
    assert found.mse[:4].min() >= found.mse[4:].min()


def test_alike_areas_have_no_variance_unless_the_likelihood_is_adjusted() -> None:
    direct, variances = np.linspace(0.99, 1.01, 20), np.ones(20)
    for method in METHODS:
        between = fay_herriot(direct, variances, method=method).variance
        assert (between > 0) == method.adjusted, method


def test_the_highest_peak_is_found() -> None:
    """The maximum is the highest of a fine grid, not merely a place where the derivative is 0."""
    direct, variances, covariates = drawn(8, 12, 0.6)
    for method in (VarianceMethod.REML, VarianceMethod.ML):
        found = area_variance(direct, variances, covariates, method)
        assert all(
            _likelihood(found, direct, variances, covariates, method)
            >= _likelihood(at, direct, variances, covariates, method) - 1e-9
            for at in np.geomspace(1e-6, 100, 400)
        )


def _likelihood(at: float, y: FloatArray, psi: FloatArray, x: FloatArray, method: VarianceMethod) -> float:
    """Written out with whole matrices."""
    inverse = np.diag(1 / (at + psi))
    information = x.T @ inverse @ x
    left = y - x @ np.linalg.solve(information, x.T @ inverse @ y)
    found = -0.5 * (np.log(at + psi).sum() + left @ inverse @ left)
    return float(found - (0.5 * np.log(np.linalg.det(information)) if method == VarianceMethod.REML else 0))


@pytest.mark.slow
@pytest.mark.parametrize("method", METHODS)
def test_mean_squared_errors_are_as_large_as_errors(method: VarianceMethod) -> None:
    rng = np.random.default_rng(1)
    areas, runs = 60, 600
    variances = np.repeat([0.5, 1.0, 2.0], areas // 3)
    squared, said = np.zeros(areas), np.zeros(areas)
    for _ in range(runs):
        truth = 5 + rng.standard_normal(areas)
        found = fay_herriot(truth + np.sqrt(variances) * rng.standard_normal(areas), variances, method=method)
        squared += (found.estimate - truth) ** 2
        said += found.mse
    assert said.sum() / squared.sum() == pytest.approx(1, abs=0.04)


@settings(deadline=None)
@given(at=st.integers(0, 19), value=st.sampled_from([np.nan, np.inf, -np.inf]))
def test_what_is_no_number_has_a_name(at: int, value: float) -> None:
    direct, variances, covariates = drawn(1, 20, 1.0)
    for array in (direct, variances, covariates[:, 1]):
        kept, array[at] = array[at], value
        with pytest.raises(NotANumber, match="expected numbers"):
            fay_herriot(direct, variances, covariates=covariates)
        array[at] = kept


def test_broken_input_has_names() -> None:
    direct, variances, covariates = drawn(1, 20, 1.0)
    with pytest.raises(VarianceNotPositive, match="got 0, expected more than 0"):
        fay_herriot(direct, np.zeros(20))
    with pytest.raises(VarianceNotPositive, match="got -1"):
        fay_herriot(direct, -np.ones(20))
    with pytest.raises(TooFewAreas, match="got 2 with a sample, expected at least 3"):
        fay_herriot(direct[:2], variances[:2], covariates=covariates[:2])
    with pytest.raises(TooFewAreas, match="expected at least 5"):
        fay_herriot(direct[:4], variances[:4], covariates=covariates[:4], method=VarianceMethod.ADJUSTED_LI_LAHIRI)
    with pytest.raises(TooFewAreas, match="got 0 with a sample"):
        fay_herriot(direct, variances, sampled=np.zeros(20, dtype=bool))
    with pytest.raises(CollinearCovariates, match="made up of others"):
        fay_herriot(direct, variances, covariates=np.column_stack([covariates, covariates @ [2, 3]]))
    with pytest.raises(CollinearCovariates, match="zeros"):
        fay_herriot(direct, variances, covariates=covariates * [1, 0])
    with pytest.raises(SmallAreaError, match="variances: got 19 values, expected 20"):
        fay_herriot(direct, variances[1:])
    with pytest.raises(SmallAreaError, match="covariates: got shape"):
        fay_herriot(direct, variances, covariates=covariates[1:])


def test_areas_all_the_same_are_a_model_too() -> None:
    found = fay_herriot(np.full(10, 3.0), np.ones(10))
    np.testing.assert_allclose(found.estimate, 3.0)
    assert found.variance == 0
