"""What a certificate says comes from what is stored; before the wave is closed it tells nothing of a drawn home."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from analysis.sampling.sample_design import Method, SampleDesign, Stage, StageUnit
from survey.messages import NotThere
from survey.reports.draw_certificate import compose_certificate
from survey.reports.draw_certificate_facts import CertificateFacts, Standing
from survey.reports.rendering import render_certificate_html
from survey.sampling.public_values import PublicValueName
from survey.store.cases import list_drawn_cases
from survey.store.database import Database
from survey.store.draw_commitments import get_commitment
from survey.store.draws import get_draw
from survey.store.units import read_units
from survey.store.waves import change_state, get_wave
from survey.waves import SeedSource, WaveState
from survey.workflow.certify_draw import certify_draw, typeset
from survey.workflow.commit_draw import commit_draw
from survey.workflow.draw_sample import draw_sample
from survey.workflow.open_wave import open_wave
from survey.workflow.release_replicate import release_replicate
from survey.workflow.withdraw_commitment import withdraw_commitment
from tests.survey.drawn_teams import make, people
from tests.survey.drawn_wave import AT, EAST, SEED, WEST, approve, drawn_wave, open_wave_with_units, units
from tests.survey.public_draw import (
    COMMUNITIES,
    FOURTEEN,
    RESERVES,
    VALUES,
    draw_grids,
    drawn_again,
    grid_rows,
    publicly_drawn,
)

LATER = AT + timedelta(days=9)
#: Grids of different sizes have different probabilities.
UNEQUAL = SampleDesign(
    stages=(
        Stage(unit=StageUnit.GRID, method=Method.SIMPLE, take=3),
        Stage(unit=StageUnit.DWELLING, method=Method.SIMPLE, take=10),
    )
)


def certify(database: Database, draw_id: int) -> CertificateFacts:
    with database.reading() as session:
        return certify_draw(session, draw_id, at=LATER)


def close(database: Database) -> None:
    with database.writing() as session:
        change_state(session, 1, WaveState.CLOSED, at=LATER, by="tongji")


def test_a_public_draw_after_a_rejected_one(database: Database) -> None:
    number = drawn_again(database)
    approve(database, number)
    facts = certify(database, number)
    assert (facts.standing, facts.public, facts.seed_source) == (Standing.APPROVED, True, SeedSource.PUBLIC_VALUE)
    assert (facts.main, facts.reserve, facts.released, facts.units, facts.drawable) == (20, 12, 0, 85, 76)
    (rejected,) = facts.rejected
    assert (rejected.id, rejected.reason, rejected.value) == (number - 1, "漏了 3 栋", VALUES[0].name)
    assert not rejected.next_known
    assert facts.value is not None
    assert (facts.value.value, facts.value.source) == (VALUES[1].value, "报纸")
    assert facts.communities is not None
    east, west, village = facts.communities
    assert (east.code, east.units, east.main, east.reserve, east.low) == (EAST, 54, 10, 6, Fraction(16, 54))
    assert (west.code, west.high, village.main, village.low) == (WEST, Fraction(16, 22), 0, None)


def test_whether_the_next_value_was_known_when_the_draw_was_rejected(sqlite_database: Database) -> None:
    late = VALUES[1].published_at - VALUES[0].published_at + timedelta(minutes=10)
    (rejected,) = certify(sqlite_database, drawn_again(sqlite_database, rejected=late)).rejected
    assert rejected.next_known


def test_what_is_kept_back_until_the_end(database: Database) -> None:
    number = publicly_drawn(database)
    with database.reading() as session:
        draw = get_draw(session, number)
        secret = get_commitment(session, draw.commitment_id or 0).secret
    before = certify(database, number)
    assert before.commitment is not None
    assert (before.seed, before.salt, before.commitment.secret) == (None, None, None)
    close(database)
    after = certify(database, number)
    assert after.commitment is not None
    assert (after.seed, after.salt, after.commitment.secret) == (draw.seed, draw.salt, secret)


def test_which_communities_were_drawn_is_kept_back(sqlite_database: Database) -> None:
    number = publicly_drawn(sqlite_database, COMMUNITIES)
    assert certify(sqlite_database, number).communities is None
    close(sqlite_database)
    communities = certify(sqlite_database, number).communities
    assert communities is not None
    assert sorted(one.main for one in communities) == [0, 0, 10]


def test_probabilities_that_would_tell_a_grid_are_kept_back(sqlite_database: Database) -> None:
    number = draw_grids(sqlite_database, UNEQUAL)
    before = certify(sqlite_database, number).communities
    close(sqlite_database)
    after = certify(sqlite_database, number).communities
    assert before is not None
    assert after is not None
    assert [(one.varies, one.low) for one in before[:2]] == [(True, None)] * 2
    assert all(one.low is not None and one.high is not None and one.low < one.high for one in after[:2])


def test_the_probability_of_grids_that_are_all_as_large_is_kept_back_alike(sqlite_database: Database) -> None:
    alike = [unit for unit in grid_rows() if int(unit.address["room"]) <= 112 or unit.area == WEST]
    rows = [replace(unit, serial=serial) for serial, unit in enumerate(alike, start=1)]
    wave = open_wave_with_units(sqlite_database, rows=rows)
    with sqlite_database.writing() as session:
        number = draw_sample(session, wave, design=UNEQUAL, seed=SEED, at=AT, by="tongji").draw
    before = certify(sqlite_database, number)
    assert before.communities is not None
    assert [one.low for one in before.communities] == [None] * 3
    fractions = [row.fraction for row in compose_certificate(before, language="zh_Hans").rows]
    assert fractions == ["调查结束后公布", "调查结束后公布", "—"]
    close(sqlite_database)
    after = certify(sqlite_database, number).communities
    assert after is not None
    assert after[0].low == Fraction(3 * 10, 4 * 12)


def test_promises_of_other_waves_on_the_same_list_are_told(sqlite_database: Database) -> None:
    number = publicly_drawn(sqlite_database)
    again = (PublicValueName(name="双色球 9 期", not_before=LATER + timedelta(days=1), spelling=FOURTEEN),)
    with sqlite_database.writing() as session:
        first = get_wave(session, 1)
        second = open_wave(
            session, name="再来一次", instrument="small", frame=first.frame_id,
            details=first.details, at=LATER, by="tongji",
        )  # fmt: skip
        made = commit_draw(session, second, design=RESERVES, public_values=again, at=LATER, by="tongji")
    (other,) = certify(sqlite_database, number).others
    assert (other.id, other.wave_name, other.values, other.draws) == (made.id, "再来一次", ("双色球 9 期",), ())
    with sqlite_database.writing() as session:
        withdraw_commitment(session, made.id, reason="彩票停售", at=LATER + timedelta(days=2), by="shenhe")
        private = draw_sample(session, second, design=RESERVES, seed=SEED, at=LATER, by="tongji").draw
    facts = certify(sqlite_database, private)
    assert [(one.id, one.draws) for one in facts.others] == [
        (made.id - 1, ((number, Standing.PROPOSED),)),
        (made.id, ()),
    ]
    told = compose_certificate(facts, language="zh_Hans").others[1]
    assert "由 shenhe 公开撤回，理由：彩票停售。" in told
    assert "撤回时，约定的公开数字按约定的时间已经可以知道。" in told


def test_a_promise_on_a_list_that_differs_by_one_home_is_told(database: Database) -> None:
    """Else whoever leaves one home out could promise twice, and show the draw that suits."""
    number = publicly_drawn(database)
    value = PublicValueName(name="双色球 9 期", not_before=LATER + timedelta(days=1), spelling=FOURTEEN)
    other = open_wave_with_units(database, rows=units()[:-1])
    with database.writing() as session:
        made = commit_draw(session, other, design=RESERVES, public_values=[value], at=LATER, by="tongji")
    assert [one.id for one in certify(database, number).others] == [made.id]


def test_teams_that_were_drawn_are_on_it(sqlite_database: Database) -> None:
    wave = drawn_wave(sqlite_database)
    people(sqlite_database, "甲", "乙")
    made = make(sqlite_database, wave)
    make(sqlite_database, wave, reason="日期写错。")
    course = compose_certificate(certify(sqlite_database, made.kept.draw_id), language="zh_Hans").course
    told = [words for label, words in course if label == "抽队伍和日期"]
    assert "人数和日子：设计里没有写；种子已经知道以后才定的。" in told[0]
    assert made.kept.digest in told[0]
    assert "第 2 次" in told[1]
    assert "重抽的理由：日期写错" in told[1]


def test_released_reserves_are_counted_in_homes(sqlite_database: Database) -> None:
    number = publicly_drawn(sqlite_database)
    approve(sqlite_database, number)
    with sqlite_database.writing() as session:
        change_state(session, 1, WaveState.FIELDING, at=LATER, by="tongji")
        release_replicate(session, 1, area=EAST, reason="应答太少", at=LATER, by="tongji")
    facts = certify(sqlite_database, number)
    assert facts.released == 3
    assert facts.communities is not None
    assert [one.released for one in facts.communities] == [3, 0, 0]
    rows = compose_certificate(facts, language="zh_Hans").rows
    assert [row.reserve for row in rows] == ["6（启用 3）", "6", "0"]


@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_no_drawn_home_and_no_grid_is_on_it(sqlite_database: Database, language: str) -> None:
    number = draw_grids(sqlite_database)
    close(sqlite_database)
    html = render_certificate_html(compose_certificate(certify(sqlite_database, number), language=language))
    with sqlite_database.reading() as session:
        cases = list_drawn_cases(session, number)
        units = {unit.serial: unit for unit in read_units(session, 1)}
    assert cases
    for case in cases:
        assert case.grid not in html
        assert str(case.id) not in html
        assert units[case.unit_serial].address["estate"] not in html


def test_it_becomes_a_pdf(sqlite_database: Database) -> None:
    assert typeset(certify(sqlite_database, publicly_drawn(sqlite_database)), "zh_Hans").pages <= 2


def test_an_unknown_draw_is_not_there(sqlite_database: Database) -> None:
    with pytest.raises(NotThere):
        certify(sqlite_database, 1)
