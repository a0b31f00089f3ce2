"""Do two answers go together? Tests of independence in a table of two answers.

Pearson's statistic with the corrections of Rao & Scott (1984, Ann. Statist. 12:46-60): second order with
Satterthwaite's degrees of freedom as F (Thomas & Rao 1987, JASA 82:630-636), first order as chi-square; and the Wald
test of the differences between observed and expected totals (Koch, Freeman & Freeman 1975, Int. Stat. Rev. 43:59-78),
plain or adjusted for few degrees of freedom (Fellegi 1980, JASA 75:261-268).
"""

from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np
from scipy.special import chdtrc, fdtrc

from analysis.design import BoolArray, FloatArray, IntArray, SurveyDesign
from analysis.design_errors import LengthsDiffer
from analysis.estimation.statistic import Estimate, estimate
from analysis.estimation.sums import sum_by
from analysis.estimation.undefined import NotDefined, Undefined, UndefinedReason
from analysis.estimation.values import everyone
from analysis.estimation.variance import domain_df
from analysis.estimation.wald import wald_statistic

#: Smaller parts of a matrix are rounding dust.
_DUST = 1e-12


class AssociationTest(StrEnum):
    """``F`` is the one to use: right in size also where the clusters are few."""

    F = "F"
    CHISQ = "Chisq"
    WALD = "Wald"
    ADJUSTED_WALD = "adjWald"


@dataclass(frozen=True, kw_only=True)
class Association:
    """``statistic`` with ``df`` (of numerator and denominator; the latter ``None`` for a chi-square) and ``p_value``.

    For ``CHISQ`` the statistic is Pearson's own, and the p-value that of the statistic divided by the mean design
    effect of the table.
    """

    test: AssociationTest
    statistic: float
    df: float
    denominator_df: float | None
    p_value: float
    n: int


@dataclass(frozen=True, kw_only=True)
class CellTotals:
    """The weight in each of ``count`` cells; ``cells`` (n,) codes, -1 for none."""

    cells: IntArray
    count: int

    def at(self, weights: FloatArray) -> FloatArray:
        inside = self.cells >= 0
        return sum_by(self.cells[inside], weights[inside], self.count)

    def scores(self, weights: FloatArray) -> FloatArray:
        del weights  # a total's influence is the same whatever the weights
        hits: FloatArray = (self.cells[:, None] == np.arange(self.count)).astype(np.float64)
        return hits


@dataclass(frozen=True, kw_only=True)
class CellShares:
    """The share of each cell in all of them."""

    cells: IntArray
    count: int

    def at(self, weights: FloatArray) -> FloatArray:
        totals = CellTotals(cells=self.cells, count=self.count).at(weights)
        if not totals.sum() > 0:
            raise NotDefined(UndefinedReason.EMPTY_DOMAIN)
        shares: FloatArray = totals / totals.sum()
        return shares

    def scores(self, weights: FloatArray) -> FloatArray:
        inside = self.cells >= 0
        hits = CellTotals(cells=self.cells, count=self.count).scores(weights)
        scores: FloatArray = np.where(inside[:, None], hits - self.at(weights), 0.0) / weights[inside].sum()
        return scores


def estimate_association(
    design: SurveyDesign,
    *,
    rows: IntArray,
    columns: IntArray,
    inside: BoolArray | None = None,
    test: AssociationTest = AssociationTest.F,
) -> Association | Undefined:
    """Whether ``rows`` and ``columns`` (n,), codes from 0 and -1 for no answer, are independent ``inside`` (n,).

    Degrees of freedom are those of the domain ``inside``, whether its members answered or not, and ``n`` those who did.
    Undefined for an empty domain, an answer that everybody gives (nothing to go together with), and where the design
    says nothing about the variance. Raises :class:`LengthsDiffer`.

    Four strangers per cell of 2 x 2, say 8, 2, 2, 8 of 20: Pearson's statistic is 20 x .6² = 7.2.

    >>> rows, columns = np.repeat([0, 0, 1, 1], [8, 2, 2, 8]), np.repeat([0, 1, 0, 1], [8, 2, 2, 8])
    >>> design = SurveyDesign(weights=np.ones(20), strata=np.zeros(20, dtype=int))
    >>> found = estimate_association(design, rows=rows, columns=columns, test=AssociationTest.CHISQ)
    >>> round(found.statistic, 6), found.df
    (7.2, 1)
    """
    for name, codes in (("rows", rows), ("columns", columns)):
        if len(codes) != len(design.weights):
            raise LengthsDiffer(name, len(codes), len(design.weights))
    members = everyone(design, inside)
    present = members & (rows >= 0) & (columns >= 0) & (design.weights > 0)
    if not present.any():
        return Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
    heard = (
        np.unique(rows[present], return_inverse=True)[1],
        np.unique(columns[present], return_inverse=True)[1],
    )
    shape = (int(heard[0].max()) + 1, int(heard[1].max()) + 1)
    if min(shape) < 2:
        return Undefined(reason=UndefinedReason.NO_VARIANCE)
    used = np.full(len(present), -1)
    used[present] = heard[0] * shape[1] + heard[1]
    statistic = CellTotals if test in (AssociationTest.WALD, AssociationTest.ADJUSTED_WALD) else CellShares
    found = estimate(design, statistic(cells=used, count=shape[0] * shape[1]), inside=used >= 0)
    if isinstance(found, Undefined):
        return found
    # A missing answer takes away a respondent, but no PSU.
    found = replace(found, df=domain_df(design, members))
    if found.df < 1:
        return Undefined(reason=UndefinedReason.NO_DEGREES_OF_FREEDOM)
    return _wald(found, shape, test) if statistic is CellTotals else _rao_scott(found, shape, test)


def _rao_scott(found: Estimate, shape: tuple[int, int], test: AssociationTest) -> Association | Undefined:
    """The design effects of the table are the eigenvalues of (C'D⁻¹C)⁻¹ (C'D⁻¹ nV D⁻¹C): C the part of the
    interactions that rows and columns do not explain, D the diagonal of the shares, V their covariance."""
    shares = found.value
    table = shares.reshape(shape)
    expected = np.outer(table.sum(1), table.sum(0))
    pearson = float(found.n * ((table - expected) ** 2 / expected).sum())
    effects = _interactions(shape)
    divided = effects * np.divide(1, shares, out=np.zeros_like(shares), where=shares > 0)[:, None]
    simple = effects.T @ divided
    if np.linalg.cond(simple) > 1 / _DUST:
        return Undefined(reason=UndefinedReason.NO_VARIANCE)
    design_effects = np.linalg.solve(simple, found.n * (divided.T @ found.covariance @ divided))
    trace, squares = float(np.trace(design_effects)), float((design_effects * design_effects.T).sum())
    if trace <= _DUST:
        return Undefined(reason=UndefinedReason.NO_VARIANCE)
    if test is AssociationTest.CHISQ:
        k = effects.shape[1]
        p_value = float(chdtrc(k, pearson * k / trace))
        return Association(test=test, statistic=pearson, df=k, denominator_df=None, p_value=p_value, n=found.n)
    df = trace**2 / squares
    return Association(
        test=test,
        statistic=pearson / trace,
        df=df,
        denominator_df=df * found.df,
        p_value=float(fdtrc(df, df * found.df, pearson / trace)),
        n=found.n,
    )


def _interactions(shape: tuple[int, int]) -> FloatArray:
    """(R C, (R-1)(C-1)): products of contrasts of rows and of columns, each adding up to nothing."""
    rows, columns = (np.eye(size)[:, 1:] - np.eye(size)[:, [0]] for size in shape)
    found: FloatArray = np.kron(rows, columns).astype(np.float64, copy=False)
    return found


def _wald(found: Estimate, shape: tuple[int, int], test: AssociationTest) -> Association | Undefined:
    """Observed less expected totals N(r,c) - N(r) N(c)/N, without the last row and column; their covariance by the
    derivatives of the expected totals."""
    table = found.value.reshape(shape)
    rows, columns = table.sum(1) / table.sum(), table.sum(0) / table.sum()
    apart = (table - np.outer(rows, columns) * table.sum())[:-1, :-1].ravel()
    contrasts = np.kron((np.eye(shape[0]) - rows[:, None])[:-1], (np.eye(shape[1]) - columns[:, None])[:-1])
    k = len(apart)
    if found.df < k:
        return Undefined(reason=UndefinedReason.NO_DEGREES_OF_FREEDOM)
    squared = wald_statistic(apart, contrasts @ found.covariance @ contrasts.T, least=_DUST * float(table.sum()))
    if squared is None:
        return Undefined(reason=UndefinedReason.NO_VARIANCE)
    statistic = squared / k
    denominator = float(found.df)
    if test is AssociationTest.ADJUSTED_WALD:
        denominator = found.df - k + 1.0
        statistic *= denominator / found.df
    return Association(
        test=test,
        statistic=statistic,
        df=k,
        denominator_df=denominator,
        p_value=float(fdtrc(k, denominator, statistic)),
        n=found.n,
    )
