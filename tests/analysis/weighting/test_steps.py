import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import FloatArray, SurveyDesign
from analysis.design_errors import InvalidWeights
from analysis.estimation.variance import covariance
from analysis.weighting.calibration import Calibration, CalibrationMethod
from analysis.weighting.errors import FactorsOutOfLimits
from analysis.weighting.margins import Margin
from analysis.weighting.nonresponse import ResponseClasses
from analysis.weighting.poststratification import PostStratification
from analysis.weighting.replicates import jkn
from analysis.weighting.steps import Step, WeightFactor, weigh, weigh_design
from analysis.weighting.trimming import Trimming


@st.composite
def chains(draw: st.DrawFn) -> tuple[SurveyDesign, list[Step], FloatArray]:
    """Cells, then linear calibration on ages."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(12, 40))
    cells, age = np.arange(n) % 3, rng.uniform(18, 90, n)
    base = rng.uniform(1, 10, n)
    margin = Margin(name="cells", codes=cells, totals=np.array([100.0, 150, 200]))
    known = np.column_stack([np.ones(n), age])
    after = PostStratification(margin=margin, least_cell=1).factor(base) * base
    steps: list[Step] = [
        PostStratification(margin=margin, least_cell=1),
        Calibration(matrix=known, totals=known.T @ (after * rng.uniform(0.9, 1.1, n))),
    ]
    return SurveyDesign(weights=base, strata=np.zeros(n, dtype=np.int64)), steps, rng.normal(10, 3, n) + age / 10


@given(chains())
def test_residuals_of_a_chain_are_how_a_total_follows_the_base_weights(
    chain: tuple[SurveyDesign, list[Step], FloatArray],
) -> None:
    design, steps, y = chain
    weighting = weigh(design.weights, steps)

    contributions = weighting.weights * weighting.residuals(y)

    for unit in (0, len(y) - 1):
        up, down = design.weights.copy(), design.weights.copy()
        up[unit] *= 1 + 1e-5
        down[unit] *= 1 - 1e-5
        slope = (weighting.apply(up) @ y - weighting.apply(down) @ y) / 2e-5
        assert contributions[unit] == pytest.approx(slope, rel=1e-4, abs=1e-5 * np.abs(weighting.weights * y).max())


@given(chains())
def test_every_factor_is_kept(chain: tuple[SurveyDesign, list[Step], FloatArray]) -> None:
    design, steps, _ = chain

    weighting = weigh(design.weights, steps)

    assert [kept.name for kept in weighting.factors] == ["cells", "calibration"]
    product = design.weights * weighting.factors[0].factor * weighting.factors[1].factor
    assert weighting.weights == pytest.approx(product)
    assert weighting.apply(design.weights) == pytest.approx(weighting.weights)
    both = weighting.apply(np.column_stack([design.weights, 2 * design.weights]))
    assert both[:, 1] == pytest.approx(both[:, 0])


@given(chains())
def test_steps_taken_one_by_one_are_the_chain(chain: tuple[SurveyDesign, list[Step], FloatArray]) -> None:
    design, steps, y = chain

    at_once, later = weigh_design(design, steps), design
    for step in steps:
        later = weigh_design(later, [step])

    assert later.weights == pytest.approx(at_once.weights)
    assert covariance(later, y)[0, 0] == pytest.approx(covariance(at_once, y)[0, 0])


def test_replicates_go_through_the_steps() -> None:
    design = SurveyDesign(weights=np.ones(6), strata=np.zeros(6, dtype=np.int64))
    with_replicates = SurveyDesign(weights=design.weights, strata=design.strata, replicates=jkn(design))
    margin = Margin(name="cells", codes=np.array([0, 0, 0, 1, 1, 1]), totals=np.array([30.0, 60.0]))

    found = weigh_design(with_replicates, [PostStratification(margin=margin, least_cell=1)])

    assert found.replicates is not None
    assert found.replicates.weights[:3].sum(axis=0) == pytest.approx(30)
    assert found.replicates.weights[3:].sum(axis=0) == pytest.approx(60)


def test_those_who_did_not_answer_have_no_residual() -> None:
    responded = np.array([True, True, False])
    weighting = weigh(
        np.ones(3), [ResponseClasses(classes=np.zeros(3, dtype=np.int64), responded=responded, least_class=1)]
    )

    assert weighting.residuals(np.array([1.0, 2, 0])).tolist() == [1, 2, 0]


@pytest.mark.parametrize("method", CalibrationMethod)
def test_a_known_total_has_no_variance_whatever_the_method(method: CalibrationMethod) -> None:
    rng = np.random.default_rng(1)
    age = rng.uniform(18, 90, 50)
    known = np.column_stack([np.ones(50), age])
    design = SurveyDesign(weights=np.full(50, 10.0), strata=np.zeros(50, dtype=np.int64))
    step = Calibration(matrix=known, totals=np.array([505.0, 505 * age.mean() + 200]), method=method, bounds=(0.3, 3.0))

    adjusted = weigh_design(design, [step])

    assert covariance(adjusted, age)[0, 0] < 1e-12 * covariance(design, age)[0, 0]
    trimmed = weigh_design(adjusted, [Trimming(upper=float(np.quantile(adjusted.weights, 0.9)))])
    assert covariance(trimmed, age)[0, 0] > 1e-6 * covariance(design, age)[0, 0]


def test_factors_out_of_limits() -> None:
    WeightFactor(name="x", factor=np.array([0.3, 3.0, 0.0])).require_within()
    with pytest.raises(FactorsOutOfLimits, match=r"got factors from 0\.2 to 3, expected 0\.3 to 3"):
        WeightFactor(name="x", factor=np.array([0.2, 3.0])).require_within()


@pytest.mark.parametrize("wrong", [np.nan, -1.0, np.inf])
def test_base_weights_that_are_none(wrong: float) -> None:
    with pytest.raises(InvalidWeights):
        weigh(np.array([1.0, wrong]), [])
