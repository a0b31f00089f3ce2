"""Each thing the language can say, answered on a phone without scripts: what was given is what is stored."""

import pytest

from questionnaires.definition import Item, ItemType
from questionnaires.loading import load_file
from survey.config import Config
from survey.keys import KeyRing
from survey.store.database import Database
from tests.questionnaires.tiny import BEHAVIOURS
from tests.survey import answering
from tests.survey.pages.residents.phone import Phone, Typed, begin

NAMES = sorted(path.stem for path in BEHAVIOURS.glob("*.toml"))


@pytest.fixture
def database(sqlite_database: Database) -> Database:
    """What the language says is the same on both; the journeys of the other files are walked on both."""
    return sqlite_database


def typed(item: Item) -> Typed:
    """A whole answer to ``item``, as its fields are named."""
    match item.type:
        case ItemType.SINGLE | ItemType.MULTI:
            return {item.id: str(item.options[0].code)}
        case ItemType.NUMBER:
            return {item.id: str(item.maximum)}
        case ItemType.DATE:
            day = item.earliest or "2026-03-01"
            return dict(zip((f"{item.id}.year", f"{item.id}.month", f"{item.id}.day"), day.split("-"), strict=True))
        case ItemType.TEXT:
            return {item.id: "好"}
        case ItemType.NOTE:
            return {}


def stored(item: Item) -> object:
    """The same answer as it is kept."""
    match item.type:
        case ItemType.SINGLE:
            return item.options[0].code
        case ItemType.MULTI:
            return [item.options[0].code]
        case ItemType.NUMBER:
            return item.maximum
        case ItemType.DATE:
            return item.earliest or "2026-03-01"
        case _:
            return "好"


@pytest.mark.parametrize("name", NAMES)
def test_it_is_answered_to_the_end_and_stored_as_given(
    database: Database, config: Config, phone: Phone, name: str
) -> None:
    questionnaire = load_file(BEHAVIOURS / f"{name}.toml")
    text = (BEHAVIOURS / f"{name}.toml").read_text(encoding="utf-8")
    online = answering.start(database, KeyRing(folder=config.keys), instrument=text)
    begin(phone, f"/o/{online.link}")
    asked: list[Item] = []
    while phone.items:
        shown = [questionnaire.item(item_id) for item_id in phone.items]
        assert not set(shown) & set(asked), "no screen comes twice"
        asked += shown
        phone.press(answers={field: value for item in shown for field, value in typed(item).items()})
        assert phone.status in (200, 422)
        if phone.status == 422:  # a soft check asks once
            phone.press()
    assert phone.state == "complete"
    with database.reading() as session:
        (answers,) = answering.stored(session, online.wave).values()
    assert answers == {item.id: stored(item) for item in asked if item.type is not ItemType.NOTE}


@pytest.mark.parametrize(("chosen", "status"), [(["1", "2"], 200), (["90"], 200), (["1", "2", "3"], 422)])
def test_more_than_may_be_chosen_is_told_and_nothing_is_lost(
    database: Database, config: Config, phone: Phone, chosen: list[str], status: int
) -> None:
    text = (BEHAVIOURS / "several.toml").read_text(encoding="utf-8")
    online = answering.start(database, KeyRing(folder=config.keys), instrument=text)
    begin(phone, f"/o/{online.link}").press(answers={"C1": chosen})
    assert phone.status == status
    assert phone.state == ("complete" if status == 200 else "")
    if status == 422:
        assert phone.chosen == {"C1": chosen}
