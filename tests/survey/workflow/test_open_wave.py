"""Opening a wave binds an instrument, a frame and facts that fit them."""

import subprocess
import sys

import pytest

from survey.files.wave_file import parse_wave_file
from survey.messages import BadInput, NotThere, SurveyError
from survey.store.database import Database
from survey.store.waves import get_wave, list_events, list_waves
from survey.waves import WaveDetails, WaveState
from survey.workflow.open_wave import open_wave
from tests.survey import small_wave
from tests.survey.conftest import AT, Instance, open_small_wave

#: Nothing else of the store is imported: what a small program of a statistician does.
ONE_STEP = """
import sys
from datetime import UTC, datetime
from survey.store.database import open_database
from survey.waves import WaveDetails
from survey.workflow.open_wave import open_wave

with open_database(sys.argv[1]).writing() as session:
    at = datetime.now(UTC)
    print(open_wave(session, instrument="small", frame=1, name="x", details=WaveDetails(), at=at, by="tests"))
"""


def test_a_new_wave_is_a_draft_with_its_facts_on_record(database: Database) -> None:
    wave = open_small_wave(database)
    with database.reading() as session:
        record = get_wave(session, wave)
        (event,) = list_events(session, wave)
    assert (record.name, record.state, record.instrument_slug) == ("测试轮次", WaveState.DRAFT, "small")
    assert record.details == parse_wave_file(small_wave.WAVE, "wave.toml")
    assert (event.from_state, event.to_state, event.by) == (None, WaveState.DRAFT, "tests")


def test_the_name_is_one_line_with_single_blanks(sqlite_database: Database) -> None:
    open_small_wave(sqlite_database)
    with sqlite_database.writing() as session:
        wave = open_wave(
            session,
            instrument="small",
            frame=1,
            name=" 第二轮\n\t 2026\u3000年 ",
            details=WaveDetails(),
            at=AT,
            by="tests",
        )
        assert get_wave(session, wave).name == "第二轮 2026 年"


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"instrument": "nothing"}, NotThere),
        ({"frame": 9}, NotThere),
        ({"name": " "}, BadInput),
        ({"name": "长" * 101}, BadInput),
        ({"name": "第二轮\x1b[2J"}, BadInput),
        ({"name": "第\u202e二轮"}, BadInput),
        ({"name": "第二\u200b轮"}, BadInput),
        ({"details": WaveDetails(targets={"IND_OTHER": 0.5})}, BadInput),
        ({"details": WaveDetails(placeholders={"mayor": "x"})}, BadInput),
    ],
)
def test_what_does_not_fit_opens_nothing(
    changes: dict[str, object], error: type[SurveyError], sqlite_database: Database
) -> None:
    open_small_wave(sqlite_database)
    wanted = {"instrument": "small", "frame": 1, "name": "第二轮", "details": WaveDetails(), "at": AT, "by": "tests"}
    with pytest.raises(error), sqlite_database.writing() as session:
        open_wave(session, **{**wanted, **changes})  # type: ignore[arg-type]
    with sqlite_database.reading() as session:
        assert len(list_waves(session)) == 1


def test_an_unknown_target_is_named_beside_the_indicators_there_are(sqlite_database: Database) -> None:
    open_small_wave(sqlite_database)
    details = WaveDetails(targets={"IND_OTHER": 0.5})
    with pytest.raises(BadInput) as caught, sqlite_database.writing() as session:
        open_wave(session, instrument="small", frame=1, name="x", details=details, at=AT, by="tests")
    (problem,) = caught.value.problems
    assert (problem.where, problem.got) == ("targets", "IND_OTHER")
    assert "IND_SMALL_KNOWS" in str(problem.expected.params)


@pytest.mark.slow
def test_a_program_may_import_this_step_alone(opened_instance: Instance) -> None:
    command = [sys.executable, "-c", ONE_STEP, opened_instance.config.database_url]
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stdout, done.stderr) == (0, "2\n", "")
