"""Means in many domains at once, and the variances of what is made of them (Särndal, Swensson & Wretman, *Model
Assisted Survey Sampling*, 1992, sections 5.7 and 10.3), as :mod:`analysis.estimation.proportions` has them of rates.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, FloatArray, IntArray, SurveyDesign
from analysis.estimation.cell_variance import CellVariance
from analysis.estimation.sums import ratio, sum_by
from analysis.estimation.variance import covariance

#: Scores held at once.
_MOST_SCORES = 4_000_000
#: As in :mod:`analysis.estimation.proportions`: below the variance of any mean between 0 and 1 that could be met.
_DUST = 1e-24
#: For each family of domains what one more unit of weight on each unit adds to the statistic of its domain, (n,).
Scores = Sequence[FloatArray]


@dataclass(frozen=True, kw_only=True, eq=False)
class DomainMeans:
    """Domains 0…count-1. ``units``: of each family of domains that do not overlap the domain of each unit, (n,), -1 for
    none. ``cells``: where weights were adjusted and sums of units that are alike do.
    """

    design: SurveyDesign
    units: Sequence[IntArray]
    count: int
    cells: CellVariance | None = None

    def means(self, values: FloatArray, inside: BoolArray) -> FloatArray:
        """Weighted means of ``values`` among ``inside``, (n,) each, in every domain, (D,); 0 where nobody is inside."""
        return ratio(self._sums(values * inside), self._sums(inside.astype(np.float64)))

    def scores(self, values: FloatArray, inside: BoolArray) -> list[FloatArray]:
        """Of the means: (value - mean) / weight inside the domain.

        >>> design = SurveyDesign(weights=np.ones(4), strata=np.zeros(4, dtype=int))
        >>> found = DomainMeans(design=design, units=[np.zeros(4, dtype=int)], count=1)
        >>> scores = found.scores(np.array([1.0, 0.5, 0.5, 0.0]), np.ones(4, dtype=bool))
        >>> scores[0].tolist(), found.variances(scores).tolist()  # 4/3 x (.125² + .125²)
        ([0.125, 0.0, 0.0, -0.125], [0.041666666666666664])
        """
        sizes, means = self._sums(inside.astype(np.float64)), self.means(values, inside)
        counting = inside & (self.design.weights > 0)
        return [
            np.where(counting & (units >= 0), ratio(values - means[units], sizes[units]), 0.0) for units in self.units
        ]

    def variances(self, scores: Scores) -> FloatArray:
        """Of statistics with these scores, (D,)."""
        if self.cells is not None:
            found = self.cells.of_scores(scores, self.count)
        else:
            of_family = self._plain if self.design.is_plain else self._one_by_one
            found = np.zeros(self.count)
            for units, score in zip(self.units, scores, strict=True):
                found += of_family(units, score)
        return np.where(found < _DUST, 0.0, found)

    def _sums(self, values: FloatArray) -> FloatArray:
        weighted, found = values * self.design.weights, np.zeros(self.count)
        for units in self.units:
            member = units >= 0
            found += sum_by(units[member], weighted[member], self.count)
        return found

    def _plain(self, units: IntArray, scores: FloatArray) -> FloatArray:
        """(1-f) m/(m-1) Σ(z - mean z)² over the m PSUs of each stratum, those without a member of the domain being 0.

        A stratum with a single PSU counts from zero, the grand mean of scores.
        """
        design, members = self.design, np.flatnonzero((units >= 0) & (scores != 0))
        if not len(members):
            return np.zeros(self.count)
        totals, cells = scores[members] * design.weights[members], units[members] * design.stratum_count
        cells += design.strata[members]
        if design.psus is not None:
            _, first, place = np.unique(
                units[members] * (design.psus.max() + 1) + design.psus[members], return_index=True, return_inverse=True
            )
            totals, cells = sum_by(place, totals, len(first)), cells[first]
        known, cell = np.unique(cells, return_inverse=True)
        domains, strata = np.divmod(known, design.stratum_count)
        m, f = (of[strata].astype(np.float64) for of in (design.psu_counts, design.fractions))
        present = np.bincount(cell)
        means = np.where(m > 1, np.bincount(cell, weights=totals) / m, 0.0)
        squares = np.bincount(cell, weights=(totals - means[cell]) ** 2)
        squares += np.maximum(m - present, 0) * means**2
        factor = np.where(m > 1, m / np.maximum(m - 1, 1), 1.0) * (1 - f)
        return sum_by(domains, factor * squares, self.count)

    def _one_by_one(self, units: IntArray, scores: FloatArray) -> FloatArray:
        found = np.zeros(self.count)
        rows = np.flatnonzero((units >= 0) & (scores != 0))
        wanted = np.unique(units[rows])
        step = max(1, _MOST_SCORES // max(len(units), 1))
        for start in range(0, len(wanted), step):
            some = wanted[start : start + step]
            mine = rows[np.isin(units[rows], some)]
            columns = np.zeros((len(units), len(some)))
            columns[mine, np.searchsorted(some, units[mine])] = scores[mine]
            found[some] = np.diag(covariance(self.design, columns))
        return found
