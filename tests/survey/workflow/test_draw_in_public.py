"""A public draw keeps to its commitment; whatever does not is refused before anything is drawn."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from analysis.sampling.lottery import lottery_seed, secret_digest
from analysis.sampling.sample_design import Method, SampleDesign, Size, Stage, StageUnit
from survey.messages import BadInput, Conflict
from survey.sampling.public_values import PublicValueName
from survey.sampling.sample_designs import canonical, of_equal
from survey.sampling.samples import draw_digest, select_units
from survey.store.cases import list_cases
from survey.store.database import Database
from survey.store.draw_commitments import get_commitment, list_commitments
from survey.store.draws import get_draw, list_draws
from survey.store.units import read_units
from survey.waves import SeedSource
from survey.workflow.commit_draw import commit_draw
from survey.workflow.decide_draw import reject_draw
from tests.survey.drawn_wave import AT, SEED, draw, open_wave_with_units
from tests.survey.promised_draw import (
    DESIGN,
    FOURTEEN,
    LATER,
    NAMES,
    NUMBERS,
    PUBLISHED,
    commit,
    draw_public,
    named,
    published,
)


def reject(database: Database, draw_id: int) -> None:
    with database.writing() as session:
        reject_draw(session, draw_id, reason="抽样框漏了一栋", at=LATER, by="shenhe")


def nothing_drawn(database: Database, wave: int) -> bool:
    with database.reading() as session:
        return list_draws(session, wave) == ()


def test_a_commitment_says_all_but_the_secret(database: Database) -> None:
    wave = open_wave_with_units(database)
    made = commit(database, wave)
    with database.reading() as session:
        assert (get_commitment(session, made.id), list_commitments(session, wave)) == (made, (made,))
    assert (made.wave_id, made.design, made.committed_at) == (wave, canonical(DESIGN), AT)
    assert made.public_values == tuple(named())
    assert made.secret_digest == secret_digest(bytes.fromhex(made.secret))
    assert nothing_drawn(database, wave)


def test_the_draw_is_the_one_that_was_promised(database: Database) -> None:
    wave = open_wave_with_units(database)
    made = commit(database, wave)
    drawn = draw_public(database, wave, published(0))
    with database.reading() as session:
        record, cases = get_draw(session, drawn.draw), list_cases(session, drawn.draw)
        expected = select_units(read_units(session, made.frame_id), DESIGN, seed=record.seed)
    assert record.seed == lottery_seed(bytes.fromhex(made.secret), NUMBERS[0]).hex()
    assert (record.public, record.seed_source) == (True, SeedSource.PUBLIC_VALUE)
    assert (record.commitment_id, record.public_value_name, record.public_value) == (made.id, NAMES[0], NUMBERS[0])
    assert (record.public_value_at, record.public_value_source) == (PUBLISHED[0], "彩票中心")
    assert (record.frame_digest, record.design) == (made.frame_digest, made.design)
    assert [case.unit_serial for case in cases] == [one.unit_serial for one in expected]
    assert record.digest == draw_digest(record, cases, salt=bytes.fromhex(record.salt))
    assert (drawn.commitment, drawn.public) == (made, True)


def test_after_a_rejection_the_next_value_counts_and_both_draws_stay(database: Database) -> None:
    wave = open_wave_with_units(database)
    commit(database, wave)
    first = draw_public(database, wave, published(0))
    reject(database, first.draw)
    with pytest.raises(BadInput, match=NAMES[1]):
        draw_public(database, wave, published(0))
    with pytest.raises(BadInput, match="已经用过"):
        draw_public(database, wave, published(0, value=NUMBERS[1]), published(1))
    second = draw_public(database, wave, published(0), published(1))
    with database.reading() as session:
        names = [(one.id, one.public_value_name) for one in list_draws(session, wave)]
    assert names == [(second.draw, NAMES[1]), (first.draw, NAMES[0])]
    reject(database, second.draw)
    with pytest.raises(Conflict, match="都已用过"):
        draw_public(database, wave, published(0), published(1))
    with database.writing() as session:  # and only now another commitment
        later = [PublicValueName(name="另一期", not_before=LATER + timedelta(days=9), spelling=FOURTEEN)]
        commit_draw(session, wave, design=DESIGN, public_values=later, at=LATER, by="tongji")


def test_nobody_chooses_among_commitments(database: Database) -> None:
    wave = open_wave_with_units(database)
    commit(database, wave)
    with pytest.raises(Conflict, match="还有 2 个"):
        commit(database, wave)
    first = draw_public(database, wave, published(0))
    with pytest.raises(Conflict, match="否决后才能"):
        commit(database, wave)
    reject(database, first.draw)
    with pytest.raises(Conflict, match="还有 1 个"):
        commit(database, wave)


def test_a_value_that_a_draw_was_made_of_is_known(database: Database) -> None:
    wave = open_wave_with_units(database)
    commit(database, wave, values=1)
    reject(database, draw_public(database, wave, published(0)).draw)
    for name in (f" {NAMES[0]} ", NAMES[0].replace("2026135", "２０２６１３５")):
        known = [PublicValueName(name=name, not_before=LATER + timedelta(days=9), spelling=FOURTEEN)]
        with database.writing() as session, pytest.raises(BadInput, match="人人知道"):
            commit_draw(session, wave, design=DESIGN, public_values=known, at=LATER, by="tongji")


def test_one_value_is_not_named_twice_in_other_letters(sqlite_database: Database) -> None:
    wave = open_wave_with_units(sqlite_database)
    twice = [PublicValueName(name=name, not_before=LATER, spelling=FOURTEEN) for name in ("第 130 期", "第１３０期")]
    with sqlite_database.writing() as session, pytest.raises(BadInput, match="两次"):
        commit_draw(session, wave, design=DESIGN, public_values=twice, at=AT, by="tongji")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"published_at": AT}, "早于承诺"),
        ({"published_at": AT - timedelta(days=1)}, "早于承诺"),
        ({"published_at": PUBLISHED[0] - timedelta(seconds=1)}, "早于约定的"),
        ({"published_at": LATER + timedelta(seconds=1)}, "还没有到"),
        ({"name": "上证指数"}, "不在第 1 号承诺里"),
        ({"name": NAMES[1]}, "文件里没有它"),
        ({"value": "\u200b3"}, "看不见的字符"),
    ],
)
def test_a_value_that_is_not_the_promised_one(database: Database, change: dict[str, object], said: str) -> None:
    wave = open_wave_with_units(database)
    commit(database, wave)
    with pytest.raises(BadInput, match=said):
        draw_public(database, wave, published(0, **change))
    assert nothing_drawn(database, wave)


def test_another_design_than_the_committed_one(database: Database) -> None:
    wave = open_wave_with_units(database)
    commit(database, wave)
    with pytest.raises(BadInput, match="设计和第 1 号承诺的不同"):
        draw_public(database, wave, published(0), design=of_equal(11))
    assert nothing_drawn(database, wave)
    assert draw_public(database, wave, published(0), design=of_equal(10)).public


def test_without_a_commitment_nothing_is_public(database: Database) -> None:
    wave = open_wave_with_units(database)
    with pytest.raises(Conflict, match="还没有公开抽签的承诺"):
        draw_public(database, wave, published(0))


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE units SET status = 'rented' WHERE serial = 3",
        """UPDATE units SET address = '{"building":"1","estate":"别处","room":"103"}' WHERE serial = 3""",
        "UPDATE areas SET population = 5 WHERE code = '440983102001'",
    ],
)
def test_a_frame_changed_after_its_publication(database: Database, change: str) -> None:
    wave = open_wave_with_units(database)
    commit(database, wave)
    with database.writing() as session:
        session.execute(text(change))
    with pytest.raises(Conflict, match="被改动"):
        draw_public(database, wave, published(0))
    with pytest.raises(Conflict, match="被改动"):
        draw(database, wave, seed=SEED)
    assert nothing_drawn(database, wave)


def test_a_frame_changed_with_its_digests(database: Database) -> None:
    """The commitment remembers it."""
    wave = open_wave_with_units(database)
    commit(database, wave)
    with database.writing() as session:
        session.execute(text("UPDATE areas SET population = 5 WHERE code = '440983102001'"))
    with pytest.raises(Conflict) as caught:
        draw_public(database, wave, published(0))
    forged = caught.value.message.params["got"]
    with database.writing() as session:
        from survey.sampling.frame_digest import areas_digest, frame_digest
        from survey.store.areas import get_frame

        frame = get_frame(session, 1)
        digest = areas_digest(frame.areas)
        assert frame_digest(digest, frame.units_digest or "") == forged
        session.execute(text("UPDATE frames SET digest = :digest"), {"digest": digest})
    with pytest.raises(Conflict, match="公布以后被改动"):
        draw_public(database, wave, published(0))
    assert nothing_drawn(database, wave)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([], "1 到 20 个公开数字"),
        ([replace(named()[0], not_before=AT)], "不晚于现在"),
        ([named()[0], replace(named()[1], name=f" {NAMES[0]}　")], "约定了两次"),
        ([replace(named()[0], name=" ")], "看得见的字"),
    ],
)
def test_values_that_promise_nothing(sqlite_database: Database, values: list[PublicValueName], said: str) -> None:
    wave = open_wave_with_units(sqlite_database)
    with pytest.raises(BadInput, match=said), sqlite_database.writing() as session:
        commit_draw(session, wave, design=DESIGN, public_values=values, at=AT, by="tongji")
    with sqlite_database.reading() as session:
        assert list_commitments(session, wave) == ()


def test_what_cannot_be_drawn_is_not_promised(database: Database) -> None:
    """The west names no grids."""
    stages = (
        Stage(unit=StageUnit.GRID, method=Method.PPS_SYSTEMATIC, take=1, size=Size.UNITS),
        Stage(unit=StageUnit.DWELLING, method=Method.SYSTEMATIC, take=10),
    )
    wave = open_wave_with_units(database)
    with pytest.raises(BadInput, match=r"西湖社区.*没有写网格"):
        commit(database, wave, design=SampleDesign(stages=stages))
    with database.reading() as session:
        assert list_commitments(session, wave) == ()
