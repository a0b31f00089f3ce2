"""Who goes where, who may not, and where one person has everything."""

from pathlib import Path

import pytest

from survey.fieldwork.recusal import Obstacle
from survey.keys import KeyRing
from survey.roles import Scope
from survey.store.cases import list_cases
from survey.store.database import Database
from survey.store.waves import get_wave
from survey.workflow.assign_cases import assign_cases
from survey.workflow.hand_over_cases import reassign_cases
from survey.workflow.show_assignments import AssignmentsView, list_wave_cases, show_assignments
from tests.survey.drawn_wave import AT, EAST, WEST, add_canvasser, drawn_wave, open_wave_with_units


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(folder=tmp_path / "keys")


def shown(
    database: Database,
    keys: KeyRing,
    wave: int,
    *,
    scope: Scope = Scope(),  # noqa: B008 - frozen
    community: str | None = None,
) -> AssignmentsView:
    with database.reading() as session:
        return show_assignments(session, keys, get_wave(session, wave), scope=scope, community=community)


def test_it_counts_cases_holders_and_who_may_go(database: Database, keys: KeyRing) -> None:
    wave = drawn_wave(database)
    first, second = (add_canvasser(database, name) for name in ("甲", "乙"))
    local = add_canvasser(database, "本地", ties=[EAST])
    view = shown(database, keys, wave)
    assert [(line.area.code, line.cases, line.assigned, line.eligible) for line in view.communities] == [
        (EAST, 10, 0, 2),
        (WEST, 10, 0, 3),
    ]
    assert view.unassigned == 20
    assert {line.account.id: dict(line.barred) for line in view.canvassers} == {
        first.id: {},
        second.id: {},
        local.id: {EAST: Obstacle.TIED},
    }
    assert {line.account.id: (line.takes, line.takes_over) for line in view.canvassers} == {
        first.id: ({EAST, WEST}, set()),
        second.id: ({EAST, WEST}, set()),
        local.id: ({WEST}, set()),
    }
    with database.writing() as session:
        east = [case.id for case in list_cases(session, 1) if case.area == EAST]
        reassign_cases(session, wave, cases=east, to=first.id, at=AT, by="dudao")
        assign_cases(session, wave, at=AT, by="dudao")
    view = shown(database, keys, wave, community=EAST)
    assert view.unassigned == 0
    assert [(line.alone, line.short) for line in view.communities] == [(True, False), (False, False)]
    assert [line.case.id for line in view.lines] == east
    assert {line.canvasser.name for line in view.lines if line.canvasser} == {"甲"}
    assert not any(line.interviewed for line in view.lines)
    held = next(line for line in view.canvassers if line.account.id == first.id)
    assert held.cases[EAST] == 10
    assert held.total == held.open == sum(held.cases.values())
    assert {line.account.id: (line.takes, line.takes_over) for line in view.canvassers} == {
        first.id: ({WEST}, {WEST}),
        second.id: ({EAST, WEST}, {EAST, WEST}),
        local.id: ({WEST}, {WEST}),
    }


def test_without_a_standing_draw_there_is_nothing(sqlite_database: Database, keys: KeyRing) -> None:
    wave = open_wave_with_units(sqlite_database)
    view = shown(sqlite_database, keys, wave)
    assert (view.draw, view.communities, view.unassigned) == (None, (), 0)
    with sqlite_database.reading() as session:
        assert list_wave_cases(session, wave) == ()


def test_a_community_out_of_reach_is_not_opened(sqlite_database: Database, keys: KeyRing) -> None:
    wave = drawn_wave(sqlite_database)
    west = Scope(areas=frozenset({WEST}))
    view = shown(sqlite_database, keys, wave, scope=west, community=EAST)
    assert (view.community, view.lines) == (None, ())
    assert [line.area.code for line in view.communities] == [WEST]
