"""Student's t in a design: does a mean differ from a number, do two groups differ?

The difference of two groups is the slope on their indicator, so its degrees of freedom are the domain's less one
(Korn & Graubard 1990, Am. Stat. 44:270-276).
"""

from dataclasses import dataclass

import numpy as np

from analysis.design import BoolArray, FloatArray, SurveyDesign
from analysis.design_errors import LengthsDiffer
from analysis.estimation.contrasts import Contrast, students_t
from analysis.estimation.outcome_families import Family
from analysis.estimation.regression import estimate_regression
from analysis.estimation.undefined import Undefined, UndefinedReason


@dataclass(frozen=True, kw_only=True)
class TTest(Contrast):
    """A difference, tested, between ``n`` respondents."""

    n: int


def two_groups(
    design: SurveyDesign,
    *,
    values: FloatArray,
    second: BoolArray,
    inside: BoolArray | None = None,
    level: float = 0.95,
) -> TTest | Undefined:
    """The mean of ``values`` (n,) in the ``second`` group (n,) less that in the first, of those ``inside`` (n,).

    Undefined for an empty domain or group, and without variance or degrees of freedom. Raises :class:`DesignError` for
    lengths that differ and values inside that are no finite numbers.

    >>> design = SurveyDesign(weights=np.ones(4), strata=np.zeros(4, dtype=int))
    >>> found = two_groups(design, values=np.array([1.0, 3, 5, 7]), second=np.array([False, False, True, True]))
    >>> round(found.difference, 6), found.df
    (4.0, 2)
    """
    if len(second) != len(design.weights):
        raise LengthsDiffer("second", len(second), len(design.weights))
    matrix = np.column_stack([np.ones(len(design.weights)), second.astype(np.float64)])
    return _test(design, values, matrix, ("first", "second"), inside, level)


def one_group(
    design: SurveyDesign,
    *,
    values: FloatArray,
    expected: float = 0.0,
    inside: BoolArray | None = None,
    level: float = 0.95,
) -> TTest | Undefined:
    """The mean of ``values`` (n,) of those ``inside`` less the number ``expected``; else as :func:`two_groups`."""
    return _test(design, values - expected, np.ones((len(design.weights), 1)), ("mean",), inside, level)


def _test(
    design: SurveyDesign,
    values: FloatArray,
    matrix: FloatArray,
    names: tuple[str, ...],
    inside: BoolArray | None,
    level: float,
) -> TTest | Undefined:
    found = estimate_regression(
        design, outcome=values, matrix=matrix, names=names, inside=inside, family=Family.GAUSSIAN
    )
    if isinstance(found, Undefined):
        # Two columns that say the same: one of the groups is empty.
        empty = found.reason is UndefinedReason.COLLINEAR
        return Undefined(reason=UndefinedReason.EMPTY_DOMAIN) if empty else found
    tested = students_t(float(found.coefficients[-1]), float(found.se[-1]), found.df, level=level)
    return tested if isinstance(tested, Undefined) else TTest(**vars(tested), n=found.n)
