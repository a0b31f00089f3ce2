"""A draw from 200,000 dwellings beside its verification, from the database and from exported files."""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.sampling.sample_design import Method, Reserves, SampleDesign, Size, Stage, StageUnit
from questionnaires.loading import load_text
from survey.areas import Area, Level
from survey.sampling.frame_digest import areas_digest, units_digest
from survey.sampling.sample_designs import of_equal
from survey.store.areas import add_frame
from survey.store.database import Database, Session, open_database
from survey.store.schema import migrate
from survey.store.units import add_units
from survey.units import Unit, UnitKind, UnitStatus
from survey.waves import WaveDetails
from survey.workflow.add_instrument import add_instrument
from survey.workflow.draw_sample import Drawn, draw_sample
from survey.workflow.export_draw import export_draw
from survey.workflow.open_wave import open_wave
from survey.workflow.verify_draw import verify_draw, verify_files
from tests.benchmarks.measurement import Measurement, at_most
from tests.survey import small_wave
from tests.survey.drawn_wave import AT, SEED, STREET

COMMUNITIES = 100
GRIDS = 10
HOMES = 200  # in each grid
REPEATS = 5
EQUAL = of_equal(100)
STAGES = SampleDesign(
    stages=(
        Stage(unit=StageUnit.GRID, method=Method.SAMPFORD, take=4, size=Size.UNITS),
        Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC, take=25),
    ),
    reserves=Reserves(replicates=2, per_community=20),
)


class _Undone(Exception):
    """Takes back what was drawn."""


def run() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as name:
        database = open_database(f"sqlite:///{Path(name) / 'survey.sqlite3'}")
        migrate(database)
        frame = _frame(database)
        found = [
            one
            for design, told in ((EQUAL, "100 in each community"), (STAGES, "grids, homes, reserves"))
            for one in _measure(database, Path(name) / told[:3], frame, design, told)
        ]
        database.close()
    return found


def _measure(database: Database, folder: Path, frame: int, design: SampleDesign, told: str) -> Iterator[Measurement]:
    wave, another = _wave(database, frame), _wave(database, frame)
    with database.writing() as session:
        drawn = _draw(session, wave, design)
    folder.mkdir()
    with database.reading() as session:
        export_draw(session, drawn.draw, folder)
    took, stored, files = _side_by_side(
        lambda: _draw_and_undo(database, another, design),
        lambda: _verify(database, drawn.draw),
        lambda: verify_files(folder),
    )
    yield Measurement(name=f"draw from 200,000 homes: {told}", value=took, unit="s CPU")
    yield at_most(f"verify it in the database: {told}", stored, "s CPU", took)
    yield at_most(f"verify it from files: {told}", files, "s CPU", took)


def _side_by_side(*actions: Callable[[], object]) -> list[float]:
    """The least CPU seconds of each, in turn: what else the machine does slows all of them alike."""
    taken: list[list[float]] = [[] for _ in actions]
    for _ in range(REPEATS):
        for times, action in zip(taken, actions, strict=True):
            start = time.process_time()
            action()
            times.append(time.process_time() - start)
    return [min(times) for times in taken]


def _draw(session: Session, wave: int, design: SampleDesign) -> Drawn:
    seed = f"{SEED}{wave:04x}"  # no seed draws twice
    return draw_sample(session, wave, design=design, seed=seed, at=AT, by="bench")


def _draw_and_undo(database: Database, wave: int, design: SampleDesign) -> None:
    try:
        with database.writing() as session:
            _draw(session, wave, design)
            raise _Undone
    except _Undone:
        pass


def _verify(database: Database, draw: int) -> None:
    with database.reading() as session:
        verify_draw(session, draw)


def _wave(database: Database, frame: int) -> int:
    with database.writing() as session:
        return open_wave(session, instrument="small", frame=frame, name="量", details=WaveDetails(), at=AT, by="bench")


def _frame(database: Database) -> int:
    codes = [f"440983102{number:03}" for number in range(1, COMMUNITIES + 1)]
    areas = [Area(code=STREET, name="一街", level=Level.STREET, parent=None, population=None)]
    areas += [
        Area(code=code, name=f"社区{code[-3:]}", level=Level.COMMUNITY, parent=STREET, population=5000)
        for code in codes
    ]
    units = list(_homes(codes))
    with database.writing() as session:
        add_instrument(session, load_text(small_wave.INSTRUMENT, "small.toml"), at=AT)
        frame = add_frame(
            session, areas=areas, digest=areas_digest(areas), at=AT, kind=UnitKind.DWELLING,
            units_digest=units_digest(units), unit_count=len(units),
        )  # fmt: skip
        add_units(session, frame, units)
    return frame


def _homes(codes: list[str]) -> Iterator[Unit]:
    serial = 0
    for code in codes:
        for grid in range(1, GRIDS + 1):
            for home in range(HOMES):
                serial += 1
                yield Unit(
                    serial=serial,
                    area=code,
                    grid=f"{code}{grid:03}",
                    address={"estate": f"花园{grid}区", "building": str(home // 60 + 1), "room": str(100 + home)},
                    status=UnitStatus.OWNED,
                    residents=home % 5,
                )
