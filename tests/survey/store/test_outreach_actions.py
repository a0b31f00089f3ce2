from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from survey.messages import Conflict, NotThere
from survey.outreach import ActionKind, ActionStatus
from survey.store.outreach_actions import change_action, get_action, list_actions, list_changes
from survey.store.outreach_comments import add_comment
from survey.store.outreach_plans import PlanMaking, find_plan, get_plan, list_makings, save_plan
from survey.store.outreach_work import get_work, void_work
from survey.workflow.record_outreach_work import record_outreach_work
from survey.workflow.tick_unit import tick_unit
from tests.survey.outreach_world import AT, EAST, EVERYWHERE, TODAY, WEST, World, build_world

WORK = "11111111-2222-4333-8444-555555555555"


@pytest.fixture
def world(database) -> World:
    """With a change, a comment, work and a tick of its first action."""
    world = build_world(database)
    first = world.plan()[0].id
    texts = {"grid": "", "day": "2026-05-20", "people": "1", "quantity": "3"}
    with database.writing() as session:
        change_action(session, first, {"owner": "李"}, revision=1, at=AT, by="li")
        add_comment(session, first, "看过了", at=AT, by="li")
        everything = {"scope": EVERYWHERE, "today": TODAY, "at": AT, "by": "g"}
        record_outreach_work(session, first, texts, work_id=UUID(WORK), **everything)
        tick_unit(session, first, 1, outcome="reached", day=TODAY, **everything)
    return world


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE outreach_changes SET after = 'x'", "append-only"),
        ("DELETE FROM outreach_changes", "append-only"),
        ("UPDATE outreach_comments SET comment = 'x'", "append-only"),
        ("DELETE FROM outreach_comments", "append-only"),
        ("DELETE FROM outreach_plans", "append-only"),
        ("UPDATE outreach_plan_makings SET budget_cny = 1", "append-only"),
        ("DELETE FROM outreach_plan_makings", "append-only"),
        ("UPDATE outreach_plans SET wave_id = wave_id", "stays with its wave"),
        ("DELETE FROM outreach_actions", "append-only"),
        ("UPDATE outreach_actions SET estimate_position = 2", "never changes"),
        ("UPDATE outreach_actions SET kind = 'tell'", "never changes"),
        ("UPDATE outreach_actions SET area = '1'", "never changes"),
        ("DELETE FROM outreach_work", "append-only"),
        ("UPDATE outreach_work SET quantity = 9", "never changed"),
    ],
)
def test_what_is_on_record_stays(world, change, said):
    with pytest.raises(DBAPIError, match=said), world.database.writing() as session:
        session.execute(text(change))


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("UPDATE outreach_actions SET quantity = -1", "quantity"),
        ("UPDATE outreach_actions SET status = 'overdue'", "status"),
        ("UPDATE outreach_actions SET starts = '2026-06-02', ends = '2026-06-01'", "dates"),
        ("UPDATE outreach_actions SET type_code = 'TANK'", r"FOREIGN KEY|fk_outreach_actions_type"),
        ("UPDATE outreach_plans SET budget_cny = -1", "budget_cny"),
        ("UPDATE ledger_visits SET outcome = 'satisfied'", "outcome"),
        ("UPDATE ledger_visits SET unit_serial = 999", r"FOREIGN KEY|fk_ledger_visits_unit"),
        ("UPDATE action_types SET unit_cost_cny = -1", "unit_cost_cny"),
    ],
)
def test_the_database_itself_refuses_nonsense(world, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), world.database.writing() as session:
        session.execute(text(change))


def test_lists_and_filters(world):
    with world.database.reading() as session:
        everything = list_actions(session, world.wave)
        assert [get_action(session, action.id) for action in everything] == list(everything)
        assert {a.area for a in list_actions(session, world.wave, areas=[WEST])} == {WEST}
        assert [a.kind for a in list_actions(session, world.wave, kinds=[ActionKind.FIX])] == [ActionKind.FIX]
        assert len(list_actions(session, world.wave, statuses=[ActionStatus.IN_PROGRESS])) == 1
        assert [a.area for a in list_actions(session, world.wave, department="公安交通管理部门")] == [EAST]
        assert list_actions(session, 99) == ()
        plan = find_plan(session, world.wave)
        assert get_plan(session, plan.id) == plan
        for missing in (lambda: get_action(session, 99), lambda: get_plan(session, 99)):
            with pytest.raises(NotThere, match="99"):
                missing()


def test_each_time_a_plan_is_made_is_on_record(world):
    later = AT + timedelta(days=1)
    with world.database.writing() as session:
        before = find_plan(session, world.wave)
        save_plan(session, wave_id=world.wave, run_id=before.run_id, budget_cny=800.0, at=later, by="wang")
    with world.database.reading() as session:
        plan = find_plan(session, world.wave)
        first, second = list_makings(session, plan.id)
    assert first == PlanMaking(run_id=before.run_id, budget_cny=before.budget_cny, at=before.made_at, by=before.made_by)
    assert second == PlanMaking(run_id=plan.run_id, budget_cny=800.0, at=later, by="wang")
    assert (plan.budget_cny, plan.made_at, plan.made_by) == (800.0, later, "wang")


def test_a_stale_revision_changes_nothing(world):
    with world.database.writing() as session:
        action = list_actions(session, world.wave)[0]
        before = list_changes(session, action.id)
        with pytest.raises(Conflict):
            change_action(session, action.id, {"owner": "王"}, revision=action.revision - 1, at=AT, by="w")
        with pytest.raises(ValueError, match="finding"):
            change_action(session, action.id, {"finding": "x"}, revision=action.revision, at=AT, by="w")
        assert (get_action(session, action.id), list_changes(session, action.id)) == (action, before)


def test_work_is_void_once(world):
    with world.database.writing() as session:
        void_work(session, UUID(WORK), by="g")
        with pytest.raises(Conflict):
            void_work(session, UUID(WORK), by="g")
        with pytest.raises(NotThere):
            get_work(session, UUID(int=1))
