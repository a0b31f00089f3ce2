import signal
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from survey.messages import Failure
from survey.store.areas import AreaRow
from survey.store.database import Database, open_database

ROOT = Path(__file__).parents[3]


def address(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


def population(session: Session) -> int:
    return session.scalars(select(AreaRow.population).where(AreaRow.name == "东社区")).one() or 0


INCREMENT = """
import sys
from sqlalchemy import select, update
from survey.store.areas import AreaRow
from survey.store.database import open_database
database = open_database(sys.argv[1])
for _ in range(int(sys.argv[2])):
    with database.writing() as session:
        before = session.scalars(select(AreaRow.population).where(AreaRow.name == "东社区")).one()
        session.execute(update(AreaRow).where(AreaRow.name == "东社区").values(population=before + 1))
"""


@pytest.mark.slow
def test_processes_that_read_then_write_lose_and_fail_nothing(database, example, run_python):
    with database.reading() as session:
        before = population(session)
    running = [run_python(INCREMENT, address(database), "20") for _ in range(3)]
    ended = [process.communicate(timeout=120)[1] for process in running]
    assert [process.returncode for process in running] == [0] * 3, ended
    with database.reading() as session:
        assert population(session) == before + 60


def test_threads_that_read_then_write_lose_and_fail_nothing(database, example):
    failed: list[BaseException] = []

    def work() -> None:
        try:
            for _ in range(25):
                with database.writing() as session:
                    value = population(session) + 1
                    session.execute(update(AreaRow).where(AreaRow.name == "东社区").values(population=value))
        except BaseException as error:  # noqa: BLE001
            failed.append(error)

    with database.reading() as session:
        before = population(session)
    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading() as session:
        assert (failed, population(session)) == ([], before + 100)


def test_a_killed_writer_leaves_neither_its_change_nor_its_lock(database, example, run_python):
    process = run_python(
        INCREMENT + "\n"
        "with database.writing() as session:\n"
        "    session.execute(update(AreaRow).values(population=7))\n"
        "    print('written', flush=True)\n"
        "    import time; time.sleep(60)\n",
        address(database),
        "0",
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    process.send_signal(signal.SIGKILL)
    process.communicate()
    start = time.monotonic()
    with database.writing() as session:
        assert population(session) == 2400
    assert time.monotonic() - start < 10


def test_waiting_for_another_writer_ends_with_a_failure(database):
    impatient = open_database(address(database), wait_seconds=0.3)
    inside, done = threading.Event(), threading.Event()

    def hold() -> None:
        with database.writing():
            inside.set()
            done.wait(30)

    holder = threading.Thread(target=hold)
    holder.start()
    try:
        assert inside.wait(10)
        with pytest.raises(Failure, match="稍后重试"), impatient.writing():
            pass
    finally:
        done.set()
        holder.join()
        impatient.close()


def test_writing_inside_writing_is_refused_at_once(database):
    with database.writing(), pytest.raises(RuntimeError, match="nested"), database.writing():
        pass
