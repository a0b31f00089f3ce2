"""The reading and comparing of reference cases itself: another folder, a joint matrix, what counts as different."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.design import DesignError, JointVariance, SelectionMethod
from analysis.estimation.undefined import Undefined, UndefinedReason
from tests.reference import run_mean, run_total
from tests.reference.case_data import HERE, Case, Data, columns, folder, read_cases, same
from tests.reference.case_design import design_of
from tests.reference.compare import differences

NOTHING = Undefined(reason=UndefinedReason.EMPTY_DOMAIN)


def written(path: Path, case: dict[str, Any], table: str, **files: str) -> Case:
    """A folder with one case, read again."""
    (path / "data").mkdir()
    (path / "data" / "own.csv").write_text(table, encoding="utf-8")
    for name, text in files.items():
        (path / "data" / f"{name}.csv").write_text(text, encoding="utf-8")
    whole = {"id": "own", "dataset": "data/own.csv", "rel_tol": 1e-8, "abs_tol": 1e-9, **case}
    (path / "own.json").write_text(json.dumps({"schema": 1, "statistic": "own", "cases": [whole]}), encoding="utf-8")
    (found,) = read_cases(path)
    return found


def test_another_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REFERENCE_VECTORS", raising=False)
    assert folder() == HERE
    monkeypatch.setenv("REFERENCE_VECTORS", str(tmp_path))
    # Two strata of two, weights 2 and 3 by the counts 4 and 6: mean (2 + 6 + 15 + 21) / 10.
    case = written(
        folder(),
        {
            "design": {"strata": ["where"], "fpc": ["count"]},
            "request": {"stat": "mean", "variable": "y", "level": 0.9, "domains": [{"where": "b", "y": 7}]},
            "expected": [],
        },
        'where,count,y\n"a",4,1\n"a",4,3\n"b",6,5\n"b",6,7\n',
    )
    assert design_of(case).weights.tolist() == [2, 2, 3, 3]
    (row,) = run_mean.run(case)
    assert (row["n"], row["estimate"], row["df"]) == (1, 7, 0)
    assert isinstance(row["lower"], Undefined)


def test_missing_values_are_nothing_unless_dropped(tmp_path: Path) -> None:
    case = written(
        tmp_path,
        {"design": {"weights": "w"}, "request": {"stat": "total", "variable": "y"}, "expected": []},
        "w,y\n1,2\n1,NA\n2,4\n3,\n",
    )
    assert run_total.run(case)[0]["estimate"] == Undefined(reason=UndefinedReason.MISSING_VALUES)
    case["request"]["na_rm"] = True
    assert run_total.run(case)[0]["estimate"] == 10


def test_a_lonely_psu_that_must_not_be(tmp_path: Path) -> None:
    table = "w,s,y\n1,1,2\n1,1,3\n1,2,4\n"
    case = written(
        tmp_path,
        {"design": {"weights": "w", "strata": ["s"]}, "request": {"stat": "mean", "variable": "y"}, "expected": []},
        table,
    )
    assert run_mean.run(case)[0]["se"] == Undefined(reason=UndefinedReason.SINGLE_PSU)


@pytest.mark.parametrize("matrix", ["1,0.5\n0.5,1\n", "a,b\n1,0.5\n0.5,1\n", ",a,b\n1,1,0.5\n2,0.5,1\n"])
def test_joint_probabilities(tmp_path: Path, matrix: str) -> None:
    case = written(
        tmp_path,
        {
            "design": {"fpc": ["p"], "pps": {"method": "joint", "joint_csv": "data/joint.csv", "variance": "YG"}},
            "request": {"stat": "total", "variable": "y"},
            "expected": [],
        },
        "p,y\n0.8,2\n0.8,3\n",
        joint=matrix,
    )
    selection = design_of(case).selection
    assert selection is not None
    assert selection.joint is not None
    assert (selection.method, selection.variance) == (SelectionMethod.JOINT, JointVariance.YATES_GRUNDY)
    assert selection.joint.tolist() == [[1, 0.5], [0.5, 1]]
    # Yates and Grundy: (.64 - .5) / .5 x ((3 - 2) / .8)².
    assert run_total.run(case)[0]["se"] == pytest.approx(math.sqrt(0.28) / 0.8)


def test_replicates_as_factors(tmp_path: Path) -> None:
    case = written(
        tmp_path,
        {
            "design": {
                "weights": "w",
                "type": "replicate_given",
                "replicate": {"columns": ["a", "b"], "scale": 0.5, "rscales": [1, 1], "combined_weights": False},
            },
            "request": {"stat": "total", "variable": "y"},
            "expected": [],
        },
        "w,a,b,y\n2,0,2,1\n2,2,0,4\n",
    )
    # Replicate totals 16 and 4 about 10: .5 x (36 + 36).
    assert run_total.run(case)[0]["se"] == pytest.approx(6)


def test_psus_in_two_strata_are_told_apart(tmp_path: Path) -> None:
    case = written(
        tmp_path,
        {"design": {"weights": "w", "strata": ["s"], "psu": ["c"], "nest": True}, "request": {}, "expected": []},
        "w,s,c\n1,1,1\n1,1,2\n1,2,1\n1,2,1\n",
    )
    assert design_of(case).psu_counts.tolist() == [2, 1]


@pytest.mark.parametrize("weight", ["-1", "", "inf"])
def test_weights_that_cannot_be(tmp_path: Path, weight: str) -> None:
    case = written(tmp_path, {"design": {"weights": "w"}, "request": {}, "expected": []}, f"w,y\n1,1\n{weight},1\n")
    with pytest.raises(DesignError, match="weights: got a negative or not finite weight"):
        design_of(case)


@pytest.mark.parametrize(
    ("got", "expected", "differs"),
    [
        (1.0, 1.0 + 1e-9, False),
        (1.0, 1.0 + 1e-6, True),
        (NOTHING, None, False),
        (None, None, False),
        (math.inf, None, False),
        (0.5, None, True),
        (NOTHING, 0.5, True),
        (math.nan, 0.5, True),
        (math.nan, None, True),
        ("E", "E", False),
        ("E", "H", True),
        ([1.0, 2.0], [1, 2], False),
        (np.array([1.0, 2.0]), [1, 3], True),
        ([1.0], [1, 2], True),
        ([{"a": "E", "p": 0.1}], [{"a": "E", "p": 0.1}], False),
        ([{"a": "E"}], [{"a": "E", "p": 0.1}], True),
        ([{"p": NOTHING}], [{"p": None}], False),
    ],
)
def test_what_differs(got: object, expected: object, differs: bool) -> None:
    case = {"expected": [{"value": expected, "degenerate": True}], "rel_tol": 1e-8, "abs_tol": 1e-9}
    assert bool(differences(case, [{"value": got, "more": 1}])) is differs


def test_rows_that_are_not_there() -> None:
    case = {"expected": [{"n": 1}], "rel_tol": 0, "abs_tol": 0}
    assert differences(case, []) == ["got 0 rows, expected 1"]
    assert differences(case, [{}]) == ["row 0 n: got nothing, expected 1"]


@pytest.mark.parametrize(
    ("cell", "value", "alike"),
    [("1", 1, True), ("1", "1", True), ("1.0", 1, True), ("C01", "C01", True), ("", 0, False), ("a", 1, False)],
)
def test_values_of_domains(cell: str, value: object, alike: bool) -> None:
    assert same(cell, value) is alike


def test_columns() -> None:
    data = Data(columns={"group": ["b", "10", "9", ""], "number": ["1", "TRUE", "NA", "2.5"]})
    assert data.levels("group") == ["9", "10", "b"]
    assert data.missing("group").tolist() == [False, False, False, True]
    assert data.codes(["group", "number"]).tolist() == [0, 1, 2, 3]
    assert data.numbers("number")[[0, 1, 3]].tolist() == [1, 1, 2.5]
    assert np.isnan(data.numbers("number")[2])


def test_every_data_set_is_read() -> None:
    assert all(len(columns(case)) > 1 for case in read_cases(HERE))
