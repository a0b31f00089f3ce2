"""Write the database's files anew without what was deleted: a deleted row's bytes otherwise stay until overwritten."""

import time
from pathlib import Path

from survey.messages import N_, Failure, Message
from survey.store.database import Database, connect_sqlite
from survey.store.failures import as_failures

#: What a closing deletes from or rewrites.
TABLES = (
    *("assignments", "drafts", "inbox", "invitations", "paper_forms", "receipts", "response_factors", "responses"),
    *("suggestions", "withdrawals"),
)


#: Who reads keeps the log from being emptied: how long to wait for them in all, and at a time with writers waiting.
READERS_LEAVE, AT_A_TIME, BETWEEN = 10.0, 0.2, 0.3  # seconds


def shorten_log(database: Database) -> None:
    """On SQLite empty the write-ahead log, which holds what pages were before: also answers that were withdrawn.

    On PostgreSQL writing the tables anew each night leaves nothing of deleted rows in them. Raises ``Failure`` where
    somebody reads all the while: the log is as it was.
    """
    if database.path:
        with as_failures():
            _empty_log(database, database.path)


def scrub(database: Database) -> None:
    """Outside any transaction; others may read meanwhile. Raises :class:`~survey.messages.Failure`."""
    with as_failures():
        if database.path:
            with database.write_lock():
                connection = connect_sqlite(database.path)
                try:
                    connection.execute("VACUUM")
                finally:
                    connection.close()
            _empty_log(database, database.path)  # it holds the old pages too
            return
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
            server.exec_driver_sql(f"SET lock_timeout = '{round(database.wait_seconds * 1000)}ms'")
            for table in TABLES:
                server.exec_driver_sql(f"VACUUM (FULL) {table}")
            server.exec_driver_sql("RESET lock_timeout")


def _empty_log(database: Database, path: Path) -> None:
    """SQLite does not raise where readers are in the way: it answers "busy" and leaves the log as it was."""
    until = time.monotonic() + READERS_LEAVE
    while True:
        with database.write_lock():
            connection = connect_sqlite(path)
            try:
                connection.execute(f"PRAGMA busy_timeout = {round(AT_A_TIME * 1000)}")
                busy, *_ = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            finally:
                connection.close()
        if not busy:
            return
        if time.monotonic() >= until:
            message = N_("有人一直在读数据库（备份、报告或导出）：删除的内容还在它的日志文件里；等它们做完，再试一次")
            raise Failure(Message(message))
        time.sleep(BETWEEN)
