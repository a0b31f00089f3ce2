"""Proportions of many domains at once, with Taylor variances in the whole design.

The variance of the ratio p = A/B (A = Σ weight x counted, B = Σ weight in the base) in a domain is that of the total
of z = (a - p b)/B over PSUs, stratum by stratum with m/(m - 1), PSUs without a member of the domain counting as zero
(Särndal, Swensson & Wretman, *Model Assisted Survey Sampling*, 1992, sections 5.6 and 10.3).

Sums are taken once by PSU, stratum and domain; everything after is algebra on arrays as long as the list of domains,
not as the list of respondents. Which unit belongs to which sum is the same for every rate: :class:`Layout`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.design import BoolArray, DesignError, FloatArray, IntArray, SurveyDesign
from analysis.estimation.sums import sum_by

#: Below the variance of any rate that could be met (one in a million among a million), above rounding dust.
_DUST = 1e-24


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

    def only(self, wanted: BoolArray) -> "Proportions":
        """The domains where ``wanted`` (D,) is true."""
        return Proportions(
            n=self.n[wanted],
            count=self.count[wanted],
            proportion=self.proportion[wanted],
            variance=self.variance[wanted],
            df=self.df[wanted],
            fraction=self.fraction[wanted],
        )

    def __add__(self, other: "Proportions") -> "Proportions":
        """Both together, where no domain has respondents in both (domains without respondents are all zeros)."""
        return Proportions(
            n=self.n + other.n,
            count=self.count + other.count,
            proportion=self.proportion + other.proportion,
            variance=self.variance + other.variance,
            df=self.df + other.df,
            fraction=self.fraction + other.fraction,
        )


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A design cut into the domains 0…domain_count-1 by ``domains`` (n,), -1 for none: worked out once, used often.

    Rows are PSUs within a domain (a domain may cut through a PSU), cells are strata within a domain.
    Raises :class:`DesignError` when lengths differ or a domain has no place.
    """

    design: SurveyDesign
    domains: IntArray
    domain_count: int

    def __post_init__(self) -> None:
        if len(self.domains) != len(self.design.weights):
            raise DesignError(
                f"domains: got {len(self.domains)} values, expected {len(self.design.weights)}, one per weight"
            )
        if len(self.domains) and not -1 <= self.domains.min() <= self.domains.max() < self.domain_count:
            raise DesignError(f"domains: expected codes from -1 to {self.domain_count - 1}, got others")

    @cached_property
    def inside(self) -> IntArray:
        """Units in a domain that stand for someone, (u,)."""
        return np.flatnonzero((self.domains >= 0) & (self.design.weights > 0))

    @cached_property
    def _rows(self) -> tuple[IntArray, IntArray]:
        """The row of each unit inside, (u,), and the first unit of each row, (R,)."""
        if self.design.psus is None:
            return np.arange(len(self.inside)), self.inside
        key = self.design.psus[self.inside] * max(self.domain_count, 1) + self.domains[self.inside]
        _, first, row = np.unique(key, return_index=True, return_inverse=True)
        return row, self.inside[first]

    @cached_property
    def _cells(self) -> tuple[IntArray, IntArray, IntArray]:
        """The cell of each row, (R,), and the domain and stratum of each cell, (C,)."""
        _, first = self._rows
        strata = max(self.design.stratum_count, 1)
        key, cell = np.unique(self.domains[first] * strata + self.design.strata[first], return_inverse=True)
        return cell, key // strata, key % strata

    def by_row(self, values: FloatArray) -> FloatArray:
        """Sums over the units of each row; ``values`` (u,)."""
        row, first = self._rows
        return values if self.design.psus is None else sum_by(row, values, len(first))

    def by_cell(self, values: FloatArray) -> FloatArray:
        cell, domain, _ = self._cells
        return sum_by(cell, values, len(domain))

    def by_domain(self, values: FloatArray) -> FloatArray:
        return sum_by(self._cells[1], values, self.domain_count)

    @property
    def cell_of_row(self) -> IntArray:
        return self._cells[0]

    @property
    def domain_of_cell(self) -> IntArray:
        return self._cells[1]

    @property
    def stratum_of_cell(self) -> IntArray:
        return self._cells[2]


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
    layout = Layout(design=design, domains=domains, domain_count=domain_count)
    return estimate_in(layout, counted=counted, in_base=in_base)


def estimate_in(layout: Layout, *, counted: BoolArray, in_base: BoolArray) -> Proportions:
    """As :func:`estimate_proportions`, for a layout that serves many rates."""
    n = len(layout.design.weights)
    for name, array in (("counted", counted), ("in_base", in_base)):
        if len(array) != n:
            raise DesignError(f"{name}: got {len(array)} values, expected {n}, one per weight")
    if (counted & ~in_base).any():
        raise DesignError("counted: got a unit counted outside the base, expected counted only where in_base")

    base, hit = in_base[layout.inside], counted[layout.inside]
    weight, domain = layout.design.weights[layout.inside], layout.domains[layout.inside]
    a, b = layout.by_row(weight * hit), layout.by_row(weight * base)
    row_domain = layout.domain_of_cell[layout.cell_of_row]
    size = layout.by_domain(layout.by_cell(b))
    total = layout.by_domain(layout.by_cell(a))
    share = np.divide(total, size, out=np.zeros(layout.domain_count), where=size > 0)
    in_cell = layout.by_cell((b > 0).astype(np.float64))
    n_base = np.bincount(domain[base], minlength=layout.domain_count).astype(np.int64)
    n_hit = np.bincount(domain[hit], minlength=layout.domain_count).astype(np.int64)
    # Everyone or nobody counted is a matter of counting: sums of weights may end a rounding error away from 0 or 1.
    share = np.where(n_hit == 0, 0.0, np.where(n_hit == n_base, 1.0, share))

    spread = layout.by_domain(_between_psus(layout, a - share[row_domain] * b))
    variance = np.divide(spread, size**2, out=np.zeros(layout.domain_count), where=size > 0)
    return Proportions(
        n=n_base,
        count=n_hit,
        proportion=share,
        variance=np.where((share <= 0) | (share >= 1) | (variance < _DUST), 0.0, variance),
        df=layout.by_domain(np.maximum(in_cell - 1, 0)).astype(np.int64),
        fraction=_fractions(layout, in_cell > 0),
    )


def _between_psus(layout: Layout, residuals: FloatArray) -> FloatArray:
    """(1-f) m/(m-1) Σ(z - mean z)² over the m PSUs of each cell's stratum, from the ``residuals`` of rows; (C,).

    Taken as squares of differences, never as a difference of squares, so that no variance stays exactly none.
    """
    design, cell = layout.design, layout.cell_of_row
    psus = design.psu_counts[layout.stratum_of_cell].astype(np.float64)
    single = psus == 1
    mean = np.where(single, 0.0, layout.by_cell(residuals) / psus)
    absent = psus - layout.by_cell(np.ones(len(residuals)))
    squares = layout.by_cell((residuals - mean[cell]) ** 2) + absent * mean**2
    factor = np.where(single, 1.0, psus / np.maximum(psus - 1, 1))
    spread: FloatArray = factor * (1 - design.fractions[layout.stratum_of_cell]) * squares
    return spread


def _fractions(layout: Layout, touched: BoolArray) -> FloatArray:
    """Completes ÷ eligible adults over the strata a domain touches, (D,)."""
    design = layout.design
    if design.population is None:
        return np.zeros(layout.domain_count)
    completes = np.bincount(design.strata, minlength=design.stratum_count)[layout.stratum_of_cell]
    drawn = layout.by_domain(np.where(touched, completes, 0.0))
    eligible = layout.by_domain(np.where(touched, design.population[layout.stratum_of_cell], 0.0))
    return np.divide(drawn, eligible, out=np.zeros(layout.domain_count), where=eligible > 0)
