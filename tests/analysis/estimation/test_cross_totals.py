"""Means, ratios and calibrated totals from sums by PSU are those from units."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import DesignError, FloatArray, SurveyDesign
from analysis.estimation.cross_totals import CrossTotals, cross_totals_of
from analysis.estimation.ratios import estimate_ratio
from analysis.estimation.statistic import Estimate
from analysis.estimation.totals import estimate_total
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.weighting.calibration import Calibration
from analysis.weighting.errors import MarginsCannotBeMet
from analysis.weighting.steps import weigh_design

Sample = tuple[SurveyDesign, dict[str, FloatArray]]


@st.composite
def samples(draw: st.DrawFn) -> Sample:
    """12 to 60 units in 2 strata and up to 10 PSUs or none: ones, a sex, an age, a score and members of a domain."""
    n = draw(st.integers(12, 60))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    psus = rng.integers(0, 10, n)
    strata = psus % 2
    design = SurveyDesign(
        weights=rng.choice([1.0, 1.5, 2.5], n),
        strata=strata,
        psus=psus if draw(st.booleans()) else None,
        population=np.array([200.0, 150.0]) if draw(st.booleans()) else None,
    )
    sex = np.arange(n) % 2
    columns = {"ones": np.ones(n), "women": sex, "age": rng.integers(18, 80, n), "score": rng.random(n) * 10}
    columns["young"] = columns["age"] < 50
    columns["score of the young"] = columns["score"] * columns["young"]
    return design, {name: values.astype(np.float64) for name, values in columns.items()}


def assert_same(one: Estimate | Undefined, other: Estimate | Undefined) -> None:
    assert isinstance(one, Estimate)
    assert isinstance(other, Estimate)
    assert one.value == pytest.approx(other.value, rel=1e-12)
    size = float(np.abs(other.covariance).max())
    assert one.covariance == pytest.approx(other.covariance, rel=1e-9, abs=1e-12 * size)
    assert (one.n, one.df) == (other.n, other.df)


def margins_of(columns: dict[str, FloatArray], design: SurveyDesign) -> dict[str, float]:
    """A few percent from what the sample says."""
    return {
        "ones": 1.03 * float(design.weights.sum()),
        "women": 1.05 * float(design.weights @ columns["women"]),
        "age": 1.02 * float(design.weights @ columns["age"]),
    }


@given(samples())
def test_totals_and_ratios(sample: Sample) -> None:
    design, columns = sample
    found = cross_totals_of(design, columns)
    assert_same(found.estimate(["score"]), estimate_total(design, columns["score"]))
    assert_same(found.estimate(["score"], over=["ones"]), estimate_ratio(design, columns["score"], columns["ones"]))


@given(samples())
def test_calibrated_totals_and_ratios(sample: Sample) -> None:
    design, columns = sample
    margins = margins_of(columns, design)
    step = Calibration(
        matrix=np.column_stack([columns[name] for name in margins]), totals=np.array(list(margins.values()))
    )
    calibrated = weigh_design(design, [step])
    found = cross_totals_of(design, columns)
    assert_same(found.estimate(["score"], margins=margins), estimate_total(calibrated, columns["score"]))
    # Of a domain: the mean score of the young.
    ours = found.estimate(["score of the young"], over=["young"], margins=margins)
    theirs = estimate_ratio(calibrated, columns["score of the young"], columns["young"])
    assert_same(ours, theirs)
    met = found.estimate(list(margins), margins=margins)
    assert isinstance(met, Estimate)
    assert met.value == pytest.approx(np.array(list(margins.values())))
    assert met.se == pytest.approx(np.zeros(3), abs=1e-6)


@given(samples(), st.integers(0, 10_000))
def test_parts_add_up(sample: Sample, seed: int) -> None:
    design, columns = sample
    n = len(design.weights)
    part = np.random.default_rng(seed).integers(0, 3, n)
    if design.psus is None:  # each part is to know its units by the same number
        design = SurveyDesign(
            weights=design.weights, strata=design.strata, psus=np.arange(n), population=design.population
        )

    def of(wanted: object) -> CrossTotals:
        assert design.psus is not None
        return cross_totals_of(
            SurveyDesign(
                weights=design.weights[wanted],
                strata=design.strata[wanted],
                psus=design.psus[wanted],
                population=design.population,
            ),
            {name: values[wanted] for name, values in columns.items()},
        )

    a, b, c = (of(part == number) for number in range(3))
    whole = cross_totals_of(design, columns)
    for added in ((a + b) + c, a + (b + c), c + b + a):
        assert np.array_equal(added.psus, whole.psus)
        assert np.array_equal(added.units, whole.units)
        assert added.sums == pytest.approx(whole.sums, rel=1e-12)
        assert added.products == pytest.approx(whole.products, rel=1e-12)
    margins = margins_of(columns, design)
    assert_same((a + b + c).estimate(["score"], margins=margins), whole.estimate(["score"], margins=margins))


def small(**columns: list[float]) -> CrossTotals:
    n = len(next(iter(columns.values())))
    design = SurveyDesign(weights=np.ones(n), strata=np.zeros(n, dtype=np.int64))
    return cross_totals_of(design, {name: np.array(values) for name, values in columns.items()})


def test_what_cannot_be() -> None:
    totals = small(ones=[1, 1, 1], same=[2, 2, 2], zero=[0, 0, 0])
    with pytest.raises(MarginsCannotBeMet, match="ones, same that contradict"):
        totals.estimate(["zero"], margins={"ones": 4.0, "same": 9.0})
    assert totals.estimate(["ones"], over=["zero"]) == Undefined(reason=UndefinedReason.ZERO_DENOMINATOR)
    assert small(ones=[]).estimate(["ones"]) == Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
    with pytest.raises(DesignError, match="columns: got zero, expected ones"):
        _ = small(ones=[1]) + small(zero=[0])
    with pytest.raises(DesignError, match="ones: got a value that is no number"):
        small(ones=[np.nan])
    design = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=np.int64))
    with pytest.raises(DesignError, match="ones: got 1 values, expected 2"):
        cross_totals_of(design, {"ones": np.ones(1)})
