"""The facts of a wave can be completed until it is published, and each change is on record."""

import pytest

from survey.messages import BadInput, Conflict
from survey.store import waves
from survey.store.database import Database
from survey.waves import WaveDetails
from survey.workflow.describe_wave import describe_wave
from tests.survey.pages import example
from tests.survey.pages.example import AT


def test_details_are_replaced_and_the_change_is_on_record(sqlite_database: Database) -> None:
    world = example.fill(sqlite_database)
    with sqlite_database.writing() as session:
        describe_wave(session, world.draft, details=WaveDetails(sponsor="市文明办"), at=AT, by="tongji")
        assert waves.get_wave(session, world.draft).details == WaveDetails(sponsor="市文明办")
        last = waves.list_events(session, world.draft)[-1]
        assert (last.from_state, last.by) == (last.to_state, "tongji")


def test_a_published_wave_stays_as_it_was(sqlite_database: Database) -> None:
    world = example.fill(sqlite_database)
    with sqlite_database.writing() as session, pytest.raises(Conflict):
        describe_wave(session, world.published, details=WaveDetails(), at=AT, by="tongji")


def test_targets_must_be_indicators_of_the_instrument(sqlite_database: Database) -> None:
    world = example.fill(sqlite_database)
    with sqlite_database.writing() as session, pytest.raises(BadInput):
        describe_wave(session, world.draft, details=WaveDetails(targets={"IND_NOTHING": 0.9}), at=AT, by="tongji")
