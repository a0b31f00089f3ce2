from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from survey.messages import Conflict, NotThere
from survey.store.draws import Draw, DrawState, add_draw, decide_draw, get_draw, list_draws, open_draw, standing_draw
from tests.survey.store.conftest import EQUAL_DESIGN


@pytest.fixture
def draw(database, example, draw_cases):
    with database.writing() as session:
        return draw_cases(session, example)


def test_a_new_draw_is_proposed(database, example, draw, at):
    with database.reading() as session:
        found = get_draw(session, draw)
        assert found == Draw(
            id=draw,
            wave_id=example.wave,
            frame_id=example.frame,
            frame_digest="f" * 64,
            method="systematic",
            per_community=2,
            seed="0a" * 32,
            public=False,
            salt="0b" * 16,
            digest="c" * 64,
            cases=3,
            state=DrawState.PROPOSED,
            drawn_by="张",
            drawn_at=at,
            decided_by=None,
            decided_at=None,
            reason="",
            design=EQUAL_DESIGN,
        )
        assert (list_draws(session, example.wave), list_draws(session, 99)) == ((found,), ())
        assert (open_draw(session, example.wave), standing_draw(session, example.wave)) == (found, None)
        with pytest.raises(NotThere, match="99"):
            get_draw(session, 99)


def test_another_person_approves(database, example, draw, at):
    with database.writing() as session:
        with pytest.raises(Conflict, match="张"):
            decide_draw(session, draw, state=DrawState.APPROVED, by="张", at=at)
        before = get_draw(session, draw)
        assert before.state is DrawState.PROPOSED
        decide_draw(session, draw, state=DrawState.APPROVED, by="李", at=at + timedelta(hours=1))
    with database.reading() as session:
        approved = replace(
            before, state=DrawState.APPROVED, decided_by="李", decided_at=at + timedelta(hours=1), reason=""
        )
        assert standing_draw(session, example.wave) == open_draw(session, example.wave) == approved


@pytest.mark.parametrize("first", [DrawState.APPROVED, DrawState.REJECTED])
def test_a_draw_is_decided_once(database, draw, at, first):
    with database.writing() as session:
        decide_draw(session, draw, state=first, by="李", at=at, reason="框有误")
    for second in (DrawState.APPROVED, DrawState.REJECTED):
        with database.writing() as session, pytest.raises(Conflict, match=str(draw)):
            decide_draw(session, draw, state=second, by="王", at=at)
    with database.reading() as session:
        assert (get_draw(session, draw).state, get_draw(session, draw).decided_by) == (first, "李")
    with pytest.raises(DBAPIError, match="decided once"), database.writing() as session:
        session.execute(text("UPDATE draws SET reason = 'x'"))


def test_nothing_can_be_decided_back_to_proposed_or_of_no_draw(database, draw, at):
    with database.writing() as session:
        with pytest.raises(ValueError, match="proposed"):
            decide_draw(session, draw, state=DrawState.PROPOSED, by="李", at=at)
        with pytest.raises(NotThere, match="99"):
            decide_draw(session, 99, state=DrawState.REJECTED, by="李", at=at)


def test_a_second_draw_only_after_the_first_is_rejected(database, example, draw, draw_cases, at):
    with database.writing() as session:
        with pytest.raises(Conflict, match=f"{draw} 号抽样（待批准）"):
            draw_cases(session, example)
        decide_draw(session, draw, state=DrawState.REJECTED, by="张", at=at, reason="框有误")
        assert (open_draw(session, example.wave), standing_draw(session, example.wave)) == (None, None)
    with database.reading() as session:
        assert get_draw(session, draw).reason == "框有误"


def test_the_rejected_draw_stays_beside_the_new_one(database, example, draw, at):
    with database.writing() as session:
        decide_draw(session, draw, state=DrawState.REJECTED, by="李", at=at)
        old = get_draw(session, draw)
        new = add_draw(
            session,
            wave_id=example.wave,
            frame_id=example.frame,
            frame_digest="f" * 64,
            method="systematic",
            per_community=2,
            seed="0d" * 32,
            salt="0b" * 16,
            digest="d" * 64,
            cases=0,
            by="张",
            at=at,
        )
    with database.reading() as session:
        assert list_draws(session, example.wave) == (get_draw(session, new), old)
        assert open_draw(session, example.wave).id == new


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE draws SET seed = '00'", "never changes"),
        ("UPDATE draws SET digest = salt, salt = 'x'", "never changes"),
        ("UPDATE draws SET per_community = 3", "never changes"),
        ("UPDATE draws SET seed_source = 'machine'", "never changes"),
        ("UPDATE draws SET frame_id = frame_id", "never changes"),
        ("UPDATE draws SET design = '{}'", "never changes"),
        ("UPDATE draws SET public_value = 'x'", "never changes"),
        ("UPDATE draws SET windows = 'x'", "never changes"),
        ("UPDATE draws SET drawn_by = 'x'", "never changes"),
        ("DELETE FROM draws", "append-only"),
    ],
)
def test_what_a_draw_was_made_of_never_changes(database, example, draw, change, said):
    with pytest.raises(DBAPIError, match=said), database.writing() as session:
        session.execute(text(change))
    with database.reading() as session:
        assert get_draw(session, draw).seed == "0a" * 32


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'great', decided_by = 'x', decided_at = drawn_at", "ck_draws_state"),
        ("state = 'approved'", "ck_draws_decided"),
        ("decided_by = 'x', decided_at = drawn_at", "ck_draws_decided"),
        ("state = 'rejected', decided_by = 'x'", "ck_draws_decided_at"),
        ("state = 'approved', decided_by = drawn_by, decided_at = drawn_at", "ck_draws_second_person"),
    ],
)
def test_the_database_itself_refuses_half_a_decision(database, draw, change, constraint):
    with pytest.raises(IntegrityError, match=constraint), database.writing() as session:
        session.execute(text(f"UPDATE draws SET {change}"))  # noqa: S608 - written above


def test_the_database_itself_refuses_two_open_draws(database, draw):
    columns = (
        "wave_id, frame_id, frame_digest, method, per_community, seed, public, salt, digest, cases, "
        "state, drawn_by, drawn_at, reason"
    )
    copy = f"INSERT INTO draws ({columns}) SELECT {columns} FROM draws"  # noqa: S608 - written above
    with pytest.raises(IntegrityError, match=r"one_open|wave_id"), database.writing() as session:
        session.execute(text(copy))
