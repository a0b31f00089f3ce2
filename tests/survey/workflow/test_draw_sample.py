"""A draw takes what the frame, the number and the seed say, once, and tells what is odd about it."""

from collections import Counter
from dataclasses import replace

import pytest

from survey.messages import BadInput, Conflict, NotThere
from survey.sampling.sample_designs import canonical, of_equal
from survey.sampling.samples import draw_digest, select_units
from survey.store.cases import list_cases
from survey.store.database import Database
from survey.store.draws import DrawState, get_draw, list_draws
from survey.units import UnitStatus
from survey.waves import SeedSource
from survey.workflow.close_wave import close_wave
from survey.workflow.decide_draw import reject_draw
from survey.workflow.draw_sample import draw_sample
from tests.survey.conftest import NO_KEYS, open_small_wave
from tests.survey.drawn_wave import AT, EAST, SEED, VILLAGE, WEST, approve, draw, open_wave_with_units, units


def test_the_draw_and_its_cases_are_on_record(database: Database) -> None:
    wave = open_wave_with_units(database)
    drawn = draw(database, wave)
    with database.reading() as session:
        record, cases = get_draw(session, drawn.draw), list_cases(session, drawn.draw)
    assert (record.wave_id, record.state, record.per_community, record.seed) == (wave, DrawState.PROPOSED, 10, SEED)
    assert (record.drawn_by, record.public, record.cases, drawn.cases) == ("tongji", False, 20, 20)
    counts = Counter((case.area, case.inclusion_n, case.inclusion_total) for case in cases)
    assert counts == {(EAST, 10, 54): 10, (WEST, 10, 22): 10}
    by_serial = {unit.serial: unit for unit in units()}
    for case in cases:
        unit = by_serial[case.unit_serial]
        assert (case.area, case.grid) == (unit.area, unit.grid)
        assert unit.status is UnitStatus.OWNED
        assert (case.stratum, case.psu, case.replicate) == (unit.area, "", 0)
        assert case.stages == f"{case.inclusion_n}/{case.inclusion_total}"
    assert record.design == canonical(of_equal(10))
    assert drawn.digest == record.digest == draw_digest(record, cases, salt=bytes.fromhex(record.salt))
    assert len(bytes.fromhex(record.salt)) == 16


def test_the_seed_says_which_dwellings_and_nothing_else(database: Database) -> None:
    drawn = draw(database, open_wave_with_units(database))
    with database.reading() as session:
        record, cases = get_draw(session, drawn.draw), list_cases(session, drawn.draw)
    expected = select_units(units(), of_equal(10), seed=SEED)
    assert [case.unit_serial for case in cases] == [one.unit_serial for one in expected]
    assert {case.id.version for case in cases} == {4}, "ids are random"
    assert draw_digest(record, cases, salt=bytes(16)) != record.digest, "whoever knows the seed lacks the salt"


def test_the_result_says_what_is_odd(sqlite_database: Database) -> None:
    wave = open_wave_with_units(sqlite_database, rows=units(east=60, west=9))
    drawn = draw(sqlite_database, wave, per_community=50)
    assert [(part.area.code, part.units, part.cases) for part in drawn.communities] == [
        (EAST, 54, 50),
        (WEST, 8, 8),
        (VILLAGE, 0, 0),
    ]
    assert [str(warning) for warning in drawn.warnings] == [
        "西湖社区只有 8 个单元，不多于要抽的 50 个：全部抽中",
        "西湖社区只有 8 个样本户，少于 10 个：不会有它自己的数字",
        "无房村没有可以抽取的单元：本轮没有它的样本",
    ]


def test_there_is_one_draw_at_a_time(database: Database) -> None:
    wave = open_wave_with_units(database)
    first = draw(database, wave)
    with pytest.raises(Conflict, match="否决后才能重新抽取"):
        draw(database, wave)
    with database.writing() as session:
        reject_draw(session, first.draw, reason="抽样框漏了一栋", at=AT, by="shenhe")
    second = draw(database, wave, seed="f" * 32)
    approve(database, second.draw)
    with pytest.raises(Conflict):
        draw(database, wave)
    with database.reading() as session:
        assert [(one.id, one.state) for one in list_draws(session, wave)] == [
            (second.draw, DrawState.APPROVED),
            (first.draw, DrawState.REJECTED),
        ]
        assert len(list_cases(session, first.draw)) == 20


def test_only_a_draft_is_drawn(sqlite_database: Database) -> None:
    wave = open_wave_with_units(sqlite_database)
    with sqlite_database.writing() as session:
        close_wave(session, NO_KEYS, wave, at=AT, by="tongji")
    with pytest.raises(Conflict, match="不是草稿"):
        draw(sqlite_database, wave)


def test_areas_alone_are_nothing_to_draw_from(sqlite_database: Database) -> None:
    with pytest.raises(Conflict, match="只有地区"):
        draw(sqlite_database, open_small_wave(sqlite_database))


def test_a_frame_of_shops_has_nothing_to_draw(sqlite_database: Database) -> None:
    shops = [replace(unit, status=UnitStatus.COMMERCIAL) for unit in units()]
    with pytest.raises(Conflict, match="没有可以抽取的单元"):
        draw(sqlite_database, open_wave_with_units(sqlite_database, rows=shops))


@pytest.mark.parametrize(("per_community", "seed"), [(0, SEED), (10_001, SEED), (10, "no hex"), (10, "ab")])
def test_an_unusable_design_is_refused(sqlite_database: Database, per_community: int, seed: str) -> None:
    wave = open_wave_with_units(sqlite_database)
    with pytest.raises(BadInput):
        draw(sqlite_database, wave, per_community=per_community, seed=seed)


def test_an_unknown_wave_is_not_there(sqlite_database: Database) -> None:
    with pytest.raises(NotThere), sqlite_database.writing() as session:
        draw_sample(session, 9, seed=SEED, at=AT, by="tongji")


@pytest.mark.parametrize(("seed", "source"), [(SEED, SeedSource.GIVEN), (None, SeedSource.MACHINE)])
def test_the_record_says_where_the_seed_came_from(database: Database, seed: str | None, source: SeedSource) -> None:
    wave = open_wave_with_units(database)
    with database.writing() as session:
        drawn = draw_sample(session, wave, per_community=10, seed=seed, at=AT, by="tongji")
    with database.reading() as session:
        record = get_draw(session, drawn.draw)
    assert (drawn.seed_source, record.seed_source, record.public) == (source, source, False)
    assert (record.seed == SEED, len(record.seed)) == ((True, 32) if seed else (False, 64))
