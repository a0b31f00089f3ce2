"""Means, totals and ratios by domain: estimate, standard error, t interval, df, cv and design effect."""

import math
from collections.abc import Callable

import numpy as np

from analysis.design import BoolArray, FloatArray, LonelyPsu, SurveyDesign
from analysis.design_errors import LonelyPsuError
from analysis.estimation.design_effects import Compared, design_effect
from analysis.estimation.means import estimate_mean
from analysis.estimation.statistic import Estimate, t_limits
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.estimation.variance import design_df, domain_df
from tests.reference.case_data import Case, Row, columns, domains
from tests.reference.case_design import design_of

#: What leaves an estimate without a standard error.
WITHOUT_VARIANCE = frozenset({UndefinedReason.SINGLE_PSU, UndefinedReason.NEGATIVE_VARIANCE})

#: An estimate inside a domain, and the values (n,) whose design effect is asked for.
Estimator = Callable[[SurveyDesign, BoolArray], Estimate | Undefined]


def run(case: Case) -> list[Row]:
    y = columns(case).numbers(case["request"]["variable"])
    return rows(case, [y], lambda design, inside: estimate_mean(design, y, inside=inside), lambda *_: y)


def rows(
    case: Case,
    needed: list[FloatArray],
    estimator: Estimator,
    compared: Callable[[BoolArray, Estimate], FloatArray],
    *,
    total: bool = False,
) -> list[Row]:
    """One row per domain; ``needed`` values (n,) must be there, ``compared`` are those of the design effect."""
    design, request = design_of(case), case["request"]
    there = np.logical_and.reduce([np.isfinite(values) for values in needed])
    found = []
    for domain, members in domains(case):
        inside = members & there if request.get("na_rm") else members
        row: Row = {"domain": domain, "n": int(np.count_nonzero(inside & there & (design.weights != 0)))}
        estimate = attempt(design, estimator, inside, there)
        found.append({**row, **results(case, design, estimate, there if request.get("na_rm") else None)})
        if isinstance(estimate, Undefined):
            found[-1] |= value_alone(design, estimator, inside, estimate)
        if "deff" in request and isinstance(estimate, Estimate):
            found[-1]["deff"] = design_effect(
                design,
                compared(inside, estimate),
                inside,
                variance=float(estimate.covariance[0, 0]),
                kind=Compared(request["deff"]),
                total=total,
            )
    return found


def attempt(design: SurveyDesign, estimator: Estimator, inside: BoolArray, there: BoolArray) -> Estimate | Undefined:
    """The estimate, or why R has NA (values missing) or stops (a lonely PSU it must not meet)."""
    if (inside & ~there & (design.weights != 0)).any():
        return Undefined(reason=UndefinedReason.MISSING_VALUES)
    try:
        return estimator(design, inside)
    except LonelyPsuError:
        return Undefined(reason=UndefinedReason.SINGLE_PSU)


def value_alone(design: SurveyDesign, estimator: Estimator, inside: BoolArray, why: Undefined) -> Row:
    """R shows an estimate whose standard error does not exist (it hangs on the weights alone), unless it stops."""
    stopped = why.reason is UndefinedReason.SINGLE_PSU and design.lonely is LonelyPsu.FAIL
    if stopped or why.reason not in WITHOUT_VARIANCE:
        return {}
    weighted = SurveyDesign(weights=design.weights, strata=np.zeros(len(inside), dtype=np.int64))
    alone = estimator(weighted, inside)
    if isinstance(alone, Undefined):
        return {}
    return {"estimate": float(alone.value[0]), "se": why, "df": domain_df(design, inside)}


def results(case: Case, design: SurveyDesign, estimate: Estimate | Undefined, there: BoolArray | None = None) -> Row:
    request = case["request"]
    if isinstance(estimate, Undefined):
        return dict.fromkeys(("estimate", "se", "lower", "upper", "df", "cv", "deff"), estimate)
    value, se = float(estimate.value[0]), float(estimate.se[0])
    df = df_of(request.get("df", "domain"), design, estimate.df, there)
    limits = t_limits(value, se, df, request.get("level", 0.95))
    low, high = (limits, limits) if isinstance(limits, Undefined) else limits
    return {"estimate": value, "se": se, "lower": low, "upper": high, "df": df, "cv": estimate.cv}


def df_of(wanted: str, design: SurveyDesign, domain: int, there: BoolArray | None = None) -> float:
    """The degrees of freedom a case asks for; ``there`` (n,): what is left of the design without missing values."""
    if wanted == "inf":
        return math.inf
    if wanted == "domain":
        return domain
    return design_df(design) if there is None or there.all() else domain_df(design, there)
