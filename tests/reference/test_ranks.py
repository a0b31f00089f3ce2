"""Rank sets and corrected p-values against the packages named in ``extra/``: one test per case."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.design import FloatArray
from analysis.estimation.families import Correction, adjusted
from analysis.estimation.rank_differences import sets_from_counts, sets_from_differences
from analysis.estimation.ranking import JointLimits, normal_limits, ranks, sets_from_errors, sets_from_limits

EXTRA = Path(__file__).parent / "extra"


def read(name: str) -> Any:
    return json.loads((EXTRA / name).read_text("utf-8"))["cases"]


def column(dataset: str, name: str) -> FloatArray:
    with (EXTRA / dataset).open(encoding="utf-8") as file:
        return np.array([float(row[name]) for row in csv.DictReader(file)])


@pytest.mark.parametrize(("name", "case"), read("rank_kww.json").items())
def test_from_joint_intervals(name: str, case: dict[str, Any]) -> None:
    estimates, errors = column(case["dataset"], "est"), column(case["dataset"], "se")
    level, joint = 1 - case["alpha"], JointLimits(case["type"])
    low, high = normal_limits(estimates, errors, level=level, joint=joint)
    assert low == pytest.approx(np.array(case["ci_lower"]), rel=1e-12)
    assert high == pytest.approx(np.array(case["ci_upper"]), rel=1e-12)
    for found in (sets_from_errors(estimates, errors, level=level, joint=joint), sets_from_limits(low, high)):
        assert found.low.tolist() == case["rank_lower"]
        assert found.high.tolist() == case["rank_upper"]


@pytest.mark.parametrize("case", read("rank_csranks.json"))
def test_from_differences(case: dict[str, Any]) -> None:
    """Both sides draw at random: a bound may be one rank off."""
    estimates, errors = column("pisa2018.csv", case["variable"]), column("pisa2018.csv", "se")
    found = sets_from_differences(
        estimates,
        errors**2,
        rng=np.random.default_rng(20240917),
        level=case["coverage"],
        simultaneous=case["simultaneous"],
        stepwise=case["stepdown"],
        draws=2000,
    )
    assert ranks(estimates).tolist() == case["rank"]
    assert np.abs(found.low - case["L"]).max() <= 1
    assert np.abs(found.high - case["U"]).max() <= 1


@pytest.mark.parametrize("case", read("rank_multinom.json"))
def test_from_counts(case: dict[str, Any]) -> None:
    counts = np.array(case["counts"])
    found = sets_from_counts(
        counts,
        level=case["coverage"],
        correction=Correction(case["multcorr"].lower()),
        simultaneous=case["simultaneous"],
    )
    assert ranks(counts).tolist() == case["rank"]
    assert (found.low.tolist(), found.high.tolist()) == (case["L"], case["U"])


@pytest.mark.parametrize("correction", [str(name) for name in Correction if name is not Correction.SIDAK])
@pytest.mark.parametrize("case", read("p_adjust.json"))
def test_adjusted_p_values(case: dict[str, Any], correction: str) -> None:
    assert adjusted(case["p"], Correction(correction)) == pytest.approx(np.array(case["adjusted"][correction]))
