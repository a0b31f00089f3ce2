"""Write the database's files anew without what was deleted: a deleted row's bytes otherwise stay until overwritten."""

from survey.store.database import Database, connect_sqlite
from survey.store.failures import as_failures

#: What a closing deletes from or rewrites.
TABLES = (
    *("assignments", "drafts", "inbox", "invitations", "paper_forms", "receipts", "response_factors", "responses"),
    *("suggestions", "withdrawals"),
)


def shorten_log(database: Database) -> None:
    """On SQLite empty the write-ahead log, which holds what pages were before: also answers that were withdrawn.

    On PostgreSQL writing the tables anew each night leaves nothing of deleted rows in them.
    """
    if database.path:
        with as_failures(), database.write_lock():
            connection = connect_sqlite(database.path)
            try:
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()


def scrub(database: Database) -> None:
    """Outside any transaction; others may read meanwhile. Raises :class:`~survey.messages.Failure`."""
    with as_failures(), database.write_lock():
        if database.path:
            connection = connect_sqlite(database.path)
            try:
                connection.execute("VACUUM")
                # The write-ahead log holds the old pages too.
                connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()
            return
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as server:
            server.exec_driver_sql(f"SET lock_timeout = '{round(database.wait_seconds * 1000)}ms'")
            for table in TABLES:
                server.exec_driver_sql(f"VACUUM (FULL) {table}")
            server.exec_driver_sql("RESET lock_timeout")
