"""Kish's design effect of unequal weights (``extra/kish.json``)."""

from typing import Any

import numpy as np
import pytest

from analysis.weighting.unequal_weights import kish_effect, summarise
from tests.reference.case_data import read_extra

CASES = read_extra("kish.json")["cases"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{len(case['w'])} weights")
def test_effect(case: dict[str, Any]) -> None:
    weights = np.array(case["w"], dtype=float)

    assert kish_effect(weights) == pytest.approx(case["deff"], rel=1e-12)
    assert summarise(weights).effective == pytest.approx(case["n_eff"], rel=1e-12)
    assert 1 + weights.var() / weights.mean() ** 2 == pytest.approx(case["one_plus_cv2"], rel=1e-12)
