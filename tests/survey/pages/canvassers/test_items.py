"""Every kind of item at the door, and whatever a canvasser may type: kept, corrected, handed in clean."""

from pathlib import Path
from unicodedata import category
from uuid import UUID, uuid4

import pytest

from survey.keys import KeyRing
from survey.store import responses
from survey.store.database import Database
from tests.questionnaires.naughty import STRINGS, fillings
from tests.questionnaires.tiny import BEHAVIOURS
from tests.survey.field import Field, open_field
from tests.survey.pages.page_client import Element, PageClient, read_html

TEXT = (BEHAVIOURS / "everything.toml").read_text(encoding="utf-8")
WHOLE: dict[str, dict[str, str]] = {
    "S1": {"q-S1": "1"},
    "G1": {},
    "N1": {"q-N1": "3"},
    "N2": {"q-N2": "1"},
    "D1": {"q-D1.year": "2026", "q-D1.month": "3", "q-D1.day": "1"},
    "D2": {"q-D2.year": "", "q-D2.month": "", "q-D2.day": ""},
    "A2": {"q-A2": "10"},
    "A3": {"q-A3": "9"},
    "Q1": {"q-Q1": "2"},
    "T1": {},
}


@pytest.fixture
def field(database: Database, tmp_path: Path) -> Field:
    return open_field(database, KeyRing(folder=tmp_path / "keys"), instrument=TEXT)


class Door:
    """An interview on the canvasser's phone."""

    def __init__(self, client: PageClient, case: UUID) -> None:
        self.client, self.case = client, case
        data = {"interview": str(uuid4()), "adults": "2", "led_by": "nobody"}
        client.submit(f"/cases/{case}/interview", data, page=f"/cases/{case}")
        self.go(f"/cases/{case}/interview/items/S1")

    def go(self, address: str) -> None:
        self.address, self.page = address, self.client.page(address)

    @property
    def item(self) -> str:
        return self.address.rpartition("/")[2]

    def names(self) -> set[str]:
        return {one.get("name") for one in self._fields() if one.get("name").startswith("q-")}

    def press(self, typed: dict[str, str], action: str = "next") -> int:
        """Send the form with what is in it and ``typed``; follow where it leads."""
        data = {one.get("name"): one.get("value") for one in self._fields() if one.get("type") in ("hidden", "text")}
        data |= {one.get("name"): one.text for one in self.page.all("textarea")}
        done = self.client.post(self.address, data=data | typed | {"action": action})
        if done.status_code == 303:
            self.go(done.location)
        else:
            self.page = read_html(done.text)[0]
        return done.status_code

    def words(self) -> str:
        return self.page.all("main")[0].text

    def value(self, name: str) -> str:
        (field,) = [one for one in self._fields() if one.get("name") == name]
        return field.get("value") if field.tag == "input" else field.text

    def hand_in(self) -> int:
        tokens = [one.get("value") for one in self._fields() if one.get("name") == "csrf_token"]
        data = {"csrf_token": tokens[0], "present": ["alone"], "ended": "complete"}
        return self.client.post(f"/cases/{self.case}/interview/end", data=data).status_code

    def _fields(self) -> list[Element]:
        return self.page.all("input", "textarea")


def stored(database: Database, field: Field) -> list[dict[str, object]]:
    with database.reading() as session:
        return [dict(one.answers) for one in responses.read_responses(session, field.wave)]


def test_checks_words_and_notes_at_the_door(li: PageClient, case: UUID, database: Database, field: Field) -> None:
    door = Door(li, case)
    assert door.press({}) == 422
    assert door.press({}) == 422
    assert "要答了才能继续" in door.words()
    door.press({"q-S1": "1"})
    assert (door.item, "下面问您家里的情况" in door.words()) == ("G1", True)
    door.press({})
    door.press({"q-N1": "两口"}, "back")
    door.press({})
    assert door.value("q-N1") == "两口"
    door.press({"q-N1": "2"})
    assert door.press({"q-N2": "2"}) == 422
    assert "全家都是未成年人" in door.words()
    assert door.press({}) == 303
    door.press(WHOLE["D1"])
    assert door.press({"q-D2.year": "2026", "q-D2.month": "2", "q-D2.day": "1"}) == 422
    assert door.press({}) == 422
    door.press(WHOLE["D2"])
    door.press({"q-A2": "10", "q-A2.10": "邻居"})
    door.press({"q-A3": "1"})
    door.press({"q-Q1": "2"})
    door.press({"q-T1": ""})
    assert door.hand_in() == 303
    (answers,) = stored(database, field)
    assert answers == {
        **{"S1": 1, "N1": 2, "N2": 2, "D1": "2026-03-01", "D2": None},
        **{"A2": [10], "A2.10": "邻居", "A3": 1, "Q1": 2, "T1": None},
    }


@pytest.mark.parametrize("typed", STRINGS)
def test_every_box_takes_anything(li: PageClient, case: UUID, database: Database, field: Field, typed: str) -> None:
    sent = typed.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    door = Door(li, case)
    for _ in range(40):
        if "/items/" not in door.address:
            break
        address, item = door.address, door.item
        for typed_now in fillings(door.names(), sent):
            assert door.press(typed_now) in (303, 422)
            door.go(address)
            assert door.press(typed_now, "back") == 303
            door.go(address)
        words = {name: sent[:100] for name in door.names() if name in ("q-A2.10", "q-A3.9")}
        words |= {"q-T1": sent[:400]} if item == "T1" else {}
        assert door.press(words | WHOLE[item]) == 303
    assert "/items/" not in door.address
    assert door.hand_in() == 303
    (answers,) = stored(database, field)
    for value in answers.values():
        marks = value if isinstance(value, str) else ""
        assert not [mark for mark in marks if category(mark) in ("Cc", "Cs") and mark != "\n"]
