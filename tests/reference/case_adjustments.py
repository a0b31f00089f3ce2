"""What a reference case does to the weights of its design, as steps of ours."""

from math import inf
from typing import Any

import numpy as np

from analysis.design import FloatArray, SurveyDesign
from analysis.weighting.calibration import Calibration, CalibrationMethod
from analysis.weighting.margins import Margin
from analysis.weighting.poststratification import PostStratification
from analysis.weighting.raking import Raking, RakingResiduals
from analysis.weighting.steps import Step, weigh_design
from analysis.weighting.trimming import Trimming
from tests.reference.case_data import Data


def adjust(design: SurveyDesign, described: list[dict[str, Any]], data: Data) -> SurveyDesign:
    return weigh_design(design, steps_of(described, data))


def steps_of(described: list[dict[str, Any]], data: Data) -> list[Step]:
    return [_step(step, data) for step in described]


def _step(described: dict[str, Any], data: Data) -> Step:
    match described["op"]:
        case "poststratify":
            return PostStratification(margin=_margin(described, data), least_cell=1)
        case "rake":
            return Raking(
                margins=tuple(_margin(margin, data) for margin in described["margins"]),
                least_cell=1,
                residuals=RakingResiduals.SWEPT,
            )
        case "calibrate":
            low, high = described.get("bounds") or (-inf, inf)
            names = tuple(described["totals"])
            terms = [term.strip() for term in described["formula"].lstrip("~").split("+")]
            return Calibration(
                matrix=np.column_stack([_column(name, terms, data) for name in names]),
                totals=np.array([described["totals"][name] for name in names], dtype=np.float64),
                method=CalibrationMethod(described["method"]),
                bounds=(-inf if low is None else low, inf if high is None else high),
                columns=names,
            )
        case "trim":
            lower, upper = described.get("lower"), described.get("upper")
            return Trimming(
                lower=-inf if lower is None else lower,
                upper=inf if upper is None else upper,
                strict=bool(described.get("strict", False)),
            )
    raise ValueError(f"adjustments: got {described['op']}, expected poststratify, rake, calibrate or trim")


def _margin(described: dict[str, Any], data: Data) -> Margin:
    codes = np.full(len(data), -1, dtype=np.int64)
    for code, cell in enumerate(described["cells"]):
        codes[data.where({name: cell[name] for name in described["by"]})] = code
    return Margin(
        name="×".join(described["by"]),
        codes=codes,
        totals=np.array([cell["N"] for cell in described["cells"]], dtype=np.float64),
    )


def _column(name: str, terms: list[str], data: Data) -> FloatArray:
    """A column of R's model matrix by its name: (Intercept), a number, a level of a factor, or a product of these."""
    if name == "(Intercept)":
        return np.ones(len(data))
    if name in data.columns:
        return data.numbers(name)
    factors = {part for term in terms for part in term.replace("*", ":").split(":")}
    for term in sorted(factors, key=len, reverse=True):
        column = term.removeprefix("factor(").removesuffix(")")
        if name.startswith(term) and column in data.columns:
            level = name.removeprefix(term)
            if ":" not in level:
                return data.where({column: level}).astype(np.float64)
    if ":" in name:
        return np.prod([_column(part, terms, data) for part in name.split(":")], axis=0)
    raise ValueError(f"formula: got a total of {name}, expected one of a term of {' + '.join(terms)}")
