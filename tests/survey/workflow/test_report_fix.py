"""Departments tell how far their fixes are, and nothing of anything else."""

import pytest

from survey.messages import BadInput, Conflict, NotThere
from survey.outreach import ActionKind, ActionStatus
from survey.workflow.edit_outreach import cancel_action
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


def test_other_fields_are_not_theirs(world, fix):
    same = report(world, fix, quantity="9", department="别的部门", budget="1", nonsense="x")
    assert same == fix


@pytest.mark.parametrize(
    "texts",
    [
        {"status": "done"},
        {"status": "done", "result": " "},
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
