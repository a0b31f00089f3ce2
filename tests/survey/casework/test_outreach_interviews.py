"""Further interviews are those of the drawn waves that came after, as far as their numbers were published."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import pytest

from analysis.publication import PublishedEstimate, Reason
from survey.casework.outreach_interviews import later_interviews
from survey.outreach import ActionKind
from survey.reports.outreach_rows import plan_row
from survey.roles import Role, Scope
from survey.store.database import Database
from survey.store.estimates import add_run, get_run
from survey.store.waves import add_wave, change_state, get_wave, set_details
from survey.waves import WaveDetails, WaveState
from survey.workflow.show_outreach import show_outreach
from tests.survey.outreach_world import AT, SOUTH, WEST, World, hidden, planned_world, rate

BEFORE = WaveDetails(start=date(2026, 4, 1), end=date(2026, 4, 20))
AFTER = WaveDetails(start=date(2026, 7, 1), end=date(2026, 7, 20))


@pytest.fixture
def world(sqlite_database: Database) -> World:
    world = planned_world(sqlite_database)
    with world.database.writing() as session:
        set_details(session, world.wave, BEFORE, at=AT, by="tests")
    return world


def publish(
    world: World, estimates: Sequence[PublishedEstimate], *, details: WaveDetails = AFTER, published: bool = True
) -> None:
    with world.database.writing() as session:
        first, run = get_wave(session, world.wave), get_run(session, world.run)
        wave = add_wave(
            session,
            name="第二轮",
            instrument_id=first.instrument_id,
            frame_id=world.frame,
            details=details,
            at=AT + timedelta(days=30),
            by="tests",
        )
        number = add_run(session, replace(run, wave_id=wave), estimates)
        change_state(session, wave, WaveState.CLOSED, at=AT, by="tests")
        if published:
            change_state(session, wave, WaveState.PUBLISHED, at=AT, by="tests", run_id=number)


def counted(world: World) -> int:
    action = world.action(ActionKind.ASK, SOUTH)
    with world.database.reading() as session:
        return later_interviews(session, get_wave(session, world.wave), world.actions()).get(action.id, 0)


def test_the_interviews_of_the_waves_after_are_counted_where_they_were_asked_for(world: World) -> None:
    assert counted(world) == 0
    publish(world, [rate("IND_AWARE", SOUTH, 0.6, n=52), rate("IND_AWARE", WEST, 0.6, n=300)])
    assert counted(world) == 52
    publish(world, [rate("IND_AWARE", SOUTH, 0.6, n=40)])
    assert counted(world) == 92


@pytest.mark.parametrize(
    ("estimate", "how"),
    [
        (hidden("IND_AWARE", SOUTH), {}),  # how many answered is nobody's to know
        (rate("IND_AWARE", SOUTH, 0.6, reason=Reason.NON_PROBABILITY, low=None, high=None), {}),
        (rate("IND_AWARE", SOUTH, 0.6), {"published": False}),
        (rate("IND_AWARE", SOUTH, 0.6), {"details": WaveDetails(start=date(2026, 4, 20), end=date(2026, 5, 20))}),
    ],
)
def test_volunteers_hidden_numbers_and_other_waves_do_not_count(
    world: World, estimate: PublishedEstimate, how: dict[str, object]
) -> None:
    publish(world, [estimate], **how)  # type: ignore[arg-type]  # one of two keywords
    assert counted(world) == 0


def test_interviews_of_later_waves_are_named_as_such_and_no_share_of_the_plan(world: World) -> None:
    publish(world, [rate("IND_AWARE", SOUTH, 0.6, n=52)])
    with world.database.reading() as session:
        view = show_outreach(session, world.wave, role=Role.OFFICIAL, scope=Scope(), today=AT.date())
    asked = next(line for line in view.lines if line.area == SOUTH and line.kind is ActionKind.ASK)
    told = plan_row(asked, language="zh_Hans").progress
    assert told == f"以后各轮已访问52份，这里计划{asked.quantity}份"
