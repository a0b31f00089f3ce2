"""Variances of calibrated rates: against the general estimator domain by domain, and over repeated samples."""

import numpy as np
import pytest

from analysis.answers import AnswerState
from analysis.areas import AreaTree
from analysis.design import SurveyDesign
from analysis.domains import Domains
from analysis.estimation.means import estimate_mean
from analysis.estimation.statistic import Estimate
from analysis.publication import Base
from analysis.wave_estimates import Rate, WaveAnswers, estimate_wave
from analysis.weighting.area_trimming import AreaTrimming
from analysis.weighting.margins import Margin
from analysis.weighting.raking import Raking
from analysis.weighting.steps import weigh_design
from analysis.weighting.trimming import Trimming

TREE = AreaTree(
    codes=("street", "a", "b", "c"), parents=(None, 0, 0, None), tiers=(1, 2, 2, 2), populations=(None,) * 4
)


def _design(chance: np.random.Generator, n: int, *, clusters: bool) -> tuple[SurveyDesign, np.ndarray]:
    areas = chance.integers(1, 4, n)
    psus = areas * 100 + chance.integers(0, 9, n) if clusters else None
    drawn = SurveyDesign(weights=chance.uniform(1, 5, n), strata=areas - 1, psus=psus, population=np.full(3, 5.0 * n))
    step = Raking(
        margins=(
            Margin(name="sex", codes=chance.integers(0, 2, n), totals=np.array([400.0, 600.0])),
            Margin(name="area", codes=areas - 1, totals=np.array([300.0, 300, 400])),
        )
    )
    return weigh_design(drawn, [step]), areas


@pytest.mark.parametrize("trimmed", [False, True])
@pytest.mark.parametrize("by_cells", [False, True])
@pytest.mark.parametrize("clusters", [False, True])
def test_as_the_general_estimator_in_every_domain(clusters: bool, by_cells: bool, trimmed: bool) -> None:
    """From sums of units that are alike, and from each unit's residuals, which steps of other kinds need."""
    chance = np.random.default_rng(3)
    design, areas = _design(chance, 240, clusters=clusters)
    if trimmed:
        design = weigh_design(design, [AreaTrimming(areas=areas, times=1.3)])
    if not by_cells:
        design = weigh_design(design, [Trimming(upper=1e9)])
    states = chance.choice(np.array([-1, 0, 1, 2], dtype=np.int8), 240, p=[0.1, 0.3, 0.5, 0.1])

    (totals,) = Domains(design=design, tree=TREE, unit_areas=areas).totals([states])

    assert totals.adjusted is not None
    assert (totals.adjusted.cells is not None) is by_cells
    counted = (states == AnswerState.COUNTED).astype(np.float64)
    for place, inside in enumerate([areas > 0, areas < 3, areas == 1, areas == 2, areas == 3]):
        for base, in_base in ((Base.ASKED, states >= 0), (Base.VALID, (states == 0) | (states == 1))):
            found = totals.on[base]
            expected = estimate_mean(design, counted, inside=inside & in_base)
            assert isinstance(expected, Estimate)
            assert found.proportion[place] == pytest.approx(expected.value)
            assert found.variance[place] == pytest.approx(expected.se**2)


def test_a_stratum_with_one_psu_counts_from_the_mean_of_all() -> None:
    """As everywhere: the second stratum has a single unit."""
    sex = np.array([0, 0, 0, 1, 1, 1, 0])
    drawn = SurveyDesign(weights=np.arange(1.0, 8), strata=np.array([0] * 6 + [1]))
    margin = Margin(name="sex", codes=sex, totals=np.array([18.0, 12.0]))
    design = weigh_design(drawn, [Raking(margins=(margin,), least_cell=1)])
    states = np.array([1, 0, 1, 1, 0, 0, 0], dtype=np.int8)

    (totals,) = Domains(design=design, tree=TREE, unit_areas=np.full(7, 1)).totals([states])

    expected = estimate_mean(design, states.astype(np.float64))
    assert isinstance(expected, Estimate)
    assert totals.on[Base.ASKED].variance[0] == pytest.approx(expected.se**2)


def test_a_rate_that_the_margins_fix_has_no_variance_of_its_own() -> None:
    """Sex itself, calibrated on sex: every sample gives the same rate, so the interval comes from the pooled effect."""
    chance = np.random.default_rng(4)
    n = 300
    sex = chance.integers(0, 2, n)
    drawn = SurveyDesign(weights=np.ones(n), strata=np.zeros(n, dtype=int))
    design = weigh_design(drawn, [Raking(margins=(Margin(name="sex", codes=sex, totals=np.array([40.0, 60.0])),))])

    (totals,) = Domains(design=design, tree=TREE, unit_areas=np.full(n, 1)).totals([sex.astype(np.int8)])

    assert totals.on[Base.ASKED].proportion[0] == pytest.approx(0.6)
    assert totals.on[Base.ASKED].variance[0] == 0


@pytest.mark.slow
def test_over_repeated_samples_the_variance_is_that_of_the_calibrated_rate() -> None:
    """A rate that goes with sex, in a city of 4 women to 6 men whose sample is drawn at random, 400 times.

    Intervals are no narrower for it: n_eff is never more than n. With 400 rounds a standard deviation is known to
    1/sqrt(800) = 3.5 % of it, so a variance to 7 %.
    """
    chance = np.random.default_rng(5)
    population_sex = np.repeat([0, 1], [4000, 6000])
    likes = (chance.random(10_000) < np.where(population_sex == 0, 0.2, 0.9)).astype(np.int8)
    rates, variances, covered = [], [], 0
    for _ in range(400):
        units = chance.choice(10_000, 200, replace=False)
        drawn = SurveyDesign(weights=np.full(200, 50.0), strata=np.zeros(200, dtype=int))
        sex = Margin(name="sex", codes=population_sex[units], totals=np.array([4000.0, 6000.0]))
        design, areas = weigh_design(drawn, [Raking(margins=(sex,))]), np.full(200, 3)
        (totals,) = Domains(design=design, tree=TREE, unit_areas=areas).totals([likes[units]])
        rates.append(totals.on[Base.ASKED].proportion[0])
        variances.append(totals.on[Base.ASKED].variance[0])
        answers = WaveAnswers(
            rates=[Rate(code="x", states=likes[units])],
            tree=TREE,
            unit_areas=areas,
            design=design,
            probability=True,
            pooling_tier=2,
        )
        row = next(row for row in estimate_wave(answers) if row.area is None)
        covered += (row.low or 0) <= likes.mean() <= (row.high or 0)
    assert np.mean(variances) == pytest.approx(np.var(rates), rel=0.2)
    assert np.var(rates) < 0.7 * likes.mean() * (1 - likes.mean()) / 200, "sex explains a good part"
    assert covered / 400 >= 0.95
