"""What was withdrawn stays withdrawn when an older backup brings it back; the file that tells it says nothing else."""

import re
from pathlib import Path
from uuid import UUID

import pytest

from survey.keys import KeyRing
from survey.messages import Failure
from survey.store import backups
from survey.store.database import Database
from survey.store.responses import read_responses
from survey.store.wave_keys import open_sealer
from survey.store.withdrawals import count_withdrawn
from survey.withdrawn_marks import WithdrawnMarks
from survey.workflow.close_wave import close_wave
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.take_out_withdrawn import find_obstacles, find_withdrawn, take_out_withdrawn
from survey.workflow.withdraw_response import withdraw_response
from tests.survey import attacker
from tests.survey.attacked_wave import World, build_world
from tests.survey.field import NOW


@pytest.fixture
def world(database: Database, keys: KeyRing) -> World:
    return build_world(database, keys)


def close(database: Database, world: World) -> None:
    with database.writing() as session:
        close_wave(session, world.field.keys, world.field.wave, at=NOW, by="tests", discard_quarantine=True)
    assert destroy_keys(database, world.field.keys) == 1


def withdraw(database: Database, world: World) -> UUID:
    """The answer that is gone."""
    before = answers(database, world)
    with database.writing() as session:
        assert withdraw_response(session, world.field.keys, world.codes.withdrawal)
    (gone,) = before - answers(database, world)
    return gone


def answers(database: Database, world: World) -> set[UUID]:
    with database.reading() as session:
        return {one.uuid for one in read_responses(session, world.field.wave)}


def lines(keys: KeyRing) -> list[str]:
    return (keys.folder / "withdrawn.txt").read_text("ascii").split()


@pytest.mark.parametrize("closed", [False, True])
def test_a_restored_backup_is_without_it(database: Database, world: World, tmp_path: Path, closed: bool) -> None:
    keys = world.field.keys
    if closed:
        close(database, world)
    backups.backup(database, tmp_path / "nightly")
    gone = withdraw(database, world)
    left = answers(database, world)
    backups.restore(database, tmp_path / "nightly")
    assert gone in answers(database, world)
    with database.reading() as session:
        assert len(find_withdrawn(session, keys)) == 1
    with database.writing() as session:
        assert (take_out_withdrawn(session, keys), take_out_withdrawn(session, keys)) == (1, 0)
        assert count_withdrawn(session, world.field.wave) == 1
        assert withdraw_response(session, keys, world.codes.withdrawal), "said alike when it is typed again"
        assert count_withdrawn(session, world.field.wave) == 1
    assert answers(database, world) == left


def test_typed_after_the_closing_it_is_taken_out_of_a_backup_of_the_open_wave_whose_key_is_back(
    database: Database, world: World, tmp_path: Path
) -> None:
    keys = world.field.keys
    backups.backup(database, tmp_path / "nightly")
    copies = {path.name: path.read_bytes() for path in keys.folder.glob("*.key")}
    before = answers(database, world)
    close(database, world)
    withdraw(database, world)
    backups.restore(database, tmp_path / "nightly")
    with database.reading() as session:
        assert find_withdrawn(session, keys) == (), "without the wave's key its rows cannot be read"
    for name, key in copies.items():
        (keys.folder / name).write_bytes(key)
    with database.writing() as session:
        assert take_out_withdrawn(session, keys) == 1
    assert len(before - answers(database, world)) == 1


def test_the_file_tells_nobody_and_no_answer(database: Database, world: World) -> None:
    keys = world.field.keys
    first = attacker.read_everything(database)
    withdraw(database, world)
    assert all(re.fullmatch("[0-9a-f]{64}", line) for line in lines(keys))
    told = repr([first, attacker.read_everything(database), world.first, world.second])
    assert not [line for line in lines(keys) if line in told]
    assert {path.stat().st_mode & 0o077 for path in keys.folder.glob("withdrawn.*")} == {0}


def test_lines_are_only_added_and_nothing_is_withdrawn_where_none_can_be(database: Database, world: World) -> None:
    keys, everything = world.field.keys, answers(database, world)
    (keys.folder / "withdrawn.txt").mkdir()
    with pytest.raises(Failure), database.writing() as session:
        withdraw_response(session, keys, world.codes.withdrawal)
    assert answers(database, world) == everything
    (keys.folder / "withdrawn.txt").rmdir()
    withdraw(database, world)
    first = lines(keys)
    WithdrawnMarks(folder=keys.folder).add(["another"])
    assert (lines(keys)[:2], len(lines(keys))) == (first, 3)


def test_a_damaged_key_of_one_wave_brings_nobody_elses_answers_back(
    database: Database, world: World, tmp_path: Path
) -> None:
    keys = world.field.keys
    backups.backup(database, tmp_path / "nightly")
    gone = withdraw(database, world)
    backups.restore(database, tmp_path / "nightly")
    here = set(keys.list_ids())
    with database.writing() as session:
        open_sealer(session, keys, None, at=NOW)  # the site's own
    (damaged,) = keys.list_ids() - here
    (keys.folder / f"{damaged}.key").write_bytes(b"x" * 31)
    with database.reading() as session:
        (told,) = find_obstacles(session, keys)
    assert damaged in str(told)
    with database.writing() as session:
        assert take_out_withdrawn(session, keys) == 1
    assert gone not in answers(database, world)


def test_with_its_own_key_damaged_a_withdrawn_answer_is_known_all_the_same(
    database: Database, world: World, tmp_path: Path
) -> None:
    keys = world.field.keys
    backups.backup(database, tmp_path / "nightly")
    gone = withdraw(database, world)
    backups.restore(database, tmp_path / "nightly")
    (key,) = (path for path in keys.folder.glob("*.key") if path.name != "withdrawn.key")
    key.write_bytes(key.read_bytes()[:31])
    with database.writing() as session:
        assert take_out_withdrawn(session, keys) == 1
    assert gone not in answers(database, world)


@pytest.mark.parametrize("lost", ["withdrawn.key", "withdrawn.txt", "both"])
def test_what_is_lost_of_the_marks_is_told_and_nothing_is_begun_over_it(
    database: Database, world: World, tmp_path: Path, lost: str
) -> None:
    keys = world.field.keys
    withdraw(database, world)
    with database.reading() as session:
        assert find_obstacles(session, keys) == ()
    for path in keys.folder.glob("withdrawn.*" if lost == "both" else lost):
        path.rename(tmp_path / path.name)
    with database.writing() as session:
        (told,) = find_obstacles(session, keys)
        assert take_out_withdrawn(session, keys) == 0
    assert "withdrawn.txt" in str(told)
    (keys.folder / "withdrawn.txt").write_text("")
    with database.reading() as session:
        assert find_obstacles(session, keys) == (), "who has no copy says so"
