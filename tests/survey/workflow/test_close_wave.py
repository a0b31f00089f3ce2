"""A wave closes once, and its answers stand."""

import pytest

from survey.messages import Conflict, NotThere
from survey.store.database import Database
from survey.store.waves import get_wave, list_events
from survey.waves import WaveState
from survey.workflow.close_wave import close_wave
from tests.survey.conftest import AT, NO_KEYS, import_answers, open_small_wave


def test_closing_is_on_record_and_cannot_be_done_twice(database: Database) -> None:
    wave = open_small_wave(database)
    with database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="wang")
    with pytest.raises(Conflict), database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="wang")
    with database.reading() as session:
        assert get_wave(session, wave).state is WaveState.CLOSED
        assert [(event.to_state, event.by) for event in list_events(session, wave)][1:] == [(WaveState.CLOSED, "wang")]


def test_a_closed_wave_takes_no_more_answers(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    with sqlite_database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="wang")
    with pytest.raises(Conflict, match="已经关闭"):
        import_answers(sqlite_database, wave)


def test_an_unknown_wave_is_not_there(sqlite_database: Database) -> None:
    with pytest.raises(NotThere), sqlite_database.writing() as session:
        close_wave(session, NO_KEYS, 1, at=AT, by="wang")
