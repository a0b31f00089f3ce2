"""Proportions of many domains at once, with Taylor variances in the whole design.

Sums are taken once, by PSU inside stratum and domain; everything after is algebra on arrays as long as the list of
domains, not as the list of respondents.

The variance of the ratio p = A/B (A = Σ weight x counted, B = Σ weight in the base) in a domain is that of the total
of z = (a - p b)/B over PSUs, stratum by stratum with n_h/(n_h - 1), PSUs without a member of the domain counting as
zero (Särndal, Swensson & Wretman, *Model Assisted Survey Sampling*, 1992, sections 5.6 and 10.3). Since z is linear
in (a, b), per-stratum moments of a and b serve every domain made of whole or part strata.
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, DesignError, FloatArray, IntArray, SurveyDesign
from analysis.estimation.sums import sum_by


@dataclass(frozen=True, kw_only=True)
class Proportions:
    """One rate in D domains; every array is (D,).

    ``n`` respondents in the base, ``count`` of them counted (both unweighted), ``proportion`` 0-1, ``variance`` and
    ``df`` inside the domain, ``fraction`` the sampling fraction of the strata it touches. Where ``n`` is 0,
    ``proportion`` and ``variance`` are 0 and mean nothing: look at ``n`` first.
    """

    n: IntArray
    count: IntArray
    proportion: FloatArray
    variance: FloatArray
    df: IntArray
    fraction: FloatArray


def estimate_proportions(
    design: SurveyDesign, *, counted: BoolArray, in_base: BoolArray, domains: IntArray, domain_count: int
) -> Proportions:
    """The share of ``counted`` among ``in_base``, (n,) each, in the domains 0…domain_count-1 (-1: in none).

    A stratum with a single PSU is centred at the grand mean, which for a ratio's residuals is zero (the rule
    "adjust"): the variance can only be overstated, and such a stratum adds no degree of freedom.

    Raises :class:`DesignError` when lengths differ or someone is counted outside the base.

    >>> design = SurveyDesign(weights=np.ones(4), strata=np.zeros(4, dtype=int))
    >>> result = estimate_proportions(
    ...     design,
    ...     counted=np.array([True, True, True, False]),
    ...     in_base=np.ones(4, dtype=bool),
    ...     domains=np.zeros(4, dtype=int),
    ...     domain_count=1,
    ... )
    >>> result.proportion.tolist(), result.variance.tolist(), result.df.tolist()  # 4/3 x .75 x .25 / 4
    ([0.75], [0.0625], [3])
    """
    n = len(design.weights)
    for name, array in (("counted", counted), ("in_base", in_base), ("domains", domains)):
        if len(array) != n:
            raise DesignError(f"{name}: got {len(array)} values, expected {n}, one per weight")
    if (counted & ~in_base).any():
        raise DesignError("counted: got a unit counted outside the base, expected counted only where in_base")

    inside = np.flatnonzero(in_base & (domains >= 0))
    domain, stratum, weight = domains[inside], design.strata[inside], design.weights[inside]
    hit = counted[inside]

    size = sum_by(domain, weight, domain_count)
    share = np.divide(sum_by(domain, weight * hit, domain_count), size, out=np.zeros(domain_count), where=size > 0)
    moments = _moments(design, inside, domain, stratum, weight, hit, domain_count)
    spread = moments.aa - 2 * share * moments.ab + share**2 * moments.bb
    variance = np.divide(spread, size**2, out=np.zeros(domain_count), where=size > 0)
    return Proportions(
        n=np.bincount(domain, minlength=domain_count).astype(np.int64),
        count=np.bincount(domain[hit], minlength=domain_count).astype(np.int64),
        proportion=share,
        # Unanimity leaves rounding dust; it must read as no variance at all.
        variance=np.where((share <= 0) | (share >= 1) | (variance < 1e-18), 0.0, variance),
        df=moments.df,
        fraction=moments.fraction,
    )


@dataclass(frozen=True, kw_only=True)
class _Moments:
    aa: FloatArray
    ab: FloatArray
    bb: FloatArray
    df: IntArray
    fraction: FloatArray


def _moments(
    design: SurveyDesign,
    inside: IntArray,
    domain: IntArray,
    stratum: IntArray,
    weight: FloatArray,
    hit: BoolArray,
    domain_count: int,
) -> _Moments:
    """Between-PSU sums of squares and products of (a, b) inside strata, added up by domain, (D,) each."""
    a: FloatArray = weight * hit
    b = weight
    if design.psus is not None:
        # One row per PSU and domain: a domain may cut through a PSU.
        key = design.psus[inside] * domain_count + domain
        _, first, row = np.unique(key, return_index=True, return_inverse=True)
        a, b = sum_by(row, a, len(first)), sum_by(row, b, len(first))
        domain, stratum = domain[first], stratum[first]

    # The cells are the pairs of domain and stratum that occur; there are about as many as domains.
    strata = max(design.stratum_count, 1)
    cell_key, cell = np.unique(domain * strata + stratum, return_inverse=True)
    cell_domain, cell_stratum = cell_key // strata, cell_key % strata

    def by_cell(values: FloatArray) -> FloatArray:
        return sum_by(cell, values, len(cell_key))

    psus = design.psu_counts[cell_stratum].astype(np.float64)
    single = psus == 1
    factor = np.where(single, 1.0, psus / np.maximum(psus - 1, 1)) * (1 - design.fractions[cell_stratum])
    sum_a, sum_b = by_cell(a), by_cell(b)
    centre = np.where(single, 0.0, 1 / psus)  # a single PSU is centred at the grand mean, zero

    def by_domain(values: FloatArray) -> FloatArray:
        return sum_by(cell_domain, values, domain_count)

    positive = by_cell((b > 0).astype(np.float64))
    return _Moments(
        aa=by_domain(factor * (by_cell(a * a) - centre * sum_a * sum_a)),
        ab=by_domain(factor * (by_cell(a * b) - centre * sum_a * sum_b)),
        bb=by_domain(factor * (by_cell(b * b) - centre * sum_b * sum_b)),
        df=by_domain(np.maximum(positive - 1, 0)).astype(np.int64),
        fraction=_fractions(design, cell_domain, cell_stratum, domain_count),
    )


def _fractions(design: SurveyDesign, cell_domain: IntArray, cell_stratum: IntArray, domain_count: int) -> FloatArray:
    """Completes ÷ eligible adults over the strata a domain touches, (D,)."""
    if design.population is None:
        return np.zeros(domain_count)
    completes = np.bincount(design.strata, minlength=design.stratum_count).astype(np.float64)
    drawn = sum_by(cell_domain, completes[cell_stratum], domain_count)
    eligible = sum_by(cell_domain, design.population[cell_stratum], domain_count)
    return np.divide(drawn, eligible, out=np.zeros(domain_count), where=eligible > 0)
