import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.design import DesignError, SurveyDesign
from analysis.estimation.contrasts import Contrast, GroupEstimates, adjusted_pairs, contrast, group_means, pairs
from analysis.estimation.families import Correction
from analysis.estimation.means import estimate_mean
from analysis.estimation.statistic import Estimate
from analysis.estimation.t_tests import TTest, one_group, two_groups
from analysis.estimation.undefined import Undefined, UndefinedReason
from tests.analysis.estimation.small_designs import Answers, answers_of, any_answers, jackknifed, simple


def means_in(answers: Answers, count: int = 3) -> GroupEstimates:
    found = group_means(answers.design, values=answers.score, groups=answers.group, count=count)
    assert isinstance(found, GroupEstimates)
    return found


@given(answers=any_answers())
def test_each_group_is_estimated_as_if_alone(answers: Answers) -> None:
    found = means_in(answers)
    for group in range(3):
        alone = estimate_mean(answers.design, answers.score, inside=answers.group == group)
        assert isinstance(alone, Estimate)
        assert found.means[group] == pytest.approx(alone.value[0])
        assert found.covariance[group, group] == pytest.approx(alone.covariance[0, 0])
        assert found.sizes[group] == alone.n
    assert found.df == 8


def test_groups_in_the_same_clusters_hang_together() -> None:
    """Two clusters with a man and a woman each: 1 and 2, 5 and 8. Both means have the variance of their clusters'
    halves, 2/1 x 2 (1)² and 2 (1.5)², and the covariance 2/1 x 2 x 1 x 1.5, the square root of their product."""
    design = SurveyDesign(weights=np.ones(4), strata=np.zeros(4, dtype=np.int64), psus=np.array([0, 0, 1, 1]))
    found = group_means(design, values=np.array([1.0, 2, 5, 8]), groups=np.array([0, 1, 0, 1]), count=2)
    assert isinstance(found, GroupEstimates)
    assert found.covariance.tolist() == [[4.0, 6.0], [6.0, 9.0]]
    # So their difference varies much less than if they were strangers: 4 + 9 - 2 x 6.
    [(_, difference)] = pairs(found).items()
    assert isinstance(difference, Contrast)
    assert (difference.difference, difference.se, difference.df) == (-2.0, 1.0, 1)


def test_groups_of_their_own_strata_are_strangers() -> None:
    answers = answers_of(4)
    found = group_means(answers.design, values=answers.score, groups=answers.design.strata, count=2)
    assert isinstance(found, GroupEstimates)
    assert found.covariance[0, 1] == pytest.approx(0)


@given(answers=any_answers())
def test_a_difference_of_two_groups_is_a_slope(answers: Answers) -> None:
    """The t test of a group's indicator finds the same difference and error, one degree of freedom fewer."""
    first = answers.group > 0
    found = group_means(answers.design, values=answers.score, groups=first.astype(np.int64), count=2)
    tested = two_groups(answers.design, values=answers.score, second=first)
    assert isinstance(found, GroupEstimates)
    assert isinstance(tested, TTest)
    difference = contrast(found, np.array([-1.0, 1.0]))
    assert isinstance(difference, Contrast)
    assert tested.difference == pytest.approx(difference.difference, abs=1e-9)
    assert tested.se == pytest.approx(difference.se)
    assert tested.df == difference.df - 1


@given(answers=any_answers(), seed=st.integers(0, 99), factor=st.floats(0.01, 100))
def test_scale_of_weights_and_order_of_units_do_not_matter(answers: Answers, seed: int, factor: float) -> None:
    found = means_in(answers)
    for other in (answers.shuffled(seed), answers.scaled(factor)):
        assert means_in(other).covariance == pytest.approx(found.covariance, rel=1e-9, abs=1e-12)


@given(answers=any_answers(), level=st.sampled_from([0.5, 0.9, 0.99]))
def test_limits_contain_the_difference_and_agree_with_the_p_value(answers: Answers, level: float) -> None:
    for one in pairs(means_in(answers), level=level).values():
        assert isinstance(one, Contrast)
        assert one.low <= one.difference <= one.high
        assert (one.low > 0 or one.high < 0) == (one.p_value < 1 - level)


def test_a_family_leaves_out_what_is_not_defined() -> None:
    covariance = np.diag([0.0, 0.0, 4.0])
    found = GroupEstimates(means=np.array([1.0, 1, 5]), covariance=covariance, sizes=np.full(3, 9), df=20)
    differences = pairs(found)
    assert differences[0, 1] == Undefined(reason=UndefinedReason.NO_VARIANCE)
    adjusted = adjusted_pairs(differences, Correction.BONFERRONI)
    one = differences[0, 2]
    assert isinstance(one, Contrast)
    assert adjusted == {(0, 2): pytest.approx(2 * one.p_value), (1, 2): pytest.approx(2 * one.p_value)}


def test_replicates_give_the_covariance() -> None:
    answers = answers_of(8, n=80)
    design = SurveyDesign(weights=np.ones(80), strata=np.zeros(80, dtype=np.int64))
    plain, again = (
        group_means(one, values=answers.score, groups=answers.group, count=3) for one in (design, jackknifed(design))
    )
    assert isinstance(plain, GroupEstimates)
    assert isinstance(again, GroupEstimates)
    assert np.sqrt(np.diag(again.covariance)) == pytest.approx(np.sqrt(np.diag(plain.covariance)), rel=0.05)


def test_a_group_without_members_and_codes_without_a_place() -> None:
    answers = answers_of(2)
    found = group_means(answers.design, values=answers.score, groups=answers.group, count=4)
    assert found == Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
    with pytest.raises(DesignError, match="from -1 to 1"):
        group_means(answers.design, values=answers.score, groups=answers.group, count=2)
    with pytest.raises(DesignError, match="groups"):
        group_means(answers.design, values=answers.score, groups=answers.group[:5], count=3)


class TestTTests:
    @given(answers=any_answers(), number=st.floats(-5, 15))
    def test_one_group_against_a_number(self, answers: Answers, number: float) -> None:
        mean = estimate_mean(answers.design, answers.score)
        found = one_group(answers.design, values=answers.score, expected=number)
        assert isinstance(mean, Estimate)
        assert isinstance(found, TTest)
        assert found.difference == pytest.approx(float(mean.value[0]) - number, abs=1e-9)
        assert found.se == pytest.approx(float(mean.se[0]))
        assert found.df == mean.df
        assert found.low <= found.difference <= found.high

    def test_groups_may_change_places(self) -> None:
        answers = answers_of(12)
        one = two_groups(answers.design, values=answers.score, second=answers.group == 2)
        other = two_groups(answers.design, values=answers.score, second=answers.group != 2)
        assert isinstance(one, TTest)
        assert isinstance(other, TTest)
        assert (one.t, one.low) == (pytest.approx(-other.t), pytest.approx(-other.high))
        assert one.p_value == pytest.approx(other.p_value)

    def test_what_is_not_defined_says_why(self) -> None:
        answers = answers_of(12)
        nobody = np.zeros(60, dtype=bool)
        everyone_second = two_groups(answers.design, values=answers.score, second=~nobody)
        assert everyone_second == Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
        empty = two_groups(answers.design, values=answers.score, second=answers.group == 2, inside=nobody)
        assert empty == Undefined(reason=UndefinedReason.EMPTY_DOMAIN)
        alike = one_group(simple(5), values=np.full(5, 3.0))
        assert alike == Undefined(reason=UndefinedReason.NO_VARIANCE)
        assert one_group(simple(1), values=np.ones(1)) == Undefined(reason=UndefinedReason.NO_DEGREES_OF_FREEDOM)
        with pytest.raises(DesignError, match="outcome"):
            one_group(simple(2), values=np.array([1.0, math.nan, 2.0]))
