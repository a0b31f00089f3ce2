"""What a statistician sees of a draw before somebody approves it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from analysis.sampling.sample_design import Allocation, AllocationRule, Method, Reserves, SampleDesign, Stage, StageUnit
from survey.messages import Conflict, NotThere
from survey.store.database import Database
from survey.workflow.draw_sample import draw_sample
from survey.workflow.review_draw import review_draw, show_review
from tests.survey.drawn_wave import AT, EAST, SEED, WEST, draw, open_wave_with_units, units


def test_a_review_says_how_the_sample_lies_in_its_frame(database: Database) -> None:
    drawn = draw(database, open_wave_with_units(database))
    with database.writing() as session:
        found = review_draw(session, drawn.draw, at=AT, by="zhao")
    balance = found.review.balance
    assert (balance.cases, balance.redraws, sum(balance.bars)) == (20, 500, 500)
    assert 0 < balance.larger <= 1
    covariates = {one.code: one for one in balance.covariates}
    # Every unit is somebody's own home: nothing to compare there.
    assert {"owned", "rented", "vacant"} <= set(balance.constant)
    assert covariates["place"].frame == pytest.approx(0.5)
    assert abs(covariates["place"].difference) < 0.3  # equal steps
    assert covariates["place"].usual_low < 0 < covariates["place"].usual_high


def test_the_same_draw_looks_the_same_twice_and_the_latest_look_is_shown(database: Database) -> None:
    drawn = draw(database, open_wave_with_units(database))
    with database.writing() as session:
        first = review_draw(session, drawn.draw, at=AT, by="zhao")
        second = review_draw(session, drawn.draw, at=AT + timedelta(days=1), by="qian")
    assert first.review == second.review
    with database.reading() as session:
        assert show_review(session, drawn.draw) == second


def test_before_the_first_look_there_is_nothing_and_of_no_draw_neither(database: Database) -> None:
    drawn = draw(database, open_wave_with_units(database))
    with database.reading() as session:
        assert show_review(session, drawn.draw) is None
        with pytest.raises(NotThere):
            show_review(session, 99)


def test_reserves_are_no_part_of_the_sample_that_is_looked_at(database: Database) -> None:
    wave = open_wave_with_units(database)
    design = SampleDesign(
        stages=(Stage(unit=StageUnit.DWELLING, method=Method.SIMPLE),),
        allocation=Allocation(rule=AllocationRule.EQUAL, per_community=10),
        reserves=Reserves(replicates=1, per_community=5),
    )
    with database.writing() as session:
        drawn = draw_sample(session, wave, design=design, seed=SEED, at=AT, by="zhao")
        assert drawn.cases == 30
        assert review_draw(session, drawn.draw, at=AT, by="zhao").review.balance.cases == 20


def test_a_frame_with_doubles_gaps_and_wrong_sizes_says_so(database: Database) -> None:
    rows = units(east=60, west=40)
    rows[2] = replace(rows[2], address={"estate": "花园小区", "building": "1栋", "room": "0102室"})  # reads like row 2
    wave = open_wave_with_units(database, rows=rows)
    drawn = draw(database, wave)
    with database.writing() as session:
        quality = review_draw(session, drawn.draw, at=AT, by="zhao").review.quality
    east, west, village = quality.communities
    assert (quality.double_count, quality.doubles) == (2, (("花园小区 1栋 102室", "花园小区 1栋 0102室"),))
    assert (east.code, east.doubles, west.doubles) == (EAST, 2, 0)
    assert east.persons == pytest.approx(1200 / 54)
    assert west.persons == pytest.approx(800 / 36)
    assert (west.without_grid, east.without_grid, village.units) == (40, 0, 0)
    assert east.without_residents == 12


def test_a_case_outside_the_frame_is_for_verification(database: Database) -> None:
    drawn = draw(database, open_wave_with_units(database))
    with database.writing() as session:
        serial = session.execute(text("SELECT unit_serial FROM cases")).scalar()
        session.execute(text("UPDATE units SET status = 'demolished' WHERE serial = :serial"), {"serial": serial})
        with pytest.raises(Conflict):
            review_draw(session, drawn.draw, at=AT, by="zhao")


def test_the_main_sample_stands_for_its_communities_whatever_share_the_reserves_are(database: Database) -> None:
    """Of the east 20 of 25 cases are main, of the west 5 of 10: by the draw's own weights the west would lack a third.

    Weighed rightly, each community counts with its units in every sample, so that nothing is left to compare.
    """
    wave = open_wave_with_units(database)
    design = SampleDesign(
        stages=(Stage(unit=StageUnit.DWELLING, method=Method.SIMPLE),),
        allocation=Allocation(rule=AllocationRule.GIVEN, given={EAST: 20, WEST: 5}),
        reserves=Reserves(replicates=1, per_community=5),
    )
    with database.writing() as session:
        drawn = draw_sample(session, wave, design=design, seed=SEED, at=AT, by="zhao")
        found = review_draw(session, drawn.draw, at=AT, by="zhao").review.balance
    assert found.cases == 25
    assert "community_size" in found.constant
