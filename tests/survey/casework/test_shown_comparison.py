"""What a page shows of a comparison: one area or all, and the work that the earlier wave's plan has on record."""

from datetime import date
from uuid import uuid4

import pytest

from questionnaires.definition import Text
from survey.casework.shown_comparison import read_comparison
from survey.outreach import ActionKind, ActionStatus, Finding
from survey.reports.comparison import DoneWork
from survey.store.database import Database
from survey.store.estimates import latest_run
from survey.store.outreach_actions import NewAction, add_actions, change_action
from survey.store.outreach_plans import save_plan
from survey.store.outreach_work import Work, add_work, void_work
from tests.survey.conftest import AT, run_estimates
from tests.survey.small_wave import EAST, WEST
from tests.survey.two_waves import answers, first_wave, next_wave


def new_action(kind: ActionKind, area: str, indicator: str, position: int, type_code: str) -> NewAction:
    return NewAction(
        run_id=1,
        estimate_position=position,
        kind=kind,
        finding=Finding.BELOW_TARGET,
        indicator=indicator,
        area=area,
        type_code=type_code,
        wanted=8,
        quantity=5,
        unit_cost_cny=1.0,
        cost_assumed=True,
        residents=None,
    )


@pytest.fixture
def two(sqlite_database: Database) -> Database:
    first_wave(sqlite_database)
    run_estimates(sqlite_database, next_wave(sqlite_database, answers(97, 72)))
    return sqlite_database


def test_of_one_area_nothing_of_the_others(two: Database) -> None:
    with two.reading() as session:
        run = latest_run(session, 2)
        assert run is not None
        east, whole = read_comparison(session, run.id, EAST), read_comparison(session, run.id, None)
        assert read_comparison(session, 1, None) is None
    assert east is not None
    assert whole is not None
    assert (east.wave_id, east.name, east.run.id) == (1, "测试轮次", 1)
    assert {change.area for change in east.changes} == {row.area for row in east.earlier} == {EAST}
    assert {EAST, WEST, None} <= {change.area for change in whole.changes}
    assert whole.done == {}


def test_the_work_on_record_stands_by_rate_and_area(two: Database) -> None:
    """Void work does not count; what a department was to do counts when it is done."""
    aware, parking = "IND_AWARE", "IND_SAT_PARKING"
    with two.writing() as session:
        telling, other, fixing, _ = add_actions(
            session,
            save_plan(session, wave_id=1, run_id=1, budget_cny=None, at=AT, by="wang").id,
            [
                new_action(ActionKind.TELL, EAST, aware, 0, "HOME_VISIT"),
                new_action(ActionKind.TELL, WEST, aware, 1, "HOME_VISIT"),
                new_action(ActionKind.FIX, EAST, parking, 2, "ISSUE_FIX"),
                new_action(ActionKind.FIX, WEST, parking, 3, "ISSUE_FIX"),
            ],
            at=AT,
            by="wang",
        )
        change_action(session, fixing, {"status": ActionStatus.DONE}, revision=1, at=AT, by="chu")
        for action, quantity in ((telling, 30), (telling, 12), (other, 7)):
            work = Work(
                id=uuid4(), action_id=action, grid="", day=date(2026, 4, 2), people=2, quantity=quantity, at=AT, by="g"
            )
            assert add_work(session, work)
        void_work(session, work.id, by="g")
    with two.reading() as session:
        run = latest_run(session, 2)
        assert run is not None
        done = {
            area: found.done
            for area in (None, EAST, WEST)
            if (found := read_comparison(session, run.id, area)) is not None
        }
    visits = DoneWork(
        name=Text(zh_Hans="入户宣传", en="Home outreach visit"), unit=Text(zh_Hans="户次", en="visits"), quantity=42
    )
    assert done[None][aware, EAST] == (visits,)
    assert [work.quantity for work in done[None][parking, EAST]] == [5]
    assert done[None].keys() == done[EAST].keys() == {(aware, EAST), (parking, EAST)}
    assert done[WEST] == {}
