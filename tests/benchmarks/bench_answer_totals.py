"""Totals of 1,000,000 stored answers: from the database to what rates are worked out from, beside the bare GROUP BY.

The answers are 100,000 different questionnaires of instrument A, each of them ten times, in 300 communities.
"""

import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, date, datetime
from pathlib import Path
from uuid import UUID

import numpy as np

from questionnaires.coding import items_of
from questionnaires.definition import IndicatorSet, Questionnaire
from questionnaires.loading import BUILT_IN, load_file
from survey.areas import Area, Level
from survey.casework.wave_totals import totals_of_wave
from survey.store.areas import add_frame
from survey.store.database import Database, open_database
from survey.store.instruments import add_instrument
from survey.store.responses import NewResponse, add_responses
from survey.store.schema import migrate
from survey.store.waves import add_wave
from survey.waves import Mode, WaveDetails
from tests.benchmarks.measurement import Measurement, at_most

DIFFERENT, TIMES, COMMUNITIES = 100_000, 10, 300
ROUNDS = 3
AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
CITY = Area(code="990000000000", name="City", level=Level.CITY, parent=None, population=None)
FRAME = (
    CITY,
    *(
        Area(code=f"990001{number:06}", name=f"{number}", level=Level.COMMUNITY, parent=CITY.code, population=None)
        for number in range(COMMUNITIES)
    ),
)


def run() -> list[Measurement]:
    questionnaire = load_file(BUILT_IN["urban-community"])
    headline = [indicator for indicator in questionnaire.indicators if indicator.set is IndicatorSet.HEADLINE]
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "answers.sqlite3"
        with closing(open_database(f"sqlite:///{path}")) as database:
            migrate(database)
            wave = _store(database, questionnaire)
            _repeat(path)
            bare = _bare(path, items_of(questionnaire, headline))
            ours: list[float] = []
            theirs: list[float] = []
            for _ in range(ROUNDS):
                theirs.append(_cpu(bare))
                with database.reading() as session:
                    ours.append(_cpu(lambda: totals_of_wave(session, wave, questionnaire, headline, FRAME)))
    total, group_by = statistics.median(ours), statistics.median(theirs)
    return [
        Measurement(name=f"bare GROUP BY, 1,000,000 answers, {len(headline)} rates", value=group_by, unit="s CPU"),
        Measurement(name="totals of the same", value=total, unit="s CPU"),
        at_most("group_by_ratio", total / group_by, "times", 3),
    ]


def _bare(path: Path, items: tuple[str, ...]) -> Callable[[], object]:
    """The same columns grouped by the database's own program, and its rows fetched."""
    columns = ", ".join(f"json_extract(answers, '$.{item}')" for item in items)
    places = ", ".join(str(place) for place in range(1, len(items) + 2))
    statement = f"SELECT area, {columns}, count(*) FROM responses WHERE wave_id = 1 GROUP BY {places}"  # noqa: S608

    def fetch() -> object:
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute(statement).fetchall()

    return fetch


def _cpu(action: Callable[[], object]) -> float:
    start = time.process_time()
    action()
    return time.process_time() - start


def _store(database: Database, questionnaire: Questionnaire) -> int:
    with database.writing() as session:
        frame = add_frame(session, areas=FRAME, digest="f" * 64, at=AT)
        instrument = add_instrument(session, slug="a", version="1", fingerprint="a" * 64, document={}, at=AT)
        details = WaveDetails(modes=(Mode.IMPORTED,), start=date(2026, 3, 1))
        wave = add_wave(
            session, name="bench", instrument_id=instrument.id, frame_id=frame, details=details, at=AT, by="bench"
        )
        add_responses(session, wave, None, _responses(questionnaire))
    return wave


def _responses(questionnaire: Questionnaire) -> Iterator[NewResponse]:
    """One code for every item, the first of them more often than the others."""
    rng = np.random.default_rng(20240917)
    columns = {}
    for item in questionnaire.items:
        codes = [option.code for option in item.options]
        if len(codes) > 1:
            shares = [0.6, *[0.4 / (len(codes) - 1)] * (len(codes) - 1)]
            columns[item.id] = rng.choice(codes, DIFFERENT, p=shares).tolist()
    areas = rng.integers(1, COMMUNITIES + 1, DIFFERENT).tolist()
    names = [f'"{name}":' for name in sorted(columns)]
    for number, codes in enumerate(zip(*(columns[name] for name in sorted(columns)), strict=True)):
        yield NewResponse(
            uuid=UUID(int=number),
            area=FRAME[areas[number]].code,
            mode=Mode.IMPORTED,
            day=date(2026, 3, 1),
            answers="{" + ",".join([f"{name}{code}" for name, code in zip(names, codes, strict=True)]) + "}",
            completeness="complete",
        )


def _repeat(path: Path) -> None:
    """Every answer nine times more, in the order of the keys."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for number in range(1, TIMES):
            connection.execute(
                "INSERT INTO responses SELECT printf('%08x', ?) || substr(uuid, 9), wave_id, import_id, area, mode,"
                " day, completeness, digest, answers FROM responses WHERE uuid < '00000001' ORDER BY uuid",
                (number,),
            )
