"""Means of groups with their covariance, and every pair of them compared."""

import numpy as np

from analysis.estimation.contrasts import adjusted_pairs, group_means, pairs
from analysis.estimation.families import Correction
from analysis.estimation.model_matrix import level_codes
from analysis.estimation.undefined import Undefined
from tests.reference.case_data import Case, Row, columns, domains
from tests.reference.case_design import design_of
from tests.reference.run_glm import named_columns


def run(case: Case) -> list[Row]:
    design, request, data = design_of(case), case["request"], columns(case)
    values = data.numbers(request["variable"])
    rows: list[Row] = []
    for domain, members in domains(case):
        there = np.isfinite(values) & (design.weights > 0)
        names, groups = level_codes(named_columns(data)[request["by"]], members & there)
        found = group_means(
            design, values=values, groups=groups, count=len(names), inside=None if domain is None else members
        )
        if isinstance(found, Undefined):
            rows.append({"domain": domain, "levels": list(names), **dict.fromkeys(("estimate", "vcov", "df"), found)})
            continue
        row = {"domain": domain, "levels": list(names), "estimate": found.means, "vcov": found.covariance}
        differences = pairs(found)
        family = {one.lower(): adjusted_pairs(differences, one) for one in Correction}
        compared: list[Row] = []
        for (a, b), one in differences.items():
            pair: Row = {"a": names[a], "b": names[b], "difference": found.means[a] - found.means[b]}
            pair |= {f"p_{name}": adjusted.get((a, b)) for name, adjusted in family.items()}
            if isinstance(one, Undefined):
                compared.append(pair | {"se": 0.0, "t": one, "p": one})
            else:
                compared.append(pair | {"se": one.se, "t": one.t, "p": one.p_value})
        rows.append({**row, "df": found.df, "pairs": compared})
    return rows
