"""The key goes after the commit, whatever happens in between, and nothing else goes."""

from pathlib import Path

import pytest

from analysis.fieldwork.dispositions import Outcome
from survey.keys import KeyRing
from survey.messages import Failure
from survey.store import wave_keys
from survey.store.database import Database
from survey.store.wave_keys import KeyState, find_key
from survey.workflow import destroy_keys as step
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from tests.survey.field import NOW, Field, open_field


def close(database: Database, field: Field) -> str:
    """The id of the key that is to be destroyed."""
    with database.writing() as session:
        close_wave(session, field.keys, field.wave, at=NOW, by="tests")
    return key(database, field).key_id


def key(database: Database, field: Field) -> wave_keys.WaveKey:
    with database.reading() as session:
        found = find_key(session, field.wave)
    assert found is not None
    return found


def test_the_key_of_a_closed_wave_goes_and_no_other(database: Database, field: Field, keys: KeyRing) -> None:
    key_id = close(database, field)
    open_key = key(database, other := open_field(database, keys)).key_id
    assert keys.holds(key_id)
    assert destroy_keys(database, keys) == 1
    assert not keys.holds(key_id)
    assert keys.holds(open_key)
    assert (key(database, field).state, key(database, other).state) == (KeyState.DESTROYED, KeyState.MADE)
    assert destroy_keys(database, keys) == 0


def test_a_power_cut_after_the_commit_is_made_good(database: Database, field: Field, keys: KeyRing) -> None:
    key_id = close(database, field)  # and here it goes dark
    assert key(database, field).state is KeyState.TO_DESTROY
    assert destroy_keys(database, keys) == 1
    assert not keys.holds(key_id)


def test_a_power_cut_after_the_destruction_is_made_good(
    database: Database, field: Field, keys: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> None:
    key_id = close(database, field)
    with monkeypatch.context() as dark:
        dark.setattr(step, "scrub", _goes_dark)
        with pytest.raises(KeyboardInterrupt):
            destroy_keys(database, keys)
    assert not keys.holds(key_id)
    assert key(database, field).state is KeyState.TO_DESTROY
    assert destroy_keys(database, keys) == 1
    assert key(database, field).state is KeyState.DESTROYED


def _goes_dark(_: Database) -> None:
    raise KeyboardInterrupt


def test_a_rollback_keeps_the_key(database: Database, field: Field, keys: KeyRing) -> None:
    def close_and_fail() -> None:
        with database.writing() as session:
            close_wave(session, keys, field.wave, at=NOW, by="tests")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        close_and_fail()
    assert destroy_keys(database, keys) == 0
    assert keys.holds(key(database, field).key_id)
    field.send(database, field.visit(field.east[0], Outcome.AWAY))


def test_where_the_keys_are_not_nothing_is_recorded(database: Database, field: Field, tmp_path: Path) -> None:
    """Another machine's worker must not say that it destroyed what it never had."""
    close(database, field)
    assert destroy_keys(database, KeyRing(folder=tmp_path / "elsewhere")) == 0
    assert key(database, field).state is KeyState.TO_DESTROY


def test_a_closing_without_the_key_changes_nothing(database: Database, field: Field, tmp_path: Path) -> None:
    field.send(database, field.interview(field.east[0]))
    with pytest.raises(Failure, match="密钥"), database.writing() as session:
        close_wave(session, KeyRing(folder=tmp_path / "elsewhere"), field.wave, at=NOW, by="tests")
    assert key(database, field).state is KeyState.MADE
    close(database, field)
