"""A part against the whole it belongs to: the covariance of a community's rate with the city's.

A community's people are in both rates, so the two err together, and the contrast is known better than that of two
samples apart. The covariance is that of the scores (y - p)/Σw of both rates in the whole design (Särndal, Swensson &
Wretman 1992, *Model Assisted Survey Sampling*, section 5.8).
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, DesignError, FloatArray, IntArray, SurveyDesign
from analysis.design_errors import LengthsDiffer
from analysis.estimation.sums import sum_by
from analysis.estimation.variance import covariance


@dataclass(frozen=True, kw_only=True)
class PartsAndWhole:
    """Rates of D parts and of the whole, with the covariance of each part with the whole, (D,) each.

    A part without anybody in its base has rate, variance and covariance 0.
    """

    proportion: FloatArray
    variance: FloatArray
    covariance: FloatArray
    whole_proportion: float
    whole_variance: float

    @property
    def correlation(self) -> FloatArray:
        """Of each part's rate with the whole's, −1 to 1; 0 where one of them has no variance, (D,)."""
        product = np.sqrt(self.variance * self.whole_variance)
        found = np.divide(self.covariance, product, out=np.zeros_like(product), where=product > 0)
        return np.clip(found, -1, 1)

    @property
    def contrast_variance(self) -> FloatArray:
        """Of part − whole: v + V − 2 cov, (D,)."""
        return np.maximum(self.variance + self.whole_variance - 2 * self.covariance, 0)


def parts_and_whole(
    design: SurveyDesign, *, counted: BoolArray, in_base: BoolArray, parts: IntArray, part_count: int
) -> PartsAndWhole:
    """The share of ``counted`` among ``in_base`` in the parts 0…part_count-1, and in all of the sample; (n,) each.

    ``parts``: -1 for who is in the whole but in no part. With plain designs the cost does not depend on the number of
    parts; others (replicates, later stages, calibrated weights) are gone through part by part.

    Raises :class:`DesignError` for lengths that differ and someone counted outside the base.

    Two communities of two, one stratum each, and the city of both: v = .25 and 0, V = 1/4 (v + 0), cov = 1/2 v.

    >>> design = SurveyDesign(weights=np.ones(4), strata=np.array([0, 0, 1, 1]))
    >>> found = parts_and_whole(
    ...     design, counted=np.array([True, False, True, True]), in_base=np.ones(4, dtype=bool),
    ...     parts=np.array([0, 0, 1, 1]), part_count=2)
    >>> found.variance.tolist(), found.whole_variance, found.covariance.tolist()
    ([0.25, 0.0], 0.0625, [0.125, 0.0])
    """
    _check_lengths(design, counted, in_base, parts)
    n = len(design.weights)
    weight = design.weights * in_base
    inside = parts >= 0
    size = np.bincount(parts[inside], weights=weight[inside], minlength=part_count)
    hit = np.bincount(parts[inside], weights=(weight * counted)[inside], minlength=part_count)
    rate = np.divide(hit, size, out=np.zeros(part_count), where=size > 0)
    whole = float(weight.sum())
    whole_rate = float((weight * counted).sum() / whole) if whole > 0 else 0.0
    place = np.where(inside, parts, 0)
    part_scores = np.divide(
        in_base * (counted - rate[place]), size[place], out=np.zeros(n), where=inside & (size[place] > 0)
    )
    whole_scores = in_base * (counted - whole_rate) / whole if whole > 0 else np.zeros(n)
    measure = _plain if design.is_plain else _in_any_design
    v, both, whole_v = measure(design, part_scores, whole_scores, parts, part_count)
    return PartsAndWhole(
        proportion=rate, variance=v, covariance=both, whole_proportion=whole_rate, whole_variance=whole_v
    )


def _check_lengths(design: SurveyDesign, counted: BoolArray, in_base: BoolArray, parts: IntArray) -> None:
    n = len(design.weights)
    for name, array in (("counted", counted), ("in_base", in_base), ("parts", parts)):
        if len(array) != n:
            raise LengthsDiffer(name, len(array), n)
    if (counted & ~in_base).any():
        raise DesignError("counted: got a unit counted outside the base, expected counted only where in_base")


def _in_any_design(
    design: SurveyDesign, part_scores: FloatArray, whole_scores: FloatArray, parts: IntArray, part_count: int
) -> tuple[FloatArray, FloatArray, float]:
    found = np.zeros((part_count, 2))
    for part in range(part_count):
        own = np.where(parts == part, part_scores, 0.0)
        found[part] = covariance(design, np.column_stack([own, whole_scores]))[0]
    return found[:, 0], found[:, 1], float(covariance(design, whole_scores)[0, 0])


def _plain(
    design: SurveyDesign, part_scores: FloatArray, whole_scores: FloatArray, parts: IntArray, part_count: int
) -> tuple[FloatArray, FloatArray, float]:
    """Variances and covariance are Σ scale (z - mean z)(Z - mean Z) over PSUs: one factor may be taken by unit."""
    n = len(design.weights)
    units = np.arange(n) if design.psus is None else design.psus
    _, first, of_unit = np.unique(units, return_index=True, return_inverse=True)
    stratum = design.strata[first]
    sizes = design.psu_counts.astype(np.float64)
    scale = (1 - design.fractions) * np.where(sizes > 1, sizes / np.maximum(sizes - 1, 1), 1.0)
    # A stratum with one PSU is centred at the grand mean, which for these scores is 0.
    shared = np.divide(1.0, sizes, out=np.zeros_like(sizes), where=sizes > 1)

    whole = sum_by(of_unit, design.weights * whole_scores, len(first))
    of_whole = scale[stratum] * (whole - (sum_by(stratum, whole, len(sizes)) * shared)[stratum])

    inside = np.flatnonzero(parts >= 0)
    own, weighted = parts[inside], (design.weights * part_scores)[inside]
    cells, cell = np.unique(own * max(len(sizes), 1) + design.strata[inside], return_inverse=True)
    rows, start, row = np.unique(own * max(len(first), 1) + of_unit[inside], return_index=True, return_inverse=True)
    totals = sum_by(row, weighted, len(rows))
    strata, of_cell = cells % max(len(sizes), 1), cell[start]
    means = sum_by(of_cell, totals, len(cells)) * shared[strata]
    of_part = scale[strata[of_cell]] * (totals - means[of_cell])
    return (
        np.maximum(sum_by(own, weighted * of_part[row], part_count), 0.0),
        sum_by(own, weighted * of_whole[of_unit[inside]], part_count),
        float((whole * of_whole).sum()),
    )
