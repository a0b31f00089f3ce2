"""What the command line, the idle site and a report cost."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from datetime import UTC, datetime
from pathlib import Path

import psutil

from survey.i18n import LANGUAGES
from survey.store.database import Database, open_database
from survey.store.estimates import list_estimated_areas, list_runs
from survey.store.reports import ReportState, list_reports, want_reports
from survey.workflow.build_report import read_document, render
from tests.benchmarks.measurement import Measurement, at_most, command_cpu, median_cpu

MEGABYTE = 1_000_000
#: Each asks for every area in both languages: 16 to 18 reports.
RUNS = 6


def run() -> list[Measurement]:
    with tempfile.TemporaryDirectory() as name:
        instance = Path(name)
        environment = {"SURVEY_INSTANCE": name, "SURVEY_ADMIN_PASSWORD": "measured and weighed"}
        help_cpu = command_cpu("--help", environment=environment, times=5)
        command_cpu("demo", "--scale", "small", environment=environment)
        return [
            at_most("survey --help", help_cpu, "s CPU", 0.5),
            at_most("idle site, all processes", _idle_site(environment), "MB", 150),
            *_community_report(instance),
            *_worker(instance, environment),
        ]


def _start(environment: dict[str, str], *verb: str) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "survey", *verb],
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _memory(process: "subprocess.Popen[bytes]") -> float:
    """Proportional set size of the process and its children: shared pages are counted once."""
    family = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    return sum(member.memory_full_info().pss for member in family) / MEGABYTE


def _idle_site(environment: dict[str, str]) -> float:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = _start(environment, "serve", "--port", str(port))
    try:
        for path in ("/healthz", "/sign-in", "/sign-in"):
            _fetch(f"http://127.0.0.1:{port}{path}")
        return _memory(server)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _fetch(url: str) -> None:
    for _ in range(200):
        try:
            urllib.request.urlopen(url, timeout=5).close()
        except OSError:
            time.sleep(0.1)
        else:
            return
    raise RuntimeError(f"{url} did not answer")


def _community_report(instance: Path) -> list[Measurement]:
    database = open_database(f"sqlite:///{instance / 'survey.sqlite3'}")
    with database.reading() as session:
        document = read_document(session, run_id=1, area="990101001001", language="zh_Hans")
    pages = render(document).pages
    return [
        Measurement(name="pages of a community report", value=pages, unit="pages", target="2 pages", met=pages == 2),
        at_most("community report, warm", median_cpu(lambda: render(document)), "s CPU", 0.6),
    ]


def _worker(instance: Path, environment: dict[str, str]) -> list[Measurement]:
    """Memory of a worker after its first twenty reports and after more than a hundred."""
    database = open_database(f"sqlite:///{instance / 'survey.sqlite3'}")
    for _ in range(RUNS):
        command_cpu("estimate", "--wave", "1", environment=environment)
    with database.writing() as session:
        for run in list_runs(session, 1):
            areas = [None, *list_estimated_areas(session, run.id)]
            for language in LANGUAGES:
                want_reports(
                    session,
                    wave_id=1,
                    run_id=run.id,
                    areas=areas,
                    language=language,
                    draft=False,
                    at=datetime.now(UTC),
                    by="bench",
                )
    worker = _start(environment, "worker")
    try:
        early = _memory_after(database, worker, 20)
        late = _memory_after(database, worker, 100)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(60)
    return [
        at_most("PDF worker after 100 reports", late, "MB", 150),
        at_most("PDF worker, growth from report 20 to 100", late - early, "MB", 5),
    ]


def _memory_after(database: Database, worker: "subprocess.Popen[bytes]", reports: int) -> float:
    for _ in range(1200):
        with database.reading() as session:
            done = sum(report.state is ReportState.DONE for report in list_reports(session, 1))
        if done >= reports:
            return _memory(worker)
        if worker.poll() is not None:
            break
        time.sleep(0.5)
    raise RuntimeError(f"the worker finished {done} of {reports} reports")
