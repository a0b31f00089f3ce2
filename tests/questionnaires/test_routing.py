"""Which items come, given the answers."""

from random import Random

import pytest

from questionnaires.definition import Item
from questionnaires.loading import BUILT_IN, load_file
from questionnaires.routing import NeededItems, ends_screened, routed_items
from tests.questionnaires.tiny import ACTS, ADULTS, LIGHTING, REPORTED, RESIDENT, SATISFIED, SOLVED, WHY, tiny


def ids(questionnaire: object, answers: dict[str, object], **fielded: object) -> list[str]:
    return [item.id for item in routed_items(questionnaire, answers, **fielded)]  # type: ignore[arg-type]


def test_without_conditions_everything_comes_in_the_order_of_the_file() -> None:
    assert ids(tiny(RESIDENT, SATISFIED, ACTS), {}) == ["S1", "Q1", "C1"]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({}, ["E1"]),
        ({"E1": 1}, ["E1", "E2"]),
        ({"E1": 2}, ["E1"]),
        ({"E1": 98}, ["E1"]),
        ({"E1": None}, ["E1"]),
        ({"E1": 1, "E2": 2}, ["E1", "E2", "E3"]),
        ({"E1": 1, "E2": 1}, ["E1", "E2"]),
    ],
)
def test_an_item_comes_when_its_condition_is_met(answers: dict[str, object], expected: list[str]) -> None:
    assert ids(tiny(REPORTED, SOLVED, WHY), answers) == expected


def test_an_answer_to_an_item_that_did_not_come_leads_nowhere() -> None:
    assert ids(tiny(REPORTED, SOLVED, WHY), {"E1": 2, "E2": 2}) == ["E1"]


def test_all_conditions_must_hold() -> None:
    both = WHY.replace("[{", '[{ item = "E1", codes = [1] }, {')
    questionnaire = tiny(REPORTED, SOLVED, both)
    assert "E3" in ids(questionnaire, {"E1": 1, "E2": 2})
    assert "E3" not in ids(questionnaire, {"E1": 1, "E2": 1})


@pytest.mark.parametrize(
    ("chosen", "comes"), [([1, 2], True), ([2, 3], False), ((1,), True), ([], False), (None, False)]
)
def test_of_several_answers_one_is_enough(chosen: object, comes: bool) -> None:
    after = SOLVED.replace('"E1"', '"C1"')
    assert ("E2" in ids(tiny(ACTS, after), {"C1": chosen})) is comes


def test_nothing_comes_after_an_option_that_ends_the_interview() -> None:
    questionnaire = tiny(RESIDENT, SATISFIED, ACTS)
    assert ids(questionnaire, {"S1": 2, "Q1": 1}) == ["S1"]
    for answers, screened in (({"S1": 2}, True), ({"S1": 1}, False), ({}, False)):
        assert ends_screened(routed_items(questionnaire, answers), answers) is screened


def test_a_modules_item_comes_where_the_wave_has_the_module() -> None:
    questionnaire = tiny(SATISFIED, LIGHTING)
    assert ids(questionnaire, {}, modules=["streets"]) == ["Q1", "M1"]
    assert ids(questionnaire, {}, modules=[]) == ["Q1"]
    assert ids(questionnaire, {}) == ["Q1"]
    assert ids(questionnaire, {"M1": None}) == ["Q1", "M1"]


def test_an_item_of_one_mode_comes_in_that_mode() -> None:
    invited = ADULTS.replace('type = "number"', 'type = "number"\nmodes = ["capi"]')
    questionnaire = tiny(SATISFIED, invited)
    assert ids(questionnaire, {}, mode="capi") == ["Q1", "N1"]
    assert ids(questionnaire, {}, mode="kiosk") == ["Q1"]
    assert ids(questionnaire, {"N1": 2}) == ["Q1", "N1"]


def test_the_items_needed_of_many_people_are_those_of_each_by_themselves() -> None:
    questionnaire = load_file(BUILT_IN["urban-community"])
    random = Random(5)  # noqa: S311 - an example, not a secret
    items = NeededItems(questionnaire, mode="capi")
    for _ in range(300):
        asked = [item for item in questionnaire.items if random.random() < 0.9]
        answers = {item.id: _some_answer(item, random) for item in asked}
        route = routed_items(questionnaire, answers, mode="capi")
        assert items.of(answers) == tuple(item for item in route if not item.optional)


def _some_answer(item: Item, random: Random) -> object:
    codes = [option.code for option in item.options] or [3]
    return random.choice(
        [random.choice(codes), random.choice(codes), [random.choice(codes)], codes[:2], None, 1.0, "x"]
    )
