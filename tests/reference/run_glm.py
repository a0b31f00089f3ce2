"""Regressions: coefficients, their covariance, tests, residual df and dispersion."""

import numpy as np

from analysis.design import BoolArray, SurveyDesign
from analysis.estimation.model_matrix import Column, model_matrix
from analysis.estimation.outcome_families import Family
from analysis.estimation.regression import estimate_regression
from analysis.estimation.undefined import Undefined
from tests.reference.case_data import MISSING, Case, Data, Row, columns, domains
from tests.reference.case_design import design_of, kept_rows

FAMILIES = {"binomial": Family.QUASIBINOMIAL, "poisson": Family.QUASIPOISSON}
KEYS = ("coef", "se", "t", "p", "vcov", "df_residual", "dispersion")


def run(case: Case) -> list[Row]:
    design, request, data = design_of(case), case["request"], columns(case)
    family = request.get("family", Family.GAUSSIAN)
    rows: list[Row] = []
    for domain, inside in domains(case):
        model = model_matrix(request["formula"], named_columns(data), factors=request.get("factors", ()), within=inside)
        found = estimate_regression(
            design,
            outcome=model.outcome,
            matrix=model.matrix,
            names=model.names,
            inside=inside,
            answered=model.complete,
            family=FAMILIES.get(family) or Family(family),
        )
        row: Row = {"domain": domain, "terms": list(model.names)}
        if isinstance(found, Undefined):
            rows.append({**row, **dict.fromkeys(KEYS, found)})
            continue
        tested = found.tests()
        t, p = (tested, tested) if isinstance(tested, Undefined) else tested
        dispersion = found.dispersion * _mean_weights(design, inside, model.complete)
        numbers = (found.coefficients, found.se, t, p, found.covariance, found.df, dispersion)
        rows.append({**row, "n": found.n, **dict(zip(KEYS, numbers, strict=True))})
    return rows


def _mean_weights(design: SurveyDesign, inside: BoolArray, complete: BoolArray) -> float:
    """What R multiplies the dispersion by where values are missing: the mean weight of the rows it has kept without
    them, over that of the rows before. Ours has no such factor: a missing value says nothing about spread."""
    members = inside & complete
    if design.replicates is not None or not members.any():
        return 1.0
    after, before = (
        design.weights[rows].sum() / np.count_nonzero(kept_rows(design, rows)) for rows in (members, inside)
    )
    return float(after / before)


def named_columns(data: Data) -> dict[str, Column]:
    """Columns as R reads them: numbers where every cell is one or missing, else words."""
    return {name: _column(data, name) for name in data.columns}


def _column(data: Data, name: str) -> Column:
    try:
        return data.numbers(name)
    except ValueError:
        return ["" if cell in MISSING else cell for cell in data.text(name)]
