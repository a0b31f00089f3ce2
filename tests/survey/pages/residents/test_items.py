"""Every kind of item on a resident's phone without scripts: asked, kept, corrected, handed in."""

import hashlib
import hmac

from itsdangerous import Signer

from questionnaires.option_orders import options_for
from survey.config import Config
from survey.store import responses
from survey.store.database import Database
from tests.questionnaires.tiny import behaviour
from tests.survey import answering
from tests.survey.pages.residents.conftest import NewPhone
from tests.survey.pages.residents.instruments import Begun, OnlineOf
from tests.survey.pages.residents.phone import Phone, begin

#: The ends of a whole way through everything.
DATE = {"D1.year": "2026", "D1.month": "3", "D1.day": "1"}


def test_a_date_has_three_fields_and_comes_back_as_it_was_typed(begun: Begun) -> None:
    phone = begun("dates")
    fields = {field.get("name"): field for field in phone.last.all("input")}
    assert [fields[f"q-D1{part}"].get("inputmode") for part in (".year", ".month", ".day")] == ["numeric"] * 3
    typed = {"D1.year": "2026", "D1.month": "2", "D1.day": "30"}
    phone.press(answers=typed)
    assert phone.status == 422
    assert "请填真实存在的日期" in phone.words
    assert phone.chosen == {name: [value] for name, value in typed.items()}
    phone.press(answers={"D1.year": "2019", "D1.month": "2", "D1.day": "3"})
    assert "2020-\u206001-\u206001到2026-\u206012-\u206031" in phone.words  # no line ends inside a date


def test_what_cannot_be_used_is_not_lost_on_the_way_back(begun: Begun) -> None:
    phone = begun("everything")
    phone.press(answers={"S1": "1"})
    for typed in ("很多", "999999999999"):
        phone.press(answers={"N1": typed})
        assert (phone.status, "请填1到20之间的整数" in phone.words) == (422, True)
    phone.press("back", answers={"N1": "许多人"})
    assert phone.items == ["S1"]
    assert phone.chosen == {"S1": ["1"]}
    phone.press()
    assert phone.chosen == {"N1": ["许多人"]}
    phone.press(answers={"N1": "1"})
    phone.press("back")
    assert phone.chosen["N1"] == ["1"]


def test_words_stay_though_their_option_is_no_longer_chosen(
    begun: Begun, database: Database, online_of: OnlineOf, phone: Phone
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
    database: Database, online_of: OnlineOf, phone: Phone
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


def test_the_order_of_options_is_each_persons_own_and_stays(online_of: OnlineOf, new_phone: NewPhone) -> None:
    online, orders = online_of("decoys"), set()
    for _ in range(8):
        phone = begin(new_phone(), f"/o/{online.link}")
        first = [field.get("value") for field in phone.last.all("input") if field.get("name") == "q-K1"]
        phone.press("language:en")
        assert [field.get("value") for field in phone.last.all("input") if field.get("name") == "q-K1"] == first
        orders.add(tuple(first))
    assert len(orders) > 1
    assert all(order[-1] == "90" for order in orders)


def test_the_order_is_stored_with_the_answers_and_outlives_the_cookie(
    online_of: OnlineOf, phone: Phone, database: Database
) -> None:
    online = online_of("decoys")
    begin(phone, f"/o/{online.link}")
    shown = [int(field.get("value")) for field in phone.last.all("input") if field.get("name") == "q-K1"]
    while phone.state != "complete":
        phone.press(answers={"K1": ["1"]} if "K1" in phone.items else {})
    with database.reading() as session:
        (stored,) = responses.read_responses(session, online.wave)
    options = options_for(behaviour("decoys").item("K1"), stored.order_seed)
    assert [option.code for option in options if option.code in shown] == shown
    cookie = phone.get_cookie("survey_answers")
    assert cookie is not None
    assert cookie.value.rsplit(".", 2)[1] == "", "nobody reads it off the phone afterwards"


def test_a_cookie_from_before_there_were_seeds_is_still_good(
    online_of: OnlineOf, phone: Phone, database: Database, config: Config
) -> None:
    online = online_of("decoys")
    phone.go(f"/o/{online.link}")
    cookie = phone.get_cookie("survey_answers")
    assert cookie is not None
    key = hmac.digest(config.secret_key.encode(), b"cookie of residents", "sha256")
    signer = Signer(key, key_derivation="none", digest_method=hashlib.sha256)
    older = cookie.value.rsplit(".", 2)[0]
    phone.set_cookie("survey_answers", signer.sign(older).decode(), secure=True)
    phone.press("start")
    assert phone.items == ["K1"]
    assert [field.get("value") for field in phone.last.all("input") if field.get("name") == "q-K1"][:2] == ["1", "2"]
    while phone.state != "complete":
        phone.press(answers={"K1": ["1"]} if "K1" in phone.items else {})
    with database.reading() as session:
        (stored,) = responses.read_responses(session, online.wave)
    assert stored.order_seed is None


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
