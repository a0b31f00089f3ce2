"""What each reader gets of a wave, and that one area's page loads no other area's numbers."""

import pytest

from survey.messages import NotThere
from survey.roles import Role
from survey.store.database import Database
from survey.workflow.show_wave import find_wave, list_waves, show_wave
from tests.survey.pages.example import EAST, WEST, World, fill


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return fill(sqlite_database)


def test_the_list_holds_what_a_role_may_see(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        assert [wave.id for wave in list_waves(session, role=Role.STATISTICIAN)] == [world.published, world.draft]
        (only,) = list_waves(session, role=Role.OFFICIAL)
    assert (only.id, only.responses, only.instrument.zh_Hans) == (world.published, 27, "小问卷")


def test_a_hidden_wave_is_refused_in_the_words_of_an_absent_one(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        with pytest.raises(NotThere) as hidden:
            show_wave(session, world.draft, role=Role.OFFICIAL)
        with pytest.raises(NotThere) as absent:
            find_wave(session, 999, role=Role.STATISTICIAN)
    assert hidden.value.message.msgid == absent.value.message.msgid


def test_the_whole_comes_with_all_areas_and_an_area_alone(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        whole = show_wave(session, world.draft, role=Role.STATISTICIAN).numbers
        east = show_wave(session, world.draft, role=Role.STATISTICIAN, area=EAST).numbers
        with pytest.raises(NotThere):
            show_wave(session, world.draft, role=Role.STATISTICIAN, area="441800009999")
    assert whole is not None
    assert east is not None
    assert {estimate.area for estimate in whole.estimates} == {None, EAST, WEST}
    assert {estimate.area for estimate in east.estimates} == {EAST}
    assert [area.code for area in east.choices] == [EAST, WEST]
    assert east.area is not None
    assert east.area.name == "东风社区"


def test_only_what_is_not_published_says_what_it_lacks(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        published = show_wave(session, world.published, role=Role.OFFICIAL)
    assert published.missing == ()
    assert [event.to_state for event in published.events] == ["draft", "closed", "published"]
