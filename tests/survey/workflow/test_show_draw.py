"""What there is to draw from, and what was drawn, as far as the reader reaches."""

from datetime import timedelta

from survey.roles import Scope
from survey.store.database import Database
from survey.store.waves import get_wave
from survey.workflow.decide_draw import approve_draw, reject_draw
from survey.workflow.review_draw import review_draw
from survey.workflow.show_draw import DrawView, plan_cases, plan_precision, show_draw
from tests.survey.drawn_wave import AT, EAST, SEED, VILLAGE, WEST, approve, draw, open_wave_with_units


def shown(database: Database, wave: int, scope: Scope = Scope()) -> DrawView:  # noqa: B008 - frozen
    with database.reading() as session:
        return show_draw(session, get_wave(session, wave), scope=scope)


def test_units_are_counted_by_community(database: Database) -> None:
    view = shown(database, open_wave_with_units(database))
    assert [(one.area.code, one.listed, one.drawable) for one in view.communities] == [
        (EAST, 60, 54),
        (WEST, 25, 22),
        (VILLAGE, 0, 0),
    ]
    assert [planned.cases for planned in plan_cases(view.communities, 30)] == [30, 22, 0]
    assert (view.standing, view.rejected) == (None, ())


def test_every_draw_is_shown_with_its_cases(database: Database) -> None:
    wave = open_wave_with_units(database)
    first = draw(database, wave, per_community=5)
    with database.writing() as session:
        reject_draw(session, first.draw, reason="漏了一栋", at=AT, by="shenhe")
    second = draw(database, wave, seed=f"{SEED}01")
    approve(database, second.draw)
    view = shown(database, wave)
    assert view.standing is not None
    assert view.standing.draw.id == second.draw
    assert [(line.community.area.code, line.cases) for line in view.standing.communities] == [
        (EAST, 10),
        (WEST, 10),
        (VILLAGE, 0),
    ]
    assert [(line.draw.id, line.communities[0].cases) for line in view.rejected] == [(first.draw, 5)]


def test_who_reaches_the_east_sees_the_east(sqlite_database: Database) -> None:
    wave = open_wave_with_units(sqlite_database)
    draw(sqlite_database, wave)
    view = shown(sqlite_database, wave, Scope(areas=frozenset({EAST})))
    assert [one.area.code for one in view.communities] == [EAST]
    assert view.standing is not None
    assert [line.community.area.code for line in view.standing.communities] == [EAST]


def test_precision_is_the_default_interval_of_the_site() -> None:
    all_of_them, half = plan_precision(100)
    assert (all_of_them.completes, half.completes) == (100, 50)
    assert all_of_them.interval is not None
    assert half.interval is not None
    assert [round(limit, 3) for limit in all_of_them.interval] == [0.825, 0.945]
    assert half.interval[0] < all_of_them.interval[0]
    assert plan_precision(1)[0].interval is None


def test_a_review_after_the_approval_does_not_look_like_one_before_it(database: Database) -> None:
    wave = open_wave_with_units(database)
    number = draw(database, wave).draw
    with database.writing() as session:
        first = review_draw(session, number, at=AT, by="zhao")
        approve_draw(session, number, at=AT + timedelta(hours=1), by="shenhe")
    assert shown(database, wave).draws[0].review == first
    with database.writing() as session:
        second = review_draw(session, number, at=AT + timedelta(hours=2), by="zhao")
    (line,) = shown(database, wave).draws
    assert (line.review, line.later) == (first, second)
