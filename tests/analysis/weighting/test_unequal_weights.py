import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.weighting.unequal_weights import kish_effect, summarise

EXTRA = Path(__file__).parents[2] / "reference" / "extra"
KISH = json.loads((EXTRA / "kish.json").read_text(encoding="utf-8"))["cases"]


@given(st.lists(st.floats(0.1, 100), min_size=1, max_size=30), st.floats(0.01, 100))
def test_the_effect_is_at_least_1_and_knows_no_scale(weights: list[float], scale: float) -> None:
    found, scaled = summarise(np.array(weights)), summarise(np.array(weights) * scale)

    assert found.kish >= 1 - 1e-12
    assert scaled.kish == pytest.approx(found.kish)
    assert found.effective * found.kish == pytest.approx(found.n)
    assert 0 < found.share_of_largest <= 1 + 1e-12


def test_nobody() -> None:
    found = summarise(np.zeros(3))

    assert (found.n, found.kish, found.effective, found.share_of_largest) == (0, 1, 0, 0)
    assert len(found.largest) == 0


@pytest.mark.parametrize("case", KISH)
def test_kishs_effect(case: dict[str, list[float]]) -> None:
    assert kish_effect(np.array(case["w"])) == pytest.approx(case["deff"], rel=1e-12)


def test_equal_weights_cost_nothing() -> None:
    assert kish_effect(np.full(7, 3.5)) == pytest.approx(1)
    assert kish_effect(np.array([])) == 1
