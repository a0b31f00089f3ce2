"""Publication names everything that is missing, and changes nothing until nothing is."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from survey.files.wave_file import parse_wave_file
from survey.keys import KeyRing
from survey.messages import CheckFailed, Conflict
from survey.store.database import Database
from survey.store.estimates import standing_run
from survey.store.waves import get_wave
from survey.waves import WaveDetails, WaveState, missing_for_publication
from survey.workflow.close_wave import close_wave
from survey.workflow.describe_wave import describe_wave
from survey.workflow.open_wave import open_wave
from survey.workflow.publish_wave import publish_wave
from tests.survey.conftest import AT, NO_KEYS, Instance, import_answers, open_small_wave, run_estimates
from tests.survey.field import NOW, open_field
from tests.survey.small_wave import WAVE, csv_text, rows
from tests.survey.workflow.test_estimate_drawn_wave import ask

#: For the questionnaire that is asked at the door.
DOOR_WAVE = WAVE.replace('modes = ["web_open"]', 'modes = ["capi"]')


@pytest.fixture
def answered(answered_instance: Instance) -> Iterator[Database]:
    database = answered_instance.open()
    yield database
    database.close()


def publish(database: Database, wave: int) -> None:
    with database.writing() as session:
        publish_wave(session, wave, at=AT, by="wang")


def close(database: Database, wave: int) -> None:
    with database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="wang")


def missing(database: Database, wave: int) -> list[str]:
    with pytest.raises(CheckFailed) as caught:
        publish(database, wave)
    assert caught.value.exit_code == 1
    return [problem.expected.msgid for problem in caught.value.problems]


def state(database: Database, wave: int) -> WaveState:
    with database.reading() as session:
        return get_wave(session, wave).state


def test_closed_and_estimated_it_is_published_once(database: Database) -> None:
    wave = open_small_wave(database)
    import_answers(database, wave)
    run_estimates(database, wave)
    close(database, wave)
    publish(database, wave)
    assert state(database, wave) is WaveState.PUBLISHED
    with pytest.raises(Conflict):
        publish(database, wave)


def test_a_sound_wave_is_published_without_a_warning(answered: Database) -> None:
    run_estimates(answered, 1)
    close(answered, 1)
    with answered.writing() as session:
        assert publish_wave(session, 1, at=AT, by="wang").warnings == ()


@pytest.mark.parametrize(("answers", "warned"), [(20, 1), (6, 2)])
def test_few_answers_and_hidden_rates_are_warned_of(sqlite_database: Database, answers: int, warned: int) -> None:
    wave = open_small_wave(sqlite_database)
    import_answers(sqlite_database, wave, csv_text(list(rows())[:answers]))
    run_estimates(sqlite_database, wave)
    close(sqlite_database, wave)
    with sqlite_database.writing() as session:
        told = [str(warning) for warning in publish_wave(session, wave, at=AT, by="wang").warnings]
    assert len(told) == warned
    assert f"只有 {answers} 份答卷" in told[-1]
    assert state(sqlite_database, wave) is WaveState.PUBLISHED


@pytest.mark.parametrize(("interviews", "warned"), [(2, True), (3, False)])
def test_a_response_rate_below_a_tenth_is_warned_of(
    sqlite_database: Database, keys: KeyRing, interviews: int, *, warned: bool
) -> None:
    """Of 24 dwellings 2 are 8.3 %, 3 are 12.5 %; both are too few for a rate."""
    field = open_field(sqlite_database, keys, per_community=12)
    ask(sqlite_database, field, [(2, True)] * interviews, east=True)
    with sqlite_database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="wang")
    run_estimates(sqlite_database, field.wave)
    with sqlite_database.writing() as session:
        describe_wave(session, field.wave, details=parse_wave_file(DOOR_WAVE, "wave.toml"), at=NOW, by="wang")
        told = [str(warning) for warning in publish_wave(session, field.wave, at=NOW, by="wang").warnings]
    assert any("RR1" in each for each in told) is warned
    assert any("样本不足" in each for each in told)


def test_readers_keep_the_run_that_was_published_whatever_the_clock_says(answered: Database) -> None:
    published = run_estimates(answered, 1)
    close(answered, 1)
    with answered.writing() as session:
        publish_wave(session, 1, at=AT - timedelta(days=1), by="wang")
    run_estimates(answered, 1)
    with answered.reading() as session:
        run = standing_run(session, 1)
    assert run is not None
    assert run.id == published


def test_an_open_wave_without_estimates_lacks_both(answered: Database) -> None:
    closing, estimating = missing(answered, 1)
    assert "survey wave close" in closing
    assert "survey estimate" in estimating
    assert state(answered, 1) is WaveState.FIELDING


def test_estimates_of_fewer_answers_than_there_are_do_not_count(sqlite_database: Database) -> None:
    wave = open_small_wave(sqlite_database)
    everyone = list(rows())
    import_answers(sqlite_database, wave, csv_text(everyone[:60]))
    run_estimates(sqlite_database, wave)
    import_answers(sqlite_database, wave, csv_text(everyone[60:]))
    close(sqlite_database, wave)
    (estimating,) = missing(sqlite_database, wave)
    assert "survey estimate" in estimating
    run_estimates(sqlite_database, wave)
    publish(sqlite_database, wave)


def test_every_missing_fact_is_named(sqlite_database: Database) -> None:
    open_small_wave(sqlite_database)
    with sqlite_database.writing() as session:
        details = WaveDetails()
        wave = open_wave(session, instrument="small", frame=1, name="空", details=details, at=AT, by="x")
    facts = [message.msgid for message in missing_for_publication(WaveDetails())]
    assert missing(sqlite_database, wave)[: len(facts)] == facts
