"""A folder that stands for a server, and the script that installs there."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

DEPLOY = Path(__file__).parents[2] / "deploy"


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    return stand_in(tmp_path)


def stand_in(folder: Path) -> Path:
    """A folder that looks like a server on which this version is installed already, but for everything around it."""
    release = folder / "opt/survey/releases/0.1.0-20260101T000000Z"
    release.mkdir(parents=True)
    shutil.copytree(DEPLOY, release / "deploy")
    (folder / "opt/survey/current").symlink_to(str(release).removeprefix(str(folder)))
    return folder


def install(machine: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(DEPLOY / "install.sh"), *arguments]
    return subprocess.run(command, env=os.environ | {"ROOT": str(machine)}, capture_output=True, text=True, timeout=60)
