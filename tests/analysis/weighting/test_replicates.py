"""Replicates of a total have the variance that its linearisation has: exactly, since a total is linear."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import (
    DesignError,
    FloatArray,
    LonelyPsu,
    Replicates,
    SelectionMethod,
    SurveyDesign,
    UnequalSelection,
)
from analysis.design_errors import LonelyPsuError
from analysis.estimation.variance import covariance
from analysis.weighting.hadamard import hadamard
from analysis.weighting.replicates import brr, jk1, jkn


def of_total(design: SurveyDesign, made: Replicates, y: FloatArray) -> float:
    values = made.weights.T @ y
    centre = design.weights @ y if made.mse else values.mean()
    return float(made.scale * (made.rscales * (values - centre) ** 2).sum())


@st.composite
def clustered(draw: st.DrawFn, sizes: tuple[int, int] = (2, 5)) -> tuple[SurveyDesign, FloatArray]:
    """Strata of several PSUs of several units, in any order, some of it with a population correction."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    counts = draw(st.lists(st.integers(*sizes), min_size=1, max_size=5))
    psu_strata = np.repeat(np.arange(len(counts)), counts)
    psus = rng.permutation(np.repeat(np.arange(len(psu_strata)), rng.integers(1, 4, len(psu_strata))))
    fractions = rng.uniform(0, 0.9, len(counts)) if draw(st.booleans()) else None
    design = SurveyDesign(
        weights=rng.uniform(1, 10, len(psus)), strata=psu_strata[psus], psus=psus, sampling_fractions=fractions
    )
    return design, rng.normal(5, 2, len(psus))


@given(clustered())
def test_jackknife_of_strata(sample: tuple[SurveyDesign, FloatArray]) -> None:
    design, y = sample

    for mse in (False, True):
        made = jkn(design, mse=mse)
        assert of_total(design, made, y) == pytest.approx(covariance(design, y)[0, 0])
        assert made.df == made.weights.shape[1] - design.stratum_count


@given(clustered())
def test_jackknife_of_one_stratum_is_that_of_strata(sample: tuple[SurveyDesign, FloatArray]) -> None:
    design, y = sample
    one = replace(design, strata=np.zeros(len(y), dtype=np.int64), sampling_fractions=np.array([0.25]))

    made = jk1(one)

    assert of_total(one, made, y) == pytest.approx(covariance(one, y)[0, 0])
    assert (made.weights == jkn(one).weights).all()


@given(clustered(sizes=(2, 2)), st.sampled_from([0.0, 0.3, 0.5]))
def test_balanced_half_samples(sample: tuple[SurveyDesign, FloatArray], fay: float) -> None:
    design, y = sample
    whole = replace(design, sampling_fractions=None)

    made = brr(whole, fay=fay)

    assert of_total(whole, made, y) == pytest.approx(covariance(whole, y)[0, 0])
    assert (made.weights >= fay * whole.weights[:, np.newaxis] - 1e-12).all()
    assert made.weights.mean(axis=1) == pytest.approx(whole.weights)


@pytest.mark.parametrize("rule", [LonelyPsu.ADJUST, LonelyPsu.CERTAINTY, LonelyPsu.REMOVE, LonelyPsu.AVERAGE])
def test_a_single_psu_follows_the_rule_of_the_design(rule: LonelyPsu) -> None:
    design = SurveyDesign(
        weights=np.array([2.0, 3, 1, 4, 5, 2]),
        strata=np.array([0, 0, 1, 1, 2, 3]),
        sampling_fractions=np.array([0.1, 0.2, 0.3, 1.0]),
        lonely=rule,
    )
    y = np.array([3.0, 1, 4, 1, 5, 9])

    made = jkn(design, mse=True)

    assert of_total(design, made, y) == pytest.approx(covariance(design, y)[0, 0])


def test_what_cannot_be_replicated() -> None:
    two = SurveyDesign(weights=np.ones(3), strata=np.array([0, 0, 1]), lonely=LonelyPsu.FAIL)
    with pytest.raises(LonelyPsuError):
        jkn(two)
    with pytest.raises(DesignError, match="got 3 PSUs in 2 strata"):
        jk1(two)
    with pytest.raises(DesignError, match="got 1 PSUs in stratum 1, expected 2"):
        brr(two)
    with pytest.raises(DesignError, match="less than 1"):
        brr(two, fay=1.0)
    with pytest.raises(DesignError, match="expected at least one"):
        jkn(SurveyDesign(weights=np.ones(1), strata=np.zeros(1, dtype=np.int64), lonely=LonelyPsu.REMOVE))
    drawn = UnequalSelection(method=SelectionMethod.BREWER, probabilities=np.full(3, 0.5))
    with pytest.raises(DesignError, match="unequal probabilities"):
        jkn(replace(two, selection=drawn))


@pytest.mark.parametrize("least", range(1, 70))
def test_rows_of_a_hadamard_matrix_are_orthogonal(least: int) -> None:
    found = hadamard(least)

    assert len(found) >= least
    assert (found[0] == 1).all()
    assert (found @ found.T == len(found) * np.eye(len(found))).all()
