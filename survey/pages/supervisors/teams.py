"""``/waves/<id>/teams``: teams and dates by lot; who is recused and why; the record, to save before closing."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, SurveyError
from survey.pages.access import current_account, needs
from survey.pages.site import current_site
from survey.pages.whole_waves import require_whole_wave
from survey.roles import Permission
from survey.sampling.team_rules import PER_MEMBER
from survey.workflow.draw_teams import Period, make_teams
from survey.workflow.show_teams import TeamsView, export_teams, show_teams
from survey.workflow.show_wave import find_wave_at_work

blueprint = Blueprint("teams", __name__)

SHANGHAI = ZoneInfo("Asia/Shanghai")
_FORM = ("size", "per_day", "first", "last", "without", "reason")


@dataclass(frozen=True, kw_only=True)
class TeamsPage:
    """``sent``: what the form held that came back, else what it begins with."""

    view: TeamsView
    error: SurveyError | None
    sent: dict[str, str]
    drawn: bool


@blueprint.get("/waves/<id:wave_id>/teams")
@needs(Permission.ASSIGN_CASES)
def show(wave_id: int) -> ResponseReturnValue:
    return _page(wave_id)


@blueprint.post("/waves/<id:wave_id>/teams")
@needs(Permission.ASSIGN_CASES)
def draw(wave_id: int) -> ResponseReturnValue:
    site, account, form = current_site(), current_account(), request.form
    require_whole_wave()
    try:
        if form.get("confirm") != "yes":
            raise BadInput(Message(N_("请先勾选确认，再按按钮。")))
        with site.database.writing() as store:
            find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
            make_teams(
                store,
                wave_id,
                **_sent_rules(),
                reason=form.get("reason", ""),
                at=datetime.now(UTC),
                by=account.name,
            )
    except (BadInput, Conflict, CheckFailed) as error:
        return _page(wave_id, error=error), 422 if isinstance(error, BadInput) else 409
    return redirect(url_for("teams.show", wave_id=wave_id, drawn=1), code=303)


@blueprint.get("/waves/<id:wave_id>/teams/record")
@needs(Permission.ASSIGN_CASES)
def fetch(wave_id: int) -> ResponseReturnValue:
    """The record as it is kept, byte for byte: the database forgets it when the wave is closed."""
    account = current_account()
    with current_site().database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        try:
            kept = export_teams(store, wave, scope=account.scope)
        except Conflict as error:
            return _page(wave_id, error=error), 409
    response = Response(kept.document, mimetype="application/json")
    response.headers.set("Content-Disposition", "attachment", filename=f"teams-{kept.draw_id}-{kept.number}.json")
    return response


def _page(wave_id: int, *, error: SurveyError | None = None) -> str:
    account = current_account()
    with current_site().database.reading() as store:
        wave = find_wave_at_work(store, wave_id, role=account.role, scope=account.scope)
        view = show_teams(store, wave, scope=account.scope)
    sent = {name: request.form.get(name, "") for name in _FORM} if request.form else _begin_with(view)
    page = TeamsPage(view=view, error=error, sent=sent, drawn="drawn" in request.args)
    return render_template("supervisors/teams.html", page=page)


def _begin_with(view: TeamsView) -> dict[str, str]:
    """What the form proposes: as last time, else pairs on the days of the wave that are left."""
    record, details = view.record, view.wave.details
    today = datetime.now(SHANGHAI).date()
    first = max(details.start, today) if details.start else None
    last = details.end if first and details.end and details.end >= first else None
    if record is not None and record.days:
        first, last = record.days[0], record.days[-1]
    return {
        "size": str(record.size if record else 2),
        "per_day": str(record.per_day if record else 2 * PER_MEMBER),
        "first": first.isoformat() if first else "",
        "last": last.isoformat() if last else "",
        "without": "",
        "reason": "",
    }


def _sent_rules() -> dict[str, Any]:
    """Sizes and days; none where the form did not ask for them, as the design says them."""
    form = request.form
    if not any(name in form for name in ("size", "per_day", "first", "last", "without")):
        return {}
    return {
        "size": _number(form.get("size", ""), Message(N_("每队人数"))),
        "per_day": _number(form.get("per_day", ""), Message(N_("每队每天去几户"))),
        "period": _period(),
    }


def _period() -> Period:
    form = request.form
    first, last = (_date(form.get(name, "")) for name in ("first", "last"))
    words = form.get("without", "").replace("，", " ").replace("、", " ").replace(",", " ").split()
    without = [found for word in words if (found := _date(word))]
    if first is None or last is None:
        raise BadInput(Message(N_("请填写开始日和结束日。")))
    return Period(first=first, last=last, without=without)


def _date(text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise BadInput(Message(N_("得到的日期是“{got}”，应像 2026-05-04。"), {"got": text.strip()[:30]})) from None


def _number(text: str, what: Message) -> int:
    if text.strip().isascii() and text.strip().isdecimal() and len(text.strip()) < 6:
        return int(text)
    raise BadInput(Message(N_("{what}得到“{got}”，应为整数。"), {"what": what, "got": text.strip()[:20]}))
