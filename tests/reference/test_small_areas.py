"""Area and unit level models against R's package sae 1.3 (``extra/``); one test per case."""

import csv
import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.design import FloatArray
from analysis.estimation.small_area.area_variance import VarianceMethod
from analysis.estimation.small_area.fay_herriot import fay_herriot
from analysis.estimation.small_area.unit_level import UnitLevelMethod, unit_level

HERE = Path(__file__).parent
#: Cases of another folder where it has such models.
FOLDER = next(
    where
    for where in (Path(os.environ.get("REFERENCE_VECTORS") or HERE) / "extra", HERE / "extra")
    if (where / "sae_fay_herriot.json").exists() and (where / "sae_unit_bhf.json").exists()
)
FAY_HERRIOT = json.loads((FOLDER / "sae_fay_herriot.json").read_text("utf-8"))
UNIT_LEVEL = json.loads((FOLDER / "sae_unit_bhf.json").read_text("utf-8"))
METHODS = {"REML": VarianceMethod.REML, "ML": VarianceMethod.ML, "FH": VarianceMethod.MOMENTS}


def columns(name: str) -> dict[str, FloatArray]:
    with (FOLDER / name).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        column: np.array([float(row[column]) for row in rows])
        for column in rows[0]
        if rows[0][column].replace(".", "", 1).isdigit()
    }


@pytest.mark.parametrize("case", FAY_HERRIOT["cases"].items(), ids=lambda case: str(case[0]))
def test_fay_herriot(case: tuple[str, dict[str, Any]]) -> None:
    """``METHOD_intercept``, or one coefficient for each other level of MajorArea."""
    name, expected = case
    method, model = name.split("_", 1)
    milk = columns(FAY_HERRIOT["dataset"])
    levels = np.unique(milk["MajorArea"])
    factor = np.column_stack([np.ones(len(milk["yi"])), *(milk["MajorArea"] == level for level in levels[1:])])

    found = fay_herriot(
        milk["yi"],
        milk["SD"] ** 2,
        covariates=None if model == "intercept" else factor,
        method=METHODS[method],
    )

    close = {"rel": FAY_HERRIOT["rel_tol"]}
    assert found.estimate.tolist() == pytest.approx(expected["eblup"], **close)
    assert found.mse.tolist() == pytest.approx(expected["mse"], **close)
    assert found.variance == pytest.approx(expected["refvar"], **close)
    assert found.coefficients.tolist() == pytest.approx(np.atleast_1d(expected["beta"]).tolist(), **close)


@pytest.mark.parametrize("case", UNIT_LEVEL["cases"].items(), ids=lambda case: str(case[0]))
def test_unit_level(case: tuple[str, dict[str, Any]]) -> None:
    """``METHOD_all``; otherwise without row 33, as in the paper."""
    name, expected = case
    method, rows = name.split("_", 1)
    corn, means = columns(UNIT_LEVEL["dataset"]), columns(UNIT_LEVEL["means"])
    kept = np.arange(len(corn["County"])) != (-1 if rows == "all" else 32)

    found = unit_level(
        corn["CornHec"][kept],
        corn["County"][kept].astype(np.int64) - 1,
        covariates=np.column_stack([np.ones(kept.sum()), corn["CornPix"][kept], corn["SoyBeansPix"][kept]]),
        area_means=np.column_stack([np.ones(12), means["MeanCornPixPerSeg"], means["MeanSoyBeansPixPerSeg"]]),
        population=means["PopnSegments"],
        method=UnitLevelMethod(method.lower()),
    )

    close = {"rel": UNIT_LEVEL["rel_tol"]}
    assert found.variance == pytest.approx(expected["refvar"], **close)
    assert found.error_variance == pytest.approx(expected["errorvar"], **close)
    assert found.coefficients.tolist() == pytest.approx(expected["fixed"], **close)
    assert found.sizes.tolist() == expected["n"]
    assert found.estimate.tolist() == pytest.approx(expected["eblup"], **close)
