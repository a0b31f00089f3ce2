"""Dumps of a PostgreSQL database by PostgreSQL's own ``pg_dump`` and ``pg_restore``."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from sqlalchemy import URL

from survey.messages import N_, Failure, Message
from survey.store.backup_checks import damaged, expect_known_revision, expect_start, foreign
from survey.store.schema import METADATA

MAGIC = b"PGDMP"
WAIT_SECONDS = 30.0


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


def restore(path: Path, url: URL, wait_seconds: float) -> None:
    """Replace the tables by those of the checked dump, in one transaction."""
    options = ["--clean", "--if-exists", "--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"]
    # Tables cannot be replaced under a reader: wait for it, but not for ever.
    lock_timeout = {"PGOPTIONS": f"-c lock_timeout={round(wait_seconds * 1000)}"}
    done = _run("pg_restore", [*options, f"--dbname={_address(url)}", str(path)], url, lock_timeout)
    if done.returncode != 0:
        raise Failure(Message(N_("恢复没有完成，数据库没有改动（{detail}）"), {"detail": _said(done)}))


def find_program(name: str) -> str:
    """The path of ``pg_dump`` or ``pg_restore``: on PATH, or Debian's newest. Raises :class:`Failure`."""
    folders = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"),
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


def _run(
    name: str, arguments: list[str], url: URL | None, environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    # The password goes by the environment: command lines are public on the machine.
    password = {"PGPASSWORD": str(url.password)} if url is not None and url.password else {}
    return subprocess.run(  # noqa: S603 - a fixed program, arguments as a list
        [find_program(name), *arguments],
        env={**os.environ, "LC_ALL": "C", "PGCONNECT_TIMEOUT": "10", **password, **(environment or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        errors="replace",
        check=False,
    )


def _address(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string(hide_password=False)


def _said(done: subprocess.CompletedProcess[str]) -> str:
    """The first line of what went wrong; a killed program says nothing."""
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    return lines[0] if lines else f"exit {done.returncode}"
