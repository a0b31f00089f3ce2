"""The people each combination of answers stands for; the first answer goes round fastest."""

from functools import reduce
from itertools import product

import numpy as np

from analysis.estimation.association import CellTotals
from analysis.estimation.model_matrix import level_codes
from tests.reference.case_data import Case, Row, columns, domains
from tests.reference.case_design import design_of
from tests.reference.run_glm import named_columns


def run(case: Case) -> list[Row]:
    design, data = design_of(case), columns(case)
    names = [name.strip() for name in case["request"]["formula"].lstrip("~ ").split("+")]
    everyone = np.ones(len(data), dtype=bool)
    rows: list[Row] = []
    for domain, inside in domains(case):
        coded = [level_codes(named_columns(data)[name], everyone) for name in names]
        known = reduce(np.logical_and, [codes >= 0 for _, codes in coded], inside)
        cells, count = np.zeros(len(data), dtype=np.int64), 1
        for levels, codes in coded:
            cells, count = cells + count * codes, count * len(levels)
        totals = CellTotals(cells=np.where(known, cells, -1), count=count).at(design.weights)
        combinations = product(*(levels for levels, _ in reversed(coded)))
        rows.append(
            {
                "domain": domain,
                "cells": [
                    {**dict(zip(names, reversed(combination), strict=True)), "Freq": float(total)}
                    for combination, total in zip(combinations, totals, strict=True)
                ],
            }
        )
    return rows
