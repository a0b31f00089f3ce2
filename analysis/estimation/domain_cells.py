"""What is known of the cells and rows that totals lie in, and sums over them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.answers import AnswerState
from analysis.design import BoolArray, DesignError, FloatArray, IntArray
from analysis.estimation.joint_sums import FIRST
from analysis.estimation.mergeable import PsuTotals, SumsT
from analysis.estimation.sums import ratio, sum_by


@dataclass(frozen=True, kw_only=True, eq=False)
class DomainCells:
    """The cells and rows of totals whose areas are the domains 0…domain_count-1 (-1: in none, though drawn).

    Arrays (C,) are of the cells in a domain, (R,) of the rows in one. Raises :class:`DesignError` for an area that is
    no domain.
    """

    totals: PsuTotals
    domain_count: int

    def __post_init__(self) -> None:
        areas = self.totals.areas
        if len(areas) and not -1 <= areas.min() <= areas.max() < self.domain_count:
            raise DesignError(f"domains: expected codes from -1 to {self.domain_count - 1}, got others")

    def weights(self, rate: int, states: Sequence[AnswerState]) -> FloatArray:
        """Sums of weights, (R,)."""
        return _over(self.totals.weights, rate, states)[self._rows]

    def squares(self, rate: int, states: Sequence[AnswerState]) -> FloatArray:
        """Sums of squared weights, (C,), where units are PSUs."""
        if self.totals.squares is None:
            raise DesignError("squares: got totals of PSUs, expected those of single units")
        return _over(self.totals.squares, rate, states)[self._inside]

    def counts(self, rate: int, states: Sequence[AnswerState]) -> IntArray:
        """Respondents, (C,); raises :class:`DesignError` where nobody counted them."""
        if self.totals.counts is None:
            raise DesignError("counts: got totals without them, expected counted respondents")
        return _over(self.totals.counts, rate, states)[self._inside]

    def by_cell(self, of_rows: FloatArray) -> FloatArray:
        if self.single:
            return of_rows
        if self._starts is not None:
            of_cells: FloatArray = np.add.reduceat(of_rows, self._starts)
            return of_cells
        return sum_by(self.row_cells, of_rows, len(self.domains))

    def by_domain(self, of_cells: FloatArray | IntArray) -> FloatArray:
        values = of_cells.astype(np.float64, copy=False)
        return values if self._one_each else sum_by(self.domains, values, self.domain_count)

    def of_domain(self, of_domains: FloatArray) -> FloatArray:
        """What each cell's domain has, (C,)."""
        return of_domains if self._one_each else of_domains[self.domains]

    @property
    def single(self) -> bool:
        """Whether units are PSUs, so that rows are cells."""
        return self.totals.psus is None

    @cached_property
    def _one_each(self) -> bool:
        """Whether every domain is one cell, so that nothing is to be added up over cells."""
        return len(self.domains) == self.domain_count and bool((self.domains[1:] > self.domains[:-1]).all())

    @cached_property
    def _inside(self) -> slice:
        """The cells in a domain: they are in order of it."""
        return slice(int(np.searchsorted(self.totals.areas, 0)), None)

    @cached_property
    def domains(self) -> IntArray:
        """The domain of each cell, (C,)."""
        return self.totals.areas[self._inside]

    @cached_property
    def _rows(self) -> slice | BoolArray:
        if self.single:
            return self._inside
        return self.totals.row_cells >= self._inside.start if self._inside.start else slice(None)

    @cached_property
    def row_cells(self) -> IntArray:
        """The cell of each row, (R,), counted from the first in a domain."""
        cells: IntArray = self.totals.row_cells[self._rows] - self._inside.start
        return cells

    @cached_property
    def _starts(self) -> IntArray | None:
        """Where the rows of each cell begin, if they stand together and in order: they add up faster then."""
        steps = np.diff(self.row_cells)
        if not len(self.row_cells) or not ((steps == 0) | (steps == 1)).all():
            return None
        return np.flatnonzero(np.concatenate([[True], steps == 1]))

    @cached_property
    def _strata(self) -> IntArray:
        """A code for the stratum of each cell, outside the domains as well."""
        strata = self.totals.strata
        if (strata[1:] > strata[:-1]).all():
            return np.arange(len(strata))
        codes: IntArray = np.unique(strata, return_inverse=True)[1]
        return codes

    @cached_property
    def completes(self) -> FloatArray:
        """Units in the cell's stratum, (C,)."""
        units = self.totals.units.astype(np.float64)
        of_strata = sum_by(self._strata, units, len(units))
        return of_strata[self._strata[self._inside]]

    @cached_property
    def population(self) -> FloatArray:
        """Eligible adults in the cell's stratum, (C,), ``inf`` where unknown."""
        return self.totals.population[self._inside]

    @cached_property
    def sampled(self) -> FloatArray:
        """The sampling fraction f of the cell's stratum, (C,)."""
        return ratio(self.completes, self.population)

    @cached_property
    def psus(self) -> FloatArray:
        """PSUs drawn in the cell's stratum, (C,)."""
        psus = self.totals.psus
        if psus is None:
            return self.completes
        first = np.concatenate([[True], psus[1:] != psus[:-1]])[: len(psus)]
        of_strata = np.bincount(self._strata[self.totals.row_cells[first]], minlength=len(self._strata))
        return of_strata[self._strata[self._inside]].astype(np.float64)

    @cached_property
    def absent(self) -> FloatArray:
        """PSUs of the cell's stratum that have no row in the cell, (C,)."""
        return self.psus - np.bincount(self.row_cells, minlength=len(self.domains))


def _over(sums: SumsT, rate: int, states: Sequence[AnswerState]) -> SumsT:
    """Sums over some states of a rate."""
    found: SumsT = sums[rate, states[0] - FIRST]
    for state in states[1:]:
        found = found + sums[rate, state - FIRST]
    return found
