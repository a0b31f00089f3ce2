"""``/waves/<id>/outreach``: the plan of a published wave, made and made again; as PDF and as a workbook."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar
from urllib.parse import quote

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.casework.outreach_fields import read_budget
from survey.messages import N_, BadInput, CheckFailed, Conflict, Message, SurveyError
from survey.outreach import KIND_NAMES, STATUS_NAMES, ActionKind, ShownStatus
from survey.pages.access import current_account, needs
from survey.pages.field_errors import at_field, name_fields
from survey.pages.language import current_language, gettext
from survey.pages.officials.outreach_effects import EffectWords, effect_words
from survey.pages.officials.outreach_forms import amount_text
from survey.pages.site import current_site
from survey.pages.whole_waves import require_whole_wave
from survey.reports.outreach_plan import ORIGIN, PlanDocument, compose_plan
from survey.reports.outreach_words import money
from survey.reports.outreach_workbook import plan_workbook
from survey.reports.pdf import render_pdf, replace_missing
from survey.reports.rendering import render_plan_html
from survey.reports.wording import BEIJING
from survey.roles import Permission
from survey.store.waves import WaveRecord
from survey.workflow.plan_outreach import plan_outreach
from survey.workflow.show_outreach import OutreachView, show_outreach

blueprint = Blueprint("outreach", __name__)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
#: A PDF takes some 10 ms for each action: more of them would keep the reader, and the others, waiting for seconds.
MOST_IN_PDF = 150
_Choice = TypeVar("_Choice", bound=StrEnum)


@dataclass(frozen=True, kw_only=True)
class Option:
    """One line of a list to choose from, in the reader's language."""

    value: str
    name: str


@dataclass(frozen=True, kw_only=True)
class MakingLine:
    """One time that the plan was made. ``budget``: in the reader's words."""

    at: datetime
    by: str
    again: bool
    budget: str


@dataclass(frozen=True, kw_only=True)
class Filters:
    """What the address asks for; nonsense filters nothing."""

    kind: ActionKind | None = None
    status: ShownStatus | None = None
    area: str = ""
    department: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """As the parts of an address."""
        told = {"kind": self.kind, "status": self.status, "area": self.area, "department": self.department}
        return {name: str(value) for name, value in told.items() if value}


@dataclass(frozen=True, kw_only=True)
class PlanPage:
    """``plan`` ``None``: there is none yet. ``budget``: what stands in the field of the form."""

    view: OutreachView
    filters: Filters
    plan: PlanDocument | None
    budget: str
    error: SurveyError | None = None
    done: Message | None = None

    @property
    def wave(self) -> WaveRecord:
        return self.view.wave

    @property
    def origin(self) -> tuple[str, ...]:
        return tuple(gettext(sentence) for sentence in ORIGIN)

    @property
    def history(self) -> list[MakingLine]:
        """Each time the plan was made, the newest first."""
        return [
            MakingLine(at=one.at, by=one.by, again=number > 0, budget=_budget_words(one.budget_cny))
            for number, one in reversed(list(enumerate(self.view.makings)))
        ]

    @property
    def kinds(self) -> list[Option]:
        return [Option(value=kind.value, name=gettext(KIND_NAMES[kind])) for kind in ActionKind]

    @property
    def statuses(self) -> list[Option]:
        return [Option(value=status.value, name=gettext(STATUS_NAMES[status])) for status in ShownStatus]

    @property
    def areas(self) -> list[Option]:
        return [Option(value=area.code, name=area.name) for area in self.view.areas]

    @property
    def departments(self) -> list[Option]:
        return [Option(value=name, name=name) for name in self.view.departments]

    @property
    def effect(self) -> EffectWords | None:
        """What the last making changed; ``None`` where the plan was made once."""
        return effect_words(self.view, self.plan)


@blueprint.get("/waves/<id:wave_id>/outreach")
@needs(Permission.SEE_OUTREACH)
def show_list(wave_id: int) -> ResponseReturnValue:
    return _page(wave_id, done=_done())


@blueprint.post("/waves/<id:wave_id>/outreach")
@needs(Permission.PLAN_OUTREACH)
def make(wave_id: int) -> ResponseReturnValue:
    """The plan, or the plan again: whoever makes it again says that they know what is recalculated."""
    require_whole_wave()
    account, form, now = current_account(), request.form, datetime.now(UTC)
    text = form.get("budget", "")
    try:
        budget = read_budget(text)
        with current_site().database.writing() as store:
            view = show_outreach(store, wave_id, role=account.role, scope=account.scope, today=today())
            if view.plan is not None and form.get("confirm") != "yes":
                raise at_field("confirm-renew", Message(N_("请先勾选：没有人动过的行动会被重算。")))
            plan_outreach(store, wave_id, budget=budget, at=now, by=account.name)
    except (BadInput, Conflict, CheckFailed) as error:
        named = name_fields(error, {"budget": N_("预算")})
        return _page(wave_id, budget=text, error=named), 422 if isinstance(error, BadInput) else 409
    return redirect(url_for("outreach.show_list", wave_id=wave_id, made=1), code=303)


@blueprint.get("/waves/<id:wave_id>/outreach.pdf")
@needs(Permission.SEE_OUTREACH)
def pdf(wave_id: int) -> ResponseReturnValue:
    """Drawn now, not by the worker: an action changes any minute, and a plan of the usual size takes half a second."""
    view, plan = _plan_to_take_away(wave_id)
    if len(view.lines) > MOST_IN_PDF:
        message = N_("有 {count} 项行动，PDF 最多 {most} 项：请先按社区或种类筛选，或者下载表格。")
        raise Conflict(Message(message, {"count": len(view.lines), "most": MOST_IN_PDF}))
    html, _ = replace_missing(render_plan_html(plan))
    return _download(render_pdf(html).content, view.wave, "pdf", "application/pdf")


@blueprint.get("/waves/<id:wave_id>/outreach.xlsx")
@needs(Permission.SEE_OUTREACH)
def xlsx(wave_id: int) -> ResponseReturnValue:
    view, plan = _plan_to_take_away(wave_id)
    return _download(plan_workbook(plan), view.wave, "xlsx", XLSX)


def today() -> date:
    """In Shanghai."""
    return datetime.now(BEIJING).date()


def _budget_words(budget: float | None) -> str:
    return gettext(N_("未设")) if budget is None else money(budget, gettext)


def _page(
    wave_id: int, *, budget: str | None = None, error: SurveyError | None = None, done: Message | None = None
) -> str:
    filters = _filters()
    view = _view(wave_id, filters)
    plan = _compose(view, filters)
    if budget is None:
        known = view.plan.budget_cny if view.plan else None
        budget = "" if known is None else amount_text(known)
    page = PlanPage(view=view, filters=filters, plan=plan, budget=budget, error=error, done=done)
    return render_template("officials/outreach.html", page=page)


def _plan_to_take_away(wave_id: int) -> tuple[OutreachView, PlanDocument]:
    filters = _filters()
    view = _view(wave_id, filters)
    plan = _compose(view, filters)
    if plan is None:
        raise Conflict(Message(N_("这一轮还没有计划。")))
    return view, plan


def _view(wave_id: int, filters: Filters) -> OutreachView:
    account = current_account()
    with current_site().database.reading() as store:
        return show_outreach(
            store,
            wave_id,
            role=account.role,
            scope=account.scope,
            today=today(),
            kinds=[filters.kind] if filters.kind else (),
            statuses=[filters.status] if filters.status else (),
            areas=[filters.area] if filters.area else (),
            department=filters.department,
        )


def _compose(view: OutreachView, filters: Filters) -> PlanDocument | None:
    if view.facts is None:
        return None
    return compose_plan(view.facts, view.lines, language=current_language(), filters=_filter_words(view, filters))


def _filter_words(view: OutreachView, filters: Filters) -> Sequence[str]:
    words = [gettext(KIND_NAMES[filters.kind])] if filters.kind else []
    words += [gettext(STATUS_NAMES[filters.status])] if filters.status else []
    words += [area.name for area in view.areas if area.code == filters.area]
    return [*words, filters.department] if filters.department else words


def _filters() -> Filters:
    told = request.args
    return Filters(
        kind=_choice(ActionKind, told.get("kind", "")),
        status=_choice(ShownStatus, told.get("status", "")),
        area=told.get("area", "")[:40],
        department=told.get("department", "")[:200],
    )


def _choice(kind: type[_Choice], told: str) -> _Choice | None:
    return next((choice for choice in kind if choice.value == told), None)


def _done() -> Message | None:
    return Message(N_("计划已经按发布的估计算好。")) if "made" in request.args else None


def _download(data: bytes, wave: WaveRecord, ending: str, mimetype: str) -> Response:
    response = Response(data, mimetype=mimetype)
    name = f"{wave.name} {gettext(N_('宣传与整改计划'))}.{ending}"
    # What a path or a header could trip over becomes a blank.
    name = "".join(c if c.isprintable() and c not in '\\/:*?"<>|' else " " for c in name)
    plain = f"wave-{wave.id}-outreach.{ending}"
    response.headers["Content-Disposition"] = f"attachment; filename={plain}; filename*=UTF-8''{quote(name, safe='')}"
    return response
