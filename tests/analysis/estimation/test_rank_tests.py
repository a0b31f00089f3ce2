import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from analysis.design_errors import LengthsDiffer, NotANumber
from analysis.estimation.population_variance import estimate_variance
from analysis.estimation.rank_tests import RankScore, RankTest, mid_ranks, rank_test
from analysis.estimation.statistic import Estimate
from analysis.estimation.t_tests import one_group, two_groups
from analysis.estimation.undefined import Undefined, UndefinedReason
from analysis.estimation.wald import wald_statistic
from tests.analysis.estimation.small_designs import Answers, answers_of, any_answers, jackknifed, simple

SCORES = st.sampled_from(list(RankScore))


@given(answers=any_answers(), score=SCORES, seed=st.integers(0, 99))
def test_only_the_order_of_answers_matters(answers: Answers, score: RankScore, seed: int) -> None:
    found = rank_test(answers.design, values=answers.score, groups=answers.group, score=score)
    stretched = rank_test(answers.design, values=np.exp(answers.score), groups=answers.group, score=score)
    other = answers.shuffled(seed)
    again = rank_test(other.design, values=other.score, groups=other.group, score=score)
    assert isinstance(found, RankTest)
    assert stretched == found
    assert isinstance(again, RankTest)
    assert again.statistic == pytest.approx(found.statistic, rel=1e-6)
    assert (found.df, found.denominator_df) == (2, 8 + 1 - 3)
    assert 0 <= found.p_value <= 1


@given(answers=any_answers(), score=SCORES)
def test_groups_may_change_places(answers: Answers, score: RankScore) -> None:
    second = (answers.group == 2).astype(np.int64)
    one = rank_test(answers.design, values=answers.score, groups=second, score=score)
    other = rank_test(answers.design, values=answers.score, groups=1 - second, score=score)
    if isinstance(one, Undefined):
        assert other == one
        return
    assert isinstance(other, RankTest)
    assert one.difference == pytest.approx(-(other.difference or 0.0), abs=1e-9)
    assert one.statistic == pytest.approx(-other.statistic, abs=1e-9)


def test_simple_samples_come_near_to_wilcoxons_test() -> None:
    answers = answers_of(21, n=400)
    values = answers.score + np.arange(400) / 400
    found = rank_test(simple(400), values=values, groups=(answers.group == 2).astype(np.int64))
    expected = stats.mannwhitneyu(values[answers.group == 2], values[answers.group != 2])
    assert isinstance(found, RankTest)
    assert found.p_value == pytest.approx(expected.pvalue, rel=0.05)
    many = rank_test(simple(400), values=values, groups=answers.group)
    assert isinstance(many, RankTest)
    kruskal = stats.kruskal(*(values[answers.group == group] for group in range(3)))
    assert many.p_value == pytest.approx(kruskal.pvalue, rel=0.1)


def test_ranks_of_weights_are_those_of_so_many_people() -> None:
    values, weights = np.array([4.0, 2, 9]), np.array([2.0, 3, 1])
    many = mid_ranks(np.repeat(values, [2, 3, 1]), np.ones(6))
    assert mid_ranks(values, weights).tolist() == pytest.approx(many[[0, 2, 5]].tolist())
    assert mid_ranks(values, weights) @ weights / weights.sum() == pytest.approx(0.5)


def test_what_is_not_defined_says_why() -> None:
    answers = answers_of(3)
    nobody = np.zeros(60, dtype=bool)
    empty = rank_test(answers.design, values=answers.score, groups=answers.group, inside=nobody)
    assert empty == Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
    one_group = rank_test(answers.design, values=answers.score, groups=np.zeros(60, dtype=np.int64))
    assert one_group == Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
    alike = rank_test(answers.design, values=np.ones(60), groups=answers.group)
    assert alike == Undefined(reason=UndefinedReason.NO_VARIANCE)


def test_what_follows_from_the_others_has_no_inverse() -> None:
    assert wald_statistic(np.ones(2), np.ones((2, 2))) is None
    assert wald_statistic(np.ones(2), np.diag([1.0, 0.0])) is None
    assert wald_statistic(np.array([1e-9, 3.0]), np.diag([1e-18, 1.0])) == pytest.approx(10)


class TestPopulationVariance:
    @given(answers=any_answers(), shift=st.floats(-100, 100), factor=st.floats(0.1, 10))
    def test_shift_and_scale(self, answers: Answers, shift: float, factor: float) -> None:
        found = estimate_variance(answers.design, answers.score)
        moved = estimate_variance(answers.design, answers.score * factor + shift)
        assert isinstance(found, Estimate)
        assert isinstance(moved, Estimate)
        assert moved.value[0] == pytest.approx(found.value[0] * factor**2, rel=1e-6)
        assert moved.se[0] == pytest.approx(found.se[0] * factor**2, rel=1e-6)

    def test_simple_samples_have_their_own_variance(self) -> None:
        values = answers_of(2).score
        found = estimate_variance(simple(60), values)
        assert isinstance(found, Estimate)
        assert found.value[0] == pytest.approx(values.var(ddof=1))

    def test_replicates(self) -> None:
        values = answers_of(2, n=300).score
        taylor, again = (estimate_variance(one, values) for one in (simple(300), jackknifed(simple(300))))
        assert isinstance(taylor, Estimate)
        assert isinstance(again, Estimate)
        assert again.value[0] == taylor.value[0]
        assert again.se[0] == pytest.approx(taylor.se[0], rel=0.02)

    def test_one_respondent(self) -> None:
        found = estimate_variance(simple(3), np.arange(3.0), inside=np.array([True, False, False]))
        assert found == Undefined(reason=UndefinedReason.ONE_RESPONDENT)


def test_lengths_that_differ_and_numbers_that_are_none() -> None:
    zeros = np.zeros(3, dtype=np.int64)
    with pytest.raises(LengthsDiffer, match="groups: got 2"):
        rank_test(simple(3), values=np.arange(3.0), groups=zeros[:2])
    with pytest.raises(LengthsDiffer, match="values: got 2"):
        rank_test(simple(3), values=np.arange(2.0), groups=np.arange(3))
    with pytest.raises(NotANumber, match="values: got 1"):
        rank_test(simple(3), values=np.array([1.0, np.nan, 2.0]), groups=np.arange(3))
    with pytest.raises(LengthsDiffer, match="second: got 2"):
        two_groups(simple(3), values=np.arange(3.0), second=np.array([True, False]))
    with pytest.raises(ValueError, match="level: got 95"):
        one_group(simple(3), values=np.arange(3.0), level=95)
