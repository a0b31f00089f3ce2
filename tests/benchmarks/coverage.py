"""How often intervals hold the true rate: the default of the project and Korn-Graubard beside Wald and logit.

Simple samples are enumerated exactly, from populations without end and from small ones. Clusters, unequal weights,
communities that differ and a population correction are simulated: waves of 16 communities, each with its own rate,
answers alike inside clusters, pooled as a wave pools them.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
from scipy.special import gammaln, stdtrit

from analysis.design import BoolArray, FloatArray, IntArray, SurveyDesign
from analysis.estimation.exact_limits import korn_graubard_limits
from analysis.estimation.intervals import Intervals, Pooled, pool, wilson_effective
from analysis.estimation.proportions import Proportions, estimate_proportions

COMMUNITIES = 16
#: In the order they are printed.
METHODS = ("default", "Korn-Graubard", "Wald", "logit")
Limits = dict[str, tuple[FloatArray, FloatArray]]


def simple_cells(n: int, rates: FloatArray) -> dict[str, FloatArray]:
    """The chance that each method's interval of a simple sample of ``n`` holds the rate, exactly; (R,) each."""
    limits = _limits(_outcomes(n), _of_like_communities(n))
    chances = np.array([_binomial(n, rate) for rate in rates])
    return {method: _covered(chances, low, high, rates) for method, (low, high) in limits.items()}


def finite_cells(n: int, population: int) -> dict[str, FloatArray]:
    """As :func:`simple_cells`, for n adults of a community of ``population``, of whom any number from .80 to .99 are
    counted.
    """
    satisfied = np.arange(math.ceil(0.8 * population), math.floor(0.99 * population) + 1)
    limits = _limits(replace(_outcomes(n), fraction=np.full(n + 1, n / population)), _of_like_communities(n))
    chances = np.array([_hypergeometric(n, population, int(number)) for number in satisfied])
    return {method: _covered(chances, low, high, satisfied / population) for method, (low, high) in limits.items()}


def _covered(chances: FloatArray, low: FloatArray, high: FloatArray, rates: FloatArray) -> FloatArray:
    dust = 1e-12  # a limit may be the rate itself
    held = (low <= rates[:, np.newaxis] + dust) & (rates[:, np.newaxis] - dust <= high)
    found: FloatArray = (chances * held).sum(axis=1)
    return found


def _of_like_communities(n: int) -> Pooled:
    return Pooled(design_effect=n / (n - 1), df=COMMUNITIES * (n - 1))


def _outcomes(n: int) -> Proportions:
    """All that can come of a simple sample of ``n``."""
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
    chances: FloatArray = np.exp(_log_choose(n, k) + k * math.log(rate) + (n - k) * math.log1p(-rate))
    return chances


def _hypergeometric(n: int, population: int, satisfied: int) -> FloatArray:
    k = np.arange(n + 1)
    possible = (k <= satisfied) & (n - k <= population - satisfied)
    inside = np.where(possible, k, max(0, n - population + satisfied))
    logs = (
        _log_choose(satisfied, inside)
        + _log_choose(population - satisfied, n - inside)
        - _log_choose(population, np.array(n))
    )
    return np.where(possible, np.exp(logs), 0.0)


def _log_choose(n: int, k: IntArray) -> FloatArray:
    found: FloatArray = gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
    return found


def _limits(found: Proportions, pooled: Pooled) -> Limits:
    """Of every method; the population correction is in the variance of enumerated outcomes only here."""
    found = replace(found, variance=found.variance * (1 - found.fraction))
    intervals = wilson_effective(found, pooled)
    return {
        "default": (intervals.low, intervals.high),
        "Korn-Graubard": _conservative(found, intervals),
        **_rivals(found),
    }


def _conservative(found: Proportions, intervals: Intervals) -> tuple[FloatArray, FloatArray]:
    return korn_graubard_limits(
        found.proportion,
        n=found.n.astype(np.float64),
        n_effective=intervals.n_effective,
        df=intervals.df.astype(np.float64),
    )


def _rivals(found: Proportions) -> Limits:
    """Wald's and the logit interval on a domain's own variance and df; where undefined they hold nothing."""
    p, error = found.proportion, np.sqrt(found.variance)
    t = stdtrit(np.maximum(found.df, 1).astype(np.float64), 0.975)
    inside = (p > 0) & (p < 1)
    spread = np.divide(t * error, p * (1 - p), out=np.zeros_like(p), where=inside)
    odds = np.log(np.divide(p, 1 - p, out=np.ones_like(p), where=inside))
    return {
        "Wald": (p - t * error, p + t * error),
        "logit": (
            np.where(inside, 1 / (1 + np.exp(np.minimum(spread - odds, 700))), 2.0),
            np.where(inside, 1 / (1 + np.exp(-spread - odds)), -1.0),
        ),
    }


@dataclass(frozen=True, kw_only=True)
class Wave:
    """One kind of wave: communities around ``rate``, in each ``clusters`` of ``size`` adults who are ``alike``.

    ``spread``: standard deviation of the communities' rates. ``fraction``: the share of each community's clusters that
    was drawn; 0 from a community without end.
    """

    rate: float
    spread: float
    clusters: int
    weighted: bool
    fraction: float = 0.0
    size: int = 10
    alike: float = 0.05


def simulated(wave: Wave, rng: np.random.Generator, waves: int) -> dict[str, float]:
    """The share of intervals that hold their community's rate, over all communities of all waves."""
    domains = waves * COMMUNITIES
    rates = np.clip(wave.rate + wave.spread * rng.standard_normal(domains), 0.5, 0.995)
    there = wave.clusters if wave.fraction <= 0 else round(wave.clusters / wave.fraction)
    tightness = (1 - wave.alike) / wave.alike
    in_cluster = rng.beta(rates * tightness, (1 - rates) * tightness, size=(there, domains)).T
    answers = rng.random((domains, there, wave.size)) < in_cluster[:, :, np.newaxis]
    true = answers.mean(axis=(1, 2)) if wave.fraction > 0 else rates
    counted: BoolArray = answers[:, : wave.clusters].ravel()
    units = len(counted)
    community: IntArray = np.repeat(np.arange(domains), wave.clusters * wave.size)
    found = estimate_proportions(
        SurveyDesign(
            weights=rng.integers(1, 5, units).astype(np.float64) if wave.weighted else np.ones(units),
            strata=community,
            psus=np.repeat(np.arange(domains * wave.clusters), wave.size),
            population=np.full(domains, float(there * wave.size)) if wave.fraction > 0 else None,
        ),
        counted=counted,
        in_base=np.ones(units, dtype=bool),
        domains=community,
        domain_count=domains,
    )
    held = {method: (low <= true) & (true <= high) for method, (low, high) in _rivals(found).items()}
    held |= {method: np.zeros(domains, dtype=bool) for method in ("default", "Korn-Graubard")}
    for number in range(waves):
        own = np.arange(domains) // COMMUNITIES == number
        part = found.only(own)
        intervals = wilson_effective(part, pool(part))
        low, high = _conservative(part, intervals)
        held["default"][own] = (intervals.low <= true[own]) & (true[own] <= intervals.high)
        held["Korn-Graubard"][own] = (low <= true[own]) & (true[own] <= high)
    return {method: float(held[method].mean()) for method in METHODS}
