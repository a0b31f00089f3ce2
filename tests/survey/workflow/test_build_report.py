"""A wanted report becomes one PDF, or a reason why not."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from survey.messages import Failure
from survey.reports import pdf
from survey.store import reports
from survey.store.database import Database
from survey.store.reports import ReportRecord, ReportState
from survey.workflow.build_report import build_report, read_document, render
from tests.survey.conftest import AT, Instance
from tests.survey.small_wave import EAST


@pytest.fixture
def estimated(estimated_instance: Instance) -> Iterator[Database]:
    database = estimated_instance.open()
    yield database
    database.close()


@pytest.fixture
def no_fonts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A checkout whose font files were lost."""
    monkeypatch.setattr(pdf, "FONTS", tmp_path / "no fonts")
    pdf._renderer.cache_clear()
    pdf._font_characters.cache_clear()
    yield
    pdf._renderer.cache_clear()
    pdf._font_characters.cache_clear()


def want(database: Database, area: str | None = None) -> int:
    with database.writing() as session:
        (wanted,) = reports.want_reports(
            session, wave_id=1, run_id=1, areas=[area], language="en", draft=True, at=AT, by="tests"
        )
        return wanted


def look(database: Database, report: int) -> tuple[ReportRecord, bytes | None]:
    with database.reading() as session:
        return reports.get_report(session, report), reports.load_pdf(session, report)


@pytest.mark.parametrize("area", [pytest.param(None, marks=pytest.mark.slow), EAST])
def test_a_wanted_report_is_built_once(area: str | None, estimated: Database) -> None:
    wanted = want(estimated, area)
    assert build_report(estimated, wanted)
    record, content = look(estimated, wanted)
    assert content is not None
    assert content.startswith(b"%PDF-")
    assert (record.state, record.error, record.size) == (ReportState.DONE, None, len(content))
    assert record.sha256 == hashlib.sha256(content).hexdigest()
    assert (record.pages or 0) >= 2
    assert not build_report(estimated, wanted), "there is nothing left to do"
    assert look(estimated, wanted) == (record, content)


def test_a_report_that_somebody_else_builds_is_left_to_them(estimated: Database) -> None:
    wanted = want(estimated)
    with estimated.writing() as session:
        assert reports.claim_report(session, wanted, at=datetime.now(UTC))
    assert not build_report(estimated, wanted)
    assert look(estimated, wanted)[0].state is ReportState.BUILDING


def test_an_unknown_report_is_nothing_to_do(estimated: Database) -> None:
    assert not build_report(estimated, 999)


def test_what_the_machine_lacks_is_recorded_and_can_be_wanted_again(estimated: Database, no_fonts: None) -> None:
    wanted = want(estimated)
    assert build_report(estimated, wanted)
    record, content = look(estimated, wanted)
    assert (record.state, content) == (ReportState.FAILED, None)
    assert "字体" in (record.error or "")
    assert want(estimated) == wanted
    assert look(estimated, wanted)[0].state is ReportState.WANTED


def test_an_unforeseen_error_is_recorded_and_raised_for_the_log(estimated: Database) -> None:
    wanted = want(estimated)
    with estimated.writing() as session:
        session.execute(text("UPDATE instruments SET document = '{}'"))
    with pytest.raises(Exception, match=r".") as caught:
        build_report(estimated, wanted)
    record, content = look(estimated, wanted)
    assert (record.state, record.error, content) == (ReportState.FAILED, type(caught.value).__name__, None)


def test_without_fonts_nothing_is_rendered(estimated: Database, no_fonts: None) -> None:
    with estimated.reading() as session:
        document = read_document(session, run_id=1, area=None, language="zh_Hans")
    with pytest.raises(Failure, match="字体"):
        render(document)


def test_the_document_holds_the_run_that_was_asked_for(estimated: Database) -> None:
    with estimated.reading() as session:
        whole = read_document(session, run_id=1, area=None, language="zh_Hans")
        east = read_document(session, run_id=1, area=EAST, language="en")
    assert (whole.language, whole.wave_name) == ("zh_Hans", "测试轮次")
    assert "东社区" in east.title
    assert whole.draft, "a wave in the field is a draft"
