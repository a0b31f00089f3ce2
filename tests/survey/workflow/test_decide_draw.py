"""A second person approves or rejects a draw, once."""

import pytest

from survey.messages import BadInput, Conflict, NotThere
from survey.store.database import Database
from survey.store.draws import DrawState, get_draw, standing_draw
from survey.store.waves import get_wave
from survey.waves import WaveState
from survey.workflow.decide_draw import approve_draw, reject_draw
from survey.workflow.review_draw import review_draw
from tests.survey.drawn_wave import AT, approve, draw, open_wave_with_units


def test_approval_moves_the_wave(database: Database) -> None:
    wave = open_wave_with_units(database)
    drawn = draw(database, wave)
    approve(database, drawn.draw)
    with database.reading() as session:
        standing = standing_draw(session, wave)
        assert standing is not None
        assert (standing.id, standing.decided_by, standing.decided_at) == (drawn.draw, "shenhe", AT)
        assert get_wave(session, wave).state is WaveState.DRAWN


def test_approval_needs_a_review_or_says_why_there_is_none(database: Database) -> None:
    wave = open_wave_with_units(database)
    drawn = draw(database, wave)
    for reason in ("", "  ", "字" * 501):
        with pytest.raises(BadInput, match="还没有审核过"), database.writing() as session:
            approve_draw(session, drawn.draw, unreviewed=reason, at=AT, by="shenhe")
    with database.writing() as session:
        approved = approve_draw(session, drawn.draw, unreviewed=" 试点，\n框已核过 ", at=AT, by="shenhe")
    assert (approved.state, approved.reason) == (DrawState.APPROVED, "试点， 框已核过")


def test_a_draw_that_was_reviewed_needs_no_reason(database: Database) -> None:
    drawn = draw(database, open_wave_with_units(database))
    with database.writing() as session:
        review_draw(session, drawn.draw, at=AT, by="shenhe")
        assert approve_draw(session, drawn.draw, at=AT, by="shenhe").reason == ""


def test_nobody_decides_on_a_draw_of_their_own(database: Database) -> None:
    wave = open_wave_with_units(database)
    drawn = draw(database, wave)
    with pytest.raises(Conflict, match="“tongji”抽取：批准或否决须由另一人来做"), database.writing() as session:
        approve_draw(session, drawn.draw, at=AT, by="tongji")
    with pytest.raises(Conflict, match="须由另一人"), database.writing() as session:
        reject_draw(session, drawn.draw, reason="漏了一栋", at=AT, by="tongji")
    with database.reading() as session:
        assert get_draw(session, drawn.draw).state is DrawState.PROPOSED
        assert get_wave(session, wave).state is WaveState.DRAFT


def test_a_decision_is_final(database: Database) -> None:
    drawn = draw(database, open_wave_with_units(database))
    approve(database, drawn.draw)
    with pytest.raises(Conflict), database.writing() as session:
        reject_draw(session, drawn.draw, reason="后悔批准", at=AT, by="shenhe")
    with pytest.raises(Conflict):
        approve(database, drawn.draw)


def test_a_rejection_keeps_its_reason_and_the_wave_in_draft(database: Database) -> None:
    wave = open_wave_with_units(database)
    drawn = draw(database, wave)
    with database.writing() as session:
        rejected = reject_draw(session, drawn.draw, reason=" 抽样框漏了\n一栋 ", at=AT, by="shenhe")
    assert (rejected.state, rejected.reason) == (DrawState.REJECTED, "抽样框漏了 一栋")
    with database.reading() as session:
        assert get_wave(session, wave).state is WaveState.DRAFT


@pytest.mark.parametrize("reason", ["", "  \n", "字" * 501, "看不见\u200b"])
def test_a_rejection_says_why(sqlite_database: Database, reason: str) -> None:
    drawn = draw(sqlite_database, open_wave_with_units(sqlite_database))
    with pytest.raises(BadInput), sqlite_database.writing() as session:
        reject_draw(session, drawn.draw, reason=reason, at=AT, by="shenhe")


def test_an_unknown_draw_is_not_there(sqlite_database: Database) -> None:
    with pytest.raises(NotThere):
        approve(sqlite_database, 1)


def test_a_name_in_other_letters_is_no_second_person(database: Database) -> None:
    drawn = draw(database, open_wave_with_units(database))
    for alike in ("Tongji", "ｔongji"):
        with pytest.raises(Conflict, match="须由另一人"), database.writing() as session:
            approve_draw(session, drawn.draw, at=AT, by=alike)
