"""A wave as residents meet it: one statement, and never another wave's questionnaire."""

from pathlib import Path

import pytest

from questionnaires.loading import load_text
from survey.keys import KeyRing
from survey.store.database import Database
from survey.store.fielded_waves import FieldedWave, find_fielded_wave
from survey.store.instruments import InstrumentRow
from survey.store.wave_keys import mark_to_destroy
from survey.store.waves import set_details
from survey.waves import Mode, WaveDetails, WaveState
from tests.survey import answering
from tests.survey.answering import AT, DETAILS, INSTRUMENT, Online
from tests.survey.store.counting import statements


@pytest.fixture
def online(database: Database, tmp_path: Path) -> Online:
    return answering.start(database, KeyRing(folder=tmp_path / "keys"))


def find(database: Database, wave: int) -> FieldedWave:
    with database.reading() as session:
        found = find_fielded_wave(session, wave)
    assert found is not None
    return found


def test_everything_residents_need_is_there(database: Database, online: Online) -> None:
    wave = find(database, online.wave)
    assert (wave.id, wave.state, wave.details) == (online.wave, WaveState.FIELDING, DETAILS)
    assert wave.questionnaire == load_text(INSTRUMENT, "online.toml")
    assert wave.key_id is not None
    assert online.keys.holds(wave.key_id)
    with database.reading() as session:
        assert find_fielded_wave(session, online.wave + 1) is None


def test_the_second_time_it_is_one_statement(database: Database, online: Online) -> None:
    first = find(database, online.wave)
    with statements(database) as seen:
        second = find(database, online.wave)
    assert len(seen) == 1
    assert second.questionnaire is first.questionnaire
    assert second.wording == first.wording


def test_changed_details_are_another_wording(database: Database, online: Online) -> None:
    before = find(database, online.wave)
    details = WaveDetails(sponsor="另一个单位")
    with database.writing() as session:
        set_details(session, online.wave, details, at=AT, by="tests")
    after = find(database, online.wave)
    assert after.details == details
    assert after.wording != before.wording


def test_the_modes_are_the_instruments_where_the_wave_names_none(database: Database, online: Online) -> None:
    bare = answering.start(database, online.keys, details=WaveDetails())
    assert find(database, bare.wave).modes == (Mode.WEB_TOKEN, Mode.WEB_OPEN)
    narrow = answering.start(database, online.keys, details=WaveDetails(modes=(Mode.WEB_OPEN,)))
    assert find(database, narrow.wave).modes == (Mode.WEB_OPEN,)


def test_a_key_given_up_is_none(database: Database, online: Online) -> None:
    with database.writing() as session:
        mark_to_destroy(session, online.wave)
    assert find(database, online.wave).key_id is None


def test_another_instrument_under_the_same_number_is_not_mixed_up(database: Database, online: Online) -> None:
    """As after a restore: the same address, the same number, another wording."""
    before = find(database, online.wave)
    other = answering.start(
        database, online.keys, instrument=INSTRUMENT.replace("道路", "路灯").replace('"online"', '"other"')
    )
    with database.writing() as session:
        first, second = (session.get(InstrumentRow, number) for number in (1, 2))
        assert first is not None
        assert second is not None
        first.document, first.fingerprint = second.document, second.fingerprint
    after = find(database, online.wave)
    assert after.questionnaire.item("D3").text.zh_Hans == "路灯"
    assert before.questionnaire.item("D3").text.zh_Hans == "道路"
    assert other.wave != online.wave
