"""Independence of two answers: one row per statistic (and domain)."""

import numpy as np

from analysis.estimation.association import AssociationTest, estimate_association
from analysis.estimation.model_matrix import level_codes
from analysis.estimation.undefined import Undefined
from tests.reference.case_data import Case, Row, columns, domains
from tests.reference.case_design import design_of, kept_rows


def run(case: Case) -> list[Row]:
    design, request, data = design_of(case), case["request"], columns(case)
    everyone = np.ones(len(data), dtype=bool)
    codes = [level_codes(data.text(request[name]), everyone)[1] for name in ("row", "col")]
    rows: list[Row] = []
    for _, inside in domains(case):
        for name in request["statistics"]:
            found = estimate_association(
                design, rows=codes[0], columns=codes[1], inside=inside, test=AssociationTest(name)
            )
            if isinstance(found, Undefined):
                rows.append({"statistic_name": name, **dict.fromkeys(("statistic", "parameter", "p_value"), found)})
                continue
            both = found.df if found.denominator_df is None else [found.df, found.denominator_df]
            statistic = found.statistic
            if found.test is AssociationTest.CHISQ:
                # R's own counts every row it has kept, without an answer, too; the p-value does not hang on it.
                statistic *= np.count_nonzero(kept_rows(design, inside)) / found.n
            rows.append({"statistic_name": name, "statistic": statistic, "parameter": both, "p_value": found.p_value})
    return rows
