"""The small wave, published, and another one after it: imported answers of the same two communities."""

from dataclasses import replace
from datetime import date, timedelta

from survey.files.wave_file import parse_wave_file
from survey.store.database import Database
from survey.waves import WaveDetails
from survey.workflow.close_wave import close_wave
from survey.workflow.open_wave import open_wave
from survey.workflow.publish_wave import publish_wave
from tests.survey.conftest import AT, NO_KEYS, import_answers, open_small_wave, run_estimates
from tests.survey.small_wave import WAVE, csv_text

DETAILS = parse_wave_file(WAVE, "wave.toml")
#: The wave after that of :data:`tests.survey.small_wave.WAVE`.
LATER = replace(DETAILS, start=date(2026, 6, 1), end=date(2026, 6, 20))


def answers(east: int, west: int, *, size: int = 100, how: str = "net", west_how: str = "") -> str:
    """A file of ``size`` answers in each community; so many know (and are satisfied), the others do not."""
    lines = [
        [f"{place}{number}", place, mode, "2026-06-05", *(("Y", "1") if number < known else ("N", "2")), "90"]
        for place, known, mode in (("E", east, how), ("W", west, west_how or how))
        for number in range(size)
    ]
    return csv_text(lines)


def close(database: Database, wave: int) -> None:
    with database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="tests")


def publish(database: Database, wave: int) -> tuple[str, ...]:
    """The warnings."""
    with database.writing() as session:
        return tuple(str(warning) for warning in publish_wave(session, wave, at=AT, by="tests").warnings)


def first_wave(database: Database, *, east: int = 80, west: int = 70, published: bool = True) -> int:
    wave = open_small_wave(database)
    import_answers(database, wave, answers(east, west))
    run_estimates(database, wave)
    close(database, wave)
    if published:
        publish(database, wave)
    return wave


def next_wave(
    database: Database, text: str, *, details: WaveDetails = LATER, instrument: str = "small", frame: int = 1
) -> int:
    """Another wave with these answers, not estimated yet."""
    at = AT + timedelta(days=90)
    with database.writing() as session:
        wave = open_wave(session, instrument=instrument, frame=frame, name="第二轮", details=details, at=at, by="tests")
    import_answers(database, wave, text)
    return wave
