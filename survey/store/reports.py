"""Reports that are wanted, being built, done or failed; the PDF itself lies in a table of its own.

Wanted work is a row here, not a message in a queue: a worker that is killed loses nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, ForeignKey, LargeBinary, UniqueConstraint, and_, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from survey.messages import N_, Message, NotThere
from survey.store.tables import Base, Choice, one_of

#: A report in building for longer has lost its worker.
GIVEN_UP_AFTER = timedelta(minutes=10)
#: So often a report may take its worker with it; then the others get their turn.
MOST_ATTEMPTS = 3
NEVER_FINISHED = N_("生成三次都没有完成，已不再尝试。请查看 worker 的日志和内存，再重新申请这份报告")


class ReportState(StrEnum):
    WANTED = "wanted"
    BUILDING = "building"
    DONE = "done"
    FAILED = "failed"


class ReportRow(Base):
    __tablename__ = "reports"
    __table_args__ = (one_of("state", ReportState), UniqueConstraint("run_id", "area", "language", "draft"))

    id: Mapped[int] = mapped_column(primary_key=True)
    wave_id: Mapped[int] = mapped_column(ForeignKey("waves.id"), index=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("estimate_runs.id"))
    area: Mapped[str]  # "" is the whole: NULL would escape the unique constraint
    language: Mapped[str]
    draft: Mapped[bool]
    state: Mapped[ReportState] = mapped_column(Choice(ReportState))
    error: Mapped[str | None]
    pages: Mapped[int | None]
    sha256: Mapped[str | None]
    size: Mapped[int | None]
    missing_characters: Mapped[str]
    wanted_at: Mapped[datetime]
    wanted_by: Mapped[str]
    attempts: Mapped[int]  # claims since somebody last asked for it
    claimed_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class ReportFileRow(Base):
    __tablename__ = "report_files"

    report_id: Mapped[int] = mapped_column(ForeignKey("reports.id"), primary_key=True)
    pdf: Mapped[bytes] = mapped_column(LargeBinary)


@dataclass(frozen=True, kw_only=True)
class ReportRecord:
    id: int
    wave_id: int
    run_id: int
    area: str | None  # area code; None = the whole
    language: str
    draft: bool  # wanted before the wave was published: 草稿 on its face
    state: ReportState
    error: str | None
    pages: int | None
    sha256: str | None
    size: int | None  # bytes
    missing_characters: str
    wanted_at: datetime
    finished_at: datetime | None


def want_reports(
    session: Session,
    *,
    wave_id: int,
    run_id: int,
    areas: Sequence[str | None],
    language: str,
    draft: bool,
    at: datetime,
    by: str,
) -> list[int]:
    """The ids of the reports, in the order of ``areas``.

    One report per run, area, language and edition (draft or not): what is wanted, being built or done stays as it
    is, what failed is wanted again.
    """
    query = select(ReportRow).where(
        ReportRow.run_id == run_id, ReportRow.language == language, ReportRow.draft == draft
    )
    rows = {row.area: row for row in session.scalars(query)}
    for area in areas:
        row = rows.get(area or "")
        if row is None:
            rows[area or ""] = row = ReportRow(
                wave_id=wave_id,
                run_id=run_id,
                area=area or "",
                language=language,
                draft=draft,
                state=ReportState.WANTED,
                missing_characters="",
                wanted_at=at,
                wanted_by=by,
                attempts=0,
            )
            session.add(row)
            session.flush()  # one by one: ids follow the order of the areas
        elif row.state is ReportState.FAILED:
            row.state, row.error, row.finished_at = ReportState.WANTED, None, None
            row.wanted_at, row.wanted_by, row.attempts = at, by, 0
    session.flush()
    return [rows[area or ""].id for area in areas]


def claim_report(session: Session, report_id: int, *, at: datetime) -> bool:
    """Take it to build: true for the one caller who got it.

    One taken :data:`MOST_ATTEMPTS` times that neither finished nor failed ended its workers each time: it fails now.
    """
    fetch = {"synchronize_session": "fetch"}
    change = update(ReportRow).where(ReportRow.id == report_id, _to_build(at))
    failed = {"state": ReportState.FAILED, "error": NEVER_FINISHED, "finished_at": at}
    session.execute(change.where(ReportRow.attempts >= MOST_ATTEMPTS).values(failed), execution_options=fetch)
    taken = {"state": ReportState.BUILDING, "claimed_at": at, "attempts": ReportRow.attempts + 1}
    result = session.execute(change.values(taken).returning(ReportRow.id), execution_options=fetch)
    return result.first() is not None


def finish_report(
    session: Session,
    report_id: int,
    *,
    pdf: bytes,
    pages: int,
    sha256: str,
    missing_characters: str,
    at: datetime,
) -> None:
    """Keep the PDF. A report that is done already keeps its first one. Raises :class:`NotThere`."""
    row = _row(session, report_id)
    if row.state is ReportState.DONE:
        return
    session.add(ReportFileRow(report_id=report_id, pdf=pdf))
    row.state, row.error, row.finished_at = ReportState.DONE, None, at
    row.pages, row.sha256, row.size, row.missing_characters = pages, sha256, len(pdf), missing_characters
    session.flush()


def fail_report(session: Session, report_id: int, *, error: str, at: datetime) -> None:
    """Record why it could not be built; one that is done stays done. Raises :class:`NotThere`."""
    row = _row(session, report_id)
    if row.state is not ReportState.DONE:
        row.state, row.error, row.finished_at = ReportState.FAILED, error, at
        session.flush()


def unfinished_reports(session: Session, *, now: datetime) -> list[int]:
    """The ids a worker may claim, the longest wanted first."""
    query = select(ReportRow.id).where(_to_build(now)).order_by(ReportRow.wanted_at, ReportRow.id)
    return list(session.scalars(query))


def waiting_reports(session: Session) -> tuple[int, datetime | None]:
    """How many are wanted or being built, and since when the longest waits."""
    row = session.execute(
        select(func.count(), func.min(ReportRow.wanted_at)).where(
            ReportRow.state.in_((ReportState.WANTED, ReportState.BUILDING))
        )
    ).one()
    return row[0], row[1]


def failed_reports(session: Session, *, most: int) -> tuple[ReportRecord, ...]:
    """Those that could not be built and were not wanted again since, the newest first."""
    query = select(ReportRow).where(ReportRow.state == ReportState.FAILED)
    return tuple(
        _record(row) for row in session.scalars(query.order_by(ReportRow.finished_at.desc(), ReportRow.id).limit(most))
    )


def release_building(session: Session) -> None:
    """For the start of the only worker: what an earlier one left half built is wanted again."""
    change = update(ReportRow).where(ReportRow.state == ReportState.BUILDING)
    session.execute(change.values(state=ReportState.WANTED, claimed_at=None))


def list_reports(session: Session, wave_id: int) -> list[ReportRecord]:
    """The newest run first; within it the whole, then areas by code."""
    query = (
        select(ReportRow)
        .where(ReportRow.wave_id == wave_id)
        .order_by(ReportRow.run_id.desc(), ReportRow.draft, ReportRow.area, ReportRow.language)
    )
    return [_record(row) for row in session.scalars(query)]


def get_report(session: Session, report_id: int) -> ReportRecord:
    """Raises :class:`NotThere`."""
    return _record(_row(session, report_id))


def load_pdf(session: Session, report_id: int) -> bytes | None:
    """The file, once the report is done."""
    return session.scalar(select(ReportFileRow.pdf).where(ReportFileRow.report_id == report_id))


def _to_build(now: datetime) -> ColumnElement[bool]:
    abandoned = and_(ReportRow.state == ReportState.BUILDING, ReportRow.claimed_at < now - GIVEN_UP_AFTER)
    return or_(ReportRow.state == ReportState.WANTED, abandoned)


def _row(session: Session, report_id: int) -> ReportRow:
    row = session.get(ReportRow, report_id, populate_existing=True)
    if row is None:
        raise NotThere(Message(N_("没有编号为 {id} 的报告"), {"id": report_id}))
    return row


def _record(row: ReportRow) -> ReportRecord:
    values = {field.name: getattr(row, field.name) for field in fields(ReportRecord)}
    return ReportRecord(**{**values, "area": row.area or None})
