"""Show reports: which PDFs of a wave are wanted, being built or done, and the finished file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from survey.areas import Area
from survey.messages import N_, Message, NotThere
from survey.roles import SEES_UNPUBLISHED, Role, Scope
from survey.store import areas, estimates, reports
from survey.store.reports import ReportRecord, ReportState
from survey.store.waves import WaveRecord
from survey.waves import WaveState


@dataclass(frozen=True, kw_only=True)
class ReportLine:
    """``area`` ``None``: the whole. ``outdated``: another run stands, or it is a draft of what is published by now."""

    report: ReportRecord
    area: Area | None
    outdated: bool


@dataclass(frozen=True, kw_only=True)
class ReportsView:
    """``choices`` are the areas a report can be asked for, by code; ``estimated`` false: none can yet.

    ``sees_whole`` false: the reader is limited to areas and gets no report of the whole. ``alike``: areas with all the
    communities of the whole: their reports are about the same people.
    """

    lines: tuple[ReportLine, ...]
    choices: tuple[Area, ...]
    estimated: bool
    sees_whole: bool
    alike: tuple[Area, ...] = ()

    @property
    def wanted(self) -> int:
        """How many reports of the newest run were asked for."""
        return sum(not line.outdated for line in self.lines)

    @property
    def settled(self) -> int:
        """How many of them are done or failed."""
        return sum(
            not line.outdated and line.report.state in (ReportState.DONE, ReportState.FAILED) for line in self.lines
        )

    @property
    def waiting(self) -> bool:
        return self.settled < self.wanted


@dataclass(frozen=True, kw_only=True)
class ReportFile:
    """A finished PDF; ``area`` ``None``: the whole."""

    report: ReportRecord
    area: Area | None
    pdf: bytes


def show_reports(session: Session, wave: WaveRecord, *, role: Role, scope: Scope) -> ReportsView:
    """The reports of the wave that ``role`` may see within ``scope``.

    The newest run first, in it the whole and then areas by code.
    """
    frame = _frame(session, wave)
    parents = {area.code: area.parent for area in frame.values()}
    run = estimates.standing_run(session, wave.id)
    codes = estimates.list_estimated_areas(session, run.id) if run else ()
    sees_whole = scope.sees_area(None, parents)
    return ReportsView(
        lines=tuple(
            ReportLine(
                report=report,
                area=frame.get(report.area) if report.area else None,
                outdated=run is None or report.run_id != run.id or _is_superseded(report, wave),
            )
            for report in reports.list_reports(session, wave.id)
            if may_read(report, role) and scope.sees_area(report.area, parents)
        ),
        choices=tuple(frame[code] for code in codes if code in frame and scope.sees_area(code, parents)),
        estimated=run is not None,
        sees_whole=sees_whole,
        alike=_with_all(codes, frame) if sees_whole else (),
    )


def _with_all(codes: Sequence[str], frame: dict[str, Area]) -> tuple[Area, ...]:
    """The areas among ``codes`` that hold all the finest of them, from the top."""
    parents = {frame[code].parent for code in codes if code in frame}
    holding = [set(_upwards(code, frame)) for code in codes if code not in parents]
    shared = set.intersection(*holding) if holding else set()
    return tuple(frame[code] for code in codes if code in shared and code in frame)


def _upwards(code: str, frame: dict[str, Area]) -> Iterator[str]:
    at: str | None = code
    while at is not None:
        yield at
        at = frame[at].parent if at in frame else None


def may_read(report: ReportRecord, role: Role) -> bool:
    """Drafts are for those who see a wave before it is published, and stay so."""
    return not report.draft or role in SEES_UNPUBLISHED


def _is_superseded(report: ReportRecord, wave: WaveRecord) -> bool:
    return report.draft and wave.state is WaveState.PUBLISHED


def find_report(session: Session, report_id: int, *, role: Role) -> ReportRecord:
    """The report, in whatever state. Raises :class:`NotThere`, also where ``role`` may not read it."""
    try:
        report = reports.get_report(session, report_id)
    except NotThere:
        raise _not_there(report_id) from None
    if not may_read(report, role):
        raise _not_there(report_id)
    return report


def open_report(session: Session, report: ReportRecord, wave: WaveRecord, *, scope: Scope) -> ReportFile:
    """The finished PDF. Raises :class:`NotThere` while there is none, and for an area out of reach."""
    frame = _frame(session, wave)
    within_reach = scope.sees_area(report.area, {area.code: area.parent for area in frame.values()})
    pdf = reports.load_pdf(session, report.id) if within_reach else None
    if pdf is None:
        raise _not_there(report.id)
    return ReportFile(report=report, area=frame.get(report.area) if report.area else None, pdf=pdf)


def _frame(session: Session, wave: WaveRecord) -> dict[str, Area]:
    return {area.code: area for area in areas.get_frame(session, wave.frame_id).areas}


def _not_there(report_id: int) -> NotThere:
    return NotThere(Message(N_("没有编号为 {id} 的报告，或者它还没有生成。"), {"id": report_id}))
