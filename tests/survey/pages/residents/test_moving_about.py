"""Back, forward, another language, larger type: the place and what was typed stay."""

import pytest

from survey.store.database import Database
from tests.survey import answering
from tests.survey.answering import DETAILS, Online
from tests.survey.pages.residents.phone import BY_LINK, Phone, answer_all, begin


def answers_in(database: Database, online: Online) -> list[dict[str, object]]:
    with database.reading() as session:
        return list(answering.stored(session, online.wave).values())


def test_progress_grows(online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    shares = []
    for answers in BY_LINK:
        (bar,) = phone.last.all("progress")
        shares.append(int(bar.get("value")))
        phone.press(answers=answers)
    assert shares == sorted(set(shares))
    assert shares[0] == 0


def test_back_keeps_what_was_typed_and_forward_finds_it(online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    answer_all(phone, BY_LINK[:4])
    assert phone.items == ["D1", "D2", "D3"]
    phone.press("back", {"D2": "4"})
    assert phone.items == ["C1"]
    assert phone.chosen == {"C1": ["1", "2"]}
    phone.press("back")
    assert phone.chosen == {"B1": ["2"]}
    phone.press()
    phone.press()
    assert phone.chosen == {"D2": ["4"]}
    phone.again()
    assert phone.items == ["D1", "D2", "D3"], "opened again, it goes on where it was left"


def test_a_changed_answer_leads_another_way_and_back_again(database: Database, online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    answer_all(phone, BY_LINK[:3])
    phone.go("/questionnaire?at=A1")
    phone.press(answers={"A1": "2"})
    assert phone.items == ["C1"], "who does not know is not asked whether they are satisfied"
    phone.go("/questionnaire?at=A1").press(answers={"A1": "1"})
    assert phone.items == ["B1"]
    assert phone.chosen == {"B1": ["2"]}, "nothing is lost until the end"
    phone.go("/questionnaire?at=A1").press(answers={"A1": "2"})
    answer_all(phone, BY_LINK[3:])
    assert phone.state == "complete"
    (answers,) = answers_in(database, online)
    assert "B1" not in answers
    assert answers["A1"] == 2


def test_cleared_choices_are_cleared_going_back(online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    answer_all(phone, BY_LINK[:4])
    phone.press("back")
    form = {name: value for name, value in phone.form("back").items() if name != "q-C1"}
    phone.post("/questionnaire", data=form)
    phone.go("/questionnaire?at=C1")
    assert phone.chosen == {}


def test_nobody_jumps_ahead_by_the_address(online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    phone.press(answers={"S1": "1"})
    for at in ("D1", "end", "B1", "N1", "nothing", "S1'--"):
        phone.go(f"/questionnaire?at={at}")
        assert phone.items == ["A1"]


def test_both_languages_keep_the_place_and_what_was_typed(online: Online, phone: Phone) -> None:
    begin(phone, f"/a/{online.codes[0]}")
    phone.press(answers={"S1": "1"})
    phone.press("language:en", {"N1": "seven"})
    assert phone.items == ["N1"]
    assert "How many adults" in phone.words
    assert phone.chosen == {"N1": ["seven"]}, "as typed, though it cannot be used"
    phone.press(answers={"N1": "7"})
    assert "become a civilized city" in phone.words, "placeholders are filled"
    phone.press("language:zh_Hans", {"A1": "1"})
    assert phone.chosen == {"A1": ["1"]}
    assert "创建" in phone.words
    phone.go("/questionnaire?at=welcome&language=en")
    assert DETAILS.sponsor in phone.words
    assert "Enquiries" in phone.words or "questions" in phone.words


def test_large_type_without_scripts(online: Online, phone: Phone) -> None:
    begin(phone, f"/o/{online.link}")
    phone.press("type:large", {"S1": "1"})
    assert "resident--large" in phone.last.all("html")[0].get("class")
    assert phone.chosen == {"S1": ["1"]}
    phone.press()
    assert "resident--large" in phone.last.all("html")[0].get("class")
    phone.go("/questionnaire?at=welcome&type=normal")
    assert "resident--large" not in phone.last.all("html")[0].get("class")


@pytest.mark.parametrize("uuid", range(3))
def test_each_has_their_own_order_and_keeps_it(online: Online, phone: Phone, uuid: int) -> None:
    begin(phone, f"/o/{online.link}")
    answer_all(phone, BY_LINK[:4])

    def order() -> list[str]:
        return [field.get("value") for field in phone.last.all("input") if field.get("name") == "q-D1"]

    first = order()
    assert first in (["1", "2", "3", "4", "5", "98"], ["5", "4", "3", "2", "1", "98"])
    phone.again()
    assert order() == first
