"""A whole ``survey draw run``: a city of 1,000,000 dwellings read from the database, checked against the published
digest of its frame, drawn in three stages and stored. Time and memory of a process that does nothing else.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from questionnaires.loading import load_text
from survey.areas import Area, Level
from survey.config import read_config
from survey.sampling.frame_digest import areas_digest, units_digest
from survey.store.areas import add_frame
from survey.store.database import open_database
from survey.store.schema import migrate
from survey.store.units import add_units
from survey.units import Unit, UnitKind, UnitStatus
from survey.waves import WaveDetails
from survey.workflow.add_instrument import add_instrument
from survey.workflow.open_wave import open_wave
from tests.benchmarks.bench_stages import DWELLINGS, city
from tests.benchmarks.measurement import Measurement, at_most
from tests.survey import small_wave
from tests.survey.drawn_wave import AT, SEED, STREET

REPEATS = 3
DESIGN = """
[[stage]]
unit = "community"
method = "pps_systematic"
take = 100
size = "residents"

[[stage]]
unit = "grid"
method = "pps_systematic"
take = 4
size = "units"

[[stage]]
unit = "dwelling"
method = "systematic"
take = 20

[reserves]
replicates = 2
per_community = 20
"""
STATUSES = (UnitStatus.OWNED, UnitStatus.RENTED, UnitStatus.OWNED, UnitStatus.UNKNOWN, UnitStatus.VACANT)


def run() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        waves = build(folder)
        taken = [_draw(folder, wave) for wave in waves]
    seconds, megabytes = (statistics.median(values) for values in zip(*taken, strict=True))
    return [
        at_most(f"survey draw run, three stages of {DWELLINGS:,} dwellings", seconds, "s CPU", 5),
        at_most(f"survey draw run, three stages of {DWELLINGS:,} dwellings, memory", megabytes, "MB", 1000),
    ]


def build(folder: Path) -> tuple[int, ...]:
    """A site in ``folder`` with the city as a frame, the design as a file, and a wave for each draw."""
    (folder / "three-stage.toml").write_text(DESIGN, "utf-8")
    codes = city().communities
    areas = [Area(code=STREET, name="一街", level=Level.STREET, parent=None, population=None)]
    areas += [
        Area(code=code, name=f"社区{code[-3:]}", level=Level.COMMUNITY, parent=STREET, population=5000)
        for code in codes
    ]
    database = open_database(read_config({"SURVEY_INSTANCE": str(folder)}).database_url)
    migrate(database)
    with database.writing() as session:
        add_instrument(session, load_text(small_wave.INSTRUMENT, "small.toml"), at=AT)
        frame = add_frame(
            session, areas=areas, digest=areas_digest(areas), at=AT, kind=UnitKind.DWELLING,
            units_digest=units_digest(_homes()), unit_count=DWELLINGS,
        )  # fmt: skip
        add_units(session, frame, _homes())
        waves = tuple(
            open_wave(session, instrument="small", frame=frame, name="量", details=WaveDetails(), at=AT, by="bench")
            for _ in range(REPEATS)
        )
    database.close()
    return waves


def _homes() -> Iterator[Unit]:
    """Buildings of 60 dwellings: two entrances, fifteen floors, two doors on each."""
    frame = city()
    rows = zip(frame.community.tolist(), frame.grid.tolist(), frame.residents.tolist(), strict=True)
    for number, (community, grid, residents) in enumerate(islice(rows, DWELLINGS)):
        building, home = divmod(number, 60)
        yield Unit(
            serial=number + 1,
            area=frame.communities[community],
            grid=frame.grids[grid],
            address={
                "estate": f"花园{grid}区",
                "building": str(building % 40 + 1),
                "entrance": str(home // 30 + 1),
                "floor": str(home // 2 % 15 + 1),
                "room": str((home // 2 % 15 + 1) * 100 + home % 2 + 1),
            },
            status=STATUSES[number % len(STATUSES)],
            residents=residents,
        )


def _draw(folder: Path, wave: int) -> tuple[float, float]:
    """CPU seconds (user and system) and the largest memory, in MB, of the process."""
    seed = f"{SEED}{wave:04x}"  # no seed draws twice
    arguments = ("draw", "run", "--wave", str(wave), "--design", str(folder / "three-stage.toml"), "--seed", seed)
    process = subprocess.Popen(
        [sys.executable, "-m", "survey", *arguments],
        env={**os.environ, "SURVEY_INSTANCE": str(folder)},
        stdout=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"survey {' '.join(arguments)} ended with {process.returncode}")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024
