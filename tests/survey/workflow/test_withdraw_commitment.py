"""A commitment whose value will not come: nothing is drawn beside it, and it is withdrawn openly, by somebody else."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.messages import BadInput, Conflict, NotThere
from survey.store.database import Database
from survey.store.draw_commitments import Commitment, get_commitment
from survey.store.waves import get_wave
from survey.workflow.decide_draw import reject_draw
from survey.workflow.draw_sample import draw_sample
from survey.workflow.show_commitments import show_commitments
from survey.workflow.withdraw_commitment import withdraw_commitment
from tests.survey.drawn_wave import AT, SEED, draw, open_wave_with_units
from tests.survey.promised_draw import LATER, PUBLISHED, commit, draw_public, published


def withdraw(database: Database, number: int, **changes: object) -> Commitment:
    options = {"reason": "彩票停售", "at": AT + timedelta(hours=1), "by": "shenhe", **changes}
    with database.writing() as session:
        return withdraw_commitment(session, number, **options)  # type: ignore[arg-type]


def test_no_other_draw_beside_a_promise(database: Database) -> None:
    """A seed of one's own, or the machine's, may suit better than the value that everybody waits for."""
    wave = open_wave_with_units(database)
    made = commit(database, wave)
    for seed in (SEED, None):
        with pytest.raises(Conflict, match=f"第 {made.id} 号承诺还没有兑现"), database.writing() as session:
            draw_sample(session, wave, seed=seed, at=LATER, by="tongji")
    withdraw(database, made.id)
    assert not draw(database, wave).public


def test_it_stays_on_record_and_another_may_be_made(database: Database) -> None:
    wave = open_wave_with_units(database)
    first = commit(database, wave)
    done = withdraw(database, first.id, reason=" 彩票\n停售 ")
    assert done.withdrawn is not None
    assert (done.withdrawn.reason, done.withdrawn.by) == ("彩票 停售", "shenhe")
    with pytest.raises(Conflict, match="已经撤回，不能再照它抽"):
        draw_public(database, wave, published(0))
    with database.reading() as session:
        (view,) = show_commitments(session, get_wave(session, wave))
    assert (view.next, view.late, view.commitment.withdrawn) == (None, False, done.withdrawn)
    second = commit(database, wave, at=AT + timedelta(hours=2))
    assert draw_public(database, wave, published(0)).commitment == second
    for change in ("DELETE FROM commitment_withdrawals", "UPDATE commitment_withdrawals SET reason = '别的'"):
        with pytest.raises(DBAPIError), database.writing() as session:
            session.execute(text(change))
    with database.reading() as session:
        assert get_commitment(session, first.id) == done


def test_withdrawing_when_the_value_is_known_is_told(database: Database) -> None:
    wave = open_wave_with_units(database)
    withdraw(database, commit(database, wave).id, at=PUBLISHED[0])
    with database.reading() as session:
        (view,) = show_commitments(session, get_wave(session, wave))
    assert view.late


def test_what_is_not_withdrawn(database: Database) -> None:
    wave = open_wave_with_units(database)
    made = commit(database, wave, values=1)
    with pytest.raises(BadInput, match="最多 500 个字"):
        withdraw(database, made.id, reason=" ")
    with pytest.raises(Conflict, match="须由另一人来做"):
        withdraw(database, made.id, by="TongJi")
    with pytest.raises(NotThere):
        withdraw(database, 99)
    drawn = draw_public(database, wave, published(0))
    with pytest.raises(Conflict, match="已经抽样"):
        withdraw(database, made.id, at=LATER)
    with database.writing() as session:
        reject_draw(session, drawn.draw, reason="漏了一栋", at=LATER, by="shenhe")
    with pytest.raises(Conflict, match="都已用过"):
        withdraw(database, made.id, at=LATER)


def test_it_is_withdrawn_once(database: Database) -> None:
    made = commit(database, open_wave_with_units(database))
    withdraw(database, made.id)
    with pytest.raises(Conflict, match="已经撤回"):
        withdraw(database, made.id)
