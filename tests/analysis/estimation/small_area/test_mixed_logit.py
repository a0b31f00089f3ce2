import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit, logsumexp

from analysis.design import FloatArray
from analysis.estimation.small_area.errors import (
    CollinearCovariates,
    NoConvergence,
    NotANumber,
    NoVariation,
    SmallAreaError,
    TooFewAreas,
    VarianceNotPositive,
)
from analysis.estimation.small_area.mixed_logit import mixed_logit
from analysis.estimation.small_area.mixed_logit_intervals import bootstrap_intervals


def drawn(
    seed: int,
    *,
    areas: int = 40,
    middle: float = 2.5,
    spread: float = 0.6,
    sizes: tuple[int, int] = (5, 60),
    effect: float = 1.5,
) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """Direct rates, effective sizes, covariates and true rates."""
    rng = np.random.default_rng(seed)
    size = rng.integers(*sizes, areas)
    covariates = np.column_stack([np.ones(areas), rng.normal(size=areas)])
    truth = expit(covariates @ [middle, 0.4] + spread * rng.standard_normal(areas))
    return rng.binomial(size, truth) / size, size / rng.uniform(1, effect, areas), covariates, truth


def whole_likelihood(
    y: FloatArray, n: FloatArray, fixed: FloatArray, sigma: float
) -> tuple[float, FloatArray, FloatArray]:
    """Log-likelihood, posterior rates and posterior log-odds by brute force: 4,001 points for every area."""
    u = np.linspace(-10, 10, 4001)
    odds = fixed[:, None] + sigma * u
    log = y[:, None] * odds - n[:, None] * np.logaddexp(0, odds) - u**2 / 2 - np.log(2 * np.pi) / 2
    each = logsumexp(log, axis=1)
    mass = np.exp(log - each[:, None])
    return float((each + np.log(u[1] - u[0])).sum()), (mass * expit(odds)).sum(axis=1), (mass * odds).sum(axis=1)


@pytest.mark.parametrize(("seed", "spread"), [(1, 0.05), (2, 0.6), (3, 1.5)])
def test_the_maximum_is_that_of_brute_force(seed: int, spread: float) -> None:
    direct, n, x, _ = drawn(seed, spread=spread)
    found = mixed_logit(direct, n, covariates=x)
    likelihood, rates, _ = whole_likelihood(direct * n, n, x @ found.coefficients, found.sigma)
    assert found.log_likelihood == pytest.approx(likelihood, abs=1e-6)
    np.testing.assert_allclose(found.estimate, rates, atol=1e-7)
    best = likelihood + np.log(found.sigma)
    for change in (*np.eye(3), *-np.eye(3)):
        theta = np.append(found.coefficients, np.log(found.sigma)) + 0.01 * change
        near, _, _ = whole_likelihood(direct * n, n, x @ theta[:2], float(np.exp(theta[2])))
        assert near + theta[2] < best


@given(seed=st.integers(0, 10_000), spread=st.sampled_from([0.1, 0.5, 1.2]), middle=st.sampled_from([0.0, 2.0, 3.5]))
@settings(max_examples=settings().max_examples // 3)
def test_estimates_leave_the_direct_ones_towards_the_model(seed: int, spread: float, middle: float) -> None:
    """Where the posterior log-odds lie above those of the model the estimate lies below the direct one, and the other
    way about: (direct - estimate) n sigma² = posterior log-odds - x'b, exactly."""
    direct, n, x, _ = drawn(seed, spread=spread, middle=middle)
    found = mixed_logit(direct, n, covariates=x)
    fixed = x @ found.coefficients
    _, _, odds = whole_likelihood(direct * n, n, fixed, found.sigma)
    np.testing.assert_allclose((direct - found.estimate) * n * found.sigma**2, odds - fixed, atol=2e-5)
    slack = 0.02
    assert (found.estimate >= np.minimum(direct, found.synthetic) - slack).all()
    assert (found.estimate <= np.maximum(direct, found.synthetic) + slack).all()
    assert ((found.shrinkage > 0) & (found.shrinkage < 1)).all()


@given(seed=st.integers(0, 10_000), order=st.permutations(range(40)))
@settings(max_examples=settings().max_examples // 3)
def test_neither_order_nor_units_matter(seed: int, order: list[int]) -> None:
    direct, n, x, _ = drawn(seed)
    found = mixed_logit(direct, n, covariates=x)
    again = mixed_logit(direct[order], n[order], covariates=x[order] * [1, 1000])
    np.testing.assert_allclose(again.estimate, found.estimate[order], rtol=1e-6)
    np.testing.assert_allclose(again.coefficients * [1, 1000], found.coefficients, rtol=1e-4, atol=1e-6)


def test_areas_without_a_sample_get_what_the_model_says() -> None:
    direct, n, x, _ = drawn(4)
    asked = np.arange(40) >= 3
    found = mixed_logit(np.where(asked, direct, np.nan), np.where(asked, n, 0), covariates=x)
    alone = mixed_logit(direct[3:], n[3:], covariates=x[3:])
    np.testing.assert_allclose(found.estimate[3:], alone.estimate, rtol=1e-7)
    np.testing.assert_allclose(found.estimate[:3], found.synthetic[:3])
    assert (found.shrinkage[:3] == 1).all()
    intervals = bootstrap_intervals(found, samples=50)
    assert (intervals.high - intervals.low)[:3].min() > 0.05


def test_the_same_seed_gives_the_same_and_another_nearly() -> None:
    direct, n, x, _ = drawn(5, areas=60)
    model = mixed_logit(direct, n, covariates=x)
    first, again = bootstrap_intervals(model), bootstrap_intervals(model)
    other = bootstrap_intervals(model, seed=1)
    assert first.low.tolist() == again.low.tolist()
    np.testing.assert_allclose(other.low, first.low, atol=0.02)
    np.testing.assert_allclose(other.high, first.high, atol=0.02)
    assert first.samples == 200
    wider = bootstrap_intervals(model, level=0.99)
    assert (wider.low < first.low).all()
    assert (wider.high > first.high).all()


@given(seed=st.integers(0, 10_000), middle=st.sampled_from([0.0, 3.0, 4.0]))
@settings(max_examples=settings().max_examples // 4)
def test_intervals_are_rates_around_their_estimate(seed: int, middle: float) -> None:
    direct, n, _, _ = drawn(seed, middle=middle)
    model = mixed_logit(direct, n)
    found = bootstrap_intervals(model, samples=20)
    assert ((found.low > 0) & (found.high < 1)).all()
    assert ((found.low < model.estimate) & (model.estimate < found.high)).all()
    assert (found.mse > 0).all()


@pytest.mark.slow
@pytest.mark.parametrize(("middle", "spread"), [(1.4, 0.5), (3.5, 0.5), (3.5, 1.0)])
def test_intervals_hold_the_true_rates(middle: float, spread: float) -> None:
    held, error, said = [], [], []
    for seed in range(60):
        direct, n, x, truth = drawn(seed, areas=50, middle=middle, spread=spread, sizes=(20, 61), effect=1.0)
        model = mixed_logit(direct, n, covariates=x)
        found = bootstrap_intervals(model, samples=100, seed=seed)
        held.append(((found.low <= truth) & (truth <= found.high)).mean())
        error.append(((model.estimate - truth) ** 2).mean())
        said.append(found.mse.mean())
    assert np.mean(held) == pytest.approx(0.955, abs=0.02)
    # The penalty that keeps sigma from 0 says rather too much where areas hardly differ.
    assert 0.9 < np.mean(said) / np.mean(error) < 1.3


def test_names() -> None:
    direct, n, x, _ = drawn(6)
    with pytest.raises(TooFewAreas, match="got 29 with a sample, expected at least 30"):
        mixed_logit(direct[:29], n[:29])
    with pytest.raises(NoVariation):
        mixed_logit(np.ones(40), n)
    with pytest.raises(VarianceNotPositive):
        mixed_logit(direct, -n)
    with pytest.raises(NotANumber, match="proportions"):
        mixed_logit(np.where(np.arange(40) == 3, np.nan, direct), n)
    with pytest.raises(NotANumber, match="effective_sizes"):
        mixed_logit(direct, np.where(np.arange(40) == 3, np.inf, n))
    with pytest.raises(SmallAreaError, match="not percents"):
        mixed_logit(direct * 100, n)
    with pytest.raises(CollinearCovariates):
        mixed_logit(direct, n, covariates=x[:, [0, 0]])
    with pytest.raises(SmallAreaError, match="level"):
        bootstrap_intervals(mixed_logit(direct, n), level=95)
    with pytest.raises(SmallAreaError, match="samples"):
        bootstrap_intervals(mixed_logit(direct, n), samples=1)


def test_a_covariate_that_tells_everything_has_no_maximum() -> None:
    half = np.repeat([0.0, 1.0], 20)
    with pytest.raises(NoConvergence):
        mixed_logit(half, np.full(40, 30.0), covariates=np.column_stack([np.ones(40), half]))
