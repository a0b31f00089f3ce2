"""``/fixes``: what departments are asked to mend; ``/fixes/<id>``: one of them, and how far the department is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.casework.outreach_completion import COMPLETION_FIELDS, COMPLETION_NAMES
from survey.messages import N_, BadInput, Conflict, Message, NotThere, SurveyError
from survey.outreach import LONGEST_TEXT, PRIVACY_HINT, STATUS_NAMES, ActionKind, ActionStatus, ShownStatus
from survey.pages.access import current_account, needs
from survey.pages.field_errors import name_fields
from survey.pages.language import current_language, gettext
from survey.pages.site import current_site
from survey.reports.outreach_rows import PlanRow, plan_row
from survey.reports.wording import BEIJING
from survey.roles import Permission
from survey.store.outreach_actions import OutreachAction
from survey.store.waves import WaveRecord
from survey.workflow.report_fix import report_fix
from survey.workflow.show_outreach import ActionView, show_action, show_plans

blueprint = Blueprint("fixes", __name__)

FIELDS = ("status", "result", "spent")
#: What the fields are called where one of them cannot be read.
FIELD_NAMES: Mapping[str, str] = {
    "status": N_("状态"),
    "result": N_("结果"),
    "spent": N_("已支出（元）"),
    **COMPLETION_NAMES,
}
STATUSES = (ActionStatus.NOT_STARTED, ActionStatus.IN_PROGRESS, ActionStatus.DONE)


@dataclass(frozen=True, kw_only=True)
class WaveFixes:
    wave: WaveRecord
    rows: tuple[PlanRow, ...]


@dataclass(frozen=True, kw_only=True)
class FixesPage:
    """``departments``: what can be chosen; ``chosen``: what the list is narrowed to, "" = all."""

    plans: tuple[WaveFixes, ...]
    departments: tuple[str, ...]
    chosen: str


@dataclass(frozen=True, kw_only=True)
class FixPage:
    """``texts``: what the fields hold. ``stored``: what somebody else saved meanwhile, by field."""

    view: ActionView
    row: PlanRow
    texts: Mapping[str, str]
    today: date
    stored: Mapping[str, str] = field(default_factory=dict)
    error: SurveyError | None = None
    saved: bool = False
    longest_text: int = LONGEST_TEXT
    privacy_hint: Message = Message(PRIVACY_HINT)  # noqa: RUF009 - frozen

    @property
    def stands(self) -> bool:
        return self.view.action.status is not ActionStatus.CANCELLED

    @property
    def statuses(self) -> tuple[tuple[str, str], ...]:
        return tuple((status.value, gettext(STATUS_NAMES[ShownStatus(status.value)])) for status in STATUSES)

    def name(self, field_name: str) -> str:
        return gettext(FIELD_NAMES[field_name])


@blueprint.get("/fixes")
@needs(Permission.DO_FIXES)
def show_list() -> ResponseReturnValue:
    chosen = request.args.get("department", "")[:200]
    with current_site().database.reading() as store:
        plans = show_plans(store, scope=current_account().scope, today=_today(), kinds=[ActionKind.FIX])
    departments = sorted({line.department for plan in plans for line in plan.lines if line.department})
    shown = [
        WaveFixes(
            wave=plan.wave,
            rows=tuple(
                plan_row(line, language=current_language())
                for line in plan.lines
                if not chosen or line.department == chosen
            ),
        )
        for plan in plans
    ]
    page = FixesPage(plans=tuple(plan for plan in shown if plan.rows), departments=tuple(departments), chosen=chosen)
    return render_template("departments/fixes.html", page=page)


@blueprint.get("/fixes/<id:action_id>")
@needs(Permission.DO_FIXES)
def show(action_id: int) -> ResponseReturnValue:
    view = _view(action_id)
    return _render(view, texts=_texts(view.action), saved="saved" in request.args)


@blueprint.post("/fixes/<id:action_id>")
@needs(Permission.DO_FIXES)
def report(action_id: int) -> ResponseReturnValue:
    account, form = current_account(), request.form
    view = _view(action_id)
    texts = {name: _clean(form.get(name, "")) for name in (*FIELDS, *COMPLETION_FIELDS)}
    try:
        with current_site().database.writing() as store:
            report_fix(
                store,
                action_id,
                texts,
                revision=_revision(form.get("revision", "")),
                scope=account.scope,
                at=datetime.now(UTC),
                by=account.name,
            )
    except BadInput as error:
        return _render(view, texts=texts, error=name_fields(error, FIELD_NAMES)), 422
    except Conflict as error:
        stored = {name: text for name, text in _texts(view.action).items() if text != texts[name]}
        return _render(view, texts=texts, stored=stored, error=error), 409
    return redirect(url_for("fixes.show", action_id=action_id, saved=1), code=303)


def _view(action_id: int) -> ActionView:
    with current_site().database.reading() as store:
        view = show_action(store, action_id, scope=current_account().scope, today=_today())
    if view.action.kind is not ActionKind.FIX:
        raise NotThere(Message(N_("没有编号为 {id} 的整改事项"), {"id": action_id}))
    return view


def _render(
    view: ActionView,
    *,
    texts: Mapping[str, str],
    stored: Mapping[str, str] | None = None,
    error: SurveyError | None = None,
    saved: bool = False,
) -> str:
    page = FixPage(
        view=view,
        row=plan_row(view.line, language=current_language()),
        texts=texts,
        today=_today(),
        stored=stored or {},
        error=error,
        saved=saved,
    )
    return render_template("departments/fix.html", page=page)


def _texts(action: OutreachAction) -> dict[str, str]:
    spent = "" if action.spent_cny is None else f"{action.spent_cny:.2f}".removesuffix(".00")
    return {"status": action.status.value, "result": action.result, "spent": spent}


def _clean(text: str) -> str:
    """Browsers end lines in their own way."""
    return text.replace("\r\n", "\n").strip()


def _revision(text: str) -> int:
    """The state the form was opened with; nonsense is none there ever was."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _today() -> date:
    """In Shanghai."""
    return datetime.now(BEIJING).date()
