"""What a design would draw is told before; what it draws is just that."""

from dataclasses import replace
from fractions import Fraction

import pytest
from sqlalchemy import text

from analysis.sampling.sample_design import Method, SampleDesign, Size, Stage, StageUnit
from survey.messages import BadInput, Conflict
from survey.sampling.sample_designs import canonical, of_equal
from survey.store.cases import count_parts
from survey.store.database import Database
from survey.store.draw_commitments import list_commitments
from survey.store.draws import list_draws
from survey.workflow.draw_sample import draw_sample
from survey.workflow.preview_draw import DrawPreview, preview_draw
from tests.survey.drawn_wave import AT, EAST, GRIDS, SEED, WEST, draw, open_wave_with_units, units
from tests.survey.promised_draw import WITH_RESERVES

DWELLINGS = Stage(unit=StageUnit.DWELLING, method=Method.SIMPLE, take=10)
#: One of the east and the west, by their homes.
COMMUNITY = Stage(unit=StageUnit.COMMUNITY, method=Method.PPS_SYSTEMATIC, take=1, size=Size.UNITS)


def preview(database: Database, wave: int, design: SampleDesign) -> DrawPreview:
    with database.reading() as session:
        return preview_draw(session, wave, design, at=AT)


def test_it_is_what_is_drawn(sqlite_database: Database) -> None:
    wave = open_wave_with_units(sqlite_database)
    design = replace(WITH_RESERVES, reserves=replace(WITH_RESERVES.reserves, per_community=9))  # type: ignore[type-var]
    seen = preview(sqlite_database, wave, design)
    assert [(one.main, one.reserves, one.chance) for one in seen.communities] == [
        (8, (9, 9), Fraction(8, 54)),
        (8, (9, 5), Fraction(8, 22)),
        (0, (), None),
    ]
    assert (seen.main, seen.held, seen.units, len(seen.few)) == (16, 32, 76, 2)
    with sqlite_database.writing() as session:
        drawn = draw_sample(session, wave, design=design, seed=SEED, at=AT, by="tongji").draw
        parts = count_parts(session, drawn)
        (record,) = list_draws(session, wave)
    assert {code: tuple(part.cases for part in of.values()) for code, of in parts.items()} == {
        EAST: (8, 9, 9),
        WEST: (8, 9, 5),
    }
    assert (record.design, record.frame_digest) == (seen.text, seen.frame_digest)


def test_where_communities_are_drawn_each_is_told_as_if_it_were(sqlite_database: Database) -> None:
    wave = open_wave_with_units(sqlite_database)
    seen = preview(sqlite_database, wave, SampleDesign(stages=(COMMUNITY, DWELLINGS)))
    assert (seen.main, seen.held, seen.drawn_communities) == (None, None, 1)
    # By size and then ten of each: the same for every home.
    assert [one.chance for one in seen.communities[:2]] == [Fraction(10, 76)] * 2
    assert [one.main for one in seen.communities[:2]] == [10, 10]


def test_grids_of_a_community(sqlite_database: Database) -> None:
    """27 homes can be drawn in each of the two grids of the east, where the whole frame is now."""
    rows = [replace(unit, area=EAST, grid=GRIDS[unit.serial % 2]) for unit in units(east=60, west=0)]
    wave = open_wave_with_units(sqlite_database, rows=rows)
    grids = replace(COMMUNITY, unit=StageUnit.GRID)
    seen = preview(sqlite_database, wave, SampleDesign(stages=(grids, DWELLINGS)))
    assert (seen.communities[0].main, seen.drawn_communities) == (10, None)
    assert seen.communities[0].chance == Fraction(10, seen.units)


def test_nothing_is_stored_and_what_cannot_be_drawn_is_refused(sqlite_database: Database) -> None:
    wave = open_wave_with_units(sqlite_database)
    assert preview(sqlite_database, wave, of_equal(10)).text == canonical(of_equal(10))
    with pytest.raises(BadInput, match="西湖社区"):
        preview(sqlite_database, wave, SampleDesign(stages=(COMMUNITY, replace(DWELLINGS, take=30))))
    with sqlite_database.reading() as session:
        assert (list_draws(session, wave), list_commitments(session, wave)) == ((), ())
    draw(sqlite_database, wave)
    with pytest.raises(Conflict, match="否决后才能"):
        preview(sqlite_database, wave, of_equal(10))


def test_a_frame_changed_since_its_import(sqlite_database: Database) -> None:
    wave = open_wave_with_units(sqlite_database)
    with sqlite_database.writing() as session:
        session.execute(text("UPDATE units SET status = 'rented' WHERE serial = 3"))
    with pytest.raises(Conflict, match="被改动"):
        preview(sqlite_database, wave, of_equal(10))
