"""A city of 1,000,000 dwellings drawn in three stages, communities, grids and dwellings: time and memory of a process
that does nothing else. Drawing by permanent random numbers with rest and overlap is taken besides.
"""

import resource
import subprocess
import sys
import time

import numpy as np

from analysis.sampling.sample_design import Method, Reserves, Rest, SampleDesign, Size, Stage, StageUnit
from analysis.sampling.stages import FrameArrays, draw_units
from tests.benchmarks.measurement import Measurement, at_most

DWELLINGS = 1_000_000
COMMUNITIES = 400
GRIDS = 12
SEED = bytes(range(32))

THREE_STAGES = SampleDesign(
    stages=(
        Stage(unit=StageUnit.COMMUNITY, method=Method.PPS_SYSTEMATIC, take=100, size=Size.RESIDENTS),
        Stage(unit=StageUnit.GRID, method=Method.PPS_SYSTEMATIC, take=4, size=Size.UNITS),
        Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC, take=20),
    ),
    reserves=Reserves(replicates=2, per_community=20),
)
BY_NUMBERS = SampleDesign(
    stages=(
        Stage(unit=StageUnit.GRID, method=Method.PPS_SYSTEMATIC, take=4, size=Size.UNITS),
        Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT, take=20),
    ),
    rest=Rest(months=12, overlap=0.5),
)


def run() -> list[Measurement]:
    seconds, megabytes = _alone("three_stages")
    by_numbers, _ = _alone("by_numbers")
    return [
        at_most("three-stage draw of 1,000,000 dwellings", seconds, "s CPU", 5),
        at_most("three-stage draw of 1,000,000 dwellings, memory of the process", megabytes, "MB", 1000),
        Measurement(name="1,000,000 dwellings by permanent numbers, a second draw", value=by_numbers, unit="s CPU"),
    ]


def city(*, keys: bool = False) -> FrameArrays:
    """Grids of 40 to 420 dwellings, 0 to 5 residents in each."""
    rng = np.random.default_rng(6)
    shares = rng.uniform(0.2, 2, COMMUNITIES * GRIDS)
    grid = np.repeat(np.arange(len(shares)), np.floor(shares / shares.sum() * DWELLINGS).astype(np.int64))
    grid = np.concatenate([grid, np.full(DWELLINGS - len(grid), grid[-1])])
    codes = [f"440983{number:06}" for number in range(COMMUNITIES)]
    return FrameArrays(
        communities=tuple(codes),
        community=grid // GRIDS,
        grids=tuple(f"{codes[number // GRIDS]}{number % GRIDS:03}" for number in range(len(shares))),
        grid=grid,
        residents=rng.integers(0, 6, DWELLINGS),
        keys=[f"{number}".encode() for number in range(DWELLINGS)] if keys else None,
    )


def _alone(what: str) -> tuple[float, float]:
    """Seconds of the draw and the largest memory of a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.bench_stages", what], capture_output=True, text=True, check=True
    )
    seconds, megabytes = done.stdout.split()
    return float(seconds), float(megabytes)


def _measured(what: str) -> None:
    if what == "by_numbers":
        from datetime import date

        from analysis.sampling.earlier_draws import EarlierDraw, EarlierDraws

        frame = city(keys=True)
        first = draw_units(frame, BY_NUMBERS, seed=SEED)
        before = EarlierDraw(visited_on=date(2026, 11, 1), windows=first.windows)
        earlier, design = EarlierDraws(series_seed=SEED, on=date(2027, 3, 1), draws=(before,)), BY_NUMBERS
    else:
        frame, earlier, design = city(), None, THREE_STAGES
    start = time.process_time()
    drawn = draw_units(frame, design, seed=b"another seed", earlier=earlier)
    seconds = time.process_time() - start
    assert len(drawn.units) >= 100 * 4 * 20
    print(seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)  # noqa: T201


if __name__ == "__main__":
    _measured(sys.argv[1])
