"""What raking explains of a score depends on the cell of its margins alone: residuals of many scores at little cost.

With base weights d, the product f of the factors before raking, g of raking and t of those after it, the residual of a
score z, per unit of the final weight d f g t, is z - E / t, E being what a regression of t z on the margins under the
weights d f explains in the cell. That regression is the same whether weights were raked or held within bounds.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from analysis.design import Adjustment, FloatArray, IntArray
from analysis.estimation.sums import sum_by
from analysis.weighting.area_trimming import AreaTrimming
from analysis.weighting.given_factors import GivenFactors
from analysis.weighting.raking import Raking, RakingResiduals
from analysis.weighting.steps import Weighting


@dataclass(frozen=True, kw_only=True, eq=False)
class CellResiduals:
    """``raking``: its margins and cells. ``before`` (n,): d f. ``loading`` (n,): d f t, under which scores are summed.
    ``part`` (n,): 1 / t.
    """

    raking: Raking
    before: FloatArray
    loading: FloatArray
    part: FloatArray

    @property
    def of_unit(self) -> IntArray:
        return self.raking.cells.of_unit

    @cached_property
    def _offsets(self) -> list[int]:
        return [0, *np.cumsum([len(margin.totals) for margin in self.raking.margins]).tolist()]

    @cached_property
    def _inverse(self) -> FloatArray:
        """The pseudo-inverse of the groups' cross-products under the weights before, (p, p)."""
        cells, offsets = self.raking.cells, self._offsets
        weights = sum_by(cells.of_unit, self.before, cells.count)
        sizes = [len(margin.totals) for margin in self.raking.margins]
        squares = np.zeros((offsets[-1], offsets[-1]))
        for i, own in enumerate(cells.groups):
            for j, other in enumerate(cells.groups):
                table = sum_by(own * sizes[j] + other, weights, sizes[i] * sizes[j])
                squares[offsets[i] : offsets[i + 1], offsets[j] : offsets[j + 1]] = table.reshape(sizes[i], sizes[j])
        scale = 1 / np.sqrt(np.where(np.diag(squares) > 0, np.diag(squares), 1.0))
        around = np.outer(scale, scale)
        found: FloatArray = around * np.linalg.pinv(squares * around, rcond=1e-12, hermitian=True)
        return found

    def slopes(self, cells: IntArray, columns: IntArray, values: FloatArray, count: int) -> FloatArray:
        """Of ``count`` scores the slopes on all groups, (p, count): ``values`` are sums of loading × score, each of one
        of the ``cells`` and of one of the ``columns``, 0…count-1."""
        offsets = self._offsets
        products = np.empty((offsets[-1], count))
        for place, groups in enumerate(self.raking.cells.groups):
            size = offsets[place + 1] - offsets[place]
            sums = np.bincount(groups[cells] * count + columns, weights=values, minlength=size * count)
            products[offsets[place] : offsets[place + 1]] = sums.reshape(size, count)
        found: FloatArray = self._inverse @ products
        return found

    def explained(self, slopes: FloatArray, cells: IntArray) -> FloatArray:
        """E of each of ``cells``, (len(cells), k)."""
        found = np.zeros((len(cells), slopes.shape[1]))
        for groups, start in zip(self.raking.cells.groups, self._offsets[:-1], strict=True):
            found += slopes[start + groups[cells]]
        return found


def cell_residuals(adjustments: Sequence[Adjustment]) -> CellResiduals | None:
    """Of weights made by raking once, and otherwise by factors that count as given; ``None`` for any others."""
    if len(adjustments) != 1 or not isinstance(made := adjustments[0], Weighting):
        return None
    places = [place for place, step in enumerate(made.steps) if isinstance(step, Raking)]
    others = [step for step in made.steps if not isinstance(step, Raking)]
    if len(places) != 1 or not all(isinstance(step, GivenFactors | AreaTrimming) for step in others):
        return None
    raking = made.steps[places[0]]
    if not isinstance(raking, Raking) or raking.residuals is not RakingResiduals.REGRESSED:
        return None
    before, after = made.base.copy(), np.ones(len(made.base))
    for kept in made.factors[: places[0]]:
        before = before * kept.factor
    for kept in made.factors[places[0] + 1 :]:
        after = after * kept.factor
    if not (after > 0).all() or not (made.total_factor > 0).all():
        return None
    return CellResiduals(raking=raking, before=before, loading=before * after, part=1 / after)
