"""Where a wave stands and what its next step needs; how many letters are out."""

from pathlib import Path
from uuid import UUID

import pytest

from survey.keys import KeyRing
from survey.roles import Scope
from survey.store.database import Database
from survey.store.responses import NewResponse, add_response, answers_document, count_open_by_area
from survey.store.wave_keys import KeyState
from survey.store.waves import get_wave
from survey.waves import Mode
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.issue_invitations import issue_invitations
from survey.workflow.show_invitations import show_invitations
from survey.workflow.show_state import StateView, show_state
from survey.workflow.start_wave import start_wave
from tests.survey.drawn_wave import AT, EAST, VILLAGE, WEST, approve, draw, open_wave_with_units


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(folder=tmp_path / "keys")


def shown(database: Database, wave: int, scope: Scope = Scope()) -> StateView:  # noqa: B008 - frozen
    with database.reading() as session:
        return show_state(session, get_wave(session, wave), scope=scope)


def test_a_wave_from_draft_into_the_field(database: Database, keys: KeyRing) -> None:
    wave = open_wave_with_units(database)
    view = shown(database, wave)
    assert (view.startable, view.closable, view.draw, len(view.missing)) == (True, False, None, 1)
    assert (view.needs_draw, view.with_units, view.facts_missing) == (True, True, False)
    approve(database, draw(database, wave).draw)
    view = shown(database, wave)
    assert view.draw is not None
    assert (view.missing, view.assigned, view.draw.cases) == ((), 0, 20)
    with database.writing() as session:
        started = start_wave(session, keys, wave, at=AT, by="tongji")
    view = shown(database, wave)
    assert (view.startable, view.closable, view.missing, view.undecided) == (False, True, (), 0)
    assert {link.area.code: link.token for link in view.links} == started.open_links
    assert [link.area.code for link in view.links] == [EAST, WEST, VILLAGE]
    assert [link.area.code for link in shown(database, wave, Scope(areas=frozenset({WEST}))).links] == [WEST]


def test_answers_of_the_sample_and_of_the_open_link_stay_apart(database: Database, keys: KeyRing) -> None:
    wave = open_wave_with_units(database)
    answers = [
        NewResponse(
            uuid=UUID(int=number), area=EAST, mode=mode, day=None, completeness="complete", answers=answers_document({})
        )
        for number, mode in enumerate([Mode.CAPI, Mode.WEB_OPEN, Mode.WEB_OPEN])
    ]
    with database.writing() as session:
        for answer in answers:
            add_response(session, wave, answer)
    view = shown(database, wave)
    assert (view.sample, view.open_link, view.closable) == (1, 2, True)
    with database.reading() as session:
        assert count_open_by_area(session, wave) == {EAST: 2}


def test_links_of_a_closed_wave_are_gone(database: Database, keys: KeyRing) -> None:
    wave = open_wave_with_units(database)
    approve(database, draw(database, wave).draw)
    with database.writing() as session:
        start_wave(session, keys, wave, at=AT, by="tongji")
    assert shown(database, wave).closable
    assert shown(database, wave).key is KeyState.MADE
    with database.writing() as session:
        close_wave(session, keys, wave, at=AT, by="tongji")
    view = shown(database, wave)
    assert (view.links, view.closable, view.key) == ((), False, KeyState.TO_DESTROY)
    destroy_keys(database, keys)
    assert shown(database, wave).key is KeyState.DESTROYED


def test_letters_are_counted_by_community(database: Database, keys: KeyRing) -> None:
    wave = open_wave_with_units(database)
    with database.reading() as session:
        assert show_invitations(session, get_wave(session, wave), scope=Scope()) == ()
    approve(database, draw(database, wave).draw)
    for reprint in (False, True):
        with database.writing() as session:
            issue_invitations(session, keys, wave, community=EAST, reprint=reprint, at=AT)
    with database.reading() as session:
        lines = show_invitations(session, get_wave(session, wave), scope=Scope())
        east = show_invitations(session, get_wave(session, wave), scope=Scope(areas=frozenset({EAST})))
    assert [(line.area.code, line.cases, line.open, line.spent, line.revoked) for line in lines] == [
        (EAST, 10, 10, 0, 10),
        (WEST, 10, 0, 0, 0),
    ]
    assert east == lines[:1]
