import numpy as np
import pytest

from analysis.design import DesignError, FloatArray, SurveyDesign
from analysis.estimation.variance import covariance
from analysis.weighting.bootstrap import bootstrap, bootstrap_covariance, rao_wu
from analysis.weighting.errors import ReplicateFailed
from analysis.weighting.margins import Margin
from analysis.weighting.nonresponse import ResponseClasses
from analysis.weighting.poststratification import PostStratification
from analysis.weighting.raking import Raking
from analysis.weighting.steps import Step, weigh_design
from analysis.weighting.trimming import Trimming

PEOPLE = 600
RNG = np.random.default_rng(8)
STRATA = np.repeat([0, 1, 2], PEOPLE // 3)
DESIGN = SurveyDesign(weights=RNG.uniform(5, 15, PEOPLE), strata=STRATA, sampling_fractions=np.array([0.1, 0.3, 0.0]))
SEX, AGE = RNG.integers(0, 2, PEOPLE), RNG.integers(0, 4, PEOPLE)
Y = 3.0 * SEX + AGE + RNG.normal(size=PEOPLE)
RAKING = Raking(
    margins=(
        Margin(name="sex", codes=SEX, totals=np.array([3100.0, 2900.0])),
        Margin(name="age", codes=AGE, totals=np.array([1400.0, 1500, 1600, 1500])),
    )
)


def total(weights: FloatArray) -> FloatArray:
    return np.array([weights @ Y])


def spread(design: SurveyDesign) -> float:
    assert design.replicates is not None
    values = design.replicates.weights.T @ Y
    return float(design.replicates.scale * ((values - values.mean()) ** 2).sum())


def test_replicates_of_base_weights_have_the_variance_of_the_design() -> None:
    made = rao_wu(DESIGN, count=2000, seed=1)
    values = made.weights.T @ Y

    assert made.scale * ((values - values.mean()) ** 2).sum() == pytest.approx(covariance(DESIGN, Y)[0, 0], rel=0.1)
    assert (made.weights >= 0).all()
    for stratum in range(3):
        inside = stratum == STRATA
        equal = SurveyDesign(weights=np.ones(inside.sum()), strata=np.zeros(inside.sum(), dtype=np.int64))
        assert rao_wu(equal, count=5, seed=2).weights.sum(axis=0) == pytest.approx(inside.sum())
    assert made.df == PEOPLE - 3
    assert rao_wu(DESIGN, count=20, seed=1).df == 19


@pytest.mark.parametrize("steps", [[RAKING], [RAKING, Trimming(upper=20, strict=True)]])
def test_linearisation_with_residuals_agrees_with_the_bootstrap_of_all_steps(steps: list[Step]) -> None:
    linear = covariance(weigh_design(DESIGN, steps), Y)[0, 0]

    repeated, factor = bootstrap(DESIGN, steps, count=600, seed=3)

    assert linear < 0.5 * covariance(DESIGN, Y)[0, 0]
    assert spread(repeated) == pytest.approx(linear, rel=0.15)
    assert factor * DESIGN.weights == pytest.approx(repeated.weights)


def test_every_replicate_goes_through_every_step() -> None:
    responded = RNG.random(PEOPLE) < 0.4 + 0.3 * SEX
    steps: list[Step] = [ResponseClasses(classes=SEX, responded=responded), RAKING]

    repeated, _ = bootstrap(DESIGN, steps, count=10, seed=4)

    assert repeated.replicates is not None
    for weights in repeated.replicates.weights.T:
        assert np.bincount(AGE, weights=weights) == pytest.approx(RAKING.margins[1].totals)
        assert (weights[~responded] == 0).all()


def test_one_replicate_at_a_time_is_the_same() -> None:
    repeated, _ = bootstrap(DESIGN, [RAKING], count=50, seed=5)

    found = bootstrap_covariance(DESIGN, [RAKING], total, count=50, seed=5)

    assert found[0, 0] == pytest.approx(spread(repeated))
    assert found[0, 0] == bootstrap_covariance(DESIGN, [RAKING], total, count=50, seed=5)[0, 0]
    assert found[0, 0] != bootstrap_covariance(DESIGN, [RAKING], total, count=50, seed=6)[0, 0]


def test_a_single_psu_keeps_its_weight() -> None:
    design = SurveyDesign(weights=np.array([1.0, 2, 3]), strata=np.array([0, 0, 1]))

    assert (rao_wu(design, count=20, seed=1).weights[2] == 3).all()


def test_a_cell_that_some_replicates_miss() -> None:
    rare = np.arange(PEOPLE) == 0
    cells = Margin(name="rare", codes=rare.astype(np.int64), totals=np.array([5000.0, 10.0]))
    step = PostStratification(margin=cells, least_cell=1)
    design = SurveyDesign(weights=np.ones(PEOPLE), strata=np.zeros(PEOPLE, dtype=np.int64))

    with pytest.raises(ReplicateFailed, match=r"replicate \d+ of 20: margin rare: got nobody in group 1"):
        bootstrap(design, [step], count=20, seed=1)


def test_one_replicate_is_none() -> None:
    with pytest.raises(DesignError, match="at least 2"):
        rao_wu(DESIGN, count=1, seed=1)
