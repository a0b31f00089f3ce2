"""survey draw export | verify --files | certificate"""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from survey.roles import Role, Scope
from survey.store.database import Database
from tests.survey.cli.conftest import Outcome, Refusals, Run
from tests.survey.conftest import Instance
from tests.survey.drawn_wave import SEED, add_canvasser, draw, open_wave_with_units
from tests.survey.public_draw import publicly_drawn

needs_poppler = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="needs poppler-utils")


def fill(instance: Instance, make: Callable[[Database], object]) -> None:
    database = instance.open()
    make(database)
    add_canvasser(database, "tongji", role=Role.STATISTICIAN)
    add_canvasser(database, "ganbu", role=Role.OFFICIAL)
    add_canvasser(database, "elsewhere", role=Role.STATISTICIAN, scope=Scope(waves=frozenset({9})))
    database.close()


@pytest.fixture
def drawn(empty_instance: Instance) -> Instance:
    fill(empty_instance, lambda database: draw(database, open_wave_with_units(database)))
    return empty_instance


@pytest.mark.slow
def test_a_folder_is_verified_where_there_is_no_database(
    drawn: Instance, run: Run, process: Callable[..., Outcome], tmp_path: Path
) -> None:
    folder = tmp_path / "draw"
    exported = run("draw", "export", 1, folder, "--json").document
    assert (exported["draw"], exported["kept_back"], len(exported["files"])) == (1, False, 6)
    nowhere = {"SURVEY_INSTANCE": str(tmp_path / "nowhere")}
    found = process("draw", "verify", "--files", folder, "--json", environment=nowhere)
    assert (found.code, found.err) == (0, "")
    assert {name: found.document[name] for name in ("draw", "cases", "units", "ok", "digest")} == {
        "draw": 1, "cases": 20, "units": 85, "ok": True, "digest": exported["digest"],
    }  # fmt: skip
    assert not (tmp_path / "nowhere").exists()
    cases = (folder / "cases.csv").read_text(encoding="utf-8")
    (folder / "cases.csv").write_text(cases.replace("10,54", "11,54", 1), encoding="utf-8")
    no = process("draw", "verify", "--files", folder, "--json", environment=nowhere)
    assert no.code == 1
    (problem,) = no.document["problems"]
    assert problem["row"].startswith("serial ")
    assert "10/54" in problem["expected"]


def test_the_folder_is_for_its_owner_alone_and_never_half_there(
    drawn: Instance, run: Run, refused: Refusals, tmp_path: Path
) -> None:
    refused("draw", "export", 9, tmp_path / "none")
    refused("draw", "export", 1, tmp_path / "no" / "parent")
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "a").touch()
    refused("draw", "export", 1, tmp_path / "full")
    (tmp_path / "empty").mkdir()
    assert run("draw", "export", 1, tmp_path / "empty").code == 0
    assert (tmp_path / "empty").stat().st_mode & 0o077 == 0
    assert {path.name for path in tmp_path.iterdir()} == {"instance", "full", "empty"}


def test_one_way_at_a_time(drawn: Instance, refused: Refusals, tmp_path: Path) -> None:
    assert "--files" in refused("draw", "verify")
    assert "--files" in refused("draw", "verify", 1, "--files", tmp_path)


@pytest.mark.parametrize(
    "verb", [("export", 1, "x"), pytest.param(("certificate", 1, "--out", "x.pdf"), marks=pytest.mark.slow)]
)
def test_who_may(drawn: Instance, run: Run, refused: Refusals, verb: tuple[object, ...], tmp_path: Path) -> None:
    name, draw_id, *rest = verb
    rest = [tmp_path / part if str(part).startswith("x") else part for part in rest]
    for account in ("ganbu", "elsewhere"):
        refused("--as", account, "draw", name, draw_id, *rest)
    assert run("--as", "tongji", "draw", name, draw_id, *rest).code == 0


def test_of_a_public_draw_only_what_is_published(empty_instance: Instance, run: Run, tmp_path: Path) -> None:
    fill(empty_instance, publicly_drawn)
    exported = run("draw", "export", 1, tmp_path / "draw")
    assert "until the wave is closed" in exported.out
    assert not (tmp_path / "draw" / "cases.csv").exists()
    not_yet = run("draw", "verify", "--files", tmp_path / "draw", language="zh_Hans")
    assert not_yet.code == 2
    assert "结束后请重新导出" in not_yet.err


@needs_poppler
@pytest.mark.slow
@pytest.mark.parametrize("language", ["zh_Hans", "en"])
def test_the_certificate(drawn: Instance, run: Run, refused: Refusals, tmp_path: Path, language: str) -> None:
    path = tmp_path / "certificate.pdf"
    written = run("draw", "certificate", 1, "--out", path, "--json", "--language", language).document
    assert written["pages"] in (1, 2)
    told = pdf_text(path)
    assert written["digest"] in told
    assert SEED not in told
    assert "花园小区" not in told
    refused("draw", "certificate", 1, "--out", path)


def pdf_text(path: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, text=True, check=True)
    return done.stdout
