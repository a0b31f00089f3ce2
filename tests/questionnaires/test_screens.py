"""Which items stand together, and the way through them, back and forth."""

from collections import Counter
from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from questionnaires.definition import OptionKind
from questionnaires.loading import BUILT_IN, load_file
from questionnaires.option_orders import ORDERS, is_reversed, ordered_options
from questionnaires.screens import MOST_IN_BATTERY, Walk, modules_for, skipped_answer
from tests.questionnaires.tiny import ACTS, ADULTS, COMMENT, LIGHTING, REPORTED, RESIDENT, SATISFIED, SOLVED, WHY, tiny


def layout(*parts: str, one_item: bool = False, modules: tuple[str, ...] = ()) -> list[list[str]]:
    walk = Walk(tiny(*parts), mode="capi", modules=modules, one_item=one_item)
    return [[item.id for item in items] for items in walk.layout]


def battery(count: int) -> str:
    parts = (SATISFIED.replace('"Q1"', f'"Q{n}"').replace("scale", 'battery = "B"\nscale') for n in range(count))
    return "".join(parts)


def test_items_that_do_not_depend_on_each_other_share_a_screen() -> None:
    assert layout(SATISFIED, ADULTS, COMMENT) == [["Q1", "N1", "T1"]]


def test_of_one_page_only_what_depends_on_an_answer_comes_later() -> None:
    items = (battery(7), ACTS, ADULTS, COMMENT, REPORTED, SOLVED, LIGHTING)
    walk = Walk(replace(tiny(*items), one_page=True), mode="web_token")
    assert [len(screen) for screen in walk.layout] == [11, 1]
    assert walk.layout[1][0].id == "E2", "only those who reported something are asked"
    ended = Walk(replace(tiny(RESIDENT, SATISFIED, ADULTS), one_page=True), mode="web_token")
    assert [[item.id for item in screen] for screen in ended.layout] == [["S1"], ["Q1", "N1"]]


def test_at_the_door_one_item_a_screen() -> None:
    assert layout(SATISFIED, ADULTS, COMMENT, one_item=True) == [["Q1"], ["N1"], ["T1"]]


def test_nothing_follows_what_may_end_the_interview_or_what_it_depends_on() -> None:
    assert layout(RESIDENT, REPORTED, SOLVED, WHY) == [["S1"], ["E1"], ["E2"], ["E3"]]


def test_a_list_to_choose_several_from_stands_alone() -> None:
    assert layout(SATISFIED, ACTS, ADULTS) == [["Q1"], ["C1"], ["N1"]]


@pytest.mark.parametrize(("items", "parts"), [(1, [1]), (5, [5]), (6, [3, 3]), (11, [4, 3, 4]), (16, [4, 4, 4, 4])])
def test_a_battery_stays_together_in_even_parts(items: int, parts: list[int]) -> None:
    assert [len(part) for part in layout(battery(items), ADULTS)] == [*parts, 1]


def test_only_the_items_of_the_own_module_are_laid_out() -> None:
    assert layout(SATISFIED, LIGHTING) == [["Q1"]]
    assert layout(SATISFIED, LIGHTING, modules=("streets",)) == [["Q1", "M1"]]


@pytest.mark.parametrize("slug", BUILT_IN)
def test_the_real_questionnaires(slug: str) -> None:
    questionnaire = load_file(BUILT_IN[slug])
    for mode in questionnaire.modes:
        walk = Walk(questionnaire, mode=mode, modules=modules_for(questionnaire, UUID(int=1)))
        laid = [item.id for items in walk.layout for item in items]
        order = [item.id for item in questionnaire.items if item.id in set(laid)]
        assert laid == order, "the order of the file, each once"
        for items in walk.layout:
            ids = {item.id for item in items}
            assert len(items) <= MOST_IN_BATTERY
            assert len({item.section for item in items}) == 1
            assert not any(condition.item in ids for item in items for condition in item.ask_if)
            assert not any(item.terminating_codes for item in items[:-1])


def test_the_way_follows_the_answers_and_back_again() -> None:
    walk = Walk(tiny(RESIDENT, REPORTED, SOLVED, WHY, SATISFIED), mode="capi")
    first = walk.unseen({})
    assert first is not None
    assert first.name == "S1"
    answers: dict[str, object] = {"S1": 1, "E1": 1, "E2": 2}
    names = [screen.name for screen in walk.screens(answers)]
    assert names == ["S1", "E1", "E2", "E3"]
    third = walk.screen("E2", answers)
    assert third is not None
    assert [third.place, walk.next(answers, third), walk.previous(answers, first)] == [2, walk.unseen(answers), None]
    answers["E1"] = 2
    assert [screen.name for screen in walk.screens(answers)] == ["S1", "E1", "Q1"]
    assert walk.screen("E2", answers) is None
    back = walk.previous(answers, third)
    assert back is not None
    assert back.name == "E1"


def test_answers_off_the_route_are_kept_aside_and_come_back() -> None:
    walk = Walk(tiny(REPORTED, SOLVED, SATISFIED), mode="capi")
    answers: dict[str, object] = {"E1": 2, "E2": 1, "Q1": None}
    assert walk.on_route(answers) == {"E1": 2, "Q1": None}
    answers["E1"] = 1
    assert walk.on_route(answers) == {"E1": 1, "E2": 1, "Q1": None}


def test_after_a_terminating_option_nothing_is_left_to_see() -> None:
    walk = Walk(tiny(RESIDENT, SATISFIED), mode="capi")
    assert walk.unseen({"S1": 2}) is None
    assert walk.next({"S1": 2}, walk.screens({})[0]) is None


def test_a_change_on_the_way_may_bring_an_unseen_screen() -> None:
    walk = Walk(tiny(REPORTED, SOLVED, SATISFIED), mode="capi")
    assert walk.unseen({"E1": 2, "Q1": 1}) is None
    unseen = walk.unseen({"E1": 1, "Q1": 1})
    assert unseen is not None
    assert unseen.item_ids == {"E2", "Q1"}


def test_progress_grows_to_one_whatever_is_left_out() -> None:
    walk = Walk(tiny(RESIDENT, REPORTED, SOLVED, SATISFIED), mode="capi")
    shares = [walk.progress(screen) for screen in walk.screens({"S1": 1, "E1": 2})]
    assert shares == sorted(shares)
    assert shares[0] == 0
    assert walk.progress(None) == 1


def test_each_response_gets_one_module_the_same_each_time_and_all_alike_often() -> None:
    questionnaire = load_file(BUILT_IN["urban-community"])
    counts = Counter(modules_for(questionnaire, UUID(int=number * 7919)) for number in range(2000))
    assert all(len(modules) == 1 for modules in counts)
    assert set().union(*counts) == {item.module for item in questionnaire.items if item.module}
    assert min(counts.values()) > 0.8 * 2000 / len(counts)
    uuid = uuid4()
    assert modules_for(questionnaire, uuid) == modules_for(questionnaire, uuid)
    assert modules_for(tiny(SATISFIED), uuid) == frozenset()


def test_half_of_all_see_the_options_from_the_other_end() -> None:
    assert sum(is_reversed(seed) for seed in range(ORDERS)) == ORDERS / 2
    item = load_file(BUILT_IN["urban-community"]).item("A0")
    assert [option.code for option in ordered_options(item, reverse=False)] == [1, 2, 3, 4, 90, 98, 99]
    assert [option.code for option in ordered_options(item, reverse=True)] == [4, 3, 2, 1, 90, 98, 99]
    plain = tiny(ACTS).item("C1")
    assert ordered_options(plain, reverse=True) == plain.options


def test_seen_and_left_empty_is_a_refusal() -> None:
    assert skipped_answer(tiny(SATISFIED).item("Q1")) == 99
    assert skipped_answer(tiny(ACTS).item("C1")) == (99,)
    assert skipped_answer(tiny(ADULTS).item("N1")) is None
    refused = tiny(SATISFIED).item("Q1").option(99)
    assert refused is not None
    assert refused.kind is OptionKind.REFUSED
