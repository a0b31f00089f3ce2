"""Publishing a wave and the wave before it: compared now if it was not, warned of where the comparison is old."""

from dataclasses import replace
from datetime import date

from survey.store.changes import compared_run, load_changes
from survey.store.database import Database
from survey.store.estimates import standing_run
from survey.workflow.describe_wave import describe_wave
from tests.survey.conftest import AT, run_estimates
from tests.survey.two_waves import LATER, answers, close, first_wave, next_wave, publish


def compared(database: Database, wave: int) -> tuple[int | None, int]:
    """The earlier run, and how many changes stand beside the published one."""
    with database.reading() as session:
        run = standing_run(session, wave)
        assert run is not None
        return compared_run(session, run.id), len(load_changes(session, run.id))


def test_a_run_from_before_the_publication_of_the_other_is_compared_now(database: Database) -> None:
    first = first_wave(database, published=False)
    second = next_wave(database, answers(97, 72))
    run_estimates(database, second)
    publish(database, first)
    close(database, second)
    assert compared(database, second) == (None, 0)
    assert publish(database, second) == ()
    assert compared(database, second) == (1, 10)


def test_what_was_compared_when_it_was_estimated_stays_without_a_word(sqlite_database: Database) -> None:
    first_wave(sqlite_database)
    second = next_wave(sqlite_database, answers(97, 72))
    run_estimates(sqlite_database, second)
    close(sqlite_database, second)
    assert publish(sqlite_database, second) == ()
    assert compared(sqlite_database, second) == (1, 10)


def test_a_wave_published_since_is_warned_of(sqlite_database: Database) -> None:
    first_wave(sqlite_database)
    second = next_wave(sqlite_database, answers(90, 72))
    third = next_wave(sqlite_database, answers(97, 72), details=replace(LATER, start=date(2026, 9, 1)))
    run_estimates(sqlite_database, third)
    run_estimates(sqlite_database, second)
    for wave in (second, third):
        close(sqlite_database, wave)
    assert publish(sqlite_database, second) == ()
    (warning,) = publish(sqlite_database, third)
    assert "第二轮" in warning
    assert compared(sqlite_database, third)[0] == 1  # what is on record is not changed


def test_another_description_since_is_warned_of(sqlite_database: Database) -> None:
    first_wave(sqlite_database)
    second = next_wave(sqlite_database, answers(97, 72))
    run_estimates(sqlite_database, second)
    close(sqlite_database, second)
    with sqlite_database.writing() as session:
        describe_wave(session, second, details=replace(LATER, population="全体居民"), at=AT, by="tests")
    assert len(publish(sqlite_database, second)) == 1
