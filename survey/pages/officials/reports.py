"""``/waves/<id>/reports``: ask for PDFs and see how far they are; ``/reports/<id>.pdf``: fetch one."""

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.casework.worker_life import WorkerLife, read_worker_life
from survey.language_files import known_languages
from survey.messages import N_, Message
from survey.pages.access import current_account, needs
from survey.pages.site import current_site
from survey.reports.wording import BEIJING
from survey.roles import Permission
from survey.store.reports import ReportState
from survey.store.waves import WaveRecord
from survey.workflow.show_reports import ReportFile, ReportsView, find_report, open_report, show_reports
from survey.workflow.show_wave import find_wave
from survey.workflow.want_reports import EVERYTHING, WHOLE, want_reports

blueprint = Blueprint("reports", __name__)

STATE_NAMES = {
    ReportState.WANTED: N_("等待生成"),
    ReportState.BUILDING: N_("正在生成"),
    ReportState.DONE: N_("已生成"),
    ReportState.FAILED: N_("没有生成"),
}
STATE_COLOURS = {
    ReportState.WANTED: "grey",
    ReportState.BUILDING: "blue",
    ReportState.DONE: "green",
    ReportState.FAILED: "red",
}


@dataclass(frozen=True, kw_only=True)
class ReportsPage:
    """``done``: what came of the last request."""

    wave: WaveRecord
    view: ReportsView
    worker: WorkerLife
    done: tuple[Message, ...] = ()
    everything: str = EVERYTHING
    whole: str = WHOLE

    def state_name(self, state: ReportState) -> Message:
        return Message(STATE_NAMES[state])

    def state_colour(self, state: ReportState) -> str:
        return STATE_COLOURS[state]


@blueprint.get("/waves/<id:wave_id>/reports")
@needs(Permission.SEE_PUBLISHED)
def show(wave_id: int) -> ResponseReturnValue:
    with current_site().database.reading() as store:
        account = current_account()
        wave = find_wave(store, wave_id, role=account.role, scope=account.scope)
        view = show_reports(store, wave, role=account.role, scope=account.scope)
        worker = read_worker_life(store, at=datetime.now(UTC))
    return render_template(
        "officials/reports.html", page=ReportsPage(wave=wave, view=view, worker=worker, done=_done(view))
    )


@blueprint.post("/waves/<id:wave_id>/reports")
@needs(Permission.WANT_REPORTS)
def want(wave_id: int) -> ResponseReturnValue:
    site, account = current_site(), current_account()
    with site.database.writing() as store:
        wave = find_wave(store, wave_id, role=account.role, scope=account.scope)
        ids = want_reports(
            store,
            wave,
            choice=request.form.get("choice", ""),
            language=request.form.get("report_language", ""),
            scope=account.scope,
            at=datetime.now(UTC),
            by=account.name,
        )
        view = show_reports(store, wave, role=account.role, scope=account.scope)
    for report_id in ids:
        site.enqueue(report_id)
    everything = len(view.choices) + view.sees_whole
    there = (everything if request.form.get("choice") == EVERYTHING else 1) - len(ids)
    address = url_for(
        "reports.show", wave_id=wave_id, begun=len(ids), there=there, made_in=request.form.get("report_language", "")
    )
    return redirect(address, code=303)


def _done(view: ReportsView) -> tuple[Message, ...]:
    """What is being made now, and what had been made before, by the address that the request led to."""
    begun, there = (request.args.get(name, default=0, type=int) for name in ("begun", "there"))
    said = [Message(N_("开始生成 {count} 份报告。"), {"count": begun})] if begun > 0 else []
    days = [
        line.report.finished_at
        for line in view.lines
        if not line.outdated and line.report.language == request.args.get("made_in") and line.report.finished_at
    ]
    if there > 0 and begun <= 0 and days:
        made = max(days).astimezone(BEIJING).date().isoformat()
        text = N_("没有新的报告要生成：要的 {count} 份已经有了，最近一份是 {day} 生成的。可以在下面下载。")
        said.append(Message(text, {"count": there, "day": made}))
    elif there > 0:
        said.append(Message(N_("已经有了或正在生成、不重做的报告：{count} 份。"), {"count": there}))
    return tuple(said)


@blueprint.get("/reports/<id:report_id>.pdf")
@needs(Permission.SEE_PUBLISHED)
def download(report_id: int) -> ResponseReturnValue:
    with current_site().database.reading() as store:
        account = current_account()
        report = find_report(store, report_id, role=account.role)
        wave = find_wave(store, report.wave_id, role=account.role, scope=account.scope)
        file = open_report(store, report, wave, scope=account.scope)
    response = Response(file.pdf, mimetype="application/pdf")
    response.headers["Content-Disposition"] = content_disposition(wave, file)
    response.set_etag(report.sha256 or "")
    return response.make_conditional(request)


def content_disposition(wave: WaveRecord, file: ReportFile) -> str:
    """Under which name browsers keep the file: plain for the old ones, in the words of the wave for the others."""
    area = file.area.name if file.area else ("whole" if file.report.language == "en" else "全部地区")
    name = f"{wave.name} {area} {known_languages()[file.report.language].name}.pdf"
    # What a path or a header could trip over becomes a blank.
    name = "".join(c if c.isprintable() and c not in '\\/:*?"<>|' else " " for c in name)
    plain = f"wave-{wave.id}-{file.report.area or 'whole'}-{file.report.language}.pdf"
    return f"attachment; filename={plain}; filename*=UTF-8''{quote(name, safe='')}"
