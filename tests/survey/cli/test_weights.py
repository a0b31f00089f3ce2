"""``survey weights`` as a statistician at the machine uses it: build, look, freeze, estimate."""

import sqlite3
from pathlib import Path

import pytest

from survey.keys import KeyRing
from tests.survey.cli.conftest import Run
from tests.survey.conftest import Instance
from tests.survey.small_wave import EAST
from tests.survey.weighed_wave import Weighed, close_small_wave

SHARES = "变量,类别,比例\nH1,男,60%\nH1,女,40%\n"


@pytest.fixture
def closed(empty_instance: Instance) -> Weighed:
    database = empty_instance.open()
    made = close_small_wave(database, KeyRing(folder=empty_instance.config.keys))
    database.close()
    return made


@pytest.fixture
def margins(tmp_path: Path) -> Path:
    file = tmp_path / "margins.csv"
    file.write_text(SHARES, encoding="utf-8")
    return file


def test_build_look_freeze_and_estimate(run: Run, closed: Weighed, margins: Path) -> None:
    built = run("weights", "build", "--wave", closed.wave, "--margins", margins, "--json")
    assert built.code == 0, built.err
    document = built.document
    assert (document["version"], document["frozen"], document["used"]) == (1, False, False)
    assert document["look"]["moved"][0]["after"][0] == pytest.approx(0.6)
    shown = run("weights", "show", 1, "--json")
    assert shown.document == document
    frozen = run("weights", "freeze", 1, "--reason", "只做了这一版", "--json")
    assert frozen.document["digest"] == document["digest"]
    listed = run("weights", "list", "--wave", closed.wave, "--json").document["versions"]
    assert [(one["version"], one["frozen"], one["used"]) for one in listed] == [(1, True, True)]
    estimated = run("estimate", "--wave", closed.wave, "--json")
    assert estimated.document["weights"] == {"version": 1, "digest": document["digest"]}
    assert f"weights 1, sha256 {document['digest']}" in run("estimate", "--wave", closed.wave).out


def test_what_people_read(run: Run, closed: Weighed, margins: Path) -> None:
    out = run(
        "weights", "build", "--wave", closed.wave, "--margins", margins, "--trim", 1.5, "--response", "shrunk"
    ).out
    for part in ("not frozen yet: survey weights freeze 1", "Kish's effect", "4 trimmed", "H1 1: 22 answers", "Know:"):
        assert part in out, part
    assert "built" in run("weights", "list", "--wave", closed.wave).out
    assert "frozen, sha256" in run("weights", "freeze", 1, "--reason", "只做了这一版").out


def test_totals_of_the_frame_do_not_fall_away_unsaid(run: Run, closed: Weighed, margins: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "instance" / "survey.sqlite3") as connection:
        connection.execute("UPDATE areas SET population = NULL WHERE code = ?", (EAST,))
    build = ("weights", "build", "--wave", closed.wave, "--margins", margins)
    told = run(*build)
    assert f"for {EAST} 东社区. Import the frame" in told.out
    assert "community" not in {one["variable"] for one in run(*build, "--json").document["plan"]["margins"]}
    assert "the frame says none" not in run(*build, "--no-frame-totals").out


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
def test_bad_margins_are_named_and_nothing_is_stored(run: Run, closed: Weighed, margins: Path, language: str) -> None:
    margins.write_text("variable,category,share\nH1,1,60%\nH1,2,30%\nZ1,1,100%\n", encoding="utf-8")
    refused = run("weights", "build", "--wave", closed.wave, "--margins", margins, language=language)
    assert refused.code == 2
    assert "90.0%" in refused.out
    assert "Z1" in refused.out
    assert run("weights", "list", "--wave", closed.wave, "--json").document["versions"] == []


def test_what_is_not_there(run: Run, closed: Weighed, margins: Path, tmp_path: Path) -> None:
    assert run("weights", "show", 9).code == 2
    assert run("weights", "freeze", 9, "--reason", "没有").code == 2
    assert run("weights", "build", "--wave", 9, "--margins", margins).code == 2
    assert run("weights", "build", "--wave", closed.wave, "--margins", tmp_path / "none.csv").code == 2
    assert run("weights", "build", "--wave", closed.wave, "--margins", margins, "--trim", 0).code == 2
