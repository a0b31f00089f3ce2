"""Quantiles by domain, with Woodruff's interval."""

import numpy as np

from analysis.estimation.quantiles import QuantileRule, estimate_quantile
from analysis.estimation.undefined import Undefined
from analysis.estimation.variance import domain_df
from tests.reference.case_data import Case, Row, columns, domains
from tests.reference.case_design import design_of
from tests.reference.run_mean import df_of


def run(case: Case) -> list[Row]:
    design, request = design_of(case), case["request"]
    values = columns(case).numbers(request["variable"])
    there = np.isfinite(values)
    rows: list[Row] = []
    for domain, members in domains(case):
        inside = members & there
        df = df_of(request.get("df", "domain"), design, domain_df(design, inside))
        found = estimate_quantile(
            design,
            values=values,
            p=request["p"],
            inside=inside,
            rule=QuantileRule(request.get("qrule", "math")),
            level=request.get("level", 0.95),
            df=df,
        )
        n = int(np.count_nonzero(inside & (design.weights != 0)))
        if isinstance(found, Undefined):
            rows.append({"domain": domain, "n": n, **dict.fromkeys(("estimate", "se", "lower", "upper", "df"), found)})
        else:
            limits = {"lower": found.low, "upper": found.high, "se": found.se}
            rows.append({"domain": domain, "n": n, "estimate": found.value, "df": df, **limits})
    return rows
