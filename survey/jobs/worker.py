"""The worker: takes up what is wanted, one report after the other, until it is told to stop."""

import logging
from datetime import UTC, datetime

from huey import crontab
from huey.consumer import Consumer

from survey.config import Config
from survey.jobs.queue import Queue, open_queue
from survey.store.database import Database, open_database
from survey.store.reports import release_building, unfinished_reports
from survey.store.schema import require_current

logger = logging.getLogger("survey.worker")


def run_worker(config: Config) -> None:
    """Work until a signal comes; raises before it starts when the database's migrations are pending."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    logger.setLevel(logging.INFO)
    database = open_database(config.database_url)
    require_current(database)
    queue = open_queue(config)
    if database.path:
        # The one worker of an embedded database: what an earlier one left half built is nobody's.
        with database.writing() as session:
            release_building(session)
    take_up(database, queue)
    queue.huey.periodic_task(crontab(minute="*"), name="take_up")(lambda: take_up(database, queue))
    logger.info("worker ready")
    Consumer(queue.huey, workers=1, worker_type="thread", initial_delay=0.2, max_delay=1.0).run()


def take_up(database: Database, queue: Queue) -> int:
    """Put what the store still wants into the queue, each report once; how many there were."""
    with database.reading() as session:
        wanted = unfinished_reports(session, now=datetime.now(UTC))
    # What is queued already would only be looked at twice: a claim succeeds once.
    queue.huey.flush()
    for report_id in wanted:
        queue.enqueue_report(report_id)
    return len(wanted)
