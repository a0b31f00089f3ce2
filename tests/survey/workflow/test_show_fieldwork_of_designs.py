"""Only released homes are in the field, each with the weight it has there; open waves and closing agree on it."""

from collections import Counter

import pytest

from analysis.fieldwork.dispositions import DispositionClass, Outcome
from analysis.sampling.sample_design import Method, SampleDesign, Stage, StageUnit
from survey.casework.case_log import read_case_logs
from survey.casework.wave_log import of_case_logs, read_wave_log
from survey.keys import KeyRing
from survey.store.assignments import standing
from survey.store.cases import list_cases
from survey.store.database import Database
from survey.store.draws import get_draw
from survey.store.waves import get_wave
from survey.workflow.release_replicate import release_replicate
from survey.workflow.show_fieldwork import Fieldwork, show_fieldwork
from tests.survey.drawn_wave import AT, EAST, WEST, approve
from tests.survey.field import open_field
from tests.survey.public_draw import draw_grids, publicly_drawn
from tests.survey.small_wave import EAST as FIELD_EAST

#: Two of the four grids of each community with equal chances, then ten dwellings: homes of large grids are rarer.
UNEQUAL = SampleDesign(
    stages=(
        Stage(unit=StageUnit.GRID, method=Method.SIMPLE, take=2),
        Stage(unit=StageUnit.DWELLING, method=Method.SIMPLE, take=10),
    )
)
UNKNOWN = DispositionClass.UNKNOWN_HOUSEHOLD


def show(database: Database, keys: KeyRing, wave: int) -> Fieldwork:
    with database.reading() as session:
        return show_fieldwork(session, keys, wave)


def wave_of(database: Database, draw: int) -> int:
    approve(database, draw)
    with database.reading() as session:
        return get_draw(session, draw).wave_id


def test_reserves_count_once_they_are_released(database: Database, keys: KeyRing) -> None:
    """Ten of each community and two reserves of three: whatever is released stands for all the homes there."""
    wave = wave_of(database, publicly_drawn(database))
    before = show(database, keys, wave)
    assert {area: one.cases for area, one in before.by_area.items()} == {EAST: 10, WEST: 10}
    with database.writing() as session:
        release_replicate(session, wave, area=EAST, reason="应答太少", at=AT, by="tongji")
    after = show(database, keys, wave)
    assert {area: one.cases for area, one in after.by_area.items()} == {EAST: 13, WEST: 10}
    for area in (EAST, WEST):
        assert after.by_area[area].weights[UNKNOWN] == pytest.approx(before.by_area[area].weights[UNKNOWN])
    assert before.plan is not None
    assert after.plan is not None
    assert (before.plan.drawn, before.plan.released) == (32, 20)
    assert (after.plan.drawn, after.plan.released) == (32, 23)


def test_homes_of_one_community_have_unequal_weights(database: Database, keys: KeyRing) -> None:
    """With two of four grids, each of ten homes of a grid of 12 stands for 2 x 1.2."""
    draw = draw_grids(database, UNEQUAL)
    wave = wave_of(database, draw)
    found = show(database, keys, wave)
    homes = {"001": 12, "002": 14, "003": 16, "004": 18}
    with database.reading() as session:
        grids = Counter((case.area, case.grid[-3:]) for case in list_cases(session, draw))
    for area in (EAST, WEST):
        drawn = [homes[grid] for (where, grid), cases in grids.items() if where == area and cases == 10]
        assert len(drawn) == 2
        assert found.by_area[area].weights[UNKNOWN] == pytest.approx(2 * sum(drawn))


def test_no_sum_of_weights_points_to_fewer_than_ten_homes(database: Database, keys: KeyRing) -> None:
    """Closing keeps what the refusals of a community weigh: one refusal must not tell its grid by that."""
    field = open_field(database, keys, clusters=((2, FIELD_EAST, "甲", 1, 20), (4, FIELD_EAST, "乙", 1, 5)))
    field.send(database, field.visit(field.east[0], Outcome.REFUSED_HOUSEHOLD))
    with database.reading() as session:
        log = read_wave_log(session, None, get_wave(session, field.wave))
        found = show_fieldwork(session, field.keys, field.wave).by_area
    assert len(set(log.weights[log.area == 0].tolist())) == 1
    told = found[FIELD_EAST].weights
    assert told[DispositionClass.REFUSAL] == pytest.approx((2 * 20 + 4 * 5) / 6), "neither 20 nor 5"
    assert sum(told.values()) == pytest.approx(2 * 20 + 4 * 5)


@pytest.mark.parametrize("make", [publicly_drawn, lambda database: draw_grids(database, UNEQUAL)])
def test_what_is_shown_and_what_closing_keeps_have_the_same_weights(database: Database, make) -> None:
    wave_id = wave_of(database, make(database))
    with database.writing() as session:
        wave = get_wave(session, wave_id)
        shown = read_wave_log(session, None, wave)
        kept = of_case_logs(read_case_logs(session, None, wave), standing(session, wave_id))
    assert shown.weights.tolist() == kept.weights.tolist()
    assert shown.area.tolist() == kept.area.tolist()
