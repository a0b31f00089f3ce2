import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design import FloatArray, IntArray
from analysis.estimation.small_area.errors import (
    CollinearCovariates,
    NotANumber,
    NoVariation,
    SmallAreaError,
    TooFewAreas,
)
from analysis.estimation.small_area.unit_level import UnitLevelMethod, unit_level


def drawn(seed: int, *, areas: int = 12, spread: float = 5.0) -> tuple[FloatArray, IntArray, FloatArray, FloatArray]:
    """Scores, areas, covariates of respondents, their means over everybody in each area."""
    rng = np.random.default_rng(seed)
    sizes = np.append(rng.integers(1, 9, areas - 1), 6)
    area = np.repeat(np.arange(areas), sizes)
    covariates = np.column_stack([np.ones(len(area)), rng.normal(size=len(area))])
    scores = covariates @ [80, 3] + spread * rng.standard_normal(areas)[area] + 10 * rng.standard_normal(len(area))
    return scores, area, covariates, np.column_stack([np.ones(areas), rng.normal(0, 0.3, areas)])


methods = st.sampled_from(list(UnitLevelMethod))


@given(seed=st.integers(0, 10_000), method=methods, spread=st.sampled_from([0.0, 5.0, 50.0]))
@settings(max_examples=settings().max_examples // 3)
def test_the_order_of_respondents_does_not_matter(seed: int, method: UnitLevelMethod, spread: float) -> None:
    scores, area, x, means = drawn(seed, spread=spread)
    order = np.random.default_rng(seed).permutation(len(scores))
    found = unit_level(scores, area, covariates=x, area_means=means, method=method)
    again = unit_level(scores[order], area[order], covariates=x[order], area_means=means, method=method)
    np.testing.assert_allclose(again.estimate, found.estimate, rtol=1e-8)
    np.testing.assert_allclose(again.mse, found.mse, rtol=1e-6)


@given(seed=st.integers(0, 10_000), method=methods)
@settings(max_examples=settings().max_examples // 3)
def test_without_covariates_estimates_lie_between_direct_and_synthetic(seed: int, method: UnitLevelMethod) -> None:
    scores, area, _, means = drawn(seed)
    found = unit_level(scores, area, area_means=means[:, :1], method=method)
    assert (found.estimate >= np.minimum(found.direct, found.synthetic) - 1e-9).all()
    assert (found.estimate <= np.maximum(found.direct, found.synthetic) + 1e-9).all()
    mixed = found.shrinkage * found.synthetic + (1 - found.shrinkage) * found.direct
    np.testing.assert_allclose(found.estimate, mixed)
    assert found.modelled


@pytest.mark.parametrize("method", list(UnitLevelMethod))
def test_the_maximum_is_that_of_whole_matrices(method: UnitLevelMethod) -> None:
    scores, area, x, means = drawn(4)
    found = unit_level(scores, area, covariates=x, area_means=means, method=method)

    def likelihood(between: float, within: float) -> float:
        matrix = within * np.eye(len(area)) + between * (area[:, None] == area)
        inverse = np.linalg.inv(matrix)
        information = x.T @ inverse @ x
        left = scores - x @ np.linalg.solve(information, x.T @ inverse @ scores)
        value = -0.5 * (np.linalg.slogdet(matrix)[1] + left @ inverse @ left)
        return float(value - (0.5 * np.linalg.slogdet(information)[1] if method == UnitLevelMethod.REML else 0))

    best = likelihood(found.variance, found.error_variance)
    for between in (0.9, 1, 1.1):
        for within in (0.9, 1, 1.1):
            assert likelihood(found.variance * between, found.error_variance * within) <= best + 1e-9


def test_a_census_is_no_model() -> None:
    scores, area, _, means = drawn(4)
    population = np.bincount(area).astype(np.float64)
    found = unit_level(scores, area, area_means=means[:, :1], population=population)
    np.testing.assert_allclose(found.estimate, found.direct)
    np.testing.assert_allclose(found.mse, 0, atol=1e-12)
    np.testing.assert_allclose(found.shrinkage, 0, atol=1e-12)


def test_areas_nobody_was_asked_in() -> None:
    scores, area, x, means = drawn(4)
    found = unit_level(scores, area, covariates=x, area_means=np.vstack([means, [1, 0.5]]))
    alone = unit_level(scores, area, covariates=x, area_means=means)
    np.testing.assert_allclose(found.estimate[:-1], alone.estimate)
    assert found.estimate[-1] == pytest.approx(float(np.array([1, 0.5]) @ alone.coefficients))
    assert found.shrinkage[-1] == 1
    assert found.mse[-1] > found.variance
    assert found.direct[-1] == 0
    assert found.sizes[-1] == 0


@pytest.mark.slow
@pytest.mark.parametrize("method", list(UnitLevelMethod))
def test_mean_squared_errors_are_as_large_as_errors(method: UnitLevelMethod) -> None:
    rng = np.random.default_rng(3)
    area = np.repeat(np.arange(40), np.tile([3, 6], 20))
    means, squared, said = np.ones((40, 1)), 0.0, 0.0
    for _ in range(500):
        truth = 80 + 5 * rng.standard_normal(40)
        found = unit_level(truth[area] + 10 * rng.standard_normal(len(area)), area, area_means=means, method=method)
        squared += float(((found.estimate - truth) ** 2).sum())
        said += float(found.mse.sum())
    assert said / squared == pytest.approx(1, abs=0.04)


def test_names() -> None:
    scores, area, x, means = drawn(4)
    with pytest.raises(NoVariation, match="got 5 from everybody"):
        unit_level(scores * 0 + 5, area, covariates=x, area_means=means)
    with pytest.raises(NoVariation, match="follow from areas"):
        unit_level(area.astype(np.float64), area, covariates=x, area_means=means)
    with pytest.raises(TooFewAreas, match="none with two"):
        unit_level(scores[:3], np.arange(3), area_means=np.ones((3, 1)))
    with pytest.raises(NotANumber, match="scores"):
        unit_level(np.where(area == 3, np.nan, scores), area, covariates=x, area_means=means)
    with pytest.raises(CollinearCovariates):
        unit_level(scores, area, covariates=x[:, [1, 1]], area_means=means)
    with pytest.raises(SmallAreaError, match="expected 2 columns"):
        unit_level(scores, area, covariates=x, area_means=means[:, :1])
    with pytest.raises(SmallAreaError, match="expected 0 to 11"):
        unit_level(scores, area + 1, covariates=x, area_means=means)
    with pytest.raises(SmallAreaError, match="fewer people than respondents"):
        unit_level(scores, area, covariates=x, area_means=means, population=np.ones(12))
    with pytest.raises(SmallAreaError, match="one per score"):
        unit_level(scores[1:], area, covariates=x[1:], area_means=means)
