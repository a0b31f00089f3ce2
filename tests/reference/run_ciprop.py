"""Intervals of proportions by the methods of other software."""

import math

import numpy as np

from analysis.design import BoolArray, FloatArray, SurveyDesign
from analysis.estimation.interval_methods import IntervalMethod, interval_by_method
from analysis.estimation.log_odds import LogOdds
from analysis.estimation.means import estimate_mean
from analysis.estimation.statistic import Estimate, estimate
from analysis.estimation.undefined import Undefined
from tests.reference.case_data import Case, Row, columns, domains
from tests.reference.case_design import design_of, kept_rows
from tests.reference.run_mean import attempt, df_of

NAMES = ("estimate", "se", "lower", "upper", "df", "n_eff", "n_eff_adj")


def run(case: Case) -> list[Row]:
    design, request = design_of(case), case["request"]
    y = columns(case).numbers(request["variable"])
    there = np.isfinite(y)
    found = []
    for domain, members in domains(case):
        inside = members & there if request.get("na_rm") else members
        n = int(np.count_nonzero(inside & there & (design.weights != 0)))
        found.append({"domain": domain, "n": n, **results(case, design, y, inside)})
    return found


def results(case: Case, design: SurveyDesign, y: FloatArray, inside: BoolArray) -> Row:
    request, method = case["request"], IntervalMethod(case["request"]["method"])
    mean = attempt(design, lambda drawn, here: estimate_mean(drawn, y, inside=here), inside, np.isfinite(y))
    if isinstance(mean, Undefined):
        return dict.fromkeys(NAMES, mean)
    wanted = "design" if method is IntervalMethod.KORN_GRAUBARD_NCHS else request.get("df", "domain")
    df = df_of(wanted, design, mean.df, np.isfinite(y) if request.get("na_rm") else None)
    p, se = float(mean.value[0]), float(mean.se[0])
    beta = method is IntervalMethod.BETA
    interval = interval_by_method(
        method,
        p=p,
        variance=se**2,
        # R's beta takes for n the rows it has kept, and no df but the domain's.
        n=int(np.count_nonzero(kept_rows(design, inside))) if beta else mean.n,
        df=mean.df if beta else df,
        level=request.get("level", 0.95),
        log_odds_variance=_log_odds_variance(design, y, inside, p),
    )
    row: Row = {"estimate": p, "se": se, "df": df}
    if isinstance(interval, Undefined):
        # R's profile of a likelihood without a maximum is an error, the estimate gone with it.
        return {**dict.fromkeys(NAMES, interval), **(row if method is not IntervalMethod.LIKELIHOOD else {})}
    return {
        **row,
        "lower": interval.low,
        "upper": interval.high,
        "n_eff": interval.n_effective,
        "n_eff_adj": interval.n_adjusted,
    }


def _log_odds_variance(design: SurveyDesign, y: FloatArray, inside: BoolArray, p: float) -> float | None:
    """Under replicates the log odds have a variance of their own."""
    if design.replicates is None or not 0 < p < 1:
        return None
    found = estimate(design, LogOdds(counted=y > 0, inside=inside), inside=inside)
    return float(found.covariance[0, 0]) if isinstance(found, Estimate) else math.inf
