"""How often intervals hold the true rate: the default of the project beside Wald and logit.

Simple samples are enumerated exactly. Clusters, unequal weights and communities that differ are simulated: waves of
16 communities, each with its own rate, answers alike inside clusters, pooled as a wave pools them.
"""

import itertools
import math
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, stdtrit

from analysis.design import BoolArray, FloatArray, IntArray, SurveyDesign
from analysis.estimation.intervals import Intervals, Pooled, korn_graubard, pool, wilson_effective
from analysis.estimation.proportions import Proportions, estimate_proportions
from tests.benchmarks.measurement import Measurement

COMMUNITIES = 16
WAVES = 250
SEED = 20240917


def run() -> list[Measurement]:
    return [*_enumerated(), *_simulated()]


def _at_least(name: str, value: float, limit: float) -> Measurement:
    return Measurement(name=name, value=value, unit="", target=f"at least {limit:g}", met=value >= limit)


def _shown(name: str, value: float) -> Measurement:
    return Measurement(name=name, value=value, unit="")


def _enumerated() -> list[Measurement]:
    """n from 20 to 200, rates .80 to .99, every outcome."""
    cells: dict[str, list[float]] = {"default": [], "Wald": [], "logit": []}
    for n in range(20, 201):
        outcomes = _simple_outcomes(n)
        found = wilson_effective(outcomes, Pooled(design_effect=n / (n - 1), df=COMMUNITIES * (n - 1)))
        methods = {"default": (found.low, found.high), **_rivals(outcomes)}
        for rate in np.arange(80, 100) / 100:
            chances = _binomial(n, rate)
            for method, (low, high) in methods.items():
                cells[method].append(float(chances[(low <= rate) & (rate <= high)].sum()))
    default = np.array(cells["default"])
    few, mean = float((default < 0.93).mean()), float(default.mean())
    return [
        _at_least("coverage, simple samples: default, least", float(default.min()), 0.90),
        Measurement(
            name="coverage, simple samples: cells under .93",
            value=few,
            unit="",
            target="at most 0.05",
            met=few <= 0.05,
        ),
        Measurement(
            name="coverage, simple samples: default, mean",
            value=mean,
            unit="",
            target="0.95 to 0.97",
            met=0.95 <= mean <= 0.97,
        ),
        *(_shown(f"coverage, simple samples: {method}, least", min(cells[method])) for method in ("Wald", "logit")),
    ]


def _simple_outcomes(n: int) -> Proportions:
    count = np.arange(n + 1)
    p = count / n
    return Proportions(
        n=np.full(n + 1, n),
        count=count,
        proportion=p,
        variance=p * (1 - p) / (n - 1),
        df=np.full(n + 1, n - 1),
        fraction=np.zeros(n + 1),
    )


def _binomial(n: int, rate: float) -> FloatArray:
    k = np.arange(n + 1)
    chances: FloatArray = np.exp(
        gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1) + k * math.log(rate) + (n - k) * math.log1p(-rate)
    )
    return chances


def _rivals(found: Proportions) -> dict[str, tuple[FloatArray, FloatArray]]:
    """Wald's and the logit interval on a domain's own variance and df; where undefined they hold nothing."""
    p, error = found.proportion, np.sqrt(found.variance)
    t = stdtrit(np.maximum(found.df, 1).astype(np.float64), 0.975)
    inside = (p > 0) & (p < 1)
    spread = np.divide(t * error, p * (1 - p), out=np.zeros_like(p), where=inside)
    odds = np.log(np.divide(p, 1 - p, out=np.ones_like(p), where=inside))
    return {
        "Wald": (p - t * error, p + t * error),
        "logit": (
            np.where(inside, 1 / (1 + np.exp(spread - odds)), 2.0),
            np.where(inside, 1 / (1 + np.exp(-spread - odds)), -1.0),
        ),
    }


@dataclass(frozen=True, kw_only=True)
class _Cell:
    """One kind of wave: communities around ``rate``, in each ``clusters`` of ``size`` adults who are ``alike``."""

    rate: float
    spread: float
    clusters: int
    size: int
    weighted: bool
    alike: float = 0.05


def _simulated() -> list[Measurement]:
    rng = np.random.default_rng(SEED)
    least: dict[str, float] = {}
    for rate, spread, clusters, weighted in itertools.product(
        (0.8, 0.9, 0.97), (0.0, 0.03), (2, 5, 10, 20), (False, True)
    ):
        cell = _Cell(rate=rate, spread=spread, clusters=clusters, size=10, weighted=weighted)
        for method, coverage in _coverage(cell, rng).items():
            least[method] = min(least.get(method, 1.0), coverage)
    name = "coverage, clusters and weights"
    return [
        _at_least(f"{name}: default, least", least["default"], 0.93),
        _at_least(f"{name}: Korn-Graubard, least", least["Korn-Graubard"], 0.95),
        _shown(f"{name}: Wald, least", least["Wald"]),
        _shown(f"{name}: logit, least", least["logit"]),
    ]


def _coverage(cell: _Cell, rng: np.random.Generator) -> dict[str, float]:
    """The share of intervals that hold their community's rate, over all communities of all waves."""
    domains = WAVES * COMMUNITIES
    rates = np.clip(cell.rate + cell.spread * rng.standard_normal(domains), 0.5, 0.995)
    tightness = (1 - cell.alike) / cell.alike
    in_cluster = np.repeat(rates, cell.clusters)
    in_cluster = rng.beta(in_cluster * tightness, (1 - in_cluster) * tightness)
    units = domains * cell.clusters * cell.size
    counted: BoolArray = rng.random(units) < np.repeat(in_cluster, cell.size)
    community: IntArray = np.repeat(np.arange(domains), cell.clusters * cell.size)
    design = SurveyDesign(
        weights=rng.integers(1, 5, units).astype(np.float64) if cell.weighted else np.ones(units),
        strata=community,
        psus=np.repeat(np.arange(domains * cell.clusters), cell.size),
    )
    found = estimate_proportions(
        design, counted=counted, in_base=np.ones(units, dtype=bool), domains=community, domain_count=domains
    )
    held = {method: (low <= rates) & (rates <= high) for method, (low, high) in _rivals(found).items()}
    held["default"], held["Korn-Graubard"] = np.zeros(domains, dtype=bool), np.zeros(domains, dtype=bool)
    for wave in range(WAVES):
        own = np.arange(domains) // COMMUNITIES == wave
        part = found.only(own)
        intervals = wilson_effective(part, pool(part))
        held["default"][own] = (intervals.low <= rates[own]) & (rates[own] <= intervals.high)
        held["Korn-Graubard"][own] = _conservative(part, intervals, rates[own])
    return {method: float(holds.mean()) for method, holds in held.items()}


def _conservative(found: Proportions, intervals: Intervals, rates: FloatArray) -> BoolArray:
    held = np.zeros(len(rates), dtype=bool)
    for index, rate in enumerate(rates):
        low, high = korn_graubard(
            float(found.proportion[index]),
            n=float(found.n[index]),
            n_effective=float(intervals.n_effective[index]),
            df=float(intervals.df[index]),
        )
        held[index] = low <= rate <= high
    return held
