import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import DesignError, FloatArray
from analysis.design_errors import LengthsDiffer
from analysis.weighting.calibration import Calibration, CalibrationMethod
from analysis.weighting.errors import MarginsCannotBeMet, NegativeWeights
from analysis.weighting.steps import weigh

FREE = (-np.inf, np.inf)
WAYS = [
    (CalibrationMethod.LINEAR, FREE),
    (CalibrationMethod.LINEAR, (0.3, 3.0)),
    (CalibrationMethod.RAKING, FREE),
    (CalibrationMethod.RAKING, (0.3, 3.0)),
    (CalibrationMethod.LOGIT, (0.3, 3.0)),
]


@st.composite
def problems(draw: st.DrawFn) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Base weights, variables, and totals that factors between .6 and 1.6 meet."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(20, 80))
    matrix = np.column_stack([np.ones(n), rng.integers(0, 2, n), rng.normal(500, 100, n)])
    base = rng.uniform(1, 30, n)
    return base, matrix, matrix.T @ (base * rng.uniform(0.6, 1.6, n))


@pytest.mark.parametrize(("method", "bounds"), WAYS)
@given(problem=problems())
def test_totals_are_met_within_the_bounds(
    method: CalibrationMethod, bounds: tuple[float, float], problem: tuple[FloatArray, FloatArray, FloatArray]
) -> None:
    base, matrix, totals = problem

    factors = Calibration(matrix=matrix, totals=totals, method=method, bounds=bounds).factor(base)

    assert matrix.T @ (base * factors) == pytest.approx(totals, rel=1e-9, abs=1e-9)
    assert factors.min() >= bounds[0]
    assert factors.max() <= bounds[1]


@pytest.mark.parametrize(("method", "bounds"), WAYS)
@given(problem=problems(), scale=st.floats(0.01, 100))
def test_neither_order_nor_the_unit_of_a_variable_matters(
    method: CalibrationMethod,
    bounds: tuple[float, float],
    problem: tuple[FloatArray, FloatArray, FloatArray],
    scale: float,
) -> None:
    base, matrix, totals = problem
    units = np.array([1.0, 1.0, scale])

    factors = Calibration(matrix=matrix, totals=totals, method=method, bounds=bounds).factor(base)
    other = Calibration(matrix=(matrix * units)[::-1], totals=totals * units, method=method, bounds=bounds)

    assert other.factor(base[::-1])[::-1] == pytest.approx(factors, rel=1e-6)


@given(problems())
def test_columns_that_say_the_same_twice_change_nothing(problem: tuple[FloatArray, FloatArray, FloatArray]) -> None:
    base, matrix, totals = problem
    twice = Calibration(matrix=np.hstack([matrix, matrix[:, :2]]), totals=np.concatenate([totals, totals[:2]]))

    assert twice.factor(base) == pytest.approx(Calibration(matrix=matrix, totals=totals).factor(base), rel=1e-7)


@given(problems())
def test_residuals_are_how_a_total_follows_the_base_weights(problem: tuple[FloatArray, FloatArray, FloatArray]) -> None:
    """Of the linear method exactly: the derivative of the calibrated total by the base weight of a unit."""
    base, matrix, totals = problem
    y = matrix[:, 2] ** 2 / 1000 + matrix[:, 1]
    step = Calibration(matrix=matrix, totals=totals)
    factor = step.factor(base)
    left = step.carry_back(y[:, np.newaxis], before=base, factor=factor)[:, 0]

    for unit in (0, len(base) - 1):
        up, down = base.copy(), base.copy()
        up[unit] += 1e-4
        down[unit] -= 1e-4
        slope = (up * step.factor(up) @ y - down * step.factor(down) @ y) / 2e-4
        assert left[unit] == pytest.approx(slope, rel=1e-4, abs=1e-4 * np.abs(y).max())


def test_totals_out_of_reach() -> None:
    people, totals = np.array([[1.0, 0], [1, 1]]), np.array([20.0, 19])

    assert Calibration(matrix=people, totals=totals).factor(np.full(2, 5.0)) == pytest.approx([0.2, 3.8])
    for method in CalibrationMethod:
        step = Calibration(matrix=people, totals=totals, method=method, bounds=(0.3, 3), columns=("people", "men"))
        with pytest.raises(MarginsCannotBeMet, match=r"no factors from 0.3 to 3 .* men, 5 of 19"):
            step.factor(np.full(2, 5.0))
    with pytest.raises(MarginsCannotBeMet):
        Calibration(matrix=people, totals=np.array([20.0, 21]), method=CalibrationMethod.RAKING).factor(np.ones(2))
    with pytest.raises(MarginsCannotBeMet):
        Calibration(matrix=np.ones((3, 2)), totals=np.array([3.0, 4])).factor(np.ones(3))


def test_linear_calibration_may_go_below_0_and_says_so() -> None:
    step = Calibration(matrix=np.array([[1.0, 0], [1, 1]]), totals=np.array([10.0, 12]))

    with pytest.raises(NegativeWeights, match="got 1 weights below 0, the least -2"):
        weigh(np.full(2, 5.0), [step])
    assert weigh(np.full(2, 5.0), [step], allow_negative=True).weights == pytest.approx([-2, 12])


def test_wrong_input() -> None:
    ones = np.ones((2, 1))
    with pytest.raises(DesignError, match="expected one per column"):
        Calibration(matrix=ones, totals=np.ones(2))
    with pytest.raises(DesignError, match="no number"):
        Calibration(matrix=ones * np.nan, totals=np.ones(1))
    with pytest.raises(DesignError, match="one below and one above 1"):
        Calibration(matrix=ones, totals=np.ones(1), bounds=(1.2, 3))
    with pytest.raises(DesignError, match="finite ones for the logit"):
        Calibration(matrix=ones, totals=np.ones(1), method=CalibrationMethod.LOGIT)
    with pytest.raises(LengthsDiffer):
        Calibration(matrix=ones, totals=np.ones(1), columns=("a", "b"))
    with pytest.raises(LengthsDiffer):
        Calibration(matrix=ones, totals=np.ones(1)).check(np.ones(3))
