"""Each small instrument of ``behaviours/`` shows one thing the language can say: read, asked, checked and counted."""

from collections.abc import Mapping

import pytest

from questionnaires.checking import check_answers
from questionnaires.definition import AlternateName, Questionnaire
from questionnaires.fingerprint import questionnaire_fingerprint
from questionnaires.screens import Walk
from questionnaires.wording import fill_questionnaire
from questionnaires.xlsform import write_xlsform
from tests.questionnaires.tiny import BEHAVIOURS, behaviour
from tests.questionnaires.xlsform.forms import read

NAMES = sorted(path.stem for path in BEHAVIOURS.glob("*.toml"))


@pytest.mark.parametrize("name", NAMES)
def test_it_comes_back_from_its_workbook_as_it_was(name: str) -> None:
    form = read(write_xlsform(behaviour(name)))
    assert form.questionnaire == behaviour(name)
    assert questionnaire_fingerprint(form.questionnaire) == questionnaire_fingerprint(behaviour(name))
    assert not form.notes


def refused(name: str, answers: Mapping[str, object], mode: str = "web_open") -> list[str]:
    """The items whose answers are refused."""
    return [problem.item for problem in check_answers(behaviour(name), answers, mode=mode).problems]


@pytest.mark.parametrize(
    ("chosen", "problems"),
    [([1, 2], []), ([90], []), ([1, 2, 3], ["C1"]), ([1, 90], ["C1"]), ([90, 98], ["C1"]), ([4], ["C1"])],
)
def test_several_at_most_two_and_none_of_them_alone(chosen: list[int], problems: list[str]) -> None:
    assert refused("several", {"C1": chosen}) == problems


def test_a_battery_is_one_scale_on_screens_of_its_own() -> None:
    questionnaire = behaviour("battery")
    assert {item.scale for item in questionnaire.items} == {"sat5"}
    assert layout(questionnaire) == [["D1", "D2", "D3"], ["D4", "D5", "D6"]]


def layout(questionnaire: Questionnaire, modules: tuple[str, ...] = ()) -> list[list[str]]:
    walk = Walk(questionnaire, mode="web_open", modules=modules)
    return [[item.id for item in items] for items in walk.layout]


@pytest.mark.parametrize(("module", "asked"), [("streets", ["Q1", "M1"]), ("services", ["Q1", "M2"])])
def test_everyone_gets_one_of_the_rotating_modules(module: str, asked: list[str]) -> None:
    walk = Walk(behaviour("modules"), mode="web_open", modules=(module,))
    assert [item.id for item in walk.route({})] == asked
    off = ({"M1", "M2"} - set(asked)).pop()
    assert off not in walk.on_route({"Q1": 1, "M1": 1, "M2": 1})


def test_who_does_not_live_here_is_asked_nothing_more() -> None:
    walk = Walk(behaviour("screening"), mode="web_open")
    assert [item.id for item in walk.route({"S1": 1})] == ["S1", "Q1"]
    assert walk.unseen({"S1": 2}) is None
    assert walk.on_route({"S1": 2, "Q1": 1}) == {"S1": 2}


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ({"E1": 2}, ["E1"]),
        ({"E1": 1, "E2": (1,)}, ["E1", "E2"]),
        ({"E1": 1, "E2": (1, 2)}, ["E1", "E2", "E3"]),
        ({"E1": 2, "E2": (2,), "E3": 1}, ["E1"]),
    ],
)
def test_an_item_hangs_on_all_its_conditions(answers: dict[str, object], asked: list[str]) -> None:
    walk = Walk(behaviour("skips"), mode="web_open")
    assert [item.id for item in walk.route(answers)] == asked
    assert list(walk.on_route(answers)) == [item for item in asked if item in answers]


def test_interviewers_have_words_of_their_own_and_items_of_their_own() -> None:
    questionnaire = behaviour("interviewer")
    note = questionnaire.item("Q1").interviewer_note
    assert note is not None
    assert note.zh_Hans not in questionnaire.item("Q1").text.zh_Hans, "apart from the wording"
    assert questionnaire.introductions["capi"] != questionnaire.introductions["web_open"]
    asked = {mode: [item.id for item in Walk(questionnaire, mode=mode).route({})] for mode in ("capi", "web_open")}
    assert asked == {"capi": ["Q1", "N1"], "web_open": ["Q1"]}


def test_a_wave_fills_the_marks_and_what_it_leaves_open_has_words() -> None:
    questionnaire = behaviour("placeholders")
    filled = fill_questionnaire(questionnaire, dict(questionnaire.placeholders) | {"sponsor": "云城市委宣传部"})
    assert filled.introductions["capi"].zh_Hans == "您好，我受云城市委宣传部委托"
    assert filled.item("Q1").text.en == "Are you satisfied with the work to become a civilized city"


def test_items_of_two_sections_share_no_screen() -> None:
    questionnaire = behaviour("sections")
    assert layout(questionnaire) == [["Q1"], ["P1"]]
    assert [section.id for section in questionnaire.sections if section.factual] == ["person"]


def test_a_rate_has_its_other_readings_and_a_composite_its_weights() -> None:
    estate, street = behaviour("readings").indicators
    found = {alternate.name: alternate.codes for alternate in estate.alternates}
    assert estate.codes == street.codes == frozenset({1, 2})
    assert found == {
        AlternateName.BROAD: frozenset({1, 2, 3}),
        AlternateName.VALID: frozenset({1, 2}),
        AlternateName.TOP_BOX: frozenset({1}),
        AlternateName.SCORE: frozenset(),
    }
    (places,) = behaviour("readings").composites
    assert [(part.indicator, part.weight) for part in places.parts] == [("IND_ESTATE", 2), ("IND_STREET", 1)]
