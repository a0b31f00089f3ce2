"""Proportions of many domains at once, with Taylor variances in the whole design.

The variance of the ratio p = A/B (A = Σ weight x counted, B = Σ weight in the base) in a domain is that of the total
of z = (a - p b)/B over PSUs, stratum by stratum with m/(m - 1), PSUs without a member of the domain counting as zero
(Särndal, Swensson & Wretman, *Model Assisted Survey Sampling*, 1992, sections 5.6 and 10.3).

Sums are taken once by PSU, stratum and domain (:class:`~analysis.estimation.mergeable.PsuTotals`); everything after is
algebra on arrays as long as the list of domains or of PSUs, not as the list of respondents.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.answers import VALID, AnswerState
from analysis.design import BoolArray, DesignError, FloatArray, IntArray, SurveyDesign
from analysis.estimation.adding_up import add_up, check_plain, population_of
from analysis.estimation.joint_sums import FIRST, States
from analysis.estimation.mergeable import PsuTotals, SumsT
from analysis.estimation.places import Places, all_differ, place_units
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


@dataclass(frozen=True, kw_only=True, eq=False)
class DomainTotals:
    """Totals whose areas are the domains 0…domain_count-1 (-1: in none, though drawn).

    A stratum with a single PSU is centred at the grand mean, which for a ratio's residuals is zero (the rule
    "adjust"): the variance can only be overstated, and such a stratum adds no degree of freedom.

    Raises :class:`DesignError` for an area that is no domain.
    """

    totals: PsuTotals
    domain_count: int

    def __post_init__(self) -> None:
        areas = self.totals.areas
        if len(areas) and not -1 <= areas.min() <= areas.max() < self.domain_count:
            raise DesignError(f"domains: expected codes from -1 to {self.domain_count - 1}, got others")

    def proportions(self, rate: int, base: Sequence[AnswerState]) -> Proportions:
        """The share of the counted among those whose state is in ``base``.

        Raises :class:`DesignError` where respondents were not counted.
        """
        proportion, variance = self.shares(rate, base)
        in_cells = self._counts(rate, base)
        return Proportions(
            n=self._by_domain(in_cells).astype(np.int64),
            count=self._by_domain(self._counts(rate, (AnswerState.COUNTED,))).astype(np.int64),
            proportion=proportion,
            variance=variance,
            df=self._by_domain(np.maximum(self._present(rate, base, in_cells) - 1, 0)).astype(np.int64),
            fraction=self._fraction(in_cells > 0),
        )

    def shares(self, rate: int, base: Sequence[AnswerState]) -> tuple[FloatArray, FloatArray]:
        """The proportion and its variance, (D,) each; both 0 where nobody is in the base."""
        counted = (AnswerState.COUNTED,)
        others = [state for state in base if state is not AnswerState.COUNTED]
        a, rest = self._weights(rate, counted), self._weights(rate, others)
        total = self._by_domain(self._by_cell(a))
        size = total + self._by_domain(self._by_cell(rest))
        # Sums of no weights are exactly 0, so that everyone or nobody counted is exactly 1 or 0.
        share = np.divide(total, size, out=np.zeros(self.domain_count), where=size > 0)
        p = share[self._domains]
        if self.totals.psus is None:
            spread = self._between_units(p, a, rest, self._squares(rate, counted), self._squares(rate, others))
        else:
            spread = self._between_psus(p, a, rest)
        variance = np.divide(self._by_domain(spread), size**2, out=np.zeros(self.domain_count), where=size > 0)
        variance[(share <= 0) | (share >= 1) | (variance < _DUST)] = 0.0
        return share, variance

    def weights(self, rate: int, states: Sequence[AnswerState]) -> FloatArray:
        """Weights of those whose state is one of ``states``, (D,)."""
        return self._by_domain(self._by_cell(self._weights(rate, states)))

    def _between_units(
        self, p: FloatArray, a: FloatArray, rest: FloatArray, squares: FloatArray, rest_squares: FloatArray
    ) -> FloatArray:
        """m/(m-1) Σ(z - mean z)² over the m units of each cell's stratum, (C,), from sums of w and w² alone.

        z is w(1-p) for the counted, -wp for the rest, 0 for who is elsewhere. With e = (Σw)²/Σw² (Kish's effective
        size) of either group, m Σ(z - mean z)² = (m-e₁) Σz₁² + (m-e₀) Σz₀² + 2p(1-p) Σw₁ Σw₀. None of these is
        negative: nothing cancels, and no variance is exactly none.
        """
        m = self._psus
        own, other = (1 - p) ** 2 * squares, p**2 * rest_squares
        sums = _missing(m, a, squares) * own + _missing(m, rest, rest_squares) * other + 2 * p * (1 - p) * a * rest
        single = m == 1
        spread: FloatArray = np.where(single, own + other, sums / np.maximum(m - 1, 1))
        return spread * (1 - self._sampled)

    def _between_psus(self, p: FloatArray, a: FloatArray, rest: FloatArray) -> FloatArray:
        """(1-f) m/(m-1) Σ(z - mean z)² over the m PSUs of each cell's stratum, (C,).

        Taken as squares of differences, never as a difference of squares, so that no variance stays exactly none.
        """
        m, of_row = self._psus, p[self._row_cells]
        residuals = a - of_row * (a + rest)
        single = m == 1
        mean = np.where(single, 0.0, self._by_cell(residuals) / m)
        residuals -= mean[self._row_cells]
        residuals *= residuals
        squares = self._by_cell(residuals) + self._absent * mean**2
        spread: FloatArray = np.where(single, 1.0, m / np.maximum(m - 1, 1)) * (1 - self._sampled) * squares
        return spread

    def _present(self, rate: int, base: Sequence[AnswerState], in_cells: IntArray) -> IntArray:
        """PSUs with somebody in the base, (C,)."""
        if self.totals.psus is None:
            return in_cells
        there = self._row_cells[self._weights(rate, base) > 0]
        return np.bincount(there, minlength=len(in_cells))

    def _fraction(self, touched: BoolArray) -> FloatArray:
        """Completes ÷ eligible adults over the strata a domain touches, (D,)."""
        population = self.totals.population[self._inside]
        if np.isinf(population).all():
            return np.zeros(self.domain_count)
        drawn = self._by_domain(np.where(touched, self._completes, 0.0))
        eligible = self._by_domain(np.where(touched, population, 0.0))
        return np.divide(drawn, eligible, out=np.zeros(self.domain_count), where=eligible > 0)

    def _weights(self, rate: int, states: Sequence[AnswerState]) -> FloatArray:
        return _over(self.totals.weights, rate, states)[self._rows]

    def _squares(self, rate: int, states: Sequence[AnswerState]) -> FloatArray:
        assert self.totals.squares is not None  # noqa: S101 - totals of single units hold them
        return _over(self.totals.squares, rate, states)[self._inside]

    def _counts(self, rate: int, states: Sequence[AnswerState]) -> IntArray:
        if self.totals.counts is None:
            raise DesignError("counts: got totals without them, expected counted respondents")
        return _over(self.totals.counts, rate, states)[self._inside]

    def _by_cell(self, of_rows: FloatArray) -> FloatArray:
        return of_rows if self.totals.psus is None else sum_by(self._row_cells, of_rows, len(self._domains))

    def _by_domain(self, of_cells: FloatArray | IntArray) -> FloatArray:
        return sum_by(self._domains, of_cells, self.domain_count)

    @cached_property
    def _inside(self) -> slice:
        """The cells in a domain: they are in order of it."""
        return slice(int(np.searchsorted(self.totals.areas, 0)), None)

    @cached_property
    def _domains(self) -> IntArray:
        return self.totals.areas[self._inside]

    @cached_property
    def _rows(self) -> slice | BoolArray:
        """The rows in a domain."""
        if self.totals.psus is None:
            return self._inside
        return self.totals.row_cells >= self._inside.start if self._inside.start else slice(None)

    @cached_property
    def _row_cells(self) -> IntArray:
        """The cell of each row inside, counted from the first inside."""
        return self.totals.row_cells[self._rows] - self._inside.start

    @cached_property
    def _strata(self) -> IntArray:
        """A code for the stratum of each cell, outside the domains as well."""
        return np.unique(self.totals.strata, return_inverse=True)[1]

    @cached_property
    def _completes(self) -> FloatArray:
        """Units in the stratum of each cell."""
        units = self.totals.units.astype(np.float64)
        return sum_by(self._strata, units, len(units))[self._strata[self._inside]]

    @cached_property
    def _psus(self) -> FloatArray:
        """PSUs drawn in the stratum of each cell."""
        psus = self.totals.psus
        if psus is None:
            return self._completes
        first = np.concatenate([[True], psus[1:] != psus[:-1]])[: len(psus)]
        of_stratum = np.bincount(self._strata[self.totals.row_cells[first]], minlength=len(self._strata))
        return of_stratum[self._strata[self._inside]].astype(np.float64)

    @cached_property
    def _absent(self) -> FloatArray:
        """PSUs of the stratum that have no row in the cell."""
        return self._psus - np.bincount(self._row_cells, minlength=len(self._domains))

    @cached_property
    def _sampled(self) -> FloatArray:
        """The sampling fraction f of each cell's stratum."""
        population = self.totals.population[self._inside]
        return np.divide(self._completes, population, out=np.zeros(len(population)), where=population > 0)


def _over(sums: SumsT, rate: int, states: Sequence[AnswerState]) -> SumsT:
    """Sums over some states of a rate."""
    if len(states) == 1:
        return sums[rate, states[0] - FIRST]
    return sums[rate, [state - FIRST for state in states]].sum(axis=0)


def _missing(m: FloatArray, sums: FloatArray, squares: FloatArray) -> FloatArray:
    """m - (Σw)²/Σw², exactly 0 where all m weigh the same."""
    effective = np.divide(sums * sums, squares, out=np.zeros(len(m)), where=squares > 0)
    missing: FloatArray = m - effective
    missing[missing < m * m * np.finfo(np.float64).eps] = 0.0
    return missing


@dataclass(frozen=True, kw_only=True)
class Layout:
    """A design cut into the domains 0…domain_count-1 by ``domains`` (n,), -1 for none: worked out once, used often.

    Raises :class:`DesignError` when lengths differ, a domain has no place, or totals do not serve the design.
    """

    design: SurveyDesign
    domains: IntArray
    domain_count: int

    def __post_init__(self) -> None:
        check_plain(self.design)
        n = len(self.design.weights)
        if len(self.domains) != n:
            raise DesignError(f"domains: got {len(self.domains)} values, expected {n}, one per weight")
        if n and not -1 <= self.domains.min() <= self.domains.max() < self.domain_count:
            raise DesignError(f"domains: expected codes from -1 to {self.domain_count - 1}, got others")

    @cached_property
    def _places(self) -> Places:
        psus = self.design.psus
        single = psus is None or all_differ(psus)
        return place_units(areas=self.domains, strata=self.design.strata, psus=None if single else psus)

    def totals(self, states: Sequence[States], *, counted: bool = True) -> DomainTotals:
        """The totals of some rates: ``states`` (n,) of each; see :func:`analysis.estimation.adding_up.totals_of`."""
        found = add_up(
            self._places,
            weights=self.design.weights,
            states=states,
            population=population_of(self.design),
            counted=counted,
        )
        return DomainTotals(totals=found, domain_count=self.domain_count)


def estimate_proportions(
    design: SurveyDesign, *, counted: BoolArray, in_base: BoolArray, domains: IntArray, domain_count: int
) -> Proportions:
    """The share of ``counted`` among ``in_base``, (n,) each, in the domains 0…domain_count-1 (-1: in none).

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
    return layout.totals([on_base(counted, in_base)]).proportions(0, VALID)


def on_base(counted: BoolArray, in_base: BoolArray) -> States:
    """The states of a rate on one base alone: counted, not counted, outside.

    >>> on_base(np.array([True, False, False]), np.array([True, True, False])).tolist()
    [1, 0, -1]
    """
    states: States = counted.astype(np.int8)
    states += in_base
    states -= 1
    return states
