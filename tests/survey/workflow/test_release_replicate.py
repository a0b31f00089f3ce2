"""Reserves are part of the draw, asked only once they are released, whole and in their order."""

from collections import Counter
from fractions import Fraction

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.messages import BadInput, Conflict, NotThere
from survey.store.cases import (
    cases_by_ids,
    count_parts,
    get_case,
    list_cases,
    list_drawn_cases,
)
from survey.store.database import Database
from survey.store.replicate_releases import Release, add_release, list_releases
from survey.workflow.close_wave import close_wave
from survey.workflow.draw_sample import Drawn, draw_sample
from survey.workflow.release_replicate import Released, release_replicate
from tests.survey.conftest import NO_KEYS
from tests.survey.drawn_wave import AT, EAST, SEED, VILLAGE, WEST, approve, open_wave_with_units
from tests.survey.promised_draw import WITH_RESERVES


def draw_with_reserves(database: Database, wave: int) -> Drawn:
    with database.writing() as session:
        return draw_sample(session, wave, design=WITH_RESERVES, seed=SEED, at=AT, by="tongji")


def release(database: Database, wave: int, area: str = EAST, reason: str = "完成数不够") -> Released:
    with database.writing() as session:
        return release_replicate(session, wave, area=area, reason=reason, at=AT, by="tongji")


@pytest.fixture
def wave(database: Database) -> int:
    """14 of the 54 homes of the east and of the 22 of the west: 8, and two reserves of 3."""
    number = open_wave_with_units(database)
    approve(database, draw_with_reserves(database, number).draw)
    return number


def test_the_main_sample_is_asked_from_the_start(database: Database, wave: int) -> None:
    with database.reading() as session:
        drawn, asked = list_drawn_cases(session, 1), list_cases(session, 1)
        reserve = next(case for case in drawn if case.replicate)
        assert get_case(session, reserve.id) is None
        assert cases_by_ids(session, [reserve.id, asked[0].id]) == {asked[0].id: asked[0]}
        assert get_case(session, asked[0].id) == asked[0]
        parts = count_parts(session, 1)
    assert Counter((case.area, case.replicate) for case in drawn) == {
        (area, number): cases for area in (EAST, WEST) for number, cases in ((0, 8), (1, 3), (2, 3))
    }
    assert {(case.area, case.inclusion_n, case.inclusion_total) for case in drawn} == {(EAST, 14, 54), (WEST, 14, 22)}
    assert {case.unit_serial for case in asked} == {case.unit_serial for case in drawn if not case.replicate}
    assert {(case.area, case.inclusion_n, case.inclusion_total) for case in asked} == {(EAST, 8, 54), (WEST, 8, 22)}
    assert {area: [(part.cases, part.released) for part in of.values()] for area, of in parts.items()} == {
        area: [(8, True), (3, False), (3, False)] for area in (EAST, WEST)
    }


def test_a_release_adds_the_whole_replicate_of_one_community(database: Database, wave: int) -> None:
    released = release(database, wave)
    assert (released.release.replicate, released.cases, released.left) == (1, 3, 1)
    with database.reading() as session:
        asked = list_cases(session, 1)
        assert list_releases(session, 1) == (released.release,)
    assert Counter((case.area, case.replicate) for case in asked) == {(EAST, 0): 8, (EAST, 1): 3, (WEST, 0): 8}
    assert {Fraction(case.inclusion_n, case.inclusion_total) for case in asked if case.area == EAST} == {
        Fraction(11, 54)
    }
    assert {(case.inclusion_n, case.inclusion_total) for case in asked if case.area == WEST} == {(8, 22)}
    assert release(database, wave).release.replicate == 2
    with pytest.raises(Conflict, match="东风社区没有备用样本"):
        release(database, wave)


def test_what_cannot_be_released(database: Database, wave: int) -> None:
    for reason in ("", "  ", "\u200b", "x", "长" * 501):
        with pytest.raises(BadInput, match="理由"):
            release(database, wave, reason=reason)
    with pytest.raises(NotThere, match=VILLAGE):
        release(database, wave, VILLAGE)
    with database.writing() as session:
        with pytest.raises(Conflict, match="第 1 组，不是第 2 组"):
            add_release(
                session, Release(draw_id=1, area=EAST, replicate=2, reason="x", released_at=AT, released_by="x")
            )
        close_wave(session, NO_KEYS, wave, at=AT, by="tongji")
    with pytest.raises(Conflict, match="已经结束"):
        release(database, wave)


def test_only_of_an_approved_draw(database: Database) -> None:
    wave = open_wave_with_units(database)
    draw_with_reserves(database, wave)
    with pytest.raises(Conflict, match="没有批准的抽样"):
        release(database, wave)


@pytest.mark.parametrize("change", ["UPDATE replicate_releases SET reason = 'x'", "DELETE FROM replicate_releases"])
def test_a_release_is_never_taken_back(database: Database, wave: int, change: str) -> None:
    release(database, wave)
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(change))


def test_the_draw_says_how_many_are_in_reserve(sqlite_database: Database) -> None:
    drawn = draw_with_reserves(sqlite_database, open_wave_with_units(sqlite_database))
    assert (drawn.cases, drawn.replicates) == (28, (16, 6, 6))
    assert [(part.cases, part.replicates) for part in drawn.communities] == [
        (14, (8, 3, 3)),
        (14, (8, 3, 3)),
        (0, (0, 0, 0)),
    ]
