"""Variances of raked rates in many domains at once, from sums by stratum, cell of the margins and area.

Instead of a residual for each unit and domain, units that are alike are added up: with u = w (z - part × E) per unit,
Σu and Σu² over a stratum follow from sums of w, w part and their products, because z takes two values in a domain and E
one in a cell. A city of 300 communities and 30,000 answers has some thousands of cells and ten million residuals.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.design import BoolArray, FloatArray, IntArray, LonelyPsu, SurveyDesign
from analysis.estimation.sums import sum_by
from analysis.weighting.cell_residuals import CellResiduals, cell_residuals

#: Sums held at once.
_MOST = 4_000_000
_CENSUS = 1e-7
#: Of the squares of scores: what remains by rounding where margins explain everything.
_DUST = 1e-10


def cell_variance(design: SurveyDesign, units: Sequence[IntArray]) -> "CellVariance | None":
    """``units``: of each family of domains that do not overlap the domain of each unit, (n,), -1 for none. ``None`` for
    designs that need residuals one by one."""
    residuals = cell_residuals(design.adjustments)
    plain = not (design.later_stages or design.selection or design.replicates or design.order is not None)
    if residuals is None or not plain or design.lonely is not LonelyPsu.ADJUST or design.adjust_domain_lonely:
        return None
    return CellVariance(design=design, residuals=residuals, units=units)


@dataclass(frozen=True, kw_only=True, eq=False)
class CellVariance:
    """Units that are alike in PSU (in stratum, where units are PSUs), cell and domains are one row."""

    design: SurveyDesign
    residuals: CellResiduals
    units: Sequence[IntArray]

    @cached_property
    def _clustered(self) -> bool:
        return self.design.psus is not None and len(np.unique(self.design.psus)) < len(self.design.psus)

    @cached_property
    def _upper(self) -> IntArray:
        """Of each unit its PSU, or where units are PSUs its stratum, (n,)."""
        if self._clustered and self.design.psus is not None:
            codes: IntArray = np.unique(self.design.psus, return_inverse=True)[1].astype(np.int64)
            return codes
        return self.design.strata

    @cached_property
    def _rows(self) -> tuple[IntArray, IntArray]:
        """The row of each unit, and the first unit of each row; rows in order of what :attr:`_upper` says."""
        columns = np.column_stack([self._upper, self.residuals.of_unit, *self.units])
        _, first, rows = np.unique(columns, axis=0, return_index=True, return_inverse=True)
        return rows.reshape(-1).astype(np.int64), first.astype(np.int64)

    def variances(self, counted: BoolArray, inside: BoolArray, proportions: FloatArray) -> FloatArray:
        """Of the shares ``proportions`` (D,) of ``counted`` among ``inside``, (n,) each; 0 where nobody is inside."""
        weights, count = self.design.weights * inside, len(proportions)
        found = np.zeros(count)
        for units in self.units:
            member = units >= 0
            sizes = sum_by(units[member], weights[member], count)
            scale = np.divide(1.0, sizes, out=np.zeros(count), where=sizes > 0)
            # The score of a unit in its own domain; units of one row share the domain.
            score = np.where(member, (counted * (weights > 0) - proportions[units] * (weights > 0)) * scale[units], 0.0)
            found += self._of_family(units, score, (sizes > 0) & (proportions > 0) & (proportions < 1))
        return found

    def of_scores(self, scores: Sequence[FloatArray], count: int) -> FloatArray:
        """Of statistics of ``count`` domains: for each family what one more unit of weight on each unit adds to the
        statistic of the unit's own domain, (n,), 0 outside.
        """
        found = np.zeros(count)
        for units, score in zip(self.units, scores, strict=True):
            wanted = np.zeros(count, dtype=bool)
            wanted[units[score != 0]] = True
            found += self._of_family(units, score, wanted)
        return found

    def _of_family(self, units: IntArray, score: FloatArray, wanted_domains: BoolArray) -> FloatArray:
        rows, first = self._rows
        count = len(wanted_domains)
        w, shared = self.design.weights, self.design.weights * self.residuals.part
        sums = _Sums(
            own=sum_by(rows, w * score, len(first)),
            own_squares=sum_by(rows, (w * score) ** 2, len(first)),
            crossed=sum_by(rows, w * score * shared, len(first)),
            shared=sum_by(rows, shared, len(first)),
            shared_squares=sum_by(rows, shared**2, len(first)),
            loading=sum_by(rows, self.residuals.loading * score, len(first)),
        )
        of_row, cells = units[first], self.residuals.of_unit[first]
        used = of_row >= 0
        slopes = self.residuals.slopes(cells[used], of_row[used], sums.loading[used], count)
        wanted = np.flatnonzero(wanted_domains)
        found, step = np.zeros(count), max(1, _MOST // max(len(first), 1))
        for start in range(0, len(wanted), step):
            some = wanted[start : start + step]
            explained = self.residuals.explained(slopes[:, some], cells)
            place = np.full(count + 1, -1, dtype=np.int64)
            place[some] = np.arange(len(some))
            found[some] = self._added_up(explained, place[of_row], sums, self._upper[first])
        # What is left of sums that cancel is no variance.
        alone = sum_by(of_row[used], sums.own_squares[used], count)
        found[found < _DUST * alone] = 0.0
        return found

    def _added_up(self, explained: FloatArray, place: IntArray, sums: "_Sums", upper: IntArray) -> FloatArray:
        """``explained`` (rows, k); ``place`` (rows,): the column of the row's own domain, -1: none of these."""
        inside = np.flatnonzero(place >= 0)
        own = (inside, place[inside])
        starts = np.flatnonzero(np.diff(upper, prepend=-1))
        totals = -sums.shared[:, np.newaxis] * explained
        totals[own] += sums.own[inside]
        by_upper = np.add.reduceat(totals, starts, axis=0)
        if self._clustered:
            strata = self._stratum_of_psu[upper[starts]]
            return self._between(by_upper, strata, by_upper**2)
        squares = sums.shared_squares[:, np.newaxis] * explained**2
        squares[own] += sums.own_squares[inside] - 2 * sums.crossed[inside] * explained[own]
        return self._between(by_upper, upper[starts], np.add.reduceat(squares, starts, axis=0))

    @cached_property
    def _stratum_of_psu(self) -> IntArray:
        found = np.zeros(int(self._upper.max()) + 1, dtype=np.int64)
        found[self._upper] = self.design.strata
        return found

    def _between(self, totals: FloatArray, strata: IntArray, squares: FloatArray) -> FloatArray:
        """Σ (1 - f) m/(m - 1) [Σu² - (Σu)²/m] over strata; a single PSU counts from the mean of all."""
        order = np.argsort(strata, kind="stable")
        starts = np.flatnonzero(np.diff(strata[order], prepend=-1))
        codes = strata[order][starts]
        sums = np.add.reduceat(totals[order], starts, axis=0)
        squared = np.add.reduceat(squares[order], starts, axis=0)
        m = self.design.psu_counts[codes].astype(np.float64)[:, np.newaxis]
        f = self.design.fractions[codes][:, np.newaxis]
        grand = sums.sum(axis=0) / m.sum()
        spread = np.where(m > 1, squared - sums**2 / m, (sums - grand) ** 2)
        factor = np.where(m > 1, m / np.maximum(m - 1, 1), 1.0) * np.where(f < 1 - _CENSUS, 1 - f, 0.0)
        found: FloatArray = np.maximum((factor * spread).sum(axis=0), 0.0)
        return found


@dataclass(frozen=True, kw_only=True, eq=False)
class _Sums:
    """Of each row: Σ w z, Σ (w z)², Σ w z w part, Σ w part, Σ (w part)², Σ loading z."""

    own: FloatArray
    own_squares: FloatArray
    crossed: FloatArray
    shared: FloatArray
    shared_squares: FloatArray
    loading: FloatArray
