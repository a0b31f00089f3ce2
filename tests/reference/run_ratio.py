"""Ratios by domain; see run_mean. The design effect is that of the total of the residuals."""

import numpy as np

from analysis.design import BoolArray, FloatArray
from analysis.estimation.ratios import estimate_ratio
from analysis.estimation.statistic import Estimate
from tests.reference.case_data import Case, Row, columns
from tests.reference.case_design import design_of
from tests.reference.run_mean import rows


def run(case: Case) -> list[Row]:
    data, request = columns(case), case["request"]
    y, x = data.numbers(request["variable"]), data.numbers(request["denominator"])
    weights = design_of(case).weights

    def residuals(inside: BoolArray, found: Estimate) -> FloatArray:
        below = float(weights[inside] @ x[inside])
        return np.where(inside, (y - found.value[0] * x) / below, 0.0)

    return rows(case, [y, x], lambda design, inside: estimate_ratio(design, y, x, inside=inside), residuals, total=True)
