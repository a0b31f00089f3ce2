"""Non-response: those who answered stand for those who did not, in classes or by shrunk response rates.

References: Little, Survey nonresponse adjustments for estimates of means (Int. Stat. Review 1986) for classes;
Kleinman, Proportions with extraneous variance: single and independent samples (JASA 1973) for the shrinkage.
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, DesignError, FloatArray, IntArray
from analysis.design_errors import LengthsDiffer
from analysis.estimation.sums import sum_by
from analysis.weighting.errors import CellsTooSmall

#: Respondents a class must have.
LEAST_CLASS = 20


@dataclass(frozen=True, kw_only=True)
class ResponseClasses:
    """A :class:`~analysis.weighting.steps.Step`: in each class the respondents take the weight of all.

    ``classes`` (n,): codes 0…K-1 of all who were drawn and eligible. ``responded`` (n,). Those who did not get 0.

    A class of three people of weight 10 of whom two answered: 30/20.

    >>> step = ResponseClasses(
    ...     classes=np.array([0, 0, 0, 1]), responded=np.array([True, True, False, True]), least_class=1)
    >>> step.factor(np.full(4, 10.0)).tolist()
    [1.5, 1.5, 0.0, 1.0]
    """

    classes: IntArray
    responded: BoolArray
    name: str = "non-response"
    least_class: int = LEAST_CLASS

    def __post_init__(self) -> None:
        _check(self.classes, self.responded)

    def check(self, weights: FloatArray) -> None:
        if len(weights) != len(self.classes):
            raise LengthsDiffer("classes", len(self.classes), len(weights))
        used = weights > 0
        members = np.bincount(self.classes[used])
        answers = np.bincount(self.classes[used & self.responded], minlength=len(members))
        small = np.flatnonzero((answers < self.least_class) & (members > 0))
        if len(small):
            worst = small[np.argmin(answers[small])]
            raise CellsTooSmall(
                f"{self.name}: got {answers[worst]} respondents in class {worst}, expected at least "
                f"{self.least_class}: merge it with another"
            )

    def factor(self, weights: FloatArray) -> FloatArray:
        count = int(self.classes.max(initial=-1)) + 1
        drawn = sum_by(self.classes, weights, count)
        answered = sum_by(self.classes, weights * self.responded, count)
        silent = np.flatnonzero((answered <= 0) & (drawn > 0))
        if len(silent):
            raise CellsTooSmall(
                f"{self.name}: got no respondent in class {silent[0]}, expected some: merge it with another"
            )
        factors = np.divide(drawn, answered, out=np.ones(count), where=answered > 0)
        return np.where(self.responded, factors[self.classes], 0.0)

    def carry_back(
        self,
        scores: FloatArray,
        *,
        before: FloatArray,  # noqa: ARG002 - every step is asked alike
        factor: FloatArray,
    ) -> FloatArray:
        """The factors count as given: those without answers have no score."""
        return factor[:, None] * scores


@dataclass(frozen=True, kw_only=True)
class ResponsePropensities:
    """A :class:`~analysis.weighting.steps.Step`: 1 / response rate of the own group, shrunk towards the rate of all.

    ``groups`` (n,): codes of many small groups, say communities. The fewer were drawn in a group, and the less groups
    differ beyond chance, the more its rate is that of all (:func:`shrunk_rates`). Those who did not answer get 0.
    """

    groups: IntArray
    responded: BoolArray
    name: str = "non-response"

    def __post_init__(self) -> None:
        _check(self.groups, self.responded)

    def check(self, weights: FloatArray) -> None:
        if len(weights) != len(self.groups):
            raise LengthsDiffer("groups", len(self.groups), len(weights))

    def propensities(self, weights: FloatArray) -> FloatArray:
        """Of each unit, (n,)."""
        return shrunk_rates(self.groups, self.responded, weights)[self.groups]

    def factor(self, weights: FloatArray) -> FloatArray:
        rates = self.propensities(weights)
        return np.divide(1.0, rates, out=np.zeros(len(rates)), where=self.responded & (rates > 0))

    def carry_back(
        self,
        scores: FloatArray,
        *,
        before: FloatArray,  # noqa: ARG002 - every step is asked alike
        factor: FloatArray,
    ) -> FloatArray:
        """The factors count as given: those without answers have no score."""
        return factor[:, None] * scores


def shrunk_rates(groups: IntArray, responded: BoolArray, weights: FloatArray) -> FloatArray:
    """Response rates of groups 0…K-1 shrunk towards their mean, (K,); moments of the beta-binomial model.

    rate = γ own + (1 - γ) mean, γ = ρ n / (1 + ρ (n - 1)), n the effective number drawn in the group, ρ the
    correlation of answers inside groups, estimated from how much rates differ beyond chance, between 0 and 1.

    Two groups of 4, all and none of whom answer: nothing but the group matters (ρ = 1). Both with 2 of 4: it does not.

    >>> groups, ones = np.repeat([0, 1], 4), np.ones(8)
    >>> shrunk_rates(groups, groups == 0, ones).tolist()
    [1.0, 0.0]
    >>> shrunk_rates(groups, np.array([1, 1, 0, 0, 1, 0, 1, 0], dtype=bool), ones).tolist()
    [0.5, 0.5]

    Raises :class:`CellsTooSmall` if nobody answered.
    """
    count = int(groups.max(initial=-1)) + 1
    sums = sum_by(groups, weights, count)
    answered = sum_by(groups, weights * responded, count)
    if answered.sum() <= 0:
        raise CellsTooSmall("response rates: got no respondent at all, expected some")
    squares = sum_by(groups, weights**2, count)
    sizes = np.divide(sums**2, squares, out=np.zeros(count), where=squares > 0)
    used = sizes > 0
    rates = np.divide(answered, sums, out=np.zeros(count), where=used)
    mean = answered.sum() / sums.sum()
    # E Σ n (p - mean)² = mean (1 - mean) [(K - 1) (1 - ρ) + ρ (N - Σ n²/N)], solved for ρ.
    spread = float((sizes * (rates - mean) ** 2).sum())
    chance, total, several = mean * (1 - mean), float(sizes.sum()), int(used.sum()) - 1
    between = total - float((sizes**2).sum()) / total - several
    rho = (spread / chance - several) / between if chance > 0 and between > 0 else 0.0
    rho = min(max(rho, 0.0), 1.0)
    trust = np.divide(rho * sizes, 1 + rho * (sizes - 1), out=np.zeros(count), where=used)
    shrunk: FloatArray = trust * rates + (1 - trust) * mean
    return shrunk


def merge_small(classes: IntArray, responded: BoolArray, least: int = LEAST_CLASS) -> IntArray:
    """Ordered classes, (n,), merged with the next until each has ``least`` respondents.

    A last one that is too small joins the one before.

    >>> merge_small(np.array([0, 1, 1, 2, 3]), np.ones(5, dtype=bool), least=2).tolist()
    [0, 0, 0, 1, 1]
    """
    _check(classes, responded)
    answers = np.bincount(classes[responded], minlength=int(classes.max(initial=-1)) + 1)
    if answers.sum() < least:
        raise CellsTooSmall(f"classes: got {answers.sum()} respondents in all, expected at least {least}")
    merged, current, gathered = np.zeros(len(answers), dtype=np.int64), 0, 0
    for place, number in enumerate(answers):
        merged[place] = current
        gathered += int(number)
        if gathered >= least:
            current, gathered = current + 1, 0
    return np.minimum(merged, current - 1)[classes]


def propensity_classes(propensities: FloatArray, responded: BoolArray, count: int = 5) -> IntArray:
    """Classes of about equally many people with like propensities, (n,), each with enough respondents.

    >>> propensity_classes(np.repeat([0.2, 0.8], 30), np.ones(60, dtype=bool), count=2).tolist() == [0] * 30 + [1] * 30
    True
    """
    inner = np.quantile(propensities, np.arange(1, count) / count)
    return merge_small(np.searchsorted(inner, propensities, side="left").astype(np.int64), responded)


def _check(classes: IntArray, responded: BoolArray) -> None:
    if len(responded) != len(classes):
        raise LengthsDiffer("responded", len(responded), len(classes))
    if len(classes) and classes.min() < 0:
        raise DesignError(f"classes: got code {classes.min()}, expected codes from 0 up")
