"""What officials type into an action: read or refused field by field, never over somebody else's change."""

from datetime import date
from uuid import UUID

import pytest

from survey.messages import BadInput, Conflict, NotThere
from survey.outreach import ActionKind, ActionStatus
from survey.store.action_types import get_type
from survey.store.outreach_actions import get_action, list_changes
from survey.store.outreach_comments import list_comments
from survey.store.outreach_work import list_work
from survey.workflow.edit_outreach import cancel_action, change_action, change_type, comment, restore_action
from survey.workflow.record_outreach_work import record_outreach_work, void_outreach_work
from survey.workflow.tick_unit import tick_unit
from tests.survey.outreach_world import (
    AT,
    EAST_ONLY,
    EVERYWHERE,
    GRIDS,
    ONE_GRID,
    SMALL_GRID,
    WEST_ONLY,
    World,
    planned_world,
)

WHO = {"at": AT, "by": "li"}


@pytest.fixture
def world(database) -> World:
    return planned_world(database)


@pytest.fixture
def visit(world):
    return world.action(ActionKind.TELL)


def edit(world, action, scope=EVERYWHERE, revision=None, **texts):
    with world.database.writing() as session:
        return change_action(
            session, action.id, texts, revision=action.revision if revision is None else revision, scope=scope, **WHO
        )


def test_what_is_typed_is_stored_and_every_change_written_down(world, visit):
    changed = edit(
        world,
        visit,
        quantity="１2",
        status="in_progress",
        place=GRIDS[0],
        start="2026-06-01",
        end="2026-06-30",
        leader="周书记",
        owner="李干部",
        department="",
        budget="1,200.50",
        spent="",
        evidence="照片在社区档案柜",
        result="",
    )
    assert (changed.quantity, changed.status, changed.place) == (12, ActionStatus.IN_PROGRESS, GRIDS[0])
    assert (changed.budget_cny, changed.spent_cny, changed.leader) == (1200.5, None, "周书记")
    assert (changed.revision, changed.edited, changed.wanted) == (2, True, visit.wanted)
    with world.database.reading() as session:
        assert get_action(session, visit.id) == changed
        history = {change.field: (change.before, change.after, change.by) for change in list_changes(session, visit.id)}
    assert history["quantity"] == ("29", "12", "li")
    assert history["start"] == ("", "2026-06-01", "li")
    assert history["status"] == ("not_started", "in_progress", "li")
    assert "department" not in history, "what is the same is no change"


@pytest.mark.parametrize(
    "texts",
    [
        {"quantity": "-1"},
        {"quantity": "多"},
        {"quantity": "1.5"},
        {"quantity": ""},
        {"quantity": "99999999999"},
        {"budget": "abc"},
        {"budget": "-5"},
        {"budget": "1e5"},
        {"spent": "1.234"},
        {"start": "2026-13-01"},
        {"start": "0026-05-01"},
        {"start": "2026-06-02", "end": "2026-06-01"},
        {"status": "overdue"},
        {"status": "cancelled"},
        {"place": "没有的小区"},
        {"place": SMALL_GRID},
        {"place": "独栋"},
        {"place": "101"},
        {"type": "ISSUE_FIX"},
        {"type": "INTERVIEWS"},
        {"type": "NONSENSE"},
        {"unit_cost": ""},
        {"leader": "周" * 61},
        {"owner": "李 13800138000"},
        {"evidence": "身份证 11010519491231002X"},
        {"result": "好" * 501},
        {"result": "铃\x07"},
    ],
)
def test_what_cannot_be_read_is_refused_and_nothing_is_stored(world, visit, texts):
    with pytest.raises(BadInput) as caught:
        edit(world, visit, **texts)
    assert caught.value.problems or "NONSENSE" in str(caught.value)
    assert world.action(ActionKind.TELL) == visit


def test_what_was_counted_keeps_its_unit_and_its_place(world, visit):
    texts = {"grid": "", "day": "2026-05-19", "people": "2", "quantity": "8"}
    with world.database.writing() as session:
        everything = {"scope": EVERYWHERE, "today": AT.date(), "at": AT, "by": "grid1"}
        record_outreach_work(session, visit.id, texts, work_id=UUID(int=1), **everything)
    with pytest.raises(BadInput) as caught:
        edit(world, world.action(ActionKind.TELL), type="POSTER")
    assert [problem.column for problem in caught.value.problems] == ["type"]
    narrow = edit(world, world.action(ActionKind.TELL), place=GRIDS[0])
    with world.database.writing() as session:
        void_outreach_work(session, visit.id, UUID(int=1), scope=EVERYWHERE, by="grid1")
        tick_unit(session, visit.id, 1, outcome="reached", day=AT.date(), **everything)
    for texts in ({"type": "POSTER"}, {"place": "平安里"}):
        with pytest.raises(BadInput) as caught:
            edit(world, narrow, **texts)
        assert [problem.column for problem in caught.value.problems] == list(texts)
    whole = edit(world, narrow, place="", owner="李干部")
    assert (whole.place, whole.type_code) == ("", "HOME_VISIT")


def test_all_problems_come_at_once(world, visit):
    with pytest.raises(BadInput) as caught:
        edit(world, visit, quantity="x", budget="y", owner="李干部")
    assert [problem.column for problem in caught.value.problems] == ["quantity", "budget"]


def test_an_end_before_the_start_that_is_stored_already(world, visit):
    later = edit(world, visit, start="2026-06-10")
    with pytest.raises(BadInput, match="1 处"):
        edit(world, later, end="2026-06-09")
    with pytest.raises(BadInput) as caught:  # told at once, not after the other field was mended
        edit(world, later, end="2026-06-09", quantity="viele")
    assert {problem.column for problem in caught.value.problems} == {"quantity", "end"}
    with pytest.raises(BadInput) as caught:  # a field has one error: what cannot be read is not compared
        edit(world, later, end="nonsense", start="2030-01-01")
    assert [problem.column for problem in caught.value.problems] == ["end"]


def test_somebody_elses_change_is_not_overwritten(world, visit):
    edit(world, visit, owner="李干部")
    with pytest.raises(Conflict, match="刚被别人修改"):
        edit(world, visit, owner="王干部")
    assert world.action(ActionKind.TELL).owner == "李干部"


def test_the_same_form_sent_twice_is_no_conflict(world, visit):
    once = edit(world, visit, owner="李干部")
    assert edit(world, visit, owner="李干部") == once


def test_another_type_brings_its_price_and_a_price_typed_is_no_assumption(world, visit):
    posters = edit(world, visit, type="POSTER", quantity="40")
    assert (posters.unit_cost_cny, posters.cost_assumed, posters.wanted, posters.cost_cny) == (31.5, True, 40, 1260.0)
    own = edit(world, posters, unit_cost="20")
    assert (own.unit_cost_cny, own.cost_assumed) == (20.0, False)


def test_a_cancelled_action_is_restored_before_it_is_changed(world, visit):
    begun = edit(world, visit, status="in_progress")
    with world.database.writing() as session:
        gone = cancel_action(session, visit.id, revision=begun.revision, scope=EVERYWHERE, **WHO)
    for forbidden in (lambda: edit(world, gone, owner="李"), lambda: _cancel(world, gone)):
        with pytest.raises(Conflict, match="已取消"):
            forbidden()
    with world.database.writing() as session:
        back = restore_action(session, visit.id, revision=gone.revision, scope=EVERYWHERE, **WHO)
    assert back.status is ActionStatus.IN_PROGRESS
    with pytest.raises(Conflict, match="没有取消"), world.database.writing() as session:
        restore_action(session, visit.id, revision=back.revision, scope=EVERYWHERE, **WHO)


def _cancel(world, action):
    with world.database.writing() as session:
        cancel_action(session, action.id, revision=action.revision, scope=EVERYWHERE, **WHO)


def test_an_action_the_plan_took_back_can_be_brought_back_too(world, visit):
    _cancel(world, visit)
    assert world.plan()[0].status is ActionStatus.CANCELLED, "a person's decision stays"


def test_out_of_reach_is_as_if_it_were_not_there(world, visit):
    for scope in (WEST_ONLY, ONE_GRID):
        with pytest.raises(NotThere, match=str(visit.id)):
            edit(world, visit, scope=scope, owner="李")
    with pytest.raises(NotThere), world.database.writing() as session:
        comment(session, visit.id, "看过了", scope=WEST_ONLY, **WHO)
    assert edit(world, visit, scope=EAST_ONLY, owner="李").owner == "李"


def test_comments_are_kept_in_order(world, visit):
    with world.database.writing() as session:
        comment(session, visit.id, " 先做二网格。\r\n再做一网格。 ", scope=EVERYWHERE, at=AT, by="li")
        comment(session, visit.id, "好", scope=EAST_ONLY, at=AT, by="wang")
    with world.database.reading() as session:
        told = [(one.by, one.text) for one in list_comments(session, visit.id)]
    assert told == [("li", "先做二网格。\n再做一网格。"), ("wang", "好")]


@pytest.mark.parametrize("text", ["", "  \n", "好" * 501, "打 138 0013 8000 找他"])
def test_no_comment_is_empty_endless_or_holds_a_telephone(world, visit, text):
    with pytest.raises(BadInput), world.database.writing() as session:
        comment(session, visit.id, text, scope=EVERYWHERE, **WHO)


def test_a_city_enters_its_own_price(world, visit):
    texts = {"name_zh": "上门宣传", "name_en": "Visit", "unit_zh": "户", "unit_en": "homes", "unit_cost": "3.5"}
    with world.database.writing() as session:
        own = change_type(session, "HOME_VISIT", {**texts, "local_price": "yes"}, **WHO)
    assert (own.unit_cost_cny, own.assumed, own.name.zh_Hans, own.unit.en) == (3.5, False, "上门宣传", "homes")
    assert world.action(ActionKind.TELL).unit_cost_cny == 5.0, "until the plan is made again"
    renewed = world.plan()[0]
    assert (renewed.unit_cost_cny, renewed.cost_assumed) == (3.5, False)


@pytest.mark.parametrize(
    "texts",
    [
        {"name_zh": "", "unit_zh": "户", "unit_cost": "3"},
        {"name_zh": "宣传", "unit_zh": "户", "unit_cost": "三"},
        {"name_zh": "宣传", "unit_zh": "户", "unit_cost": ""},
        {"name_zh": "宣" * 61, "unit_zh": "户", "unit_cost": "3"},
    ],
)
def test_a_type_without_name_or_price_is_refused(world, texts):
    with pytest.raises(BadInput), world.database.writing() as session:
        change_type(session, "HOME_VISIT", texts, **WHO)
    with world.database.reading() as session:
        assert get_type(session, "HOME_VISIT").unit_cost_cny == 5.0


def test_an_unknown_type_is_not_there(world):
    with pytest.raises(NotThere, match="TANK"), world.database.writing() as session:
        change_type(session, "TANK", {"name_zh": "a", "unit_zh": "b", "unit_cost": "1"}, **WHO)


def test_nobody_calls_an_action_done_of_which_nothing_is_on_record(world, visit):
    with pytest.raises(BadInput) as caught:
        edit(world, visit, status="done", result="按计划完成")
    assert "现在记录的是0" in str(caught.value.problems[0].expected)
    assert world.action(ActionKind.TELL) == visit
    done = edit(world, visit, status="done", done_day="2026-05-18", done_quantity="25")
    assert done.status is ActionStatus.DONE
    with world.database.reading() as session:
        (work,) = list_work(session, visit.id)
    assert (work.day, work.quantity, work.by) == (date(2026, 5, 18), 25, "li")


def test_what_grid_workers_recorded_is_enough_to_be_done(world, visit):
    texts = {"grid": "", "day": "2026-05-19", "people": "2", "quantity": "8"}
    with world.database.writing() as session:
        record_outreach_work(
            session, visit.id, texts, work_id=UUID(int=1), scope=EVERYWHERE, today=AT.date(), at=AT, by="grid1"
        )
    edit(world, world.action(ActionKind.TELL), status="done")
    with world.database.reading() as session:
        assert [work.quantity for work in list_work(session, visit.id)] == [8]
