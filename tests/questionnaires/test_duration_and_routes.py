"""Minutes and routes: worked out by hand for small questionnaires, in time for large ones."""

import time

import pytest

from questionnaires.definition import Questionnaire
from questionnaires.duration import Clock, Span
from questionnaires.loading import BUILT_IN, load_file, load_text
from questionnaires.review import review, review_text
from questionnaires.routes import Routes, dead_ends, unreachable_items, walk_routes
from tests.questionnaires.tiny import ACTS, ADULTS, HEAD, LIGHTING, REPORTED, RESIDENT, SATISFIED, SOLVED, WHY, tiny


def only(questionnaire: Questionnaire) -> Routes:
    (found,) = walk_routes(questionnaire)
    return found


def items(routes: Routes) -> tuple[int, int]:
    assert routes.shortest is not None
    assert routes.longest is not None
    return routes.shortest.items, routes.longest.items


def test_seconds_of_one_question_by_hand() -> None:
    """您满意吗: 4 characters. Options that are read: 非常满意 比较满意 一般 不太满意 很不满意 不了解, 4+4+2+4+4+3 = 21.
    Read by oneself, 500 to 300 a minute: 25 × 60 / 500 = 3 and 25 × 60 / 300 = 5 seconds, and 2 to 5 to decide. Read
    aloud, 255 to 170 a minute: 25 × 60 / 255 = 5.88 and 8.82 seconds, and again 2 to 5.
    """
    questionnaire = tiny(SATISFIED)
    alone, aloud = (Clock(questionnaire, aloud=each).item("Q1") for each in (False, True))
    assert (alone.low, alone.high) == pytest.approx((5, 10))
    assert (aloud.low, aloud.high) == pytest.approx((2 + 1500 / 255, 5 + 1500 / 170))


def test_options_met_before_are_not_read_again_by_the_quick() -> None:
    clock = Clock(tiny(SATISFIED, SATISFIED.replace("Q1", "Q2")), aloud=False)
    first, second = clock.item("Q1"), clock.item("Q2")
    assert first.low - second.low == pytest.approx(21 * 60 / 500)
    assert first.high == second.high


def test_introduction_and_closing_count() -> None:
    """您好 and 谢谢: 4 characters aloud."""
    around = Clock(tiny(SATISFIED), aloud=True).around("capi")
    assert (around.low, around.high) == pytest.approx((4 * 60 / 255, 4 * 60 / 170))


def test_english_is_counted_in_words() -> None:
    spoken = Clock(tiny(ADULTS), aloud=True, language="en").item("N1")
    assert spoken.low == pytest.approx(4 + 3 * 60 / 228)


def test_minutes_are_rounded_to_halves() -> None:
    assert Span(low=1, high=61).minutes == (0.5, 1.0)


def test_routes_by_hand() -> None:
    """Sent away at S1; else E1 alone; E1 E2; E1 E2 E3."""
    found = only(tiny(RESIDENT, REPORTED, SOLVED, WHY))
    assert (found.count, found.ended, found.cut) == (4, 1, False)
    assert items(found) == (2, 4)


def test_a_list_of_several_meets_any_of_its_conditions() -> None:
    """C1 leads to A, to B, to both or to neither."""
    first = REPORTED.replace("E1", "FA").replace(
        'type = "single"', 'type = "single"\nask_if = [{ item = "C1", codes = [1] }]'
    )
    second = first.replace("FA", "FB").replace("codes = [1]", "codes = [2]")
    assert only(tiny(ACTS, first, second)).count == 4
    assert only(tiny(ACTS.replace("max_choices = 2", "max_choices = 1"), first, second)).count == 3


def test_each_gets_one_module() -> None:
    """Two modules of one item each are two ways of the same length."""
    found = only(tiny(SATISFIED, LIGHTING, LIGHTING.replace("M1", "M2").replace("streets", "parks")))
    assert found.count == 2
    assert items(found) == (2, 2)


def test_bounds_of_numbers_are_conditions_too() -> None:
    many = REPORTED.replace('type = "single"', 'type = "single"\nask_if = [{ item = "N1", at_least = 3 }]')
    assert only(tiny(ADULTS, many)).count == 2


def test_what_nobody_comes_to() -> None:
    """Whoever did not report cannot say that it was solved, and nobody is 1 and 2 at once."""
    both = '[{ item = "E1", codes = [1] }, { item = "E1", codes = [2] }]'
    never = SATISFIED.replace('type = "single"', f'type = "single"\nask_if = {both}')
    questionnaire = tiny(REPORTED, never)
    assert unreachable_items(questionnaire, walk_routes(questionnaire)) == ("Q1",)


def test_where_everybody_is_sent_away() -> None:
    gone = RESIDENT.replace('en = "Yes" }', 'en = "Yes", terminate = true }')
    assert only(tiny(gone, SATISFIED)).ends_all == ("S1",)
    assert only(tiny(RESIDENT, SATISFIED)).ends_all == ()


def test_what_nobody_gets_past() -> None:
    check = '[[check]]\nid = "c"\nitem = "N1"\ncompare = "more"\nvalue = 20\nhard = true\nzh_Hans = "多"\nen = "More"\n'
    assert dead_ends(tiny(ADULTS + "required = true\n", check)) == ("N1",)
    assert dead_ends(tiny(ADULTS + "required = true\n", check.replace("20", "19"))) == ()
    assert dead_ends(tiny(ADULTS, check)) == ()


@pytest.mark.parametrize("slug", BUILT_IN)
def test_every_item_of_the_programs_questionnaires_is_reached_and_takes_about_as_long_as_promised(slug: str) -> None:
    questionnaire = load_file(BUILT_IN[slug])
    found = review(questionnaire)
    assert (found.unreachable, found.dead_ends) == ((), ())
    assert questionnaire.target_minutes is not None
    for routes in found.routes:
        assert routes.shortest is not None
        assert routes.longest is not None
        assert not routes.cut
        least, most = questionnaire.target_minutes
        assert routes.shortest.seconds.minutes[0] <= most
        assert routes.longest.seconds.minutes[1] >= least


def test_the_ways_through_a_are_counted() -> None:
    """Two ask on only some (A2, B2, E2 with E2B, G2: 2⁴), for each of two modules; and two are sent away."""
    assert {routes.count for routes in walk_routes(load_file(BUILT_IN["urban-community"]))} == {2 * 2**4 + 2}


def filters(together: bool) -> str:
    """250 questions that each lead on to another, one after the other or all of the former first."""
    first = [REPORTED.replace("E1", f"X{n}") for n in range(250)]
    second = [SOLVED.replace("E2", f"Y{n}").replace("E1", f"X{n}") for n in range(250)]
    return HEAD + ("".join(first + second) if together else "".join(a + b for a, b in zip(first, second, strict=True)))


@pytest.mark.parametrize("together", [False, True])
def test_five_hundred_items_in_a_second(together: bool) -> None:
    text = filters(together)
    started = time.process_time()
    found = review_text(text, "large")
    assert time.process_time() - started < 1
    assert found.review is not None
    (routes,) = found.review.routes
    assert items(routes) == (250, 500)
    assert routes.cut is together
    assert routes.cut or routes.count == 2**250


def test_checking_the_longest_questionnaire_takes_no_time() -> None:
    text = BUILT_IN["urban-community"].read_text("utf-8")
    review_text(text, "warm")
    taken = []
    for _ in range(5):
        started = time.process_time()
        load_text(text, "a")
        review_text(text, "a")
        taken.append(time.process_time() - started)
    assert min(taken) < 0.1  # twice: alone it is 0.05
