from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from survey.messages import Conflict, NotThere
from survey.store.tables import to_json
from survey.store.wave_details import from_document, to_document
from survey.store.waves import WaveEvent, change_state, get_wave, list_events, list_waves, may_follow
from survey.waves import Approval, Mode, WaveDetails, WaveState

D, R, F, C, P = WaveState


def test_a_wave_starts_in_draft_with_its_opening_on_record(database, example, at):
    with database.reading() as session:
        wave = get_wave(session, example.wave)
        assert (wave.name, wave.state, wave.instrument_slug, wave.frame_id, wave.opened_at) == (
            "二〇二六年第一轮",
            D,
            "urban",
            example.frame,
            at,
        )
        assert wave.details == WaveDetails(modes=(Mode.IMPORTED,), start=date(2026, 3, 1))
        assert list_waves(session) == (wave,)
        assert list_events(session, example.wave) == (WaveEvent(from_state=None, to_state=D, at=at, by="admin"),)


def test_each_change_is_on_record(database, example, at):
    for day, (state, by) in enumerate([(F, "a"), (C, "b"), (P, "c")]):
        with database.writing() as session:
            change_state(session, example.wave, state, at=at + timedelta(days=day), by=by)
    with database.reading() as session:
        assert get_wave(session, example.wave).state is P
        changes = [(event.from_state, event.to_state, event.by) for event in list_events(session, example.wave)]
        assert changes == [(None, D, "admin"), (D, F, "a"), (F, C, "b"), (C, P, "c")]


def test_the_moves_that_are_allowed():
    allowed = {(before, after) for before in WaveState for after in WaveState if may_follow(before, after)}
    assert allowed == {(D, R), (D, F), (D, C), (R, F), (R, C), (F, C), (C, P)}


@pytest.mark.parametrize("wanted", [D, P])
def test_another_move_changes_nothing(database, example, at, wanted):
    with database.writing() as session, pytest.raises(Conflict):
        change_state(session, example.wave, wanted, at=at, by="a")
    with database.reading() as session:
        assert get_wave(session, example.wave).state is D
        assert len(list_events(session, example.wave)) == 1


def test_an_unknown_wave_is_not_there(database, at):
    with database.writing() as session:
        with pytest.raises(NotThere):
            get_wave(session, 5)
        with pytest.raises(NotThere):
            change_state(session, 5, C, at=at, by="a")


@pytest.mark.parametrize("change", ["UPDATE wave_events SET changed_by = 'x'", "DELETE FROM wave_events"])
def test_the_record_of_changes_only_grows(database, example, change):
    with pytest.raises(DBAPIError, match="append-only"), database.writing() as session:
        session.execute(text(change))
    with database.reading() as session:
        assert len(list_events(session, example.wave)) == 1


texts = st.text(max_size=20)
days = st.none() | st.dates()


@given(
    st.builds(
        WaveDetails,
        modes=st.lists(st.sampled_from(Mode), unique=True).map(tuple),
        start=days,
        end=days,
        sponsor=texts,
        approval=st.none() | st.sampled_from(Approval),
        valid_until=days,
        placeholders=st.dictionaries(texts, texts, max_size=3),
        targets=st.dictionaries(texts, st.floats(0, 1), max_size=3),
        fictitious=st.booleans(),
    )
)
def test_details_come_back_from_their_document(details):
    document = to_document(details)
    to_json(document)  # can be stored
    assert from_document(document) == details


def test_a_document_written_before_a_field_existed_is_read():
    assert from_document({"sponsor": "区政府"}) == WaveDetails(sponsor="区政府")
