import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.weighting.errors import CellsTooSmall, MarginsCannotBeMet
from analysis.weighting.margins import Margin
from analysis.weighting.poststratification import PostStratification

UNITS = st.lists(st.tuples(st.integers(0, 3), st.floats(0.1, 50)), min_size=1, max_size=40)


def step(codes: list[int], totals: list[float], least: int = 1) -> PostStratification:
    cells = Margin(name="cells", codes=np.array(codes, dtype=np.int64), totals=np.array(totals, dtype=np.float64))
    return PostStratification(margin=cells, least_cell=least)


@given(UNITS, st.floats(0.01, 100))
def test_cells_add_up_to_their_totals_whatever_the_scale(units: list[tuple[int, float]], scale: float) -> None:
    every = [*units, *[(code, 1.0) for code in range(4)]]
    codes, base = [code for code, _ in every], np.array([weight for _, weight in every])
    made = step(codes, [100, 200, 0, 50])

    weights = base * made.factor(base)

    assert np.bincount(codes, weights=weights) == pytest.approx([100, 200, 0, 50])
    assert scale * base * made.factor(scale * base) == pytest.approx(weights)


@given(UNITS)
def test_what_the_cells_fix_leaves_no_residual(units: list[tuple[int, float]]) -> None:
    codes, base = np.array([code for code, _ in units]), np.array([weight for _, weight in units])
    made = step(codes.tolist(), [10, 20, 30, 40])
    present = np.bincount(codes, minlength=4) > 0
    fixed = np.array([3.0, 1, 4, 1])[codes][:, np.newaxis]

    left = made.carry_back(fixed, before=base, factor=np.ones(len(base)))

    assert present.any()
    assert np.abs(left).max() < 1e-9


def test_a_cell_of_nobody_and_a_cell_that_is_too_small() -> None:
    with pytest.raises(MarginsCannotBeMet, match="got nobody in group 1"):
        step([0, 0], [5, 5]).check(np.ones(2))
    with pytest.raises(CellsTooSmall, match="got 2 respondents in group 0, expected at least 3"):
        step([0, 0, 0, 1, 1, 1], [5, 5], least=3).check(np.array([1.0, 1, 0, 1, 1, 1]))
    with pytest.raises(MarginsCannotBeMet):
        step([0, 1], [5, 5]).factor(np.array([1.0, 0]))
