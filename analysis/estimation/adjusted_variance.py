"""Variances of a rate in many domains where steps changed the weights: what the steps explain is taken out first.

The rate of a domain is a ratio; its scores are (counted - p × in the base) / weight of the base inside the domain and 0
outside. What calibration explains of them is taken from everyone, inside and outside (Deville & Särndal, *JASA* 1992,
3.4; Särndal, Swensson & Wretman, *Model Assisted Survey Sampling*, 1992, section 10.6 for domains).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from analysis.answers import AnswerState
from analysis.design import BoolArray, FloatArray, IntArray, SurveyDesign
from analysis.estimation.cell_variance import CellVariance
from analysis.estimation.joint_sums import States
from analysis.estimation.sums import sum_by
from analysis.estimation.variance import covariance

#: Scores held at once.
_MOST_SCORES = 4_000_000
#: As in :mod:`analysis.estimation.proportions`: below the variance of any rate that could be met.
_DUST = 1e-24


@dataclass(frozen=True, kw_only=True, eq=False)
class AdjustedRate:
    """One rate, whose answers stand in ``states`` (n,), in domains 0…D-1: ``units`` holds for each family of domains
    that do not overlap the domain of each unit, (n,), -1 for none. ``cells``: where sums of units that are alike do.
    """

    design: SurveyDesign
    states: States
    units: Sequence[IntArray]
    cells: CellVariance | None = None

    def variances(self, proportions: FloatArray, base: Sequence[AnswerState]) -> FloatArray:
        """Of the shares ``proportions`` (D,) among those whose state is in ``base``, (D,); 0 where a share is 0 or 1.

        >>> from analysis.weighting.margins import Margin
        >>> from analysis.weighting.poststratification import PostStratification
        >>> from analysis.weighting.steps import weigh_design
        >>> sex = Margin(name="sex", codes=np.array([0, 0, 1, 1]), totals=np.array([2.0, 2.0]))
        >>> drawn = SurveyDesign(weights=np.ones(4), strata=np.zeros(4, dtype=int))
        >>> design = weigh_design(drawn, [PostStratification(margin=sex, least_cell=1)])
        >>> rate = AdjustedRate(design=design, states=np.array([1, 0, 1, 1], dtype=np.int8), units=[np.zeros(4, int)])
        >>> rate.variances(np.array([0.75]), (AnswerState.COUNTED, AnswerState.NOT_COUNTED)).tolist()
        [0.041666666666666664]

        By hand: counted less the mean of the own sex is .5, -.5, 0, 0; 4/3 × (.5² + .5²) / 4² = 1/24.
        """
        inside = np.isin(self.states, np.array(base, dtype=np.int8)) & (self.design.weights > 0)
        counted = (self.states == AnswerState.COUNTED).astype(np.float64)
        if self.cells is not None:
            found = self.cells.variances(self.states == AnswerState.COUNTED, inside, proportions)
            return np.where(found < _DUST, 0.0, found)
        found = np.zeros(len(proportions))
        for units in self.units:
            member = inside & (units >= 0)
            sizes = sum_by(units[member], self.design.weights[member], len(proportions))
            wanted = np.flatnonzero((sizes > 0) & (proportions > 0) & (proportions < 1))
            step = max(1, _MOST_SCORES // max(len(units), 1))
            for start in range(0, len(wanted), step):
                some = wanted[start : start + step]
                scores = _scores(units, member, counted, proportions, sizes, some)
                found[some] = np.diag(covariance(self.design, scores))
        found[found < _DUST] = 0.0
        return found


def _scores(
    units: IntArray, member: BoolArray, counted: FloatArray, proportions: FloatArray, sizes: FloatArray, some: IntArray
) -> FloatArray:
    """One column for each domain in ``some``, (n, k)."""
    place = np.full(len(proportions), -1, dtype=np.int64)
    place[some] = np.arange(len(some))
    rows = np.flatnonzero(member)
    rows = rows[place[units[rows]] >= 0]
    of_row = units[rows]
    scores = np.zeros((len(units), len(some)))
    scores[rows, place[of_row]] = (counted[rows] - proportions[of_row]) / sizes[of_row]
    return scores
