"""Models of 3,000 areas: how long they take, how often their intervals hold, and what the arcsine scale adds."""

from collections.abc import Callable

import numpy as np
from scipy.special import expit, logit

from analysis.design import FloatArray
from analysis.estimation.small_area.arcsine import WayBack, arcsine_fay_herriot
from analysis.estimation.small_area.area_variance import VarianceMethod
from analysis.estimation.small_area.borrow_strength import BorrowedStrength, DirectRates, borrow_strength
from analysis.estimation.small_area.fay_herriot import fay_herriot
from analysis.estimation.small_area.mixed_logit import mixed_logit
from analysis.estimation.small_area.mixed_logit_intervals import bootstrap_intervals
from analysis.estimation.small_area.unit_level import unit_level
from tests.benchmarks.measurement import Measurement, at_most, median_cpu

AREAS = 3_000
SAMPLES = 200
SEED = 20240917
#: Waves simulated of each kind.
WAVES = 25


def run() -> list[Measurement]:
    return [*_times(), *_coverage(), *_bias()]


def _times() -> list[Measurement]:
    rng = np.random.default_rng(SEED)
    covariates = np.column_stack([np.ones(AREAS), rng.normal(size=(AREAS, 3))])
    variances = rng.uniform(0.2, 3, AREAS)
    scores = covariates @ [80, 1, 0.5, 0] + np.sqrt(1 + variances) * rng.standard_normal(AREAS)
    areas = np.repeat(np.arange(AREAS), 20)
    units = 80 + rng.standard_normal(AREAS)[areas] + 5 * rng.standard_normal(len(areas))
    n, truth = rng.integers(10, 60, AREAS), expit(3 + 0.5 * rng.standard_normal(AREAS) + 0.2 * covariates[:, 1])
    rates = DirectRates(
        proportions=rng.binomial(n, truth) / n,
        effective_sizes=n / 1.3,
        n=n,
        shares=rng.uniform(500, 3000, AREAS),
        covariates=covariates[:, 1:],
    )

    def modelled() -> None:
        found = borrow_strength(rates, samples=SAMPLES)
        assert isinstance(found, BorrowedStrength)
        assert found.samples == SAMPLES

    slowest = max(median_cpu(_fay_herriot(scores, variances, covariates, method), times=3) for method in VarianceMethod)
    return [
        at_most("Fay-Herriot, 3,000 areas, slowest method", slowest, "s", 1),
        at_most("mixed model, 3,000 areas, 200 bootstrap samples", median_cpu(modelled, times=3), "s", 30),
        Measurement(
            name="unit-level model, 3,000 areas, 60,000 scores",
            value=median_cpu(lambda: unit_level(units, areas, area_means=np.ones((AREAS, 1))), times=3),
            unit="s",
        ),
    ]


def _fay_herriot(
    scores: FloatArray, variances: FloatArray, covariates: FloatArray, method: VarianceMethod
) -> Callable[[], object]:
    return lambda: fay_herriot(scores, variances, covariates=covariates, method=method)


def _coverage() -> list[Measurement]:
    """Of the mixed model's intervals over all areas: rates that differ by ``spread`` of log-odds about ``middle``."""
    rng = np.random.default_rng(SEED)
    found: list[Measurement] = []
    for middle, spread in ((0.8, 0.5), (0.97, 0.2), (0.97, 0.5), (0.97, 1.0)):
        held = []
        for _ in range(WAVES):
            n = rng.integers(20, 60, 100)
            truth = expit(logit(middle) + spread * rng.standard_normal(100))
            model = mixed_logit(rng.binomial(n, truth) / n, n.astype(np.float64))
            interval = bootstrap_intervals(model, samples=100)
            held.append(float(((interval.low <= truth) & (truth <= interval.high)).mean()))
        coverage = float(np.mean(held))
        found.append(
            Measurement(
                name=f"coverage, mixed model, {middle:.0%} ± {spread} log-odds",
                value=coverage,
                unit="",
                target="at least 0.93",
                met=coverage >= 0.93,
            )
        )
    return found


def _bias() -> list[Measurement]:
    """100 areas at 97 % (log-odds ± .5), n = 20: the mean of modelled rates less that of true ones, and coverage."""
    found: list[Measurement] = []
    for way_back in WayBack:
        rng = np.random.default_rng(SEED)
        bias, held = [], []
        for _ in range(WAVES * 4):
            truth = expit(logit(0.97) + 0.5 * rng.standard_normal(100))
            model = arcsine_fay_herriot(rng.binomial(20, truth) / 20, np.full(100, 20.0), way_back=way_back)
            bias.append(100 * float((model.estimate - truth).mean()))
            held.append(float(((model.low <= truth) & (truth <= model.high)).mean()))
        name = f"arcsine Fay-Herriot at 97 %, n = 20, way back {way_back}"
        judged = way_back == WayBack.SAMPLING
        mean, coverage = float(np.mean(bias)), float(np.mean(held))
        found += [
            Measurement(
                name=f"{name}: bias",
                value=mean,
                unit="points",
                target="within 0.3 points" if judged else None,
                met=abs(mean) <= 0.3 if judged else None,
            ),
            Measurement(
                name=f"{name}: coverage",
                value=coverage,
                unit="",
                target="at least 0.93" if judged else None,
                met=coverage >= 0.93 if judged else None,
            ),
        ]
    return found
