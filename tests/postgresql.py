"""A PostgreSQL server of one's own for a test run: real, in a temporary folder, gone afterwards.

It listens on a free loopback port and on a socket in its folder. As root it runs as an unprivileged user (PostgreSQL
refuses root). It dies with the process that started it, even one killed with SIGKILL; on SIGTERM its folder goes too.
"""

import os
import pwd
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

import psycopg
import pytest

START_SECONDS = 60.0
SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "60",
    "shared_buffers": "32MB",
    "autovacuum": "off",
}


@dataclass(frozen=True, kw_only=True)
class PostgresqlServer:
    folder: Path
    port: int
    pid: int

    def url(self, name: str = "postgres") -> str:
        return f"postgresql://survey@127.0.0.1:{self.port}/{name}"

    def socket_url(self, name: str = "postgres") -> str:
        return f"postgresql://survey@/{name}?host={self.folder}&port={self.port}"

    def run(self, *statements: str) -> None:
        """Each on its own, outside a transaction (CREATE DATABASE needs that)."""
        with psycopg.connect(self.url(), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgresql_server() -> Iterator[PostgresqlServer]:
    """One server for the session (under pytest-xdist: one for each worker). Fails where PostgreSQL is missing."""
    binaries = find_binaries()
    if binaries is None:
        pytest.fail(
            "got no PostgreSQL server under /usr/lib/postgresql/*/bin, expected version 15 or newer; "
            "install the package postgresql (make setup does, as root)",
            pytrace=False,
        )
    with running_server(binaries) as server, pytest.MonkeyPatch.context() as patch:
        # Not the scripts that look for these programs each time: to restore asks for one table after another.
        patch.setenv("PATH", str(binaries), prepend=os.pathsep)
        yield server


def find_binaries() -> Path | None:
    """The folder of the newest installed version with both ``initdb`` and ``postgres``."""

    def version(folder: Path) -> int:
        return int(re.sub(r"\D.*", "", folder.parent.name) or 0)

    found = [
        folder
        for folder in Path("/usr/lib/postgresql").glob("*/bin")
        if (folder / "initdb").exists() and (folder / "postgres").exists()
    ]
    return max(found, key=version, default=None)


@contextmanager
def running_server(binaries: Path) -> Iterator[PostgresqlServer]:
    """A new cluster and its server; both are gone when the block ends or the process gets SIGTERM."""
    folder = Path(tempfile.mkdtemp(prefix="survey-pg-", dir="/tmp"))
    processes: list[subprocess.Popen[bytes]] = []

    def clean_up() -> None:
        for process in processes:
            _stop(process)
        shutil.rmtree(folder, ignore_errors=True)

    with _on_sigterm(clean_up):
        try:
            as_user = _drop_root(folder)
            _initdb(binaries, folder, as_user)
            yield _start(binaries, folder, as_user, processes)
        finally:
            clean_up()


def _drop_root(folder: Path) -> list[str]:
    """The command prefix under which the server runs; the folder is given to that user."""
    dies_with_parent = ["setpriv", "--pdeathsig", "INT"]
    if os.geteuid() != 0:
        return dies_with_parent
    names = {entry.pw_name for entry in pwd.getpwall()}
    user = pwd.getpwnam("postgres" if "postgres" in names else "nobody")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return [*dies_with_parent, "--reuid", str(user.pw_uid), "--regid", str(user.pw_gid), "--clear-groups"]


def _initdb(binaries: Path, folder: Path, as_user: list[str]) -> None:
    options = ["-U", "survey", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
    command = [*as_user, str(binaries / "initdb"), "-D", str(folder / "data"), *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.fail(f"initdb failed: {done.stderr.strip()}", pytrace=False)


def _start(
    binaries: Path, folder: Path, as_user: list[str], processes: list[subprocess.Popen[bytes]]
) -> PostgresqlServer:
    log = folder / "server.log"
    for _ in range(5):  # another process may take the port between looking and listening
        port = _free_port()
        options = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
        command = [str(binaries / "postgres"), "-D", str(folder / "data"), "-k", str(folder), "-p", str(port)]
        with log.open("ab") as output:
            process = subprocess.Popen(
                [*as_user, *command, *options], cwd=folder, stdout=output, stderr=output, stdin=subprocess.DEVNULL
            )
        processes.append(process)
        if _answers(process, port):
            return PostgresqlServer(folder=folder, port=port, pid=process.pid)
        _stop(process)
    pytest.fail(f"PostgreSQL did not start: {log.read_text()[-2000:]}", pytrace=False)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    deadline = time.monotonic() + START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        try:
            psycopg.connect(f"postgresql://survey@127.0.0.1:{port}/postgres", connect_timeout=5).close()
            return True
        except psycopg.OperationalError:
            time.sleep(0.05)
    return False


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGINT)  # "fast": open sessions are cut off
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


@contextmanager
def _on_sigterm(clean_up: object) -> Iterator[None]:
    """Run ``clean_up`` before SIGTERM does what it did before; pytest itself would just be gone."""
    owner = os.getpid()

    def handler(number: int, frame: FrameType | None) -> None:
        if os.getpid() == owner and callable(clean_up):  # not in a forked child
            clean_up()
        signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)

    before = signal.signal(signal.SIGTERM, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
