import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.answers import AnswerState
from analysis.areas import AreaTree
from analysis.design import DesignError, SurveyDesign
from analysis.domains import Domains
from analysis.publication import Base

#: The whole (0), city (1), streets (2, 3), communities (4 and 5 in the first street, 6 in the second).
TREE = AreaTree(
    codes=("city", "s1", "s2", "c1", "c2", "c3"),
    parents=(None, 0, 0, 1, 1, 2),
    tiers=(0, 2, 2, 4, 4, 4),
    populations=(None, None, 100, 12, 40, None),
)


def domains_of(
    unit_areas: list[int], weights: list[float] | None = None, strata: list[int] | None = None, tree: AreaTree = TREE
) -> Domains:
    n = len(unit_areas)
    design = SurveyDesign(
        weights=np.ones(n) if weights is None else np.array(weights),
        strata=np.zeros(n, dtype=np.int64) if strata is None else np.array(strata),
    )
    return Domains(design=design, tree=tree, unit_areas=np.array(unit_areas, dtype=np.int64))


def test_totals_go_up_the_tree() -> None:
    # Two answer in c1, one in c2, three in c3, and one is known only to the first street.
    domains = domains_of([3, 3, 4, 5, 5, 5, 1])
    assert domains.respondents.tolist() == [7, 7, 4, 3, 2, 1, 3]
    assert domains.total(np.array([1.0, 2, 4, 8, 16, 32, 64])).tolist() == [127, 127, 71, 56, 3, 4, 56]


@given(st.lists(st.integers(0, 5), min_size=1, max_size=60))
def test_children_never_hold_more_than_their_parent(unit_areas: list[int]) -> None:
    domains = domains_of(unit_areas)
    (totals,) = domains.totals([np.full(len(unit_areas), AnswerState.COUNTED, dtype=np.int8)])
    n = totals.on[Base.ASKED].n
    assert n.tolist() == domains.respondents.tolist()
    for area in range(1, domains.count):
        below = [child for child in range(domains.count) if domains.parents[child] == area]
        assert n[area] - sum(n[child] for child in below) == unit_areas.count(area - 1)


def test_fraction_of_the_smallest_area_that_holds_them_all() -> None:
    # 9 of the 12 adults of c1 answered and nobody else: the street, the city and the whole are the same 9 people.
    assert domains_of([3] * 9).fractions.tolist() == [0.75, 0.75, 0.75, 0, 0.75, 0, 0]
    # With one more in c2 (1 of 40) only c1 itself is known so well.
    assert domains_of([3] * 9 + [4]).fractions.tolist() == [0, 0, 0, 0, 0.75, 0.025, 0]


def test_where_a_variance_says_no_more_than_n_and_the_rate() -> None:
    # Strata are the two streets; c1 and c2 and c3 each lie in one of them, city and whole in both.
    assert domains_of([3, 4, 5], strata=[0, 0, 1]).plain.tolist() == [False, False, True, True, True, True, True]
    # Unequal weights in c1: the sums above it are not plain either.
    unequal = domains_of([3, 3, 4, 5], weights=[1, 2, 1, 1])
    assert unequal.plain.tolist() == [False, False, False, True, False, True, True]


def test_what_unequal_weights_cost() -> None:
    # c1: weights 1 and 3: 2 x 10 / 16 = 1.25, rounded up to 1.3. c2: one weight: 1.
    effects = domains_of([3, 3, 4, 4], weights=[1, 3, 2, 2]).weight_effects()
    assert effects[[4, 5, 6]].tolist() == [1.3, 1.0, 1.0]
    assert domains_of([3] * 7, weights=[0.1] * 7).weight_effects().tolist() == [1.0] * 7


def test_what_unequal_weights_of_communities_cost() -> None:
    # Means 2 in c1 and 6 in c2, two people each: 4 x (2 x 4 + 2 x 36) / 16^2 = 1.25; inside of one none.
    of_c1_and_c2 = domains_of([3, 3, 4, 4], weights=[1, 3, 6, 6])
    effects = of_c1_and_c2.weight_effects(between=TREE.tiers[3])
    assert effects[[0, 4, 5]].tolist() == [1.3, 1.0, 1.0]
    assert of_c1_and_c2.weight_effects()[[0, 4, 5]].tolist() == [1.3, 1.3, 1.0]


@pytest.mark.parametrize("unit_areas", [[0, 6], [-1, 0], [0]])
def test_everyone_lives_somewhere(unit_areas: list[int]) -> None:
    design = SurveyDesign(weights=np.ones(2), strata=np.zeros(2, dtype=np.int64))
    with pytest.raises(DesignError, match="unit_areas"):
        Domains(design=design, tree=TREE, unit_areas=np.array(unit_areas))
