"""Area and unit level models against R's package sae 1.3 (``extra/``); one test per case."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.design import FloatArray
from analysis.estimation.small_area.area_variance import VarianceMethod
from analysis.estimation.small_area.fay_herriot import fay_herriot
from analysis.estimation.small_area.unit_level import UnitLevelMethod, unit_level

FOLDER = Path(__file__).parent / "extra"
FAY_HERRIOT = json.loads((FOLDER / "sae_fay_herriot.json").read_text("utf-8"))
UNIT_LEVEL = json.loads((FOLDER / "sae_unit_bhf.json").read_text("utf-8"))


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
    name, expected = case
    milk = columns(FAY_HERRIOT["dataset"])

    found = fay_herriot(milk["yi"], milk["SD"] ** 2, method=VarianceMethod(name.split("_")[0].lower()))

    close = {"rel": FAY_HERRIOT["rel_tol"]}
    assert found.estimate.tolist() == pytest.approx(expected["eblup"], **close)
    assert found.mse.tolist() == pytest.approx(expected["mse"], **close)
    assert found.variance == pytest.approx(expected["refvar"], **close)
    assert found.coefficients.tolist() == pytest.approx([expected["beta"]], **close)


@pytest.mark.parametrize("case", UNIT_LEVEL["cases"].items(), ids=lambda case: str(case[0]))
def test_unit_level(case: tuple[str, dict[str, Any]]) -> None:
    name, expected = case
    corn, means = columns(UNIT_LEVEL["dataset"]), columns(UNIT_LEVEL["means"])

    found = unit_level(
        corn["CornHec"],
        corn["County"].astype(np.int64) - 1,
        covariates=np.column_stack([np.ones(len(corn["CornHec"])), corn["CornPix"], corn["SoyBeansPix"]]),
        area_means=np.column_stack([np.ones(12), means["MeanCornPixPerSeg"], means["MeanSoyBeansPixPerSeg"]]),
        population=means["PopnSegments"],
        method=UnitLevelMethod(name.split("_")[0].lower()),
    )

    close = {"rel": UNIT_LEVEL["rel_tol"]}
    assert found.variance == pytest.approx(expected["refvar"], **close)
    assert found.error_variance == pytest.approx(expected["errorvar"], **close)
    assert found.coefficients.tolist() == pytest.approx(expected["fixed"], **close)
    assert found.sizes.tolist() == expected["n"]
    assert found.estimate.tolist() == pytest.approx(expected["eblup"], **close)
