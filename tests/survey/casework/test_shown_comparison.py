"""What a page shows of a comparison: one area or all, and the work that the earlier wave's plan has on record."""

from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest

from questionnaires.definition import Text
from survey.casework.shown_comparison import read_comparison
from survey.messages import Conflict
from survey.outreach import ActionKind, ActionStatus, Finding
from survey.reports.comparison import DoneWork
from survey.roles import Scope
from survey.store.action_types import change_type
from survey.store.database import Database
from survey.store.estimates import latest_run
from survey.store.outreach_actions import NewAction, add_actions, change_action
from survey.store.outreach_plans import save_plan
from survey.store.outreach_work import Work, add_work, list_work, void_work
from survey.workflow.record_outreach_work import void_outreach_work
from tests.survey.conftest import AT, run_estimates
from tests.survey.small_wave import EAST, WEST
from tests.survey.two_waves import LATER, answers, close, first_wave, next_wave, publish


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


def new_work(action: int, quantity: int, day: date, *, at: datetime = AT) -> Work:
    return Work(id=uuid4(), action_id=action, grid="", day=day, people=2, quantity=quantity, at=at, by="g")


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
    """Void work does not count, nor what somebody only called done."""
    aware, parking = "IND_AWARE", "IND_SAT_PARKING"
    with two.writing() as session:
        telling, other, fixing, claimed = add_actions(
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
        for action in (fixing, claimed):
            change_action(session, action, {"status": ActionStatus.DONE}, revision=1, at=AT, by="chu")
        for action, quantity in ((telling, 30), (telling, 12), (fixing, 3), (other, 7)):
            work = new_work(action, quantity, date(2026, 4, 2))
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
    assert [work.quantity for work in done[None][parking, EAST]] == [3], "as counted, not the 5 that were planned"
    assert done[None].keys() == done[EAST].keys() == {(aware, EAST), (parking, EAST)}
    assert done[WEST] == {}


def done_before_the_second_wave(database: Database) -> int:
    """What the second wave says was done for awareness in the east."""
    with database.reading() as session:
        found = read_comparison(session, 2, EAST)
    assert found is not None
    return sum(work.quantity for work in found.done.get(("IND_AWARE", EAST), ()))


def test_what_was_published_says_the_same_for_ever(two: Database) -> None:
    """Work after fieldwork began was not before it; what is entered after publication changes nothing, whatever day it
    is dated, and what was counted cannot be taken out any more.
    """
    assert LATER.start == date(2026, 6, 1)
    last, first = date(2026, 5, 31), date(2026, 6, 1)
    with two.writing() as session:
        plan = save_plan(session, wave_id=1, run_id=1, budget_cny=None, at=AT, by="wang").id
        telling = new_action(ActionKind.TELL, EAST, "IND_AWARE", 0, "HOME_VISIT")
        (action,) = add_actions(session, plan, [telling], at=AT, by="wang")
        for quantity, day in ((30, last), (500, first)):
            counted = new_work(action, quantity, day)
            add_work(session, counted)
    assert done_before_the_second_wave(two) == 30
    close(two, 2)
    publish(two, 2)  # at AT
    late = new_work(action, 200, last, at=AT + timedelta(hours=1))
    with two.writing() as session:
        add_work(session, late)
        change_action(session, action, {"status": ActionStatus.DONE, "quantity": 900}, revision=1, at=AT, by="wang")
    assert done_before_the_second_wave(two) == 30
    with two.reading() as session:
        before = next(work for work in list_work(session, action) if work.quantity == 30)
    for work in (late, counted):
        with two.writing() as session:
            void_outreach_work(session, action, work.id, scope=Scope(), by="g")
    with pytest.raises(Conflict, match="已经计入发布的“第二轮”"), two.writing() as session:
        void_outreach_work(session, action, before.id, scope=Scope(), by="g")
    assert done_before_the_second_wave(two) == 30


def test_a_type_renamed_after_publication_keeps_its_published_name(two: Database) -> None:
    def rename(name: str, at: datetime) -> None:
        with two.writing() as session:
            unit = Text(zh_Hans="次", en="rounds")
            change_type(
                session, "HOME_VISIT", name=Text(zh_Hans=name, en=name), unit=unit, unit_cost_cny=5, at=at, by="w"
            )

    def told() -> tuple[str, str]:
        with two.reading() as session:
            found = read_comparison(session, 2, EAST)
        assert found is not None
        (work,) = found.done["IND_AWARE", EAST]
        return work.name.zh_Hans, work.unit.zh_Hans

    with two.writing() as session:
        plan = save_plan(session, wave_id=1, run_id=1, budget_cny=None, at=AT, by="wang").id
        telling = new_action(ActionKind.TELL, EAST, "IND_AWARE", 0, "HOME_VISIT")
        (action,) = add_actions(session, plan, [telling], at=AT, by="wang")
        add_work(session, new_work(action, 30, date(2026, 5, 31)))
    rename("上门", AT - timedelta(days=1))
    assert told() == ("上门", "次"), "what is not published yet follows"
    close(two, 2)
    publish(two, 2)  # at AT
    rename("敲门", AT + timedelta(days=1))
    rename("走访", AT + timedelta(days=2))
    assert told() == ("上门", "次")
