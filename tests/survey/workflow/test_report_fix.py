"""Departments tell how far their fixes are, and nothing of anything else."""

from datetime import date

import pytest

from survey.messages import BadInput, Conflict, NotThere
from survey.outreach import ActionKind, ActionStatus
from survey.store.outreach_work import list_work
from survey.workflow.edit_outreach import cancel_action, change_action
from survey.workflow.report_fix import report_fix
from tests.survey.outreach_world import AT, EAST_ONLY, EVERYWHERE, WEST_ONLY, World, planned_world


@pytest.fixture
def world(database) -> World:
    return planned_world(database)


@pytest.fixture
def fix(world):
    return world.action(ActionKind.FIX)


def report(world, action, scope=EAST_ONLY, **texts):
    with world.database.writing() as session:
        return report_fix(session, action.id, texts, revision=action.revision, scope=scope, at=AT, by="bumen")


def test_progress_result_and_money(world, fix):
    begun = report(world, fix, status="in_progress")
    done = report(world, begun, status="done", result="划了40个车位", evidence="前后照片", spent="12000")
    assert (done.status, done.result, done.spent_cny, done.revision) == (ActionStatus.DONE, "划了40个车位", 12000.0, 3)
    assert done.evidence == fix.evidence, "what has to be kept is not theirs to rewrite"


def works(world, action):
    with world.database.reading() as session:
        return [(work.day, work.quantity) for work in list_work(session, action.id) if not work.voided]


def test_what_is_reported_done_is_on_record_with_its_day_though_none_was_planned(world, fix):
    with world.database.writing() as session:
        unpaid = change_action(
            session, fix.id, {"quantity": "0"}, revision=fix.revision, scope=EVERYWHERE, at=AT, by="li"
        )
    sent = {"status": "done", "result": "划了40个车位", "done_day": "2026-05-18"}
    done = report(world, unpaid, **sent)
    assert works(world, fix) == [(date(2026, 5, 18), 1)]
    report(world, done, **sent)
    assert works(world, fix) == [(date(2026, 5, 18), 1)], "the same form sent twice"
    report(world, done, status="in_progress")
    assert works(world, fix) == [], "not done after all"
    report(world, world.action(ActionKind.FIX), status="done", done_quantity="2", done_sure="yes")
    assert works(world, fix) == [(AT.date(), 2)], "the day of the report, where no other is given"


def test_other_fields_are_not_theirs(world, fix):
    same = report(world, fix, quantity="9", department="别的部门", budget="1", nonsense="x")
    assert same == fix


@pytest.mark.parametrize(
    "texts",
    [
        {"status": "done"},
        {"status": "done", "result": " "},
        {"status": "done", "result": "好了", "done_day": "2026-05-21"},  # tomorrow
        {"status": "done", "result": "好了", "done_day": "2026-04-01"},  # before the wave
        {"status": "done", "result": "好了", "done_quantity": "0"},
        {"status": "done", "result": "好了", "done_quantity": "2"},  # of 1, and nobody looked twice
        {"status": "done", "result": "好了", "done_quantity": "6", "done_sure": "yes"},
        {"status": "cancelled"},
        {"spent": "很多"},
        {"spent": "-1"},
    ],
)
def test_bad_input(world, fix, texts):
    with pytest.raises(BadInput) as caught:
        report(world, fix, **texts)
    assert caught.value.problems
    assert world.action(ActionKind.FIX) == fix
    assert works(world, fix) == []


def test_not_out_of_reach_not_another_kind_not_over_others(world, fix):
    with pytest.raises(NotThere):
        report(world, fix, scope=WEST_ONLY, status="in_progress")
    with pytest.raises(NotThere, match="整改"):
        report(world, world.action(ActionKind.TELL), status="in_progress")
    report(world, fix, status="in_progress")
    with pytest.raises(Conflict, match="刚被别人修改"):
        report(world, fix, result="好了")
    now = world.action(ActionKind.FIX)
    with world.database.writing() as session:
        cancel_action(session, fix.id, revision=now.revision, scope=EVERYWHERE, at=AT, by="li")
    with pytest.raises(Conflict, match="已取消"):
        report(world, world.action(ActionKind.FIX), status="done", result="好了")
