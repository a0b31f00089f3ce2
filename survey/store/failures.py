"""What the database driver says, as a sentence somebody can act on."""

import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sqlalchemy.exc import DBAPIError

from survey.messages import N_, BadInput, Failure, Message, SurveyError

if TYPE_CHECKING:
    import psycopg

DISK_FULL = N_("磁盘已满，没有保存任何内容；请腾出空间后重试（{detail}）")
IO_ERROR = N_("数据库文件读写失败，没有保存任何内容；请检查磁盘（{detail}）")
BUSY = N_("数据库正忙，等待超时，没有保存任何内容；请稍后重试（{detail}）")
READ_ONLY = N_("数据库只能读，不能写；请检查文件与文件夹的权限（{detail}）")
CANNOT_OPEN = N_("打不开数据库；请检查地址与权限，新装时请先运行 survey init（{detail}）")
DAMAGED = N_("数据库文件已损坏或不是数据库；请用 survey restore 从备份恢复（{detail}）")
UNREACHABLE = N_("连不上数据库服务器；请检查它是否在运行以及 SURVEY_DATABASE_URL（{detail}）")
NO_TABLES = N_("数据库里没有需要的表；请运行 survey upgrade（{detail}）")
OTHER = N_("数据库操作失败，没有保存任何内容（{detail}）")
UNSTORABLE = N_("数据库不能保存这个值，预期是不含空字符、大小合理的文字或数字（{detail}）")

#: By the start of SQLite's own name for the result code.
SQLITE = {
    "SQLITE_FULL": DISK_FULL,
    "SQLITE_IOERR": IO_ERROR,
    "SQLITE_BUSY": BUSY,
    "SQLITE_LOCKED": BUSY,
    "SQLITE_READONLY": READ_ONLY,
    "SQLITE_CANTOPEN": CANNOT_OPEN,
    "SQLITE_NOTADB": DAMAGED,
    "SQLITE_CORRUPT": DAMAGED,
    "SQLITE_TOOBIG": UNSTORABLE,
}

#: By the start of PostgreSQL's SQLSTATE.
POSTGRESQL = {
    "53100": DISK_FULL,
    "53300": BUSY,
    "58": IO_ERROR,
    "55P03": BUSY,
    "40": BUSY,
    "57014": BUSY,
    "25006": READ_ONLY,
    "42P01": NO_TABLES,
    "3D000": CANNOT_OPEN,
    "28": CANNOT_OPEN,
    "08": UNREACHABLE,
    "57P": UNREACHABLE,
    "22": UNSTORABLE,
}


@contextmanager
def as_failures() -> Iterator[None]:
    """Errors of the disk, the server or the lock leave as :class:`Failure`, values that do not fit as
    :class:`BadInput`; a broken constraint or a mistake in SQL stays what it is.
    """
    try:
        yield
    except _driver_errors() as error:
        said = _first_translated(error)
        if said is None:
            raise
        raise said from error


def _driver_errors() -> tuple[type[Exception], ...]:
    return (DBAPIError, sqlite3.Error, *_psycopg_errors())


def _psycopg_errors() -> "tuple[type[psycopg.Error], ...]":
    """What psycopg raises, once a PostgreSQL address has loaded it: 10 MB that SQLite does not need."""
    driver = sys.modules.get("psycopg")
    return (driver.Error,) if driver else ()


def _first_translated(error: BaseException) -> SurveyError | None:
    """What happened first: after a full disk SQLite drops the transaction, and undoing it then fails as well."""
    said: SurveyError | None = None
    link: BaseException | None = error
    while link is not None:
        driver = link.orig if isinstance(link, DBAPIError) else link
        said = translate_error(driver) or said
        link = link.__cause__ or link.__context__
    return said


def translate_error(error: BaseException | None) -> SurveyError | None:
    """The message for a driver's error; ``None`` for one that is a mistake of the program."""
    msgid: str | None = None
    if isinstance(error, sqlite3.Error):
        msgid = _sqlite_message(error)
    elif isinstance(error, _psycopg_errors()):
        msgid = _postgresql_message(error)
    if msgid is None:
        return None
    # The first line only: PostgreSQL's further lines quote the row.
    detail = (str(error).strip().splitlines() or [type(error).__name__])[0]
    kind = BadInput if msgid is UNSTORABLE else Failure
    return kind(Message(msgid, {"detail": detail}))


def _sqlite_message(error: sqlite3.Error) -> str | None:
    name = getattr(error, "sqlite_errorname", "") or ""
    for start, msgid in SQLITE.items():
        if name.startswith(start):
            return msgid
    if "no such table" in str(error):
        return NO_TABLES
    return OTHER if isinstance(error, sqlite3.OperationalError) else None


def _postgresql_message(error: "psycopg.Error") -> str | None:
    import psycopg  # it raised the error, so it is loaded

    state = error.sqlstate
    if state is None:  # the server did not say it: the connection did
        connection = isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
        return UNREACHABLE if connection else UNSTORABLE if isinstance(error, psycopg.DataError) else None
    for start, msgid in POSTGRESQL.items():
        if state.startswith(start):
            return msgid
    return OTHER if isinstance(error, psycopg.OperationalError) else None
