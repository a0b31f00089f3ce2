"""Sample sizes and Neyman's allocation against worked examples (``extra/sample_size.json``); one test per case."""

import json
import math
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from scipy.special import ndtr

from analysis.sampling.allocation import fill
from analysis.sampling.effective_size import Conditions, completes_for, corrected
from analysis.sampling.sample_size import simple_size, size_for_margin
from tests.reference.case_data import HERE, folder

NAME = Path("extra") / "sample_size.json"
#: Cases of another folder where it has such sizes.
CASES = json.loads(next(where / NAME for where in (folder(), HERE) if (where / NAME).exists()).read_text("utf-8"))[
    "cases"
]


def cases(*keys: str) -> list[Any]:
    """Those that have the keys; cases of other kinds are not ours to judge."""
    return [pytest.param(case, id=case["id"]) for case in CASES if all(key in case for key in keys)]


@pytest.mark.parametrize("case", cases("p", "moe", "z"))
def test_for_a_margin(case: dict[str, Any]) -> None:
    effective = simple_size(case["p"], case["moe"], case["z"])
    assert effective == pytest.approx(case["expected_n0"], rel=1e-12)
    assert math.ceil(effective) == case["expected_n"]

    # With the quantile of the level itself: z = 1.96 stands for 1.959964.
    level = round(2 * float(ndtr(case["z"])) - 1, 3)
    found = size_for_margin(case["p"], case["moe"], Conditions(level=level)).normal
    assert found.effective == pytest.approx(effective, rel=1e-3)
    assert abs(found.completes - case["expected_n"]) <= 1


@pytest.mark.parametrize("case", cases("n0", "N"))
def test_with_the_population_correction(case: dict[str, Any]) -> None:
    found = corrected(case["n0"], case["N"])
    assert found == pytest.approx(case["expected_n"], rel=1e-12)
    if "published" in case:
        assert round(found) == case["published"]
    # A size is a whole number that is enough.
    assert completes_for(case["n0"], Conditions(population=case["N"])) == math.ceil(found)


@pytest.mark.parametrize("case", cases("Nh", "Sh", "n"))
def test_by_neyman(case: dict[str, Any]) -> None:
    strata = [f"{h:03}" for h in range(len(case["Nh"]))]
    units = dict(zip(strata, case["Nh"], strict=True))
    weights = {
        h: Fraction(str(size)) * Fraction(str(s)) for h, size, s in zip(strata, case["Nh"], case["Sh"], strict=True)
    }

    found = fill(weights, dict.fromkeys(strata, 0), units, dict.fromkeys(strata, Fraction(1)), Fraction(case["n"]))

    assert [float(found[h]) for h in strata] == pytest.approx(case["expected_nh"], rel=1e-12)
