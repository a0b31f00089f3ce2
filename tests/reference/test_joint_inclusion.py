"""Inclusion probabilities against R's package sampling 2.9 (``extra/selection_joint.json``)."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from analysis.design import IntArray
from analysis.sampling.joint import joint_inclusion
from analysis.sampling.pps_inclusion import inclusion
from analysis.sampling.sample_design import Method
from tests.reference.case_data import read_extra

CASES = read_extra("selection_joint.json")["cases"]
METHODS = {"joint_sampford": Method.SAMPFORD, "joint_systematic_given_order": Method.PPS_SYSTEMATIC}
#: The case's numbers have 15 digits, R's systematic ones are differences of such.
CLOSE = {"rel": 1e-11, "abs": 1e-12}


def sizes_of(case: dict[str, Any]) -> IntArray:
    """Whole numbers in the proportions of the case's sizes."""
    fractions = [Fraction(str(size)) for size in case["mos"]]
    shared = math.lcm(*(fraction.denominator for fraction in fractions))
    return np.array([int(fraction * shared) for fraction in fractions])


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{len(case['mos'])} units, n {case['n']}")
def test_inclusion(case: dict[str, Any]) -> None:
    found = inclusion(sizes_of(case), n=case["n"])

    assert found.probabilities().tolist() == pytest.approx(case["inclusion"], **CLOSE)
    assert (found.uncertain() + 1).tolist() == case["noncertainty_index"]


@pytest.mark.parametrize("name", METHODS)
@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{len(case['mos'])} units, n {case['n']}")
def test_joint(case: dict[str, Any], name: str) -> None:
    """R's matrices leave certain units out."""
    if name not in case:
        pytest.skip(f"no {name}")
    uncertain = np.array(case["noncertainty_index"]) - 1

    found = joint_inclusion(METHODS[name], n=case["n"], sizes=sizes_of(case), among=uncertain)

    np.testing.assert_allclose(found, np.array(case[name]), rtol=CLOSE["rel"], atol=CLOSE["abs"])
