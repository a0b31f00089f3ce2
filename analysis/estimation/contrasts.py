"""Do groups differ? Means of several groups with their covariance, and differences of them.

Groups that share PSUs or strata are not independent: their covariance is that of their scores in the whole design
(Särndal, Swensson & Wretman 1992, section 5.4).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import stdtr

from analysis.design import BoolArray, FloatArray, IntArray, SurveyDesign
from analysis.design_errors import DesignError, LengthsDiffer
from analysis.estimation.families import Correction, adjusted
from analysis.estimation.statistic import estimate, t_limits
from analysis.estimation.sums import sum_by
from analysis.estimation.undefined import NotDefined, Undefined, UndefinedReason
from analysis.estimation.values import checked, everyone
from analysis.estimation.variance import design_df


@dataclass(frozen=True, kw_only=True)
class GroupMeans:
    """The statistic: means of ``y`` (n,) in the groups 0…count-1 of ``groups`` (n,), -1 for none."""

    y: FloatArray
    groups: IntArray
    count: int

    def at(self, weights: FloatArray) -> FloatArray:
        return sum_by(*self._of(weights, self.y), self.count) / self._sizes(weights)

    def scores(self, weights: FloatArray) -> FloatArray:
        sizes, means = self._sizes(weights), self.at(weights)
        scores = np.zeros((len(self.y), self.count))
        members = np.flatnonzero(self.groups >= 0)
        group = self.groups[members]
        scores[members, group] = (self.y[members] - means[group]) / sizes[group]
        return scores

    def _sizes(self, weights: FloatArray) -> FloatArray:
        sizes = sum_by(*self._of(weights, np.ones(len(self.y))), self.count)
        if not (sizes > 0).all():
            raise NotDefined(UndefinedReason.EMPTY_DOMAIN)
        return sizes

    def _of(self, weights: FloatArray, values: FloatArray) -> tuple[IntArray, FloatArray]:
        members = self.groups >= 0
        return self.groups[members], (weights * values)[members]


@dataclass(frozen=True, kw_only=True)
class GroupEstimates:
    """``means`` (G,) with their ``covariance`` (G, G) and ``sizes`` (G,) in respondents; ``df`` of the design."""

    means: FloatArray
    covariance: FloatArray
    sizes: IntArray
    df: int


@dataclass(frozen=True, kw_only=True)
class Contrast:
    """``difference`` with its ``se``; ``t`` on ``df``, two-sided ``p_value`` and the limits ``low`` and ``high``."""

    difference: float
    se: float
    t: float
    df: int
    p_value: float
    low: float
    high: float


def group_means(
    design: SurveyDesign, *, values: FloatArray, groups: IntArray, count: int, inside: BoolArray | None = None
) -> GroupEstimates | Undefined:
    """Means of ``values`` (n,) in the groups 0…count-1 of ``groups`` (n,), -1 for those in none.

    ``inside`` (n,): the domain the groups are parts of; degrees of freedom are those of its PSUs, members of no group
    included. Undefined where a group is empty. Raises :class:`DesignError` for lengths that differ or a group that has
    no place.

    >>> design = SurveyDesign(weights=np.ones(4), strata=np.zeros(4, dtype=int))
    >>> found = group_means(design, values=np.array([1.0, 3, 5, 9]), groups=np.array([0, 0, 1, 1]), count=2)
    >>> found.means.tolist(), found.df
    ([2.0, 7.0], 3)
    """
    if len(groups) != len(design.weights):
        raise LengthsDiffer("groups", len(groups), len(design.weights))
    if len(groups) and not -1 <= groups.min() <= groups.max() < count:
        raise DesignError(f"groups: expected codes from -1 to {count - 1}, got others")
    members = np.where(everyone(design, inside), groups, -1)
    y = checked(design, "values", values, members >= 0)[:, 0]
    found = estimate(design, GroupMeans(y=y, groups=members, count=count), inside=inside)
    if isinstance(found, Undefined):
        return found
    heard = members[(members >= 0) & (design.weights > 0)]
    return GroupEstimates(
        means=found.value,
        covariance=found.covariance,
        sizes=np.bincount(heard, minlength=count),
        df=design_df(design) if inside is None else found.df,
    )


def contrast(found: GroupEstimates, coefficients: FloatArray, *, level: float = 0.95) -> Contrast | Undefined:
    """Σ coefficient x mean, ``coefficients`` (G,): say 1 and -1 for a difference of two groups.

    >>> both = GroupEstimates(means=np.array([5.0, 1.0]), covariance=np.diag([2.0, 2.0]), sizes=np.array([9, 9]), df=16)
    >>> contrast(both, np.array([1.0, -1.0])).t  # 4 / sqrt(2 + 2)
    2.0
    """
    variance = float(coefficients @ found.covariance @ coefficients)
    se = float(np.sqrt(max(variance, 0.0)))
    return students_t(float(coefficients @ found.means), se, found.df, level=level)


def students_t(difference: float, se: float, df: int, *, level: float = 0.95) -> Contrast | Undefined:
    """Whether ``difference`` is 0, by Student's t on ``df``; undefined without degrees of freedom or variance.

    >>> found = students_t(4.0, 2.0, 16)
    >>> found.t, round(found.p_value, 4), round(found.low, 3)
    (2.0, 0.0628, -0.24)
    """
    limits = t_limits(difference, se, df, level)
    if isinstance(limits, Undefined):
        return limits
    if se <= 0:
        return Undefined(reason=UndefinedReason.NO_VARIANCE)
    t = difference / se
    p_value = float(2 * stdtr(df, -abs(t)))
    return Contrast(difference=difference, se=se, t=t, df=df, p_value=p_value, low=limits[0], high=limits[1])


def pairs(found: GroupEstimates, *, level: float = 0.95) -> dict[tuple[int, int], Contrast | Undefined]:
    """Every group less every later one, by their places; their p-values as one family: :func:`adjusted_pairs`."""
    differences: dict[tuple[int, int], Contrast | Undefined] = {}
    for a, b in combinations(range(len(found.means)), 2):
        signs = np.zeros(len(found.means))
        signs[a], signs[b] = 1.0, -1.0
        differences[a, b] = contrast(found, signs, level=level)
    return differences


def adjusted_pairs(
    differences: Mapping[tuple[int, int], Contrast | Undefined], correction: Correction = Correction.HOLM
) -> dict[tuple[int, int], float]:
    """The p-values of ``differences`` as one family; those without one are no members of it."""
    tested = {pair: found.p_value for pair, found in differences.items() if isinstance(found, Contrast)}
    values = adjusted(np.array(list(tested.values())), correction)
    return dict(zip(tested, values.tolist(), strict=True))
