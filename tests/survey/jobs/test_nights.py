"""What the worker does for residents when it starts and at night: an answer that was taken back is nowhere."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from huey import Huey

from survey.fieldwork.resident_codes import codes_of, new_seed
from survey.jobs import worker
from survey.keys import KeyRing
from survey.store import backups
from survey.store.database import Database
from survey.store.responses import count_responses
from survey.store.sheets import Entrance, find_sheet
from survey.workflow.record_response import record_response
from survey.workflow.withdraw_response import withdraw_response
from tests.survey import attacker
from tests.survey.attacked_wave import World, build_world, stored_code
from tests.survey.conftest import Instance
from tests.survey.field import NOW
from tests.survey.small_wave import WEST

#: UTC; one day, minute by minute.
DAY = [datetime(2026, 5, 4, tzinfo=UTC) + timedelta(minutes=minute) for minute in range(24 * 60)]
#: Nobody else of the world answers so, or a trace of it would be anybody's.
UNLIKE_ALL = {"S1": 1, "A1": 2, "B1": 2, "B2": 1, "C1": (2,)}


class OneDay:
    """In the place of the queue's consumer: a whole day passes at once, and the worker is done."""

    def __init__(self, huey: Huey, **_settings: object) -> None:
        self._huey = huey

    def run(self) -> None:
        tasks = {task.name: task for minute in DAY for task in self._huey.read_periodic(minute)}
        for task in tasks.values():
            task.execute()


class NoDay(OneDay):
    def run(self) -> None:
        """Nothing comes due: only what is done at the start."""


@pytest.fixture
def instance(empty_instance: Instance) -> Instance:
    return empty_instance


@pytest.fixture
def database(instance: Instance) -> Iterator[Database]:
    found = instance.open()
    yield found
    found.close()


@pytest.fixture
def world(instance: Instance, database: Database) -> World:
    return build_world(database, KeyRing(folder=instance.config.keys))


@pytest.fixture
def work(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Callable[[type[OneDay]], None]:
    def go(consumer: type[OneDay]) -> None:
        monkeypatch.setattr(worker, "Consumer", consumer)
        worker.run_worker(instance.config)

    return go


def take_back(database: Database, world: World) -> None:
    with database.writing() as session:
        assert withdraw_response(session, world.field.keys, world.codes.withdrawal)


def answers(database: Database, world: World) -> int:
    with database.reading() as session:
        return count_responses(session, world.field.wave)


def test_a_worker_that_starts_takes_out_what_a_restored_backup_brought_back(
    database: Database, world: World, work: Callable[[type[OneDay]], None], tmp_path: Path
) -> None:
    backups.backup(database, tmp_path / "nightly")
    take_back(database, world)
    backups.restore(database, tmp_path / "nightly")
    assert answers(database, world) == len(world.truth)
    work(NoDay)
    assert answers(database, world) == len(world.truth) - 1


def test_a_worker_that_starts_says_what_keeps_it_from_seeing_them(
    database: Database,
    world: World,
    work: Callable[[type[OneDay]], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    take_back(database, world)
    (world.field.keys.folder / "withdrawn.key").unlink()
    work(NoDay)
    assert [record.levelname for record in caplog.records if "withdrawn.key" in record.getMessage()] == ["ERROR"]


def test_after_a_night_the_log_of_the_database_holds_nothing_of_what_was_taken_back(
    database: Database, world: World, work: Callable[[type[OneDay]], None]
) -> None:
    """The site keeps the database open all the while, so SQLite does not put the log away by itself."""
    before, mine = digests(database), codes_of(new_seed())
    entrance = Entrance(
        wave_id=world.field.wave,
        area=WEST,
        uuid=uuid4(),
        code_hash=stored_code(database, world.field, world.field.west[11]),
    )
    with database.writing() as session:
        sheet = find_sheet(session, world.field.keys, entrance)
        record_response(session, sheet, UNLIKE_ALL, at=NOW, codes=mine)
    (gone,) = digests(database) - before
    with database.writing() as session:
        assert withdraw_response(session, world.field.keys, mine.withdrawal)
    assert database.path is not None
    log = database.path.with_name(f"{database.path.name}-wal")
    assert _holds(log, gone), "it is there by day"
    work(NoDay)
    assert _holds(log, gone), "and a start alone does not end it"
    work(OneDay)
    assert not _holds(log, gone)
    assert not _holds(database.path, gone)


def digests(database: Database) -> set[str]:
    return {row["digest"] for row in attacker.read_everything(database)["responses"]}


def _holds(file: Path, digest: str) -> bool:
    return digest.encode() in file.read_bytes()
