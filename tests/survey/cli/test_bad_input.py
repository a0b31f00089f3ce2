"""What people really hand in: each a sentence in their language, exit code 2, and nothing changed."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from survey.reports import pdf
from tests.survey import small_wave
from tests.survey.cli.conftest import Files, Outcome, Refusals, Run, contents
from tests.survey.conftest import Instance
from tests.survey.small_wave import csv_text, rows

BROKEN: dict[str, bytes] = {
    "empty": b"",
    "blank": b"\n \n",
    "workbook": b"PK\x03\x04\x14\x00\x06\x00xl/workbook.xml",
    "old workbook": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100,
    "PDF": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "UTF-16": "编号,社区\n1,2\n".encode("utf-16"),
    "NUL bytes": b"no,place\n1,\x00\n",
    "neither encoding": "编号,社区\n".encode() + b"\xff\xfe\xfa\n",
    "cut in the middle of a character": "编号,社区\n1,东社区".encode()[:-1] + b",\xff",
    "quotation mark never closed": b'no,place\n1,"E\n2,W\n',
}


@pytest.fixture(params=BROKEN)
def broken(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    path = tmp_path / "broken"
    path.write_bytes(BROKEN[request.param])
    return path


def verbs(files: Files, bad: Path) -> dict[str, tuple[object, ...]]:
    """Every verb that reads a file, with ``bad`` in its place."""
    opening = ("wave", "open", "--instrument", "small", "--frame", 1, "--name", "x")
    importing = ("response", "import", "--wave", 1)
    return {
        "areas": ("frame", "import", "--areas", bad),
        "units": ("frame", "import", "--areas", files.areas, "--units", bad),
        "answers": (*importing, "--columns", files.columns, bad),
        "column map": (*importing, "--columns", bad, files.answers),
        "details": (*opening, "--details", bad),
        "instrument": ("instrument", "add", bad),
    }


KINDS = ("areas", "units", "answers", "column map", "details", "instrument")


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_the_wrong_kind(kind: str, broken: Path, opened: Files, refused: Refusals) -> None:
    said = refused(*verbs(opened, broken)[kind])
    assert broken.name in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_of_200_megabytes(kind: str, opened: Files, refused: Refusals, tmp_path: Path) -> None:
    large = tmp_path / "large"
    with large.open("wb") as file:
        file.truncate(200_000_000)
    assert "large" in refused(*verbs(opened, large)[kind])


@pytest.mark.parametrize("kind", KINDS)
def test_a_folder_or_nothing_in_place_of_a_file(kind: str, opened: Files, refused: Refusals, tmp_path: Path) -> None:
    for bad in (tmp_path, tmp_path / "nothing", opened.answers / "below"):
        refused(*verbs(opened, bad)[kind])


@pytest.mark.parametrize("kind", ["areas", "answers"])
def test_another_table(kind: str, opened: Files, refused: Refusals, tmp_path: Path) -> None:
    other = tmp_path / "other.csv"
    other.write_text("name,phone\n王芳,123\n", "utf-8")
    assert "name, phone" in refused(*verbs(opened, other)[kind])


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("R001,E,", "R001,Z,", "place"),
        ("R001,E,", "R002,E,", "no"),
        ("R001,E,", ",E,", "no"),
        ("R001,E,", "R001,E,extra,", "8"),
    ],
)
def test_an_unknown_area_a_repeated_id_or_a_shifted_row_refuses_the_file(
    before: str, after: str, said: str, opened: Files, run: Run, refused: Refusals
) -> None:
    opened.answers.write_text(small_wave.ANSWERS.replace(before, after), "utf-8")
    arguments = verbs(opened, opened.answers)["answers"]
    refused(*arguments)
    (problem,) = run(*arguments, "--json").document["problems"]
    assert said in (problem["column"], problem["got"])


@pytest.mark.parametrize("state", ["closed", "unknown"])
def test_a_wave_that_takes_no_answers(state: str, opened: Files, run: Run, refused: Refusals) -> None:
    if state == "closed":
        run("wave", "close", 1)
    wave = 1 if state == "closed" else 9
    said = refused("response", "import", "--wave", wave, "--columns", opened.columns, opened.answers)
    assert "轮次" in said


def limited(size: int) -> Callable[[], None]:
    """No file of the process may grow beyond ``size`` bytes: what a full disk does."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


@pytest.mark.slow
def test_a_disk_that_fills_up_during_an_import(
    opened: Files, opened_instance: Instance, process: Callable[..., Outcome], run: Run
) -> None:
    many = [[f"{number}-{row[0]}", *row[1:]] for number in range(20) for row in rows()]
    opened.answers.write_text(csv_text(many), "utf-8")
    before = contents(opened_instance.file)
    arguments = ("response", "import", "--wave", 1, "--columns", opened.columns, opened.answers, "--json")
    room = limited(200_000)  # what is written waits beside the database, whatever its size
    full = process(*arguments, preexec_fn=room, environment={"LANG": "zh_CN.UTF-8"})
    assert full.code == 2
    (line,) = full.err.splitlines()
    assert full.document == {"error": line.removeprefix("survey: "), "problems": []}
    assert "没有保存任何内容" in line
    assert contents(opened_instance.file) == before
    with closing(sqlite3.connect(opened_instance.file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert run(*arguments).document["imported"] == 1400, "with room again it is done"


@pytest.mark.slow
def test_a_disk_that_fills_up_while_reports_are_written(
    estimated_instance: Instance, process: Callable[..., Outcome], tmp_path: Path
) -> None:
    before = contents(estimated_instance.file)
    out = tmp_path / "out"
    full = process("report", "--wave", 1, "--out", out, "--json", preexec_fn=limited(60_000))
    assert (full.code, len(full.err.splitlines())) == (2, 1)
    assert "PDF" in full.document["error"], "there is no room for the copies of the fonts either"
    assert not out.exists()
    assert contents(estimated_instance.file) == before


@pytest.mark.slow
def test_a_disk_that_fills_up_during_a_backup(
    estimated_instance: Instance, process: Callable[..., Outcome], tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    full = process("backup", folder / "x.sqlite3", "--json", preexec_fn=limited(100_000))
    assert (full.code, len(full.err.splitlines())) == (2, 1)
    assert list(folder.iterdir()) == []


@pytest.fixture
def no_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(pdf, "FONTS", tmp_path / "no fonts")
    for cached in (pdf._renderer, pdf._font_characters):
        cached.cache_clear()
    yield
    for cached in (pdf._renderer, pdf._font_characters):
        cached.cache_clear()


def test_a_missing_font_is_said_before_anything_is_estimated(
    answered_instance: Instance, refused: Refusals, no_fonts: None, tmp_path: Path
) -> None:
    assert "字体" in refused("report", "--wave", 1, "--out", tmp_path / "out")
    assert not (tmp_path / "out").exists()


@pytest.mark.slow
def test_a_missing_system_library_is_named_with_its_package(
    answered_instance: Instance, process: Callable[..., Outcome], tmp_path: Path
) -> None:
    """As WeasyPrint fails where Pango is not installed."""
    (tmp_path / "weasyprint.py").write_text("raise OSError('cannot load library libpango-1.0-0')\n")
    before = contents(answered_instance.file)
    environment = {"PYTHONPATH": str(tmp_path), "LANG": "zh_CN.UTF-8"}
    done = process("report", "--wave", 1, "--out", tmp_path / "out", "--json", environment=environment)
    assert (done.code, len(done.err.splitlines())) == (2, 1)
    assert "libpango-1.0-0" in done.document["error"]
    assert "请安装" in done.err
    assert contents(answered_instance.file) == before
