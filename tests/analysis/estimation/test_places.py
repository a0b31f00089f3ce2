import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import DesignError, IntArray, SurveyDesign
from analysis.estimation.places import place_units
from analysis.estimation.proportions import estimate_proportions

CODES = [
    st.integers(0, 3),
    st.integers(-1, 3),
    st.sampled_from([10**12, 7, 10**15, -1]),  # too far apart to be places themselves
]


@st.composite
def codes(draw: st.DrawFn, n: int) -> IntArray:
    return np.array(draw(st.lists(draw(st.sampled_from(CODES)), min_size=n, max_size=n)), dtype=np.int64)


@given(st.data(), st.integers(0, 30))
def test_every_unit_has_its_cell_and_row(data: st.DataObject, n: int) -> None:
    areas, strata, psus = (data.draw(codes(n)) for _ in range(3))
    if data.draw(st.booleans()):
        areas = strata // 2  # strata nested in areas
    found = place_units(areas=areas, strata=strata, psus=psus)
    assert found.rows is not None
    assert found.row_cells is not None
    assert found.psus is not None
    assert np.array_equal(found.areas[found.cells], areas)
    assert np.array_equal(found.strata[found.cells], strata)
    assert np.array_equal(found.psus[found.rows], psus)
    assert np.array_equal(found.row_cells[found.rows], found.cells)
    pairs = np.unique(np.stack([areas, strata]), axis=1).shape[1]
    assert len(np.unique(found.cells)) == pairs
    assert len(np.unique(found.rows)) == np.unique(np.stack([areas, strata, psus]), axis=1).shape[1]


def test_lengths() -> None:
    with pytest.raises(DesignError, match="psus: got 1 values, expected 2"):
        place_units(areas=np.zeros(2, np.int64), strata=np.zeros(2, np.int64), psus=np.zeros(1, np.int64))


class TestSingleUnits:
    """The variance from sums of w and of w² loses no digit to that from every residual."""

    @pytest.mark.parametrize("others", [0, 1, 2, 50_000])
    @pytest.mark.parametrize("alike", [True, False])
    def test_few_of_many(self, others: int, alike: bool) -> None:
        """A stratum of 100,000 where nearly all are counted, beside one where half of 1,000 are."""
        n = 100_000
        rng = np.random.default_rng(others)
        counted = np.concatenate([np.arange(n) >= others, np.arange(1000) % 2 == 0])
        weights = np.full(n + 1000, 0.1) if alike else 0.1 + rng.random(n + 1000)
        strata = np.repeat([0, 1], [n, 1000])
        found = estimate_proportions(
            SurveyDesign(weights=weights, strata=strata),
            counted=counted,
            in_base=np.ones(n + 1000, dtype=bool),
            domains=np.zeros(n + 1000, dtype=np.int64),
            domain_count=1,
        )
        share = float(weights @ counted / weights.sum())
        residuals = weights * (counted - share) / weights.sum()
        expected = sum(np.var(residuals[strata == stratum], ddof=1) * size for stratum, size in ((0, n), (1, 1000)))
        assert found.variance[0] == pytest.approx(expected, rel=1e-9)

    def test_strata_that_answer_alike_leave_no_dust(self) -> None:
        """All of one stratum counted and none of the other: no variance at all, whatever 0.1 is to a computer."""
        counted = np.arange(20_000) < 10_000
        found = estimate_proportions(
            SurveyDesign(weights=np.full(20_000, 0.1), strata=np.where(counted, 0, 1)),
            counted=counted,
            in_base=np.ones(20_000, dtype=bool),
            domains=np.zeros(20_000, dtype=np.int64),
            domain_count=1,
        )
        assert found.variance.tolist() == [0.0]
        assert found.proportion[0] == pytest.approx(0.5)
