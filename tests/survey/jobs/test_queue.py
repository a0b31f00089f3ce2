"""The queue: what a page leaves, a worker finds; what it forgets, the store still knows."""

import dataclasses
from pathlib import Path

import pytest

from survey.config import Config
from survey.jobs.queue import open_queue
from survey.jobs.worker import take_up
from survey.messages import Failure
from survey.store import reports
from survey.store.database import Database
from survey.store.reports import ReportState
from tests.survey.conftest import Instance


def state(instance: Instance, report: int) -> ReportState:
    database = instance.open()
    with database.reading() as session:
        found = reports.get_report(session, report).state
    database.close()
    return found


@pytest.mark.slow
def test_a_report_left_in_the_queue_is_built_by_whoever_takes_it(instance: Instance, wanted: list[int]) -> None:
    open_queue(instance.config).enqueue_report(wanted[1])
    worker = open_queue(instance.config)  # another process opens the same file
    task = worker.huey.dequeue()
    worker.huey.execute(task)
    assert [state(instance, report) for report in wanted] == [ReportState.WANTED, ReportState.DONE]
    assert worker.huey.dequeue() is None


@pytest.mark.slow
def test_a_report_queued_twice_is_built_once(instance: Instance, wanted: list[int]) -> None:
    queue = open_queue(instance.config)
    for _ in range(2):
        queue.enqueue_report(wanted[0])
    first = queue.huey.execute(queue.huey.dequeue())
    database = instance.open()
    with database.reading() as session:
        finished = reports.get_report(session, wanted[0]).finished_at
    queue.huey.execute(queue.huey.dequeue())
    with database.reading() as session:
        assert reports.get_report(session, wanted[0]).finished_at == finished
    database.close()
    assert first is None, "results are not kept: nobody asks for them"


def test_an_unknown_report_is_no_error(instance: Instance) -> None:
    queue = open_queue(instance.config)
    queue.enqueue_report(999)
    queue.huey.execute(queue.huey.dequeue())


def test_a_lost_queue_is_filled_again_from_the_store(instance: Instance, wanted: list[int]) -> None:
    open_queue(instance.config).enqueue_report(wanted[0])
    (instance.folder / "jobs.sqlite3").unlink()
    queue, database = open_queue(instance.config), instance.open()
    assert queue.huey.pending_count() == 0
    assert take_up(database, queue) == len(wanted)
    assert take_up(database, queue) == len(wanted)
    assert queue.huey.pending_count() == len(wanted), "each once, however often it is asked"
    database.close()


def test_a_folder_that_cannot_be_written_is_said_in_one_sentence(instance: Instance, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder" / "jobs.sqlite3").mkdir(parents=True)
    for folder in (tmp_path / "file" / "x", tmp_path / "folder"):
        with pytest.raises(Failure, match=r"任务队列文件 .*jobs\.sqlite3"):
            open_queue(dataclasses.replace(instance.config, instance=folder))


@pytest.mark.postgresql
def test_on_postgresql_the_queue_lies_in_the_database(postgresql_database: Database, tmp_path: Path) -> None:
    config = Config(
        database_url=postgresql_database.url.render_as_string(hide_password=False),
        secret_key="x",
        admin_password=None,
        instance=tmp_path,
        keys=tmp_path / "keys",
    )
    queue = open_queue(config)
    queue.enqueue_report(999)
    worker = open_queue(config)
    task = worker.huey.dequeue()
    assert task.args == (999,)
    worker.huey.execute(task)
    assert queue.huey.dequeue() is None
    assert list(tmp_path.iterdir()) == []
    for opened in (queue, worker):
        opened.close()
