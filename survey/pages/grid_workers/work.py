"""``/work``: the actions of the plans within reach that grid workers carry out; ``/work/<id>``: one of them, and the
form for work done. Fixes are the departments', interviews the canvassers'.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from uuid import UUID, uuid4

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey.messages import N_, BadInput, Conflict, Message, NotAllowed, SurveyError
from survey.outreach import DOOR_TO_DOOR, ActionStatus, ShownStatus, by_grid_workers
from survey.pages.access import current_account, needs
from survey.pages.field_errors import name_fields
from survey.pages.language import current_language, gettext
from survey.pages.site import current_site
from survey.reports.outreach_rows import PlanRow, plan_row
from survey.reports.outreach_words import quantity
from survey.reports.wording import BEIJING, count
from survey.roles import Permission
from survey.store.outreach_work import Work
from survey.store.waves import WaveRecord
from survey.workflow.record_outreach_work import record_outreach_work, void_outreach_work
from survey.workflow.show_outreach import ActionView, WavePlan, show_action, show_plans
from survey.workflow.show_unrecorded_visits import UnrecordedVisits, show_unrecorded_visits

blueprint = Blueprint("work", __name__)

FIELDS = ("grid", "day", "people", "quantity", "sure")
#: What the fields are called where one of them cannot be read.
FIELD_NAMES: Mapping[str, str] = {
    "grid": N_("网格"),
    "day": N_("日期"),
    "people": N_("参加人数"),
    "quantity": N_("数量"),
}
_OVER = frozenset({ShownStatus.DONE, ShownStatus.CANCELLED})
_SAVED = {"work": N_("已记下。"), "voided": N_("已作废：这一条不再计入。")}


@dataclass(frozen=True, kw_only=True)
class WaveWork:
    """``open``: what is still to be done; ``over``: done or cancelled."""

    wave: WaveRecord
    open: tuple[PlanRow, ...]
    over: tuple[PlanRow, ...]


@dataclass(frozen=True, kw_only=True)
class WorkListPage:
    plans: tuple[WaveWork, ...]


@dataclass(frozen=True, kw_only=True)
class WorkPage:
    """``unrecorded``: homes ticked in the ledger that no outing tells of; they are offered as the next record.

    ``sent``: what the fields hold; ``work_id``: of the next record, so that sending it twice counts once."""

    view: ActionView
    row: PlanRow
    today: date
    work_id: UUID
    sent: Mapping[str, str] = field(default_factory=dict)
    error: SurveyError | None = None
    saved: Message | None = None
    unrecorded: UnrecordedVisits | None = None

    @property
    def stands(self) -> bool:
        return self.view.action.status is not ActionStatus.CANCELLED

    @property
    def ours(self) -> bool:
        return by_grid_workers(self.view.action.kind, self.view.action.type_code)

    @property
    def at_doors(self) -> bool:
        return self.view.action.type_code in DOOR_TO_DOOR

    @property
    def unit(self) -> str:
        return self.row.line.unit.in_language(current_language())

    def words(self, work: Work) -> str:
        """How much of what was done, and by how many."""
        done = quantity(work.quantity, self.unit, gettext)
        return gettext(N_("{quantity}，参加{people}人"), quantity=done, people=count(work.people))

    def quantity(self, work: Work) -> str:
        return quantity(work.quantity, self.unit, gettext)

    def place(self, grid: str) -> str:
        return self.view.place_name(grid) if grid else gettext(N_("整个社区"))

    def may_void(self, work: Work) -> bool:
        return not work.voided and work.by == current_account().name


@blueprint.get("/work")
@needs(Permission.DO_OUTREACH)
def show_list() -> ResponseReturnValue:
    with current_site().database.reading() as store:
        plans = show_plans(store, scope=current_account().scope, today=_today())
    page = WorkListPage(plans=tuple(work for work in map(_wave_work, plans) if work.open or work.over))
    return render_template("grid_workers/work_list.html", page=page)


@blueprint.get("/work/<id:action_id>")
@needs(Permission.DO_OUTREACH)
def show(action_id: int) -> ResponseReturnValue:
    told = next((words for name, words in _SAVED.items() if name in request.args), None)
    return _page(action_id, saved=Message(told) if told else None)


@blueprint.post("/work/<id:action_id>")
@needs(Permission.DO_OUTREACH)
def record(action_id: int) -> ResponseReturnValue:
    account, form = current_account(), request.form
    texts = {name: form.get(name, "") for name in FIELDS}
    try:
        with current_site().database.writing() as store:
            record_outreach_work(
                store,
                action_id,
                texts,
                work_id=_uuid(form.get("work", "")),
                scope=account.scope,
                today=_today(),
                at=datetime.now(UTC),
                by=account.name,
            )
    except (BadInput, Conflict) as error:
        return _page(action_id, sent=texts, error=name_fields(error, FIELD_NAMES)), 422 if isinstance(
            error, BadInput
        ) else 409
    return redirect(url_for("work.show", action_id=action_id, work=1), code=303)


@blueprint.post("/work/<id:action_id>/<uuid:work_id>/void")
@needs(Permission.DO_OUTREACH)
def void(action_id: int, work_id: UUID) -> ResponseReturnValue:
    account = current_account()
    try:
        with current_site().database.writing() as store:
            void_outreach_work(store, action_id, work_id, scope=account.scope, by=account.name)
    except (Conflict, NotAllowed) as error:
        return _page(action_id, error=error), 409 if isinstance(error, Conflict) else 403
    return redirect(url_for("work.show", action_id=action_id, voided=1), code=303)


def _page(
    action_id: int,
    *,
    sent: Mapping[str, str] | None = None,
    error: SurveyError | None = None,
    saved: Message | None = None,
) -> str:
    today = _today()
    with current_site().database.reading() as store:
        view = show_action(store, action_id, scope=current_account().scope, today=today)
        unrecorded = show_unrecorded_visits(store, action_id, by=current_account().name)
    page = WorkPage(
        unrecorded=unrecorded,
        view=view,
        row=plan_row(view.line, language=current_language()),
        today=today,
        work_id=_sent_id(sent) or uuid4(),
        sent=sent or {},
        error=error,
        saved=saved,
    )
    return render_template("grid_workers/work.html", page=page)


def _sent_id(sent: Mapping[str, str] | None) -> UUID | None:
    """A form that came back keeps its number: what was refused was not stored under it."""
    try:
        return UUID(request.form.get("work", "")) if sent else None
    except ValueError:
        return None


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise BadInput(Message(N_("表单不完整：请返回上一页，刷新后再提交一次。"))) from None


def _wave_work(plan: WavePlan) -> WaveWork:
    lines = [line for line in plan.lines if line.quantity and by_grid_workers(line.kind, line.type_code)]
    rows = [plan_row(line, language=current_language()) for line in lines]
    return WaveWork(
        wave=plan.wave,
        open=tuple(row for row in rows if row.line.status not in _OVER),
        over=tuple(row for row in rows if row.line.status in _OVER),
    )


def _today() -> date:
    """In Shanghai."""
    return datetime.now(BEIJING).date()
