"""What a restore and ``survey keys`` say when the files that tell withdrawn answers, or a key, are lost or damaged."""

from pathlib import Path

import pytest

from survey.keys import KeyRing
from survey.store.database import Database
from survey.store.responses import count_responses
from survey.store.wave_keys import open_sealer
from survey.workflow.withdraw_response import withdraw_response
from tests.survey.attacked_wave import World, build_world
from tests.survey.cli.conftest import Run
from tests.survey.conftest import Instance
from tests.survey.field import NOW


@pytest.fixture
def database(empty_instance: Instance) -> Database:
    return empty_instance.open()


@pytest.fixture
def keys(empty_instance: Instance) -> KeyRing:
    return KeyRing(folder=empty_instance.config.keys)


@pytest.fixture
def world(database: Database, keys: KeyRing) -> World:
    return build_world(database, keys)


@pytest.fixture
def nightly(database: Database, keys: KeyRing, world: World, run: Run, tmp_path: Path) -> Path:
    """A backup from before somebody took their answers back."""
    with database.writing() as session:
        open_sealer(session, keys, None, at=NOW)
    path = tmp_path / "nightly"
    assert run("backup", path).code == 0
    with database.writing() as session:
        assert withdraw_response(session, keys, world.codes.withdrawal)
    return path


def answers(database: Database, world: World) -> int:
    with database.reading() as session:
        return count_responses(session, world.field.wave)


@pytest.mark.parametrize("lost", ["withdrawn.key", "withdrawn.txt"])
def test_a_restore_says_that_withdrawn_answers_cannot_be_told(
    database: Database, world: World, keys: KeyRing, nightly: Path, run: Run, tmp_path: Path, lost: str
) -> None:
    (keys.folder / lost).rename(tmp_path / lost)
    said = run("restore", nightly)
    assert said.code == 0
    assert f"restored {nightly}" in said.out
    assert "what was there before" in said.out
    assert lost in said.out
    assert answers(database, world) == len(world.truth)
    refused = run("keys")
    assert (refused.code, lost in refused.out + refused.err) == (1, True)
    (tmp_path / lost).rename(keys.folder / lost)
    assert run("upgrade", "--json").document["deleted_again"] == 1
    assert answers(database, world) == len(world.truth) - 1
    assert run("keys").code == 0


def test_a_damaged_key_stops_no_restore_and_is_named_at_the_end(
    database: Database, world: World, keys: KeyRing, nightly: Path, run: Run
) -> None:
    with database.reading() as session:
        damaged = session.connection().exec_driver_sql("SELECT key_id FROM wave_keys WHERE wave_id IS NULL").scalar()
    path = keys.folder / f"{damaged}.key"
    path.write_bytes(path.read_bytes()[:31])
    said = run("restore", nightly)
    assert said.code == 0
    assert "what was there before" in said.out
    assert "deleted again: 1" in said.out
    assert path.name in said.out
    assert answers(database, world) == len(world.truth) - 1
    refused = run("keys")
    assert (refused.code, path.name in refused.out + refused.err) == (1, True)
