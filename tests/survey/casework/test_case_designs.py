"""What answers may tell of how their dwellings were drawn, by hand; and that it never points to a few cases."""

from collections import Counter
from dataclasses import dataclass
from fractions import Fraction
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.casework.case_designs import LEAST_CASES, community_cases, told_designs

EAST, WEST = "330106001001", "330106001002"


@dataclass(frozen=True, kw_only=True)
class Case:
    id: UUID
    area: str = EAST
    stratum: str = EAST
    psu: str = ""
    stages: str = "10/100"
    inclusion_n: int = 10
    inclusion_total: int = 100


def cases(count: int, start: int = 0, **fields: object) -> list[Case]:
    return [Case(id=UUID(int=start + number), **fields) for number in range(count)]  # type: ignore[arg-type]


def test_one_stage_of_dwellings_is_told_as_it_is_however_few_were_drawn() -> None:
    drawn = [*cases(6), *cases(100, 100, area=WEST, stratum=WEST, inclusion_n=1, inclusion_total=4)]

    told = told_designs(drawn)

    assert {(one.area, one.stratum, one.psu, one.inclusion_n, one.inclusion_total) for one in told.values()} == {
        (EAST, EAST, "", 10, 100),
        (WEST, WEST, "", 1, 4),
    }
    found = community_cases(drawn)
    assert [(one.cases, one.weight, one.chance, one.single_stage) for one in found.values()] == [
        (6, 60.0, Fraction(1), True),
        (100, 400.0, Fraction(1), True),
    ]


def test_grids_with_enough_cases_are_told_and_small_ones_are_put_together() -> None:
    grids = [cases(count, 100 * place, psu=f"grid{place}") for place, count in enumerate((10, 4, 7, 12))]
    drawn = [case for grid in grids for case in grid]

    told = told_designs(drawn)

    by_psu = Counter(one.psu for one in told.values())
    assert sorted(by_psu.values()) == [10, 11, 12]
    assert told[grids[1][0].id] == told[grids[2][0].id], "4 and 7"
    assert not community_cases(drawn)[EAST].single_stage


def test_probabilities_of_too_few_are_put_together_by_what_they_weigh() -> None:
    """6 cases of 1/10 and 4 of 1/5 weigh 60 + 20: each of the 10 stands for 8 dwellings."""
    drawn = [*cases(6, psu="a"), *cases(4, 10, psu="b", inclusion_n=20)]

    told = set(told_designs(drawn).values())

    assert {(one.stratum, one.inclusion_n, one.inclusion_total) for one in told} == {(EAST, 1, 8)}
    assert len({one.psu for one in told}) == 1
    assert community_cases(drawn)[EAST].weight == 80


def test_a_certain_grid_is_a_stratum_of_its_own_as_long_as_it_is_large() -> None:
    drawn = [*cases(12, psu="b"), *cases(10, 20, stratum="grid", inclusion_n=50)]
    assert {(one.stratum, one.psu) for one in told_designs(drawn).values()} == {(EAST, "b"), ("grid", "")}
    fewer = drawn[:-1]
    assert len({(one.stratum, one.psu, one.inclusion_n) for one in told_designs(fewer).values()}) == 1


def test_communities_that_were_drawn_stand_for_others() -> None:
    first = cases(20, area=WEST, stratum="*", psu=WEST, stages="2/5 1/4", inclusion_n=1, inclusion_total=10)

    assert community_cases(first)[WEST].chance == Fraction(2, 5)
    assert {(one.stratum, one.psu) for one in told_designs(first).values()} == {("*", WEST)}


@pytest.mark.parametrize("released", [1, 2])
def test_what_is_not_in_the_field_is_behind_nothing(released: int) -> None:
    """Reserves that wait are no cases yet: of 20 in each grid half are asked at first."""
    asked = [*cases(5 * released, psu="a"), *cases(5 * released, 100, psu="b")]
    assert len({one.psu for one in told_designs(asked).values()}) == released


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.sampled_from("pqr"), st.integers(1, 4), st.integers(1, 15)), max_size=8
    )
)
def test_ten_cases_are_behind_whatever_is_told(groups: list[tuple[str, str, int, int]]) -> None:
    drawn = [
        case
        for place, (stratum, psu, n, count) in enumerate(groups)
        for case in cases(count, 100 * place, stratum=stratum, psu=stratum + psu, inclusion_n=n)
    ]

    told = told_designs(drawn)

    behind = Counter((one.stratum, one.psu, one.inclusion_n, one.inclusion_total) for one in told.values())
    assert told.keys() == {case.id for case in drawn}
    assert all(count >= LEAST_CASES for count in behind.values()) or len(behind) == 1
    weight = sum(Fraction(one.inclusion_total, one.inclusion_n) for one in told.values())
    assert weight == sum(Fraction(case.inclusion_total, case.inclusion_n) for case in drawn), "nobody weighs less"
    strata = {one.psu: one.stratum for one in told.values()}
    assert all(strata[one.psu] == one.stratum for one in told.values()), "a PSU is in one stratum"
