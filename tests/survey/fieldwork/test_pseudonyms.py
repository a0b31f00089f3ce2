"""Labels of chance: they number and name without telling whom."""

import random
from collections import Counter
from dataclasses import replace
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from survey.fieldwork.pseudonyms import Answered, name_canvassers, name_strata, number_psus


def answered(number: int, area: str = "e", canvasser: int = 1) -> Answered:
    return Answered(uuid=UUID(int=number), area=area, canvasser=canvasser)


def test_psus_are_one_to_n_in_an_order_of_chance() -> None:
    responses = [answered(number) for number in range(200)]
    first, second = (number_psus(responses, random.Random(seed)) for seed in (1, 2))  # noqa: S311 - a test
    assert sorted(first.values()) == list(range(1, 201))
    assert first != second


def test_answers_of_one_grid_share_a_number_and_none_of_it_is_the_grids() -> None:
    grids = [replace(answered(n), psu=f"grid{n % 3}") for n in range(9)]
    dwellings = [answered(n, "w") for n in range(10, 14)]
    found = number_psus([*grids, *dwellings], random.Random(1))  # noqa: S311 - a test
    assert sorted(set(found.values())) == list(range(1, 8))
    by_grid = [{found[one.uuid] for one in grids if one.psu == f"grid{n}"} for n in range(3)]
    assert [len(numbers) for numbers in by_grid] == [1, 1, 1]
    assert len({found[one.uuid] for one in dwellings}) == 4


def test_the_same_grid_number_in_two_strata_is_two() -> None:
    found = number_psus(
        [replace(answered(1, "e"), psu="1"), replace(answered(2, "w"), psu="1")],
        random.Random(1),  # noqa: S311 - a test
    )
    assert sorted(found.values()) == [1, 2]


def test_strata_inside_a_community_get_letters_of_chance() -> None:
    given = [
        *(replace(answered(n), stratum=f"grid{n}") for n in range(6)),
        replace(answered(6), stratum="e"),
        replace(answered(7), stratum="*"),
        answered(8),
        replace(answered(9, "w"), stratum="grid9"),
    ]
    orders = set()
    for seed in range(5):
        found = name_strata(given, random.Random(seed))  # noqa: S311 - a test
        names = [found[one.uuid] for one in given]
        assert sorted(names[:6]) == ["e/A", "e/B", "e/C", "e/D", "e/E", "e/F"]
        assert names[6:] == ["e", "*", "e", "w/A"]
        orders.add(tuple(names[:6]))
    assert len(orders) > 1


def test_two_canvassers_with_enough_cases_get_letters() -> None:
    responses = [answered(number, canvasser=1 + number % 2) for number in range(20)]
    names = name_canvassers(responses, {("e", 1): 12, ("e", 2): 13}, random.Random(1))  # noqa: S311 - a test
    assert set(names.values()) == {"A", "B"}
    assert len({names[one.uuid] for one in responses if one.canvasser == 1}) == 1


def test_the_same_canvasser_has_another_letter_elsewhere() -> None:
    responses = [answered(n, "ew"[n % 2], 1 + n // 2 % 2) for n in range(16)]
    cases = {(area, who): 10 for area in "ew" for who in (1, 2)}
    names = name_canvassers(responses, cases, random.Random(1))  # noqa: S311 - a test
    assert sorted(set(names.values())) == ["A", "B", "C", "D"]


def test_letters_that_would_tell_are_left_out() -> None:
    chance = random.Random(1)  # noqa: S311 - a test
    # 8 answers cannot be those of somebody with 3 cases: the letters would name both.
    uneven = [answered(n, canvasser=1) for n in range(8)] + [answered(9, canvasser=2)]
    assert set(name_canvassers(uneven, {("e", 1): 10, ("e", 2): 3}, chance).values()) == {""}
    alone = [answered(n) for n in range(8)]
    assert set(name_canvassers(alone, {("e", 1): 10}, chance).values()) == {""}
    reassigned = [answered(n, canvasser=3) for n in range(2)]
    assert set(name_canvassers(reassigned, {("e", 1): 10, ("e", 2): 10}, chance).values()) == {""}


def test_online_answers_have_no_canvasser() -> None:
    names = name_canvassers([answered(1, canvasser=0)], {("e", 1): 5, ("e", 2): 5}, random.Random(1))  # noqa: S311 - a test
    assert list(names.values()) == [""]


@given(st.lists(st.tuples(st.sampled_from("ew"), st.integers(0, 3)), max_size=30), st.integers(0, 12))
def test_every_letter_could_be_anybody(pairs: list[tuple[str, int]], most: int) -> None:
    """Whoever knows the assignments still cannot tell a letter from another."""
    responses = [answered(number, area, who) for number, (area, who) in enumerate(pairs)]
    cases = {(area, who): most + who for area in "ew" for who in (1, 2, 3)}
    names = name_canvassers(responses, cases, random.Random(0))  # noqa: S311 - a test
    counts = Counter((one.area, names[one.uuid]) for one in responses if names[one.uuid])
    for (area, _), count in counts.items():
        assert all(count <= had for (where, _), had in cases.items() if where == area)
    areas = [{one.area for one in responses if names[one.uuid] == letter} for letter in set(names.values()) - {""}]
    assert all(len(found) == 1 for found in areas)
