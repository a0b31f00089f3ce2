"""What each reader gets of a wave, and that one area's page loads no other area's numbers."""

from dataclasses import replace
from datetime import date

import pytest

from survey.messages import NotThere
from survey.roles import Role, Scope
from survey.store.database import Database
from survey.store.waves import get_wave, set_details
from survey.workflow.show_wave import find_wave, find_wave_at_work, list_waves, show_wave
from tests.survey.pages.example import AT, CITY, EAST, WEST, World, fill

EVERYWHERE = Scope()


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return fill(sqlite_database)


def test_the_list_holds_what_a_role_may_see(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        assert [wave.id for wave in list_waves(session, role=Role.STATISTICIAN, scope=EVERYWHERE)] == [
            world.published,
            world.draft,
        ]
        (only,) = list_waves(session, role=Role.OFFICIAL, scope=EVERYWHERE)
    assert (only.id, only.responses, only.instrument.zh_Hans) == (world.published, 27, "小问卷")


def test_the_newest_fieldwork_comes_first_and_what_has_no_date_yet_before_it(
    sqlite_database: Database, world: World
) -> None:
    with sqlite_database.writing() as session:
        for wave, start in ((world.published, date(2026, 6, 1)), (world.draft, date(2026, 5, 1))):
            details = replace(get_wave(session, wave).details, start=start, end=date(2026, 6, 30))
            set_details(session, wave, details, at=AT, by="x")
    with sqlite_database.reading() as session:
        found = [wave.id for wave in list_waves(session, role=Role.STATISTICIAN, scope=EVERYWHERE)]
    assert found == [world.published, world.draft]


def test_a_hidden_wave_is_refused_in_the_words_of_an_absent_one(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        with pytest.raises(NotThere) as hidden:
            show_wave(session, world.draft, role=Role.OFFICIAL, scope=EVERYWHERE)
        with pytest.raises(NotThere) as absent:
            find_wave(session, 999, role=Role.STATISTICIAN, scope=EVERYWHERE)
    assert hidden.value.message.msgid == absent.value.message.msgid


def test_the_whole_comes_with_all_areas_and_an_area_alone(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        whole = show_wave(session, world.draft, role=Role.STATISTICIAN, scope=EVERYWHERE).numbers
        east = show_wave(session, world.draft, role=Role.STATISTICIAN, scope=EVERYWHERE, area=EAST).numbers
        with pytest.raises(NotThere):
            show_wave(session, world.draft, role=Role.STATISTICIAN, scope=EVERYWHERE, area="441800009999")
    assert whole is not None
    assert east is not None
    assert {estimate.area for estimate in whole.estimates} == {None, EAST, WEST}
    assert {estimate.area for estimate in east.estimates} == {EAST}
    assert [area.code for area in east.choices] == [EAST, WEST]
    assert east.area is not None
    assert east.area.name == "东风社区"


def test_only_what_is_not_published_says_what_it_lacks(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        published = show_wave(session, world.published, role=Role.OFFICIAL, scope=EVERYWHERE)
    assert published.missing == ()
    assert [event.to_state for event in published.events] == ["draft", "closed", "published"]


LIMITED = Scope(areas=frozenset({EAST}))


def test_whoever_is_limited_to_areas_sees_those_alone(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        first = show_wave(session, world.published, role=Role.OFFICIAL, scope=LIMITED).numbers
        with pytest.raises(NotThere) as hidden:
            show_wave(session, world.published, role=Role.OFFICIAL, scope=LIMITED, area=WEST)
        with pytest.raises(NotThere) as absent:
            show_wave(session, world.published, role=Role.OFFICIAL, scope=LIMITED, area="9")
    assert first is not None
    assert first.area is not None
    assert (first.area.code, first.sees_whole, [area.code for area in first.choices]) == (EAST, False, [EAST])
    assert {estimate.area for estimate in first.estimates} == {EAST}
    assert hidden.value.message.msgid == absent.value.message.msgid


def test_an_area_brings_all_that_lies_under_it_but_not_the_whole(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        scope = Scope(areas=frozenset({CITY}))
        found = show_wave(session, world.published, role=Role.OFFICIAL, scope=scope).numbers
    assert found is not None
    assert [area.code for area in found.choices] == [EAST, WEST]
    assert found.area is not None


@pytest.mark.parametrize("scope", [Scope(waves=frozenset({999})), Scope(areas=frozenset({"330000000000"}))])
def test_a_wave_out_of_reach_is_not_there(sqlite_database: Database, world: World, scope: Scope) -> None:
    with sqlite_database.reading() as session:
        assert list_waves(session, role=Role.STATISTICIAN, scope=scope) == ()
        for find in (find_wave, find_wave_at_work, show_wave):
            with pytest.raises(NotThere):
                find(session, world.published, role=Role.STATISTICIAN, scope=scope)


def test_supervisors_see_the_waves_of_their_work_without_numbers(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        listed = [wave.id for wave in list_waves(session, role=Role.SUPERVISOR, scope=EVERYWHERE)]
        view = show_wave(session, world.draft, role=Role.SUPERVISOR, scope=EVERYWHERE)
        with pytest.raises(NotThere):
            find_wave(session, world.draft, role=Role.SUPERVISOR, scope=EVERYWHERE)
        with pytest.raises(NotThere):
            find_wave_at_work(session, world.published, role=Role.OFFICIAL, scope=EVERYWHERE)
    assert listed == [world.published, world.draft]
    assert (view.numbers, view.sees_numbers) == (None, False)
