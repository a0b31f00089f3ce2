"""What was promised is shown with what became of it, and the secret only once the wave is closed."""

import pytest

from survey.messages import NotThere
from survey.roles import Scope
from survey.store.database import Database
from survey.store.waves import get_wave
from survey.workflow.close_wave import close_wave
from survey.workflow.decide_draw import approve_draw, reject_draw
from survey.workflow.release_replicate import release_replicate
from survey.workflow.show_commitments import CommitmentView, find_commitment, show_commitments
from survey.workflow.show_reserves import ReservesView, show_reserves
from tests.survey.conftest import NO_KEYS
from tests.survey.drawn_wave import AT, EAST, WEST, open_wave_with_units
from tests.survey.promised_draw import LATER, NAMES, WITH_RESERVES, commit, draw_public, published


def shown(database: Database, wave: int) -> tuple[CommitmentView, ...]:
    with database.reading() as session:
        return show_commitments(session, get_wave(session, wave))


def reserves(database: Database, wave: int, scope: Scope = Scope()) -> ReservesView:  # noqa: B008 - frozen
    with database.reading() as session:
        return show_reserves(session, get_wave(session, wave), scope=scope)


def test_values_are_told_with_their_draws(database: Database) -> None:
    wave = open_wave_with_units(database)
    assert shown(database, wave) == ()
    made = commit(database, wave)
    (view,) = shown(database, wave)
    assert (view.secret, view.commitment.secret, view.units) == (None, "", 85)
    assert view.next is not None
    assert view.next.name == NAMES[0]
    draw_public(database, wave, published(0))
    with database.writing() as session:
        reject_draw(session, 1, reason="漏了一栋", at=LATER, by="shenhe")
    (view,) = shown(database, wave)
    assert [one.draw and one.draw.id for one in view.values] == [1, None]
    draw_public(database, wave, published(1))
    with database.writing() as session:
        approve_draw(session, 2, unreviewed="已经看过", at=LATER, by="shenhe")
        close_wave(session, NO_KEYS, wave, at=LATER, by="tongji")
    (view,) = shown(database, wave)
    assert (view.next, view.secret) == (None, made.secret)
    with database.reading() as session:
        record = get_wave(session, wave)
        assert find_commitment(session, record, made.id) == view
        with pytest.raises(NotThere):
            find_commitment(session, record, 99)


def test_reserves_of_each_community(database: Database) -> None:
    wave = open_wave_with_units(database)
    assert reserves(database, wave).communities == ()
    commit(database, wave, design=WITH_RESERVES)
    draw_public(database, wave, published(0))
    assert reserves(database, wave).draw is None, "not approved yet"
    with database.writing() as session:
        approve_draw(session, 1, unreviewed="已经看过", at=LATER, by="shenhe")
        release = release_replicate(session, wave, area=EAST, reason="完成数不够", at=LATER, by="tongji").release
    view = reserves(database, wave)
    east, west = view.communities
    assert (east.main, east.asked, [one.release for one in east.replicates]) == (8, 11, [release, None])
    assert east.next is not None
    assert (east.next.number, east.next.cases, len(west.held)) == (2, 3, 2)
    assert [one.area.code for one in view.releasable] == [EAST, WEST]
    only = reserves(database, wave, Scope(areas=frozenset({WEST})))
    assert [one.area.code for one in only.communities] == [WEST]
    with database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="tongji")
    assert reserves(database, wave).releasable == ()
