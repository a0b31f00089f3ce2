"""Build reports: claim a wanted one, read what it says, draw it outside any transaction, keep the PDF."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy.orm import Session

from analysis.publication import PublishedEstimate
from questionnaires.loading import from_document
from survey.casework.shown_comparison import read_comparison
from survey.casework.taken_back import read_taken_back
from survey.messages import SurveyError
from survey.reports.document import ReportDocument, compose_report
from survey.reports.facts import WaveFacts
from survey.reports.pdf import render_pdf, replace_missing, require_typesetter
from survey.reports.rendering import render_html
from survey.store import areas, disposition_counts, estimates, fieldwork_counts, imports, instruments, reports, waves
from survey.store.database import Database
from survey.waves import WaveState

__all__ = ["BuiltReport", "build_report", "read_document", "render", "require_typesetter"]

logger = logging.getLogger("survey.reports")


@dataclass(frozen=True, kw_only=True)
class BuiltReport:
    """A finished PDF; ``missing_characters``: those the font does not have, printed as □."""

    pdf: bytes
    pages: int
    sha256: str
    missing_characters: str


def build_report(database: Database, report_id: int) -> bool:
    """Build the wanted report if nobody else does; false when there was nothing to do.

    A report that cannot be built is recorded as failed with its reason, so that the page can say so; an error that
    nobody foresaw is recorded the same way and raised again for the worker's log.
    """
    with database.writing() as session:
        if not reports.claim_report(session, report_id, at=datetime.now(UTC)):
            return False
    try:
        with database.reading() as session:
            wanted = reports.get_report(session, report_id)
            document = read_document(
                session, run_id=wanted.run_id, area=wanted.area, language=wanted.language, draft=wanted.draft
            )
        built = render(document)
        with database.writing() as session:
            reports.finish_report(
                session,
                report_id,
                pdf=built.pdf,
                pages=built.pages,
                sha256=built.sha256,
                missing_characters=built.missing_characters,
                at=datetime.now(UTC),
            )
    except Exception as error:
        reason = str(error) if isinstance(error, SurveyError) else type(error).__name__
        with database.writing() as session:
            reports.fail_report(session, report_id, error=reason, at=datetime.now(UTC))
        logger.exception("report %s failed", report_id)
        if not isinstance(error, SurveyError):
            raise
    return True


def render(document: ReportDocument) -> BuiltReport:
    """The PDF of a composed report. Raises :class:`~survey.messages.Failure` when the machine lacks what it takes."""
    html, missing = replace_missing(render_html(document))
    pdf = render_pdf(html)
    return BuiltReport(
        pdf=pdf.content,
        pages=pdf.pages,
        sha256=hashlib.sha256(pdf.content).hexdigest(),
        missing_characters=missing,
    )


def read_document(
    session: Session, *, run_id: int, area: str | None, language: str, draft: bool = False
) -> ReportDocument:
    """What the report of one area, or of the whole, says: all of it from the store.

    ``draft``: it was wanted before the wave was published and says so, even if the wave is published by now.
    """
    run = estimates.get_run(session, run_id)
    wave = waves.get_wave(session, run.wave_id)
    frame = areas.get_frame(session, wave.frame_id)
    return compose_report(
        wave=WaveFacts(
            wave_id=wave.id,
            name=wave.name,
            state=WaveState.CLOSED if draft and wave.state is WaveState.PUBLISHED else wave.state,
            details=wave.details,
            responses=run.responses,
            mode_counts=run.mode_counts,
            imported_at=tuple(r.at for r in imports.list_imports(session, wave.id) if r.at <= run.at),
            dispositions=disposition_counts.read_counts(session, wave.id),
            weights=fieldwork_counts.read_weights(session, wave.id),
            taken_back=read_taken_back(session, wave.id),
        ),
        questionnaire=from_document(instruments.get_instrument(session, wave.instrument_id).document),
        area=next((found for found in frame.areas if found.code == area), None),
        areas=frame.areas,
        estimates=_estimates(session, run.id, area),
        run=run,
        language=language,
        comparison=read_comparison(session, run.id, area),
    )


def _estimates(session: Session, run_id: int, area: str | None) -> tuple[PublishedEstimate, ...]:
    """What a report prints: the whole shows every area beside it, an area only itself."""
    if area is None:
        return estimates.load_estimates(session, run_id)
    return estimates.load_area_estimates(session, run_id, area)
