"""The plan as readers see it: within their reach, filtered, with what was done and which homes were ticked."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from survey.messages import NotThere
from survey.outreach import ActionKind, ActionStatus, ShownStatus
from survey.roles import Role, Scope
from survey.store.outreach_actions import change_action as store_action
from survey.store.waves import add_wave, get_wave
from survey.workflow.edit_outreach import change_action
from survey.workflow.plan_outreach import plan_outreach
from survey.workflow.record_outreach_work import record_outreach_work
from survey.workflow.show_outreach import show_action, show_outreach, show_plans
from survey.workflow.tick_unit import tick_unit
from tests.survey.outreach_world import (
    AT,
    EAST,
    EAST_ONLY,
    EVERYWHERE,
    GRIDS,
    ONE_GRID,
    SOUTH,
    TODAY,
    WEST,
    WEST_ONLY,
    World,
    build_world,
)

LATER = AT + timedelta(days=2)


@pytest.fixture
def world(sqlite_database) -> World:
    world = build_world(sqlite_database)
    world.plan(60_000)
    return world


def look(world, scope=EVERYWHERE, role=Role.OFFICIAL, today=TODAY, **filters):
    with world.database.reading() as session:
        return show_outreach(session, world.wave, role=role, scope=scope, today=today, **filters)


def test_the_whole_plan(world):
    view = look(world)
    assert (view.published, view.whole, view.total, len(view.lines)) == (True, True, 5, 5)
    assert [area.code for area in view.areas] == [EAST, WEST, SOUTH]
    assert view.departments == ("公安交通管理部门",)
    assert (view.facts.budget, view.facts.made_by, view.facts.fictitious) == (60_000, "wang", True)
    visit = view.lines[0]
    assert (visit.type_name.zh_Hans, visit.unit.zh_Hans, visit.indicator_label.zh_Hans) == (
        "入户宣传",
        "户次",
        "知晓率",
    )
    assert (visit.estimate.proportion, visit.adults, visit.residents, visit.units) == (0.62, 2000, 360, 29)


def test_work_and_ticks_are_counted_beside_it(world):
    visit = world.action(ActionKind.TELL)
    texts = {"grid": GRIDS[0], "day": "2026-05-20", "people": "2", "quantity": "7"}
    with world.database.writing() as session:
        everything = {"scope": EVERYWHERE, "today": TODAY, "at": AT, "by": "g"}
        record_outreach_work(session, visit.id, texts, work_id=uuid4(), **everything)
        for serial, outcome in ((1, "reached"), (2, "nobody"), (3, "reached")):
            tick_unit(session, visit.id, serial, outcome=outcome, day=TODAY, **everything)
    line = look(world).lines[0]
    assert (line.done, line.units, line.reached, line.nobody, line.do_not_disturb) == (7, 29, 2, 1, 0)
    with world.database.reading() as session:
        view = show_action(session, visit.id, scope=EVERYWHERE, today=TODAY)
    assert view.line == line
    assert [work.quantity for work in view.work] == [7]
    assert [change.field for change in view.changes] == ["status"]
    assert view.places.grids == {GRIDS[0]: 12, GRIDS[1]: 12}
    assert view.places.estates == {"平安里": 12, "幸福小区": 12}
    assert {kind.code for kind in view.types} >= {"HOME_VISIT", "POSTER"}
    assert not {"INTERVIEWS", "ISSUE_FIX"} & {kind.code for kind in view.types}


@pytest.mark.parametrize(
    ("kind", "area", "texts", "done"),
    [
        (ActionKind.FIX, EAST, {"result": "办好了"}, 1),
        (ActionKind.ASK, SOUTH, {"done_day": "2026-05-20", "done_quantity": "40"}, 40),
    ],
)
def test_done_is_what_was_put_on_record_and_never_the_plan(world, kind, area, texts, done):
    action = world.action(kind, area)
    with world.database.writing() as session:
        planned = change_action(session, action.id, {"quantity": "100"}, revision=1, scope=EVERYWHERE, at=AT, by="li")
        texts = {"status": "done", **texts}
        change_action(session, action.id, texts, revision=planned.revision, scope=EVERYWHERE, at=AT, by="li")
    assert {line.id: line.done for line in look(world).lines}[action.id] == done


def test_a_status_without_work_is_no_work_done(world):
    """As older versions took it: shown as done, counted as nothing."""
    fix = world.action(ActionKind.FIX)
    with world.database.writing() as session:
        store_action(session, fix.id, {"status": ActionStatus.DONE}, revision=1, at=AT, by="li")
    line = next(line for line in look(world).lines if line.id == fix.id)
    assert (line.status, line.done) == (ShownStatus.DONE, 0)


@pytest.mark.parametrize(
    ("filters", "lines"),
    [
        ({"kinds": [ActionKind.ASK]}, 2),
        ({"areas": [EAST]}, 2),
        ({"department": "公安交通管理部门"}, 1),
        ({"department": "没有"}, 0),
        ({"statuses": [ShownStatus.NOT_STARTED]}, 5),
        ({"statuses": [ShownStatus.OVERDUE]}, 0),
        ({"kinds": [ActionKind.TELL], "areas": [WEST]}, 1),
    ],
)
def test_filters(world, filters, lines):
    assert len(look(world, **filters).lines) == lines
    assert look(world, **filters).total == 5


def test_overdue_is_told_and_never_stored(world):
    visit = world.action(ActionKind.TELL)
    with world.database.writing() as session:
        change_action(session, visit.id, {"end": "2026-05-20"}, revision=1, scope=EVERYWHERE, at=AT, by="li")
    assert look(world).lines[0].status is ShownStatus.NOT_STARTED
    assert look(world, today=date(2026, 5, 21)).lines[0].status is ShownStatus.OVERDUE


def test_reach(world):
    assert {line.area for line in look(world, EAST_ONLY).lines} == {EAST}
    assert {line.area for line in look(world, ONE_GRID).lines} == {EAST}
    assert (look(world, WEST_ONLY).total, look(world, WEST_ONLY).whole) == (2, False)
    visit = world.action(ActionKind.TELL)
    with world.database.reading() as session:
        assert show_action(session, visit.id, scope=ONE_GRID, today=TODAY).grids == (GRIDS[0],)
        for scope in (WEST_ONLY, Scope(waves=frozenset({99}))):
            with pytest.raises(NotThere):
                show_action(session, visit.id, scope=scope, today=TODAY)
        with pytest.raises(NotThere):
            show_action(session, 99, scope=EVERYWHERE, today=TODAY)
    for scope in (Scope(waves=frozenset({99})), Scope(areas=frozenset({"999999999999"}))):
        with pytest.raises(NotThere):
            look(world, scope)


def test_those_who_work_see_the_plans_of_all_waves_in_reach(world):
    with world.database.reading() as session:
        (plan,) = show_plans(session, scope=ONE_GRID, today=TODAY, kinds=[ActionKind.TELL])
        assert [(line.kind, line.area) for line in plan.lines] == [(ActionKind.TELL, EAST)]
        assert show_plans(session, scope=WEST_ONLY, today=TODAY, kinds=[ActionKind.FIX]) == ()
        assert show_plans(session, scope=Scope(waves=frozenset({99})), today=TODAY) == ()
        (fixes,) = show_plans(session, scope=EVERYWHERE, today=TODAY, department="公安交通管理部门")
        assert [line.kind for line in fixes.lines] == [ActionKind.FIX]


def test_before_publication_only_those_who_see_its_numbers(sqlite_database):
    world = build_world(sqlite_database, published=False)
    with pytest.raises(NotThere, match="还没有发布"):
        look(world)
    view = look(world, role=Role.STATISTICIAN)
    assert (view.published, view.plan, view.facts, view.lines) == (False, None, None, ())


def test_made_again_the_plan_says_what_it_changed(world):
    """The visit of the east is cut by a person, so the money cuts only the others."""
    assert look(world).effect is None, "made once"
    visit = world.action(ActionKind.TELL)
    with world.database.writing() as session:
        change_action(session, visit.id, {"quantity": "9"}, revision=1, scope=EVERYWHERE, at=LATER, by="li")
        plan_outreach(session, world.wave, budget=45.0, at=LATER + timedelta(minutes=1), by="wang")
    view = look(world)
    before = {action.id: action for action in world.actions()}
    assert view.effect is not None
    assert (view.effect.added, view.effect.removed) == ((), ())
    assert visit.id not in view.effect.quantities
    assert view.effect.quantities[world.action(ActionKind.FIX).id] == (1, 0)
    assert all(before[number].quantity == after for number, (_, after) in view.effect.quantities.items())
    cut = {line.id: line.cut_by_hand for line in view.lines if line.quantity < line.wanted}
    assert cut.pop(visit.id)
    assert cut
    assert not any(cut.values())


def test_what_earlier_plans_left_undone_is_named(world):
    with world.database.writing() as session:
        first = get_wave(session, world.wave)
        later = add_wave(
            session,
            name="第二轮",
            instrument_id=first.instrument_id,
            frame_id=world.frame,
            details=first.details,
            at=LATER,
            by="tests",
        )
        view = show_outreach(session, later, role=Role.STATISTICIAN, scope=EVERYWHERE, today=TODAY)
    open_ = sum(action.quantity > 0 for action in world.actions())
    assert [(one.wave.id, one.actions) for one in view.open_before] == [(world.wave, open_)]
    assert look(world).open_before == ()
