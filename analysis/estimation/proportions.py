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
from analysis.codes import all_differ
from analysis.design import BoolArray, DesignError, FloatArray, IntArray, SurveyDesign
from analysis.estimation.adding_up import add_up, check_plain, population_of
from analysis.estimation.domain_cells import DomainCells
from analysis.estimation.joint_sums import States
from analysis.estimation.mergeable import PsuTotals
from analysis.estimation.places import Places, place_units
from analysis.estimation.sums import ratio

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
        _ = self._cells

    @cached_property
    def _cells(self) -> DomainCells:
        return DomainCells(totals=self.totals, domain_count=self.domain_count)

    def proportions(self, rate: int, base: Sequence[AnswerState]) -> Proportions:
        """The share of the counted among those whose state is in ``base``.

        Raises :class:`DesignError` where respondents were not counted.
        """
        cells, a, rest = self._cells, *self._parts(rate, base)
        proportion, variance = self._shares(rate, base, a, rest)
        n = cells.counts(rate, base)
        present = n if cells.single else cells.by_cell((a + rest > 0).astype(np.float64))
        return Proportions(
            n=cells.by_domain(n).astype(np.int64),
            count=cells.by_domain(cells.counts(rate, (AnswerState.COUNTED,))).astype(np.int64),
            proportion=proportion,
            variance=variance,
            df=cells.by_domain(np.maximum(present - 1, 0)).astype(np.int64),
            fraction=self._fraction(n > 0),
        )

    def shares(self, rate: int, base: Sequence[AnswerState]) -> tuple[FloatArray, FloatArray]:
        """The proportion and its variance alone, (D,) each; both 0 where nobody is in the base."""
        return self._shares(rate, base, *self._parts(rate, base))

    def weights(self, rate: int, states: Sequence[AnswerState]) -> FloatArray:
        """Weights of those whose state is one of ``states``, (D,)."""
        return self._cells.by_domain(self._cells.by_cell(self._cells.weights(rate, states)))

    def _parts(self, rate: int, base: Sequence[AnswerState]) -> tuple[FloatArray, FloatArray]:
        """Weights of the counted and of the rest of the base, (R,) each."""
        counted, others = _split(base)
        return self._cells.weights(rate, counted), self._cells.weights(rate, others)

    def _shares(
        self, rate: int, base: Sequence[AnswerState], a: FloatArray, rest: FloatArray
    ) -> tuple[FloatArray, FloatArray]:
        cells = self._cells
        total = cells.by_domain(cells.by_cell(a))
        size = total + cells.by_domain(cells.by_cell(rest))
        # Sums of no weights are exactly 0, so that everyone or nobody counted is exactly 1 or 0.
        share = ratio(total, size)
        p = cells.of_domain(share)
        if cells.single:
            counted, others = _split(base)
            spread = self._between_units(p, a, rest, cells.squares(rate, counted), cells.squares(rate, others))
        else:
            spread = self._between_psus(p, a, rest)
        variance = ratio(cells.by_domain(spread), size * size)
        variance[(share <= 0) | (share >= 1) | (variance < _DUST)] = 0.0
        return share, variance

    def _between_units(
        self, p: FloatArray, a: FloatArray, rest: FloatArray, squares: FloatArray, rest_squares: FloatArray
    ) -> FloatArray:
        """m/(m-1) Σ(z - mean z)² over the m units of each cell's stratum, (C,), from sums of w and w² alone.

        z is w(1-p) for the counted, -wp for the rest, 0 for who is elsewhere. With e = (Σw)²/Σw² (Kish's effective
        size) of either group, m Σ(z - mean z)² = (m-e₁) Σz₁² + (m-e₀) Σz₀² + 2p(1-p) Σw₁ Σw₀. None of these is
        negative: nothing cancels, and no variance is exactly none.
        """
        m, q = self._cells.psus, 1 - p
        own, other = q * q * squares, p * p * rest_squares
        sums = _missing(m, a, squares) * own + _missing(m, rest, rest_squares) * other + 2 * p * q * a * rest
        spread: FloatArray = sums / np.maximum(m - 1, 1)
        single = m == 1
        spread[single] = (own + other)[single]
        return spread * (1 - self._cells.sampled)

    def _between_psus(self, p: FloatArray, a: FloatArray, rest: FloatArray) -> FloatArray:
        """(1-f) m/(m-1) Σ(z - mean z)² over the m PSUs of each cell's stratum, (C,).

        Taken as squares of differences, never as a difference of squares, so that no variance stays exactly none.
        """
        cells = self._cells
        m, of_row = cells.psus, p[cells.row_cells]
        residuals = a - of_row * (a + rest)
        single = m == 1
        mean = np.where(single, 0.0, cells.by_cell(residuals) / m)
        residuals -= mean[cells.row_cells]
        residuals *= residuals
        squares = cells.by_cell(residuals) + cells.absent * mean**2
        spread: FloatArray = np.where(single, 1.0, m / np.maximum(m - 1, 1)) * (1 - cells.sampled) * squares
        return spread

    def _fraction(self, touched: BoolArray) -> FloatArray:
        """Completes ÷ eligible adults over the strata a domain touches, (D,)."""
        cells = self._cells
        if np.isinf(cells.population).all():
            return np.zeros(self.domain_count)
        drawn = cells.by_domain(np.where(touched, cells.completes, 0.0))
        return ratio(drawn, cells.by_domain(np.where(touched, cells.population, 0.0)))


def _split(base: Sequence[AnswerState]) -> tuple[tuple[AnswerState, ...], tuple[AnswerState, ...]]:
    return (AnswerState.COUNTED,), tuple(state for state in base if state is not AnswerState.COUNTED)


def _missing(m: FloatArray, sums: FloatArray, squares: FloatArray) -> FloatArray:
    """m - (Σw)²/Σw², exactly 0 where all m weigh the same."""
    missing = m - ratio(sums * sums, squares)
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
