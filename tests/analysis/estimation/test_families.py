import itertools
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design import BoolArray, DesignError
from analysis.estimation.families import HOLM_UP_TO, Correction, adjusted, rejected, rejected_by


def test_nobody_differs_from_nothing() -> None:
    assert rejected([]) == ()


def test_holm_steps_down() -> None:
    # .01 <= .05/3, .02 <= .05/2, .05 <= .05.
    assert rejected([0.02, 0.05, 0.01]) == (True, True, True)
    assert rejected([0.02, 0.05, 0.017]) == (False, False, False)


def test_many_are_judged_by_their_false_discoveries() -> None:
    many = [0.04] * (HOLM_UP_TO + 1)
    assert rejected(many) == (True,) * len(many)
    assert rejected(many[:HOLM_UP_TO]) == (False,) * HOLM_UP_TO


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from([0.0, 1e-9, 0.00051, 0.0011, 0.0021, 0.0043, 0.0107, 0.0213, 0.0409, 0.0499, 0.3, 1.0]),
        max_size=70,
    )
)
def test_a_few_levels_tell_the_same(p_values: list[float]) -> None:
    p, asked = np.array(p_values), []

    def at_most(level: float) -> BoolArray:
        asked.append(level)
        return p <= level

    assert tuple(rejected_by(at_most, len(p)).tolist()) == rejected(p_values)
    assert len(asked) <= len(set(p_values)) + 1


class TestCorrections:
    @settings(deadline=None)
    @given(st.lists(st.floats(0, 1), max_size=20), st.sampled_from(list(Correction)))
    def test_nothing_is_made_more_certain(self, p_values: list[float], correction: Correction) -> None:
        found = adjusted(p_values, correction)
        assert ((found >= np.array(p_values) - 1e-12) & (found <= 1)).all()

    @pytest.mark.slow
    @pytest.mark.parametrize("count", [1, 2, 7, 40])
    @pytest.mark.parametrize(
        ("correction", "name"),
        [
            ("bonferroni", "bonferroni"),
            ("sidak", "sidak"),
            ("holm", "holm"),
            ("hochberg", "simes-hochberg"),
            ("hommel", "hommel"),
            ("BH", "fdr_bh"),
            ("BY", "fdr_by"),
        ],
    )
    def test_agrees_with_statsmodels(self, correction: str, name: str, count: int) -> None:
        from statsmodels.stats.multitest import multipletests  # seconds, in every process that only collects

        rng = np.random.default_rng(count)
        p_values = rng.random(count) ** 3
        p_values[rng.random(count) < 0.3] = 0.02
        expected = multipletests(p_values, method=name)[1]
        assert adjusted(p_values, Correction(correction)) == pytest.approx(expected, rel=1e-12)

    def test_each_is_at_least_as_powerful_as_the_one_before(self) -> None:
        p_values = [0.001, 0.013, 0.02, 0.04, 0.3]
        steps = [
            adjusted(p_values, name)
            for name in (Correction.BONFERRONI, Correction.HOLM, Correction.HOCHBERG, Correction.HOMMEL)
        ]
        for before, after in itertools.pairwise(steps):
            assert (after <= before + 1e-12).all()

    @pytest.mark.parametrize("p", [-0.1, 1.1, math.nan])
    def test_no_probability(self, p: float) -> None:
        with pytest.raises(DesignError, match="p-values: got one outside"):
            adjusted([0.5, p], Correction.HOLM)
