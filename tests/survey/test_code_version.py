"""The version on every run: it changes with the sources that decide what a number is."""

import re
import shutil
from pathlib import Path

import pytest

from survey import __version__, code_version
from survey.config import ROOT


def version_of(root: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(code_version, "ROOT", root)
    return code_version.code_version.__wrapped__()


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    for package in ("analysis", "questionnaires"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for step in code_version.STEPS:
        (tmp_path / step).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / step, tmp_path / step)
    return tmp_path


def test_it_is_the_version_and_a_digest() -> None:
    assert re.fullmatch(re.escape(__version__) + r"\+[0-9a-f]{12}", code_version.code_version())


def test_the_same_sources_elsewhere_are_the_same_version(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert version_of(sources, monkeypatch) == version_of(ROOT, monkeypatch)


@pytest.mark.parametrize(
    "file",
    [
        "analysis/disclosure.py",
        "questionnaires/instruments/scales.toml",
        "survey/casework/sample_weights.py",
        "survey/workflow/estimate_wave.py",
    ],
)
def test_a_change_that_may_move_a_number_is_another_version(
    file: str, sources: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = version_of(sources, monkeypatch)
    with (sources / file).open("a", encoding="utf-8") as text:
        text.write("\n")
    assert version_of(sources, monkeypatch) != before


def test_compiled_files_do_not_count(sources: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = version_of(sources, monkeypatch)
    (sources / "analysis" / "__pycache__").mkdir()
    (sources / "analysis" / "__pycache__" / "design.cpython-311.pyc").write_bytes(b"x")
    assert version_of(sources, monkeypatch) == before
