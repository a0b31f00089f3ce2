from datetime import timedelta
from uuid import UUID

import pytest

from survey.outreach import LedgerOutcome
from survey.store.ledger_visits import Coverage, Tick, coverage, coverages, not_to_disturb, tick, ticks, untick
from survey.store.outreach_actions import list_actions
from survey.store.outreach_work import add_work, done_quantities, list_work
from survey.store.waves import get_wave
from tests.survey.store.outreach_rows import work_of


@pytest.fixture
def action(database, fill, at):
    """The id of an action with a tick of unit 1 and work of 7."""
    wave = fill(database)
    with database.reading() as session:
        (found,) = list_actions(session, wave)
        return get_wave(session, wave), found.id


def test_the_last_note_of_a_home_stands(database, action, at):
    wave, number = action
    day = at.date() + timedelta(days=1)
    with database.writing() as session:
        for serial, outcome in ((1, LedgerOutcome.DO_NOT_DISTURB), (3, LedgerOutcome.NOBODY)):
            tick(
                session,
                action_id=number,
                frame_id=wave.frame_id,
                unit_serial=serial,
                outcome=outcome,
                day=day,
                by="李",
            )
    with database.reading() as session:
        assert ticks(session, number, wave.frame_id, [3, 1, 2]) == {
            1: Tick(outcome=LedgerOutcome.DO_NOT_DISTURB, day=day, by="李"),
            3: Tick(outcome=LedgerOutcome.NOBODY, day=day, by="李"),
        }
        assert coverage(session, number) == Coverage(units=2, reached=0, nobody=1, do_not_disturb=1)
        assert coverages(session, [number, 99])[99] == Coverage(units=0, reached=0, nobody=0, do_not_disturb=0)
        assert not_to_disturb(session, wave.frame_id, range(1, 7)) == {1: day}
    with database.writing() as session:
        assert untick(session, action_id=number, frame_id=wave.frame_id, unit_serial=1)
        assert not untick(session, action_id=number, frame_id=wave.frame_id, unit_serial=1)
        assert ticks(session, number, wave.frame_id, range(2000)) == ticks(session, number, wave.frame_id, [3])


def test_done_quantities_are_of_one_wave(database, action, at):
    wave, number = action
    with database.writing() as session:
        assert not add_work(session, work_of(number, at)), "the same again"
        assert add_work(session, work_of(number, at, number=UUID(int=5), quantity=3))
        assert done_quantities(session, wave.id) == {number: 10}
        assert done_quantities(session, 99) == {}
        assert sorted(work.quantity for work in list_work(session, number)) == [3, 7]
