"""The server of a test run never outlives it, however the run ends."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from tests import postgresql

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[1]

RUN = """
import time
from tests.postgresql import find_binaries, running_server
with running_server(find_binaries()) as server:
    print(server.folder, server.pid, flush=True)
    time.sleep(120)
"""


def gone(pid: int) -> bool:
    """Whether the process ended; a child nobody waited for counts as ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


@pytest.mark.postgresql
def test_it_is_a_recent_postgresql_with_unicode(postgresql_server):
    with psycopg.connect(postgresql_server.socket_url()) as connection:
        assert connection.info.server_version >= 150000
        assert connection.execute("SELECT length('满意'), current_setting('fsync')").fetchone() == (2, "off")


@pytest.mark.postgresql
def test_the_server_is_not_root(postgresql_server):
    assert os.stat(f"/proc/{postgresql_server.pid}").st_uid != 0 or os.geteuid() != 0  # noqa: PTH116


@pytest.mark.postgresql
@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
def test_a_killed_run_leaves_no_server(end):
    run = subprocess.Popen([sys.executable, "-c", RUN], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert run.stdout is not None
    folder, pid = run.stdout.readline().split()
    run.send_signal(end)
    run.communicate(timeout=30)
    deadline = time.monotonic() + 30
    while not gone(int(pid)) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert gone(int(pid))
    if end is signal.SIGTERM:
        assert not Path(folder).exists()
        assert run.returncode == -signal.SIGTERM
    else:  # nobody was left to remove it
        subprocess.run(["rm", "-r", folder], check=True)


def test_missing_binaries_fail_and_never_skip(pytester, monkeypatch):
    monkeypatch.setattr(postgresql, "find_binaries", lambda: None)
    pytester.makepyfile("from tests.postgresql import postgresql_server\ndef test_it(postgresql_server): pass\n")
    result = pytester.runpytest_inprocess("-p", "no:cacheprovider")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*install the package postgresql*"])
