"""What the answers of each area say about its own rate, given a model of all areas.

Area i counts y of n (effective sizes, no whole numbers): log-odds x'b + s, s normal with standard deviation sigma. The
posterior of s has one peak; sums over it are taken by adaptive Gauss-Hermite quadrature about that peak (Naylor & Smith
1982, JRSS C 31:214-225; Pinheiro & Bates 1995, J. Comput. Graph. Stat. 4:12-35). Everything is an array over b models x
m areas, so that all bootstrap samples are worked on at once.
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from functools import cache

import numpy as np

from analysis.design import BoolArray, FloatArray, IntArray

_ROUNDS = 60
_CLOSE = 1e-6
_MEANS = ("rate", "r", "rs", "rr", "rrs", "rrss", "w", "ws", "wss")


@dataclass(frozen=True, kw_only=True)
class Posteriors:
    """Arrays (b, m). With r = y - n rate and w = n rate (1 - rate), both at x'b + s: expectations over the posterior.

    ``log_likelihood`` of the area with s integrated out; ``curvature`` of the posterior's logarithm at its peak, in
    units of sigma (at least 1); ``rate``; ``r``, ``rs`` = E r s, and so on.
    """

    log_likelihood: FloatArray
    curvature: FloatArray
    rate: FloatArray
    r: FloatArray
    rs: FloatArray
    rr: FloatArray
    rrs: FloatArray
    rrss: FloatArray
    w: FloatArray
    ws: FloatArray
    wss: FloatArray

    def only(self, wanted: BoolArray) -> "Posteriors":
        """The models where ``wanted`` (b,) is true."""
        return Posteriors(**{field.name: getattr(self, field.name)[wanted] for field in fields(self)})

    def put(self, places: IntArray, other: "Posteriors", chosen: IntArray) -> None:
        """Models ``chosen`` of another into the ``places`` here."""
        for field in fields(self):
            getattr(self, field.name)[places] = getattr(other, field.name)[chosen]


@cache
def _nodes(count: int) -> tuple[tuple[float, float], ...]:
    """(node, weight x exp(node²/2)) of the rule for the weight exp(-z²/2)."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(count)
    return tuple((float(z), float(w * np.exp(z * z / 2))) for z, w in zip(nodes, weights, strict=True))


def rate_at(log_odds: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Rate, rate (1 - rate) and log(1 + exp(log-odds)), from one exponential."""
    small = np.exp(-np.abs(log_odds))
    share = 1 / (1 + small)
    slope = small * share * share
    rate = np.where(log_odds >= 0, share, small * share)
    return rate, slope, np.maximum(log_odds, 0) + np.log1p(small)


def find_peaks(y: FloatArray, n: FloatArray, fixed: FloatArray, sigma: FloatArray, start: FloatArray) -> FloatArray:
    """u where y(x'b + sigma u) - n log(1 + exp(x'b + sigma u)) - u²/2 is highest, (b, m), by damped Newton steps.

    A step never moves log-odds by more than 3: from afar Newton would overshoot. Where the last step was not small yet
    the quadrature only loses some digits.
    """
    peak = start
    longest = 3 / sigma
    for _ in range(_ROUNDS):
        rate, slope, _ = rate_at(fixed + sigma * peak)
        step = (sigma * (y - n * rate) - peak) / (1 + sigma * sigma * n * slope)
        step = np.clip(step, -longest, longest)
        peak = peak + step
        if np.abs(step).max(initial=0.0) < _CLOSE:
            break
    return peak


@dataclass(frozen=True, kw_only=True)
class _Node:
    """One node of the rule for every area: its ``mass`` and what holds there, (b, m)."""

    mass: FloatArray
    s: FloatArray
    rate: FloatArray
    slope: FloatArray


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Quadrature over the posterior of each area: ``y`` (b, m) counted of ``n`` (m,), ``fixed`` = x'b (b, m), ``sigma``
    (b, 1), ``peak`` (b, m) as :func:`find_peaks` has it."""

    y: FloatArray
    n: FloatArray
    fixed: FloatArray
    sigma: FloatArray
    peak: FloatArray

    def at_peak(self) -> tuple[FloatArray, FloatArray]:
        """The logarithm of the integrand there and the curvature of it."""
        odds = self.fixed + self.sigma * self.peak
        _, slope, soft = rate_at(odds)
        return self.y * odds - self.n * soft - self.peak**2 / 2, 1 + self.sigma**2 * self.n * slope

    def walk(self, highest: FloatArray, curvature: FloatArray, nodes: int) -> Iterator[_Node]:
        width = 1 / np.sqrt(curvature)
        for z, weight in _nodes(nodes):
            u = self.peak + width * z
            s = self.sigma * u
            odds = self.fixed + s
            rate, slope, soft = rate_at(odds)
            mass = weight * np.exp(self.y * odds - self.n * soft - u * u / 2 - highest)
            yield _Node(mass=mass, s=s, rate=rate, slope=slope)


def posteriors(rule: Rule, nodes: int) -> Posteriors:
    """Likelihoods and what their derivatives need.

    >>> one = np.zeros((1, 1))
    >>> alone = posteriors(Rule(y=one, n=np.zeros(1), fixed=one, sigma=one + 1, peak=one), 9)  # nobody asked: the prior
    >>> alone.log_likelihood.round(9).tolist(), alone.rate.round(9).tolist()
    ([[0.0]], [[0.5]])
    """
    highest, curvature = rule.at_peak()
    whole = np.zeros_like(highest)
    sums = {name: np.zeros_like(highest) for name in _MEANS}
    for node in rule.walk(highest, curvature, nodes):
        mass, s = node.mass, node.s
        whole += mass
        r = rule.y - rule.n * node.rate
        mass_rate = mass * node.rate
        mass_r = mass * r
        mass_rs = mass_r * s
        mass_w = mass * (rule.n * node.slope)
        mass_ws = mass_w * s
        parts = (mass_rate, mass_r, mass_rs, mass_r * r, mass_rs * r, mass_rs * r * s, mass_w, mass_ws, mass_ws * s)
        for name, part in zip(_MEANS, parts, strict=True):
            sums[name] += part
    means = {name: total / whole for name, total in sums.items()}
    log_likelihood = highest + np.log(whole) - 0.5 * np.log(2 * np.pi * curvature)
    return Posteriors(log_likelihood=log_likelihood, curvature=curvature, **means)


def moments(rule: Rule, about: FloatArray, nodes: int) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
    """E d, E d², E d³ and E d⁴ of d = log-odds - ``about`` over each posterior, (b, m) each."""
    highest, curvature = rule.at_peak()
    whole = np.zeros_like(highest)
    sums = [np.zeros_like(highest) for _ in range(4)]
    for node in rule.walk(highest, curvature, nodes):
        whole += node.mass
        distance = rule.fixed + node.s - about
        part = node.mass
        for power in range(4):
            part = part * distance
            sums[power] += part
    first, second, third, fourth = (total / whole for total in sums)
    return first, second, third, fourth
