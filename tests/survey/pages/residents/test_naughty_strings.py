"""Whatever is typed into any box of a resident's screen: nothing breaks, what is stored is clean, pages escape it."""

from unicodedata import category

import pytest

from questionnaires.loading import load_text
from survey.config import Config
from survey.keys import KeyRing
from survey.store.database import Database
from tests.questionnaires.naughty import NAUGHTY, STRINGS, fillings
from tests.questionnaires.tiny import BEHAVIOURS
from tests.survey import answering
from tests.survey.pages.residents.phone import Phone, begin

TEXT = (BEHAVIOURS / "everything.toml").read_text(encoding="utf-8")
ITEMS = [item.id for item in load_text(TEXT, "everything.toml").items]
#: A whole answer to every item, by the name of its fields.
WHOLE = {
    "S1": "1",
    "N1": "3",
    "N2": "1",
    "D1.year": "2026",
    "D1.month": "3",
    "D1.day": "1",
    "A2": ["10"],
    "A2.10": "",
    "A3": "9",
    "A3.9": "",
    "Q1": "2",
}


def fields_of(phone: Phone) -> set[str]:
    """What can be filled in on the screen, by item."""
    names = {field.get("name") for field in phone.last.all("input", "textarea")}
    return {name[2:] for name in names if name.startswith("q-")}


def _text(names: set[str], sent: str) -> dict[str, str]:
    return {"T1": sent[:400]} if "T1" in names else {}


def values_in(stored: object) -> list[str]:
    return [value for value in stored.values() if isinstance(value, str)] if isinstance(stored, dict) else []


@pytest.mark.parametrize("typed", STRINGS)
def test_every_box_takes_anything(database: Database, config: Config, phone: Phone, typed: str) -> None:
    sent = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")  # what a request can carry
    online = answering.start(database, KeyRing(folder=config.keys), instrument=TEXT)
    begin(phone, f"/o/{online.link}")
    seen: set[str] = set()
    while phone.state != "complete":
        items, names = phone.items, fields_of(phone)
        seen |= names
        for action in ("language:en", "language:zh_Hans", "back", "next"):
            for typed_now in fillings(names, sent) if phone.state != "complete" else ():
                phone.go(f"/questionnaire?at={items[0]}")
                phone.press(action, answers=typed_now)
                assert phone.status in (200, 422)
        if phone.state != "complete":
            phone.go(f"/questionnaire?at={items[0]}")
            wrong = dict.fromkeys(names & {"D2.year", "D2.month", "D2.day"}, "")
            phone.press(answers=wrong | {name: WHOLE[name] for name in names if name in WHOLE} | _text(names, sent))
            assert phone.items != items
    assert {"S1", "N1", "D1.year", "A2", "A2.10", "T1"} <= seen
    with database.reading() as session:
        (answers,) = answering.stored(session, online.wave).values()
    for value in values_in(answers):
        assert not [mark for mark in value if category(mark) in ("Cc", "Cs") and mark != "\n"]
        assert len(value) <= 500


@pytest.mark.parametrize("typed", [NAUGHTY["markup"], NAUGHTY["right to left"], NAUGHTY["template"]])
def test_what_was_typed_is_shown_back_as_it_was(database: Database, config: Config, phone: Phone, typed: str) -> None:
    online = answering.start(database, KeyRing(folder=config.keys), instrument=TEXT)
    begin(phone, f"/o/{online.link}")
    phone.press(answers={"S1": "1"})
    phone.press(answers={"N1": typed})
    assert phone.chosen == {"N1": [typed]}
    assert not [script for script in phone.last.all("script") if "alert" in script.text]
