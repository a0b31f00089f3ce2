"""Proportions, standard errors and intervals against R's survey package: one test per case."""

import csv
import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.design import BoolArray, SurveyDesign
from analysis.estimation.intervals import Pooled, korn_graubard, wilson, wilson_effective
from analysis.estimation.proportions import Proportions, estimate_proportions

HERE = Path(__file__).parent
Case = dict[str, Any]

#: Lonely PSUs other than centred at the grand mean, replicate weights, calibrated weights, second stages.
NOT_YET = frozenset(
    {
        "ciprop-edgeA_average-support-korn_graubard_nchs-domain-0.95",
        "ciprop-edgeA_average-support-mean-domain-0.95",
        "ciprop-edgeA_certainty-support-korn_graubard_nchs-domain-0.95",
        "ciprop-edgeA_certainty-support-mean-domain-0.95",
        "ciprop-edgeA_remove-support-korn_graubard_nchs-domain-0.95",
        "ciprop-edgeA_remove-support-mean-domain-0.95",
        "ciprop-strat_JKn-awards_yes-mean-domain-0.95",
        "mean-clus2_prob-both_yes-domain-0.99-wor",
        "mean-edgeA_average-know-domain-0.95",
        "mean-edgeA_certainty-know-domain-0.95",
        "mean-edgeA_remove-know-domain-0.95",
        "mean-srs_lin-sch_wide_yes-domain-0.95",
        "mean-srs_ps-sch_wide_yes-domain-0.95",
        "mean-srs_rake-sch_wide_yes-domain-0.95",
        "mean-strat_JKn-sch_wide_yes-domain-0.95",
        "mean-strat_lin-both_yes-domain-0.9",
        "mean-strat_rake-both_yes-domain-0.9",
        "mean-strat_rakecal-both_yes-domain-0.9",
    }
)


def cases(*methods: str) -> list[Any]:
    found = [
        case
        for name in ("ciprop", "mean")
        for case in json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    ]
    return [
        pytest.param(case, id=case["id"])
        for case in found
        if case["request"].get("method", "mean") in methods and case["id"] not in NOT_YET
    ]


@cache
def columns(dataset: str) -> dict[str, list[str]]:
    with (HERE / dataset).open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {name: [row[name] for row in rows] for name in rows[0]}


def codes(values: list[Any]) -> np.ndarray[Any, np.dtype[np.int64]]:
    return np.unique(np.array(values), return_inverse=True)[1].astype(np.int64)


def design_of(case: Case) -> SurveyDesign:
    data, described = columns(case["dataset"]), case["design"]
    weights = np.array(data[described["weights"]], dtype=float)
    strata = codes(data[described["strata"][0]]) if "strata" in described else np.zeros(len(weights), dtype=np.int64)
    psus = None
    if "psu" in described:
        own = data[described["psu"][0]]
        psus = codes([f"{stratum}/{psu}" for stratum, psu in zip(strata, own, strict=True)])
    design = SurveyDesign(weights=weights, strata=strata, psus=psus)
    if "fpc" not in described:
        return design
    counts = np.array(data[described["fpc"][0]], dtype=float)
    of_stratum = np.array([counts[strata == stratum][0] for stratum in range(design.stratum_count)])
    completes = np.bincount(strata)
    return SurveyDesign(
        weights=weights, strata=strata, psus=psus, population=completes * of_stratum / design.psu_counts
    )


@dataclass(frozen=True, kw_only=True)
class Estimated:
    proportions: Proportions
    design_df: int
    expected: list[dict[str, Any]]

    def df(self, wanted: str, place: int) -> float:
        return {"domain": float(self.proportions.df[place]), "design": float(self.design_df), "inf": math.inf}[wanted]


def estimate(case: Case) -> Estimated:
    data, request, design = columns(case["dataset"]), case["request"], design_of(case)
    values = data[request["variable"]]
    in_base = np.array([value != "" for value in values])
    counted = np.array([value == "1" for value in values])
    wanted = request.get("domains") or [{}]
    domains = np.full(len(values), -1, dtype=np.int64)
    for place, domain in enumerate(wanted):
        inside: BoolArray = np.ones(len(values), dtype=bool)
        for column, value in domain.items():
            inside &= np.array(data[column]) == str(value)
        domains[inside] = place
    assert [row["domain"] or {} for row in case["expected"]] == wanted
    return Estimated(
        proportions=estimate_proportions(
            design, counted=counted, in_base=in_base, domains=domains, domain_count=len(wanted)
        ),
        design_df=int((design.psu_counts - 1).sum()),
        expected=case["expected"],
    )


def close(case: Case, expected: float) -> Any:
    return pytest.approx(expected, rel=case["rel_tol"], abs=case["abs_tol"])


@pytest.mark.parametrize("case", cases("mean", "wilson", "korn_graubard_nchs"))
def test_estimate_and_standard_error(case: Case) -> None:
    found = estimate(case)
    for place, row in enumerate(found.expected):
        assert found.proportions.n[place] == row["n"]
        if row["n"] == 0:
            continue  # an empty domain: R has an error
        assert found.proportions.proportion[place] == close(case, row["estimate"])
        assert math.sqrt(found.proportions.variance[place]) == close(case, row["se"])
        if case["request"]["df"] == "domain" and row["df"] is not None and "nchs" not in case["id"]:
            assert found.proportions.df[place] == row["df"]


@pytest.mark.parametrize("case", cases("wilson"))
def test_wilson(case: Case) -> None:
    found, request = estimate(case), case["request"]
    for place, row in enumerate(found.expected):
        if row["lower"] is None:
            continue  # R has no interval; what ours is there: test_never_nothing
        p, variance = found.proportions.proportion[place], found.proportions.variance[place]
        low, high = wilson(
            np.array([p]), np.array([p * (1 - p) / variance]), found.df(request["df"], place), request["level"]
        )
        assert low[0] == close(case, row["lower"])
        assert high[0] == close(case, row["upper"])


@pytest.mark.parametrize("case", cases("korn_graubard_nchs"))
def test_korn_graubard(case: Case) -> None:
    found, request = estimate(case), case["request"]
    for place, row in enumerate(found.expected):
        if row["lower"] is None:
            continue
        p, variance = float(found.proportions.proportion[place]), float(found.proportions.variance[place])
        n = float(found.proportions.n[place])
        low, high = korn_graubard(
            p,
            n=n,
            n_effective=p * (1 - p) / variance if variance > 0 else math.inf,
            df=row["df"],
            level=request["level"],
        )
        assert low == close(case, row["lower"])
        assert high == close(case, row["upper"])


@pytest.mark.parametrize("case", cases("wilson"))
def test_never_nothing(case: Case) -> None:
    """Where R gives NaN or a zero width, the default interval has a width or a named reason."""
    found = estimate(case).proportions
    intervals = wilson_effective(found, Pooled(design_effect=1.0, df=11))
    for place, reason in enumerate(intervals.reasons):
        low, p, high = intervals.low[place], found.proportion[place], intervals.high[place]
        assert reason is not None or (0 <= low <= p <= high <= 1 and high - low > 0.001)


def test_names_of_what_is_not_covered_are_real() -> None:
    known = {
        case["id"]
        for name in ("ciprop", "mean")
        for case in json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))["cases"]
    }
    assert known > NOT_YET
