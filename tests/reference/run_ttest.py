"""A mean against a number, or two groups against each other."""

import numpy as np

from analysis.design import BoolArray, SurveyDesign
from analysis.estimation.model_matrix import FormulaError, level_codes
from analysis.estimation.t_tests import TTest, one_group, two_groups
from analysis.estimation.undefined import Undefined
from tests.reference.case_data import Case, Data, Row, columns, domains
from tests.reference.case_design import design_of
from tests.reference.run_glm import named_columns

KEYS = ("difference", "estimate", "se", "t", "df", "p_value", "lower", "upper", "n")


def run(case: Case) -> list[Row]:
    design, data = design_of(case), columns(case)
    return [{"domain": domain, **_row(_tested(case, design, data, inside))} for domain, inside in domains(case)]


def _tested(case: Case, design: SurveyDesign, data: Data, inside: BoolArray) -> TTest | Undefined:
    request = case["request"]
    name, group = (part.strip() for part in request["formula"].split("~"))
    values = data.numbers(name)
    inside = inside & np.isfinite(values)
    level = request.get("level", 0.95)
    if group in ("0", "1"):
        return one_group(design, values=values, inside=inside, expected=request.get("mu", 0.0), level=level)
    levels, codes = level_codes(named_columns(data)[group], inside)
    if len(levels) != 2:
        raise FormulaError(f"{group}: got {len(levels)} groups, expected two")
    return two_groups(design, values=values, second=codes == 1, inside=codes >= 0, level=level)


def _row(found: TTest | Undefined) -> Row:
    if isinstance(found, Undefined):
        return dict.fromkeys(KEYS, found)
    numbers = (found.difference, found.difference, found.se, found.t, found.df, found.p_value, found.low, found.high)
    return dict(zip(KEYS, (*numbers, found.n), strict=True))
