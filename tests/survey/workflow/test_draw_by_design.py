"""Draws by stages, in parts, and by permanent numbers, as they are stored; and what a design may not ask."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction
from math import prod

import pytest

from analysis.sampling.earlier_draws import earlier_of, windows_of
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
from survey.messages import BadInput, Conflict
from survey.sampling.sample_designs import canonical, from_canonical, of_equal
from survey.sampling.samples import draw_digest
from survey.store.cases import Case, list_cases
from survey.store.database import Database
from survey.store.draws import Draw, get_draw, list_draws
from survey.units import Unit
from survey.waves import WaveDetails
from survey.workflow.decide_draw import approve_draw, reject_draw
from survey.workflow.describe_wave import describe_wave
from survey.workflow.draw_sample import Drawn, draw_sample
from tests.survey import promised_draw
from tests.survey.drawn_wave import AT, DETAILS, EAST, GRIDS, SEED, WEST, approve, open_wave_with_units, units

DWELLINGS = Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC, take=10)
BY_GRID = SampleDesign(
    stages=(Stage(unit=StageUnit.GRID, method=Method.PPS_SYSTEMATIC, take=1, size=Size.UNITS), DWELLINGS)
)
GRID_AT_RANDOM = Stage(unit=StageUnit.GRID, method=Method.SIMPLE, take=1)
BY_COMMUNITY = SampleDesign(stages=(Stage(unit=StageUnit.COMMUNITY, method=Method.SIMPLE, take=1), DWELLINGS))
PERMANENT = SampleDesign(
    stages=(Stage(unit=StageUnit.DWELLING, method=Method.PERMANENT),),
    allocation=Allocation(rule=AllocationRule.EQUAL, per_community=8),
    rest=Rest(months=12),
)


def in_grids() -> list[Unit]:
    """All homes in the east, a third of them in its second grid."""
    return [replace(unit, area=EAST, grid=GRIDS[unit.serial % 3 == 0]) for unit in units()]


def draw_by(database: Database, wave: int, design: SampleDesign, *, seed: str = SEED) -> Drawn:
    with database.writing() as session:
        return draw_sample(session, wave, design=design, seed=seed, at=AT, by="tongji")


def read(database: Database, draw_id: int) -> tuple[Draw, tuple[Case, ...]]:
    with database.reading() as session:
        return get_draw(session, draw_id), list_cases(session, draw_id)


def test_grids_then_dwellings(database: Database) -> None:
    wave = open_wave_with_units(database, rows=in_grids())
    draw, cases = read(database, draw_by(database, wave, BY_GRID).draw)
    (psu,) = {case.psu for case in cases}
    sizes = Counter(unit.grid for unit in in_grids() if unit.status == "owned")
    assert (len(cases), psu in GRIDS, {case.stratum for case in cases}) == (10, True, {EAST})
    assert {case.stages for case in cases} == {f"{sizes[psu]}/{sizes.total()} 10/{sizes[psu]}"}
    for case in cases:
        assert case.grid == psu
        assert Fraction(case.inclusion_n, case.inclusion_total) == prod(map(Fraction, case.stages.split()))
    assert (draw.per_community, from_canonical(draw.design)) == (None, BY_GRID)
    assert draw.digest == draw_digest(draw, cases, salt=bytes.fromhex(draw.salt))


def test_communities_then_dwellings(database: Database) -> None:
    drawn = draw_by(database, open_wave_with_units(database), BY_COMMUNITY)
    draw, cases = read(database, drawn.draw)
    (area,) = {case.area for case in cases}
    assert {(case.stratum, case.psu) for case in cases} == {("*", area)}
    assert sorted(part.cases for part in drawn.communities) == [0, 0, 10]
    assert drawn.warnings == (), "communities that are not drawn are no cause for a warning"
    assert draw.design == canonical(BY_COMMUNITY)


@pytest.mark.parametrize(
    ("design", "said"),
    [
        (
            replace(of_equal(30), allocation=Allocation(rule=AllocationRule.EQUAL, per_community=30)),
            r"西湖社区.*22 < 30",
        ),
        (BY_GRID, r"西湖社区.*没有写网格"),
        (replace(BY_COMMUNITY, stages=(replace(BY_COMMUNITY.stages[0], take=3), DWELLINGS)), "社区不够抽"),
        (
            replace(of_equal(1), allocation=Allocation(rule=AllocationRule.GIVEN, given={EAST: 3, "999": 1})),
            "没有的社区：999",
        ),
        (
            replace(of_equal(1), allocation=Allocation(rule=AllocationRule.GIVEN, given={EAST: 3})),
            r"没有写这些社区：西湖社区",
        ),
        (replace(of_equal(1), allocation=Allocation(rule=AllocationRule.PROPORTIONAL, total=9999)), "多于可抽的单元"),
    ],
)
def test_what_cannot_be_drawn_is_named(database: Database, design: SampleDesign, said: str) -> None:
    wave = open_wave_with_units(database)
    with pytest.raises(BadInput, match=said):
        draw_by(database, wave, design)
    with database.reading() as session:
        assert list_draws(session, wave) == ()


@pytest.mark.parametrize(
    ("design", "said"),
    [
        (
            replace(BY_GRID, stages=(replace(BY_GRID.stages[0], size=Size.RESIDENTS), DWELLINGS)),
            r"东风二格.*规模是 0",
        ),
        (replace(BY_GRID, stages=(GRID_AT_RANDOM, replace(DWELLINGS, take=9))), "至少 10 户"),
        (
            SampleDesign(
                stages=(replace(GRID_AT_RANDOM, take=2), DWELLINGS),
                reserves=Reserves(replicates=1, per_community=3),
            ),
            "应是 2 的倍数",
        ),
    ],
)
def test_what_grids_do_not_allow(sqlite_database: Database, design: SampleDesign, said: str) -> None:
    empty = [replace(unit, residents=None) if unit.grid == GRIDS[1] else unit for unit in in_grids()]
    with pytest.raises(BadInput, match=said):
        draw_by(sqlite_database, open_wave_with_units(sqlite_database, rows=empty), design)


def test_homes_visited_this_year_rest(database: Database) -> None:
    """The frame is imported anew for the second wave; an address is the same home in both."""
    first = open_wave_with_units(database)
    one = draw_by(database, first, PERMANENT)
    approve(database, one.draw)
    in_june = replace(DETAILS, start=date(2026, 6, 1), end=date(2026, 6, 20))
    second = open_wave_with_units(database, details=in_june)
    other = draw_by(database, second, PERMANENT, seed="f" * 32)
    (before, cases_before), (after, cases_after) = read(database, one.draw), read(database, other.draw)
    assert not {case.unit_serial for case in cases_before} & {case.unit_serial for case in cases_after}
    assert (before.earlier, earlier_of(after.earlier) is not None) == ("", True)
    assert windows_of(before.windows or "").keys() == {f"stratum:{EAST}", f"stratum:{WEST}"}
    approve(database, other.draw)
    third = open_wave_with_units(database, details=replace(in_june, start=date(2026, 9, 1), end=date(2026, 9, 2)))
    with pytest.raises(BadInput, match=r"西湖社区.*22 个单元里只有 6 个"):
        draw_by(database, third, PERMANENT, seed="e" * 32)


def test_no_seed_is_given_twice(database: Database) -> None:
    """Of another wave, of a rejected draw, however it is written."""
    first, second = open_wave_with_units(database), open_wave_with_units(database)
    one = draw_by(database, first, PERMANENT)
    with pytest.raises(BadInput, match=rf"已经用于第 {one.draw} 号抽样（轮次 {first}）"):
        draw_by(database, second, of_equal(5), seed=f" {SEED.upper()} ")
    with database.writing() as session:
        reject_draw(session, one.draw, reason="漏了一栋", at=AT, by="shenhe")
    with pytest.raises(BadInput, match="请另给一个种子"):
        draw_by(database, first, PERMANENT)
    assert draw_by(database, first, PERMANENT, seed="f" * 32).draw == one.draw + 1


@pytest.mark.parametrize("design", [PERMANENT, of_equal(5)])
def test_a_draw_in_between_breaks_a_promise_to_rest(database: Database, design: SampleDesign) -> None:
    """Its homes were not promised to be left alone; what was promised is not changed afterwards."""
    promised, other = open_wave_with_units(database), open_wave_with_units(database)
    commitment = promised_draw.commit(database, promised, design=PERMANENT)
    between = draw_by(database, other, design)
    if design is PERMANENT:
        with pytest.raises(Conflict, match="先批准或否决它"):
            promised_draw.draw_public(database, promised, promised_draw.published(0))
    with database.writing() as session:
        approve_draw(session, between.draw, unreviewed="已经看过", at=AT + timedelta(hours=1), by="shenhe")
    with pytest.raises(
        Conflict, match=rf"第 {between.draw} 号抽样（轮次 {other}）在第 {commitment.id} 号承诺之后获得批准"
    ):
        promised_draw.draw_public(database, promised, promised_draw.published(0))
    with database.reading() as session:
        assert list_draws(session, promised) == ()


def test_a_draw_in_between_by_another_method_matters_where_homes_rest(sqlite_database: Database) -> None:
    promised, other = open_wave_with_units(sqlite_database), open_wave_with_units(sqlite_database)
    promised_draw.commit(sqlite_database, promised, design=replace(PERMANENT, rest=None))
    between = draw_by(sqlite_database, other, of_equal(5))
    with sqlite_database.writing() as session:
        approve_draw(session, between.draw, unreviewed="已经看过", at=AT + timedelta(hours=1), by="shenhe")
    assert promised_draw.draw_public(sqlite_database, promised, promised_draw.published(0)).cases == 16


def test_a_public_draw_knows_of_the_draws_that_were_promised(database: Database) -> None:
    """Whoever moves the days of the wave after the value is known changes nothing."""
    first, second = open_wave_with_units(database), open_wave_with_units(database)
    approve(database, draw_by(database, first, PERMANENT).draw)
    commitment = promised_draw.commit(database, second, design=PERMANENT)
    assert earlier_of(commitment.earlier) is not None
    with database.writing() as session:
        moved = replace(DETAILS, start=date(2030, 1, 1), end=date(2030, 1, 2))
        describe_wave(session, second, details=moved, at=AT, by="tongji")
    drawn = promised_draw.draw_public(database, second, promised_draw.published(0))
    draw, _ = read(database, drawn.draw)
    assert draw.earlier == commitment.earlier


def test_a_draw_of_the_series_waits_for_the_one_before(sqlite_database: Database) -> None:
    first, second = (open_wave_with_units(sqlite_database) for _ in range(2))
    one = draw_by(sqlite_database, first, PERMANENT)
    with pytest.raises(Conflict, match=f"第 {one.draw} 号抽样也用永久随机数"):
        draw_by(sqlite_database, second, PERMANENT, seed="f" * 32)
    with sqlite_database.writing() as session:
        reject_draw(session, one.draw, reason="抽样框有误", at=AT, by="shenhe")
    assert draw_by(sqlite_database, second, PERMANENT, seed="f" * 32).cases == 16


def test_homes_drawn_otherwise_cannot_rest(sqlite_database: Database) -> None:
    first, second = open_wave_with_units(sqlite_database), open_wave_with_units(sqlite_database)
    approve(sqlite_database, draw_by(sqlite_database, first, of_equal(5)).draw)
    with pytest.raises(BadInput, match="不能轮休"):
        draw_by(sqlite_database, second, PERMANENT, seed="f" * 32)
    assert draw_by(sqlite_database, second, replace(PERMANENT, rest=None), seed="f" * 32).cases == 16


def test_a_wave_without_days_counts_from_its_draw(sqlite_database: Database) -> None:
    first, second = (open_wave_with_units(sqlite_database, details=WaveDetails()) for _ in range(2))
    approve(sqlite_database, draw_by(sqlite_database, first, PERMANENT).draw)
    draw, _ = read(sqlite_database, draw_by(sqlite_database, second, PERMANENT, seed="f" * 32).draw)
    earlier = earlier_of(draw.earlier)
    assert earlier is not None
    assert (earlier.on, [one.visited_on for one in earlier.draws]) == (AT.date(), [AT.date()])
