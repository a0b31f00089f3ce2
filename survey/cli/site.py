"""What verbs share: the configured database, opened and current, and who is acting."""

import getpass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from survey.config import read_config

if TYPE_CHECKING:
    from survey.store.database import Database

#: What names a wave or a frame; larger numbers no database column holds.
RECORD_ID = click.IntRange(1, 2**31 - 1)


def open_current() -> "Database":
    """The configured database; refused when it is not there or its migrations are pending."""
    from survey.store.database import open_database
    from survey.store.schema import require_current

    database = open_database(read_config().database_url)
    require_current(database)
    return database


def now() -> datetime:
    return datetime.now(UTC)


def acting() -> str:
    """Who is at the keyboard, for the record."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # a container's user may have no name
        return "cli"
