"""Where pages leave work and the worker finds it: a file of its own beside SQLite, a table on PostgreSQL.

The queue forgets a task when a worker takes it. Nothing is lost by that: what is wanted stays a row in the store until
it is done, and the worker asks the store again at its start and every minute.
"""

import sqlite3
from dataclasses import dataclass

from huey import Huey, PostgresHuey, SqliteHuey
from huey.api import TaskWrapper
from sqlalchemy import make_url

from survey.config import Config
from survey.messages import N_, Failure, Message
from survey.store.database import Database, open_database
from survey.store.failures import as_failures
from survey.workflow.build_report import build_report

NAME = "survey"


@dataclass(frozen=True, kw_only=True)
class Queue:
    huey: Huey
    report_task: TaskWrapper
    database: Database

    def enqueue_report(self, report_id: int) -> None:
        """Let a worker build the report with this id."""
        self.report_task(report_id)

    def close(self) -> None:
        """Give back the connections of this thread."""
        self.huey.storage.close()
        self.database.close()


def open_queue(config: Config) -> Queue:
    """The queue beside the configured database; its file or tables are made when they are missing.

    Raises :class:`~survey.messages.Failure` when that cannot be done.
    """
    with as_failures():
        huey = _huey(config)
    database = open_database(config.database_url)

    def build(report_id: int) -> None:
        build_report(database, report_id)

    return Queue(huey=huey, report_task=huey.task(name="build_report")(build), database=database)


def _huey(config: Config) -> Huey:
    url = make_url(config.database_url)
    if url.get_backend_name() == "sqlite":
        file = config.instance / "jobs.sqlite3"
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            return SqliteHuey(NAME, filename=str(file), results=False)
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise Failure(
                Message(N_("建不了任务队列文件 {file}：{reason}"), {"file": file, "reason": reason})
            ) from error
    dsn = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return PostgresHuey(NAME, dsn=dsn, results=False)
