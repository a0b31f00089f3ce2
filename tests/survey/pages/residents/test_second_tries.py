"""What a screen says when it comes a second time: what may be skipped, what may be left blank, what is asked once."""

import pytest

from survey.store.database import Database
from tests.survey import answering
from tests.survey.pages.residents.instruments import Begun, OnlineOf
from tests.survey.pages.residents.phone import Phone, begin

D1 = {"D1.year": "2026", "D1.month": "3", "D1.day": "1"}
LATER = {"D1.year": "2026", "D1.month": "5", "D1.day": "1"}
D2 = {"D2.year": "2026", "D2.month": "4", "D2.day": "1"}
NO_DATE = {"D2.year": "", "D2.month": "", "D2.day": ""}


def test_a_required_item_is_not_skipped_however_often_one_tries(begun: Begun) -> None:
    phone = begun("required")
    for _ in range(3):
        phone.press()
        assert phone.items == ["R1"]
    assert phone.words.count("要答了才能继续") == 2, "in the summary and beside the item"
    assert "就跳过" not in phone.words
    phone.press(answers={"R1": "1"})
    assert phone.items == ["R2"]
    phone.press()
    assert "再点一次“交卷”就跳过" in phone.words, "the button is named as it is"
    phone.press()
    assert phone.state == "complete"


def test_beside_what_must_be_mended_an_empty_item_is_said_to_wait_for_it(begun: Begun) -> None:
    phone = begun("dates")
    phone.press(answers={"D2.year": "2026"})
    assert phone.status == 422
    assert "先改好、补好别的题" in phone.words
    assert "可以补上；不想答，直接" not in phone.words


def test_the_hint_of_a_date_names_its_bounds(begun: Begun) -> None:
    phone = begun("dates")
    assert "从2020-\u206001-\u206001到2026-\u206012-\u206031。" in phone.words
    assert "例如 2026 年 3 月 1 日，可以不填。" in phone.words


def test_what_a_hard_check_refuses_may_be_left_blank_and_that_is_said(begun: Begun) -> None:
    phone = begun("dates")
    phone.press(answers=D1 | {"D2.year": "2026", "D2.month": "2", "D2.day": "1"})
    assert (phone.status, "早于反映的日子" in phone.words) == (422, True)
    assert "也可以清空，留着不填" in phone.words
    phone.press(answers=NO_DATE)
    assert phone.state == "complete"


def test_a_soft_check_is_told_once_and_then_believed(begun: Begun) -> None:
    phone = begun("numbers")
    phone.press(answers={"N1": "4"})
    phone.press(answers={"N2": "4"})
    assert (phone.status, phone.items) == (422, ["N2"])
    assert "全家都是未成年人" in phone.words
    assert "清空" not in phone.words, "it may stay as it is"
    assert phone.chosen == {"N2": ["4"]}
    phone.press()
    assert phone.items == ["N3"]


@pytest.mark.parametrize("leaves", [False, True])
def test_a_soft_check_does_not_ask_again_of_the_same_answers(begun: Begun, leaves: bool) -> None:
    phone = begun("numbers")
    phone.press(answers={"N1": "4"})
    phone.press(answers={"N2": "4"})
    if not leaves:
        phone.press()
    phone.go("/questionnaire?at=N1")
    phone.press()
    assert phone.items == ["N2"]
    phone.press()
    assert phone.items == ["N3"]
    phone.go("/questionnaire?at=N1")
    phone.press(answers={"N1": "3"})
    phone.press()
    assert (phone.status, phone.items) == (422, ["N2"]), "of other answers it does"


def test_an_answer_refused_at_the_end_leads_back_to_its_screen_and_nothing_is_lost(
    database: Database, online_of: OnlineOf, phone: Phone
) -> None:
    """The first date is changed after the second was given, and the phone goes dark before that is shown again."""
    online = online_of("dates_apart")
    begin(phone, f"/o/{online.link}")
    phone.press(answers=D1)
    phone.press(answers=D2)
    assert phone.items == ["T1"]
    phone.go("/questionnaire?at=D1")
    phone.press(answers=LATER)
    phone.again()  # some days later
    assert phone.items == ["T1"]
    phone.press(answers={"T1": "灯坏了"})
    assert (phone.status, phone.items) == (422, ["D2"])
    assert "早于反映的日子" in phone.words
    assert phone.chosen["D2.month"] == ["04"]
    with database.reading() as session:
        assert answering.stored(session, online.wave) == {}
    phone.press(answers={"D2.month": "6"})
    assert phone.chosen == {"T1": ["灯坏了"]}
    phone.press()
    assert phone.state == "complete"
    with database.reading() as session:
        (answers,) = answering.stored(session, online.wave).values()
    assert answers == {"D1": "2026-05-01", "D2": "2026-06-01", "T1": "灯坏了"}
