"""The variance of totals in a design: every other variance is that of the total of a statistic's scores.

With-replacement formulas between the PSUs of a stratum, population corrections and the stages below as in Särndal,
Swensson & Wretman, *Model Assisted Survey Sampling* (1992), sections 4.3 and 4.4: stage s adds the variance between its
units times the sampling fractions of the stages above. Strata with one PSU: StataCorp, *Survey Data Reference Manual*,
"variance estimation"; unequal probabilities: :mod:`analysis.estimation.unequal_selection`; systematic draws:
Wolter, *Introduction to Variance Estimation* (2007), section 8.2.
"""

import numpy as np

from analysis.design import BoolArray, FloatArray, IntArray, LonelyPsu, SelectionMethod, SurveyDesign
from analysis.design_errors import LengthsDiffer, LonelyPsuError
from analysis.estimation.replicate_variance import replicate_covariance, replicate_df
from analysis.estimation.undefined import NotDefined, UndefinedReason
from analysis.estimation.unequal_selection import joint_covariance
from analysis.levels import Level

#: A sampling fraction this near to 1 is a census.
_CENSUS = 1e-7


def covariance(design: SurveyDesign, scores: FloatArray, *, inside: BoolArray | None = None) -> FloatArray:
    """Covariance (k, k) of the totals Σ weight x score; ``scores`` (n,) or (n, k), 0 outside ``inside`` (n,).

    A stratum without a member of the domain is no stratum of it: it is neither averaged over nor lonely.

    Raises :class:`LonelyPsuError` where the design refuses strata with one PSU, :class:`NotDefined` where they should
    get the average of others and there are none, :class:`DesignError` for lengths that differ.

    >>> design = SurveyDesign(weights=np.array([2.0, 2.0]), strata=np.zeros(2, dtype=int))
    >>> covariance(design, np.array([1.0, 4.0]))  # weighted 2 and 8: 2/1 x (9 + 9)
    array([[36.]])
    """
    n = len(design.weights)
    for name, array in (("scores", scores), ("inside", inside)):
        if array is not None and len(array) != n:
            raise LengthsDiffer(name, len(array), n)
    columns = scores.reshape(n, -1)
    if design.replicates is not None:
        return replicate_covariance(
            design.replicates, design.replicates.weights.T @ columns, columns.T @ design.weights
        )
    for adjustment in design.adjustments:
        columns = adjustment.residuals(columns)
    if inside is None or design.adjustments:
        # What calibration explained is taken from everyone: nobody is outside any more.
        inside = np.ones(n, dtype=bool)
    weighted = columns * design.weights[:, np.newaxis]
    found = np.zeros((columns.shape[1],) * 2)
    for level in design.levels:
        if not (level.factor > 0).any():
            break
        found += _at_level(design, level, level.totals(weighted), level.any_row(inside))
    return found


def _at_level(design: SurveyDesign, level: Level, totals: FloatArray, present: BoolArray) -> FloatArray:
    """What one stage adds; ``totals`` (U, k) of its units, ``present`` (U,) those with a member of the domain."""
    selection = design.selection
    if level.stage == 1 and selection is not None and selection.method is not SelectionMethod.BREWER:
        return joint_covariance(selection, level, totals)
    stratum, sizes = level.stratum_of_unit, level.sizes
    there = np.bincount(stratum[present], minlength=level.stratum_count)
    taken = np.bincount(stratum[level.fractions < 1 - _CENSUS], minlength=level.stratum_count) == 0
    lonely = (sizes == 1) & ~taken & (there > 0)
    if design.lonely is LonelyPsu.FAIL and lonely.any():
        raise LonelyPsuError(int(lonely.sum()), level.stage)
    if design.adjust_domain_lonely and design.lonely in (LonelyPsu.ADJUST, LonelyPsu.AVERAGE):
        lonely |= (there == 1) & ~taken
    means = level_sums(stratum, totals, level.stratum_count) / sizes[:, np.newaxis]
    scale = np.where(sizes > 1, sizes / np.maximum(sizes - 1, 1), 1.0)[stratum]
    scale = scale * np.where(taken[stratum], 0.0, 1 - level.fractions) * level.factor
    centre = means[stratum]
    if design.lonely is LonelyPsu.ADJUST and lonely.any():
        centre = np.where(lonely[stratum][:, np.newaxis], _grand_means(level, totals, there)[stratum], centre)
    if design.lonely is LonelyPsu.AVERAGE:
        scale = scale * _average(level, lonely, there > 0)[stratum]
    deviations = totals - centre
    if level.stage == 1 and design.order is not None:
        deviations, scale = _successive(design.order, level, totals, deviations, scale, lonely)
    return (deviations * scale[:, np.newaxis]).T @ deviations


def level_sums(groups: IntArray, values: FloatArray, count: int) -> FloatArray:
    """Sums of ``values`` (n, k) over ``groups`` (n,), (count, k)."""
    return np.column_stack([np.bincount(groups, weights=column, minlength=count) for column in values.T])


def _grand_means(level: Level, totals: FloatArray, there: IntArray) -> FloatArray:
    """For each stratum the mean over all units under the same parent, (S, k).

    Strata without a member of the domain are left out, as R's survey does; but not where a single unit would remain,
    which would be its own mean and have no variance.
    """
    parents = level.parent_of_stratum
    count = int(parents.max(initial=-1)) + 1
    sums = level_sums(parents[level.stratum_of_unit], totals, count)
    everywhere = np.bincount(parents, weights=level.sizes, minlength=count)
    units = np.bincount(parents[there > 0], weights=level.sizes[there > 0], minlength=count)
    means: FloatArray = sums / np.where(units > 1, units, np.maximum(everywhere, 1))[:, np.newaxis]
    return means[parents]


def _average(level: Level, lonely: BoolArray, there: BoolArray) -> FloatArray:
    """Strata of the same parent per stratum that has a variance, (S,); 0 for lonely ones."""
    parents = level.parent_of_stratum
    all_there = np.bincount(parents[there], minlength=int(parents.max(initial=-1)) + 1)
    usable = np.bincount(parents[there & ~lonely], minlength=len(all_there))
    if ((all_there > 0) & (usable == 0)).any():
        raise NotDefined(UndefinedReason.SINGLE_PSU)
    return np.where(lonely, 0.0, (all_there / np.maximum(usable, 1))[parents])


def _successive(
    order: IntArray, level: Level, totals: FloatArray, deviations: FloatArray, scale: FloatArray, lonely: BoolArray
) -> tuple[FloatArray, FloatArray]:
    """In place of deviations from the mean: differences of neighbours along the draw, m/(2 (m - 1)) Σ (z' - z)²."""
    stratum = level.stratum_of_unit
    position = order
    if level.unit_of_row is not None:
        position = np.full(level.unit_count, np.iinfo(np.int64).max, dtype=np.int64)
        np.minimum.at(position, level.unit_of_row, order)
    along = np.lexsort((position, stratum))
    left, right = along[:-1], along[1:]
    neighbours = (stratum[left] == stratum[right]) & ~lonely[stratum[left]]
    left, right = left[neighbours], right[neighbours]
    alone = np.flatnonzero(lonely[stratum])
    return (
        np.concatenate([totals[right] - totals[left], deviations[alone]]),
        np.concatenate([(scale[left] + scale[right]) / 4, scale[alone]]),
    )


def design_df(design: SurveyDesign) -> int:
    """PSUs less strata, of those with a unit that stands for someone; with replicates their rank less one."""
    if design.replicates is not None:
        return replicate_df(design.replicates)
    return _psus_less_strata(design, design.weights != 0)


def domain_df(design: SurveyDesign, inside: BoolArray) -> int:
    """As :func:`design_df`, of the PSUs and strata with a member of the domain ``inside`` (n,).

    >>> design = SurveyDesign(weights=np.ones(4), strata=np.array([0, 0, 0, 1]))
    >>> design_df(design), domain_df(design, np.array([True, True, False, True]))  # 4 - 2, 3 - 2
    (2, 1)
    """
    if len(inside) != len(design.weights):
        raise LengthsDiffer("inside", len(inside), len(design.weights))
    if design.replicates is not None:
        return replicate_df(design.replicates, None if inside.all() else inside)
    return _psus_less_strata(design, inside & (design.weights != 0))


def _psus_less_strata(design: SurveyDesign, counting: BoolArray) -> int:
    first = design.levels[0]
    units = np.flatnonzero(first.any_row(counting))
    return len(units) - len(np.unique(first.stratum_of_unit[units]))
