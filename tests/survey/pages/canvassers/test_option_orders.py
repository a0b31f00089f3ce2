"""In which order options stand on a canvasser's screen: by the seed that is stored with the answers, and no other."""

from pathlib import Path

import pytest

from questionnaires import option_orders
from questionnaires.loading import load_text
from questionnaires.option_orders import options_for
from survey.keys import KeyRing
from survey.store import responses
from survey.store.database import Database
from tests.survey.field import Field, open_field
from tests.survey.pages.canvassers.test_items import TEXT, WHOLE, Door
from tests.survey.pages.page_client import PageClient

#: Items that mix their options: one at random, one whose scale is turned round.
MIXED = ("A2", "Q1")
QUESTIONNAIRE = load_text(TEXT, "everything.toml")


@pytest.fixture
def field(database: Database, tmp_path: Path) -> Field:
    return open_field(database, KeyRing(folder=tmp_path / "keys"), instrument=TEXT)


def shown(door: Door) -> list[int]:
    """The codes on the screen, from the top."""
    name = f"q-{door.item}"
    return [int(one.get("value")) for one in door.page.all("input") if one.get("name") == name]


def ordered(item: str, seed: int | None) -> list[int]:
    """What the statistician works out: as on the screen, what is not read out last."""
    options = options_for(QUESTIONNAIRE.items_by_id[item], seed)
    return [one.code for one in options if one.read_aloud] + [one.code for one in options if not one.read_aloud]


def hold(door: Door) -> dict[str, list[int]]:
    """An interview to its end; what was shown, each screen looked at again after going on and back."""
    found = {}
    while "/items/" in door.address:
        if door.item in MIXED:
            found[door.item] = shown(door)
            address = door.address
            door.press({}, "back")
            door.go(address)
            assert shown(door) == found[door.item], "nothing moves while an interview lasts"
        assert door.press(WHOLE[door.item]) == 303
    assert door.hand_in() == 303
    return found


def seeds_stored(database: Database, field: Field) -> set[int | None]:
    with database.reading() as session:
        return {one.order_seed for one in responses.read_responses(session, field.wave)}


def test_the_screen_shows_the_order_that_the_answers_seed_gives(
    li: PageClient, database: Database, field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    dealt = iter((4, 7))
    monkeypatch.setattr(option_orders.secrets, "randbelow", lambda _: next(dealt))
    mine = [case for case in field.east if field.owner(case) == field.li]
    first = hold(Door(li, mine[0]))
    assert seeds_stored(database, field) == {4}
    second = hold(Door(li, mine[1]))
    assert seeds_stored(database, field) == {4, 7}
    assert first == {item: ordered(item, 4) for item in MIXED}
    assert second == {item: ordered(item, 7) for item in MIXED}
    assert all(first[item] != second[item] for item in MIXED), "two people read them differently"
    assert all(sorted(first[item]) == sorted(second[item]) for item in MIXED)
    assert first["A2"][-1] == second["A2"][-1] == 99, "what is no answer stays at the end"


@pytest.mark.slow
def test_every_interview_is_dealt_a_seed_of_its_own(li: PageClient, database: Database, field: Field) -> None:
    """By chance; six alike out of twelve happen once in 250,000 times."""
    for case in field.cases:
        if field.owner(case) == field.li:
            hold(Door(li, case))
    assert None not in seeds_stored(database, field)
    assert len(seeds_stored(database, field)) > 1
