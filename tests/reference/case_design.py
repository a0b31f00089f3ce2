"""A reference case's design as ours: stages, population corrections, unequal probabilities, replicates, adjustments."""

import csv
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from analysis.design import (
    BoolArray,
    FloatArray,
    IntArray,
    JointVariance,
    LonelyPsu,
    Replicates,
    SelectionMethod,
    Stage,
    SurveyDesign,
    UnequalSelection,
)
from analysis.weighting.steps import Weighting
from analysis.weighting.trimming import Trimming
from tests.reference.case_data import Case, Data, columns

METHODS = {
    "brewer": SelectionMethod.BREWER,
    "overton": SelectionMethod.OVERTON,
    "hr": SelectionMethod.HARTLEY_RAO,
    "joint": SelectionMethod.JOINT,
}


def design_of(case: Case) -> SurveyDesign:
    """The design with everything its description asks for."""
    data, described = columns(case), case["design"]
    design = drawn_design(case)
    if described.get("type") == "replicate_given":
        design = replace(design, replicates=_given_replicates(data, described["replicate"], design.weights))
    elif described.get("type") == "replicate_from_design":
        from tests.reference.case_replicates import made_replicates

        design = replace(design, replicates=made_replicates(design, described["replicate"]))
    if described.get("adjustments"):
        from tests.reference.case_adjustments import adjust

        design = adjust(design, described["adjustments"], data)
    return design


def drawn_design(case: Case) -> SurveyDesign:
    """The design as drawn: without replicates and adjustments."""
    data, described = columns(case), case["design"]
    stages = _stages(data, described)
    fractions = _fractions(data, described, stages)
    weights = _weights(data, described, fractions)
    units, strata = stages[0]
    pps = described.get("pps")
    given = None
    if fractions and not pps:
        given = np.zeros(int(strata.max()) + 1)
        given[strata] = fractions[0]
    return SurveyDesign(
        weights=weights,
        strata=strata,
        psus=units if "psu" in described else None,
        sampling_fractions=given,
        later_stages=tuple(
            # R looks below the first stage as far as there are population corrections.
            Stage(units=lower, strata=cut, fractions=fractions[number])
            for number, (lower, cut) in enumerate(stages)
            if 0 < number < len(fractions)
        ),
        lonely=LonelyPsu(described.get("lonely_psu", "fail")),
        adjust_domain_lonely=bool(described.get("adjust_domain_lonely", False)),
        selection=_selection(case, pps, fractions[0]) if pps else None,
    )


def _stages(data: Data, described: dict[str, Any]) -> list[tuple[IntArray, IntArray]]:
    """Units and strata of each stage, codes unique across everything above."""
    n = len(data)
    units = [data.codes([name]) for name in described.get("psu", [])] or [np.arange(n, dtype=np.int64)]
    strata = [data.codes([name]) for name in described.get("strata", [])]
    above = np.zeros(n, dtype=np.int64)
    stages = []
    for number, unit in enumerate(units):
        stratum = _together(above, strata[number]) if number < len(strata) else above
        above = _together(stratum, unit)
        stages.append((above, stratum))
    return stages


def _together(above: IntArray, below: IntArray) -> IntArray:
    both = above * (int(below.max(initial=0)) + 1) + below
    codes: IntArray = np.unique(both, return_inverse=True)[1].astype(np.int64)
    return codes


def _fractions(data: Data, described: dict[str, Any], stages: list[tuple[IntArray, IntArray]]) -> list[FloatArray]:
    """Each row's sampling fraction at each stage with a population correction, or its probability under ``pps``."""
    found = []
    for number, name in enumerate(described.get("fpc", [])):
        values = data.numbers(name)
        units, strata = stages[number]
        if (values > 1).any():
            _, first = np.unique(units, return_index=True)
            drawn = np.bincount(strata[first], minlength=int(strata.max()) + 1)[strata]
            values = drawn / values
        found.append(values)
    return found


def _weights(data: Data, described: dict[str, Any], fractions: list[FloatArray]) -> FloatArray:
    if "weights" in described:
        return data.numbers(described["weights"])
    if not fractions:
        return np.ones(len(data))
    weights: FloatArray = 1 / np.prod(fractions, axis=0)
    return weights


def _selection(case: Case, pps: dict[str, Any], probabilities: FloatArray) -> UnequalSelection:
    method = METHODS[pps["method"]]
    joint = None
    if method is SelectionMethod.JOINT:
        joint = _matrix(Path(case["folder"]) / pps["joint_csv"])
    return UnequalSelection(
        method=method, probabilities=probabilities, joint=joint, variance=JointVariance(pps.get("variance", "HT"))
    )


def _matrix(path: Path) -> FloatArray:
    """A square matrix, with or without a header or names of rows."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = [[_float(cell) for cell in row] for row in csv.reader(file)]
    numbers = [row for row in rows if sum(cell is not None for cell in row) >= len(row) - 1]
    n = len(numbers) if len(numbers) <= len(numbers[-1]) else len(numbers[-1])
    return np.array([row[-n:] for row in numbers[-n:]], dtype=np.float64)


def _float(cell: str) -> float | None:
    try:
        return float(cell)
    except ValueError:
        return None


def kept_rows(design: SurveyDesign, inside: BoolArray) -> BoolArray:
    """The rows (n,) that R has kept of the data in a domain ``inside`` (n,); some of its results hang on their number.

    Those of the domain, but all of them where weights were calibrated or PSUs drawn with unequal probabilities.
    """
    steps = [step for made in design.adjustments if isinstance(made, Weighting) for step in made.steps]
    calibrated = not all(isinstance(step, Trimming) for step in steps)
    all_kept = (calibrated and design.replicates is None) or design.selection is not None
    return np.ones_like(inside) if all_kept else inside


def _given_replicates(data: Data, given: dict[str, Any], weights: FloatArray) -> Replicates:
    found = np.column_stack([data.numbers(name) for name in given["columns"]])
    if not given.get("combined_weights", True):
        found = found * weights[:, np.newaxis]
    count = found.shape[1]
    return Replicates(
        weights=found,
        scale=float(given.get("scale", 1 / count)),
        rscales=np.broadcast_to(np.asarray(given.get("rscales", 1.0), dtype=np.float64), (count,)).copy(),
        mse=bool(given.get("mse", False)),
        df=given.get("df"),
    )
