"""The command line as a user meets it: arguments in; exit code, standard output and standard error out."""

import io
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Protocol

import pytest

from survey.cli import main
from tests.survey import small_wave
from tests.survey.conftest import Instance

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
LOCALES = {"zh_Hans": "zh_CN.UTF-8", "en": "en_GB.UTF-8"}


@dataclass(frozen=True, kw_only=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output, which is exactly one JSON object in one line."""
        (line,) = self.out.splitlines()
        found = json.loads(line, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
        assert isinstance(found, dict)
        return found


class Run(Protocol):
    def __call__(self, *arguments: object, language: str = "en", stdin: str = "") -> Outcome: ...


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a verb in this process, on ``instance/`` under ``tmp_path``."""
    for name in [name for name in os.environ if name.startswith(("SURVEY_", "LC_", "LANG"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("SURVEY_INSTANCE", str(tmp_path / "instance"))

    def go(*arguments: object, language: str = "en", stdin: str = "") -> Outcome:
        monkeypatch.setenv("LANG", LOCALES[language])
        monkeypatch.setattr(sys, "argv", ["survey", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.StringIO(stdin))
        capfd.readouterr()
        try:
            main()
        except SystemExit as stop:
            code = stop.code
        else:
            code = 0
        out, err = capfd.readouterr()
        assert isinstance(code, int)
        return Outcome(code=code, out=out, err=err)

    return go


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Outcome]:
    """Run a verb as a process of its own; ``options`` are those of :func:`subprocess.run`."""

    def go(*arguments: object, environment: dict[str, str] | None = None, **options: Any) -> Outcome:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("SURVEY_", "LC_", "LANG"))}
        own = {"SURVEY_INSTANCE": str(tmp_path / "instance"), "LANG": LOCALES["en"], "PYTHONUTF8": "1"}
        done = subprocess.run(
            [sys.executable, "-m", "survey", *map(str, arguments)],
            env={**inherited, **own, **(environment or {})},
            capture_output=True,
            text=True,
            timeout=120,
            **options,
        )
        return Outcome(code=done.returncode, out=done.stdout, err=done.stderr)

    return go


@dataclass(frozen=True, kw_only=True)
class Files:
    """The files of the small wave in a folder of their own."""

    folder: Path
    areas: Path
    instrument: Path
    wave: Path
    columns: Path
    answers: Path


@pytest.fixture
def files(tmp_path: Path) -> Files:
    folder = tmp_path / "files"
    folder.mkdir()
    texts = {
        "areas": ("areas.csv", small_wave.AREAS),
        "instrument": ("small.toml", small_wave.INSTRUMENT),
        "wave": ("wave.toml", small_wave.WAVE),
        "columns": ("columns.toml", small_wave.COLUMNS),
        "answers": ("answers.csv", small_wave.ANSWERS),
    }
    for name, text in texts.values():
        (folder / name).write_text(text, "utf-8")
    return Files(folder=folder, **{field: folder / name for field, (name, _) in texts.items()})


def contents(file: Path) -> list[str]:
    """Everything in a database, as SQL; empty where there is none."""
    if not file.exists():
        return []
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
        return list(connection.iterdump())


@dataclass(frozen=True, kw_only=True)
class Kept:
    """A database as it lay on the disk."""

    file: Path
    content: bytes
    log: bytes

    @classmethod
    def of(cls, file: Path) -> "Kept":
        log = file.with_name(file.name + "-wal")
        return cls(
            file=file,
            content=file.read_bytes() if file.exists() else b"",
            log=log.read_bytes() if log.exists() else b"",
        )

    def is_as_before(self) -> bool:
        """Whether it holds the same: as SQL only where it lies otherwise, for that takes longer than most tests."""
        return Kept.of(self.file) == self or contents(self.file) == self._contents()

    def _contents(self) -> list[str]:
        if not self.content:
            return []
        with TemporaryDirectory() as folder:
            copy = Path(folder) / "copy.sqlite3"
            copy.write_bytes(self.content)
            copy.with_name(copy.name + "-wal").write_bytes(self.log)
            return contents(copy)


@dataclass(frozen=True, kw_only=True)
class Refusals:
    run: Run
    database: Path

    def __call__(self, *arguments: object, code: int = 2, stdin: str = "") -> str:
        """Check a refusal in both languages and both forms of output; the Chinese sentence."""
        before = Kept.of(self.database)
        said = {}
        for language in LOCALES:
            as_json = self.run(*arguments, "--json", language=language, stdin=stdin)
            (line,) = as_json.err.splitlines()
            assert line.startswith("survey: ")
            assert as_json.code == code, line
            assert as_json.document.keys() == {"error", "problems"}
            assert as_json.document["error"] == line.removeprefix("survey: ")
            plain = self.run(*arguments, language=language, stdin=stdin)
            assert (plain.code, plain.err) == (code, as_json.err)
            assert "Traceback" not in plain.out
            said[language] = line
        assert CHINESE.search(said["zh_Hans"]), said["zh_Hans"]
        assert not CHINESE.search(said["en"]), said["en"]
        assert before.is_as_before(), "nothing was changed"
        return said["zh_Hans"]


@pytest.fixture
def refused(run: Run, tmp_path: Path) -> Refusals:
    return Refusals(run=run, database=tmp_path / "instance" / "survey.sqlite3")


@pytest.fixture
def opened(opened_instance: Instance, files: Files) -> Files:
    """The files, with wave 1 open in the database."""
    return files
