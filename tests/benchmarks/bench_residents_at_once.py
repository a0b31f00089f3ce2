"""32 residents at the same time on each database: nothing fails, is lost or doubled, by their own list of receipts.

Half come by code and half by open link, 24 questions on one page; every receipt that a browser was shown must be kept
once, and nothing besides.
"""

import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from survey.fieldwork.resident_codes import read_receipt, receipt_hash
from survey.keys import KeyRing
from survey.store.database import Database, open_database
from survey.store.receipts import list_receipts
from survey.store.responses import count_responses
from tests.benchmarks.bench_resident import instrument
from tests.benchmarks.measurement import Measurement, at_most, command_cpu
from tests.benchmarks.residents import Resident, serving
from tests.postgresql import find_binaries, running_server
from tests.survey import answering
from tests.survey.answering import Online

AT_ONCE, TURNS, WARMING = 32, 6, 20
PEOPLE = AT_ONCE * TURNS


def run() -> list[Measurement]:
    found = []
    for name, place in (("SQLite", _sqlite), ("PostgreSQL", _postgresql)):
        with place() as (environment, folder):
            found += _measure(name, environment, folder)
    return found


def _measure(name: str, environment: dict[str, str], folder: Path) -> list[Measurement]:
    command_cpu("init", environment=environment)
    database = open_database(environment["SURVEY_DATABASE_URL"])
    codes = answering.start(
        database, KeyRing(folder=folder / "keys"), codes=PEOPLE // 2, instrument=instrument(one_page=True)
    )
    ways_in = [way for code in codes.codes for way in (f"/a/{code}", f"/o/{codes.link}")]
    with serving(environment) as server:
        warm = [Resident(server.port).answer(f"/o/{codes.link}").receipt for _ in range(WARMING)]
        start, cpu = time.perf_counter(), server.cpu()
        receipts, errors = _answer_all(server.port, ways_in)
        seconds, cpu = time.perf_counter() - start, server.cpu() - cpu
    lost, doubled = _compare(database, codes, warm + receipts)
    database.close()
    what = f"{AT_ONCE} at once on {name}"
    return [
        at_most(f"{what}: errors among {PEOPLE}", errors, "answers", 0),
        at_most(f"{what}: lost", lost, "answers", 0),
        at_most(f"{what}: doubled", doubled, "answers", 0),
        Measurement(name=f"{what}: server CPU of each", value=cpu * 1000 / PEOPLE, unit="ms CPU"),
        Measurement(name=f"{what}: answers a second", value=PEOPLE / seconds, unit="answers/s"),
    ]


def _answer_all(port: int, ways_in: list[str]) -> tuple[list[str], int]:
    """The receipts that were shown, and how many came to no end."""
    begin = threading.Barrier(AT_ONCE)

    def some(mine: list[str]) -> list[str | None]:
        begin.wait(60)
        return [_answer(port, way_in, number) for number, way_in in enumerate(mine)]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = [one for part in pool.map(some, [ways_in[at::AT_ONCE] for at in range(AT_ONCE)]) for one in part]
    return [one for one in found if one is not None], found.count(None)


def _answer(port: int, way_in: str, number: int) -> str | None:
    try:
        return Resident(port, address=f"198.51.100.{number}").answer(way_in).receipt
    except (OSError, RuntimeError, ValueError):
        return None


def _compare(database: Database, online: Online, receipts: list[str]) -> tuple[int, int]:
    """Answers that a receipt was shown for and that are not stored; and those stored beyond them."""
    with database.reading() as session:
        kept, answers = set(list_receipts(session, online.wave)), count_responses(session, online.wave)
    shown = {receipt_hash(read_receipt(receipt) or "") for receipt in receipts}
    lost = len(shown - kept) + max(0, len(receipts) - answers)
    doubled = len(kept - shown) + max(0, answers - len(receipts)) + len(receipts) - len(shown)
    return lost, doubled


@contextmanager
def _sqlite() -> Iterator[tuple[dict[str, str], Path]]:
    with tempfile.TemporaryDirectory() as name:
        file = Path(name) / "survey.sqlite3"
        yield {"SURVEY_INSTANCE": name, "SURVEY_DATABASE_URL": f"sqlite:///{file}"}, Path(name)


@contextmanager
def _postgresql() -> Iterator[tuple[dict[str, str], Path]]:
    binaries = find_binaries()
    if binaries is None:
        raise RuntimeError("no PostgreSQL on this machine")
    with tempfile.TemporaryDirectory() as name, running_server(binaries) as server:
        server.run("CREATE DATABASE survey")
        yield {"SURVEY_INSTANCE": name, "SURVEY_DATABASE_URL": server.url("survey")}, Path(name)
