"""Labels of chance: they number and name without telling whom."""

import random
from collections import Counter
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from survey.fieldwork.pseudonyms import Answered, name_canvassers, number_psus


def answered(number: int, area: str = "e", canvasser: int = 1) -> Answered:
    return Answered(uuid=UUID(int=number), area=area, canvasser=canvasser)


def test_psus_are_one_to_n_in_an_order_of_chance() -> None:
    responses = [answered(number) for number in range(200)]
    first, second = (number_psus(responses, random.Random(seed)) for seed in (1, 2))  # noqa: S311 - a test
    assert sorted(first.values()) == list(range(1, 201))
    assert first != second


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
