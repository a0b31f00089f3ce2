"""Which reports are wanted for a choice, and which of them are to be built."""

import pytest

from survey.messages import BadInput, Conflict, NotThere
from survey.roles import Role, Scope
from survey.store import reports, waves
from survey.store.database import Database
from survey.waves import WaveState
from survey.workflow.show_reports import find_report, open_report, show_reports
from survey.workflow.want_reports import EVERYTHING, WHOLE, want_reports
from tests.survey.pages import example
from tests.survey.pages.example import AT, EAST, WEST, World

EVERYWHERE = Scope()


@pytest.fixture
def world(sqlite_database: Database) -> World:
    return example.fill(sqlite_database)


def want(
    database: Database, wave: int, choice: str, language: str = "en", scope: Scope = EVERYWHERE
) -> list[str | None]:
    """The areas whose reports are to be built."""
    with database.writing() as session:
        found = waves.get_wave(session, wave)
        ids = want_reports(session, found, choice=choice, language=language, scope=scope, at=AT, by="tongji")
        return [reports.get_report(session, i).area for i in ids]


def test_everything_is_the_whole_and_then_each_area(sqlite_database: Database, world: World) -> None:
    assert want(sqlite_database, world.draft, EVERYTHING) == [None, EAST, WEST]


def test_what_is_done_is_left_out_and_what_waits_is_asked_again(sqlite_database: Database, world: World) -> None:
    assert want(sqlite_database, world.draft, EVERYTHING, "zh_Hans") == [EAST, WEST]
    assert want(sqlite_database, world.draft, EAST, "zh_Hans") == [EAST]
    assert want(sqlite_database, world.draft, WHOLE, "zh_Hans") == []


@pytest.mark.parametrize(("choice", "language"), [("", "en"), ("441800000000", "en"), (WHOLE, "fr")])
def test_what_was_not_offered_is_refused(sqlite_database: Database, world: World, choice: str, language: str) -> None:
    with pytest.raises(BadInput):
        want(sqlite_database, world.draft, choice, language)


def test_there_is_nothing_to_report_before_an_estimate(sqlite_database: Database) -> None:
    with sqlite_database.writing() as session:
        wave = example.add_wave(session)
    with pytest.raises(Conflict):
        want(sqlite_database, wave, WHOLE)


def test_progress_counts_the_newest_run_only(sqlite_database: Database, world: World) -> None:
    want(sqlite_database, world.draft, WHOLE)
    with sqlite_database.reading() as session:
        view = show_reports(session, waves.get_wave(session, world.draft), role=Role.STATISTICIAN, scope=EVERYWHERE)
    assert (view.settled, view.wanted, view.waiting) == (1, 2, True)
    with sqlite_database.writing() as session:
        example.add_run(session, world.draft)
        view = show_reports(session, waves.get_wave(session, world.draft), role=Role.STATISTICIAN, scope=EVERYWHERE)
    assert (view.settled, view.wanted, view.waiting) == (0, 0, False)
    assert [line.outdated for line in view.lines] == [True, True]


def test_publishing_makes_the_drafts_outdated_and_the_reports_wanted_afresh(
    sqlite_database: Database, world: World
) -> None:
    with sqlite_database.writing() as session:
        for state in (WaveState.CLOSED, WaveState.PUBLISHED):
            waves.change_state(session, world.draft, state, at=AT, by="tongji")
    assert want(sqlite_database, world.draft, WHOLE, "zh_Hans") == [None]
    with sqlite_database.reading() as session:
        wave = waves.get_wave(session, world.draft)
        lines = show_reports(session, wave, role=Role.STATISTICIAN, scope=EVERYWHERE).lines
        assert [(line.report.draft, line.outdated) for line in lines] == [(False, False), (True, True)]
        assert [
            line.report.draft for line in show_reports(session, wave, role=Role.OFFICIAL, scope=EVERYWHERE).lines
        ] == [False]
        with pytest.raises(NotThere):
            find_report(session, world.draft_report, role=Role.OFFICIAL)


LIMITED = Scope(areas=frozenset({EAST}))


def test_everything_within_reach_is_without_the_whole(sqlite_database: Database, world: World) -> None:
    assert want(sqlite_database, world.draft, EVERYTHING, scope=LIMITED) == [EAST]
    for choice in (WHOLE, WEST, "9"):
        with pytest.raises(NotThere):
            want(sqlite_database, world.draft, choice, scope=LIMITED)


def test_reports_out_of_reach_are_neither_listed_nor_opened(sqlite_database: Database, world: World) -> None:
    with sqlite_database.reading() as session:
        wave = waves.get_wave(session, world.published)
        view = show_reports(session, wave, role=Role.OFFICIAL, scope=LIMITED)
        report = find_report(session, world.published_report, role=Role.OFFICIAL)
        with pytest.raises(NotThere):
            open_report(session, report, wave, scope=LIMITED)
        assert open_report(session, report, wave, scope=EVERYWHERE).pdf == example.PDF
    assert view.lines == ()
    assert ([area.code for area in view.choices], view.sees_whole) == ([EAST], False)
