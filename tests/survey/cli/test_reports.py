"""survey report: PDFs in a folder."""

import hashlib
import subprocess
import unicodedata
from pathlib import Path

import pytest

from survey.store.estimates import list_runs
from tests.survey.cli.conftest import CHINESE, Refusals, Run
from tests.survey.conftest import Instance, import_answers
from tests.survey.small_wave import EAST, WEST, csv_text, rows


def text_of(pdf: Path) -> str:
    done = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True)
    return unicodedata.normalize("NFKC", done.stdout)


def runs(instance: Instance) -> int:
    database = instance.open()
    with database.reading() as session:
        found = len(list_runs(session, 1))
    database.close()
    return found


@pytest.mark.slow
def test_one_report_for_the_whole_and_one_per_community(estimated_instance: Instance, run: Run, tmp_path: Path) -> None:
    done = run("report", "--wave", 1, "--out", tmp_path / "out", "--language", "en", "--json")
    assert (done.code, done.err) == (0, "")
    assert done.document.keys() == {"wave", "language", "reports"}
    assert [report["area"] for report in done.document["reports"]] == [None, EAST, WEST]
    for report in done.document["reports"]:
        assert report.keys() == {"area", "path", "pages", "sha256", "missing_characters"}
        data = Path(report["path"]).read_bytes()
        assert data.startswith(b"%PDF-")
        assert hashlib.sha256(data).hexdigest() == report["sha256"]
    assert len(list((tmp_path / "out").iterdir())) == 3
    whole, east = (text_of(Path(report["path"])) for report in done.document["reports"][:2])
    assert "60.0%" in whole
    assert "75%" in east
    assert "东社区" in east
    assert runs(estimated_instance) == 1, "the estimates were there"


@pytest.mark.slow
def test_chinese_is_the_language_unless_said_and_estimates_come_first(
    opened_instance: Instance, run: Run, tmp_path: Path
) -> None:
    everyone_in_the_east = list(rows())[:40]
    database = opened_instance.open()
    import_answers(database, 1, csv_text(everyone_in_the_east))
    database.close()
    done = run("report", "--wave", 1, "--out", tmp_path / "out")
    assert done.code == 0
    assert len(done.out.splitlines()) == 2
    assert CHINESE.search(text_of(tmp_path / "out" / "wave-1-whole-zh_Hans.pdf"))
    assert runs(opened_instance) == 1


@pytest.mark.parametrize("wave", [1, 9])
def test_nothing_is_left_of_a_report_that_cannot_be(
    wave: int, opened_instance: Instance, refused: Refusals, tmp_path: Path
) -> None:
    refused("report", "--wave", wave, "--out", tmp_path / "out")


def test_a_folder_that_cannot_be_written_is_said_before_any_estimate(
    answered_instance: Instance, refused: Refusals, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below", "/proc/reports"):
        assert "写不了" in refused("report", "--wave", 1, "--out", folder)
    assert runs(answered_instance) == 0
