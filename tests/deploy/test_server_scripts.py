"""Restore, upgrade and check on a folder that stands for a server: what fails leaves what was there."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy.conftest import DEPLOY, install, stand_in

#: As the site's user nothing is checked here; what the database's user is asked for is only written down.
RUNUSER = """#!/bin/sh
user=$2; shift 3
echo "$user: $*" >> "$SAID"
[ "$user" = postgres ] || exec "$@"
"""
#: A version that writes down what it is asked to do and to which database, and fails at one verb.
VERSION = """#!/bin/sh
echo "$SURVEY_DATABASE_URL $1" >> "$SAID"
[ "$1" != upgrade ] || touch "$SURVEY_INSTANCE/before-upgrade"
[ "$1" != "${FAILS:-}" ]
"""
#: A version that runs, and what three upgrades that failed left.
FAILED = ("0.2.0-20260201T000000Z", "0.2.0-20260202T000000Z", "0.2.1-20260203T000000Z")


@pytest.fixture(scope="module")
def installed_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    machine = stand_in(tmp_path_factory.mktemp("server"))
    assert install(machine, "https://town.example").returncode == 0
    release = machine / "opt/survey/releases/0.1.0-20260101T000000Z"
    programs = {"bin/runuser": RUNUSER, str(release.relative_to(machine) / ".venv/bin/survey"): VERSION}
    for name, text in programs.items():
        (machine / name).parent.mkdir(parents=True)
        (machine / name).write_text(text, "utf-8")
        (machine / name).chmod(0o755)
    (machine / "tmp").mkdir()
    (machine / "tmp/survey.dump").write_bytes(b"all the answers")
    return machine


@pytest.fixture
def installed(installed_once: Path, tmp_path: Path) -> Path:
    """The same with settings, and with a backup in ``tmp``."""
    shutil.copytree(installed_once, tmp_path, symlinks=True, dirs_exist_ok=True)
    return tmp_path


def restore(machine: Path, **more: str) -> tuple[subprocess.CompletedProcess[str], list[str]]:
    """What came of it, and what was asked of whom."""
    said = machine / "said"
    path = f"{machine / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        [str(DEPLOY / "restore.sh"), str(machine / "tmp/survey.dump")],
        env=os.environ | {"ROOT": str(machine), "PATH": path, "SAID": str(said)} | more,
        capture_output=True,
        text=True,
    )
    return done, said.read_text("utf-8").splitlines()


def database_of(machine: Path) -> str:
    settings = (machine / "etc/survey/survey.env").read_text("utf-8")
    (found,) = re.findall(r"^SURVEY_DATABASE_URL=(.*)$", settings, re.M)
    assert isinstance(found, str)
    return found


def test_a_restore_changes_over_when_the_new_database_is_ready(installed: Path) -> None:
    before = database_of(installed)
    done, said = restore(installed)
    assert done.returncode == 0, done.stderr
    new = database_of(installed)
    assert re.fullmatch(r"postgresql:///survey_\d{8}t\d{6}\?host=/var/run/postgresql", new)
    assert [line for line in said if line.startswith("postgresql:")] == [f"{new} restore", f"{new} upgrade"]
    name = before.removeprefix("postgresql:///").partition("?")[0]
    assert f"dropdb {name} " in done.stdout
    assert not any("dropdb" in line for line in said)
    assert list((installed / "var/lib/survey").rglob("*")) == [], "no copy of the answers stays behind"


@pytest.mark.parametrize("verb", ["restore", "upgrade"])
def test_a_restore_that_fails_leaves_the_site_as_it_was(installed: Path, verb: str) -> None:
    settings = (installed / "etc/survey/survey.env").read_bytes()
    done, said = restore(installed, FAILS=verb)
    assert done.returncode != 0
    assert "NOT RESTORED" in done.stderr
    assert "systemctl" not in done.stdout, "neither stopped nor started"
    assert (installed / "etc/survey/survey.env").read_bytes() == settings
    created = next(line.split()[-1] for line in said if "createdb" in line)
    assert said[-1] == f"postgres: dropdb --if-exists {created}"
    assert list((installed / "var/lib/survey").rglob("*")) == []


def test_the_version_to_go_back_to_stays_however_many_upgrades_failed(machine: Path) -> None:
    releases, new = machine / "opt/survey/releases", "0.2.1-20260204T000000Z"
    for name in (*FAILED, "0.0.9-20251201T000000Z", new):
        (releases / name).mkdir()
    current = machine / "opt/survey/current"
    before = current.readlink()
    current.unlink()
    current.symlink_to(f"/opt/survey/releases/{new}")
    script = f". {DEPLOY}/server.sh; remove_old_releases '{machine}{before}'"
    done = subprocess.run(
        ["sh", "-euc", script], env=os.environ | {"ROOT": str(machine)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert {path.name for path in releases.iterdir()} == {before.name, *FAILED[1:], new}


def check(machine: Path, **stubs: str) -> subprocess.CompletedProcess[str]:
    """What ``check.sh`` says where all is well, but for the programs in ``stubs``: name -> what it does instead."""
    settings = machine / "etc/survey/survey.env"
    settings.write_text(re.sub(r"=/var/", f"={machine}/var/", settings.read_text("utf-8")), "utf-8")
    well = {
        "systemctl": '[ "$1" != is-failed ]',
        "python3": "",
        "df": "printf 'Use%%\\n 40%%\\n'",
        "stat": "echo 700 survey",
        "survey": "",
    }
    for name, text in (well | stubs).items():
        program = machine / ("usr/local/bin/survey" if name == "survey" else f"bin/{name}")
        program.write_text(f"#!/bin/sh\n{text}\n", "utf-8")
        program.chmod(0o755)
    return subprocess.run(
        [str(DEPLOY / "check.sh")],
        env=os.environ | {"ROOT": str(machine), "PATH": f"{machine / 'bin'}:{os.environ['PATH']}"},
        capture_output=True,
        text=True,
    )


def test_all_is_well_only_with_a_backup_of_the_last_day(installed: Path) -> None:
    folder = installed / "var/backups/survey"
    (folder / ".survey-20260101T183000Z.dump.x.partial").write_bytes(b"half")
    missing = check(installed)
    assert (missing.returncode, "no backup of the last 26 hours" in missing.stdout) == (1, True)
    backup = folder / "survey-20260101T183000Z.dump"
    backup.write_bytes(b"whole")
    fresh = check(installed)
    assert (fresh.returncode, fresh.stdout) == (0, "all is well\n"), fresh.stderr
    os.utime(backup, (1_700_000_000, 1_700_000_000))
    assert "no backup of the last 26 hours" in check(installed).stdout


@pytest.mark.parametrize(
    ("stub", "said"),
    [
        ({"systemctl": '[ "$1 $3" != "is-active survey-worker" ] && [ "$1" != is-failed ]'}, "survey-worker is not"),
        ({"systemctl": ""}, "the last backup failed"),
        ({"python3": "exit 1"}, "the site does not answer"),
        ({"df": "printf 'Use%%\\n 91%%\\n'"}, "is 91% full"),
        ({"stat": "echo 755 survey"}, "can be read by others"),
        ({"survey": "exit 1"}, "the keys do not fit"),
        ({"openssl": "exit 1"}, "the certificate ends"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_what_is_not_well_is_said(installed: Path, stub: dict[str, str], said: str) -> None:
    (installed / "var/backups/survey/survey-20260101T183000Z.dump").write_bytes(b"whole")
    done = check(installed, **stub)
    assert done.returncode == 1
    lines = done.stdout.splitlines()
    assert lines, done.stderr
    assert all(line.startswith("NOT WELL: ") and said in line for line in lines)
