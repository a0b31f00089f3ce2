"""A commitment names the method of drawing: another program, which would draw another sample, does not keep it."""

from dataclasses import replace

import pytest

from analysis.sampling.sample_design import TeamRules
from survey.messages import Conflict
from survey.sampling import promised_method
from survey.sampling.sample_designs import canonical
from survey.sampling.samples import METHOD
from survey.store.database import Database
from survey.store.draw_commitments import add_commitment, get_commitment
from survey.store.draws import list_draws
from survey.store.waves import get_wave
from survey.workflow import draw_sample
from survey.workflow.certify_draw import certify_draw
from survey.workflow.draw_teams import Period
from survey.workflow.show_commitments import show_commitments
from survey.workflow.verify_draw import verify_draw
from survey.workflow.withdraw_commitment import withdraw_commitment
from tests.survey.drawn_teams import make, people
from tests.survey.drawn_wave import AT, approve, open_wave_with_units
from tests.survey.promised_draw import DESIGN, LATER, commit, draw_public, named, published
from tests.survey.public_draw import RESERVES, committed_wave, draw_next, promised_wave, publicly_drawn
from tests.survey.workflow.test_verify_public_draw import change_commitment, places

TEAMS = replace(RESERVES, teams=TeamRules(size=2, per_day=20))


def test_the_method_is_promised_and_shown(database: Database) -> None:
    draw = publicly_drawn(database)
    with database.reading() as session:
        assert get_commitment(session, 1).method == METHOD
        (view,) = show_commitments(session, get_wave(session, 1))
        facts = certify_draw(session, draw, at=LATER)
    assert str(view.method) == METHOD
    assert facts.commitment
    assert (facts.method, facts.commitment.method) == (METHOD, METHOD)


def test_another_program_does_not_draw_by_it(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    wave = open_wave_with_units(database)
    promised = commit(database, wave)
    with monkeypatch.context() as later:
        later.setattr(draw_sample, "METHOD", "stages/3")
        with pytest.raises(Conflict, match=f"写明按方法 {METHOD} 抽，本程序按 stages/3 抽.*那一版程序抽.*公开撤回"):
            draw_public(database, wave, published(0))
    with database.reading() as session:
        assert list_draws(session, wave) == ()
    assert draw_public(database, wave, published(0)).commitment == promised, "nothing was used up"


def test_it_can_be_withdrawn_instead(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    wave = open_wave_with_units(database)
    promised = commit(database, wave, values=1)
    monkeypatch.setattr(draw_sample, "METHOD", "stages/3")
    with database.writing() as session:
        withdraw_commitment(session, promised.id, reason="换了算法", at=AT, by="shenhe")
    with pytest.raises(Conflict, match="已经撤回"):
        draw_public(database, wave, published(0))


def test_a_commitment_of_before_names_none_and_is_kept(database: Database) -> None:
    wave = open_wave_with_units(database)
    made = commit(database, wave)
    with database.writing() as session:
        withdraw_commitment(session, made.id, reason="报纸停刊", at=AT, by="shenhe")
        before = add_commitment(
            session,
            wave_id=wave,
            frame_id=made.frame_id,
            frame_digest=made.frame_digest,
            design=canonical(DESIGN),
            secret=made.secret,
            public_values=named(),
            at=AT,
            by="tongji",
            method=None,
        )
    drawn = draw_public(database, wave, published(0))
    with database.reading() as session:
        assert get_commitment(session, before.id).method is None
        assert verify_draw(session, drawn.draw).cases == drawn.cases
        shown = show_commitments(session, get_wave(session, wave))
    assert str(shown[0].method) == "承诺里没有写明"


def test_a_method_changed_past_the_database_is_found(database: Database) -> None:
    draw = publicly_drawn(database)
    change_commitment(database, "method = 'stages/1'")
    ((where, told),) = places(database, draw)
    assert (where, told) == ("commitment.method", f"{METHOD}：抽取用的方法；承诺的不是它，抽出的会是另一个样本")


def test_teams_that_were_promised_are_drawn_by_that_method(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    wave, promised = committed_wave(database, TEAMS)
    assert promised.method == f"{METHOD} teams/1"
    approve(database, draw_next(database, wave).draw)
    people(database, "甲", "乙")
    with monkeypatch.context() as later:
        later.setattr(promised_method, "TEAM_METHOD", "teams/2")
        with pytest.raises(Conflict, match="按方法 stages/2 teams/1 抽，本程序按 stages/2 teams/2 抽"):
            make(database, wave, period=Period())
    assert make(database, wave, period=Period()).kept.number == 1


def test_teams_that_were_not_promised_have_no_method_to_keep(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    wave = promised_wave(sqlite_database, RESERVES)
    people(sqlite_database, "甲", "乙")
    monkeypatch.setattr(promised_method, "TEAM_METHOD", "teams/2")
    assert make(sqlite_database, wave).kept.number == 1
