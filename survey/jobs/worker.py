"""The worker: what is wanted, one report after the other, and what a closing left over, until it is told to stop."""

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path

from huey import crontab
from huey.consumer import Consumer

from survey.config import Config
from survey.jobs.queue import Queue, open_queue
from survey.keys import KeyRing
from survey.messages import N_, Conflict, Failure, Message
from survey.store.database import Database, open_database
from survey.store.owed_scrubs import OwedScrub
from survey.store.reports import release_building, unfinished_reports
from survey.store.schema import require_current
from survey.store.scrubbing import shorten_log
from survey.store.worker_signs import sign_life
from survey.workflow.destroy_keys import destroy_keys
from survey.workflow.forget_networks import forget_networks
from survey.workflow.forget_order import forget_order
from survey.workflow.rekey_invitations import rekey_letters
from survey.workflow.show_suggestions import forget_suggestions
from survey.workflow.take_out_withdrawn import find_obstacles, take_out_withdrawn

logger = logging.getLogger("survey.worker")


def run_worker(config: Config) -> None:
    """Work until a signal comes: SIGTERM lets the report in hand be finished, SIGINT does not.

    Raises before it starts when the database's migrations are pending, and :class:`Conflict` when an embedded
    database has its one worker already.
    """
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    logger.setLevel(logging.INFO)
    database = open_database(config.database_url)
    require_current(database)
    queue = open_queue(config)
    with _only_worker(config.instance / "worker.lock") if database.path else nullcontext():
        if database.path:
            # What an earlier worker left half built is nobody's.
            with database.writing() as session:
                release_building(session)
        keys = KeyRing(folder=config.keys)
        owed = OwedScrub(config.instance)
        destroy_what_is_left(database, keys)
        take_out(database, keys)
        rekey(database, keys, owed)
        take_up(database, queue)
        show_life(database)
        every_minute = crontab(minute="*")
        queue.huey.periodic_task(every_minute, name="show_life")(lambda: show_life(database))
        queue.huey.periodic_task(every_minute, name="take_up")(lambda: take_up(database, queue))
        queue.huey.periodic_task(every_minute, name="destroy_keys")(lambda: destroy_what_is_left(database, keys))
        before_backups = crontab(hour="17", minute="30")  # UTC: half past one at night in Shanghai
        queue.huey.periodic_task(before_backups, name="rekey")(lambda: rekey(database, keys, owed))
        queue.huey.periodic_task(before_backups, name="forget_order")(lambda: forget_order_of(database))
        queue.huey.periodic_task(before_backups, name="forget_networks")(lambda: forget_networks_of(database, keys))
        logger.info("worker ready")
        Consumer(
            queue.huey,
            workers=1,
            worker_type="thread",
            initial_delay=0.2,
            max_delay=1.0,
            graceful_signal="TERM",
        ).run()


@contextmanager
def _only_worker(lock: Path) -> Iterator[None]:
    """Hold ``lock``, which goes with the process, however that ends."""
    try:
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        message = N_("打不开文件 {file}：{reason}")
        raise Failure(Message(message, {"file": lock, "reason": error.strerror or str(error)})) from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            message = N_("已有一个 survey worker 在运行（{file}）：SQLite 数据库只能有一个，请先停掉它")
            raise Conflict(Message(message, {"file": lock})) from None
        yield
    finally:
        os.close(descriptor)


def destroy_what_is_left(database: Database, keys: KeyRing) -> None:
    """Keys of closed waves that a power cut left. A failure is told and tried again; reports go on being built."""
    try:
        if destroyed := destroy_keys(database, keys):
            logger.info("%d keys of closed waves destroyed", destroyed)
    except Failure as error:
        logger.error("keys of closed waves: %s", error)


def take_out(database: Database, keys: KeyRing) -> None:
    """Withdrawn answers that somebody's restored backup brought back."""
    try:
        with database.writing() as session:
            count = take_out_withdrawn(session, keys)
            obstacles = find_obstacles(session, keys)
        if count:
            logger.info("%d withdrawn answers of a restored backup deleted again", count)
        for obstacle in obstacles:
            logger.error("withdrawn answers: %s", obstacle)
    except Failure as error:
        logger.error("withdrawn answers: %s", error)


def rekey(database: Database, keys: KeyRing, owed: OwedScrub) -> None:
    """Letters of an earlier version whose key was put back since, and what is left of how they were kept."""
    try:
        rekey_letters(database, keys, owed)
        if owed.pay(database):
            logger.info("codes of letters are kept under their wave's key now: delete older backups")
    except Failure as error:
        logger.error("codes of letters: %s", error)


def forget_order_of(database: Database) -> None:
    try:
        with database.writing() as session:
            forget_order(session)
            forget_suggestions(session, today=datetime.now(UTC).date())
        shorten_log(database)
    except Failure as error:
        logger.error("order of the answers: %s", error)


def forget_networks_of(database: Database, keys: KeyRing) -> None:
    try:
        with database.writing() as session:
            forget_networks(session, keys)
    except Failure as error:
        logger.error("networks of open links: %s", error)


def show_life(database: Database) -> None:
    """So that whoever waits can see whether anybody works."""
    try:
        with database.writing() as session:
            sign_life(session, at=datetime.now(UTC))
    except Failure as error:
        logger.error("sign of life: %s", error)


def take_up(database: Database, queue: Queue) -> int:
    """Put what the store still wants into the queue, each report once; how many there were."""
    with database.reading() as session:
        wanted = unfinished_reports(session, now=datetime.now(UTC))
    # What is queued already would only be looked at twice: a claim succeeds once.
    queue.huey.flush()
    for report_id in wanted:
        queue.enqueue_report(report_id)
    return len(wanted)
