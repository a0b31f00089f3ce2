"""Work is counted by day, people, quantity and grid; there is nothing else to say, and nothing twice."""

from dataclasses import fields
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from survey.messages import BadInput, Conflict, NotAllowed, NotThere
from survey.outreach import ActionKind, ActionStatus
from survey.store.outreach_work import Work, done_quantities, list_work
from survey.workflow.edit_outreach import cancel_action, change_action
from survey.workflow.record_outreach_work import record_outreach_work, void_outreach_work
from tests.survey.outreach_world import (
    AT,
    EAST_ONLY,
    EVERYWHERE,
    GRIDS,
    ONE_GRID,
    SMALL_GRID,
    TODAY,
    WEST_ONLY,
    World,
    planned_world,
)

TYPED = {"grid": GRIDS[0], "day": "2026-05-19", "people": "2", "quantity": "8"}


@pytest.fixture
def world(database) -> World:
    return planned_world(database)


@pytest.fixture
def visit(world):
    return world.action(ActionKind.TELL)


def record(world, action, scope=EVERYWHERE, work_id=None, by="grid1", **texts) -> Work:
    with world.database.writing() as session:
        return record_outreach_work(
            session,
            action.id,
            {**TYPED, **texts},
            work_id=work_id or uuid4(),
            scope=scope,
            today=TODAY,
            at=AT,
            by=by,
        )


def test_work_is_counted_and_starts_the_action(world, visit):
    work = record(world, visit, scope=EAST_ONLY)
    record(world, visit, grid="", quantity="0", people="１")
    assert (work.grid, work.day, work.people, work.quantity, work.by) == (GRIDS[0], TODAY - timedelta(1), 2, 8, "grid1")
    assert world.action(ActionKind.TELL).status is ActionStatus.IN_PROGRESS
    with world.database.reading() as session:
        assert done_quantities(session, world.wave) == {visit.id: 8}
        assert len(list_work(session, visit.id)) == 2


def test_a_form_sent_twice_counts_once(world, visit):
    uuid = UUID(int=7)
    assert record(world, visit, work_id=uuid) == record(world, visit, work_id=uuid)
    with world.database.reading() as session:
        assert done_quantities(session, world.wave) == {visit.id: 8}
    with pytest.raises(Conflict, match="内容不同"):
        record(world, visit, work_id=uuid, quantity="9")


@pytest.mark.parametrize(
    "texts",
    [
        {"quantity": "-1"},
        {"quantity": ""},
        {"quantity": "很多"},
        {"people": "0"},
        {"people": "10001"},
        {"day": "2026-05-21"},  # tomorrow
        {"day": "2026-01-01"},  # before the wave was opened
        {"quantity": "30"},  # of 29 homes
        {"day": ""},
        {"day": "昨天"},
        {"grid": "一网格"},
        {"grid": SMALL_GRID},  # three homes: it would point at them
    ],
)
def test_what_cannot_be_read_is_refused(world, visit, texts):
    with pytest.raises(BadInput) as caught:
        record(world, visit, **texts)
    assert [problem.column for problem in caught.value.problems] == list(texts)
    with world.database.reading() as session:
        assert list_work(session, visit.id) == ()


def test_what_is_unlikely_is_taken_from_who_looked_twice(world, visit):
    record(world, visit, quantity="20")
    with pytest.raises(BadInput):
        record(world, visit, quantity="10")
    with pytest.raises(BadInput, match="1 处"):
        record(world, visit, quantity="126", people="100", sure="yes")  # more than five times the plan
    uuid = UUID(int=8)
    assert record(world, visit, work_id=uuid, quantity="10", sure="yes").quantity == 10
    assert record(world, visit, work_id=uuid, quantity="10", sure="yes").quantity == 10, "sent again"


def test_nobody_holds_ten_volunteer_days_on_one_day(world, visit):
    with world.database.writing() as session:
        events = change_action(
            session,
            visit.id,
            {"type": "VOLUNTEER_DAY", "quantity": "40"},
            revision=visit.revision,
            scope=EVERYWHERE,
            at=AT,
            by="li",
        )
    with pytest.raises(BadInput) as caught:
        record(world, events, people="3", quantity="10")
    assert "3人一天不超过6" in str(caught.value.problems[0].expected)
    assert record(world, events, people="5", quantity="10").quantity == 10


def test_a_grid_worker_counts_in_their_own_grid(world, visit):
    assert record(world, visit, scope=ONE_GRID).grid == GRIDS[0]
    for grid in (GRIDS[1], ""):
        with pytest.raises(NotThere, match="网格"):
            record(world, visit, scope=ONE_GRID, grid=grid)
    with pytest.raises(NotThere, match=str(visit.id)):
        record(world, visit, scope=WEST_ONLY)


def test_no_work_for_what_is_cancelled(world, visit):
    with world.database.writing() as session:
        cancel_action(session, visit.id, revision=visit.revision, scope=EVERYWHERE, at=AT, by="li")
    with pytest.raises(Conflict, match="已取消"):
        record(world, visit)


def test_void_work_stays_and_no_longer_counts(world, visit):
    work, other = record(world, visit), record(world, visit, quantity="5")
    with pytest.raises(NotAllowed, match="grid1"):
        void(world, visit, work, by="grid2")
    void(world, visit, work)
    with pytest.raises(Conflict, match="已经作废"):
        void(world, visit, work)
    with pytest.raises(NotThere):
        void(world, world.action(ActionKind.FIX), other)
    with pytest.raises(NotThere):
        void(world, visit, other, scope=WEST_ONLY)
    with world.database.reading() as session:
        assert done_quantities(session, world.wave) == {visit.id: 5}
        assert {(one.quantity, one.voided) for one in list_work(session, visit.id)} == {(8, True), (5, False)}


def void(world, action, work, *, by="grid1", scope=EVERYWHERE):
    with world.database.writing() as session:
        void_outreach_work(session, action.id, work.id, scope=scope, by=by)


def test_there_is_no_field_for_an_opinion():
    """A new field here is a decision about privacy."""
    assert [field.name for field in fields(Work)] == (
        ["id", "action_id", "grid", "day", "people", "quantity", "at", "by", "voided_by"]
    )
