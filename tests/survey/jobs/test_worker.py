"""The worker as a process: it builds what is wanted, and what a killed one left is taken up again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text

from survey.jobs.queue import open_queue
from survey.keys import KeyRing
from survey.store import reports
from survey.store.database import Database
from survey.store.reports import ReportState
from survey.store.wave_keys import keys_to_destroy
from survey.workflow.close_wave import close_wave
from tests.survey.conftest import AT, Instance
from tests.survey.field import open_field

SECONDS = 60


@contextmanager
def worker(instance: Instance, **settings: str) -> Iterator["subprocess.Popen[bytes]"]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SURVEY_")}
    log = instance.folder / "worker.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", "survey", "worker"],
            env={**environment, "SURVEY_INSTANCE": str(instance.folder), **settings},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait(timeout=SECONDS)


@pytest.fixture
def database(instance: Instance) -> Iterator[Database]:
    found = instance.open()
    yield found
    found.close()


def states(database: Database) -> list[ReportState]:
    with database.reading() as session:
        return [report.state for report in reports.list_reports(session, 1)]


def wait_for(what: Callable[[], bool], instance: Instance) -> None:
    end = time.monotonic() + SECONDS
    while not what():
        assert time.monotonic() < end, (instance.folder / "worker.log").read_text()
        time.sleep(0.01)


@pytest.mark.slow
def test_a_killed_workers_report_is_built_by_the_next(
    instance: Instance, database: Database, wanted: list[int], tmp_path: Path
) -> None:
    # A typesetter that never ends: the worker is surely killed in the middle of a report.
    (tmp_path / "weasyprint.py").write_text("import time\ntime.sleep(600)\n")
    with worker(instance, PYTHONPATH=str(tmp_path)) as first:
        wait_for(lambda: ReportState.BUILDING in states(database), instance)
        first.send_signal(signal.SIGKILL)
        first.wait(timeout=SECONDS)
    assert states(database).count(ReportState.BUILDING) == 1, "and nobody builds it any more"

    with worker(instance) as second:
        wait_for(lambda: states(database) == [ReportState.DONE] * len(wanted), instance)
        second.send_signal(signal.SIGTERM)
        second.wait(timeout=SECONDS)

    with database.reading() as session:
        files = session.execute(text("SELECT report_id, pdf FROM report_files ORDER BY report_id")).all()
    assert [report for report, _ in files] == wanted, "exactly one PDF each"
    assert all(bytes(pdf).startswith(b"%PDF-") for _, pdf in files)


SLOW_TYPESETTER = """
import sys
import time
from pathlib import Path

here = Path(__file__).parent
(here / "started").touch()
while not (here / "go on").exists():
    time.sleep(0.05)
sys.path.remove(str(here))
del sys.modules["weasyprint"]
import weasyprint
"""


@pytest.mark.slow
def test_a_worker_told_to_stop_finishes_its_report_first(
    instance: Instance, database: Database, wanted: list[int], tmp_path: Path
) -> None:
    (tmp_path / "weasyprint.py").write_text(SLOW_TYPESETTER)
    with worker(instance, PYTHONPATH=str(tmp_path)) as process:
        wait_for((tmp_path / "started").exists, instance)
        process.send_signal(signal.SIGTERM)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=2)
        (tmp_path / "go on").touch()
        assert process.wait(timeout=SECONDS) == 0
    assert states(database) == [ReportState.DONE] + [ReportState.WANTED] * (len(wanted) - 1)


@pytest.mark.slow
def test_an_embedded_database_has_one_worker(instance: Instance) -> None:
    log = instance.folder / "worker.log"
    with worker(instance):
        wait_for(lambda: b"worker ready" in log.read_bytes(), instance)
        before = log.read_text()
        with worker(instance) as second:
            assert second.wait(timeout=SECONDS) == 2
        (line,) = log.read_text().removeprefix(before).splitlines()
        assert str(instance.folder / "worker.lock") in line
    with worker(instance):  # a killed worker's lock went with it
        wait_for(lambda: log.read_bytes().count(b"worker ready") == 2, instance)


@pytest.mark.slow
def test_a_report_wanted_while_the_worker_runs_is_built_when_the_queue_rings(
    instance: Instance, database: Database
) -> None:
    with worker(instance):
        wait_for(lambda: b"worker ready" in (instance.folder / "worker.log").read_bytes(), instance)
        with database.writing() as session:
            (report,) = reports.want_reports(
                session, wave_id=1, run_id=1, areas=[None], language="en", draft=True, at=AT, by="tests"
            )
        open_queue(instance.config).enqueue_report(report)
        wait_for(lambda: states(database) == [ReportState.DONE], instance)


@pytest.mark.slow
def test_a_key_that_a_power_cut_left_is_destroyed_when_the_worker_starts(instance: Instance) -> None:
    database, keys = instance.open(), KeyRing(folder=instance.config.keys)
    field = open_field(database, keys)
    with database.writing() as session:
        close_wave(session, keys, field.wave, at=AT, by="tests")
    assert len(list(keys.folder.iterdir())) == 1
    with worker(instance):
        wait_for(lambda: b"worker ready" in (instance.folder / "worker.log").read_bytes(), instance)
    assert list(keys.folder.iterdir()) == []
    with database.reading() as session:
        assert keys_to_destroy(session) == ()
    database.close()
