"""Rank tests between groups; named as R's results are."""

import numpy as np

from analysis.estimation.model_matrix import level_codes
from analysis.estimation.rank_tests import RankScore, rank_test
from analysis.estimation.undefined import Undefined
from tests.reference.case_data import Case, Row, columns, domains
from tests.reference.case_design import design_of
from tests.reference.run_glm import named_columns

SCORES = {"wilcoxon": RankScore.WILCOXON, "KruskalWallis": RankScore.WILCOXON, "median": RankScore.MEDIAN}
KEYS = ("difference", "estimate", "se", "t", "statistic", "df", "parameter", "p_value")


def run(case: Case) -> list[Row]:
    design, request, data = design_of(case), case["request"], columns(case)
    name, group = (part.strip() for part in request["formula"].split("~"))
    values = data.numbers(name)
    rows: list[Row] = []
    for domain, members in domains(case):
        inside = members & np.isfinite(values)
        _, groups = level_codes(named_columns(data)[group], inside)
        score = SCORES.get(request.get("test", "wilcoxon"), RankScore.VAN_DER_WAERDEN)
        found = rank_test(design, values=values, groups=groups, inside=inside, score=score)
        if isinstance(found, Undefined):
            rows.append({"domain": domain, **dict.fromkeys(KEYS, found)})
            continue
        df = found.denominator_df if found.difference is not None else [found.df, found.denominator_df]
        numbers = (found.difference, found.difference, found.se, found.statistic, found.statistic, df, df)
        rows.append({"domain": domain, **dict(zip(KEYS, (*numbers, found.p_value), strict=True))})
    return rows
