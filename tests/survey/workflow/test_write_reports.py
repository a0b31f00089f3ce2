"""Reports into a folder: which ones there are, and files that are whole or not there."""

import resource
from collections.abc import Iterator
from pathlib import Path

import pytest

from survey.areas import Level
from survey.messages import Failure
from survey.store.database import Database
from survey.workflow.write_reports import all_or_none, list_reports_to_write, prepare_folder, write_pdf
from tests.survey.conftest import Instance, run_estimates
from tests.survey.small_wave import EAST, WEST


@pytest.fixture
def answered(answered_instance: Instance) -> Iterator[Database]:
    database = answered_instance.open()
    yield database
    database.close()


@pytest.mark.parametrize("level", [Level.COMMUNITY, Level.STREET, Level.GRID])
def test_the_whole_and_then_each_community_at_whatever_level_was_printed(level: Level, answered: Database) -> None:
    run = run_estimates(answered, 1, level)
    with answered.reading() as session:
        found = list_reports_to_write(session, 1, "en")
    assert [report.area for report in found] == [None, EAST, WEST]
    assert {report.run_id for report in found} == {run}
    assert [report.file_name for report in found] == [
        "wave-1-whole-en.pdf",
        f"wave-1-{EAST}-en.pdf",
        f"wave-1-{WEST}-en.pdf",
    ]


def test_without_a_run_there_is_nothing_to_write(answered: Database) -> None:
    with answered.reading() as session:
        assert list_reports_to_write(session, 1, "en") == ()


def test_a_folder_is_made_with_its_parents_and_left_empty(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    prepare_folder(folder)
    prepare_folder(folder)
    assert list(folder.iterdir()) == []


def test_where_nothing_can_be_written_is_said_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for folder in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/survey")):
        with pytest.raises(Failure, match=r"写不了 .*："):
            prepare_folder(folder)


def test_a_report_replaces_the_one_before_it(tmp_path: Path) -> None:
    for content in (b"%PDF-1", b"%PDF-2"):
        path = write_pdf(tmp_path, "a.pdf", content)
        assert path.read_bytes() == content
    assert [found.name for found in tmp_path.iterdir()] == ["a.pdf"]


def test_half_a_report_is_no_report(tmp_path: Path) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, hard))  # what a full disk does
    try:
        with pytest.raises(Failure, match=r"a\.pdf"):
            write_pdf(tmp_path, "a.pdf", b"%PDF-" + b"x" * 200_000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_leaves_the_one_before_it(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").mkdir()
    with pytest.raises(Failure, match=r"a\.pdf"):
        write_pdf(tmp_path, "a.pdf", b"%PDF-1")
    assert [found.name for found in tmp_path.iterdir()] == ["a.pdf"]


def test_reports_appear_together_or_not_at_all(tmp_path: Path) -> None:
    def fail_at_the_second() -> None:
        with all_or_none(tmp_path) as unfinished:
            write_pdf(unfinished, "a.pdf", b"%PDF-1")
            write_pdf(unfinished / "gone", "b.pdf", b"%PDF-1")

    with pytest.raises(Failure):
        fail_at_the_second()
    assert list(tmp_path.iterdir()) == []
    with all_or_none(tmp_path) as unfinished:
        for name in ("a.pdf", "b.pdf"):
            write_pdf(unfinished, name, b"%PDF-1")
        assert not (tmp_path / "a.pdf").exists()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.pdf", "b.pdf"]
