"""A wave starts when its draw stands and residents can be told what they must know."""

from dataclasses import replace
from pathlib import Path

import pytest

from questionnaires.loading import load_text
from survey.keys import KeyRing
from survey.messages import CheckFailed, Conflict, NotThere
from survey.reports.fielded_modes import missing_modes
from survey.roles import Scope
from survey.store.database import Database
from survey.store.open_links import list_open_links
from survey.store.wave_keys import find_sealer
from survey.store.waves import get_wave, set_details
from survey.waves import Approval, Mode, WaveDetails, WaveState
from survey.workflow.show_state import show_state
from survey.workflow.start_wave import Started, start_wave
from tests.survey.drawn_wave import (
    AT,
    DETAILS,
    EAST,
    INSTRUMENT,
    VILLAGE,
    WEST,
    draw,
    drawn_wave,
    open_wave_with_units,
)

OPEN_ONLY = replace(DETAILS, modes=(Mode.WEB_OPEN,))


@pytest.fixture
def keys(tmp_path: Path) -> KeyRing:
    return KeyRing(folder=tmp_path / "keys")


def start(database: Database, keys: KeyRing, wave: int) -> Started:
    with database.writing() as session:
        return start_wave(session, keys, wave, at=AT, by="tongji")


def missing(database: Database, keys: KeyRing, wave: int) -> list[str]:
    with pytest.raises(CheckFailed) as caught:
        start(database, keys, wave)
    with database.reading() as session:
        assert find_sealer(session, keys, wave) is None
        assert not list_open_links(session, wave)
    return [str(problem.expected) for problem in caught.value.problems]


def test_a_drawn_wave_gets_its_key_and_a_link_for_each_community(database: Database, keys: KeyRing) -> None:
    wave = drawn_wave(database)
    started = start(database, keys, wave)
    assert set(started.open_links) == {EAST, WEST, VILLAGE}
    with database.reading() as session:
        assert get_wave(session, wave).state is WaveState.FIELDING
        assert list_open_links(session, wave) == started.open_links
        assert find_sealer(session, keys, wave) is not None
    with pytest.raises(Conflict, match="已经开始"):
        start(database, keys, wave)


def test_without_the_mode_there_are_no_open_links(sqlite_database: Database, keys: KeyRing) -> None:
    wave = drawn_wave(sqlite_database, details=replace(DETAILS, modes=(Mode.CAPI,)))
    assert start(sqlite_database, keys, wave).open_links == {}


def test_the_instruments_modes_count_where_the_wave_names_none(sqlite_database: Database, keys: KeyRing) -> None:
    wave = drawn_wave(sqlite_database, details=replace(DETAILS, modes=()))
    assert set(start(sqlite_database, keys, wave).open_links) == {EAST, WEST, VILLAGE}


def test_open_links_alone_need_no_draw(database: Database, keys: KeyRing) -> None:
    wave = open_wave_with_units(database, details=OPEN_ONLY)
    assert len(start(database, keys, wave).open_links) == 3


def test_a_sample_needs_an_approved_draw(database: Database, keys: KeyRing) -> None:
    wave = open_wave_with_units(database)
    expected = ["经另一人批准的抽样（只用公开链接、纸质问卷的轮次不需要抽样）"]
    assert missing(database, keys, wave) == expected
    draw(database, wave)
    assert missing(database, keys, wave) == expected


def test_a_proposed_draw_is_decided_first(sqlite_database: Database, keys: KeyRing) -> None:
    wave = open_wave_with_units(sqlite_database, details=OPEN_ONLY)
    draw(sqlite_database, wave)
    assert missing(sqlite_database, keys, wave) == ["对已有抽样的决定：批准或否决"]


def test_everything_residents_must_be_told_is_asked_for_at_once(sqlite_database: Database, keys: KeyRing) -> None:
    wave = open_wave_with_units(sqlite_database, details=WaveDetails(modes=(Mode.WEB_OPEN,)))
    assert missing(sqlite_database, keys, wave) == [
        "委托单位",
        "实施单位",
        "咨询电话",
        "批准、备案或不属于统计调查项目",
    ]
    no_ground = replace(OPEN_ONLY, approval=Approval.NOT_STATISTICAL)
    wave = open_wave_with_units(sqlite_database, details=no_ground)
    assert missing(sqlite_database, keys, wave) == ["不属于统计调查项目的依据"]


def test_an_unknown_wave_is_not_there(sqlite_database: Database, keys: KeyRing) -> None:
    with pytest.raises(NotThere):
        start(sqlite_database, keys, 9)


@pytest.mark.parametrize("modes", [(Mode.CATI,), (Mode.CAPI, Mode.KIOSK)])
def test_nobody_goes_out_in_a_mode_that_the_questionnaire_lacks(
    sqlite_database: Database, keys: KeyRing, modes: tuple[Mode, ...]
) -> None:
    """Nor with a questionnaire for imports alone; such waves may have been opened before this was asked."""
    wave = drawn_wave(sqlite_database)
    with sqlite_database.writing() as session:
        set_details(session, wave, replace(DETAILS, modes=modes), at=AT, by="tongji")
    (lacking,) = missing(sqlite_database, keys, wave)
    assert "问卷里没有" in lacking
    assert modes[-1] in lacking
    with sqlite_database.reading() as session:
        view = show_state(session, get_wave(session, wave), scope=Scope())
    assert [str(message) for message in view.missing] == [lacking]


def test_an_imports_only_questionnaire_has_no_mode_to_go_out_in() -> None:
    questionnaire = replace(load_text(INSTRUMENT, "small.toml"), modes=("imported",), introductions={})
    assert missing_modes(questionnaire, [Mode.IMPORTED]) == ()
    assert len(missing_modes(questionnaire, [Mode.CAPI, Mode.WEB_OPEN])) == 1
