"""Variances of totals: by hand, against the textbook formula stage by stage, and as laws."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import (
    DesignError,
    FloatArray,
    IntArray,
    JointVariance,
    LonelyPsu,
    SelectionMethod,
    Stage,
    SurveyDesign,
    UnequalSelection,
)
from analysis.design_errors import LengthsDiffer, LonelyPsuError
from analysis.estimation.undefined import NotDefined, UndefinedReason
from analysis.estimation.variance import covariance, design_df, domain_df


def drawn(values: list[float], strata: list[int], **more: object) -> tuple[SurveyDesign, FloatArray]:
    """Units of weight 1 whose scores are the values."""
    design = SurveyDesign(weights=np.ones(len(values)), strata=np.array(strata, dtype=np.int64))
    return replace(design, **more), np.array(values)  # type: ignore[arg-type]


def variance(design: SurveyDesign, scores: FloatArray, inside: list[bool] | None = None) -> float:
    return float(covariance(design, scores, inside=None if inside is None else np.array(inside))[0, 0])


class TestLonelyPsus:
    """PSUs 1 and 3 in one stratum, 2/1 x (1 + 1) = 4; 5 alone in another; the mean of all is 3."""

    @pytest.mark.parametrize(
        ("rule", "expected"),
        [
            (LonelyPsu.ADJUST, 4 + (5 - 3) ** 2),
            (LonelyPsu.CERTAINTY, 4),
            (LonelyPsu.REMOVE, 4),
            (LonelyPsu.AVERAGE, 4 * 2 / 1),
        ],
    )
    def test_rules(self, rule: LonelyPsu, expected: float) -> None:
        assert variance(*drawn([1, 3, 5], [0, 0, 1], lonely=rule)) == pytest.approx(expected)

    def test_refused(self) -> None:
        with pytest.raises(LonelyPsuError, match="got 1 with a single unit at stage 1, expected at least two"):
            variance(*drawn([1, 3, 5], [0, 0, 1], lonely=LonelyPsu.FAIL))

    @pytest.mark.parametrize("rule", LonelyPsu)
    def test_taken_with_certainty(self, rule: LonelyPsu) -> None:
        f = np.array([0.0, 1.0])
        design, scores = drawn([1, 3, 5], [0, 0, 1], lonely=rule, sampling_fractions=f)
        assert variance(design, scores) == pytest.approx(4)

    def test_nobody_to_take_the_average_of(self) -> None:
        with pytest.raises(NotDefined) as nothing:
            variance(*drawn([1, 3], [0, 1], lonely=LonelyPsu.AVERAGE))
        assert nothing.value.reason is UndefinedReason.SINGLE_PSU

    @pytest.mark.parametrize("rule", LonelyPsu)
    def test_a_stratum_without_a_member_is_not_lonely(self, rule: LonelyPsu) -> None:
        design, scores = drawn([1, 3, 0], [0, 0, 1], lonely=rule)
        assert variance(design, scores, [True, True, False]) == pytest.approx(4)

    def test_the_only_psu_of_a_domain_stands_about_the_mean_of_all(self) -> None:
        design, scores = drawn([0, 0, 6], [0, 0, 1])
        assert variance(design, scores, [False, False, True]) == pytest.approx((6 - 2) ** 2)

    def test_one_psu_left_in_the_domain(self) -> None:
        # PSUs 4 and 0 (outside) of one stratum, 6 and 8 of another: 2 x (2² + 2²) + 2 x (1 + 1) = 20; about the mean
        # 4.5 of all four: 2 x (.5² + 4.5²) + 4 = 45.
        design, scores = drawn([4, 0, 6, 8], [0, 0, 1, 1])
        inside = [True, False, True, True]
        assert variance(design, scores, inside) == pytest.approx(20)
        assert variance(replace(design, adjust_domain_lonely=True), scores, inside) == pytest.approx(45)
        average = replace(design, adjust_domain_lonely=True, lonely=LonelyPsu.AVERAGE)
        assert variance(average, scores, inside) == pytest.approx(4 * 2)


class TestStages:
    def test_two_stages_by_hand(self) -> None:
        # PSUs of two units: totals 3 and 7, f = 1/2: .5 x 2 x (4 + 4) = 8. Inside them f = 1/4:
        # .5 x .75 x 2 x (.25 + .25) = .375 for each.
        design, scores = drawn(
            [1, 2, 3, 4],
            [0, 0, 0, 0],
            psus=np.array([0, 0, 1, 1]),
            sampling_fractions=np.array([0.5]),
            later_stages=(Stage(units=np.arange(4), strata=np.array([0, 0, 1, 1]), fractions=np.full(4, 0.25)),),
        )
        assert variance(design, scores) == pytest.approx(8 + 2 * 0.375)

    def test_no_correction_above_no_stage_below(self) -> None:
        design, scores = drawn(
            [1, 2, 3, 4],
            [0, 0, 0, 0],
            psus=np.array([0, 0, 1, 1]),
            later_stages=(Stage(units=np.arange(4), strata=np.array([0, 0, 1, 1]), fractions=np.full(4, 0.25)),),
        )
        assert variance(design, scores) == pytest.approx(16)

    @pytest.mark.parametrize(
        ("stage", "says"),
        [
            (Stage(units=np.array([0, 1, 1, 2]), strata=np.array([0, 0, 1, 1])), "stage 2: units"),
            (Stage(units=np.arange(4), strata=np.zeros(4, dtype=np.int64)), "stage 2: strata"),
        ],
    )
    def test_stages_that_are_not_nested(self, stage: Stage, says: str) -> None:
        design, scores = drawn([1, 2, 3, 4], [0, 0, 0, 0], psus=np.array([0, 0, 1, 1]), later_stages=(stage,))
        with pytest.raises(DesignError, match=says):
            variance(design, scores)


class TestUnequalProbabilities:
    @pytest.mark.parametrize("kind", JointVariance)
    @pytest.mark.parametrize("method", SelectionMethod)
    def test_equal_ones_are_simple_sampling(self, method: SelectionMethod, kind: JointVariance) -> None:
        # 4 of 10: joint probability 4 x 3 / (10 x 9).
        joint = np.full((4, 4), 12 / 90)
        np.fill_diagonal(joint, 0.4)
        design, scores = drawn([1, 2, 3, 6], [0] * 4)
        selection = UnequalSelection(
            method=method,
            probabilities=np.full(4, 0.4),
            joint=joint if method is SelectionMethod.JOINT else None,
            variance=kind,
        )
        expected = variance(replace(design, sampling_fractions=np.array([0.4])), scores)
        assert expected == pytest.approx(0.6 * 4 / 3 * 14)
        assert variance(replace(design, selection=selection), scores) == pytest.approx(expected)

    def test_brewer_by_hand(self) -> None:
        # 2 x (.5 x 1 + .8 x 1) about the mean of 1 and 3.
        selection = UnequalSelection(method=SelectionMethod.BREWER, probabilities=np.array([0.5, 0.2]))
        assert variance(*drawn([1, 3], [0, 0], selection=selection)) == pytest.approx(2.6)

    def test_strata_are_drawn_independently(self) -> None:
        selection = UnequalSelection(method=SelectionMethod.OVERTON, probabilities=np.array([0.5, 0.2, 0.3, 0.6]))
        design, scores = drawn([1, 3, 4, 9], [0, 0, 1, 1], selection=selection)
        parts = [np.where(design.strata == stratum, scores, 0.0) for stratum in (0, 1)]
        assert variance(design, scores) == pytest.approx(sum(variance(design, part) for part in parts))

    def test_stages_below_are_weighted_by_the_probability(self) -> None:
        selection = UnequalSelection(method=SelectionMethod.BREWER, probabilities=np.array([0.5, 0.5, 0.2, 0.2]))
        stage = Stage(units=np.arange(4), strata=np.array([0, 0, 1, 1]))
        design, scores = drawn([1, 2, 3, 4], [0] * 4, psus=np.array([0, 0, 1, 1]), selection=selection)
        above = variance(design, scores)
        below = 0.5 * 2 * 0.5 + 0.2 * 2 * 0.5
        assert variance(replace(design, later_stages=(stage,)), scores) == pytest.approx(above + below)


class TestSystematicDraws:
    def test_by_hand(self) -> None:
        # Along the draw 1, 2, 4: 3/(2 x 2) x (1 + 4); whatever the order of the rows.
        design, scores = drawn([4, 1, 2], [0] * 3, order=np.array([30, 10, 20]))
        assert variance(design, scores) == pytest.approx(3.75)

    def test_population_correction_and_strata(self) -> None:
        design, scores = drawn(
            [1, 2, 4, 7, 7], [0, 0, 0, 1, 1], order=np.arange(5), sampling_fractions=np.array([0.2, 0.5])
        )
        assert variance(design, scores) == pytest.approx(0.8 * 3.75)

    def test_psus_are_taken_whole(self) -> None:
        design, scores = drawn([1, 1, 2, 4], [0] * 4, psus=np.array([5, 5, 3, 9]), order=np.array([1, 2, 3, 4]))
        assert variance(design, scores) == pytest.approx(3 / 4 * (0 + 4))

    def test_lonely_ones_follow_their_rule(self) -> None:
        design, scores = drawn([1, 3, 5], [0, 0, 1], order=np.arange(3))
        assert variance(design, scores) == pytest.approx(2 / 2 * 4 + (5 - 3) ** 2)


class TestDegreesOfFreedom:
    def test_psus_of_weight_nothing_do_not_count(self) -> None:
        design = SurveyDesign(weights=np.array([1.0, 1, 1, 0, 1]), strata=np.array([0, 0, 0, 0, 1]))
        assert design_df(design) == 4 - 2
        assert domain_df(design, np.array([True, True, False, True, False])) == 2 - 1

    def test_nobody(self) -> None:
        assert domain_df(SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=int)), np.zeros(2, dtype=bool)) == 0


def test_lengths() -> None:
    design = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=int))
    with pytest.raises(LengthsDiffer, match="scores: got 3 values, expected 2"):
        covariance(design, np.ones(3))
    with pytest.raises(LengthsDiffer, match="inside: got 1 values, expected 2"):
        covariance(design, np.ones(2), inside=np.ones(1, dtype=bool))
    with pytest.raises(LengthsDiffer, match="inside: got 1 values, expected 2"):
        domain_df(design, np.ones(1, dtype=bool))


# ---- laws ----


@st.composite
def designs(draw: st.DrawFn) -> SurveyDesign:
    """Strata, PSUs, and rows drawn inside them; sampling fractions at both stages."""
    sizes = draw(st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=3), min_size=1, max_size=3))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    strata: list[int] = []
    psus: list[int] = []
    for stratum, clusters in enumerate(sizes):
        for cluster in clusters:
            strata += [stratum] * cluster
            psus += [psus[-1] + 1 if psus else 0] * cluster
    inner = rng.choice([0.0, 0.3, 1.0], size=psus[-1] + 1)[psus]
    return SurveyDesign(
        weights=rng.uniform(0.5, 4, len(strata)),
        strata=np.array(strata),
        psus=np.array(psus),
        sampling_fractions=rng.choice([0.0, 0.25, 1.0], size=len(sizes)),
        later_stages=(Stage(units=np.arange(len(strata)), strata=np.array(psus), fractions=inner),),
        lonely=draw(st.sampled_from([LonelyPsu.ADJUST, LonelyPsu.CERTAINTY, LonelyPsu.REMOVE])),
    )


def scores_of(design: SurveyDesign, seed: int, columns: int = 1) -> FloatArray:
    return np.random.default_rng(seed).normal(3, 2, (len(design.weights), columns))


def between(totals: list[float], f: float, grand: float | None) -> float:
    """The textbook's (1-f) m/(m-1) Σ(z - mean)², one total standing about the grand mean or for nothing."""
    if f == 1 or (len(totals) == 1 and grand is None):
        return 0.0
    if len(totals) == 1:
        return (1 - f) * (totals[0] - float(grand or 0)) ** 2
    mean = sum(totals) / len(totals)
    return (1 - f) * len(totals) / (len(totals) - 1) * sum((z - mean) ** 2 for z in totals)


def by_textbook(design: SurveyDesign, scores: IntArray | FloatArray) -> float:
    assert design.psus is not None and design.sampling_fractions is not None  # noqa: PT018
    weighted = scores * design.weights
    psus = {psu: float(weighted[design.psus == psu].sum()) for psu in np.unique(design.psus).tolist()}
    adjust = design.lonely is LonelyPsu.ADJUST
    found = 0.0
    for stratum, f in enumerate(design.sampling_fractions.tolist()):
        own = np.unique(design.psus[design.strata == stratum]).tolist()
        found += between([psus[psu] for psu in own], f, sum(psus.values()) / len(psus) if adjust else None)
        for psu in own:
            rows = design.psus == psu
            inner = design.later_stages[0].fractions
            assert inner is not None
            found += f * between(weighted[rows].tolist(), float(inner[rows][0]), psus[psu] if adjust else None)
    return found


@given(designs(), st.integers(0, 2**32))
def test_as_the_textbook_has_it(design: SurveyDesign, seed: int) -> None:
    scores = scores_of(design, seed)[:, 0]
    assert variance(design, scores) == pytest.approx(by_textbook(design, scores), rel=1e-9, abs=1e-9)


@given(designs(), st.integers(0, 2**32))
def test_the_order_of_units_says_nothing(design: SurveyDesign, seed: int) -> None:
    scores = scores_of(design, seed, 2)
    order = np.random.default_rng(seed).permutation(len(scores))
    stage = design.later_stages[0]
    assert design.psus is not None and stage.fractions is not None  # noqa: PT018
    shuffled = replace(
        design,
        weights=design.weights[order],
        strata=design.strata[order],
        psus=design.psus[order],
        later_stages=(Stage(units=stage.units[order], strata=stage.strata[order], fractions=stage.fractions[order]),),
    )
    np.testing.assert_allclose(covariance(shuffled, scores[order]), covariance(design, scores), rtol=1e-9, atol=1e-9)


@given(designs(), st.integers(0, 2**32), st.floats(0.01, 100))
def test_weights_scale_variances_by_their_square(design: SurveyDesign, seed: int, times: float) -> None:
    scores = scores_of(design, seed)
    scaled = covariance(replace(design, weights=design.weights * times), scores)
    np.testing.assert_allclose(scaled, covariance(design, scores) * times**2, rtol=1e-9, atol=1e-9)


@given(designs(), st.integers(0, 2**32))
def test_sums_of_totals(design: SurveyDesign, seed: int) -> None:
    scores = scores_of(design, seed, 3)
    apart, together = covariance(design, scores), variance(design, scores.sum(axis=1))
    assert apart.sum() == pytest.approx(together, rel=1e-9, abs=1e-9)
    assert (apart == apart.T).all() or np.allclose(apart, apart.T, rtol=1e-12)
    assert np.linalg.eigvalsh(apart).min() >= -1e-9 * max(1.0, np.abs(apart).max())
