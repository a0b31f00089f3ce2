"""What people answer to dates, notes, open options, number conditions: checked, routed, ordered."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from questionnaires.checking import AnswerProblemKind, Completeness, check_answers
from questionnaires.coding import AnswerState, code_responses
from questionnaires.definition import Indicator, IndicatorSet, Text
from questionnaires.option_orders import ORDERS, deal_order_seed, is_reversed, options_for
from questionnaires.routing import routed_items
from questionnaires.screens import Walk
from tests.questionnaires.tiny import behaviour


@pytest.mark.parametrize("written", ["2026-03-01", "2026/3/1", "2026年3月1日", "２０２６／３／１", " 2026.3.1 "])
def test_a_date_is_understood_as_people_write_it(written: str) -> None:
    found = check_answers(behaviour("dates"), {"D1": written}, mode="capi")
    assert (found.answers, found.problems) == ({"D1": "2026-03-01"}, ())


@pytest.mark.parametrize(
    ("written", "kind"),
    [
        ("2026-02-30", "not_a_date"),
        ("1/3/2026", "not_a_date"),
        ("昨天", "not_a_date"),
        (20260301, "not_a_date"),
        ("2019-12-31", "out_of_range"),
        ("2027-01-01", "out_of_range"),
        ("", "blank"),
    ],
)
def test_what_is_no_day_or_lies_outside_is_no_answer(written: object, kind: str) -> None:
    found = check_answers(behaviour("dates"), {"D1": written}, mode="capi")
    assert found.answers == {"D1": None}
    assert [problem.kind for problem in found.problems] == [kind]


def test_a_note_comes_needs_no_answer_and_leaves_nothing() -> None:
    notes = behaviour("notes")
    assert [item.id for item in routed_items(notes, {"Q1": 4}, mode="capi")] == ["G1", "Q1", "G2", "Q2"]
    assert [item.id for item in routed_items(notes, {"Q1": 1}, mode="capi")] == ["G1", "Q1", "Q2"]
    found = check_answers(notes, {"G1": None, "Q1": 4, "G2": "seen"}, mode="capi")
    assert (found.answers, found.problems) == ({"Q1": 4}, ())
    assert found.completeness is Completeness.COMPLETE
    walk = Walk(notes, mode="capi")
    assert walk.on_route({"G1": None, "Q1": 4, "G2": None, "Q2": "x"}) == {"Q1": 4, "Q2": "x"}


def test_nothing_but_notes_is_no_response() -> None:
    assert check_answers(behaviour("notes"), {"G1": None}, mode="capi").completeness is Completeness.BREAK_OFF


def test_the_words_to_an_open_option_stand_beside_it() -> None:
    found = check_answers(behaviour("other"), {"A2": [1, 10], "A2.10": " 邻居\x00说的 ", "A3": 9}, mode="capi")
    assert found.answers == {"A2": (1, 10), "A2.10": " 邻居说的 ", "A3": 9}
    assert found.problems == ()


def test_words_without_their_option_are_left_out_and_reported() -> None:
    found = check_answers(behaviour("other"), {"A2": [1], "A2.10": "邻居", "A3": 1, "A3.9": ""}, mode="capi")
    assert found.answers == {"A2": (1,), "A3": 1}
    assert [(problem.item, problem.kind) for problem in found.problems] == [("A2.10", AnswerProblemKind.NOT_CHOSEN)]


def test_words_are_cut_at_two_hundred_characters() -> None:
    found = check_answers(behaviour("other"), {"A2": 10, "A2.10": "说" * 300}, mode="capi")
    assert found.answers["A2.10"] == "说" * 200
    assert [problem.kind for problem in found.problems] == [AnswerProblemKind.TOO_LONG]


def test_there_are_no_words_to_an_option_that_is_not_open() -> None:
    found = check_answers(behaviour("other"), {"A2": 1, "A2.1": "x", "A9.10": "y"}, mode="capi")
    assert [problem.kind for problem in found.problems] == [AnswerProblemKind.UNKNOWN_ITEM] * 2


def test_words_of_an_option_no_longer_chosen_wait_in_the_draft() -> None:
    walk = Walk(behaviour("other"), mode="capi")
    draft: dict[str, object] = {"A2": (1,), "A2.10": "邻居", "A3": 9, "A3.9": "噪音"}
    assert walk.on_route(draft) == {"A2": (1,), "A3": 9, "A3.9": "噪音"}
    assert walk.on_route({**draft, "A2": (10,)})["A2.10"] == "邻居"


@pytest.mark.parametrize(
    ("answers", "route"),
    [
        ({}, ["N1"]),
        ({"N1": 1}, ["N1"]),
        ({"N1": None}, ["N1"]),
        ({"N1": 2}, ["N1", "N2"]),
        ({"N1": 2, "N2": 0}, ["N1", "N2"]),
        ({"N1": 5, "N2": 1}, ["N1", "N2", "N3"]),
        ({"N1": 6, "N2": 1}, ["N1", "N2"]),
        ({"N1": "5", "N2": 1}, ["N1"]),
    ],
)
def test_a_number_leads_on_within_its_bounds(answers: dict[str, object], route: list[str]) -> None:
    numbers = behaviour("numbers")
    assert [item.id for item in routed_items(numbers, answers, mode="capi")] == route
    walk = Walk(numbers, mode="capi")
    assert [item.id for item in walk.route(answers)] == route


def test_numbers_decide_who_is_in_the_base() -> None:
    label = Text(zh_Hans="有", en="There is")
    near = Indicator(code="IND_NEAR", label=label, item="N3", codes=frozenset({1}), set=IndicatorSet.OTHER)
    responses: list[dict[str, object]] = [
        {"N1": 5, "N2": 1, "N3": 1},
        {"N1": 9, "N2": 1, "N3": 1},
        {"N1": 3, "N2": 2, "N3": None},
    ]
    coded = code_responses(behaviour("numbers"), [near], responses)
    expected = [AnswerState.COUNTED, AnswerState.NOT_IN_BASE, AnswerState.NO_ANSWER]
    assert coded.states["IND_NEAR"].tolist() == expected


def test_who_knows_only_what_does_not_exist_knows_nothing() -> None:
    decoys = behaviour("decoys")
    coded = code_responses(decoys, decoys.indicators, [{"K1": (3,)}, {"K1": (1, 3)}, {"K1": (90,)}])
    assert coded.states["IND_KNOWS_MOST"].tolist() == [0, 1, 0]
    assert coded.states["IND_KNOWS_DECOY"].tolist() == [1, 1, 0]


@pytest.mark.parametrize("number", range(2, 13))
def test_each_option_comes_first_about_equally_often(number: int) -> None:
    item = behaviour("decoys").item("K1")
    options = tuple(replace(item.options[0], code=code) for code in range(1, number + 1))
    orders = [[o.code for o in options_for(replace(item, options=options), seed)] for seed in range(ORDERS)]
    for place in range(number):
        counts = Counter(order[place] for order in orders)
        assert sum(counts.values()) == ORDERS
        if ORDERS % (2 * number) == 0 or place == 0:
            assert max(counts.values()) <= -(-ORDERS // number)
            assert min(counts[code] for code in range(1, number + 1)) >= ORDERS // number


def test_the_order_of_a_seed_never_changes() -> None:
    """It is stored beside the answers, and says as long as there are answers what stood first."""
    item = behaviour("decoys").item("K1")
    orders = [[option.code for option in options_for(item, seed)] for seed in range(ORDERS)]
    assert all(order[-2:] == [90, 98] for order in orders), "none and don't know stay at the end"
    assert [order[:5] for order in orders[:3]] == [[5, 4, 1, 3, 2], [3, 4, 2, 5, 1], [4, 3, 5, 2, 1]]
    assert options_for(item, None) == item.options


def test_what_comes_first_in_one_item_says_nothing_of_the_next() -> None:
    one = behaviour("decoys").item("K1")
    firsts = {(options_for(one, s)[0].code, options_for(replace(one, id="K2"), s)[0].code) for s in range(ORDERS)}
    assert len(firsts) > 8


def test_a_seed_is_dealt_only_where_options_are_mixed() -> None:
    assert {deal_order_seed(behaviour("decoys"), "web_open") for _ in range(400)} == set(range(ORDERS))
    assert deal_order_seed(behaviour("dates"), "web_open") is None


def test_other_items_keep_or_turn_their_order() -> None:
    item = behaviour("other").item("A3")
    for seed in range(ORDERS):
        expected = [2, 1, 9] if is_reversed(seed) else [1, 2, 9]
        assert [option.code for option in options_for(item, seed)] == expected


def test_every_screen_of_a_small_instrument_is_reached() -> None:
    for name in ("dates", "notes", "decoys", "required", "numbers", "other", "languages"):
        walk = Walk(behaviour(name), mode="web_open")
        places = [screen.place for screen in walk.screens({})]
        assert all(earlier < later for earlier, later in pairwise(places))
