"""Dumps of a PostgreSQL database by PostgreSQL's own ``pg_dump`` and ``pg_restore``."""

import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any, cast

import psycopg
from sqlalchemy import URL, Connection, Integer, inspect

from survey.messages import N_, Failure, Message
from survey.store.backup_checks import damaged, expect_known_revision, expect_start, foreign
from survey.store.schema import METADATA

MAGIC = b"PGDMP"
WAIT_SECONDS = 30.0
DEBIAN = Path("/usr/lib/postgresql")


def write(url: URL, target: Path) -> None:
    """Dump the database into ``target``; what other programs own in the same database is dumped too."""
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--lock-wait-timeout={WAIT_SECONDS:.0f}s"]
    done = _run("pg_dump", [*options, f"--file={target}", f"--dbname={_address(url)}"], url)
    if done.returncode != 0:
        raise Failure(Message(N_("备份没有完成（{detail}）"), {"detail": _said(done)}))


def check(path: Path) -> str:
    """The revision of the dump. Raises :class:`BadInput` unless it is whole and this program's."""
    expect_start(path, MAGIC, Message(N_("它不是 pg_dump 的备份文件")))
    # Reading all of it unpacks every block: a cut or changed one shows here, not half way through a restore.
    _read(path, "--file=/dev/null")
    tables = set(re.findall(r" TABLE \S+ (\S+) ", _read(path, "--list")))
    if not tables & set(METADATA.tables) or "alembic_version" not in tables:
        raise foreign(path)
    script = _read(path, "--data-only", "--table=alembic_version", "--file=-")
    found = re.search(r"^COPY \S+ \(version_num\) FROM stdin;\n(.*?)\n?\\\.$", script, re.MULTILINE | re.DOTALL)
    revision = found.group(1) if found else ""
    expect_known_revision(path, revision)
    return revision


def restore(path: Path, connection: Connection) -> None:
    """Replace the rows of every table by those of the checked dump, in the caller's transaction.

    The tables themselves stay: dropping them would wait for every reader, and a reader that had begun would find
    the new tables empty. Nothing of the dump is run as SQL, and tables of other programs are left alone.
    """
    present = inspect(connection).get_sorted_table_and_fkc_names()
    tables = [name for name, _ in present if name is not None and name in METADATA.tables]
    for name in tables:
        connection.exec_driver_sql(f"ALTER TABLE {name} DISABLE TRIGGER USER")
    for name in reversed(tables):
        connection.exec_driver_sql(f"DELETE FROM {name}")  # noqa: S608 - names of our own tables
    for name in tables:
        _copy(path, name, connection)
        _continue_numbers(name, connection)
    connection.exec_driver_sql("SET CONSTRAINTS ALL IMMEDIATE")  # PostgreSQL wants that before ALTER TABLE
    for name in tables:
        connection.exec_driver_sql(f"ALTER TABLE {name} ENABLE TRIGGER USER")


def _copy(path: Path, table: str, connection: Connection) -> None:
    """The rows of one table, from the script pg_restore would run: a COPY line, the rows, a line with ``\\.``."""
    command = [find_program("pg_restore"), "--data-only", f"--table={table}", "--file=-", str(path)]
    driver = cast("psycopg.Connection[Any]", connection.connection.driver_connection)
    start = re.compile(rb"COPY \S+\.\"?" + table.encode() + rb"\"? (\([^;]*\)) FROM stdin;\n")
    with subprocess.Popen(  # noqa: S603 - a fixed program, arguments as a list
        command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        lines = iter(process.stdout or ())
        columns = next((found.group(1) for line in lines if (found := start.fullmatch(line))), None)
        if columns is not None:
            with (
                driver.cursor() as cursor,
                cursor.copy(b"COPY " + table.encode() + b" " + columns + b" FROM STDIN") as copy,
            ):
                for line in lines:
                    if line == b"\\.\n":
                        break
                    copy.write(line)
        for _ in lines:  # to its end, so that pg_restore ends well
            pass
    if columns is None or process.returncode != 0:
        raise Failure(Message(N_("恢复没有完成，数据库没有改动（{detail}）"), {"detail": f"pg_restore: {table}"}))


def _continue_numbers(table: str, connection: Connection) -> None:
    """The next number given is one more than the highest there; an ``id`` that is no number is given by no one."""
    column = METADATA.tables[table].columns.get("id")
    if column is not None and isinstance(column.type, Integer):
        connection.exec_driver_sql(
            f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), COALESCE(MAX(id), 1), MAX(id) IS NOT NULL) "  # noqa: S608 - our own table
            f"FROM {table}"
        )


def find_program(name: str) -> str:
    """The path of ``pg_dump`` or ``pg_restore``: on PATH, or Debian's newest. Raises :class:`Failure`."""
    folders = sorted(
        DEBIAN.glob("*/bin"),
        key=lambda folder: int(re.sub(r"\D.*", "", folder.parent.name) or 0),
        reverse=True,
    )
    found = shutil.which(name) or shutil.which(name, path=os.pathsep.join(map(str, folders)))
    if found is None:
        raise Failure(Message(N_("找不到程序 {name}；请安装系统软件包 postgresql-client"), {"name": name}))
    return found


def _read(path: Path, *options: str) -> str:
    done = _run("pg_restore", [*options, str(path)], None)
    if done.returncode != 0:
        raise damaged(path, _said(done))
    return done.stdout


def _run(name: str, arguments: list[str], url: URL | None) -> subprocess.CompletedProcess[str]:
    # The password goes by the environment: command lines are public on the machine.
    password = {"PGPASSWORD": str(url.password)} if url is not None and url.password else {}
    return subprocess.run(  # noqa: S603 - a fixed program, arguments as a list
        [find_program(name), *arguments],
        env={**os.environ, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10", **password},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def _address(url: URL) -> str:
    # URL.set() takes a password of None for "as it was".
    return url._replace(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _said(done: subprocess.CompletedProcess[str]) -> str:
    """The first line of what went wrong; a killed program says nothing."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[0] if lines else f"exit {done.returncode}"
