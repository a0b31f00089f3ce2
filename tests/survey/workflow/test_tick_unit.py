"""The ledger: distinct homes reached, found empty or left alone; in reach, of the action's place, and nothing else."""

from datetime import date

import pytest

from survey.messages import BadInput, Conflict, NotThere
from survey.outreach import ActionKind, ActionStatus, LedgerOutcome
from survey.store.ledger_visits import Coverage, coverage
from survey.workflow.edit_outreach import cancel_action, change_action
from survey.workflow.show_ledger import PAGE, show_ledger
from survey.workflow.tick_unit import tick_unit, untick_unit
from tests.survey.outreach_world import (
    AT,
    EVERYWHERE,
    GRIDS,
    ONE_GRID,
    SMALL_GRID,
    TODAY,
    WEST,
    WEST_ONLY,
    World,
    planned_world,
)

DAY = date(2026, 5, 19)


@pytest.fixture
def world(database) -> World:
    return planned_world(database)


@pytest.fixture
def visit(world):
    return world.action(ActionKind.TELL)


def tick(world, action, serial, outcome="reached", *, day=DAY, scope=EVERYWHERE):
    with world.database.writing() as session:
        tick_unit(session, action.id, serial, outcome=outcome, day=day, scope=scope, today=TODAY, at=AT, by="grid1")


def seen(world, action, **options):
    with world.database.reading() as session:
        return show_ledger(session, action.id, **{"scope": EVERYWHERE, **options})


def test_each_home_counts_once_as_it_was_last_found(world, visit):
    tick(world, visit, 1, "nobody")
    tick(world, visit, 1, "reached")
    tick(world, visit, 2, "do_not_disturb")
    tick(world, visit, 3, "nobody")
    assert seen(world, visit).coverage == Coverage(units=3, reached=1, nobody=1, do_not_disturb=1)
    with world.database.writing() as session:
        untick_unit(session, visit.id, 3, scope=EVERYWHERE)
        untick_unit(session, visit.id, 3, scope=EVERYWHERE)
        assert coverage(session, visit.id).units == 2


def test_the_first_tick_starts_the_action_and_a_plan_made_again_leaves_it_alone(world, visit):
    tick(world, visit, 1)
    started = world.action(ActionKind.TELL)
    assert (started.status, started.edited) == (ActionStatus.IN_PROGRESS, True)
    tick(world, visit, 2)
    world.plan(budget=0)
    assert world.action(ActionKind.TELL) == started


def test_the_ledger_shows_grids_homes_and_ticks(world, visit):
    tick(world, visit, 2, "nobody")
    view = seen(world, visit)
    assert view.grids == {GRIDS[0]: 12, GRIDS[1]: 12, SMALL_GRID: 3, "": 2}
    assert (view.grid, view.page, view.pages, view.units) == (GRIDS[0], 1, 1, 29)
    assert [line.unit.serial for line in view.lines] == list(range(1, 13))
    assert [line.tick.outcome for line in view.lines if line.tick] == [LedgerOutcome.NOBODY]
    second = seen(world, visit, grid=GRIDS[1])
    assert [line.unit.serial for line in second.lines] == list(range(15, 27)), "shop and ruin have no residents"
    assert [line.unit.serial for line in seen(world, visit, grid="").lines] == [30, 31]


def test_an_earlier_wish_to_be_left_alone_is_shown(world, visit):
    west = world.action(ActionKind.TELL, WEST)
    tick(world, west, 32, "do_not_disturb", day=date(2026, 5, 2))
    assert seen(world, west).lines[0].left_alone_since == date(2026, 5, 2)
    tick(world, west, 32, "reached")
    assert seen(world, west).lines[0].left_alone_since is None


def test_a_grid_worker_sees_their_own_grid(world, visit):
    assert list(seen(world, visit, scope=ONE_GRID).grids) == [GRIDS[0]]
    tick(world, visit, 1, scope=ONE_GRID)
    for serial in (15, 30, 32):
        with pytest.raises(NotThere, match="这一户"):
            tick(world, visit, serial, scope=ONE_GRID)
    with pytest.raises(NotThere, match="网格"):
        seen(world, visit, scope=ONE_GRID, grid=GRIDS[1])
    with pytest.raises(NotThere, match=str(visit.id)):
        tick(world, visit, 1, scope=WEST_ONLY)


@pytest.mark.parametrize("serial", [0, 13, 14, 32, 999, -1])
def test_what_is_no_home_of_the_community_is_not_there(world, visit, serial):
    with pytest.raises(NotThere, match="这一户"):
        tick(world, visit, serial)


@pytest.mark.parametrize("outcome", ["", "satisfied", "满意", "REACHED"])
def test_there_is_no_fourth_thing_to_say_of_a_visit(world, visit, outcome):
    with pytest.raises(BadInput, match="见到人、无人、勿扰"):
        tick(world, visit, 1, outcome)
    with pytest.raises(BadInput, match="还没有到"):
        tick(world, visit, 1, day=date(2026, 5, 21))
    with pytest.raises(BadInput, match="太早了"):
        tick(world, visit, 1, day=date(206, 5, 19))
    assert seen(world, visit).coverage.units == 0


def test_pages_are_numbered_from_one(world, visit):
    for page in (0, 2):
        with pytest.raises(NotThere, match=str(page)):
            seen(world, visit, page=page)
    assert PAGE == 100


def test_the_place_of_the_action_limits_its_ledger(world, visit):
    with world.database.writing() as session:
        texts = {"place": "平安里"}
        change_action(session, visit.id, texts, revision=visit.revision, scope=EVERYWHERE, at=AT, by="li")
    assert seen(world, visit).grids == {GRIDS[1]: 12}
    assert seen(world, visit).units == 12
    with pytest.raises(NotThere):
        tick(world, visit, 1)
    tick(world, visit, 15)


def test_only_standing_actions_at_doors_have_a_ledger(world, visit):
    fix = world.action(ActionKind.FIX)
    with pytest.raises(Conflict, match="不上门"):
        seen(world, fix)
    with pytest.raises(Conflict, match="不上门"):
        tick(world, fix, 1)
    with world.database.writing() as session:
        cancel_action(session, visit.id, revision=visit.revision, scope=EVERYWHERE, at=AT, by="li")
    with pytest.raises(Conflict, match="已取消"):
        tick(world, visit, 1)
