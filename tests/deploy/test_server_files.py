"""What is put on a server fits the site, and the scripts do what they say as far as that goes without a server."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from survey.config import read_config
from survey.pages.security import MAX_FORM_BYTES
from survey.pages.statisticians.frames import LARGEST_FORM
from survey.public_address import parse_public_url
from survey.store.database import Database
from survey.trusted_proxies import parse_trusted_proxies
from tests.deploy.conftest import DEPLOY, install

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted(DEPLOY.glob("*.sh"))
UNITS = sorted((DEPLOY / "systemd").iterdir())
NGINX = (DEPLOY / "nginx" / "survey.conf").read_text("utf-8")
README = (DEPLOY / "README.md").read_text("utf-8")


def settings() -> dict[str, str]:
    lines = (DEPLOY / "survey.env.example").read_text("utf-8").splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_are_read_by_a_plain_shell(script: Path) -> None:
    assert subprocess.run(["sh", "-n", str(script)], capture_output=True, text=True).stderr == ""
    text = script.read_text("utf-8")
    assert text.startswith("#!/bin/sh\n") == os.access(script, os.X_OK)
    if shutil.which("shellcheck"):
        found = subprocess.run(["shellcheck", "-x", "-P", str(ROOT), str(script)], capture_output=True, text=True)
        assert found.returncode == 0, found.stdout


def test_the_example_of_the_settings_is_one_the_site_takes() -> None:
    said = settings()
    config = read_config(said)
    assert config.secret_is_default, "install.sh makes one of its own"
    assert parse_public_url(config.public_url) is not None
    assert parse_trusted_proxies(config.trusted_proxies).count == 1
    assert config.keys.parent not in (config.instance, Path(said["SURVEY_BACKUPS"]))
    read = "".join(path.read_text("utf-8") for path in (ROOT / "survey").rglob("*.py")) + (
        DEPLOY / "backup.sh"
    ).read_text("utf-8")
    assert [name for name in said if name not in read] == []


def test_nginx_lets_through_what_the_site_takes_and_little_more() -> None:
    units = {"k": 1024, "m": 1024**2}
    sizes = [int(number) * units[unit] for number, unit in re.findall(r"client_max_body_size (\d+)([km]);", NGINX)]
    general, frames = sizes
    assert MAX_FORM_BYTES < general <= 4 * MAX_FORM_BYTES, "the site itself says what is too large"
    assert LARGEST_FORM <= frames <= 1.1 * LARGEST_FORM
    assert "location = /frames/import {" in NGINX


def test_nginx_replaces_what_visitors_write_and_logs_none_of_them() -> None:
    headers = dict(re.findall(r'proxy_set_header (\S+) "?([^;"]*)"?;', NGINX))
    assert headers["X-Forwarded-For"] == "$remote_addr"
    assert headers["X-Forwarded-Proto"] == "$scheme"
    assert headers["Host"] == "$http_host"
    assert (headers["Forwarded"], headers["X-Forwarded-Host"]) == ("", "")
    assert set(re.findall(r"access_log ([^;]+);", NGINX)) == {"off"}
    assert set(re.findall(r"error_log \S+ (\w+);", NGINX)) == {"alert"}
    assert "return 301 https://survey.example$request_uri;" in NGINX


def test_nginx_reads_it(tmp_path: Path) -> None:
    if not (nginx := shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")):
        return  # the server's own `nginx -t` in install.sh reads it, too
    made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=x", "-days", "1"]
    files = ["-keyout", str(tmp_path / "privkey.pem"), "-out", str(tmp_path / "fullchain.pem")]
    subprocess.run(["openssl", *made, *files], check=True, capture_output=True)
    site = NGINX.replace("/etc/survey/tls", str(tmp_path)).replace("/var/log/nginx", str(tmp_path))
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\n{site}\n}}\n", "utf-8")
    done = subprocess.run(
        [nginx, "-t", "-q", "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_knows_every_line_of_the_units(unit: Path) -> None:
    text = unit.read_text("utf-8")
    if unit.suffix == ".service":
        for line in (
            "User=survey",
            "NoNewPrivileges=yes",
            "ProtectSystem=strict",
            "PrivateTmp=yes",
            "LogNamespace=survey",
        ):
            assert line in text.splitlines()
        for command in re.findall(r"^ExecStart=/opt/survey/current/(deploy/\S+)", text, re.M):
            assert (ROOT / command).exists()
    if shutil.which("systemd-analyze"):
        said = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", str(unit)], capture_output=True, text=True
        ).stderr
        # The programs are on a server only.
        assert [line for line in said.splitlines() if unit.name in line and "is not executable" not in line] == []


def test_only_what_needs_them_sees_the_keys() -> None:
    for unit in UNITS:
        text = unit.read_text("utf-8")
        hidden = re.findall(r"^InaccessiblePaths=-(.*)$", text, re.M)
        if unit.name == "survey-backup.service":
            assert hidden == ["/var/lib/survey-keys"]
            assert re.findall(r"^ReadWritePaths=(.*)$", text, re.M) == ["/var/backups/survey"]
        elif unit.suffix == ".service":
            assert hidden == ["/var/backups/survey"]


def test_the_guide_names_what_there_is() -> None:
    named = set(re.findall(r"(?:deploy/|^)([\w-]+\.sh)", README, re.M))
    assert named <= {script.name for script in SCRIPTS}
    assert {"install.sh", "upgrade.sh", "restore.sh", "check.sh"} <= named
    for name in re.findall(r"SURVEY_[A-Z_]+", README):
        assert name in settings(), name


def back_up(database: Database, folder: Path, **more: str) -> subprocess.CompletedProcess[str]:
    plain = {key: value for key, value in os.environ.items() if not key.startswith("SURVEY_")}
    said = {
        "SURVEY_DATABASE_URL": f"sqlite:///{database.path}",
        "SURVEY_INSTANCE": "/nowhere",
        "SURVEY_BACKUPS": str(folder),
    } | more
    return subprocess.run([str(DEPLOY / "backup.sh")], env=plain | said, capture_output=True, text=True)


def test_the_newest_backups_stay_and_those_with_a_name(sqlite_database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = [f"survey-2026010{day}T183000Z.sqlite3" for day in range(1, 6)]
    others = ["survey-before-0.2.0-20260101T000000Z.sqlite3", "letter.txt", "survey-20260101T183000Z.dump"]
    for name in [*old, *others]:
        (folder / name).write_text(name)
    done = back_up(sqlite_database, folder, SURVEY_BACKUPS_KEPT="3")
    assert done.returncode == 0, done.stderr
    left = {path.name for path in folder.iterdir()}
    assert set(others) < left
    assert {name for name in left if name in old} == set(old[-2:])
    (new,) = left - set(old) - set(others)
    assert (folder / new).stat().st_mode & 0o077 == 0


def test_a_backup_is_never_beside_the_keys(sqlite_database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    (folder / "keys").mkdir(parents=True)
    for keys in (folder, folder / "keys", tmp_path / "backups" / ".." / "backups" / "keys"):
        done = back_up(sqlite_database, folder, SURVEY_KEYS=str(keys))
        assert done.returncode == 2
        assert "inside the folder of the backups" in done.stderr
    assert list(folder.glob("survey-*")) == []
    assert back_up(sqlite_database, folder, SURVEY_BACKUPS_KEPT="0").returncode == 2


@pytest.mark.slow
def test_a_backup_that_fails_says_so_and_removes_none(sqlite_database: Database, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = {f"survey-2026010{day}T183000Z.sqlite3" for day in range(1, 4)}
    for name in old:
        (folder / name).write_text(name)
    nowhere = f"sqlite:///{tmp_path / 'nowhere.sqlite3'}"
    done = back_up(sqlite_database, folder, SURVEY_BACKUPS_KEPT="1", SURVEY_DATABASE_URL=nowhere)
    assert done.returncode != 0
    assert "survey init" in done.stderr
    assert {path.name for path in folder.iterdir()} == old


def test_installing_twice_is_installing_once(machine: Path) -> None:
    first = install(machine, "https://town.example")
    assert first.returncode == 0, first.stderr
    env = machine / "etc/survey/survey.env"
    said = dict(line.split("=", 1) for line in env.read_text("utf-8").splitlines() if line and line[0] != "#")
    assert said["SURVEY_PUBLIC_URL"] == "https://town.example"
    assert re.fullmatch(r"[0-9a-f]{64}", said["SURVEY_SECRET_KEY"])
    assert said.keys() == settings().keys()
    modes = {
        "etc/survey": 0o750,
        "etc/survey/survey.env": 0o640,
        "etc/survey/tls": 0o700,
        "etc/survey/tls/privkey.pem": 0o600,
        "var/lib/survey": 0o700,
        "var/lib/survey-keys": 0o700,
        "var/backups/survey": 0o700,
        "usr/local/bin/survey": 0o755,
    }
    assert {name: (machine / name).stat().st_mode & 0o777 for name in modes} == modes
    site = (machine / "etc/nginx/sites-enabled/survey.conf").read_text("utf-8")
    assert "server_name town.example;" in site
    assert "survey.example" not in site
    assert {path.name for path in (machine / "etc/systemd/system").iterdir()} == {unit.name for unit in UNITS}
    files = {path: path.read_bytes() for path in machine.rglob("*") if path.is_file()}
    again = install(machine)
    assert again.returncode == 0, again.stderr
    assert {path: path.read_bytes() for path in machine.rglob("*") if path.is_file()} == files


@pytest.mark.parametrize("url", ["", "town.example", "http://town.example", "https://", "https://town.example/x y"])
def test_an_address_that_is_none_installs_nothing(machine: Path, url: str) -> None:
    before = sorted(machine.rglob("*"))
    assert install(machine, url).returncode == 2
    assert sorted(machine.rglob("*")) == before
