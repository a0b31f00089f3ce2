"""Every kind of item on a resident's phone without scripts: asked, kept, corrected, handed in."""

from collections.abc import Callable

import pytest

from survey.config import Config
from survey.keys import KeyRing
from survey.store.database import Database
from tests.questionnaires.tiny import BEHAVIOURS
from tests.survey import answering
from tests.survey.answering import Online
from tests.survey.pages.residents.phone import Phone, begin

Begun = Callable[[str], Phone]
#: The ends of a whole way through everything.
DATE = {"D1.year": "2026", "D1.month": "3", "D1.day": "1"}


@pytest.fixture
def online_of(database: Database, config: Config) -> Callable[[str], Online]:
    def start(name: str) -> Online:
        text = (BEHAVIOURS / f"{name}.toml").read_text(encoding="utf-8")
        return answering.start(database, KeyRing(folder=config.keys), instrument=text)

    return start


@pytest.fixture
def begun(phone: Phone, online_of: Callable[[str], Online]) -> Begun:
    return lambda name: begin(phone, f"/o/{online_of(name).link}")


def test_a_date_has_three_fields_and_comes_back_as_it_was_typed(begun: Begun) -> None:
    phone = begun("dates")
    fields = {field.get("name"): field for field in phone.last.all("input")}
    assert [fields[f"q-D1{part}"].get("inputmode") for part in (".year", ".month", ".day")] == ["numeric"] * 3
    typed = {"D1.year": "2026", "D1.month": "2", "D1.day": "30"}
    phone.press(answers=typed)
    assert phone.status == 422
    assert "年、月、日" in phone.words
    assert phone.chosen == {name: [value] for name, value in typed.items()}
    phone.press(answers={"D1.year": "2019", "D1.month": "2", "D1.day": "3"})
    assert "2020-01-01到2026-12-31" in phone.words


def test_what_cannot_be_used_is_not_lost_on_the_way_back(begun: Begun) -> None:
    phone = begun("everything")
    phone.press(answers={"S1": "1"})
    phone.press(answers={"N1": "很多"})
    assert phone.status == 422
    phone.press("back", answers={"N1": "许多人"})
    assert phone.items == ["S1"]
    assert phone.chosen == {"S1": ["1"]}
    phone.press()
    assert phone.chosen == {"N1": ["许多人"]}
    phone.press(answers={"N1": "1"})
    phone.press("back")
    assert phone.chosen["N1"] == ["1"]


def test_words_stay_though_their_option_is_no_longer_chosen(
    begun: Begun, database: Database, online_of: Callable[[str], Online], phone: Phone
) -> None:
    online = online_of("other")
    begin(phone, f"/o/{online.link}")
    phone.press(answers={"A2": ["10"], "A2.10": "邻居说的"})
    phone.press("back")
    assert phone.chosen == {"A2": ["10"], "A2.10": ["邻居说的"]}
    phone.press(answers={"A2": ["1"]})
    phone.press("back")
    assert phone.chosen == {"A2": ["1"], "A2.10": ["邻居说的"]}
    phone.press()
    phone.press(answers={"A3": "9", "A3.9": "停车难 😀"})
    assert phone.state == "complete"
    with database.reading() as session:
        (answers,) = answering.stored(session, online.wave).values()
    assert answers == {"A2": [1], "A3": 9, "A3.9": "停车难 😀"}


def test_words_that_are_too_long_are_said_so_and_kept(begun: Begun) -> None:
    phone = begun("other")
    long = "说" * 201
    phone.press(answers={"A2": ["10"], "A2.10": long})
    assert phone.status == 422
    assert "最多200个字" in phone.words
    assert phone.chosen == {"A2": ["10"], "A2.10": [long]}
    phone.press("back").go("/questionnaire?at=A2")
    assert phone.chosen == {"A2": ["10"], "A2.10": [long]}


def test_a_required_item_is_not_skipped_however_often_one_tries(begun: Begun) -> None:
    phone = begun("required")
    for _ in range(3):
        phone.press()
        assert phone.items == ["R1"]
    assert "要答了才能继续" in phone.words
    assert "就跳过" not in phone.words
    phone.press(answers={"R1": "1"})
    assert phone.items == ["R2"]
    phone.press()
    assert "就跳过" in phone.words
    phone.press()
    assert phone.state == "complete"


def test_a_soft_check_is_told_once_and_then_believed(begun: Begun) -> None:
    phone = begun("numbers")
    phone.press(answers={"N1": "4"})
    phone.press(answers={"N2": "4"})
    assert (phone.status, phone.items) == (422, ["N2"])
    assert "全家都是未成年人" in phone.words
    assert phone.chosen == {"N2": ["4"]}
    phone.press()
    assert phone.items == ["N3"]


def test_two_kinds_of_second_tries_on_one_screen_come_to_an_end(begun: Begun) -> None:
    phone = begun("everything")
    phone.press(answers={"S1": "1"})
    phone.press(answers={"N1": "3"})
    phone.press(answers={"N2": "3"})  # odd, and the date is missing
    assert (phone.status, "还没有答" in phone.words, "全家都是" in phone.words) == (422, True, True)
    phone.press(answers={"D1.year": "2026"})
    assert (phone.status, "年、月、日" in phone.words, "全家都是" in phone.words) == (422, True, False)
    phone.press(answers={"D1.year": ""})
    assert phone.items == ["A2"]


def test_a_hard_check_stays_until_the_answers_agree(begun: Begun) -> None:
    phone = begun("dates")
    settled = {"D2.year": "2026", "D2.month": "2", "D2.day": "1"}
    for _ in range(3):
        phone.press(answers=DATE | settled)
        assert (phone.status, phone.items) == (422, ["D1", "D2"])
    assert "早于反映的日子" in phone.words
    assert phone.chosen["D2.month"] == ["2"]
    phone.press(answers={"D2.month": "3"})
    assert phone.state == "complete"


def test_a_note_is_read_and_leaves_nothing_in_the_answers(
    database: Database, online_of: Callable[[str], Online], phone: Phone
) -> None:
    online = online_of("notes")
    begin(phone, f"/o/{online.link}")
    assert "下面请您说说环境卫生" in phone.words
    phone.press(answers={"Q1": "5"})
    assert "抱歉" in phone.words
    phone.press("back")
    assert phone.chosen == {"Q1": ["5"]}
    while phone.state != "complete":
        phone.press()
    with database.reading() as session:
        (answers,) = answering.stored(session, online.wave).values()
    assert answers == {"Q1": 5, "Q2": None}


def test_the_order_of_options_is_each_persons_own_and_stays(
    online_of: Callable[[str], Online], new_phone: Callable[[], Phone]
) -> None:
    online, orders = online_of("decoys"), set()
    for _ in range(8):
        phone = begin(new_phone(), f"/o/{online.link}")
        first = [field.get("value") for field in phone.last.all("input") if field.get("name") == "q-K1"]
        phone.press("language:en")
        assert [field.get("value") for field in phone.last.all("input") if field.get("name") == "q-K1"] == first
        orders.add(tuple(first))
    assert len(orders) > 1
    assert all(order[-1] == "90" for order in orders)


def test_limits_are_data_for_whoever_helps(begun: Begun) -> None:
    phone = begun("everything")
    phone.press(answers={"S1": "1"})
    (number,) = [field for field in phone.last.all("input") if field.get("name") == "q-N1"]
    assert (number.get("data-min"), number.get("data-max")) == ("1", "20")
    phone.press(answers={"N1": "1"})
    phone.press(answers=DATE)
    (choices,) = phone.last.all("fieldset")
    assert choices.get("data-max") == "2"
    exclusive = [field.get("value") for field in choices.all("input") if "data-exclusive" in field.attributes]
    assert exclusive == ["90"]
