"""Raking: weights that meet several margins at once, by fitting one after the other until all are met.

The factor of a unit depends on its cell alone, so the fitting is done on the cells of the cross-classification.

References: Deming, Stephan, On a least squares adjustment of a sampled frequency table (Ann. Math. Stat. 1940);
Deville, Särndal, Sautory, Generalized raking procedures in survey sampling (JASA 1993) for the variance.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from analysis.design import DesignError, FloatArray, IntArray
from analysis.design_errors import LengthsDiffer
from analysis.estimation.sums import sum_by
from analysis.weighting.calibration import Calibration, CalibrationMethod
from analysis.weighting.cells import Cells, cross
from analysis.weighting.errors import MarginsDoNotAddUp, NoConvergence
from analysis.weighting.margins import LEAST_CELL, Margin

#: Margins whose sums differ by more than this part of them are margins of different populations.
_SAME_SUM = 1e-9
#: Margins are met when no total is missed by more than this part of it.
_MET = 1e-11
#: Cells times groups up to which Newton's steps are tried where cycles do not get there.
_MOST_ENTRIES = 20_000_000
#: Cycles of deviations from group means that leave the residuals.
_SWEEPS = 10


class RakingResiduals(StrEnum):
    """What of a score the margins explain, for the variance. With equal base weights the two hardly differ; with very
    unequal ones only the first follows the estimator."""

    #: A regression on the groups of all margins under the weights before: the linearisation of the estimator itself.
    REGRESSED = "regressed"
    #: Deviations of units, each counted once, from the means of their groups, ten cycles over all margins: the numbers
    #: of R's survey. On its apiclus2 (base weights from 19 to 273), raked to three margins, the standard error of a
    #: total is 170; the derivative of the raked total by the base weights gives 92.4, the regression 92.9.
    SWEPT = "swept"


@dataclass(frozen=True, kw_only=True)
class Raking:
    """A :class:`~analysis.weighting.steps.Step` that meets ``margins``, each of the same population.

    Two women (one young) and two men (one young) of weight 1, for 6 women, 4 men, 4 young and 6 old:

    >>> step = Raking(least_cell=1, margins=(
    ...     Margin(name="sex", codes=np.array([0, 0, 1, 1]), totals=np.array([6.0, 4.0])),
    ...     Margin(name="age", codes=np.array([0, 1, 0, 1]), totals=np.array([4.0, 6.0]))))
    >>> step.factor(np.ones(4)).round(6).tolist()
    [2.4, 3.6, 1.6, 2.4]
    """

    margins: tuple[Margin, ...]
    name: str = "raking"
    least_cell: int = LEAST_CELL
    max_cycles: int = 500
    residuals: RakingResiduals = RakingResiduals.REGRESSED

    def __post_init__(self) -> None:
        if not self.margins:
            raise DesignError("raking: got no margin, expected at least one")
        first = self.margins[0]
        for margin in self.margins[1:]:
            if len(margin.codes) != len(first.codes):
                raise DesignError(f"margin {margin.name}: got {len(margin.codes)} units, expected {len(first.codes)}")
            expected, got = float(first.totals.sum()), float(margin.totals.sum())
            if abs(got - expected) > _SAME_SUM * max(expected, got):
                raise MarginsDoNotAddUp(
                    f"margin {margin.name}: got totals that add up to {got:.10g}, expected {expected:.10g} as of "
                    f"{first.name}: they must be of the same population"
                )

    @cached_property
    def cells(self) -> Cells:
        return cross(self.margins)

    def check(self, weights: FloatArray) -> None:
        cells = self.cells
        if len(weights) != len(cells.of_unit):
            raise LengthsDiffer("margins", len(cells.of_unit), len(weights))
        members = sum_by(cells.of_unit, (weights > 0).astype(np.float64), cells.count)
        for margin, groups in zip(self.margins, cells.groups, strict=True):
            margin.check_members(sum_by(groups, members, len(margin.totals)), self.least_cell)

    def factor(self, weights: FloatArray) -> FloatArray:
        """Raises :class:`.MarginsCannotBeMet` or, where that is not the reason, :class:`NoConvergence`."""
        cells = self.cells
        factors: FloatArray = self._fit(sum_by(cells.of_unit, weights, cells.count))[cells.of_unit]
        return factors

    def _fit(self, start: FloatArray) -> FloatArray:
        """The factor of each cell whose weights add up to ``start`` (C,), 1 for a cell of nobody."""
        scale = self.margins[0].totals.sum()
        totals = [margin.totals * (scale / (margin.totals.sum() or 1.0)) for margin in self.margins]
        used = np.flatnonzero(start > 0)
        groups = [of_cell[used] for of_cell in self.cells.groups]
        current, worst = start[used], np.inf
        for _ in range(self.max_cycles):
            worst = 0.0
            for margin, own, wanted in zip(self.margins, groups, totals, strict=True):
                sums = sum_by(own, current, len(wanted))
                margin.check_sums(sums)
                ratios = np.divide(wanted, sums, out=np.ones(len(sums)), where=sums > 0)
                worst = max(worst, float(np.abs(ratios - 1).max(initial=0.0)))
                current = current * ratios[own]
            if worst <= _MET:
                break
        else:
            current = self._by_newton(current, groups, totals, worst)
        factors = np.ones(len(start))
        factors[used] = current / start[used]
        return factors

    def _by_newton(
        self, current: FloatArray, groups: list[IntArray], totals: list[FloatArray], worst: float
    ) -> FloatArray:
        """The last of the way where cycles are slow: margins that nearly say the same."""
        left = np.flatnonzero(current > 0)
        if len(left) * sum(map(len, totals)) > _MOST_ENTRIES:
            raise NoConvergence(
                f"{self.name}: got margins missed by {worst:.2g} of a total after {self.max_cycles} cycles, "
                f"expected {_MET:g}: merge small groups"
            )
        columns = [
            (f"{margin.name} {margin.label(group)}", own[left] == group, total)
            for margin, own, wanted in zip(self.margins, groups, totals, strict=True)
            for group, total in enumerate(wanted)
            if total > 0
        ]
        step = Calibration(
            matrix=np.column_stack([members for _, members, _ in columns]).astype(np.float64),
            totals=np.array([total for _, _, total in columns]),
            columns=tuple(name for name, _, _ in columns),
            method=CalibrationMethod.RAKING,
            name=self.name,
        )
        done = current.copy()
        done[left] *= step.factor(current[left])
        return done

    def carry_back(self, scores: FloatArray, *, before: FloatArray, factor: FloatArray) -> FloatArray:
        """The residuals from what the margins explain together."""
        cells, swept = self.cells, self.residuals is RakingResiduals.SWEPT
        counted = (before * factor != 0).astype(np.float64) if swept else before
        weights = sum_by(cells.of_unit, counted, cells.count)
        sums = _sums_of(cells.of_unit, counted[:, np.newaxis] * scores, cells.count)
        means = np.divide(sums, weights[:, np.newaxis], out=np.zeros_like(sums), where=weights[:, np.newaxis] > 0)
        explained = self._swept(means, weights) if swept else self._regressed(means, weights)
        residuals: FloatArray = factor[:, np.newaxis] * (scores - explained[cells.of_unit])
        return residuals

    def _swept(self, means: FloatArray, weights: FloatArray) -> FloatArray:
        """What cycles of deviations from group means take from the cells' means, (C, k)."""
        left = means.copy()
        for _ in range(_SWEEPS):
            for margin, groups in zip(self.margins, self.cells.groups, strict=True):
                count = len(margin.totals)
                sizes = sum_by(groups, weights, count)[:, np.newaxis]
                sums = _sums_of(groups, weights[:, np.newaxis] * left, count)
                left -= np.divide(sums, sizes, out=np.zeros_like(sums), where=sizes > 0)[groups]
        return means - left

    def _regressed(self, means: FloatArray, weights: FloatArray) -> FloatArray:
        """The cells' means, (C, k), as explained by a regression on the groups of all margins."""
        sizes, offsets = [len(margin.totals) for margin in self.margins], [0]
        for size in sizes:
            offsets.append(offsets[-1] + size)
        squares, products = np.zeros((offsets[-1], offsets[-1])), np.zeros((offsets[-1], means.shape[1]))
        groups = self.cells.groups
        for i, own in enumerate(groups):
            here = slice(offsets[i], offsets[i + 1])
            products[here] = _sums_of(own, weights[:, np.newaxis] * means, sizes[i])
            for j, other in enumerate(groups):
                table = sum_by(own * sizes[j] + other, weights, sizes[i] * sizes[j])
                squares[here, offsets[j] : offsets[j + 1]] = table.reshape(sizes[i], sizes[j])
        scale = 1 / np.sqrt(np.where(np.diag(squares) > 0, np.diag(squares), 1.0))
        scaled = products * scale[:, np.newaxis]
        found = scale[:, np.newaxis] * np.linalg.lstsq(squares * np.outer(scale, scale), scaled, rcond=1e-12)[0]
        explained = np.zeros(means.shape)
        for own, start in zip(groups, offsets[:-1], strict=True):
            explained += found[start + own]
        return explained


def _sums_of(groups: IntArray, values: FloatArray, count: int) -> FloatArray:
    """Sums of each column of ``values`` (n, k) by group, (count, k)."""
    return np.column_stack([sum_by(groups, column, count) for column in values.T])
