"""Draws of the small wave in public: committed, the value published, drawn; and designs of several stages."""

from datetime import timedelta

from analysis.sampling.sample_design import (
    Allocation,
    AllocationRule,
    Method,
    Reserves,
    Rest,
    SampleDesign,
    Size,
    Stage,
    StageUnit,
)
from analysis.sampling.value_spelling import Spelling, SpellingRule
from survey.sampling.public_values import PublicValue, PublicValueName
from survey.store.database import Database
from survey.store.draw_commitments import Commitment
from survey.units import Unit, UnitStatus
from survey.workflow.commit_draw import commit_draw
from survey.workflow.decide_draw import reject_draw
from survey.workflow.draw_sample import Drawn, draw_in_public, draw_sample
from tests.prepared import prepared
from tests.survey.drawn_wave import AT, EAST, SEED, WEST, approve, open_wave_with_units

FOURTEEN = SpellingRule(spelling=Spelling.ASCENDING, count=14, apart=2)
NAMES = (
    PublicValueName(name="双色球 1 期", not_before=AT + timedelta(days=1), spelling=FOURTEEN),
    PublicValueName(name="双色球 2 期", not_before=AT + timedelta(days=3), spelling=FOURTEEN),
)
VALUES = tuple(
    PublicValue(name=name.name, value=value, published_at=name.not_before + timedelta(minutes=5), source="报纸")
    for name, value in zip(NAMES, ("03071119223005", "01020304050607"), strict=True)
)
#: Ten in each community and two reserves of three.
RESERVES = SampleDesign(
    stages=(Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC),),
    allocation=Allocation(rule=AllocationRule.EQUAL, per_community=10, whole_if_small=True),
    reserves=Reserves(replicates=2, per_community=3),
)
#: One of two communities, then ten dwellings.
COMMUNITIES = SampleDesign(
    stages=(
        Stage(unit=StageUnit.COMMUNITY, method=Method.PPS_SYSTEMATIC, take=1, size=Size.UNITS),
        Stage(unit=StageUnit.DWELLING, method=Method.SIMPLE, take=10),
    )
)


def committed_wave(database: Database, design: SampleDesign = RESERVES) -> tuple[int, Commitment]:
    wave = open_wave_with_units(database)
    with database.writing() as session:
        return wave, commit_draw(session, wave, design=design, public_values=NAMES, at=AT, by="tongji")


def draw_next(database: Database, wave: int, number: int = 0) -> Drawn:
    at = VALUES[number].published_at + timedelta(hours=1)
    with database.writing() as session:
        return draw_in_public(session, wave, values=VALUES[: number + 1], at=at, by="tongji")


def publicly_drawn(database: Database, design: SampleDesign = RESERVES) -> int:
    """The number of the draw, which waits for its approval."""
    wave, _ = committed_wave(database, design)
    return draw_next(database, wave).draw


def promised_wave(database: Database, design: SampleDesign) -> int:
    """A wave whose public draw another person approved."""
    wave, _ = committed_wave(database, design)
    approve(database, draw_next(database, wave).draw)
    return wave


@prepared
def drawn_again(database: Database, *, rejected: timedelta = timedelta(hours=2)) -> int:
    """The second public draw: the first one was rejected so long after its value was published."""
    wave, _ = committed_wave(database)
    first = draw_next(database, wave)
    with database.writing() as session:
        reject_draw(session, first.draw, reason="漏了 3 栋", at=VALUES[0].published_at + rejected, by="shenhe")
    return draw_next(database, wave, 1).draw


#: Three of the four grids of each community, then ten dwellings.
GRIDS = SampleDesign(
    stages=(
        Stage(unit=StageUnit.GRID, method=Method.SAMPFORD, take=3, size=Size.UNITS),
        Stage(unit=StageUnit.DWELLING, method=Method.SIMPLE, take=10),
    )
)

#: Ten in each community, not those of the last year.
PERMANENT = SampleDesign(
    stages=(Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT),),
    allocation=Allocation(rule=AllocationRule.EQUAL, per_community=10),
    rest=Rest(months=12),
)


def grid_rows() -> list[Unit]:
    """Two communities of four grids with 12, 14, 16 and 18 dwellings."""
    rows: list[Unit] = []
    for area in (EAST, WEST):
        for grid, homes in enumerate((12, 14, 16, 18), start=1):
            rows += [
                Unit(
                    serial=len(rows) + number,
                    area=area,
                    grid=f"{area}{grid:03}",
                    address={"estate": "花园小区", "building": str(grid), "room": str(100 + number)},
                    status=UnitStatus.OWNED,
                    residents=number % 4,
                )
                for number in range(1, homes + 1)
            ]
    return rows


def draw_grids(database: Database, design: SampleDesign = GRIDS) -> int:
    """The number of a draw whose seed was given, another one for every wave."""
    wave = open_wave_with_units(database, rows=grid_rows())
    with database.writing() as session:
        return draw_sample(session, wave, design=design, seed=f"{SEED}{wave - 1:02x}", at=AT, by="tongji").draw
